/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-export.h"

#include "lks-cloud-catalog.h"
#include "lks-cloud-line.h"
#include "lks-whole-file.h"

/* So much is written together. */
#define FLUSH_BYTES (64 * 1024)

/* An export at work. */
typedef struct
{
  LksCloudExport *export;
  GOutputStream *stream;
  GCancellable *cancellable; /* (nullable) */
  char *folded;              /* (owned) (nullable): what is looked for */
  GString *text;             /* (owned): not written yet */
} Writer;

static void
writer_clear (Writer *self)
{
  g_free (self->folded);
  g_string_free (self->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static gboolean
flush (Writer *self, GError **error)
{
  gboolean is_good = g_output_stream_write_all (self->stream, self->text->str, self->text->len,
                                                NULL, self->cancellable, error);

  g_string_truncate (self->text, 0);
  return is_good;
}

static void
append_json (const LksCloudResource *resource, gboolean is_first, GString *text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *json = NULL;

  json_node_take_object (node, lks_cloud_line_to_json (resource));
  json = json_to_string (node, FALSE);
  g_string_append (text, is_first ? "\n" : ",\n");
  g_string_append (text, json);
}

static gboolean
take (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Writer *self = user_data;

  if (self->folded != NULL && !lks_cloud_resource_matches (resource, self->folded))
    return TRUE;
  if (self->export->format == LKS_CLOUD_EXPORT_JSON)
    append_json (resource, self->export->n_rows == 0, self->text);
  else
    lks_cloud_line_append_csv (resource, self->text);
  g_atomic_int_inc (&self->export->n_rows);
  return self->text->len < FLUSH_BYTES || flush (self, error);
}

/* Of all catalogs some may not have been seen. */
static void
append_end (const LksCloudKind *kind, LksCloudClient *client, GString *text)
{
  g_string_append (text, "\n]");
  if (kind == &lks_cloud_catalog_kind)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
      g_autofree char *left_out = NULL;

      json_node_take_array (node, lks_cloud_gaps_to_json (lks_cloud_client_get_gaps (client)));
      left_out = json_to_string (node, FALSE);
      g_string_append_printf (text, ",\"leftOut\":%s", left_out);
    }
  g_string_append (text, ",\"error\":null}\n");
}

/* The document is the one that the command line prints. */
static gboolean
write_list (Writer *self, LksCloudClient *client, GError **error)
{
  LksCloudExport *export = self->export;

  if (export->format == LKS_CLOUD_EXPORT_JSON)
    g_string_append_printf (self->text, "{\"%s\":[", export->member);
  else
    lks_cloud_line_append_csv_heading (export->kind, self->text);
  if (!export->func (client, export->scope, take, self, self->cancellable, error))
    return FALSE;
  if (export->format == LKS_CLOUD_EXPORT_JSON)
    append_end (export->kind, client, self->text);
  return flush (self, error);
}

/* ---- the file ---- */

/* A list and whom to ask for it. */
typedef struct
{
  LksCloudExport *export;
  LksCloudClient *client;
} Source;

static gboolean
write_file (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Source *source = user_data;
  const char *search = source->export->search;
  g_auto (Writer) writer = { source->export, stream, cancellable };

  writer.text = g_string_sized_new (2 * FLUSH_BYTES);
  if (search != NULL && search[0] != '\0')
    writer.folded = g_utf8_casefold (search, -1);
  return write_list (&writer, source->client, error);
}

/**
 * lks_cloud_export_to_file:
 * @self: what to write, and how; it counts its rows
 * @client: a client that nobody else uses meanwhile
 * @file: where to; replaced when it is there
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.CloudError] or the file's error
 *
 * Lists something of the service's anew, and writes it while it comes: however long the list is, a
 * few rows are held. The file is there whole or, when anything fails, as it was before. Blocks;
 * worker threads only.
 *
 * Returns: whether the file is there
 */
gboolean
lks_cloud_export_to_file (LksCloudExport *self,
                          LksCloudClient *client,
                          GFile *file,
                          GCancellable *cancellable,
                          GError **error)
{
  Source source = { self, client };

  return lks_whole_file_write (file, G_FILE_CREATE_PRIVATE, write_file, &source, cancellable,
                               error);
}
