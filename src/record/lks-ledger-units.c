/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"
#include "lks-ledger-stats.h"

/* What the last step of one of two names has read: the one after the restart, or, of a board that
 * was locked already, the one at the beginning. */
#define READ_BY(first, second)                                                                     \
  "(SELECT json_extract(value, '$.evidence.read') FROM json_each(document, '$.steps')"             \
  " WHERE json_extract(value, '$.name') IN ('" first "', '" second "') ORDER BY key DESC LIMIT 1)"

/* The newest record of each board that proves something. */
#define SELECT_UNITS                                                                               \
  "SELECT device_id, " READ_BY ("state", "verify-state") ", " READ_BY (                            \
      "os-version", "verify-os-version") ", outcome, finished_us, recipe_name, recipe_hash,"       \
                                         " station, operator, id,"                                 \
                                         " (SELECT count(*) FROM service_sessions AS session"      \
                                         "  WHERE session.device_id_reversed ="                    \
                                         "        records.device_id_reversed"                      \
                                         "  AND session.started_us > records.finished_us"          \
                                         "  AND EXISTS (SELECT 1 FROM service_events AS event"     \
                                         "              WHERE event.session_id = session.id"       \
                                         "              AND event.kind = 'action')) FROM records"

#define AND_NEWEST                                                                                 \
  " AND kind = 'finalize' AND verdict = 'PASS' AND device_id IS NOT NULL AND sequence ="           \
  " (SELECT max(sequence) FROM records AS newer WHERE newer.kind = 'finalize'"                     \
  "  AND newer.verdict = 'PASS' AND newer.device_id_reversed = records.device_id_reversed)"        \
  " ORDER BY sequence"

/* Borrows from the row. */
static LksUnit
unit_from_row (sqlite3_stmt *row)
{
  return (LksUnit){
    .device_id = (char *) lks_sql_column (row, 0),
    .state = (char *) lks_sql_column (row, 1),
    .os_version = (char *) lks_sql_column (row, 2),
    .outcome = (char *) lks_sql_column (row, 3),
    .proven_us = sqlite3_column_int64 (row, 4),
    .recipe_name = (char *) lks_sql_column (row, 5),
    .recipe_hash = (char *) lks_sql_column (row, 6),
    .station = (char *) lks_sql_column (row, 7),
    .operator_name = (char *) lks_sql_column (row, 8),
    .record_id = (char *) lks_sql_column (row, 9),
    .n_services = (guint64) sqlite3_column_int64 (row, 10),
  };
}

/**
 * lks_ledger_for_each_unit:
 * @self: a ledger
 * @query: which boards: their newest proof must match; its offset and limit do not matter
 * @func: (scope call): called with each board
 * @func_data: for @func
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Tells which boards there are, in which state and with which system, as it was proven last; the
 * board whose proof is the oldest comes first. Over a connection of its own, with flat memory. Any
 * thread; blocks.
 *
 * Returns: whether all could be read; TRUE also when @func ended it
 */
gboolean
lks_ledger_for_each_unit (LksLedger *self,
                          const LksLedgerQuery *query,
                          LksUnitFunc func,
                          gpointer func_data,
                          GError **error)
{
  g_autofree char *where = NULL;
  g_autofree char *text = NULL;
  g_autoptr (LksSql) sql = NULL;
  g_autoptr (sqlite3_stmt) rows = NULL;
  int rc;

  if (!lks_ledger_query_check (query, error) ||
      (sql = lks_sql_open (lks_ledger_get_path (self), error)) == NULL ||
      !lks_sql_run (sql, "PRAGMA query_only=ON; BEGIN", error))
    return FALSE;

  where = lks_ledger_query_to_sql (query);
  text = g_strconcat (SELECT_UNITS, where, AND_NEWEST, NULL);
  if ((rows = lks_sql_prepare (sql, text, error)) == NULL)
    return FALSE;

  lks_ledger_query_bind (query, rows);
  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const LksUnit unit = unit_from_row (rows);

      if (!func (&unit, func_data))
        return TRUE;
    }
  return lks_sql_check (sql, rc, "listing boards", error);
}
