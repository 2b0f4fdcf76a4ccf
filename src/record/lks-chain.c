/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain: what makes a change of the ledger show.
 *
 * Each row of the four tables below has one entry in the table "chain". The entry's canonical text
 * is a JSON object that holds all columns of the row and the hash of the entry before; its SHA-256
 * is the entry's hash. Who changes a row must change all hashes from there to the newest, which
 * somebody may have written down, and a later signature covers.
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
    " verdict, outcome, summary, document FROM records LEFT JOIN recipes ON hash = recipe_hash"
    " WHERE records.sequence = :row" },
  { LKS_CHAIN_KIND_JOURNAL, "journal",
    "SELECT sequence, run_id, device_id, target, step, phase, at_us, data FROM journal"
    " WHERE sequence = :row" },
  { LKS_CHAIN_KIND_SESSION, "service_sessions",
    "SELECT sequence, id, device_id, device_id_reversed, port, usb_serial, operator, station,"
    " started_us, task, note, fingerprint, capabilities, signer, document FROM service_sessions"
    " WHERE sequence = :row" },
  { LKS_CHAIN_KIND_EVENT, "service_events",
    "SELECT sequence, session_id, kind, at_us, method, path, http_status, reason, document"
    " FROM service_events WHERE sequence = :row" },
};

struct _LksChainReader
{
  LksSql *sql;
  sqlite3_stmt *queries[LKS_CHAIN_N_KINDS]; /* (owned), as they are needed */
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
append_row (GString *text, sqlite3_stmt *row)
{
  for (int i = 0; i < sqlite3_column_count (row); i++)
    {
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

/**
 * lks_chain_reader_new:
 * @sql: a connection, which must outlive the reader
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): what reads entries' canonical texts, or NULL with @error set
 */
LksChainReader *
lks_chain_reader_new (LksSql *sql, GError **error)
{
  g_autoptr (LksChainReader) self = g_new0 (LksChainReader, 1);

  self->sql = sql;
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    {
      self->queries[i] = lks_sql_prepare (sql, lks_chain_kinds[i].query, error);
      if (self->queries[i] == NULL)
        return NULL;
    }
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
find_query (LksChainReader *self, const char *kind)
{
  for (gsize i = 0; i < LKS_CHAIN_N_KINDS; i++)
    if (g_strcmp0 (lks_chain_kinds[i].name, kind) == 0)
      return self->queries[i];

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
  sqlite3_stmt *query = find_query (self, entry->kind);
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
      append_row (out_text, query);
      g_string_append_c (out_text, '}');
    }
  if (!lks_sql_check (self->sql, rc, "reading a record", error))
    return FALSE;

  sqlite3_reset (query);
  return TRUE;
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

/* The hash that the next entry follows. */
static char *
dup_head (LksSql *sql, gint64 *out_sequence, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql, "SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1",
                       error);
  int rc;

  if (statement == NULL)
    return NULL;

  *out_sequence = 0;
  rc = sqlite3_step (statement);
  if (!lks_sql_check (sql, rc, "reading the chain", error))
    return NULL;
  if (rc != SQLITE_ROW)
    return lks_chain_dup_ledger_id (sql, error);

  *out_sequence = sqlite3_column_int64 (statement, 0);
  return g_strdup (lks_sql_column (statement, 1));
}

static gboolean
insert_entry (LksSql *sql, const LksChainEntry *entry, const char *hash, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "INSERT INTO chain (" LKS_CHAIN_COLUMNS ")"
      " VALUES (:sequence, :kind, :row, :id, :state, :previous, :key, :unsigned, :hash)",
      error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind_int (statement, ":sequence", entry->sequence);
  lks_sql_bind (statement, ":kind", entry->kind);
  lks_sql_bind_int (statement, ":row", entry->row);
  lks_sql_bind (statement, ":id", entry->id);
  lks_sql_bind (statement, ":state", entry->state);
  lks_sql_bind (statement, ":previous", entry->previous);
  lks_sql_bind (statement, ":key", entry->key);
  lks_sql_bind (statement, ":unsigned", entry->unsigned_reason);
  lks_sql_bind (statement, ":hash", hash);
  return lks_sql_check (sql, sqlite3_step (statement), "adding to the chain", error);
}

/* Completes @entry and adds it as the newest. */
static gboolean
append (LksSql *sql, LksChainReader *reader, LksChainEntry *entry, GError **error)
{
  gint64 last = 0;
  g_autofree char *previous = dup_head (sql, &last, error);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *hash = NULL;
  gboolean found;

  if (previous == NULL)
    return FALSE;

  entry->sequence = last + 1;
  entry->previous = previous;
  if (!lks_chain_reader_read (reader, entry, text, &found, error))
    return FALSE;

  g_assert (found); /* we have just read or written it in this very transaction */
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
  return insert_entry (sql, entry, hash, error);
}

/**
 * lks_chain_append:
 * @sql: a locked connection in the transaction that has just inserted a row
 * @kind: of which kind the row is
 * @id: UUID of the record, the run or the session
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Adds an entry for the row inserted last. The transaction must have begun "immediate", so that
 * no other program appends between reading the newest entry and following it.
 *
 * Returns: whether it was added
 */
gboolean
lks_chain_append (LksSql *sql, const char *kind, const char *id, GError **error)
{
  g_autoptr (LksChainReader) reader = lks_chain_reader_new (sql, error);
  LksChainEntry entry = {
    .kind = kind,
    .id = id,
    .state = LKS_CHAIN_STATE_WRITTEN,
    .unsigned_reason = LKS_CHAIN_NO_KEY,
  };

  return reader != NULL &&
         lks_sql_read_int (sql, "SELECT last_insert_rowid()", &entry.row, error) &&
         append (sql, reader, &entry, error);
}

static gboolean
name_ledger (LksSql *sql, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (sqlite3_stmt) insert =
      lks_sql_prepare (sql, "INSERT INTO ledger (id) VALUES (:id)", error);

  if (insert == NULL)
    return FALSE;

  lks_sql_bind (insert, ":id", id);
  return lks_sql_check (sql, sqlite3_step (insert), "naming the ledger", error);
}

static gboolean
chain_old (LksSql *sql, GError **error)
{
  g_autoptr (LksChainReader) reader = lks_chain_reader_new (sql, error);
  g_autoptr (sqlite3_stmt) rows =
      lks_sql_prepare (sql,
                       "SELECT 'run', sequence, id, finished_us AS at FROM records"
                       " UNION ALL SELECT 'journal', sequence, run_id, at_us FROM journal"
                       " UNION ALL SELECT 'session', sequence, id, started_us FROM service_sessions"
                       " UNION ALL SELECT 'event', sequence, session_id, at_us FROM service_events"
                       " ORDER BY 4, 1 DESC, 2",
                       error);
  int rc;

  if (reader == NULL || rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      LksChainEntry entry = {
        .kind = lks_sql_column (rows, 0),
        .row = sqlite3_column_int64 (rows, 1),
        .id = lks_sql_column (rows, 2),
        .state = LKS_CHAIN_STATE_MIGRATED,
        .unsigned_reason = LKS_CHAIN_BEFORE,
      };

      if (!append (sql, reader, &entry, error))
        return FALSE;
    }
  return lks_sql_check (sql, rc, "reading the ledger", error);
}

/**
 * lks_chain_migrate:
 * @sql: a locked connection in the transaction that has just made the tables of the chain
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Gives the ledger its ID, and chains what is in it already, in the order of time, as "migrated":
 * the chain says nothing of what happened to those before.
 *
 * Returns: whether that was written
 */
gboolean
lks_chain_migrate (LksSql *sql, GError **error)
{
  return name_ledger (sql, error) && chain_old (sql, error);
}
