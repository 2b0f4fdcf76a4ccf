/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back to an older schema, for an older Locksmith. */
#include "lks-chain-private.h"
#include "lks-ledger-private.h"
#include "lks-ledger-verify.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What an older schema has no place for. */
typedef struct
{
  const char *count; /* a query */
  const char *what;
} Loss;

typedef struct
{
  Loss losses[3];   /* ended by an empty one */
  const char *down; /* takes back what the migration to this version has made */
} Step;

/* steps[n] leads from version n + 2 to n + 1. */
static const Step steps[LKS_LEDGER_SCHEMA_VERSION - 1] = {
  { { { "SELECT count(*) FROM service_sessions", "servicing sessions" } },
    "DROP TABLE service_events;"
    "DROP TABLE service_sessions;" },

  { { { "SELECT count(*) FROM chain",
        "entries of the chain, which prove that nothing was changed" },
      { "SELECT count(*) FROM signatures", "signatures" } },
    "DROP TABLE signatures;"
    "DROP TABLE station_keys;"
    "DROP TABLE chain;"
    "DROP TABLE ledger;" },

  { { { NULL, NULL } },
    "DROP INDEX records_by_verdict_start;"
    "DROP INDEX records_by_recipe_name;"
    "DROP INDEX records_by_recipe_hash;"
    "DROP INDEX records_by_serial;"
    "DROP INDEX service_sessions_by_serial;"
    "CREATE INDEX records_by_verdict ON records (verdict);" },

  { { { "SELECT count(*) FROM records WHERE role IS NOT NULL OR batch IS NOT NULL"
        " OR label IS NOT NULL",
        "records with a role, a batch or a label" },
      { "SELECT count(*) FROM records WHERE waived <> 0", "records with waived checks" } },
    "DROP INDEX records_by_batch;"
    "DROP INDEX records_by_label;"
    "ALTER TABLE records DROP COLUMN waived;"
    "ALTER TABLE records DROP COLUMN label;"
    "ALTER TABLE records DROP COLUMN batch;"
    "ALTER TABLE records DROP COLUMN role;" },

  { { { NULL, NULL } }, "DROP TABLE outbox;" },

  /* The claims that wait stay in the journal. */
  { { { NULL, NULL } },
    "DROP TRIGGER claims_end;"
    "DROP TRIGGER claims_wait;"
    "DROP TABLE waiting_claims;" },
};

static gboolean
add_losses (LksSql *sql, const Step *step, GPtrArray *found, GError **error)
{
  for (const Loss *loss = step->losses; loss->count != NULL; loss++)
    {
      gint64 count;

      if (!lks_sql_read_int (sql, loss->count, &count, error))
        return FALSE;
      if (count > 0)
        g_ptr_array_add (found, g_strdup_printf ("%" G_GINT64_FORMAT " %s", count, loss->what));
    }
  return TRUE;
}

/* Losses that the chain would show cannot be accepted: what is left would count as changed. */
static gboolean
check_losses (LksSql *sql, gint64 from, guint to, gboolean accept_loss, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;

  for (gint64 version = from; version > (gint64) to; version--)
    if (!add_losses (sql, &steps[version - 2], found, error))
      return FALSE;
  if (found->len == 0 || (accept_loss && to < LKS_LEDGER_CHAIN_VERSION))
    return TRUE;

  g_ptr_array_add (found, NULL);
  list = g_strjoinv (", ", (char **) found->pdata);
  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "version %u of the ledger has no place for: %s; nothing was changed", to, list);
  return FALSE;
}

static gboolean
check_chain (LksSql *sql, GError **error)
{
  g_autoptr (LksVerifyReport) report =
      lks_chain_verify (sql, &(LksVerifyOptions){ 0 }, NULL, NULL, error);

  if (report == NULL)
    return FALSE;
  if (report->n_problems == 0)
    return TRUE;

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
               "the records are not as they were written: %s; nothing was changed; keep the file "
               "for whoever finds out why",
               ((LksVerifyProblem *) report->problems->pdata[0])->text);
  return FALSE;
}

static gboolean
step_down (LksSql *sql, gint64 from, guint to, GError **error)
{
  g_autofree char *done = g_strdup_printf ("DELETE FROM migrations WHERE version > %u;"
                                           "PRAGMA user_version=%u",
                                           to, to);

  for (gint64 version = from; version > (gint64) to; version--)
    if (!lks_sql_run (sql, steps[version - 2].down, error))
      return FALSE;
  return lks_sql_run (sql, done, error) &&
         (to < LKS_LEDGER_CHAIN_VERSION || check_chain (sql, error));
}

/* A copy beside the ledger, for its owner only, which replaces nothing. */
static char *
make_copy (LksSql *sql, const char *path, gint64 version, GError **error)
{
  g_autofree char *copy =
      g_strdup_printf ("%s.version-%d-%" G_GINT64_FORMAT, path, (int) version, g_get_real_time ());
  g_autoptr (sqlite3_stmt) statement = NULL;
  const int fd = g_open (copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED,
                   "%s: the copy cannot be made: %s; nothing was changed", copy,
                   g_strerror (errno));
      return NULL;
    }
  close (fd);

  statement = lks_sql_prepare (sql, "VACUUM INTO :copy", error);
  if (statement != NULL)
    {
      lks_sql_bind (statement, ":copy", copy);
      if (lks_sql_check (sql, sqlite3_step (statement), "copying the ledger", error))
        return g_steal_pointer (&copy);
    }
  g_unlink (copy);
  return NULL;
}

static gboolean
check_versions (LksSql *sql, const char *path, guint to, gint64 *out_from, GError **error)
{
  if (!lks_ledger_schema_read_version (sql, path, out_from, error))
    return FALSE;
  if (to >= 1 && (gint64) to < *out_from)
    return TRUE;

  g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
               "%s: this is version %d of the ledger: choose an older one, from 1 on", path,
               (int) *out_from);
  return FALSE;
}

/* In one transaction, in which what is lost is counted once more. */
static gboolean
downgrade_locked (LksSql *sql,
                  const char *path,
                  guint to,
                  gboolean accept_loss,
                  char **out_copy,
                  GError **error)
{
  g_autofree char *copy = NULL;
  gint64 from;

  if (!check_versions (sql, path, to, &from, error) ||
      !check_losses (sql, from, to, accept_loss, error) ||
      (copy = make_copy (sql, path, from, error)) == NULL)
    return FALSE;

  if (lks_sql_run (sql, "BEGIN IMMEDIATE", error) &&
      lks_ledger_commit (sql,
                         check_versions (sql, path, to, &from, error) &&
                             check_losses (sql, from, to, accept_loss, error) &&
                             step_down (sql, from, to, error),
                         error))
    {
      *out_copy = g_steal_pointer (&copy);
      return TRUE;
    }
  g_unlink (copy);
  return FALSE;
}

/**
 * lks_ledger_downgrade:
 * @path: the file of a ledger that no program has open
 * @version: the schema it shall have: what an older Locksmith knows
 * @accept_loss: whether servicing sessions, the chain and signatures may go, when @version has no
 *   place for them; what the chain itself would miss may never go
 * @out_copy: (out) (transfer full): gets the path of the copy, which keeps everything
 * @error: return location for a [error@Lks.LedgerError]: INVALID says what would be lost
 *
 * Brings a ledger back to an older schema, all or nothing, and checks its chain. A copy of what was
 * there is made beside it first. Opening the ledger with this Locksmith brings it up again. Any
 * thread; blocks, some seconds for 100,000 records.
 *
 * Returns: whether the file now has the schema @version
 */
gboolean
lks_ledger_downgrade (const char *path,
                      guint version,
                      gboolean accept_loss,
                      char **out_copy,
                      GError **error)
{
  g_autoptr (LksSql) sql = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND, "%s: there is no ledger",
                   path);
      return FALSE;
    }
  if ((sql = lks_sql_open (path, error)) == NULL)
    return FALSE;
  return downgrade_locked (sql, path, version, accept_loss, out_copy, error);
}
