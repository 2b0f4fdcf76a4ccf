/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-writer.h"

#include "lks-ledger.h"

/* The statements of one connection, prepared once: a record costs no parsing of SQL. */
struct _LksChainWriter
{
  LksSql *sql;
  LksChainReader *reader;         /* (owned) */
  sqlite3_stmt *head;             /* (owned) */
  sqlite3_stmt *insert_entry;     /* (owned) */
  sqlite3_stmt *insert_key;       /* (owned) */
  sqlite3_stmt *insert_signature; /* (owned) */
  GString *text;                  /* (owned): of the entry being written */
};

/**
 * lks_chain_writer_new:
 * @sql: a locked connection with the tables of the chain; it must outlive the writer
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): what adds entries to the chain, or NULL with @error set
 */
LksChainWriter *
lks_chain_writer_new (LksSql *sql, GError **error)
{
  g_autoptr (LksChainWriter) self = g_new0 (LksChainWriter, 1);

  self->sql = sql;
  self->text = g_string_new (NULL);
  if ((self->reader = lks_chain_reader_new (sql, error)) == NULL)
    return NULL;

  self->head =
      lks_sql_prepare (sql, "SELECT sequence, hash FROM chain ORDER BY sequence DESC LIMIT 1",
                       error);
  if (self->head == NULL)
    return NULL;

  self->insert_entry = lks_sql_prepare (
      sql,
      "INSERT INTO chain (" LKS_CHAIN_COLUMNS ")"
      " VALUES (:sequence, :kind, :row, :id, :state, :previous, :key, :unsigned, :hash)",
      error);
  if (self->insert_entry == NULL)
    return NULL;

  self->insert_key = lks_sql_prepare (
      sql,
      "INSERT INTO station_keys (fingerprint, pem) SELECT :fingerprint, :pem"
      " WHERE NOT EXISTS (SELECT 1 FROM station_keys WHERE fingerprint = :fingerprint)",
      error);
  if (self->insert_key == NULL)
    return NULL;

  self->insert_signature =
      lks_sql_prepare (sql,
                       "INSERT INTO signatures (sequence, key, at_us, signature)"
                       " SELECT :sequence, :key, :at_us, :signature WHERE NOT EXISTS"
                       " (SELECT 1 FROM signatures WHERE sequence = :sequence AND key = :key)",
                       error);
  return self->insert_signature != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_chain_writer_free:
 * @self: (transfer full): a writer
 */
void
lks_chain_writer_free (LksChainWriter *self)
{
  sqlite3_finalize (self->head);
  sqlite3_finalize (self->insert_entry);
  sqlite3_finalize (self->insert_key);
  sqlite3_finalize (self->insert_signature);
  g_clear_pointer (&self->reader, lks_chain_reader_free);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* Runs an insert, and lets go of what was bound to it. */
static gboolean
run_insert (LksChainWriter *self, sqlite3_stmt *insert, const char *doing, GError **error)
{
  gboolean good = lks_sql_check (self->sql, sqlite3_step (insert), doing, error);

  sqlite3_reset (insert);
  sqlite3_clear_bindings (insert);
  return good;
}

/* The hash that the next entry follows. */
static char *
dup_head (LksChainWriter *self, gint64 *out_sequence, GError **error)
{
  const int rc = sqlite3_step (self->head);
  char *hash = NULL;

  *out_sequence = 0;
  if (!lks_sql_check (self->sql, rc, "reading the chain", error))
    ;
  else if (rc != SQLITE_ROW)
    hash = lks_chain_dup_ledger_id (self->sql, error);
  else
    {
      *out_sequence = sqlite3_column_int64 (self->head, 0);
      hash = g_strdup (lks_sql_column (self->head, 1));
    }
  sqlite3_reset (self->head);
  return hash;
}

static gboolean
insert_entry (LksChainWriter *self, const LksChainEntry *entry, const char *hash, GError **error)
{
  sqlite3_stmt *insert = self->insert_entry;

  lks_sql_bind_int (insert, ":sequence", entry->sequence);
  lks_sql_bind (insert, ":kind", entry->kind);
  lks_sql_bind_int (insert, ":row", entry->row);
  lks_sql_bind (insert, ":id", entry->id);
  lks_sql_bind (insert, ":state", entry->state);
  lks_sql_bind (insert, ":previous", entry->previous);
  lks_sql_bind (insert, ":key", entry->key);
  lks_sql_bind (insert, ":unsigned", entry->unsigned_reason);
  lks_sql_bind (insert, ":hash", hash);
  return run_insert (self, insert, "adding to the chain", error);
}

/**
 * lks_chain_writer_add_signature:
 * @self: a writer
 * @sequence: the entry
 * @key: the key that made @signature
 * @at_us: when, Unix time in microseconds
 * @signature: for lks_chain_dup_message()
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Keeps a signature, and the public half of its key. One entry has at most one of a key: the first.
 *
 * Returns: whether it was written
 */
gboolean
lks_chain_writer_add_signature (LksChainWriter *self,
                                gint64 sequence,
                                const LksStationKey *key,
                                gint64 at_us,
                                const char *signature,
                                GError **error)
{
  const char *fingerprint = lks_station_key_get_fingerprint (key);

  lks_sql_bind (self->insert_key, ":fingerprint", fingerprint);
  lks_sql_bind (self->insert_key, ":pem", lks_station_key_get_pem (key));
  if (!run_insert (self, self->insert_key, "keeping the station key", error))
    return FALSE;

  lks_sql_bind_int (self->insert_signature, ":sequence", sequence);
  lks_sql_bind (self->insert_signature, ":key", fingerprint);
  lks_sql_bind_int (self->insert_signature, ":at_us", at_us);
  lks_sql_bind (self->insert_signature, ":signature", signature);
  return run_insert (self, self->insert_signature, "signing the chain", error);
}

/* Makes the text of @entry, and its hash. */
static char *
make_hash (LksChainWriter *self, const LksChainEntry *entry, GError **error)
{
  gboolean found;

  if (!lks_chain_reader_read (self->reader, entry, self->text, &found, error))
    return NULL;

  g_assert (found); /* we have just read or written it in this very transaction */
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->text->str,
                                        (gssize) self->text->len);
}

static gboolean
append_signed (LksChainWriter *self,
               LksChainEntry *entry,
               const LksStationKey *key,
               gboolean *out_cannot_sign,
               GError **error)
{
  const gint64 at_us = g_get_real_time ();
  g_autofree char *hash = NULL;
  g_autofree char *message = NULL;
  g_autofree char *signature = NULL;

  *out_cannot_sign = FALSE;
  entry->key = lks_station_key_get_fingerprint (key);
  if ((hash = make_hash (self, entry, error)) == NULL)
    return FALSE;

  message = lks_chain_dup_message (hash, at_us);
  if ((signature = lks_station_key_sign (key, message, error)) == NULL)
    {
      *out_cannot_sign = TRUE;
      return FALSE;
    }
  return insert_entry (self, entry, hash, error) &&
         lks_chain_writer_add_signature (self, entry->sequence, key, at_us, signature, error);
}

static gboolean
append_unsigned (LksChainWriter *self, LksChainEntry *entry, GError **error)
{
  g_autofree char *hash = make_hash (self, entry, error);

  return hash != NULL && insert_entry (self, entry, hash, error);
}

/* Completes @entry and adds it as the newest. A key that fails costs the signature, not the
 * record. */
static gboolean
append (LksChainWriter *self, LksChainEntry *entry, const LksStationKey *key, GError **error)
{
  gint64 last = 0;
  g_autofree char *previous = dup_head (self, &last, error);
  g_autoptr (GError) local_error = NULL;
  gboolean cannot_sign;

  if (previous == NULL)
    return FALSE;

  entry->sequence = last + 1;
  entry->previous = previous;
  if (key == NULL)
    return append_unsigned (self, entry, error);
  if (append_signed (self, entry, key, &cannot_sign, &local_error))
    return TRUE;
  if (!cannot_sign)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  entry->key = NULL;
  entry->unsigned_reason = local_error->message;
  return append_unsigned (self, entry, error);
}

/**
 * lks_chain_writer_append:
 * @self: a writer, in the transaction that has just inserted a row
 * @kind: of which kind the row is
 * @id: UUID of the record, the run or the session
 * @key: (nullable): signs the entry
 * @unsigned_reason: (nullable): why there is no @key
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Adds an entry for the row inserted last. The transaction must have begun "immediate", so that
 * no other program appends between reading the newest entry and following it.
 *
 * Returns: whether it was added
 */
gboolean
lks_chain_writer_append (LksChainWriter *self,
                         const char *kind,
                         const char *id,
                         const LksStationKey *key,
                         const char *unsigned_reason,
                         GError **error)
{
  LksChainEntry entry = {
    .kind = kind,
    .id = id,
    .state = LKS_CHAIN_STATE_WRITTEN,
    .unsigned_reason = key == NULL ? unsigned_reason : NULL,
  };

  entry.row = lks_sql_get_last_row (self->sql);
  return append (self, &entry, key, error);
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

/* Everything that is in no chain. */
#define UNCHAINED                                                                                  \
  "SELECT * FROM (SELECT 'run' AS kind, sequence, id, finished_us AS at FROM records"              \
  " UNION ALL SELECT 'journal', sequence, run_id, at_us FROM journal"                              \
  " UNION ALL SELECT 'session', sequence, id, started_us FROM service_sessions"                    \
  " UNION ALL SELECT 'event', sequence, session_id, at_us FROM service_events) AS thing"           \
  " WHERE NOT EXISTS (SELECT 1 FROM chain WHERE chain.kind = thing.kind"                           \
  "                   AND chain.row = thing.sequence)"

#define IN_ORDER_OF_TIME " ORDER BY 4, 1 DESC, 2"

static gboolean
chain_old (LksSql *sql, const char *unsigned_reason, GError **error)
{
  g_autoptr (LksChainWriter) writer = lks_chain_writer_new (sql, error);
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (sql, UNCHAINED IN_ORDER_OF_TIME, error);
  int rc;

  if (writer == NULL || rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      LksChainEntry entry = {
        .kind = lks_sql_column (rows, 0),
        .row = sqlite3_column_int64 (rows, 1),
        .id = lks_sql_column (rows, 2),
        .state = LKS_CHAIN_STATE_MIGRATED,
        .unsigned_reason = unsigned_reason,
      };

      if (!append (writer, &entry, NULL, error))
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
  return name_ledger (sql, error) && chain_old (sql, LKS_CHAIN_BEFORE, error);
}

/**
 * lks_chain_find_unchained:
 * @sql: a locked connection
 * @out_found: (out): whether there is anything to adopt
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Looks through the whole ledger.
 *
 * Returns: whether it could be read
 */
gboolean
lks_chain_find_unchained (LksSql *sql, gboolean *out_found, GError **error)
{
  gint64 found;

  if (!lks_sql_read_int (sql, "SELECT EXISTS (" UNCHAINED ")", &found, error))
    return FALSE;

  *out_found = found != 0;
  return TRUE;
}

/**
 * lks_chain_adopt:
 * @sql: a locked connection in a transaction that began "immediate"
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Chains, as "migrated", what is in no chain: rows of a program that is older than the chain, and
 * that had the file open while a newer one made the chain.
 *
 * Returns: whether that was written
 */
gboolean
lks_chain_adopt (LksSql *sql, GError **error)
{
  return chain_old (sql, LKS_CHAIN_OLDER_PROGRAM, error);
}
