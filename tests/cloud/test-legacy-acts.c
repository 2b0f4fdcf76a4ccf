/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-legacy-acts EMULATOR: what can be changed through the Legacy interface. */
#include "legacy-world.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-claim.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-product.h"

#include <glib/gstdio.h>
#include <string.h>

#define COMPONENT "3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a"
#define IMAGE "b1a29384-7566-4758-894a-3b2c1d0e0f1a"

/* ---- products and groups ---- */

static void
test_products (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (LksCloudScope) group_scope = NULL;
  g_autoptr (LksCloudResource) product = NULL;
  g_autoptr (LksCloudResource) again = NULL;
  g_autoptr (LksCloudResource) group = NULL;
  g_autoptr (LksCloudResource) changed = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  const LksCloudGroupSettings made = { .description = "By hand",
                                       .os_feed = "RetailEval",
                                       .crash_dumps = "Enabled" };
  const LksCloudGroupSettings later = { .update_policy = "No3rdPartyAppUpdates",
                                        .os_feed = "Retail" };
  const LksCloudGroupSettings regional = { .region = "EU" };

  legacy_world_open (&w, "");
  scope = lks_cloud_scope_dup_product (w.tenant, "Mixer");
  product = lks_cloud_product_create (w.legacy, scope, "Stirs", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudProduct *) product)->description, ==, "Stirs");
  again = lks_cloud_product_update (w.legacy, scope, "Stirs well", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudProduct *) again)->description, ==, "Stirs well");

  g_assert_true (
      lks_cloud_product_make_groups (w.legacy, scope, legacy_take_row, rows, NULL, &error));
  g_assert_cmpuint (rows->len, ==, 5);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (rows, 0), "plant7/Mixer/"));

  group_scope = lks_cloud_scope_dup_group (w.tenant, "Mixer", "Line 2");
  group = lks_cloud_group_create (w.legacy, group_scope, &made, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudGroup *) group)->os_feed, ==, "RetailEval");
  g_assert_cmpstr (((LksCloudGroup *) group)->crash_dumps, ==, "Enabled");
  changed = lks_cloud_group_update (w.legacy, group_scope, &later, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudGroup *) changed)->os_feed, ==, "Retail");
  g_assert_cmpstr (((LksCloudGroup *) changed)->update_policy, ==, "No3rdPartyAppUpdates");
  g_assert_cmpstr (((LksCloudGroup *) changed)->description, ==, "By hand");
  g_assert_null (lks_cloud_group_update (w.legacy, group_scope, &regional, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  legacy_assert_same (&w, "Mixer", NULL, legacy_list_groups, 6);

  legacy_add_fault (&w, "{\"kind\":\"cut\",\"method\":\"DELETE\"}"); /* and it is sent again */
  g_assert_true (lks_cloud_resource_delete (w.legacy, group_scope, NULL, &error));
  g_assert_true (lks_cloud_resource_delete (w.legacy, group_scope, NULL, &error));
  g_assert_true (lks_cloud_resource_delete (w.legacy, scope, NULL, &error));
  g_assert_no_error (error);
  legacy_assert_same (&w, NULL, NULL, legacy_list_products, 2);
}

/* ---- images and deployments ---- */

static GBytes *
make_image (LegacyWorld *w)
{
  g_autofree char *path = emulator_process_get_path (&w->process, "image");
  const char *const argv[] = {
    legacy_emulator, "image",    "--component", COMPONENT,     "--image",      IMAGE, "--name",
    "PumpControl",   "--output", path,          "--state-dir", w->process.dir, NULL
  };
  g_autoptr (GError) error = NULL;
  int status = 0;
  char *bytes;
  gsize n_bytes;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, &error));
  g_unlink (path);
  return g_bytes_new_take (bytes, n_bytes);
}

static void
test_images (void)
{
  static const char *const ids[] = { IMAGE, NULL };
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (GBytes) package = NULL;
  g_autoptr (GBytes) fetched = NULL;
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudResource) image = NULL;
  g_autoptr (LksCloudResource) again = NULL;
  g_autoptr (LksCloudResource) deployment = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  package = make_image (&w);
  image = lks_cloud_image_upload (w.legacy, w.tenant, package, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudImage *) image)->image_name, ==, "PumpControl");
  g_assert_cmpstr (((LksCloudImage *) image)->image_type, ==, "Applications");
  again = lks_cloud_image_upload (w.legacy, w.tenant, package, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (legacy_count_asked (&w, "\"POST\""), >, 0);
  legacy_assert_same (&w, NULL, NULL, legacy_list_images, 1);
  fetched = lks_cloud_image_download (w.legacy, image->scope, NULL, &error);
  g_assert_no_error (error);

  group = lks_cloud_scope_dup_group (w.tenant, "Pump", "Production");
  legacy_assert_same (&w, "Pump", "Production", legacy_list_deployments, 0);
  deployment = lks_cloud_deployment_create (w.legacy, group, ids, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudDeployment *) deployment)->image_ids[0], ==, IMAGE);
  g_assert_cmpstr (((LksCloudDeployment *) deployment)->image_names[0], ==, "PumpControl");
  legacy_assert_same (&w, "Pump", "Production", legacy_list_deployments, 1);
  legacy_assert_same (&w, NULL, NULL, legacy_list_deployments, 1);
  legacy_assert_same (&w, "Pump", NULL, legacy_list_groups, 5);

  g_assert_false (lks_cloud_resource_delete (w.legacy, image->scope, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

/* ---- devices ---- */

typedef struct
{
  guint n_claimed;
  guint n_failed;
  GError *error; /* (owned) (nullable): the last one */
} Claims;

static gboolean
take_claim (const LksCloudClaimResult *result, gpointer user_data, GError **error)
{
  Claims *claims = user_data;

  if (result->place != NULL)
    {
      claims->n_claimed++;
      g_assert_cmpstr (result->place->group, ==, "Development");
      return TRUE;
    }
  claims->n_failed++;
  g_clear_error (&claims->error);
  claims->error = g_error_copy (result->error);
  return TRUE;
}

static void
claim (LegacyWorld *w, GPtrArray *ids, Claims *out_claims)
{
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (w->tenant, "Pump", "Development");
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  lks_cloud_claim (w->legacy, group, ids, places, take_claim, out_claims, NULL, &error);
  g_assert_no_error (error);
}

static GPtrArray *
make_ids (const char *digits)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (const char *at = digits; *at != '\0'; at++)
    g_ptr_array_add (ids, g_strnfill (128, *at));
  return ids;
}

static void
test_claim (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) other = NULL;
  g_autoptr (GPtrArray) one = make_ids ("1");
  g_autoptr (GPtrArray) many = make_ids ("123");
  g_autoptr (GPtrArray) foreign = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  Claims claims = { 0 };

  legacy_world_open (&w, "");
  claim (&w, one, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 1);
  claim (&w, many, &claims); /* one of them is there already */
  g_assert_cmpuint (claims.n_claimed, ==, 4);
  g_assert_cmpuint (claims.n_failed, ==, 0);
  legacy_assert_same (&w, "Pump", "Development", legacy_list_devices, 9);

  /* Of another tenant's there is no talk of success, also among others. */
  other = lks_cloud_catalog_find (w.legacy, NULL, NULL, "other", NULL, &error);
  g_assert_true (
      lks_cloud_device_list (w.legacy, other, 1, legacy_take_row, foreign, NULL, &error));
  g_ptr_array_add (one, g_strndup (strrchr (g_ptr_array_index (foreign, 0), '/') + 1, 128));
  g_ptr_array_add (one, g_strnfill (128, '5'));
  claim (&w, one, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 6);
  g_assert_cmpuint (claims.n_failed, ==, 1);
  g_assert_error (claims.error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT);
  g_clear_error (&claims.error);
}

/* Half a bulk claim is completed one by one. */
static void
test_half_claim (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (GPtrArray) ids = make_ids ("12345678");
  Claims claims = { 0 };

  legacy_world_open (&w, "");
  legacy_add_fault (&w, "{\"kind\":\"half\",\"times\":1,\"method\":\"PUT\"}");
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 8);
  legacy_assert_same (&w, "Pump", "Development", legacy_list_devices, 14);
}

/* Claimed, but not where it should be: that is said, and repeating it does the rest. */
static void
test_claim_in_two_steps (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (GPtrArray) ids = make_ids ("1");
  Claims claims = { 0 };

  legacy_world_open (&w, "");
  legacy_add_fault (&w, "{\"kind\":\"operation-fails\",\"times\":1,\"path\":\"/devicegroup\","
                        "\"method\":\"PUT\",\"code\":\"Conflict\",\"message\":\"no room\"}");
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_failed, ==, 1);
  g_assert_true (g_str_has_prefix (claims.error->message, "claimed into the tenant, but not put"));
  g_clear_error (&claims.error);
  g_assert_cmpint (legacy_count (&w, NULL, NULL), ==, 61);
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 1);
  g_assert_cmpint (legacy_count (&w, NULL, NULL), ==, 61);
}

static void
test_move (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudScope) none = NULL;
  g_autoptr (LksCloudResource) moved = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  place = legacy_find_one (&w, "Pump", "Production");
  group = lks_cloud_scope_dup_group (w.tenant, "Fan", "Field Test");
  moved = lks_cloud_device_move (w.legacy, place, group, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (moved->scope->product, ==, "Fan");
  g_assert_cmpstr (moved->scope->group, ==, "Field Test");
  legacy_assert_same (&w, "Fan", "Field Test", legacy_list_devices, 7);

  none = lks_cloud_scope_dup_group (w.tenant, NULL, NULL);
  g_assert_null (lks_cloud_device_move (w.legacy, moved->scope, none, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

/* Whether it has no bytes or grants nothing. */
static void
refuse_empty (LegacyWorld *w, const LksCloudScope *place, const char *fault)
{
  g_autoptr (GError) error = NULL;

  legacy_add_fault (w, fault);
  g_assert_null (
      lks_cloud_capability_fetch (w->legacy, place, LKS_CAPABILITY_FIELD_SERVICING, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT);
  g_assert_nonnull (strstr (error->message, "EMPTY"));
}

static void
test_capability (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (LksSecret) none = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  place = legacy_find_one (&w, "Pump", "Production");
  key = lks_cloud_capability_fetch (w.legacy, place, LKS_CAPABILITY_FIELD_SERVICING, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_capability_key_is_for (key, place->leaf));

  refuse_empty (&w, place, "{\"kind\":\"empty-capability\",\"times\":1}");
  refuse_empty (&w, place, "{\"kind\":\"bare-capability\",\"times\":1}");
  legacy_add_fault (&w, "{\"kind\":\"other-capability\",\"times\":1}");
  g_assert_null (
      lks_cloud_capability_fetch (w.legacy, place, LKS_CAPABILITY_APP_DEVELOPMENT, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT);
  g_clear_error (&error);

  /* The file that takes capabilities away, for this device and no other. */
  none = lks_cloud_capability_fetch_empty (w.legacy, place, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (none);
  legacy_add_fault (&w, "{\"kind\":\"other-capability\",\"times\":1}");
  g_assert_null (lks_cloud_capability_fetch_empty (w.legacy, place, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  legacy_emulator = argv[1];

  g_test_add_func ("/cloud/legacy/products", test_products);
  g_test_add_func ("/cloud/legacy/images", test_images);
  g_test_add_func ("/cloud/legacy/claim", test_claim);
  g_test_add_func ("/cloud/legacy/half-claim", test_half_claim);
  g_test_add_func ("/cloud/legacy/claim-in-two-steps", test_claim_in_two_steps);
  g_test_add_func ("/cloud/legacy/move", test_move);
  g_test_add_func ("/cloud/legacy/capability", test_capability);

  return g_test_run ();
}
