/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-legacy EMULATOR: the Legacy interface of the emulated service, held against the Integrated
 * one over the same catalogs: everything above the seam must find the same through both. */
#include "legacy-world.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-device.h"
#include "lks-cloud-legacy.h"
#include "lks-cloud-product.h"

#include <string.h>

/* ---- reading ---- */

static void
test_lists (void)
{
  g_auto (LegacyWorld) w = { 0 };

  legacy_world_open (&w, "");
  legacy_assert_same (&w, NULL, NULL, legacy_list_products, 2);
  legacy_assert_same (&w, NULL, NULL, legacy_list_groups, 10);
  legacy_assert_same (&w, NULL, NULL, legacy_list_named_groups, 2);
  legacy_assert_same (&w, "pump", NULL, legacy_list_groups, 5);
  legacy_assert_same (&w, NULL, NULL, legacy_list_devices, 60);
  legacy_assert_same (&w, "Fan", "Field Test", legacy_list_devices, 6);
  legacy_assert_same (&w, NULL, NULL, legacy_list_insights, 2);
  legacy_assert_same (&w, NULL, NULL, legacy_list_certificates, 1);
  legacy_assert_same (&w, NULL, NULL, legacy_list_images, 0);
  g_assert_cmpstr (w.tenant->catalog, ==, "plant7");
  g_assert_nonnull (w.tenant->tenant);
}

/* The names are asked for once, however many devices are listed, and no page twice. */
static void
test_questions (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (GPtrArray) rows = NULL;

  legacy_world_open (&w, "");
  rows = legacy_list_rows (w.legacy, w.tenant, legacy_list_devices);
  g_assert_cmpuint (rows->len, ==, 60);
  g_assert_cmpuint (legacy_count_asked (&w, "/devices"), ==, 9);
  g_assert_cmpuint (legacy_count_asked (&w, "/devicegroups"), ==, 2);
  g_assert_cmpuint (legacy_count_asked (&w, "/products"), ==, 1);
}

static void
test_single (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) wrong = NULL;
  g_autoptr (LksCloudScope) nowhere = NULL;
  g_autoptr (LksCloudResource) device = NULL;
  g_autoptr (LksCloudResource) tenant = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  place = legacy_find_one (&w, "Pump", "Production");
  device = lks_cloud_resource_get (w.legacy, &lks_cloud_device_kind, place, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (device->scope->group, ==, "Production");
  g_assert_cmpstr (((LksCloudDevice *) device)->chip, ==, "MT3620AN");

  /* One that is in another group is not there, whoever asks. */
  wrong = lks_cloud_scope_copy (place);
  g_free (wrong->group);
  wrong->group = g_strdup ("Development");
  g_assert_null (lks_cloud_resource_get (w.legacy, &lks_cloud_device_kind, wrong, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
  g_clear_error (&error);

  nowhere = lks_cloud_scope_dup_product (w.tenant, "Nothing");
  g_assert_null (lks_cloud_resource_get (w.legacy, &lks_cloud_product_kind, nowhere, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND);
  g_clear_error (&error);

  tenant = lks_cloud_resource_get (w.legacy, &lks_cloud_catalog_kind, w.tenant, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudCatalog *) tenant)->tenant_id, ==, w.tenant->tenant);

  g_assert_cmpint (legacy_count (&w, NULL, NULL), ==, 60);
  g_assert_cmpint (legacy_count (&w, "Pump", NULL), ==, 30);
  g_assert_cmpint (legacy_count (&w, "Pump", "Production"), ==, 6);
}

/* Where the service has no legacy_count, the list is counted. */
static void
test_count_without (void)
{
  g_auto (LegacyWorld) w = { 0 };

  legacy_world_open (&w, "");
  legacy_add_fault (
      &w, "{\"kind\":\"status\",\"path\":\"/count\",\"status\":404,\"code\":\"NotFound\"}");
  g_assert_cmpint (legacy_count (&w, NULL, NULL), ==, 60);
  g_assert_cmpint (legacy_count (&w, "Pump", NULL), ==, 30);
}

static void
test_certificates (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) active = NULL;
  g_autoptr (LksCloudScope) there = NULL;
  g_autoptr (GBytes) one = NULL;
  g_autoptr (GBytes) other = NULL;
  g_autoptr (GBytes) chain = NULL;
  g_autoptr (GBytes) proof = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  active = lks_cloud_scope_dup_leaf (w.tenant, "certificates", ".default");
  there = lks_cloud_scope_dup_leaf (w.catalog, "certificates", ".default");
  one = lks_cloud_certificate_download (w.legacy, active, NULL, &error);
  g_assert_no_error (error);
  other = lks_cloud_certificate_download (w.integrated, there, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (one, other));
  chain = lks_cloud_certificate_fetch_chain (w.legacy, active, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (chain), >, g_bytes_get_size (one));
  proof = lks_cloud_certificate_prove (w.legacy, active, "nonce", NULL, &error);
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

/* ---- what goes wrong ---- */

/* What passes is waited out. */
static void
test_passing_faults (void)
{
  static const char *const faults[] = {
    "{\"kind\":\"throttle\",\"times\":1,\"seconds\":1,\"path\":\"/v2/\"}",
    "{\"kind\":\"expired-token\",\"times\":1,\"path\":\"/v2/\"}",
    "{\"kind\":\"status\",\"times\":1,\"status\":503,\"path\":\"/v2/\"}",
    "{\"kind\":\"proxy-page\",\"times\":1,\"path\":\"/v2/\"}",
    "{\"kind\":\"cut\",\"times\":1,\"path\":\"/v2/\"}",
  };
  g_auto (LegacyWorld) w = { 0 };

  legacy_world_open (&w, "");
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i]);
      legacy_add_fault (&w, faults[i]);
      legacy_assert_same (&w, "Pump", NULL, legacy_list_groups, 5);
    }
}

static void
fail_to_create (LegacyWorld *w,
                const char *name,
                const char *fault,
                LksCloudError code,
                const char *text)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_product (w->tenant, name);
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", fault);
  legacy_add_fault (w, fault);
  g_assert_null (lks_cloud_product_create (w->legacy, scope, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_final_faults (void)
{
  g_auto (LegacyWorld) w = { 0 };

  legacy_world_open (&w, "");
  fail_to_create (&w, "Mixer 1",
                  "{\"kind\":\"operation-fails\",\"times\":1,\"method\":\"POST\","
                  "\"code\":\"TenantInMigration\",\"message\":\"wait\"}",
                  LKS_CLOUD_ERROR_FAILED, "TenantInMigration");
  fail_to_create (&w, "Mixer 2",
                  "{\"kind\":\"operation-canceled\",\"times\":1,\"method\":\"POST\"}",
                  LKS_CLOUD_ERROR_FAILED, "failed");
  fail_to_create (&w, "Mixer 2b", "{\"kind\":\"operation-echoes\",\"times\":1,\"method\":\"POST\"}",
                  LKS_CLOUD_ERROR_FAILED, "withheld");
  fail_to_create (&w, "Mixer 3", "{\"kind\":\"operation-lost\",\"times\":1,\"method\":\"POST\"}",
                  LKS_CLOUD_ERROR_STILL_RUNNING, "does not know");
  fail_to_create (&w, "Mixer 4",
                  "{\"kind\":\"status\",\"times\":1,\"status\":403,\"method\":\"POST\","
                  "\"code\":\"Forbidden\",\"message\":\"not yours\"}",
                  LKS_CLOUD_ERROR_FORBIDDEN, "not yours");
}

/* An operation that does not end is left alone after a while. */
static void
test_stuck (void)
{
  LksCloudPolicy policy = impatient;
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudClient) client = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, "");
  policy.wait_max_ms = 50;
  client = legacy_sign_in (&w, w.legacy_place, w.legacy_place, &policy);
  scope = lks_cloud_scope_dup_product (w.tenant, "Mixer");
  legacy_add_fault (&w, "{\"kind\":\"operation-stuck\",\"times\":1,\"method\":\"POST\"}");
  g_assert_null (lks_cloud_product_create (client, scope, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING);
  g_assert_cmpuint (legacy_count_asked (&w, "/operations/"), >, 0);
}

/* A role that reads may do no more; an account of the one interface is nobody for the other. */
static void
test_rights (void)
{
  g_auto (LegacyWorld) w = { 0 };
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (LksCloudClient) client = NULL;
  g_autoptr (GError) error = NULL;

  legacy_world_open (&w, ",\"role\":\"reader\"");
  legacy_assert_same (&w, NULL, NULL, legacy_list_products, 2);
  scope = lks_cloud_scope_dup_product (w.tenant, "Mixer");
  g_assert_null (lks_cloud_product_create (w.legacy, scope, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN);
  g_clear_error (&error);

  /* Places of the other interface are refused before anything is sent. */
  g_assert_null (
      lks_cloud_resource_get (w.legacy, &lks_cloud_catalog_kind, w.catalog, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (
      lks_cloud_resource_get (w.integrated, &lks_cloud_catalog_kind, w.tenant, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  /* A sign-in for the one is none for the other. */
  client = legacy_sign_in (&w, w.integrated_place, w.legacy_place, &impatient);
  g_assert_null (lks_cloud_resource_get (client, &lks_cloud_catalog_kind, w.tenant, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_SIGN_IN);
}

/* ---- its end ---- */

#define LAST_DAY 1822046400 /* 2027-09-27T12:00:00Z */
#define DAY (24 * 60 * 60)

static void
test_end (void)
{
  g_autofree char *before = lks_cloud_legacy_dup_notice (LAST_DAY - 10 * DAY);
  g_autofree char *last = lks_cloud_legacy_dup_notice (LAST_DAY);
  g_autofree char *after = lks_cloud_legacy_dup_notice (LAST_DAY + DAY);
  g_autoptr (GError) error =
      g_error_new (LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNREACHABLE, "no such host");
  g_autoptr (GError) other = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  g_assert_cmpint (lks_cloud_legacy_get_days_left (LAST_DAY), ==, 1);
  g_assert_cmpint (lks_cloud_legacy_get_days_left (LAST_DAY + DAY), <=, 0);
  g_assert_nonnull (strstr (before, "ends the Legacy service after 2027-09-27, in 11 days."));
  g_assert_nonnull (strstr (last, "in 1 day."));
  g_assert_nonnull (strstr (after, "ended the Legacy service"));

  lks_cloud_legacy_explain (&error, LAST_DAY);
  g_assert_cmpstr (error->message, ==, "no such host");
  lks_cloud_legacy_explain (&error, LAST_DAY + DAY);
  g_assert_true (g_str_has_prefix (error->message, "the vendor ended the Legacy service"));
  g_assert_true (g_str_has_suffix (error->message, "no such host"));
  lks_cloud_legacy_explain (&other, LAST_DAY + DAY);
  g_assert_cmpstr (other->message, ==, "cancelled");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  legacy_emulator = argv[1];

  g_test_add_func ("/cloud/legacy/lists", test_lists);
  g_test_add_func ("/cloud/legacy/questions", test_questions);
  g_test_add_func ("/cloud/legacy/single", test_single);
  g_test_add_func ("/cloud/legacy/count-without", test_count_without);
  g_test_add_func ("/cloud/legacy/certificates", test_certificates);
  g_test_add_func ("/cloud/legacy/passing-faults", test_passing_faults);
  g_test_add_func ("/cloud/legacy/final-faults", test_final_faults);
  g_test_add_func ("/cloud/legacy/stuck", test_stuck);
  g_test_add_func ("/cloud/legacy/rights", test_rights);
  g_test_add_func ("/cloud/legacy/end", test_end);

  return g_test_run ();
}
