/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain: what makes a change of the ledger show.
 *
 * Each row of the four tables below has one entry in the table "chain". The entry's canonical text
 * is a JSON object that holds all columns of the row and the hash of the entry before; its SHA-256
 * is the entry's hash. Who changes a row must change all hashes from there to the newest, which
 * somebody may have written down, and a later signature covers.
 *
 * The four columns that records got later (role, batch, label, waived) are in the text of those
 * that have them: NULL, and 0 for "waived", is left out, so that older rows keep their texts.
 *
 * The text: no white space between tokens; members in the order of this file; integers in decimal;
 * texts byte for byte but for " and \ (with a \ before them) and the bytes below 0x20 (\u00xx,
 * small digits). That needs no JSON library that writes numbers or letters in its own way.
 */
#include "lks-chain-private.h"

#include "lks-ledger.h"

#include <string.h>

const LksChainKind lks_chain_kinds[LKS_CHAIN_N_KINDS] = {
  { LKS_CHAIN_KIND_RUN, "records",
    "SELECT records.sequence, id, run_id, kind, device_id, device_id_reversed, port, usb_serial,"
    " operator, station, started_us, finished_us, recipe_name, recipe_hash, text AS recipe_text,"
    " verdict, outcome, summary, document%s FROM records LEFT JOIN recipes ON hash = recipe_hash"
    " WHERE records.sequence = :row",
    ", role, batch, label, nullif (waived, 0) AS waived", 4 },
  { LKS_CHAIN_KIND_JOURNAL, "journal",
    "SELECT sequence, run_id, device_id, target, step, phase, at_us, data FROM journal"
    " WHERE sequence = :row",
    NULL, 0 },
  { LKS_CHAIN_KIND_SESSION, "service_sessions",
    "SELECT sequence, id, device_id, device_id_reversed, port, usb_serial, operator, station,"
    " started_us, task, note, fingerprint, capabilities, signer, document FROM service_sessions"
    " WHERE sequence = :row",
    NULL, 0 },
  { LKS_CHAIN_KIND_EVENT, "service_events",
    "SELECT sequence, session_id, kind, at_us, method, path, http_status, reason, document"
    " FROM service_events WHERE sequence = :row",
    NULL, 0 },
};

struct _LksChainReader
{
  LksSql *sql;
  sqlite3_stmt *queries[LKS_CHAIN_N_KINDS]; /* (owned) */
  int n_later[LKS_CHAIN_N_KINDS];           /* of the columns at the end of each */
};

/* Appends a JSON string as the canonical text has it. */
void
lks_chain_append_string (GString *text, const char *data, gsize size_bytes)
{
  gsize written = 0;

  g_string_append_c (text, '"');
  for (gsize i = 0; i < size_bytes; i++)
    {
      guchar c = (guchar) data[i];

      if (c != '"' && c != '\\' && c >= 0x20)
        continue;

      g_string_append_len (text, data + written, (gssize) (i - written));
      written = i + 1;
      if (c < 0x20)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_printf (text, "\\%c", c);
    }
  g_string_append_len (text, data + written, (gssize) (size_bytes - written));
  g_string_append_c (text, '"');
}

static void
append_text (GString *text, const char *value)
{
  if (value == NULL)
    g_string_append (text, "null");
  else
    lks_chain_append_string (text, value, strlen (value));
}

/* Our tables have integers, texts and NULLs only. A damaged or forged file may have the rest: it
 * then gets a text of its own, which no proper row has. */
static void
append_column (GString *text, sqlite3_stmt *row, int column)
{
  const guchar *bytes;

  switch (sqlite3_column_type (row, column))
    {
    case SQLITE_INTEGER:
      g_string_append_printf (text, "%" G_GINT64_FORMAT,
                              (gint64) sqlite3_column_int64 (row, column));
      break;
    case SQLITE_NULL:
      g_string_append (text, "null");
      break;
    case SQLITE_TEXT:
      bytes = sqlite3_column_text (row, column);
      lks_chain_append_string (text, (const char *) bytes,
                               (gsize) sqlite3_column_bytes (row, column));
      break;
    default:
      bytes = sqlite3_column_blob (row, column);
      g_string_append (text, "[\"not a text\"");
      for (int i = 0; i < sqlite3_column_bytes (row, column); i++)
        g_string_append_printf (text, ",%u", bytes[i]);
      g_string_append_c (text, ']');
    }
}

static void
append_row (GString *text, sqlite3_stmt *row, int n_later)
{
  const int n_columns = sqlite3_column_count (row);

  for (int i = 0; i < n_columns; i++)
    {
      if (i >= n_columns - n_later && sqlite3_column_type (row, i) == SQLITE_NULL)
        continue;
      g_string_append_printf (text, "%s\"%s\":", i == 0 ? "{" : ",", sqlite3_column_name (row, i));
      append_column (text, row, i);
    }
  g_string_append_c (text, '}');
}

static void
append_entry (GString *text, const LksChainEntry *entry)
{
  g_string_append_printf (text, "{\"format\":1,\"sequence\":%" G_GINT64_FORMAT ",\"previous\":",
                          entry->sequence);
  append_text (text, entry->previous);
  g_string_append (text, ",\"kind\":");
  append_text (text, entry->kind);
  g_string_append (text, ",\"id\":");
  append_text (text, entry->id);
  g_string_append (text, ",\"state\":");
  append_text (text, entry->state);
  g_string_append (text, ",\"key\":");
  append_text (text, entry->key);
  g_string_append (text, ",\"unsigned\":");
  append_text (text, entry->unsigned_reason);
  g_string_append (text, ",\"record\":");
}

/* @row is of a query for LKS_CHAIN_COLUMNS; the texts are valid until its next step. */
LksChainEntry
lks_chain_entry_from_row (sqlite3_stmt *row, const char **out_hash)
{
  const char *hash = lks_sql_column (row, 8);

  *out_hash = hash != NULL ? hash : "";
  return (LksChainEntry){
    .sequence = sqlite3_column_int64 (row, 0),
    .kind = lks_sql_column (row, 1),
    .row = sqlite3_column_int64 (row, 2),
    .id = lks_sql_column (row, 3),
    .state = lks_sql_column (row, 4),
    .previous = lks_sql_column (row, 5),
    .key = lks_sql_column (row, 6),
    .unsigned_reason = lks_sql_column (row, 7),
  };
}

/* A ledger on its way through the migrations may not have the later columns yet. */
static gboolean
prepare_query (LksChainReader *self, gsize kind, gboolean has_later, GError **error)
{
  const LksChainKind *what = &lks_chain_kinds[kind];
  const gboolean with_later = has_later && what->later != NULL;
  g_auto (GStrv) parts = g_strsplit (what->query, "%s", 2);
  g_autofree char *text = g_strjoinv (with_later ? what->later : "", parts);

  self->n_later[kind] = with_later ? what->n_later : 0;
  self->queries[kind] = lks_sql_prepare (self->sql, text, error);
  return self->queries[kind] != NULL;
}

/**
 * lks_chain_reader_new:
 * @sql: a connection, which must outlive the reader
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Reads ledgers of this and of older schemas, from the one that brought the chain.
 *
 * Returns: (transfer full): what reads entries' canonical texts, or NULL with @error set
 */
LksChainReader *
lks_chain_reader_new (LksSql *sql, GError **error)
{
  g_autoptr (LksChainReader) self = g_new0 (LksChainReader, 1);
  gint64 has_later;

  self->sql = sql;
  if (!lks_sql_read_int (sql,
                         "SELECT count(*) FROM pragma_table_info ('records') WHERE name = 'waived'",
                         &has_later, error))
    return NULL;
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    if (!prepare_query (self, i, has_later > 0, error))
      return NULL;
  return g_steal_pointer (&self);
}

void
lks_chain_reader_free (LksChainReader *self)
{
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    sqlite3_finalize (self->queries[i]);
  g_free (self);
}

static sqlite3_stmt *
find_query (LksChainReader *self, const char *kind, int *out_n_later)
{
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    if (g_strcmp0 (lks_chain_kinds[i].name, kind) == 0)
      {
        *out_n_later = self->n_later[i];
        return self->queries[i];
      }

  return NULL;
}

/**
 * lks_chain_reader_read:
 * @self: a reader
 * @entry: an entry
 * @out_text: gets its canonical text, made from what its row says now
 * @out_found: (out): whether there is such a row
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether the ledger could be read
 */
gboolean
lks_chain_reader_read (LksChainReader *self,
                       const LksChainEntry *entry,
                       GString *out_text,
                       gboolean *out_found,
                       GError **error)
{
  int n_later;
  sqlite3_stmt *query = find_query (self, entry->kind, &n_later);
  gboolean good;
  int rc;

  *out_found = FALSE;
  g_string_truncate (out_text, 0);
  if (query == NULL) /* a forged kind */
    return TRUE;

  lks_sql_bind_int (query, ":row", entry->row);
  rc = sqlite3_step (query);
  if (rc == SQLITE_ROW)
    {
      *out_found = TRUE;
      append_entry (out_text, entry);
      append_row (out_text, query, n_later);
      g_string_append_c (out_text, '}');
    }
  good = lks_sql_check (self->sql, rc, "reading a record", error);
  sqlite3_reset (query);
  return good;
}

/**
 * lks_chain_dup_ledger_id:
 * @sql: a locked connection
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): the UUID of the ledger, which the chain begins with; or NULL with
 *   @error set
 */
char *
lks_chain_dup_ledger_id (LksSql *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (sql, "SELECT id FROM ledger", error);
  int rc;

  if (statement == NULL)
    return NULL;

  rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    return g_strdup (lks_sql_column (statement, 0));
  if (lks_sql_check (sql, rc, "reading the ledger", error))
    g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
                         "the ledger has lost its ID: keep the file as it is, and go on with a "
                         "new one");
  return NULL;
}
