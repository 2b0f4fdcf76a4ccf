/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legacy-world.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group.h"
#include "lks-cloud-image.h"
#include "lks-cloud-insight.h"
#include "lks-cloud-product.h"
#include "lks-sign-in.h"

#include <string.h>

#define CLIENT "9c1f2a3b-4d5e-4f60-8172-93a4b5c6d7e8"
#define TENANT "72f988bf-86f1-41af-91ab-2d7cd011db47"
#define SECRET "emulated-client-secret"

const char *legacy_emulator;

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

/* Signed in at @station, at work at @place. */
LksCloudClient *
legacy_sign_in (LegacyWorld *w,
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
start (LegacyWorld *w, const char *more)
{
  g_autofree char *scenario =
      g_strdup_printf ("{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT
                       "\",\"operationMs\":5,\"pageSize\":7,\"catalogs\":["
                       "{\"name\":\"plant7\",\"products\":[\"Pump\",\"Fan\"],\"devices\":60},"
                       "{\"name\":\"other\",\"products\":[\"Valve\"],\"devices\":3}]%s}}",
                       more);
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&w->process, legacy_emulator, scenario);
  ca = emulator_process_get_path (&w->process, "ca.pem");
  w->trust = lks_cloud_trust_new ();
  g_assert_true (lks_cloud_trust_add_file (w->trust, ca, &error));
  w->legacy_place =
      lks_cloud_place_new_legacy (w->process.cloud, w->process.cloud, TENANT, CLIENT, NULL, &error);
  w->integrated_place =
      lks_cloud_place_new (w->process.cloud, w->process.cloud, TENANT, CLIENT, &error);
  g_assert_no_error (error);
  w->legacy = legacy_sign_in (w, w->legacy_place, w->legacy_place, &impatient);
  w->integrated = legacy_sign_in (w, w->integrated_place, w->integrated_place, &impatient);
}

/* As most tests need it: both know the same catalog. */
void
legacy_world_open (LegacyWorld *w, const char *more)
{
  g_autoptr (GError) error = NULL;

  start (w, more);
  w->tenant = lks_cloud_catalog_find (w->legacy, NULL, NULL, "plant7", NULL, &error);
  g_assert_no_error (error);
  w->catalog = lks_cloud_catalog_find (w->integrated, NULL, NULL, "plant7", NULL, &error);
  g_assert_no_error (error);
}

void
legacy_world_stop (LegacyWorld *w)
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

/* An application, signed by nobody who matters. */
GBytes *
legacy_make_image (LegacyWorld *w, const char *id)
{
  g_autofree char *path = emulator_process_get_path (&w->process, "app.imagepackage");
  g_autofree char *manifest = emulator_process_get_path (&w->process, "app_manifest.json");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize size_bytes = 0;

  g_assert_true (g_file_set_contents (manifest, "{}", -1, NULL));
  process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, legacy_emulator, "image", "--state-dir",
                        w->process.dir, "--component", "cccccccc-2222-4333-8444-555555555555",
                        "--image", id, "--name", "Pumper", "--output", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size_bytes, NULL));
  return g_bytes_new_take (bytes, size_bytes);
}

void
legacy_add_fault (LegacyWorld *w, const char *fault)
{
  g_autofree char *request = g_strdup_printf ("{\"command\":\"cloud-fault\",\"fault\":%s}", fault);
  g_autoptr (JsonObject) answer = emulator_process_command (&w->process, request);

  g_assert_true (json_object_get_boolean_member (answer, "ok"));
}

guint
legacy_count_asked (LegacyWorld *w, const char *what)
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

gboolean
legacy_take_row (LksCloudResource *resource, gpointer user_data, GError **error)
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

GPtrArray *
legacy_list_rows (LksCloudClient *client, const LksCloudScope *scope, LegacyListFunc list)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  list (client, scope, rows, &error);
  g_assert_no_error (error);
  g_ptr_array_sort (rows, compare_rows);
  return rows;
}

gboolean
legacy_list_products (LksCloudClient *client,
                      const LksCloudScope *scope,
                      GPtrArray *rows,
                      GError **error)
{
  return lks_cloud_product_list (client, scope, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_groups (LksCloudClient *client,
                    const LksCloudScope *scope,
                    GPtrArray *rows,
                    GError **error)
{
  return lks_cloud_group_list (client, scope, NULL, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_named_groups (LksCloudClient *client,
                          const LksCloudScope *scope,
                          GPtrArray *rows,
                          GError **error)
{
  return lks_cloud_group_list (client, scope, "production", legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_devices (LksCloudClient *client,
                     const LksCloudScope *scope,
                     GPtrArray *rows,
                     GError **error)
{
  return lks_cloud_device_list (client, scope, 0, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_images (LksCloudClient *client,
                    const LksCloudScope *scope,
                    GPtrArray *rows,
                    GError **error)
{
  return lks_cloud_image_list (client, scope, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_deployments (LksCloudClient *client,
                         const LksCloudScope *scope,
                         GPtrArray *rows,
                         GError **error)
{
  return lks_cloud_deployment_list (client, scope, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_insights (LksCloudClient *client,
                      const LksCloudScope *scope,
                      GPtrArray *rows,
                      GError **error)
{
  return lks_cloud_insight_list (client, scope, legacy_take_row, rows, NULL, error);
}

gboolean
legacy_list_certificates (LksCloudClient *client,
                          const LksCloudScope *scope,
                          GPtrArray *rows,
                          GError **error)
{
  return lks_cloud_certificate_list (client, scope, legacy_take_row, rows, NULL, error);
}

/* Both tell the same, and @n of it. */
void
legacy_assert_same (LegacyWorld *w,
                    const char *product,
                    const char *group,
                    LegacyListFunc list,
                    guint n)
{
  g_autoptr (LksCloudScope) legacy_scope = lks_cloud_scope_copy (w->tenant);
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_copy (w->catalog);
  g_autoptr (GPtrArray) legacy = NULL;
  g_autoptr (GPtrArray) integrated = NULL;

  legacy_scope->product = g_strdup (product);
  legacy_scope->group = g_strdup (group);
  scope->product = g_strdup (product);
  scope->group = g_strdup (group);
  legacy = legacy_list_rows (w->legacy, legacy_scope, list);
  integrated = legacy_list_rows (w->integrated, scope, list);
  g_assert_cmpuint (legacy->len, ==, n);
  g_assert_cmpuint (integrated->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (g_ptr_array_index (legacy, i), ==, g_ptr_array_index (integrated, i));
}

LksCloudScope *
legacy_find_one (LegacyWorld *w, const char *product, const char *group)
{
  g_autoptr (LksCloudScope) scope = lks_cloud_scope_dup_group (w->tenant, product, group);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  g_assert_true (lks_cloud_device_list (w->legacy, scope, 1, legacy_take_row, rows, NULL, &error));
  g_assert_cmpuint (rows->len, ==, 1);
  id = g_strndup (strrchr (g_ptr_array_index (rows, 0), '/') + 1, 128);
  return lks_cloud_scope_dup_leaf (scope, "devices", id);
}

gint64
legacy_count (LegacyWorld *w, const char *product, const char *group)
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
