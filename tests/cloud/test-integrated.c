/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-integrated EMULATOR: operations of the Integrated interface that few commands use, through
 * the seam, at the emulated service. */
#include "legacy-world.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-image.h"
#include "lks-cloud-subscription.h"
#include "lks-cloud-tags.h"

#include <string.h>

#define OPERATIONS_PATH                                                                            \
  "/providers/Microsoft.AzureSphere/operations?api-version=" LKS_CLOUD_API_VERSION
#define SECOND "cccccccc-2222-4333-8444-555555555555"
#define IMAGE "dddddddd-2222-4333-8444-555555555555"

/* ---- what the provider can do ---- */

static gboolean
take_operation (LksJson *page, JsonObject *item, gpointer user_data, GError **error)
{
  char *name = NULL;

  if (!lks_json_read_string (page, item, "name", &name, error))
    return FALSE;
  g_ptr_array_add (user_data, name);
  return TRUE;
}

static void
test_operations (void)
{
  g_auto (LegacyWorld) w = { 0 };
  const LksCloudCall call = { .method = "GET", .path = OPERATIONS_PATH };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  g_assert_true (
      lks_cloud_client_list (w.integrated, &call, 0, take_operation, names, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_ptr_array_find_with_equal_func (names, "Microsoft.AzureSphere/catalogs/write",
                                                   g_str_equal, NULL));
}

/* ---- catalogs ---- */

static gboolean
take_title (LksCloudResource *resource, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, g_strdup (resource->kind == &lks_cloud_subscription_kind
                                            ? ((LksCloudSubscription *) resource)->id
                                            : ((LksCloudResourceGroup *) resource)->title));
  return TRUE;
}

/* Where a new catalog can be, is told; it is made there, changed and deleted. */
static void
test_catalog (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) tags = lks_cloud_tags_parse ("line=7\n\n note = by hand \n", NULL);
  g_autoptr (GHashTable) none = lks_cloud_tags_new ();
  g_autoptr (LksCloudResource) made = NULL;
  g_autoptr (LksCloudResource) changed = NULL;
  g_autoptr (LksCloudResource) emptied = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, ",\"moreSubscriptions\":[\"" SECOND "\"]");
  lks_cloud_subscription_list (w.integrated, take_title, ids, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (ids, 1), ==, SECOND);
  lks_cloud_resource_group_list (w.integrated, SECOND, take_title, groups, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (groups->len, ==, 1);

  scope = lks_cloud_scope_new (SECOND, g_ptr_array_index (groups, 0), "depot");
  made = lks_cloud_catalog_create (w.integrated, scope, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (made->scope->subscription, ==, SECOND);
  changed = lks_cloud_catalog_update (w.integrated, scope, tags, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudCatalog *) changed)->tag_list[0], ==, "line=7");
  g_assert_cmpstr (((LksCloudCatalog *) changed)->tag_list[1], ==, "note=by hand");
  emptied = lks_cloud_catalog_update (w.integrated, scope, none, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (((LksCloudCatalog *) emptied)->tags), ==, 0);

  g_assert_true (lks_cloud_resource_delete (w.integrated, scope, NULL, &error));
  g_assert_null (
      lks_cloud_resource_get (w.integrated, &lks_cloud_catalog_kind, scope, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* The Legacy interface has neither, and says so before anything is sent. */
static void
test_tenant_is_not_changed (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (GHashTable) none = lks_cloud_tags_new ();
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  g_assert_null (lks_cloud_catalog_update (w.legacy, w.tenant, none, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

/* ---- images and deployments ---- */

/* For callers that do not know the image's ID: it is an operation, and then the image is there. */
static void
upload (LegacyWorld *w)
{
  g_autoptr (GBytes) image = legacy_make_image (w, IMAGE);
  gsize size_bytes;
  const guchar *data = g_bytes_get_data (image, &size_bytes);
  g_autofree char *base64 = g_base64_encode (data, size_bytes);
  g_autofree char *body = g_strdup_printf ("{\"properties\":{\"image\":\"%s\"}}", base64);
  const LksCloudCall call = { .method = "POST",
                              .scope = w->catalog,
                              .below = "uploadImage",
                              .body = body,
                              .body_bytes = strlen (body) };
  g_autoptr (LksCloudScope) place = lks_cloud_scope_dup_leaf (w->catalog, "images", IMAGE);
  g_autoptr (LksCloudResource) stored = NULL;
  g_auto (LksCloudAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_cloud_client_change (w->integrated, &call, NULL, &answer, NULL, &error));
  g_assert_no_error (error);
  stored = lks_cloud_resource_get (w->integrated, &lks_cloud_image_kind, place, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudImage *) stored)->image_id, ==, IMAGE);
}

static void
test_deployment (void)
{
  g_auto (LegacyWorld) w = { 0 };
  static const char *const images[] = { IMAGE, NULL };
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudResource) deployed = NULL;
  g_autoptr (LksCloudResource) left = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  upload (&w);
  group = lks_cloud_scope_dup_group (w.catalog, "Pump", "Production");
  deployed = lks_cloud_deployment_create (w.integrated, group, images, NULL, &error);
  g_assert_no_error (error);
  place = lks_cloud_scope_dup_leaf (group, "deployments",
                                    ((LksCloudDeployment *) deployed)->deployment_id);
  g_assert_true (lks_cloud_resource_delete (w.integrated, place, NULL, &error));
  g_assert_no_error (error);
  lks_cloud_deployment_get_current (w.integrated, group, &left, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (left);
  g_assert_true (lks_cloud_resource_delete (w.integrated, place, NULL, &error)); /* it is gone */
}

/* ---- devices ---- */

static void
test_device (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autofree char *id = g_strnfill (128, 'e');
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudResource) claimed = NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (GError) error = NULL;
  gint64 before;
  gint64 after;

  legacy_world_open (&w, "");
  group = lks_cloud_scope_dup_group (w.catalog, "Pump", "Production");
  place = lks_cloud_scope_dup_leaf (group, "devices", id);
  claimed = lks_cloud_resource_change (w.integrated, &lks_cloud_device_kind, "PUT", place, body,
                                       NULL, &error);
  g_assert_no_error (error);
  lks_cloud_resource_count_devices (w.integrated, group, &before, NULL, &error);
  g_assert_true (lks_cloud_resource_delete (w.integrated, place, NULL, &error));
  lks_cloud_resource_count_devices (w.integrated, group, &after, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after, ==, before - 1);
  g_assert_null (
      lks_cloud_resource_get (w.integrated, &lks_cloud_device_kind, place, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
}

/* ---- tags ---- */

static void
test_tags (void)
{
  static const char *const wrong[] = { "line", "=7", "a/b=1", "a?=1", "a\tb=1", "a=1\nA=2" };
  g_autofree char *long_name = g_strnfill (513, 'n');
  g_autofree char *long_tag = g_strconcat (long_name, "=1", NULL);
  g_autoptr (GHashTable) many = lks_cloud_tags_new ();
  g_autoptr (GHashTable) tags = lks_cloud_tags_parse ("b=2\nA = 1 \n\n", NULL);
  g_autoptr (GHashTable) same = lks_cloud_tags_parse ("a=1\nB=2", NULL);
  g_auto (GStrv) list = lks_cloud_tags_to_list (tags);

  g_assert_cmpuint (g_strv_length (list), ==, 2);
  g_assert_cmpstr (list[0], ==, "A=1");
  g_assert_true (lks_cloud_tags_equal (tags, same));
  g_assert_true (lks_cloud_tags_remove (same, "b"));
  g_assert_false (lks_cloud_tags_equal (tags, same));
  g_assert_true (lks_cloud_tag_is_plain ("a", "b=c"));
  g_assert_false (lks_cloud_tag_is_plain ("a=b", "c"));
  g_assert_false (lks_cloud_tag_is_plain ("a", "b\nc"));

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", wrong[i]);
      g_assert_null (lks_cloud_tags_parse (wrong[i], &error));
      g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
    }
  g_assert_false (lks_cloud_tags_set (many, long_tag, NULL));
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *tag = g_strdup_printf ("tag %u=1", i);

      g_assert_true (lks_cloud_tags_set (many, tag, NULL));
    }
  g_assert_true (lks_cloud_tags_set (many, "tag 7=2", NULL));
  g_assert_false (lks_cloud_tags_set (many, "one more=1", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  legacy_emulator = argv[1];

  g_test_add_func ("/cloud/integrated/operations", test_operations);
  g_test_add_func ("/cloud/integrated/catalog", test_catalog);
  g_test_add_func ("/cloud/integrated/tenant-is-not-changed", test_tenant_is_not_changed);
  g_test_add_func ("/cloud/integrated/deployment", test_deployment);
  g_test_add_func ("/cloud/integrated/device", test_device);
  g_test_add_func ("/cloud/integrated/tags", test_tags);
  return g_test_run ();
}
