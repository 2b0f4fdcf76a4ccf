/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-peripheral.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksManifest) value = lks_manifest_parse (bytes, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  if (value != NULL)
    g_ptr_array_unref (lks_manifest_find_clashes (value, value));
  return 0;
}
