/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a shared ledger.
 *
 * Assumed of the server: PostgreSQL's protocol; TEXT, BIGINT and BYTEA; primary keys over several
 * columns; INSERT of many rows with ON CONFLICT DO NOTHING; transactions; CREATE and DROP with
 * IF [NOT] EXISTS. Nothing else is used (no triggers, procedures, sequences, collations, foreign
 * keys, or changes of tables inside transactions), so that distributed databases with the same
 * protocol do as well.
 *
 * Each step may have been interrupted anywhere, so each can be repeated; the version is written
 * last. */
#include "lks-share-private.h"

#include <string.h>

#define TRIES_MAX 5

/* What each version adds, and how it goes away again. Released texts never change. */
typedef struct
{
  const char *up[8];
  const char *down[8];
} Migration;

static const Migration migrations[LKS_SHARE_SCHEMA_VERSION] = {
  /* "text" is the canonical text byte for byte; the columns from "kind" on repeat what is in it, to
   * be searched. "device_key" is the device ID from its end on: bytes have one order everywhere. */
  { { "CREATE TABLE IF NOT EXISTS lks_entries ("
      " ledger_id TEXT NOT NULL, sequence BIGINT NOT NULL, hash TEXT NOT NULL, text BYTEA NOT NULL,"
      " kind TEXT, id TEXT, state TEXT, previous TEXT, signed_by TEXT, unsigned_reason TEXT,"
      " run_id TEXT, run_kind TEXT, device_id TEXT, device_key BYTEA, port TEXT, usb_serial TEXT,"
      " operator TEXT, station TEXT, started_us BIGINT, finished_us BIGINT, recipe_name TEXT,"
      " recipe_hash TEXT, verdict TEXT, outcome TEXT, summary TEXT, role TEXT, batch TEXT,"
      " label TEXT, waived BIGINT, PRIMARY KEY (ledger_id, sequence))",
      "CREATE TABLE IF NOT EXISTS lks_signatures ("
      " ledger_id TEXT NOT NULL, sequence BIGINT NOT NULL, signed_by TEXT NOT NULL,"
      " at_us BIGINT NOT NULL, signature TEXT NOT NULL,"
      " PRIMARY KEY (ledger_id, sequence, signed_by))",
      "CREATE TABLE IF NOT EXISTS lks_station_keys ("
      " fingerprint TEXT PRIMARY KEY, pem TEXT NOT NULL)",
      "CREATE TABLE IF NOT EXISTS lks_recipes (hash TEXT PRIMARY KEY, text TEXT NOT NULL)", NULL },
    { "DROP TABLE IF EXISTS lks_recipes", "DROP TABLE IF EXISTS lks_station_keys",
      "DROP TABLE IF EXISTS lks_signatures", "DROP TABLE IF EXISTS lks_entries", NULL } },

  { { "CREATE INDEX IF NOT EXISTS lks_entries_by_device ON lks_entries (device_key)",
      "CREATE INDEX IF NOT EXISTS lks_entries_by_start ON lks_entries (kind, started_us)",
      "CREATE INDEX IF NOT EXISTS lks_entries_by_verdict ON lks_entries (verdict, started_us)",
      "CREATE INDEX IF NOT EXISTS lks_entries_by_label ON lks_entries (label)",
      "CREATE INDEX IF NOT EXISTS lks_entries_by_batch ON lks_entries (batch, started_us)",
      "CREATE INDEX IF NOT EXISTS lks_entries_by_serial ON lks_entries (usb_serial)", NULL },
    { "DROP INDEX IF EXISTS lks_entries_by_serial", "DROP INDEX IF EXISTS lks_entries_by_batch",
      "DROP INDEX IF EXISTS lks_entries_by_label", "DROP INDEX IF EXISTS lks_entries_by_verdict",
      "DROP INDEX IF EXISTS lks_entries_by_start", "DROP INDEX IF EXISTS lks_entries_by_device",
      NULL } },
};

#define MIGRATIONS                                                                                 \
  "CREATE TABLE IF NOT EXISTS lks_migrations (version BIGINT PRIMARY KEY, applied_us BIGINT NOT "  \
  "NULL)"

/* Two who create the same at once get in each other's way even with IF NOT EXISTS. */
static gboolean
run_statement (LksShare *self, const char *sql, GCancellable *cancellable, GError **error)
{
  for (guint i = 0;; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (lks_pg_run_long (lks_share_get_pg (self), sql, cancellable, &local_error))
        return TRUE;
      if (i + 1 == TRIES_MAX ||
          !(g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_BUSY) ||
            strstr (local_error->message, "duplicate key") != NULL ||
            strstr (local_error->message, "already exists") != NULL))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
}

/**
 * lks_share_read_version:
 * @self: a connection
 * @out_version: (out): the schema there; 0: none
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether it could be read
 */
gboolean
lks_share_read_version (LksShare *self,
                        guint *out_version,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (PGresult) result =
      lks_pg_query (lks_share_get_pg (self), "SELECT max(version) FROM lks_migrations", NULL, 0,
                    cancellable, &local_error);

  *out_version = 0;
  if (g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP))
    return TRUE;
  if (result == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *out_version = (guint) lks_pg_get_int (result, 0, 0);
  return TRUE;
}

/* Whether this program can work with what is there. */
gboolean
lks_share_check_version (LksShare *self, GCancellable *cancellable, GError **error)
{
  guint version;

  if (!lks_share_read_version (self, &version, cancellable, error))
    return FALSE;
  if (version == LKS_SHARE_SCHEMA_VERSION)
    return TRUE;

  if (version > LKS_SHARE_SCHEMA_VERSION)
    g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NEWER,
                 "the shared ledger is of a newer Locksmith (version %u, this one knows %d)",
                 version, LKS_SHARE_SCHEMA_VERSION);
  else if (version == 0)
    g_set_error_literal (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP,
                         "there is no shared ledger in this database yet");
  else
    g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP,
                 "the shared ledger is of an older Locksmith (version %u instead of %d)", version,
                 LKS_SHARE_SCHEMA_VERSION);
  return FALSE;
}

static gboolean
run_all (LksShare *self, const char *const *statements, GCancellable *cancellable, GError **error)
{
  for (; *statements != NULL; statements++)
    if (!run_statement (self, *statements, cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
go_up (LksShare *self, guint version, GCancellable *cancellable, GError **error)
{
  g_autofree char *done = g_strdup_printf (
      "INSERT INTO lks_migrations (version, applied_us) VALUES (%u, %" G_GINT64_FORMAT
      ") ON CONFLICT DO NOTHING",
      version, g_get_real_time ());

  return run_all (self, migrations[version - 1].up, cancellable, error) &&
         run_statement (self, done, cancellable, error);
}

/* The tables go only when there is nothing in them. */
static gboolean
check_empty (LksShare *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (PGresult) result = lks_pg_query (lks_share_get_pg (self),
                                              "SELECT count(*) FROM (SELECT 1 FROM lks_entries"
                                              " LIMIT 1) AS found",
                                              NULL, 0, cancellable, error);

  if (result == NULL)
    return FALSE;
  if (lks_pg_get_int (result, 0, 0) == 0)
    return TRUE;

  g_set_error_literal (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_LOSS,
                       "the shared ledger has records, which would be lost: nothing was changed");
  return FALSE;
}

static gboolean
go_down (LksShare *self, guint version, GCancellable *cancellable, GError **error)
{
  g_autofree char *done =
      g_strdup_printf ("DELETE FROM lks_migrations WHERE version = %u", version);

  /* Stations see the lower version first and stop. */
  return run_statement (self, done, cancellable, error) &&
         (version > 1 || check_empty (self, cancellable, error)) &&
         run_all (self, migrations[version - 1].down, cancellable, error);
}

/**
 * lks_share_migrate:
 * @self: a connection of somebody who may make tables
 * @version: the schema that is wanted, 0 to %LKS_SHARE_SCHEMA_VERSION; 0 removes the tables, which
 *   must be empty
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Makes the tables, or brings them to another version, upwards or back. When it is interrupted it
 * can be repeated.
 *
 * Returns: whether the shared ledger has that version now
 */
gboolean
lks_share_migrate (LksShare *self, guint version, GCancellable *cancellable, GError **error)
{
  guint present;

  if (!lks_share_read_version (self, &present, cancellable, error))
    return FALSE;
  if (present > LKS_SHARE_SCHEMA_VERSION || version > LKS_SHARE_SCHEMA_VERSION)
    {
      g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NEWER,
                   "this Locksmith knows version %d of a shared ledger at most",
                   LKS_SHARE_SCHEMA_VERSION);
      return FALSE;
    }
  if (version == 0 && present > 0 && !check_empty (self, cancellable, error))
    return FALSE;
  if (present < version && !run_statement (self, MIGRATIONS, cancellable, error))
    return FALSE;

  for (; present < version; present++)
    if (!go_up (self, present + 1, cancellable, error))
      return FALSE;
  for (; present > version; present--)
    if (!go_down (self, present, cancellable, error))
      return FALSE;
  return version > 0 ||
         run_statement (self, "DROP TABLE IF EXISTS lks_migrations", cancellable, error);
}
