/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-network-test.h"

/* Whoever is asked in place of a known page may answer anything. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gboolean is_page = lks_network_is_page ((const char *) data, size);

  g_assert_true (!is_page || g_str_has_prefix ((const char *) data, "HTTP/1."));
  return 0;
}
