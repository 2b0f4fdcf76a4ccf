/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-capability-file.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityFile) value = lks_capability_file_parse (bytes, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  return 0;
}
