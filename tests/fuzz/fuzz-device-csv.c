/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-device-csv.h"
#include "lks-device-id.h"

/* A list of devices is any file that somebody names. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = lks_device_csv_parse ((const char *) data, size, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (rows, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const LksDeviceRow *row = g_ptr_array_index (rows, i);

      g_assert_true (lks_device_id_is_valid (row->device_id));
      g_assert_true (row->group == NULL || row->product != NULL);
    }
  return 0;
}
