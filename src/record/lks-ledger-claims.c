/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which boards wait for their claim; lks-ledger-schema.c says how that is kept. */
#include "lks-ledger-private.h"

static char **
list_locked (LksSql *sql, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql, "SELECT device_id FROM waiting_claims ORDER BY sequence", error);
  int rc;

  if (statement == NULL)
    return NULL;

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_strv_builder_add (ids, lks_sql_column (statement, 0));

  return lks_sql_check (sql, rc, "listing claims", error) ? g_strv_builder_end (ids) : NULL;
}

/**
 * lks_ledger_claims_list:
 * @self: a ledger
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (array zero-terminated=1): the device IDs of the boards whose claim
 *   waits, the oldest claim first, or NULL with @error set
 */
char **
lks_ledger_claims_list (LksLedger *self, GError **error)
{
  /* The writer: what this program has just written must be seen. */
  LksSql *sql = lks_ledger_get_writer (self);
  char **ids;

  lks_sql_lock (sql);
  ids = list_locked (sql, error);
  lks_sql_unlock (sql);
  return ids;
}

/**
 * lks_ledger_claims_count:
 * @self: a ledger
 * @out_count: (out): how many boards wait for their claim
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: whether they could be counted
 */
gboolean
lks_ledger_claims_count (LksLedger *self, guint *out_count, GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  gint64 count = 0;
  gboolean good;

  lks_sql_lock (sql);
  good = lks_sql_read_int (sql, "SELECT count(*) FROM waiting_claims", &count, error);
  lks_sql_unlock (sql);
  if (good)
    *out_count = (guint) count;
  return good;
}
