/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-legacy EMULATOR: the Legacy interface of the emulated service, held against the Integrated
 * one over the same catalogs: everything above the seam must find the same through both. */
#include "cloud-fixture.h"
#include "emulator-process.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-claim.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-insight.h"
#include "lks-cloud-legacy.h"
#include "lks-cloud-product.h"
#include "lks-sign-in.h"

#include <glib/gstdio.h>
#include <string.h>

#define CLIENT "9c1f2a3b-4d5e-4f60-8172-93a4b5c6d7e8"
#define TENANT "72f988bf-86f1-41af-91ab-2d7cd011db47"
#define SECRET "emulated-client-secret"
#define COMPONENT "3d2c1b0a-9f8e-4d7c-8b6a-5f4e3d2c1b0a"
#define IMAGE "b1a29384-7566-4758-894a-3b2c1d0e0f1a"

static const char *emulator;

/* ---- a station that is signed in ---- */

#define STATION_TYPE_SOURCE (station_source_get_type ())
G_DECLARE_FINAL_TYPE (StationSource, station_source, STATION, SOURCE, GObject)

struct _StationSource
{
  GObject parent_instance;

  LksSignIn *service; /* (owned) */
  LksSecret *line;    /* (owned) (nullable) */
};

static void station_source_iface_init (LksTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StationSource,
                               station_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_TOKEN_SOURCE,
                                                      station_source_iface_init))

static LksSecret *
get_authorization (LksTokenSource *source,
                   gboolean renew,
                   GCancellable *cancellable,
                   GError **error)
{
  StationSource *self = STATION_SOURCE (source);
  g_autoptr (LksSecret) secret = lks_secret_new (SECRET, strlen (SECRET));
  g_auto (LksTokens) tokens = { 0 };
  g_autofree char *line = NULL;

  if (self->line == NULL || renew)
    {
      if (!lks_sign_in_with_secret (self->service, secret, cancellable, &tokens, error))
        return NULL;
      line = g_strconcat ("Authorization: Bearer ", lks_secret_get_text (tokens.access), NULL);
      g_clear_pointer (&self->line, lks_secret_unref);
      self->line = lks_secret_new (line, strlen (line));
    }
  return lks_secret_ref (self->line);
}

static void
station_source_iface_init (LksTokenSourceInterface *iface)
{
  iface->get_authorization = get_authorization;
}

static void
station_source_finalize (GObject *object)
{
  StationSource *self = STATION_SOURCE (object);

  lks_sign_in_free (self->service);
  g_clear_pointer (&self->line, lks_secret_unref);
  G_OBJECT_CLASS (station_source_parent_class)->finalize (object);
}

static void
station_source_class_init (StationSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = station_source_finalize;
}

static void
station_source_init (StationSource *self)
{
}

/* ---- the service, through both interfaces ---- */

typedef struct
{
  EmulatorProcess process;
  LksCloudTrust *trust;
  LksCloudPlace *legacy_place;
  LksCloudPlace *integrated_place;
  LksCloudClient *legacy;
  LksCloudClient *integrated;
  LksCloudScope *tenant;
  LksCloudScope *catalog;
} World;

/* Signed in at @station, at work at @place. */
static LksCloudClient *
sign_in (World *w,
         const LksCloudPlace *station,
         const LksCloudPlace *place,
         const LksCloudPolicy *policy)
{
  g_autoptr (StationSource) source = g_object_new (STATION_TYPE_SOURCE, NULL);
  g_autoptr (GError) error = NULL;
  LksCloudClient *client;

  source->service = lks_sign_in_new (station, w->trust, NULL);
  client = lks_cloud_client_new_for (place, LKS_TOKEN_SOURCE (source), w->trust, policy, &error);
  g_assert_no_error (error);
  return client;
}

static void
world_start (World *w, const char *more)
{
  g_autofree char *scenario =
      g_strdup_printf ("{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT
                       "\",\"operationMs\":5,\"pageSize\":7,\"catalogs\":["
                       "{\"name\":\"plant7\",\"products\":[\"Pump\",\"Fan\"],\"devices\":60},"
                       "{\"name\":\"other\",\"products\":[\"Valve\"],\"devices\":3}]%s}}",
                       more);
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&w->process, emulator, scenario);
  ca = emulator_process_get_path (&w->process, "ca.pem");
  w->trust = lks_cloud_trust_new ();
  g_assert_true (lks_cloud_trust_add_file (w->trust, ca, &error));
  w->legacy_place =
      lks_cloud_place_new_legacy (w->process.cloud, w->process.cloud, TENANT, CLIENT, NULL, &error);
  w->integrated_place =
      lks_cloud_place_new (w->process.cloud, w->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  w->legacy = sign_in (w, w->legacy_place, w->legacy_place, &impatient);
  w->integrated = sign_in (w, w->integrated_place, w->integrated_place, &impatient);
}

/* As most tests need it: both know the same catalog. */
static void
world_open (World *w, const char *more)
{
  g_autoptr (GError) error = NULL;

  world_start (w, more);
  w->tenant = lks_cloud_catalog_find (w->legacy, NULL, NULL, "plant7", NULL, &error);
  g_assert_no_error (error);
  w->catalog = lks_cloud_catalog_find (w->integrated, NULL, NULL, "plant7", NULL, &error);
  g_assert_no_error (error);
}

static void
world_stop (World *w)
{
  g_clear_pointer (&w->tenant, lks_cloud_scope_free);
  g_clear_pointer (&w->catalog, lks_cloud_scope_free);
  lks_cloud_client_free (w->legacy);
  lks_cloud_client_free (w->integrated);
  lks_cloud_place_free (w->legacy_place);
  lks_cloud_place_free (w->integrated_place);
  lks_cloud_trust_unref (w->trust);
  emulator_process_stop (&w->process);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_stop)

static void
add_fault (World *w, const char *fault)
{
  g_autofree char *request = g_strdup_printf ("{\"command\":\"cloud-fault\",\"fault\":%s}", fault);
  g_autoptr (JsonObject) answer = emulator_process_command (&w->process, request);

  g_assert_true (json_object_get_boolean_member (answer, "ok"));
}

static guint
count_asked (World *w, const char *what)
{
  g_autofree char *path = emulator_process_get_path (&w->process, "trace");
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  parts = g_strsplit (text, what, -1);
  return g_strv_length (parts) - 1;
}

/* ---- what is told, as text ---- */

/* The Legacy interface does not know regions; and of times only that they are texts. */
static gboolean
is_compared (const char *member)
{
  static const char *const left_out[] = { "regionalDataBoundary",
                                          "lastOsUpdateUtc",
                                          "lastUpdateRequestUtc",
                                          "endTimestampUtc",
                                          "subject",
                                          "notBeforeUtc",
                                          "expiryUtc",
                                          NULL };

  return !g_strv_contains (left_out, member);
}

static void
append_field (GString *row, const LksCloudResource *resource, const LksCloudField *field)
{
  const char *text =
      field->type == LKS_CLOUD_FIELD_TEXT ? lks_cloud_resource_get_text (resource, field) : NULL;
  char **list =
      field->type == LKS_CLOUD_FIELD_LIST ? lks_cloud_resource_get_list (resource, field) : NULL;
  g_autofree char *joined = list != NULL ? g_strjoinv (",", list) : NULL;

  if (!is_compared (field->member))
    return;
  g_string_append_printf (row, " %s=%s", field->member,
                          text != NULL     ? text
                          : joined != NULL ? joined
                                           : "");
  if (field->type == LKS_CLOUD_FIELD_FLAG)
    g_string_append_printf (row, "%d", lks_cloud_resource_get_flag (resource, field));
  if (field->type == LKS_CLOUD_FIELD_COUNT)
    g_string_append_printf (row, "%" G_GINT64_FORMAT,
                            lks_cloud_resource_get_count (resource, field));
}

static gboolean
take_row (LksCloudResource *resource, gpointer user_data, GError **error)
{
  const LksCloudScope *scope = resource->scope;
  GString *row = g_string_new (NULL);

  if (scope != NULL)
    g_string_append_printf (row, "%s/%s/%s", scope->catalog, scope->product, scope->group);
  if (scope != NULL && g_strcmp0 (scope->leaf_kind, "certificates") != 0)
    g_string_append_printf (row, "/%s", scope->leaf);
  for (gsize i = 0; i < resource->kind->n_fields; i++)
    append_field (row, resource, &resource->kind->fields[i]);
  g_ptr_array_add (user_data, g_string_free (row, FALSE));
  return TRUE;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

typedef gboolean (*ListFunc) (LksCloudClient *client,
                              const LksCloudScope *scope,
                              GPtrArray *rows,
                              GError **error);

static GPtrArray *
list_rows (LksCloudClient *client, const LksCloudScope *scope, ListFunc list)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  list (client, scope, rows, &error);
  g_assert_no_error (error);
  g_ptr_array_sort (rows, compare_rows);
  return rows;
}

static gboolean
list_products (LksCloudClient *client, const LksCloudScope *scope, GPtrArray *rows, GError **error)
{
  return lks_cloud_product_list (client, scope, take_row, rows, NULL, error);
}

static gboolean
list_groups (LksCloudClient *client, const LksCloudScope *scope, GPtrArray *rows, GError **error)
{
  return lks_cloud_group_list (client, scope, NULL, take_row, rows, NULL, error);
}

static gboolean
list_named_groups (LksCloudClient *client,
                   const LksCloudScope *scope,
                   GPtrArray *rows,
                   GError **error)
{
  return lks_cloud_group_list (client, scope, "production", take_row, rows, NULL, error);
}

static gboolean
list_devices (LksCloudClient *client, const LksCloudScope *scope, GPtrArray *rows, GError **error)
{
  return lks_cloud_device_list (client, scope, 0, take_row, rows, NULL, error);
}

static gboolean
list_images (LksCloudClient *client, const LksCloudScope *scope, GPtrArray *rows, GError **error)
{
  return lks_cloud_image_list (client, scope, take_row, rows, NULL, error);
}

static gboolean
list_deployments (LksCloudClient *client,
                  const LksCloudScope *scope,
                  GPtrArray *rows,
                  GError **error)
{
  return lks_cloud_deployment_list (client, scope, take_row, rows, NULL, error);
}

static gboolean
list_insights (LksCloudClient *client, const LksCloudScope *scope, GPtrArray *rows, GError **error)
{
  return lks_cloud_insight_list (client, scope, take_row, rows, NULL, error);
}

static gboolean
list_certificates (LksCloudClient *client,
                   const LksCloudScope *scope,
                   GPtrArray *rows,
                   GError **error)
{
  return lks_cloud_certificate_list (client, scope, take_row, rows, NULL, error);
}

/* Both tell the same, and @n of it. */
static void
assert_same (World *w, const char *product, const char *group, ListFunc list, guint n)
{
  g_autoptr (LksCloudScope) legacy_scope = lks_cloud_scope_copy (w->tenant);
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_copy (w->catalog);
  g_autoptr (GPtrArray) legacy = NULL;
  g_autoptr (GPtrArray) integrated = NULL;

  legacy_scope->product = g_strdup (product);
  legacy_scope->group = g_strdup (group);
  scope->product = g_strdup (product);
  scope->group = g_strdup (group);
  legacy = list_rows (w->legacy, legacy_scope, list);
  integrated = list_rows (w->integrated, scope, list);
  g_assert_cmpuint (legacy->len, ==, n);
  g_assert_cmpuint (integrated->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (g_ptr_array_index (legacy, i), ==, g_ptr_array_index (integrated, i));
}

/* ---- reading ---- */

static void
test_lists (void)
{
  g_auto (World) w = { 0 };

  world_open (&w, "");
  assert_same (&w, NULL, NULL, list_products, 2);
  assert_same (&w, NULL, NULL, list_groups, 10);
  assert_same (&w, NULL, NULL, list_named_groups, 2);
  assert_same (&w, "pump", NULL, list_groups, 5);
  assert_same (&w, NULL, NULL, list_devices, 60);
  assert_same (&w, "Fan", "Field Test", list_devices, 6);
  assert_same (&w, NULL, NULL, list_insights, 2);
  assert_same (&w, NULL, NULL, list_certificates, 1);
  assert_same (&w, NULL, NULL, list_images, 0);
  g_assert_cmpstr (w.tenant->catalog, ==, "plant7");
  g_assert_nonnull (w.tenant->tenant);
}

/* The names are asked for once, however many devices are listed, and no page twice. */
static void
test_questions (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (GPtrArray) rows = NULL;

  world_open (&w, "");
  rows = list_rows (w.legacy, w.tenant, list_devices);
  g_assert_cmpuint (rows->len, ==, 60);
  g_assert_cmpuint (count_asked (&w, "/devices"), ==, 9);
  g_assert_cmpuint (count_asked (&w, "/devicegroups"), ==, 2);
  g_assert_cmpuint (count_asked (&w, "/products"), ==, 1);
}

static LksCloudScope *
find_one (World *w, const char *product, const char *group)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_group (w->tenant, product, group);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  g_assert_true (lks_cloud_device_list (w->legacy, scope, 1, take_row, rows, NULL, &error));
  g_assert_cmpuint (rows->len, ==, 1);
  id = g_strndup (strrchr (g_ptr_array_index (rows, 0), '/') + 1, 128);
  return lks_cloud_scope_dup_leaf (scope, "devices", id);
}

static gint64
count (World *w, const char *product, const char *group)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_copy (w->tenant);
  g_autoptr (GError) error = NULL;
  gint64 n = -1;

  scope->product = g_strdup (product);
  scope->group = g_strdup (group);
  lks_cloud_resource_count_devices (w->legacy, scope, &n, NULL, &error);
  g_assert_no_error (error);
  return n;
}

static void
test_single (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) wrong = NULL;
  g_autoptr (LksCloudScope) nowhere = NULL;
  g_autoptr (LksCloudResource) device = NULL;
  g_autoptr (LksCloudResource) tenant = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
  place = find_one (&w, "Pump", "Production");
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

  g_assert_cmpint (count (&w, NULL, NULL), ==, 60);
  g_assert_cmpint (count (&w, "Pump", NULL), ==, 30);
  g_assert_cmpint (count (&w, "Pump", "Production"), ==, 6);
}

/* Where the service has no count, the list is counted. */
static void
test_count_without (void)
{
  g_auto (World) w = { 0 };

  world_open (&w, "");
  add_fault (&w, "{\"kind\":\"status\",\"path\":\"/count\",\"status\":404,\"code\":\"NotFound\"}");
  g_assert_cmpint (count (&w, NULL, NULL), ==, 60);
  g_assert_cmpint (count (&w, "Pump", NULL), ==, 30);
}

static void
test_certificates (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) active = NULL;
  g_autoptr (LksCloudScope) there = NULL;
  g_autoptr (GBytes) one = NULL;
  g_autoptr (GBytes) other = NULL;
  g_autoptr (GBytes) chain = NULL;
  g_autoptr (GBytes) proof = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
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

/* ---- products and groups ---- */

static void
test_products (void)
{
  g_auto (World) w = { 0 };
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

  world_open (&w, "");
  scope = lks_cloud_scope_dup_product (w.tenant, "Mixer");
  product = lks_cloud_product_create (w.legacy, scope, "Stirs", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudProduct *) product)->description, ==, "Stirs");
  again = lks_cloud_product_update (w.legacy, scope, "Stirs well", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudProduct *) again)->description, ==, "Stirs well");

  g_assert_true (lks_cloud_product_make_groups (w.legacy, scope, take_row, rows, NULL, &error));
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
  assert_same (&w, "Mixer", NULL, list_groups, 6);

  g_assert_true (lks_cloud_resource_delete (w.legacy, group_scope, NULL, &error));
  g_assert_true (lks_cloud_resource_delete (w.legacy, group_scope, NULL, &error));
  g_assert_true (lks_cloud_resource_delete (w.legacy, scope, NULL, &error));
  g_assert_no_error (error);
  assert_same (&w, NULL, NULL, list_products, 2);
}

/* ---- images and deployments ---- */

static GBytes *
make_image (World *w)
{
  g_autofree char *path = emulator_process_get_path (&w->process, "image");
  const char *const argv[] = { emulator,      "image",        "--component", COMPONENT,  "--image",
                               IMAGE,         "--name",       "PumpControl", "--output", path,
                               "--state-dir", w->process.dir, NULL };
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
  g_auto (World) w = { 0 };
  g_autoptr (GBytes) package = NULL;
  g_autoptr (GBytes) fetched = NULL;
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudResource) image = NULL;
  g_autoptr (LksCloudResource) again = NULL;
  g_autoptr (LksCloudResource) deployment = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
  package = make_image (&w);
  image = lks_cloud_image_upload (w.legacy, w.tenant, package, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudImage *) image)->image_name, ==, "PumpControl");
  g_assert_cmpstr (((LksCloudImage *) image)->image_type, ==, "Applications");
  again = lks_cloud_image_upload (w.legacy, w.tenant, package, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_asked (&w, "\"POST\""), >, 0);
  assert_same (&w, NULL, NULL, list_images, 1);
  fetched = lks_cloud_image_download (w.legacy, image->scope, NULL, &error);
  g_assert_no_error (error);

  group = lks_cloud_scope_dup_group (w.tenant, "Pump", "Production");
  assert_same (&w, "Pump", "Production", list_deployments, 0);
  deployment = lks_cloud_deployment_create (w.legacy, group, ids, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((LksCloudDeployment *) deployment)->image_ids[0], ==, IMAGE);
  g_assert_cmpstr (((LksCloudDeployment *) deployment)->image_names[0], ==, "PumpControl");
  assert_same (&w, "Pump", "Production", list_deployments, 1);
  assert_same (&w, NULL, NULL, list_deployments, 1);
  assert_same (&w, "Pump", NULL, list_groups, 5);

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

static void
take_claim (const LksCloudClaimResult *result, gpointer user_data)
{
  Claims *claims = user_data;

  if (result->place != NULL)
    {
      claims->n_claimed++;
      g_assert_cmpstr (result->place->group, ==, "Development");
      return;
    }
  claims->n_failed++;
  g_clear_error (&claims->error);
  claims->error = g_error_copy (result->error);
}

static void
claim (World *w, GPtrArray *ids, Claims *out_claims)
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
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) other = NULL;
  g_autoptr (GPtrArray) one = make_ids ("1");
  g_autoptr (GPtrArray) many = make_ids ("123");
  g_autoptr (GPtrArray) foreign = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  Claims claims = { 0 };

  world_open (&w, "");
  claim (&w, one, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 1);
  claim (&w, many, &claims); /* one of them is there already */
  g_assert_cmpuint (claims.n_claimed, ==, 4);
  g_assert_cmpuint (claims.n_failed, ==, 0);
  assert_same (&w, "Pump", "Development", list_devices, 9);

  /* Of another tenant's there is no talk of success, also among others. */
  other = lks_cloud_catalog_find (w.legacy, NULL, NULL, "other", NULL, &error);
  g_assert_true (lks_cloud_device_list (w.legacy, other, 1, take_row, foreign, NULL, &error));
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
  g_auto (World) w = { 0 };
  g_autoptr (GPtrArray) ids = make_ids ("12345678");
  Claims claims = { 0 };

  world_open (&w, "");
  add_fault (&w, "{\"kind\":\"half\",\"times\":1,\"method\":\"PUT\"}");
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 8);
  assert_same (&w, "Pump", "Development", list_devices, 14);
}

/* Claimed, but not where it should be: that is said, and repeating it does the rest. */
static void
test_claim_in_two_steps (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (GPtrArray) ids = make_ids ("1");
  Claims claims = { 0 };

  world_open (&w, "");
  add_fault (&w, "{\"kind\":\"operation-fails\",\"times\":1,\"path\":\"/devicegroup\","
                 "\"method\":\"PUT\",\"code\":\"Conflict\",\"message\":\"no room\"}");
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_failed, ==, 1);
  g_assert_true (g_str_has_prefix (claims.error->message, "claimed into the tenant, but not put"));
  g_clear_error (&claims.error);
  g_assert_cmpint (count (&w, NULL, NULL), ==, 61);
  claim (&w, ids, &claims);
  g_assert_cmpuint (claims.n_claimed, ==, 1);
  g_assert_cmpint (count (&w, NULL, NULL), ==, 61);
}

static void
test_move (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCloudScope) group = NULL;
  g_autoptr (LksCloudScope) none = NULL;
  g_autoptr (LksCloudResource) moved = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
  place = find_one (&w, "Pump", "Production");
  group = lks_cloud_scope_dup_group (w.tenant, "Fan", "Field Test");
  moved = lks_cloud_device_move (w.legacy, place, group, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (moved->scope->product, ==, "Fan");
  g_assert_cmpstr (moved->scope->group, ==, "Field Test");
  assert_same (&w, "Fan", "Field Test", list_devices, 7);

  none = lks_cloud_scope_dup_group (w.tenant, NULL, NULL);
  g_assert_null (lks_cloud_device_move (w.legacy, moved->scope, none, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_SUPPORTED);
}

static void
test_capability (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) place = NULL;
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
  place = find_one (&w, "Pump", "Production");
  key = lks_cloud_capability_fetch (w.legacy, place, LKS_CAPABILITY_FIELD_SERVICING, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_capability_key_is_for (key, place->leaf));

  add_fault (&w, "{\"kind\":\"empty-capability\",\"times\":1}");
  g_assert_null (
      lks_cloud_capability_fetch (w.legacy, place, LKS_CAPABILITY_FIELD_SERVICING, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT);
  g_clear_error (&error);
  add_fault (&w, "{\"kind\":\"other-capability\",\"times\":1}");
  g_assert_null (
      lks_cloud_capability_fetch (w.legacy, place, LKS_CAPABILITY_APP_DEVELOPMENT, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_UNFIT);
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
  g_auto (World) w = { 0 };

  world_open (&w, "");
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i]);
      add_fault (&w, faults[i]);
      assert_same (&w, "Pump", NULL, list_groups, 5);
    }
}

static void
fail_to_create (World *w, const char *name, const char *fault, LksCloudError code, const char *text)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_product (w->tenant, name);
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", fault);
  add_fault (w, fault);
  g_assert_null (lks_cloud_product_create (w->legacy, scope, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_final_faults (void)
{
  g_auto (World) w = { 0 };

  world_open (&w, "");
  fail_to_create (&w, "Mixer 1",
                  "{\"kind\":\"operation-fails\",\"times\":1,\"method\":\"POST\","
                  "\"code\":\"TenantInMigration\",\"message\":\"wait\"}",
                  LKS_CLOUD_ERROR_FAILED, "TenantInMigration");
  fail_to_create (&w, "Mixer 2",
                  "{\"kind\":\"operation-canceled\",\"times\":1,\"method\":\"POST\"}",
                  LKS_CLOUD_ERROR_FAILED, "failed");
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
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudClient) client = NULL;
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, "");
  policy.wait_max_ms = 50;
  client = sign_in (&w, w.legacy_place, w.legacy_place, &policy);
  scope = lks_cloud_scope_dup_product (w.tenant, "Mixer");
  add_fault (&w, "{\"kind\":\"operation-stuck\",\"times\":1,\"method\":\"POST\"}");
  g_assert_null (lks_cloud_product_create (client, scope, NULL, NULL, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_STILL_RUNNING);
  g_assert_cmpuint (count_asked (&w, "/operations/"), >, 0);
}

/* A role that reads may do no more; an account of the one interface is nobody for the other. */
static void
test_rights (void)
{
  g_auto (World) w = { 0 };
  g_autoptr (LksCloudScope) scope = NULL;
  g_autoptr (LksCloudClient) client = NULL;
  g_autoptr (GError) error = NULL;

  world_open (&w, ",\"role\":\"reader\"");
  assert_same (&w, NULL, NULL, list_products, 2);
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
  client = sign_in (&w, w.integrated_place, w.legacy_place, &impatient);
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
  emulator = argv[1];

  g_test_add_func ("/cloud/legacy/lists", test_lists);
  g_test_add_func ("/cloud/legacy/questions", test_questions);
  g_test_add_func ("/cloud/legacy/single", test_single);
  g_test_add_func ("/cloud/legacy/count-without", test_count_without);
  g_test_add_func ("/cloud/legacy/certificates", test_certificates);
  g_test_add_func ("/cloud/legacy/products", test_products);
  g_test_add_func ("/cloud/legacy/images", test_images);
  g_test_add_func ("/cloud/legacy/claim", test_claim);
  g_test_add_func ("/cloud/legacy/half-claim", test_half_claim);
  g_test_add_func ("/cloud/legacy/claim-in-two-steps", test_claim_in_two_steps);
  g_test_add_func ("/cloud/legacy/move", test_move);
  g_test_add_func ("/cloud/legacy/capability", test_capability);
  g_test_add_func ("/cloud/legacy/passing-faults", test_passing_faults);
  g_test_add_func ("/cloud/legacy/final-faults", test_final_faults);
  g_test_add_func ("/cloud/legacy/stuck", test_stuck);
  g_test_add_func ("/cloud/legacy/rights", test_rights);
  g_test_add_func ("/cloud/legacy/end", test_end);

  return g_test_run ();
}
