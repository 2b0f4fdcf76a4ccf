/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "emu-ip.h"
#include "emu-stack.h"

#include <unistd.h>

/* What a board's stack sends is always from the board to its host. */
static gboolean
output_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  g_assert_true (emu_ip_is_packet (packet, size_bytes));
  g_assert_cmphex (emu_ip_get_address (packet, EMU_IP_SOURCE_AT), ==, EMU_STACK_BOARD_ADDRESS);
  g_assert_cmphex (emu_ip_get_address (packet, EMU_IP_DESTINATION_AT), ==, EMU_STACK_HOST_ADDRESS);
  return TRUE;
}

static gboolean
accepted_cb (EmuTcp *tcp, guint16 port, int fd, gpointer user_data)
{
  return FALSE;
}

static void
ended_cb (EmuTcp *tcp, gpointer user_data)
{
}

/* A two-byte length stands before every packet. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const EmuInterfaceFuncs funcs = { .output = output_cb,
                                           .accepted = accepted_cb,
                                           .ended = ended_cb };
  g_autoptr (EmuStack) stack = emu_stack_new (NULL);
  EmuInterface *interface = emu_interface_new (stack, 1500, &funcs, NULL);

  g_assert_true (emu_interface_open_port (interface, 443));
  while (size >= 2)
    {
      gsize n = MIN ((gsize) (data[0] | data[1] << 8), size - 2);

      emu_interface_input (interface, data + 2, n);
      data += 2 + n;
      size -= 2 + n;
    }
  emu_interface_free (interface);
  return 0;
}
