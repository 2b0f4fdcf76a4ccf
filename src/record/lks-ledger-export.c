/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define PAGE_RECORDS 500

/* RFC 4180, 2. A text that a spreadsheet would take for a formula gets an apostrophe in front:
 * some of the texts come from a board. */
void
lks_csv_append_cell (GString *line, const char *text)
{
  if (line->len > 0 && line->str[line->len - 1] != '\n')
    g_string_append_c (line, ',');
  if (text == NULL)
    return;

  g_string_append_c (line, '"');
  if (*text != '\0' && strchr ("=+-@\t\r", *text) != NULL)
    g_string_append_c (line, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *text);
    }
  g_string_append_c (line, '"');
}

static void
append_csv (GString *text, const LksRecordFields *fields)
{
  g_autofree char *started = lks_record_time_to_text (fields->started_us);
  g_autofree char *finished = lks_record_time_to_text (fields->finished_us);
  const char *cells[] = {
    fields->id,          fields->run_id,        fields->kind,    fields->device_id, fields->port,
    fields->usb_serial,  fields->operator_name, fields->station, started,           finished,
    fields->recipe_name, fields->recipe_hash,   fields->verdict, fields->outcome,   fields->summary,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (text, cells[i]);
  g_string_append (text, "\r\n");
}

static char *
columns_to_json (const LksRecordFields *fields)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = lks_record_fields_to_json (fields, TRUE);

  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

/* The document is JSON already (the ledger takes nothing else) and goes out byte for byte. */
static void
append_json (GString *text, const LksRecordFields *fields)
{
  g_autofree char *columns = columns_to_json (fields);

  g_string_append_len (text, columns, (gssize) strlen (columns) - 1);
  g_string_append_printf (text, ",\"document\":%s}", fields->document);
}

static gboolean
write_text (GOutputStream *stream, GString *text, GCancellable *cancellable, GError **error)
{
  gboolean good =
      g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);

  g_string_truncate (text, 0);
  return good;
}

static void
append_page (GString *text, GPtrArray *records, LksExportFormat format, gboolean first_page)
{
  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (g_ptr_array_index (records, i));

      if (format == LKS_EXPORT_FORMAT_CSV)
        {
          append_csv (text, fields);
          continue;
        }
      g_string_append (text, first_page && i == 0 ? "\n" : ",\n");
      append_json (text, fields);
    }
}

static gboolean
write_pages (LksLedger *self,
             const LksLedgerQuery *query,
             LksExportFormat format,
             GOutputStream *stream,
             GString *text,
             GCancellable *cancellable,
             GError **error)
{
  gint64 before_sequence = G_MAXINT64;
  guint left = query->limit > 0 ? query->limit : G_MAXUINT;
  guint count;

  do
    {
      guint wanted = MIN (left, PAGE_RECORDS);
      g_autoptr (GPtrArray) records = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      records = lks_ledger_list_page (self, query, before_sequence, wanted,
                                      format == LKS_EXPORT_FORMAT_JSON, &before_sequence, error);
      if (records == NULL)
        return FALSE;

      count = records->len;
      append_page (text, records, format, left == (query->limit > 0 ? query->limit : G_MAXUINT));
      left -= count;
      if (!write_text (stream, text, cancellable, error))
        return FALSE;
    }
  while (count == PAGE_RECORDS && left > 0);

  return TRUE;
}

/**
 * lks_ledger_export:
 * @self: a ledger
 * @query: which records
 * @format: CSV or JSON
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError] or the stream's error
 *
 * Writes records, the last added first, in pages: memory does not grow with their number, and
 * the ledger can be used meanwhile. Any thread; blocks.
 *
 * Returns: whether all was written
 */
gboolean
lks_ledger_export (LksLedger *self,
                   const LksLedgerQuery *query,
                   LksExportFormat format,
                   GOutputStream *stream,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append_c (text, '[');
  else
    g_string_append (text, "id,run_id,kind,device_id,port,usb_serial,operator,station,started,"
                           "finished,recipe_name,recipe_hash,verdict,outcome,summary\r\n");
  if (!write_pages (self, query, format, stream, text, cancellable, error))
    return FALSE;
  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append (text, "\n]\n");
  return write_text (stream, text, cancellable, error);
}
