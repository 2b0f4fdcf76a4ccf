/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-announcements EMULATOR: work that goes on, in all the ways in which the emulated service
 * announces it. */
#include "legacy-world.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-product.h"

#define IMAGE "dddddddd-2222-4333-8444-555555555555"
#define SLOWLY ",\"createsSlowly\":true,\"capabilitiesSlowly\":true"
#define STATUS_PATH "/operationStatuses/"

/* How the service announces, and how often it must be asked at least. */
typedef struct
{
  const char *path;
  const char *scenario;
  guint n_operations;
  guint seconds_each;
} Way;

/* A claim, a move, an image and a deployment are operations always. */
#define N_ALWAYS 4
#define N_SLOW (N_ALWAYS + 4)

static const Way ways[] = {
  { "/cloud/announcements/recorded", "", N_ALWAYS, 0 },
  { "/cloud/announcements/recorded-slowly", SLOWLY, N_SLOW, 0 },
  { "/cloud/announcements/location", ",\"operations\":\"location\"", N_ALWAYS, 0 },
  { "/cloud/announcements/location-slowly", ",\"operations\":\"location\"" SLOWLY, N_SLOW, 0 },
  { "/cloud/announcements/retry-after-slowly", ",\"operations\":\"retry-after\"" SLOWLY, N_SLOW,
    1 },
};

/* The catalog, the product and the group that everything else happens in. */
static LksCloudScope *
create (LegacyWorld *w)
{
  static const LksCloudGroupSettings settings = { .os_feed = "RetailEval" };
  g_autoptr (LksCloudScope) catalog =
      lks_cloud_scope_new (w->catalog->subscription, w->catalog->resource_group, "depot");
  g_autoptr (LksCloudScope) product = lks_cloud_scope_dup_product (catalog, "Pump");
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (catalog, "Pump", "Line 2");
  g_autoptr (LksCloudResource) made_catalog = NULL;
  g_autoptr (LksCloudResource) made_product = NULL;
  g_autoptr (LksCloudResource) made_group = NULL;
  g_autoptr (GError) error = NULL;

  made_catalog = lks_cloud_catalog_create (w->integrated, catalog, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (((LksCloudCatalog *) made_catalog)->tenant_id);
  made_product = lks_cloud_product_create (w->integrated, product, "new", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudProduct *) made_product)->description, ==, "new");
  made_group = lks_cloud_group_create (w->integrated, group, &settings, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudGroup *) made_group)->os_feed, ==, "RetailEval");
  return g_steal_pointer (&group);
}

/* A device is claimed, moved, and gets a capability. */
static void
handle_device (LegacyWorld *w, const LksCloudScope *group)
{
  g_autofree char *id = g_strnfill (128, 'e');
  g_autoptr (LksCloudScope) nowhere = lks_cloud_scope_dup_group (group, ".default", ".default");
  g_autoptr (LksCloudScope) unassigned = lks_cloud_scope_dup_leaf (nowhere, "devices", id);
  g_autoptr (LksCloudResource) claimed = NULL;
  g_autoptr (LksCloudResource) moved = NULL;
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (GError) error = NULL;

  claimed = lks_cloud_resource_change (w->integrated, &lks_cloud_device_kind, "PUT", unassigned,
                                       body, NULL, &error);
  g_assert_no_error (error);
  moved = lks_cloud_device_move (w->integrated, claimed->scope, group, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (moved->scope->group, ==, "Line 2");
  key = lks_cloud_capability_fetch (w->integrated, moved->scope, LKS_CAPABILITY_FIELD_SERVICING,
                                    NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (key);
}

static void
deploy (LegacyWorld *w, const LksCloudScope *group)
{
  static const char *const images[] = { IMAGE, NULL };
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (group);
  g_autoptr (GBytes) image = legacy_make_image (w, IMAGE);
  g_autoptr (LksCloudResource) stored = NULL;
  g_autoptr (LksCloudResource) deployed = NULL;
  g_autoptr (LksCloudResource) current = NULL;
  g_autoptr (GError) error = NULL;

  stored = lks_cloud_image_upload (w->integrated, catalog, image, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudImage *) stored)->image_id, ==, IMAGE);
  deployed = lks_cloud_deployment_create (w->integrated, group, images, NULL, &error);
  g_assert_no_error (error);
  lks_cloud_deployment_get_current (w->integrated, group, &current, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudDeployment *) current)->deployment_id, ==,
                   ((LksCloudDeployment *) deployed)->deployment_id);
}

static void
test_way (gconstpointer data)
{
  const Way *way = data;
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) group = NULL;
  gint64 begun_us;

  legacy_world_open (&w, way->scenario);
  begun_us = g_get_monotonic_time ();
  group = create (&w);
  handle_device (&w, group);
  deploy (&w, group);
  g_assert_cmpuint (legacy_count_asked (&w, STATUS_PATH), >=, way->n_operations);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=,
                   (gint64) way->n_operations * way->seconds_each * G_USEC_PER_SEC);
}

/* The sign-in is not taken to an address that the service names on another host. */
static void
test_foreign_poll (void)
{
  static const char *const modes[] = { "recorded", "location" };

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_auto (LegacyWorld) w = { 0 };
      g_autofree char *id = g_strnfill (128, 'e');
      g_autofree char *scenario = g_strdup_printf (",\"operations\":\"%s\"", modes[i]);
      g_autoptr (LksCloudScope) group = NULL;
      g_autoptr (LksCloudScope) place = NULL;
      g_autoptr (JsonObject) body = json_object_new ();
      g_autoptr (GError) error = NULL;

      legacy_world_open (&w, scenario);
      legacy_add_fault (&w,
                        "{\"kind\":\"foreign-poll\",\"method\":\"PUT\",\"path\":\"/devices/\"}");
      group = lks_cloud_scope_dup_group (w.catalog, "Pump", "Production");
      place = lks_cloud_scope_dup_leaf (group, "devices", id);
      g_assert_null (lks_cloud_resource_change (w.integrated, &lks_cloud_device_kind, "PUT", place,
                                                body, NULL, &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FOREIGN_HOST);
      g_assert_cmpuint (legacy_count_asked (&w, STATUS_PATH), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  legacy_emulator = argv[1];

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    g_test_add_data_func (ways[i].path, &ways[i], test_way);
  g_test_add_func ("/cloud/announcements/foreign-poll", test_foreign_poll);

  return g_test_run ();
}
