/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "device-fixture.h"

#include "lks-device-images.h"

static Fixture world; /* lives as long as the program */

/* A board answers with any bytes at all, then closes the connection: libcurl, TLS and the typed
 * client above them are the real ones. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (LksComponents) components = NULL;
  g_autoptr (GError) error = NULL;

  if (world.device == NULL)
    fixture_set_up (&world, NULL);
  lks_device_disconnect (world.device);

  board_server_expect_raw (world.server, "GET /images", (const char *) data, size, AFTER_CLOSE);
  components = lks_device_get_images (world.device, NULL, &error);

  FUZZ_ASSERT_VALUE_OR_ERROR (components, error);
  if (error != NULL)
    g_assert_true (error->domain == LKS_DEVICE_ERROR);
  return 0;
}
