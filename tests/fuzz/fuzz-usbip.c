/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "emu-ft4232h.h"
#include "emu-usbip.h"

#include <string.h>

/* The host's messages after an import, and what a chip does with them. */
typedef struct
{
  EmuFt4232h *chip;
  GHashTable *urbs; /* (element-type seqnum EmuUrb) */
} Host;

static void
done_cb (EmuUrb *urb, gpointer user_data)
{
  Host *host = user_data;

  g_assert_cmpuint (urb->actual_bytes, <=, urb->size_bytes);
  g_assert_cmpint (urb->status, <=, 0);
  g_hash_table_remove (host->urbs, GUINT_TO_POINTER (urb->seqnum));
}

static void
withdraw (Host *host, guint32 seqnum)
{
  EmuUrb *urb = g_hash_table_lookup (host->urbs, GUINT_TO_POINTER (seqnum));

  if (urb == NULL)
    return;

  g_hash_table_remove (host->urbs, GUINT_TO_POINTER (seqnum));
  emu_ft4232h_withdraw (host->chip, urb);
  emu_urb_free (urb);
}

static void
submit (Host *host, const EmuUsbipCommand *command)
{
  EmuUrb *urb;

  if (g_hash_table_contains (host->urbs, GUINT_TO_POINTER (command->seqnum)))
    return;

  urb = emu_urb_new (command->seqnum, command->endpoint, command->is_in,
                     command->is_in ? NULL : command->data, command->size_bytes);
  memcpy (urb->setup, command->setup, sizeof urb->setup);
  urb->done = done_cb;
  urb->user_data = host;
  g_hash_table_insert (host->urbs, GUINT_TO_POINTER (urb->seqnum), urb);
  emu_ft4232h_submit (host->chip, urb);
}

/* The other end of the service UART talks and listens. */
static void
turn_wire (Host *host)
{
  EmuFtdiPort *port = emu_ft4232h_get_port (host->chip, EMU_FT4232H_PORT_SERVICE);
  guint8 bytes[700];
  gsize n = emu_ftdi_port_take_tx (port, bytes, sizeof bytes);

  memset (bytes + n, 0xc0, sizeof bytes - n);
  if (emu_ftdi_port_get_rx_room (port) > 0)
    g_assert_cmpuint (emu_ftdi_port_give_rx (port, bytes, sizeof bytes), <=, sizeof bytes);
}

static void
ready_cb (gpointer user_data)
{
}

static void
run_commands (Host *host, const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  EmuUsbipCommand command;
  gsize used;

  while (emu_usbip_parse_command (data, size, &command, &used, &error) && used > 0)
    {
      g_assert_cmpuint (used, <=, size);
      if (command.is_unlink)
        withdraw (host, command.victim);
      else
        submit (host, &command);
      turn_wire (host);
      data += used;
      size -= used;
    }
}

static void
read_request (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  EmuUsbipRequest request;
  gsize used = 0;
  gboolean known = emu_usbip_parse_request (data, size, &request, &used, &error);

  g_assert_true (known == (error == NULL));
  g_assert_cmpuint (used, <=, size);
  if (known && used > 0 && request.is_import)
    g_assert_cmpuint (strlen (request.busid), <=, EMU_USBIP_BUSID_BYTES);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const EmuFtdiPortFuncs funcs = { .tx_ready = ready_cb };
  g_autoptr (EmuClock) clock = emu_clock_new (NULL, NULL);
  g_autoptr (EmuFt4232h) chip = emu_ft4232h_new (clock, "AS000001");
  Host host = { .chip = chip, .urbs = g_hash_table_new (NULL, NULL) };
  g_autoptr (GList) left = NULL;

  emu_ftdi_port_wire (emu_ft4232h_get_port (chip, EMU_FT4232H_PORT_SERVICE), &funcs, NULL);
  read_request (data, size);
  run_commands (&host, data, size);

  left = g_hash_table_get_keys (host.urbs);
  for (GList *l = left; l != NULL; l = l->next)
    withdraw (&host, GPOINTER_TO_UINT (l->data));
  g_assert_cmpuint (g_hash_table_size (host.urbs), ==, 0);
  g_hash_table_unref (host.urbs);
  return 0;
}
