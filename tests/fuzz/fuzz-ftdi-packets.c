/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-adapter.h"
#include "lks-ftdi.h"

#define PACKET_BYTES 64

/* Whatever a transfer brings: every byte is either status or in exactly one run, in order. */
static void
strip (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GByteArray) expected = g_byte_array_new ();
  gsize pos = 0;
  gsize found = 0;
  LksFtdiRun run;

  for (gsize start = 0; start < size; start += PACKET_BYTES)
    for (gsize i = start + LKS_FTDI_STATUS_BYTES; i < MIN (start + PACKET_BYTES, size); i++)
      g_byte_array_append (expected, data + i, 1);

  while (lks_ftdi_next_run (copy, size, PACKET_BYTES, &pos, &run))
    {
      g_assert_cmpuint (pos, <=, size);
      g_assert_cmpuint (found + run.size_bytes, <=, expected->len);
      g_assert_cmpmem (run.data, run.size_bytes, expected->data + found, run.size_bytes);
      found += run.size_bytes;
    }
  g_assert_cmpuint (found, ==, expected->len);
}

static void
parse_string (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = lks_usb_strings_parse (data, size, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (text, error);
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  strip (data, size);
  parse_string (data, size);
  return 0;
}
