/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-stats.h"

#include "lks-ledger-private.h"

/* The first finalization of each board, if it lies in what was asked for: %s is that. */
#define FIRST_RUNS                                                                                 \
  "WITH first AS (SELECT * FROM records%s AND kind = 'finalize' AND device_id_reversed IS NOT "    \
  "NULL"                                                                                           \
  " AND sequence = (SELECT min(sequence) FROM records AS earlier WHERE earlier.kind = 'finalize'"  \
  "                 AND earlier.device_id_reversed = records.device_id_reversed)) "

static void
line_free (gpointer data)
{
  LksStatsLine *line = data;

  g_free (line->name);
  g_free (line);
}

/**
 * lks_stats_new:
 *
 * Returns: (transfer full): statistics without anything
 */
LksStats *
lks_stats_new (void)
{
  LksStats *self = g_new0 (LksStats, 1);

  self->failures = g_ptr_array_new_with_free_func (line_free);
  self->places = g_ptr_array_new_with_free_func (line_free);
  self->batches = g_ptr_array_new_with_free_func (line_free);
  self->recipes = g_ptr_array_new_with_free_func (line_free);
  return self;
}

/**
 * lks_stats_add_line:
 * @lines: a table of statistics; a full one stays as it is
 * @name: (nullable): see #LksStatsLine
 * @n_boards: see #LksStatsLine
 * @n_first_passes: see #LksStatsLine
 *
 * Adds a line.
 */
void
lks_stats_add_line (GPtrArray *lines, const char *name, guint64 n_boards, guint64 n_first_passes)
{
  LksStatsLine *line;

  if (lines->len >= LKS_STATS_LINES_MAX)
    return;

  line = g_new0 (LksStatsLine, 1);
  line->name = name != NULL ? g_utf8_make_valid (name, -1) : NULL;
  line->n_boards = n_boards;
  line->n_first_passes = n_first_passes;
  g_ptr_array_add (lines, line);
}

/* The smallest duration that so many of a hundred do not exceed. */
static gint64
get_percentile (GArray *sorted_ms, guint percent)
{
  return sorted_ms->len > 0 ? g_array_index (sorted_ms, gint64,
                                             ((guint64) sorted_ms->len * percent + 99) / 100 - 1)
                            : 0;
}

/**
 * lks_stats_set_cycles:
 * @self: statistics
 * @sorted_ms: (element-type gint64): how long the passed runs took, the shortest first
 *
 * Fills in the cycle times.
 */
void
lks_stats_set_cycles (LksStats *self, GArray *sorted_ms)
{
  self->cycle_median_ms = get_percentile (sorted_ms, 50);
  self->cycle_p95_ms = get_percentile (sorted_ms, 95);
}

/**
 * lks_stats_free:
 * @self: (transfer full): statistics
 */
void
lks_stats_free (LksStats *self)
{
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->places);
  g_ptr_array_unref (self->batches);
  g_ptr_array_unref (self->recipes);
  g_free (self);
}

typedef struct
{
  LksSql *sql; /* a connection of its own */
  const LksLedgerQuery *query;
  const char *where;
} Reader;

/* @format has one place for the WHERE part. */
static sqlite3_stmt *
prepare (const Reader *self, const char *before, const char *after, GError **error)
{
  g_autofree char *text = g_strconcat (before, self->where, after, NULL);
  sqlite3_stmt *statement = lks_sql_prepare (self->sql, text, error);

  if (statement != NULL)
    lks_ledger_query_bind (self->query, statement);
  return statement;
}

/* The same for a question about first runs. */
static sqlite3_stmt *
prepare_first (const Reader *self, const char *question, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (FIRST_RUNS, "%s", 2);
  g_autofree char *after = g_strconcat (parts[1], question, NULL);

  return prepare (self, parts[0], after, error);
}

static gboolean
read_totals (const Reader *self, LksStats *stats, GError **error)
{
  g_autoptr (sqlite3_stmt) records =
      prepare (self, "SELECT count(*) FROM records", " AND kind = 'finalize'", error);
  g_autoptr (sqlite3_stmt) boards = NULL;

  if (records == NULL ||
      !lks_sql_check (self->sql, sqlite3_step (records), "counting records", error))
    return FALSE;

  stats->n_records = (guint64) sqlite3_column_int64 (records, 0);

  /* The plus sign keeps SQLite from looking through all verdicts of the ledger for each board. */
  boards = prepare_first (
      self,
      "SELECT count(*), total(verdict = 'PASS'), total(verdict = 'PASS' OR EXISTS (SELECT 1 FROM"
      " records AS later WHERE later.device_id_reversed = first.device_id_reversed"
      " AND later.kind = 'finalize' AND +later.verdict = 'PASS')) FROM first",
      error);
  if (boards == NULL || !lks_sql_check (self->sql, sqlite3_step (boards), "counting boards", error))
    return FALSE;

  stats->n_boards = (guint64) sqlite3_column_int64 (boards, 0);
  stats->n_first_passes = (guint64) sqlite3_column_int64 (boards, 1);
  stats->n_passes = (guint64) sqlite3_column_int64 (boards, 2);
  return TRUE;
}

static gboolean
read_cycles (const Reader *self, LksStats *stats, GError **error)
{
  g_autoptr (GArray) durations_ms = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) rows =
      prepare (self, "SELECT (finished_us - started_us) / 1000 FROM records",
               " AND kind = 'finalize' AND verdict = 'PASS' ORDER BY 1", error);
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const gint64 duration_ms = sqlite3_column_int64 (rows, 0);

      g_array_append_val (durations_ms, duration_ms);
    }
  lks_stats_set_cycles (stats, durations_ms);
  return lks_sql_check (self->sql, rc, "reading cycle times", error);
}

/* Rows of a name and two numbers. */
static gboolean
read_lines (const Reader *self, sqlite3_stmt *rows, GPtrArray *lines, GError **error)
{
  int rc;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      if (lines->len >= LKS_STATS_LINES_MAX)
        return TRUE;
      lks_stats_add_line (lines, lks_sql_column (rows, 0), (guint64) sqlite3_column_int64 (rows, 1),
                          (guint64) sqlite3_column_int64 (rows, 2));
    }
  return lks_sql_check (self->sql, rc, "reading statistics", error);
}

static gboolean
read_failures (const Reader *self, LksStats *stats, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = prepare (
      self,
      "SELECT coalesce((SELECT json_extract(value, '$.name') FROM json_each(document, '$.steps')"
      " WHERE json_extract(value, '$.result') IN ('fail', 'stopped') ORDER BY key LIMIT 1),"
      " '" LKS_STATS_OTHER "'), count(*), 0 FROM records",
      " AND kind = 'finalize' AND verdict <> 'PASS' GROUP BY 1 ORDER BY 2 DESC, 1", error);

  return rows != NULL && read_lines (self, rows, stats->failures, error);
}

static gboolean
read_first (const Reader *self,
            const char *name,
            const char *order,
            GPtrArray *lines,
            GError **error)
{
  g_autofree char *question =
      g_strconcat ("SELECT ", name,
                   ", count(*), total(verdict = 'PASS') FROM first GROUP BY 1 ORDER BY ", order,
                   " DESC, 1", NULL);
  g_autoptr (sqlite3_stmt) rows = prepare_first (self, question, error);

  return rows != NULL && read_lines (self, rows, lines, error);
}

/**
 * lks_ledger_stats:
 * @self: a ledger
 * @query: of which records; its offset and limit do not matter
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Counts, by the state of one moment and over a connection of its own. Any thread; blocks, some
 * seconds for a million records.
 *
 * Returns: (transfer full): statistics, or NULL with @error set
 */
LksStats *
lks_ledger_stats (LksLedger *self, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (LksStats) stats = lks_stats_new ();
  g_autofree char *where = NULL;
  g_autoptr (LksSql) sql = NULL;
  Reader reader = { .query = query };

  if (!lks_ledger_query_check (query, error) ||
      (sql = lks_sql_open (lks_ledger_get_path (self), error)) == NULL ||
      !lks_sql_run (sql, "PRAGMA query_only=ON; BEGIN", error))
    return NULL;

  where = lks_ledger_query_to_sql (query);
  reader.sql = sql;
  reader.where = where;
  if (!read_totals (&reader, stats, error) || !read_cycles (&reader, stats, error) ||
      !read_failures (&reader, stats, error) ||
      !read_first (&reader, "station || ' ' || port", "2", stats->places, error) ||
      !read_first (&reader, "nullif(batch, '')", "max(started_us)", stats->batches, error) ||
      !read_first (&reader, "recipe_name", "2", stats->recipes, error))
    return NULL;
  return g_steal_pointer (&stats);
}

static void
stats_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  LksStats *stats;

  lks_sql_push_cancellable (cancellable);
  stats = lks_ledger_stats (source, task_data, &error);
  lks_sql_pop_cancellable (cancellable);
  if (stats != NULL)
    g_task_return_pointer (task, stats, (GDestroyNotify) lks_stats_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_stats_async:
 * @self: a ledger
 * @query: of which records; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_stats() on the ledger's own thread.
 */
void
lks_ledger_stats_async (LksLedger *self,
                        const LksLedgerQuery *query,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  lks_ledger_push_query (self, query, lks_ledger_stats_async, stats_in_thread, cancellable,
                         callback, user_data);
}

/**
 * lks_ledger_stats_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): statistics, or NULL with @error set
 */
LksStats *
lks_ledger_stats_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
