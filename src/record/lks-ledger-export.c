/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"
#include "lks-csv.h"
#include "lks-ledger-private.h"

#include <string.h>

#define FLUSH_BYTES (256 * 1024)
#define FAR 32 /* records */

/* ---- one row ---- */

/* The columns of an export, in its order. */
#define EXPORT_COLUMNS                                                                             \
  "records.id, run_id, records.kind, device_id, port, usb_serial, operator, station, started_us,"  \
  " finished_us, recipe_name, recipe_hash, verdict, outcome, summary, role, batch, label, waived"

#define JSON_COLUMNS EXPORT_COLUMNS ", document, records.sequence"
#define COLUMN_RECIPE_HASH 11

static const struct
{
  const char *csv;
  const char *json; /* with what goes before it */
  gboolean is_time;
  gboolean is_number;
} columns[] = {
  { "id", "{\"id\":" },
  { "run_id", ",\"runId\":" },
  { "kind", ",\"kind\":" },
  { "device_id", ",\"deviceId\":" },
  { "port", ",\"port\":" },
  { "usb_serial", ",\"usbSerial\":" },
  { "operator", ",\"operator\":" },
  { "station", ",\"station\":" },
  { "started", ",\"started\":", TRUE },
  { "finished", ",\"finished\":", TRUE },
  { "recipe_name", ",\"recipeName\":" },
  { "recipe_hash", ",\"recipeHash\":" },
  { "verdict", ",\"verdict\":" },
  { "outcome", ",\"outcome\":" },
  { "summary", ",\"summary\":" },
  { "role", ",\"role\":" },
  { "batch", ",\"batch\":" },
  { "label", ",\"label\":" },
  { "waived", ",\"waived\":", .is_number = TRUE },
};

static void
append_csv_header (GString *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", columns[i].csv);
  g_string_append (text, "\r\n");
}

static void
append_csv (GString *text, sqlite3_stmt *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (!columns[i].is_time)
        {
          lks_csv_append_cell (text, lks_sql_column (row, (int) i));
          continue;
        }
      g_string_append (text, ",\"");
      lks_record_append_time (text, sqlite3_column_int64 (row, (int) i));
      g_string_append_c (text, '"');
    }
  g_string_append (text, "\r\n");
}

/* What is in the file may be anybody's, and JSON is UTF-8. */
static void
append_json_text (GString *text, const char *value)
{
  g_autofree char *valid = NULL;
  gsize size_bytes;

  if (value == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  size_bytes = strlen (value);
  if (!g_utf8_validate (value, (gssize) size_bytes, NULL))
    {
      value = valid = g_utf8_make_valid (value, (gssize) size_bytes);
      size_bytes = strlen (value);
    }
  lks_chain_append_string (text, value, size_bytes);
}

typedef struct
{
  LksSql *sql;          /* (owned) */
  sqlite3_stmt *rows;   /* (owned) */
  sqlite3_stmt *recipe; /* (owned) */
  sqlite3_stmt *chain;  /* (owned): of runs, in the same order as @rows */
  gint64 chain_row;     /* where @chain stands; 0: at its end */
  GHashTable *recipes;  /* (owned): hash → text as JSON; a station has a few */
  GString *text;        /* (owned): not written yet */
} Export;

static void
export_clear (Export *self)
{
  sqlite3_finalize (self->rows);
  sqlite3_finalize (self->recipe);
  sqlite3_finalize (self->chain);
  g_clear_pointer (&self->recipes, g_hash_table_unref);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  lks_sql_close (self->sql);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

/* "null" when the ledger is damaged. */
static const char *
find_recipe (Export *self, const char *hash)
{
  const char *known = g_hash_table_lookup (self->recipes, hash != NULL ? hash : "");
  g_autoptr (GString) json = NULL;

  if (known != NULL || hash == NULL)
    return known != NULL ? known : "null";

  json = g_string_new (NULL);
  lks_sql_bind (self->recipe, ":hash", hash);
  append_json_text (json, sqlite3_step (self->recipe) == SQLITE_ROW
                              ? lks_sql_column (self->recipe, 0)
                              : NULL);
  sqlite3_reset (self->recipe);
  known = json->str;
  g_hash_table_insert (self->recipes, g_strdup (hash),
                       g_string_free (g_steal_pointer (&json), FALSE));
  return known;
}

static void
step_chain (Export *self)
{
  self->chain_row =
      sqlite3_step (self->chain) == SQLITE_ROW ? sqlite3_column_int64 (self->chain, 0) : 0;
}

/* Both are read from the newest to the oldest: to look up the entry of each record would take
 * longer than all the rest. Where records lie far apart it is looked up all the same. */
static gboolean
find_entry (Export *self, gint64 row)
{
  if (self->chain_row > row + FAR || self->chain_row < row)
    {
      sqlite3_reset (self->chain);
      lks_sql_bind_int (self->chain, ":row", row);
      step_chain (self);
    }
  while (self->chain_row > row)
    step_chain (self);
  return self->chain_row == row;
}

static void
append_value (GString *text, sqlite3_stmt *row, int column)
{
  if (columns[column].is_time)
    {
      g_string_append_c (text, '"');
      lks_record_append_time (text, sqlite3_column_int64 (row, column));
      g_string_append_c (text, '"');
    }
  else if (columns[column].is_number)
    g_string_append (text, lks_sql_column (row, column));
  else
    append_json_text (text, lks_sql_column (row, column));
}

/* The document is JSON already (the ledger takes nothing else) and goes out byte for byte. */
static void
append_json (Export *self)
{
  GString *text = self->text;
  sqlite3_stmt *row = self->rows;
  const int n_columns = (int) G_N_ELEMENTS (columns);
  gboolean has_entry;

  for (int i = 0; i < n_columns; i++)
    {
      g_string_append (text, columns[i].json);
      append_value (text, row, i);
    }
  g_string_append (text, ",\"recipeText\":");
  g_string_append (text, find_recipe (self, lks_sql_column (row, COLUMN_RECIPE_HASH)));
  has_entry = find_entry (self, sqlite3_column_int64 (row, n_columns + 1));
  g_string_append (text, ",\"signedBy\":");
  append_json_text (text, has_entry ? lks_sql_column (self->chain, 1) : NULL);
  g_string_append (text, ",\"unsigned\":");
  append_json_text (text, has_entry ? lks_sql_column (self->chain, 2) : NULL);
  g_string_append (text, ",\"document\":");
  g_string_append (text, lks_sql_column (row, n_columns));
  g_string_append_c (text, '}');
}

/* ---- all rows ---- */

static gboolean
write_text (GOutputStream *stream, GString *text, GCancellable *cancellable, GError **error)
{
  gboolean good =
      g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);

  g_string_truncate (text, 0);
  return good;
}

static sqlite3_stmt *
prepare_export (LksSql *sql, const LksLedgerQuery *query, LksExportFormat format, GError **error)
{
  const gboolean is_json = format == LKS_EXPORT_FORMAT_JSON;
  g_autofree char *where = lks_ledger_query_to_sql (query);
  g_autofree char *text =
      g_strconcat ("SELECT ", is_json ? JSON_COLUMNS : EXPORT_COLUMNS, " FROM records", where,
                   lks_ledger_query_is_narrow (query) ? " ORDER BY +records.sequence DESC"
                                                      : " ORDER BY records.sequence DESC",
                   " LIMIT :limit OFFSET :offset", NULL);
  sqlite3_stmt *statement = lks_sql_prepare (sql, text, error);

  if (statement == NULL)
    return NULL;

  lks_ledger_query_bind (query, statement);
  lks_sql_bind_int (statement, ":limit", query->limit > 0 ? (gint64) query->limit : -1);
  lks_sql_bind_int (statement, ":offset", query->offset);
  return statement;
}

static gboolean
open_export (Export *self,
             const char *path,
             const LksLedgerQuery *query,
             LksExportFormat format,
             GError **error)
{
  self->text = g_string_sized_new (FLUSH_BYTES * 2);
  self->recipes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return (self->sql = lks_sql_open (path, error)) != NULL &&
         lks_sql_run (self->sql, "PRAGMA query_only=ON; BEGIN", error) &&
         (self->rows = prepare_export (self->sql, query, format, error)) != NULL &&
         (self->recipe = lks_sql_prepare (self->sql, "SELECT text FROM recipes WHERE hash = :hash",
                                          error)) != NULL &&
         (self->chain = lks_sql_prepare (self->sql,
                                         "SELECT row, key, unsigned FROM chain WHERE kind = 'run'"
                                         " AND row <= :row ORDER BY row DESC",
                                         error)) != NULL;
}

static gboolean
write_rows (Export *self,
            LksExportFormat format,
            GOutputStream *stream,
            GCancellable *cancellable,
            GError **error)
{
  gboolean is_first = TRUE;
  int rc;

  while ((rc = sqlite3_step (self->rows)) == SQLITE_ROW)
    {
      if (format == LKS_EXPORT_FORMAT_JSON)
        {
          g_string_append (self->text, is_first ? "\n" : ",\n");
          append_json (self);
        }
      else
        append_csv (self->text, self->rows);
      is_first = FALSE;
      if (self->text->len >= FLUSH_BYTES && !write_text (stream, self->text, cancellable, error))
        return FALSE;
    }
  return lks_sql_check (self->sql, rc, "exporting records", error);
}

/**
 * lks_ledger_export:
 * @ledger: a ledger
 * @query: which records
 * @format: CSV or JSON
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError] or the stream's error
 *
 * Writes records, the last added first, by the state of one moment and over a connection of its
 * own: memory does not grow with their number, and the ledger can be used meanwhile. Any thread;
 * blocks.
 *
 * Returns: whether all was written
 */
gboolean
lks_ledger_export (LksLedger *ledger,
                   const LksLedgerQuery *query,
                   LksExportFormat format,
                   GOutputStream *stream,
                   GCancellable *cancellable,
                   GError **error)
{
  g_auto (Export) self = { NULL };

  if (!lks_ledger_query_check (query, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !open_export (&self, lks_ledger_get_path (ledger), query, format, error))
    return FALSE;

  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append_c (self.text, '[');
  else
    append_csv_header (self.text);
  if (!write_rows (&self, format, stream, cancellable, error))
    return FALSE;
  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append (self.text, "\n]\n");
  return write_text (stream, self.text, cancellable, error);
}
