/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-json.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) value = lks_json_parse ("fuzz", data, size, 1 << 20, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  return 0;
}
