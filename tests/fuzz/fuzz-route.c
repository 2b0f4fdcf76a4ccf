/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-device-id.h"
#include "lks-guid.h"
#include "lks-route.h"

/* A route is any file called so in a folder that somebody names; its IDs become names of files. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (LksRoute) route = lks_route_parse ("fuzz", text, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (route, error);
  for (guint i = 0; route != NULL && i < route->devices->len; i++)
    g_assert_true (lks_device_id_is_valid (
        ((const LksRouteDevice *) g_ptr_array_index (route->devices, i))->device_id));
  for (guint i = 0; route != NULL && i < route->images->len; i++)
    g_assert_true (lks_guid_is_valid (
        ((const LksRouteImage *) g_ptr_array_index (route->images, i))->image_id));
  return 0;
}
