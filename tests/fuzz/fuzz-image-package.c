/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-image-inspection.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksImagePackage) value = lks_image_package_parse (bytes, &error);

  g_autoptr (GError) inspect_error = NULL;
  g_autoptr (LksImageInspection) inspection = lks_image_inspect (bytes, &inspect_error);

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  FUZZ_ASSERT_VALUE_OR_ERROR (inspection, inspect_error);
  if (inspection != NULL)
    json_node_unref (lks_image_inspection_to_json (inspection));
  return 0;
}
