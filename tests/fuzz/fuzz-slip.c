/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-slip.h"

#include <string.h>

typedef struct
{
  const guint8 *packet;
  gsize size;
  guint found;
} Expected;

static void
ignore_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  g_assert_cmpuint (size_bytes, >, 0);
  g_assert_cmpuint (size_bytes, <=, LKS_SLIP_PACKET_MAX);
}

static void
compare_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  Expected *expected = user_data;

  g_assert_cmpmem (packet, size_bytes, expected->packet, expected->size);
  expected->found++;
}

/* Any bytes may come from a line; and whatever was encoded after them comes back whole. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize packet_size = MIN (size, LKS_SLIP_PACKET_MAX);
  g_autofree guint8 *encoded = g_malloc (LKS_SLIP_ENCODED_MAX (packet_size));
  Expected expected = { data, packet_size, 0 };
  LksSlipDecoder decoder;

  lks_slip_decoder_init (&decoder);
  lks_slip_decoder_feed (&decoder, data, size, ignore_cb, NULL);
  lks_slip_decoder_feed (&decoder, (const guint8 *) "\xC0", 1, ignore_cb, NULL);

  lks_slip_decoder_feed (&decoder, encoded, lks_slip_encode (data, packet_size, encoded),
                         compare_cb, &expected);
  g_assert_cmpuint (expected.found, ==, packet_size > 0 ? 1 : 0);
  return 0;
}
