/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-private.h"

#include "lks-station-key.h"

/* One row of the query in lks_chain_check_signatures(). The key must be the one its fingerprint
 * names, letter by letter, or a signature would prove somebody else's word. */
static gboolean
is_good (sqlite3_stmt *row)
{
  const char *fingerprint = lks_sql_column (row, 1);
  const char *signature = lks_sql_column (row, 3);
  const char *pem = lks_sql_column (row, 4);
  const char *hash = lks_sql_column (row, 5);
  g_autoptr (LksStationKey) key = pem != NULL ? lks_station_key_new_public (pem, NULL) : NULL;
  g_autofree char *message = NULL;

  if (key == NULL || hash == NULL || signature == NULL ||
      g_strcmp0 (lks_station_key_get_fingerprint (key), fingerprint) != 0 ||
      g_strcmp0 (lks_station_key_get_pem (key), pem) != 0)
    return FALSE;

  message = lks_chain_dup_message (hash, sqlite3_column_int64 (row, 2));
  return lks_station_key_verify (key, message, signature);
}

/**
 * lks_chain_check_signatures:
 * @sql: a locked connection
 * @func: called with each signature, in the order of the entries
 * @func_data: for @func
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether the signatures could be read
 */
gboolean
lks_chain_check_signatures (LksSql *sql,
                            LksChainSignatureFunc func,
                            gpointer func_data,
                            GError **error)
{
  g_autoptr (sqlite3_stmt) rows = lks_sql_prepare (
      sql,
      "SELECT signatures.sequence, signatures.key, at_us, signature, pem, hash FROM signatures"
      " LEFT JOIN station_keys ON fingerprint = signatures.key"
      " LEFT JOIN chain ON chain.sequence = signatures.sequence ORDER BY signatures.sequence",
      error);
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    func (sqlite3_column_int64 (rows, 0), lks_sql_column (rows, 1), is_good (rows), func_data);
  return lks_sql_check (sql, rc, "reading the signatures", error);
}
