/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists as files: whole, or not at all. */
#include "lks-cloud-catalog.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-cloud-export.h"

#include <glib/gstdio.h>
#include <string.h>

#define GROUP_ID                                                                                   \
  "/subscriptions/s/resourceGroups/r/providers/Microsoft.AzureSphere/catalogs/plant7"              \
  "/products/Pump/deviceGroups/Line 2"
#define OLD "what was there before"
/* More than is written together. */
#define N_ROWS 2000

typedef struct
{
  char *dir;
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->dir = g_dir_make_tmp ("locksmith-export-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "devices", NULL);
  f->file = g_file_new_for_path (f->path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0); /* nothing else was left */
  g_object_unref (f->file);
  g_free (f->path);
  g_free (f->dir);
}

static char *
dup_device_id (guint i)
{
  return g_strdup_printf ("%0128x", i);
}

static gboolean
give (guint n_rows, LksCloudResourceFunc func, gpointer user_data, GError **error)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *id = dup_device_id (i);
      g_autofree char *text =
          g_strdup_printf ("{\"id\":\"" GROUP_ID "/devices/%s\",\"name\":\"%s\",\"properties\":"
                           "{\"chipSku\":\"=MT3620,\\\"AN\\\"\"}}",
                           id, id);
      g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
      g_autoptr (LksCloudResource) resource =
          lks_cloud_resource_parse (&lks_cloud_device_kind, body, error);

      g_assert_nonnull (resource);
      if (!func (resource, user_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
list_all (LksCloudClient *client,
          const LksCloudScope *scope,
          LksCloudResourceFunc func,
          gpointer user_data,
          GCancellable *cancellable,
          GError **error)
{
  return give (N_ROWS, func, user_data, error);
}

static gboolean
list_none (LksCloudClient *client,
           const LksCloudScope *scope,
           LksCloudResourceFunc func,
           gpointer user_data,
           GCancellable *cancellable,
           GError **error)
{
  return TRUE;
}

/* The service is lost on the way. */
static gboolean
list_some (LksCloudClient *client,
           const LksCloudScope *scope,
           LksCloudResourceFunc func,
           gpointer user_data,
           GCancellable *cancellable,
           GError **error)
{
  if (give (N_ROWS, func, user_data, error))
    g_set_error_literal (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST, "gone");
  return FALSE;
}

/* Somebody gives up after all was listed, and before it is a file. */
static gboolean
list_cancelled (LksCloudClient *client,
                const LksCloudScope *scope,
                LksCloudResourceFunc func,
                gpointer user_data,
                GCancellable *cancellable,
                GError **error)
{
  g_cancellable_cancel (cancellable);
  return give (1, func, user_data, error);
}

static gboolean export(Fixture *f, LksCloudExport *wish, LksCloudListFunc func, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  wish->func = func;
  wish->kind = &lks_cloud_device_kind;
  wish->member = "devices";
  return lks_cloud_export_to_file (wish, NULL, f->file, cancellable, error);
}

static char *
dup_content (Fixture *f)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  return text;
}

static void
test_csv (Fixture *f, gconstpointer unused)
{
  LksCloudExport wish = { .format = LKS_CLOUD_EXPORT_CSV };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GStatBuf info;

  export(f, &wish, list_all, &error);
  g_assert_no_error (error);
  g_assert_cmpint (wish.n_rows, ==, N_ROWS);
  text = dup_content (f);
  lines = g_strsplit (text, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + N_ROWS + 1);
  g_assert_true (g_str_has_prefix (lines[0], "id,name,group,product,catalog,"));
  g_assert_true (g_str_has_prefix (lines[1], GROUP_ID "/devices/0000"));
  g_assert_nonnull (strstr (lines[1], ",Line 2,Pump,plant7,"));
  g_assert_nonnull (strstr (lines[1], ",\"'=MT3620,\"\"AN\"\"\"")); /* no formula */
  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 077, ==, 0);
}

static JsonArray *
get_devices (JsonParser *parser, const char *text)
{
  JsonObject *root;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_true (json_object_get_null_member (root, "error"));
  return json_object_get_array_member (root, "devices");
}

static void
test_json (Fixture *f, gconstpointer unused)
{
  g_autofree char *wanted = dup_device_id (0x7a1);
  g_autofree char *folded = g_ascii_strup (wanted, -1); /* it is found all the same */
  LksCloudExport wish = { .format = LKS_CLOUD_EXPORT_JSON };
  LksCloudExport search = { .format = LKS_CLOUD_EXPORT_JSON, .search = folded };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;
  g_autofree char *found = NULL;
  JsonArray *devices;

  export(f, &wish, list_all, &error);
  g_assert_no_error (error);
  all = dup_content (f);
  g_assert_cmpuint (json_array_get_length (get_devices (parser, all)), ==, N_ROWS);

  export(f, &search, list_all, &error);
  g_assert_no_error (error);
  g_assert_cmpint (search.n_rows, ==, 1);
  found = dup_content (f);
  devices = get_devices (parser, found);
  g_assert_cmpuint (json_array_get_length (devices), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (devices, 0),
                                                  "name"),
                   ==, wanted);
}

static void
test_empty (Fixture *f, gconstpointer unused)
{
  LksCloudExport csv = { .format = LKS_CLOUD_EXPORT_CSV };
  LksCloudExport json = { .format = LKS_CLOUD_EXPORT_JSON };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *document = NULL;

  export(f, &csv, list_none, &error);
  g_assert_no_error (error);
  heading = dup_content (f);
  g_assert_true (g_str_has_prefix (heading, "id,name,"));
  g_assert_true (strchr (heading, '\n') == heading + strlen (heading) - 1);

  export(f, &json, list_none, &error);
  g_assert_no_error (error);
  document = dup_content (f);
  g_assert_cmpuint (json_array_get_length (get_devices (parser, document)), ==, 0);
}

/* No new file either. */
static void
test_broken_new (Fixture *f, gconstpointer unused)
{
  LksCloudExport lost = { .format = LKS_CLOUD_EXPORT_JSON };
  LksCloudExport cancelled = { .format = LKS_CLOUD_EXPORT_CSV };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) stop = NULL;

  g_assert_false (export(f, &lost, list_some, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  g_assert_false (export(f, &cancelled, list_cancelled, &stop));
  g_assert_error (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

/* Half a list is never taken for a whole one: the file stays as it was. */
static void
test_broken (Fixture *f, gconstpointer unused)
{
  LksCloudExport lost = { .format = LKS_CLOUD_EXPORT_CSV };
  LksCloudExport cancelled = { .format = LKS_CLOUD_EXPORT_JSON };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) stop = NULL;
  g_autofree char *after_lost = NULL;
  g_autofree char *after_stop = NULL;

  g_assert_true (g_file_set_contents (f->path, OLD, -1, NULL));
  g_assert_false (export(f, &lost, list_some, &error));
  g_assert_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST);
  g_assert_cmpint (lost.n_rows, ==, N_ROWS);
  after_lost = dup_content (f);
  g_assert_cmpstr (after_lost, ==, OLD);

  g_assert_false (export(f, &cancelled, list_cancelled, &stop));
  g_assert_error (stop, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  after_stop = dup_content (f);
  g_assert_cmpstr (after_stop, ==, OLD);
}

/* A document with all catalogs says which could not be seen. */
static void
test_left_out (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudTrust) trust = lks_cloud_trust_new ();
  g_autoptr (LksCloudClient) client =
      lks_cloud_client_new ("https://127.0.0.1:9", NULL, trust, NULL, NULL);
  g_autoptr (GError) forbidden =
      g_error_new_literal (LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_FORBIDDEN, "no right");
  g_autoptr (GError) lost = g_error_new_literal (LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_LOST, "gone");
  GPtrArray *gaps = lks_cloud_client_get_gaps (client);
  LksCloudExport wish = { .func = list_none,
                          .kind = &lks_cloud_catalog_kind,
                          .member = "catalogs",
                          .format = LKS_CLOUD_EXPORT_JSON };
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_cloud_gaps_add (gaps, LKS_CLOUD_GAP_SUBSCRIPTION, "one", forbidden));
  g_assert_true (lks_cloud_gaps_add (gaps, LKS_CLOUD_GAP_SUBSCRIPTION, "One", forbidden));
  g_assert_false (lks_cloud_gaps_add (gaps, LKS_CLOUD_GAP_CATALOG, "two", lost));
  lks_cloud_export_to_file (&wish, client, f->file, NULL, &error);
  g_assert_no_error (error);
  text = dup_content (f);
  g_assert_true (g_str_has_prefix (text,
                                   "{\"catalogs\":[\n],\"leftOut\":[{\"kind\":\"subscription\","
                                   "\"name\":\"one\",\"error\":{\"domain\":\"cloud\",\"code\":"
                                   "\"forbidden\",\"message\":\"no right\""));
  g_assert_true (g_str_has_suffix (text, "}}],\"error\":null}\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  TEST ("/cloud/export/csv", test_csv);
  TEST ("/cloud/export/json", test_json);
  TEST ("/cloud/export/empty", test_empty);
  TEST ("/cloud/export/broken", test_broken);
  TEST ("/cloud/export/broken-new", test_broken_new);
  TEST ("/cloud/export/left-out", test_left_out);
  return g_test_run ();
}
