/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"

#include "lks-station-key.h"

#define ROWS_PER_LOOK 64

/* The key that @fingerprint names, letter by letter, or a signature would prove somebody else's
 * word. */
static LksStationKey *
read_key (const char *pem, const char *fingerprint)
{
  g_autoptr (LksStationKey) key = pem != NULL ? lks_station_key_new_public (pem, NULL) : NULL;

  if (key == NULL || g_strcmp0 (lks_station_key_get_fingerprint (key), fingerprint) != 0 ||
      g_strcmp0 (lks_station_key_get_pem (key), pem) != 0)
    return NULL;
  return g_steal_pointer (&key);
}

/* A station has one key for years: it is read once for all of its signatures. */
static const LksStationKey *
find_key (LksStationKey **last, sqlite3_stmt *row)
{
  const char *fingerprint = lks_sql_column (row, 1);

  if (*last != NULL && g_strcmp0 (lks_station_key_get_fingerprint (*last), fingerprint) == 0)
    return *last;

  g_clear_pointer (last, lks_station_key_free);
  *last = read_key (lks_sql_column (row, 4), fingerprint);
  return *last;
}

/* One row of the query in lks_chain_check_signatures(). */
static gboolean
is_good (sqlite3_stmt *row, const LksStationKey *key)
{
  const char *signature = lks_sql_column (row, 3);
  const char *hash = lks_sql_column (row, 5);
  g_autofree char *message = NULL;

  if (key == NULL || hash == NULL || signature == NULL)
    return FALSE;

  message = lks_chain_dup_message (hash, sqlite3_column_int64 (row, 2));
  return lks_station_key_verify (key, message, signature);
}

/**
 * lks_chain_check_signatures:
 * @sql: a locked connection
 * @func: called with each signature, in the order of the entries
 * @func_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether the signatures could be read
 */
gboolean
lks_chain_check_signatures (LksSql *sql,
                            LksChainSignatureFunc func,
                            gpointer func_data,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (
      sql,
      "SELECT signatures.sequence, signatures.key, at_us, signature, pem, hash FROM signatures"
      " LEFT JOIN station_keys ON fingerprint = signatures.key"
      " LEFT JOIN chain ON chain.sequence = signatures.sequence ORDER BY signatures.sequence",
      error);
  g_autoptr (LksStationKey) key = NULL;
  guint n_rows = 0;
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      if (n_rows++ % ROWS_PER_LOOK == 0 &&
          g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      func (sqlite3_column_int64 (rows, 0), lks_sql_column (rows, 1),
            is_good (rows, find_key (&key, rows)), func_data);
    }
  return lks_sql_check (sql, rc, "reading the signatures", error);
}
