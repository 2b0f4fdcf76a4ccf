/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes from this ledger to a shared one, and how far it has gone. */
#include "lks-ledger-outbox.h"

#include "lks-chain-private.h"
#include "lks-ledger-private.h"

/**
 * lks_outbox_entry_free:
 * @self: (transfer full): an entry
 */
void
lks_outbox_entry_free (LksOutboxEntry *self)
{
  g_free (self->kind);
  g_free (self->id);
  g_free (self->state);
  g_free (self->previous);
  g_free (self->key);
  g_free (self->unsigned_reason);
  g_free (self->hash);
  g_free (self->text);
  g_free (self);
}

/**
 * lks_outbox_signature_free:
 * @self: (transfer full): a signature
 */
void
lks_outbox_signature_free (LksOutboxSignature *self)
{
  g_free (self->key);
  g_free (self->pem);
  g_free (self->signature);
  g_free (self);
}

/**
 * lks_ledger_dup_id:
 * @self: a ledger
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full): the UUID of the ledger, or NULL with @error set
 */
char *
lks_ledger_dup_id (LksLedger *self, GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  char *id;

  lks_sql_lock (sql);
  id = lks_chain_dup_ledger_id (sql, error);
  lks_sql_unlock (sql);
  return id;
}

/* ---- how far ---- */

static gboolean
get_locked (LksSql *sql, const char *place, LksOutboxCursor *out_cursor, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql, "SELECT sequence, signature_row, confirmed_us FROM outbox WHERE place = :place", error);
  int rc;

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":place", place);
  rc = sqlite3_step (statement);
  *out_cursor = (LksOutboxCursor){ 0 };
  if (rc == SQLITE_ROW)
    *out_cursor = (LksOutboxCursor){
      .sequence = sqlite3_column_int64 (statement, 0),
      .signature_row = sqlite3_column_int64 (statement, 1),
      .confirmed_us = sqlite3_column_int64 (statement, 2),
    };
  return lks_sql_check (sql, rc, "reading the outbox", error);
}

/**
 * lks_ledger_outbox_get:
 * @self: a ledger
 * @place: names a shared ledger
 * @out_cursor: (out): how far this one was copied to it; zeroed when nothing is known
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: whether it could be read
 */
gboolean
lks_ledger_outbox_get (LksLedger *self,
                       const char *place,
                       LksOutboxCursor *out_cursor,
                       GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  gboolean good;

  lks_sql_lock (sql);
  good = get_locked (sql, place, out_cursor, error);
  lks_sql_unlock (sql);
  return good;
}

static gboolean
set_locked (LksSql *sql, const char *place, const LksOutboxCursor *cursor, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "INSERT INTO outbox (place, sequence, signature_row, confirmed_us)"
      " VALUES (:place, :sequence, :signature_row, :confirmed_us) ON CONFLICT (place) DO UPDATE"
      " SET sequence = excluded.sequence, signature_row = excluded.signature_row,"
      " confirmed_us = excluded.confirmed_us",
      error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":place", place);
  lks_sql_bind_int (statement, ":sequence", cursor->sequence);
  lks_sql_bind_int (statement, ":signature_row", cursor->signature_row);
  lks_sql_bind_int (statement, ":confirmed_us", cursor->confirmed_us);
  return lks_sql_check (sql, sqlite3_step (statement), "writing the outbox", error);
}

/**
 * lks_ledger_outbox_set:
 * @self: a ledger
 * @place: names a shared ledger
 * @cursor: how far this one is known to be there
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks for a disk write.
 *
 * Returns: whether it is on the disk
 */
gboolean
lks_ledger_outbox_set (LksLedger *self,
                       const char *place,
                       const LksOutboxCursor *cursor,
                       GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  gboolean good;

  lks_sql_lock (sql);
  good = lks_sql_run (sql, "BEGIN IMMEDIATE", error) &&
         lks_ledger_commit (sql, set_locked (sql, place, cursor, error), error);
  lks_sql_unlock (sql);
  return good;
}

/* The time of the oldest entry after the cursor; 0 when there is none. */
#define OLDEST                                                                                     \
  "SELECT CASE kind WHEN 'run' THEN (SELECT finished_us FROM records WHERE sequence = row)"        \
  " WHEN 'journal' THEN (SELECT at_us FROM journal WHERE journal.sequence = row)"                  \
  " WHEN 'session' THEN (SELECT started_us FROM service_sessions AS s WHERE s.sequence = row)"     \
  " ELSE (SELECT at_us FROM service_events AS e WHERE e.sequence = row) END"                       \
  " FROM chain WHERE chain.sequence > %" G_GINT64_FORMAT " ORDER BY chain.sequence LIMIT 1"

/**
 * lks_ledger_outbox_count:
 * @self: a ledger
 * @cursor: how far it was copied
 * @out_n_waiting: (out): how many entries were not
 * @out_oldest_us: (out): when the oldest of them was written, Unix microseconds; 0: there is none
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: whether they could be counted
 */
gboolean
lks_ledger_outbox_count (LksLedger *self,
                         const LksOutboxCursor *cursor,
                         guint64 *out_n_waiting,
                         gint64 *out_oldest_us,
                         GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  g_autofree char *count =
      g_strdup_printf ("SELECT count(*) FROM chain WHERE sequence > %" G_GINT64_FORMAT,
                       cursor->sequence);
  g_autofree char *oldest = g_strdup_printf (OLDEST, cursor->sequence);
  gint64 n_waiting = 0;
  gboolean good;

  lks_sql_lock (sql);
  good = lks_sql_read_int (sql, count, &n_waiting, error) &&
         lks_sql_read_int (sql, oldest, out_oldest_us, error);
  lks_sql_unlock (sql);
  *out_n_waiting = (guint64) n_waiting;
  return good;
}

/* ---- what goes out ---- */

/* What was changed here after it was written must not be spread. */
static gboolean
check_hash (const LksOutboxEntry *entry, gboolean found, GError **error)
{
  g_autofree char *computed = g_compute_checksum_for_string (G_CHECKSUM_SHA256, entry->text, -1);

  if (found && g_strcmp0 (computed, entry->hash) == 0)
    return TRUE;

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
               "entry %" G_GINT64_FORMAT
               " of the chain (%s %s) is not as it was written: it is not "
               "copied, nor is any after it; “locksmithctl records verify” tells more",
               entry->sequence, entry->kind, entry->id);
  return FALSE;
}

static LksOutboxEntry *
read_entry (LksChainReader *reader, sqlite3_stmt *row, GString *text, GError **error)
{
  g_autoptr (LksOutboxEntry) entry = g_new0 (LksOutboxEntry, 1);
  const char *hash;
  const LksChainEntry chained = lks_chain_entry_from_row (row, &hash);
  gboolean found;

  if (!lks_chain_reader_read (reader, &chained, text, &found, error))
    return NULL;

  *entry = (LksOutboxEntry){
    .sequence = chained.sequence,
    .kind = g_strdup (chained.kind),
    .row = chained.row,
    .id = g_strdup (chained.id),
    .state = g_strdup (chained.state),
    .previous = g_strdup (chained.previous),
    .key = g_strdup (chained.key),
    .unsigned_reason = g_strdup (chained.unsigned_reason),
    .hash = g_strdup (hash),
    .text = g_strndup (text->str, text->len),
  };
  return check_hash (entry, found, error) ? g_steal_pointer (&entry) : NULL;
}

static GPtrArray *
entries_locked (LksSql *sql, gint64 after, guint limit, gsize limit_bytes, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_outbox_entry_free);
  g_autoptr (LksChainReader) reader = lks_chain_reader_new (sql, error);
  g_autoptr (sqlite3_stmt) rows = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size_bytes = 0;
  int rc = SQLITE_DONE;

  if (reader == NULL ||
      (rows = lks_sql_prepare (sql,
                               "SELECT " LKS_CHAIN_COLUMNS " FROM chain WHERE sequence > :after"
                               " ORDER BY sequence LIMIT :limit",
                               error)) == NULL)
    return NULL;

  lks_sql_bind_int (rows, ":after", after);
  lks_sql_bind_int (rows, ":limit", limit);
  while (size_bytes < limit_bytes && (rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      LksOutboxEntry *entry = read_entry (reader, rows, text, error);

      if (entry == NULL)
        return NULL;
      size_bytes += text->len;
      g_ptr_array_add (entries, entry);
    }
  return lks_sql_check (sql, rc, "reading the chain", error) ? g_steal_pointer (&entries) : NULL;
}

/**
 * lks_ledger_outbox_entries:
 * @self: a ledger
 * @after: the entry before the first wanted one; 0: from the beginning
 * @limit: how many at most
 * @limit_bytes: no more are read when there are so many bytes of text
 * @error: return location for a [error@Lks.LedgerError], CORRUPT when one of them is not as it was
 *   written
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksOutboxEntry): entries in their order, or NULL with
 *   @error set
 */
GPtrArray *
lks_ledger_outbox_entries (LksLedger *self,
                           gint64 after,
                           guint limit,
                           gsize limit_bytes,
                           GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  GPtrArray *entries = NULL;

  lks_sql_lock (sql);
  if (lks_sql_run (sql, "BEGIN", error))
    {
      entries = entries_locked (sql, after, limit, limit_bytes, error);
      lks_sql_run (sql, "ROLLBACK", NULL);
    }
  lks_sql_unlock (sql);
  return entries;
}

/* By the index of the entries, and by the number of the row (which the + says): neither reads what
 * is older. */
#define SIGNATURES                                                                                 \
  "SELECT signatures.rowid AS number, sequence, key, pem, at_us, signature FROM signatures"        \
  " JOIN station_keys ON fingerprint = key WHERE "

static GPtrArray *
signatures_locked (LksSql *sql,
                   const LksOutboxCursor *after,
                   gint64 last,
                   guint limit,
                   GError **error)
{
  g_autoptr (GPtrArray) signatures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_outbox_signature_free);
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (
      sql,
      SIGNATURES "sequence > :sequence AND sequence <= :last UNION ALL " SIGNATURES
                 "signatures.rowid > :row AND +sequence <= :sequence ORDER BY number LIMIT :limit",
      error);
  int rc;

  if (rows == NULL)
    return NULL;

  lks_sql_bind_int (rows, ":sequence", after->sequence);
  lks_sql_bind_int (rows, ":row", after->signature_row);
  lks_sql_bind_int (rows, ":last", last);
  lks_sql_bind_int (rows, ":limit", limit);
  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      LksOutboxSignature *signature = g_new0 (LksOutboxSignature, 1);

      *signature = (LksOutboxSignature){
        .row = sqlite3_column_int64 (rows, 0),
        .sequence = sqlite3_column_int64 (rows, 1),
        .key = g_strdup (lks_sql_column (rows, 2)),
        .pem = g_strdup (lks_sql_column (rows, 3)),
        .at_us = sqlite3_column_int64 (rows, 4),
        .signature = g_strdup (lks_sql_column (rows, 5)),
      };
      g_ptr_array_add (signatures, signature);
    }
  return lks_sql_check (sql, rc, "reading the signatures", error) ? g_steal_pointer (&signatures)
                                                                  : NULL;
}

/**
 * lks_ledger_outbox_signatures:
 * @self: a ledger
 * @after: which are not wanted: those up to its row of entries up to its entry
 * @last_sequence: none of entries after this one, which is not before @after's
 * @limit: how many at most
 * @error: return location for a [error@Lks.LedgerError]
 *
 * A signature may be younger than those of later entries: those of entries after @after's come
 * whatever their row. Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksOutboxSignature): signatures in the order in which they
 *   were written, or NULL with @error set
 */
GPtrArray *
lks_ledger_outbox_signatures (LksLedger *self,
                              const LksOutboxCursor *after,
                              gint64 last_sequence,
                              guint limit,
                              GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  GPtrArray *signatures;

  lks_sql_lock (sql);
  signatures = signatures_locked (sql, after, last_sequence, limit, error);
  lks_sql_unlock (sql);
  return signatures;
}
