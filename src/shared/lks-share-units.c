/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-private.h"
#include "lks-share-query.h"

#include <string.h>

/* The newest proof of each board by the clocks of the stations, and how many ledgers say that they
 * locked it: a board is locked once. */
#define UNITS_BEGIN                                                                                \
  "SELECT text, device_id, outcome, finished_us, recipe_name, recipe_hash, station, operator, id," \
  " (SELECT count(DISTINCT other.ledger_id) FROM lks_entries AS other WHERE other.kind = 'run'"    \
  "  AND other.device_key = newest.device_key AND other.outcome = 'finalized') AS n_ledgers"       \
  " FROM (SELECT lks_entries.*, row_number () OVER (PARTITION BY device_key ORDER BY finished_us " \
  "DESC,"                                                                                          \
  " ledger_id, sequence DESC) AS place FROM lks_entries WHERE kind = 'run'"                        \
  " AND run_kind = 'finalize' AND verdict = 'PASS' AND device_key IS NOT NULL) AS newest"

typedef struct
{
  LksShareUnitFunc func;
  gpointer func_data;
  gboolean ended;
} Walk;

static gboolean
unit_cb (PGresult *row, gpointer data, GError **error)
{
  Walk *self = data;
  g_autoptr (JsonNode) document = lks_share_read_document (row, 0, NULL);
  JsonArray *steps = lks_share_find_steps (document);
  const LksShareUnit unit = {
    .unit = {
      .device_id = (char *) lks_pg_get (row, 0, 1),
      .state = (char *) lks_share_find_read (steps, "state", "verify-state"),
      .os_version = (char *) lks_share_find_read (steps, "os-version", "verify-os-version"),
      .outcome = (char *) lks_pg_get (row, 0, 2),
      .proven_us = lks_pg_get_int (row, 0, 3),
      .recipe_name = (char *) lks_pg_get (row, 0, 4),
      .recipe_hash = (char *) lks_pg_get (row, 0, 5),
      .station = (char *) lks_pg_get (row, 0, 6),
      .operator_name = (char *) lks_pg_get (row, 0, 7),
      .record_id = (char *) lks_pg_get (row, 0, 8),
    },
    .n_ledgers = (guint64) lks_pg_get_int (row, 0, 9),
  };

  if (!self->ended)
    self->ended = !self->func (&unit, self->func_data);
  return TRUE;
}

/**
 * lks_share_for_each_unit:
 * @self: a connection
 * @query: which boards: their newest proof must match; its offset and limit do not matter
 * @func: (scope call): called with each board; FALSE ends it
 * @func_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Tells which boards all stations have finished, as lks_ledger_for_each_unit() does for one, and of
 * which boards more than one station says so. Blocks, with flat memory.
 *
 * Returns: whether all could be read; TRUE also when @func ended it
 */
gboolean
lks_share_for_each_unit (LksShare *self,
                         const LksLedgerQuery *query,
                         LksShareUnitFunc func,
                         gpointer func_data,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (LksShareQuery) asked = lks_share_query_new (query, error);
  g_autoptr (GString) sql = g_string_new (UNITS_BEGIN);
  Walk walk = { .func = func, .func_data = func_data };

  if (asked == NULL || !lks_share_check_version (self, cancellable, error))
    return FALSE;

  g_string_append (sql, asked->where->str);
  g_string_append (sql, " AND place = 1 ORDER BY finished_us, ledger_id, sequence");
  return lks_pg_for_each (lks_share_get_pg (self), sql->str,
                          (LksPgValue *) (gpointer) asked->values->data, asked->values->len,
                          unit_cb, &walk, cancellable, error);
}
