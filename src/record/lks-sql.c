/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sql.h"

#include "lks-ledger.h"

/* Of SQLite's virtual machine: well below a millisecond. */
#define INSTRUCTIONS_PER_LOOK 10000

struct _LksSql
{
  sqlite3 *db;  /* (owned) */
  char *path;   /* (owned) */
  GMutex mutex; /* around @db: errors belong to the connection, not to a call */
};

/* Extended codes carry the primary one in their low byte. */
static LksLedgerError
ledger_error_from_sqlite (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_FULL:
      return LKS_LEDGER_ERROR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return LKS_LEDGER_ERROR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return LKS_LEDGER_ERROR_BUSY;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return LKS_LEDGER_ERROR_DENIED;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return LKS_LEDGER_ERROR_INVALID;
    default:
      return LKS_LEDGER_ERROR_FAILED;
    }
}

static const char *
advice (LksLedgerError code)
{
  switch (code)
    {
    case LKS_LEDGER_ERROR_FULL:
      return "the disk is full: make room and try again; what was recorded before is safe";
    case LKS_LEDGER_ERROR_CORRUPT:
      return "the file is damaged or no ledger: nothing was changed; move it aside, keep it "
             "(“sqlite3 FILE .recover” reads what is left), and start again with a new one";
    case LKS_LEDGER_ERROR_BUSY:
      return "another program keeps it locked: close other copies of Locksmith and tools that "
             "have the file open, then try again";
    case LKS_LEDGER_ERROR_DENIED:
      return "the file or its folder cannot be opened for writing: check its owner and "
             "permissions, and whether the disk is mounted read-only";
    case LKS_LEDGER_ERROR_INVALID:
      return "the entry was refused";
    case LKS_LEDGER_ERROR_NOT_FOUND:
    case LKS_LEDGER_ERROR_NEWER:
    case LKS_LEDGER_ERROR_FAILED:
      break;
    }
  return "check the disk the file is on";
}

static void
set_error (const char *path, int rc, const char *detail, const char *doing, GError **error)
{
  LksLedgerError code = ledger_error_from_sqlite (rc);

  g_set_error (error, LKS_LEDGER_ERROR, code, "%s: %s: %s (%s)", path, doing, advice (code),
               detail);
}

static int
is_given_up_cb (void *unused)
{
  return g_cancellable_is_cancelled (g_cancellable_get_current ());
}

/* Going to WAL needs the file for itself for a moment, and SQLite does not always wait for it. */
static gboolean
enter_wal (LksSql *self, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + LKS_SQL_BUSY_TIMEOUT_MS * 1000;
  int rc;

  while ((rc = sqlite3_exec (self->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL)) ==
             SQLITE_BUSY &&
         g_get_monotonic_time () < deadline_us)
    sqlite3_sleep (5);

  return lks_sql_check (self, rc, "opening the ledger", error);
}

/**
 * lks_sql_open:
 * @path: the file; made when absent, readable for its owner only
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Opens a connection in WAL mode whose every commit is on the disk when it returns
 * (synchronous=FULL), and which waits up to %LKS_SQL_BUSY_TIMEOUT_MS for other programs.
 *
 * Returns: (transfer full): a connection, or NULL with @error set
 */
LksSql *
lks_sql_open (const char *path, GError **error)
{
  g_autoptr (LksSql) self = g_new0 (LksSql, 1);
  int rc;

  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  rc = sqlite3_open_v2 (path, &self->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (!lks_sql_check (self, rc, "opening the ledger", error))
    return NULL;

  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, LKS_SQL_BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_progress_handler (self->db, INSTRUCTIONS_PER_LOOK, is_given_up_cb, NULL);
  if (!enter_wal (self, error) ||
      !lks_sql_run (self, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_sql_close:
 * @self: (transfer full) (nullable): a connection
 */
void
lks_sql_close (LksSql *self)
{
  if (self == NULL)
    return;

  sqlite3_close (self->db);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/**
 * lks_sql_lock:
 * @self: a connection
 */
void
lks_sql_lock (LksSql *self)
{
  g_mutex_lock (&self->mutex);
}

/**
 * lks_sql_unlock:
 * @self: a connection
 */
void
lks_sql_unlock (LksSql *self)
{
  g_mutex_unlock (&self->mutex);
}

/**
 * lks_sql_push_cancellable:
 * @cancellable: (nullable): a cancellable
 *
 * Until lks_sql_pop_cancellable() what the calling thread does over any connection ends with
 * `G_IO_ERROR_CANCELLED` soon after @cancellable is cancelled, also in the middle of one statement.
 * For what only reads: whatever must get to the disk is not done in between.
 */
void
lks_sql_push_cancellable (GCancellable *cancellable)
{
  if (cancellable != NULL)
    g_cancellable_push_current (cancellable);
}

/**
 * lks_sql_pop_cancellable:
 * @cancellable: (nullable): what was pushed last
 */
void
lks_sql_pop_cancellable (GCancellable *cancellable)
{
  if (cancellable != NULL)
    g_cancellable_pop_current (cancellable);
}

/**
 * lks_sql_check:
 * @self: a connection
 * @rc: what SQLite returned
 * @doing: what was tried, for the message
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * The one place where SQLite's codes become ours.
 *
 * Returns: whether @rc means success
 */
gboolean
lks_sql_check (LksSql *self, int rc, const char *doing, GError **error)
{
  if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
    return TRUE;
  if ((rc & 0xff) == SQLITE_INTERRUPT &&
      g_cancellable_set_error_if_cancelled (g_cancellable_get_current (), error))
    return FALSE;

  set_error (self->path, rc, self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (rc),
             doing, error);
  return FALSE;
}

/**
 * lks_sql_run:
 * @self: a locked connection
 * @sql: statements without results
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether all of them ran
 */
gboolean
lks_sql_run (LksSql *self, const char *sql, GError **error)
{
  return lks_sql_check (self, sqlite3_exec (self->db, sql, NULL, NULL, NULL), "using the ledger",
                        error);
}

/**
 * lks_sql_prepare:
 * @self: a locked connection
 * @sql: one statement of ours; values are bound, never pasted
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: (transfer full): the statement, or NULL with @error set
 */
sqlite3_stmt *
lks_sql_prepare (LksSql *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (!lks_sql_check (self, sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL),
                      "using the ledger", error))
    return NULL;

  return statement;
}

/**
 * lks_sql_read_int:
 * @self: a locked connection
 * @sql: a query with one number as its result
 * @out_value: (out): the number
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether it could be read
 */
gboolean
lks_sql_read_int (LksSql *self, const char *sql, gint64 *out_value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (self, sql, error);
  int rc;

  if (statement == NULL)
    return FALSE;

  rc = sqlite3_step (statement);
  if (!lks_sql_check (self, rc, "reading the ledger", error))
    return FALSE;

  *out_value = rc == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
  return TRUE;
}

/**
 * lks_sql_get_last_row:
 * @self: a locked connection
 *
 * Returns: the number of the row that was inserted last
 */
gint64
lks_sql_get_last_row (LksSql *self)
{
  return sqlite3_last_insert_rowid (self->db);
}

/**
 * lks_sql_bind:
 * @statement: a statement
 * @parameter: a named parameter of it, with its colon
 * @text: (nullable): its value, which must outlive the statement
 */
void
lks_sql_bind (sqlite3_stmt *statement, const char *parameter, const char *text)
{
  int index = sqlite3_bind_parameter_index (statement, parameter);

  g_assert (index > 0);
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/**
 * lks_sql_bind_int:
 * @statement: a statement
 * @parameter: a named parameter of it, with its colon
 * @value: its value
 */
void
lks_sql_bind_int (sqlite3_stmt *statement, const char *parameter, gint64 value)
{
  int index = sqlite3_bind_parameter_index (statement, parameter);

  g_assert (index > 0);
  sqlite3_bind_int64 (statement, index, value);
}

/**
 * lks_sql_column:
 * @statement: a statement that stands on a row
 * @column: a column of its result, from 0
 *
 * Returns: (transfer none) (nullable): its text, until the next step
 */
const char *
lks_sql_column (sqlite3_stmt *statement, int column)
{
  return (const char *) sqlite3_column_text (statement, column);
}
