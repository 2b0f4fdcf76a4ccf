/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"
#include "lks-ledger-verify.h"

#include <string.h>

#define FLUSH_BYTES (256 * 1024)

static gboolean
append_signatures (GString *line,
                   LksSql *sql,
                   sqlite3_stmt *signatures,
                   gint64 sequence,
                   GError **error)
{
  gboolean first = TRUE;
  int rc;

  lks_sql_bind_int (signatures, ":sequence", sequence);
  while ((rc = sqlite3_step (signatures)) == SQLITE_ROW)
    {
      const char *key = lks_sql_column (signatures, 0);
      const char *signature = lks_sql_column (signatures, 2);

      g_string_append_printf (line, "%s{\"key\":", first ? "" : ",");
      lks_chain_append_string (line, key, strlen (key));
      g_string_append_printf (line, ",\"at_us\":%" G_GINT64_FORMAT ",\"signature\":",
                              (gint64) sqlite3_column_int64 (signatures, 1));
      lks_chain_append_string (line, signature, strlen (signature));
      g_string_append_c (line, '}');
      first = FALSE;
    }
  sqlite3_reset (signatures);
  return lks_sql_check (sql, rc, "reading the signatures", error);
}

/* Members and their order are described in locksmith-records(7). */
static gboolean
append_line (GString *line,
             LksSql *sql,
             LksChainReader *reader,
             sqlite3_stmt *signatures,
             GString *text,
             sqlite3_stmt *row,
             GError **error)
{
  const char *hash;
  const LksChainEntry entry = lks_chain_entry_from_row (row, &hash);
  gboolean found;

  if (!lks_chain_reader_read (reader, &entry, text, &found, error))
    return FALSE;

  g_string_append (line, "{\"hash\":");
  lks_chain_append_string (line, hash, strlen (hash));
  g_string_append (line, ",\"text\":");
  if (found)
    lks_chain_append_string (line, text->str, text->len);
  else
    g_string_append (line, "null");
  g_string_append (line, ",\"signatures\":[");
  if (!append_signatures (line, sql, signatures, entry.sequence, error))
    return FALSE;
  g_string_append (line, "]}\n");
  return TRUE;
}

static gboolean
flush (GOutputStream *stream,
       GString *lines,
       gsize limit_bytes,
       GCancellable *cancellable,
       GError **error)
{
  if (lines->len <= limit_bytes)
    return TRUE;
  if (!g_output_stream_write_all (stream, lines->str, lines->len, NULL, cancellable, error))
    return FALSE;

  g_string_truncate (lines, 0);
  return TRUE;
}

/**
 * lks_ledger_export_chain:
 * @self: a ledger
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError] or the stream's error
 *
 * Writes the whole chain, the oldest entry first, as JSON objects, one a line, with the canonical
 * text of each: enough to check it without Locksmith. Memory does not grow with the number of
 * entries. Any thread; blocks.
 *
 * Returns: whether all was written
 */
gboolean
lks_ledger_export_chain (LksLedger *self,
                         GOutputStream *stream,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (LksSql) sql = lks_sql_open (lks_ledger_get_path (self), error);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (LksChainReader) reader = NULL;
  g_autoptr (sqlite3_stmt) signatures = NULL;
  g_autoptr (sqlite3_stmt) rows = NULL;
  int rc;

  if (sql == NULL || !lks_sql_run (sql, "PRAGMA query_only=ON; BEGIN", error) ||
      (reader = lks_chain_reader_new (sql, error)) == NULL ||
      (signatures = lks_sql_prepare (sql,
                                     "SELECT key, at_us, signature FROM signatures"
                                     " WHERE sequence = :sequence ORDER BY at_us",
                                     error)) == NULL ||
      (rows = lks_sql_prepare (sql, "SELECT " LKS_CHAIN_COLUMNS " FROM chain ORDER BY sequence",
                               error)) == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    if (!append_line (lines, sql, reader, signatures, text, rows, error) ||
        !flush (stream, lines, FLUSH_BYTES, cancellable, error))
      return FALSE;

  return lks_sql_check (sql, rc, "reading the chain", error) &&
         flush (stream, lines, 0, cancellable, error);
}
