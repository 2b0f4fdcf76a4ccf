/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics of lks-ledger-stats.c, of all stations. */
#include "lks-share-private.h"
#include "lks-share-query.h"

/* The first finalization of each board by the clocks of the stations; the WHERE part follows. */
#define FIRST_RUNS                                                                                 \
  " FROM (SELECT lks_entries.*, row_number () OVER (PARTITION BY device_key ORDER BY started_us,"  \
  " ledger_id, sequence) AS place FROM lks_entries WHERE kind = 'run' AND run_kind = 'finalize'"   \
  " AND device_key IS NOT NULL) AS first"
#define PASSES "count(CASE WHEN verdict = 'PASS' THEN 1 END)"

typedef struct
{
  LksShare *share;
  LksShareQuery *asked;
  GCancellable *cancellable;
} Reader;

static gboolean
for_each (const Reader *self,
          const char *before,
          const char *after,
          LksPgRowFunc func,
          gpointer func_data,
          GError **error)
{
  g_autofree char *sql = g_strconcat (before, self->asked->where->str, after, NULL);

  return lks_pg_for_each (lks_share_get_pg (self->share), sql,
                          (LksPgValue *) (gpointer) self->asked->values->data,
                          self->asked->values->len, func, func_data, self->cancellable, error);
}

static gboolean
records_cb (PGresult *row, gpointer data, GError **error)
{
  ((LksStats *) data)->n_records = (guint64) lks_pg_get_int (row, 0, 0);
  return TRUE;
}

static gboolean
boards_cb (PGresult *row, gpointer data, GError **error)
{
  LksStats *stats = data;

  stats->n_boards = (guint64) lks_pg_get_int (row, 0, 0);
  stats->n_first_passes = (guint64) lks_pg_get_int (row, 0, 1);
  stats->n_passes = (guint64) lks_pg_get_int (row, 0, 2);
  return TRUE;
}

static gboolean
read_totals (const Reader *self, LksStats *stats, GError **error)
{
  return for_each (self, "SELECT count(*) FROM lks_entries", " AND run_kind = 'finalize'",
                   records_cb, stats, error) &&
         for_each (self,
                   "SELECT count(*), " PASSES ", count(CASE WHEN verdict = 'PASS' OR EXISTS"
                   " (SELECT 1 FROM lks_entries AS later WHERE later.kind = 'run'"
                   "  AND later.device_key = first.device_key AND later.run_kind = 'finalize'"
                   "  AND later.verdict = 'PASS') THEN 1 END)" FIRST_RUNS,
                   " AND place = 1", boards_cb, stats, error);
}

static gboolean
duration_cb (PGresult *row, gpointer durations_ms, GError **error)
{
  const gint64 duration_ms = lks_pg_get_int (row, 0, 0);

  g_array_append_val ((GArray *) durations_ms, duration_ms);
  return TRUE;
}

static gboolean
read_cycles (const Reader *self, LksStats *stats, GError **error)
{
  g_autoptr (GArray) durations_ms = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!for_each (self, "SELECT (finished_us - started_us) / 1000 FROM lks_entries",
                 " AND run_kind = 'finalize' AND verdict = 'PASS' ORDER BY 1", duration_cb,
                 durations_ms, error))
    return FALSE;

  lks_stats_set_cycles (stats, durations_ms);
  return TRUE;
}

/* ---- what failed ---- */

static gboolean
failure_cb (PGresult *row, gpointer counts, GError **error)
{
  g_autoptr (JsonNode) document = lks_share_read_document (row, 0, NULL);
  const char *step = lks_share_find_failure (lks_share_find_steps (document));
  char *name = g_strdup (step != NULL ? step : LKS_STATS_OTHER);
  const guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));

  g_hash_table_replace (counts, name, GUINT_TO_POINTER (count + 1));
  return TRUE;
}

static int
compare_counts (gconstpointer a, gconstpointer b, gpointer counts)
{
  const char *first = *(const char *const *) a;
  const char *second = *(const char *const *) b;
  const guint n_first = GPOINTER_TO_UINT (g_hash_table_lookup (counts, first));
  const guint n_second = GPOINTER_TO_UINT (g_hash_table_lookup (counts, second));

  return n_first != n_second ? (n_first < n_second ? 1 : -1) : g_strcmp0 (first, second);
}

/* The evidence is read here, one run at a time: the server's JSON functions are not those of every
 * database with its protocol. */
static gboolean
read_failures (const Reader *self, LksStats *stats, GError **error)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gpointer *names = NULL;
  guint n_names;

  if (!for_each (self, "SELECT text FROM lks_entries",
                 " AND run_kind = 'finalize' AND verdict <> 'PASS'", failure_cb, counts, error))
    return FALSE;

  names = g_hash_table_get_keys_as_array (counts, &n_names);
  g_qsort_with_data (names, (int) n_names, sizeof names[0], compare_counts, counts);
  for (guint i = 0; i < n_names; i++)
    lks_stats_add_line (stats->failures, names[i],
                        GPOINTER_TO_UINT (g_hash_table_lookup (counts, names[i])), 0);
  return TRUE;
}

/* ---- first runs ---- */

static gboolean
line_cb (PGresult *row, gpointer lines, GError **error)
{
  lks_stats_add_line (lines, lks_pg_get (row, 0, 0), (guint64) lks_pg_get_int (row, 0, 1),
                      (guint64) lks_pg_get_int (row, 0, 2));
  return TRUE;
}

static gboolean
read_first (const Reader *self,
            const char *name,
            const char *order,
            GPtrArray *lines,
            GError **error)
{
  g_autofree char *before = g_strconcat ("SELECT ", name, ", count(*), " PASSES FIRST_RUNS, NULL);
  g_autofree char *after =
      g_strdup_printf (" AND place = 1 GROUP BY 1 ORDER BY %s DESC, 1 LIMIT %d", order,
                       LKS_STATS_LINES_MAX);

  return for_each (self, before, after, line_cb, lines, error);
}

/**
 * lks_share_stats:
 * @self: a connection
 * @query: of which records; its offset and limit do not matter
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError], a [error@Lks.LedgerError] when @query makes
 *   no sense, or `G_IO_ERROR_CANCELLED`
 *
 * Counts what the records of all stations say, as lks_ledger_stats() does for one: a board has one
 * first run, wherever that was. Questions one after the other, so what is written meanwhile may be
 * in one and not in another. Blocks.
 *
 * Returns: (transfer full): statistics, or NULL with @error set
 */
LksStats *
lks_share_stats (LksShare *self,
                 const LksLedgerQuery *query,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (LksShareQuery) asked = lks_share_query_new (query, error);
  g_autoptr (LksStats) stats = lks_stats_new ();
  const Reader reader = { self, asked, cancellable };

  if (asked == NULL || !lks_share_check_version (self, cancellable, error) ||
      !read_totals (&reader, stats, error) || !read_cycles (&reader, stats, error) ||
      !read_failures (&reader, stats, error) ||
      !read_first (&reader, "station || ' ' || port", "2", stats->places, error) ||
      !read_first (&reader, "nullif(batch, '')", "max(started_us)", stats->batches, error) ||
      !read_first (&reader, "recipe_name", "2", stats->recipes, error))
    return NULL;
  return g_steal_pointer (&stats);
}
