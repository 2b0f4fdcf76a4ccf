/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-share RUNS MANY: how fast so many runs (two entries each, signed) are copied to a
 * PostgreSQL server on the same computer; then, of MANY shared runs, how long it takes to find one.
 */
#include "postgres.h"
#include "station.h"

#include <stdlib.h>

static double
seconds_since (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1e6;
}

static void
migrate (const LksSharePlace *place, guint version)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksShare) share = lks_share_open (place, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (lks_share_migrate (share, version, NULL, &error));
}

static double
entries_per_second (Postgres *postgres, const LksSharePlace *place, guint n_runs)
{
  g_autoptr (Station) station = station_new (TRUE);
  g_autoptr (GError) error = NULL;
  LksSharePushed pushed;
  gint64 start_us;

  station_add_runs (station, 0, n_runs);
  start_us = g_get_monotonic_time ();
  g_assert_true (station_push (station, place, &pushed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pushed.n_entries, ==, 2 * n_runs);
  return (double) pushed.n_entries / seconds_since (start_us);
}

/* As 32 stations have them, past the stations: their own chains do not matter here. */
static void
make_many (Postgres *postgres, const LksSharePlace *place, guint n_many)
{
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO lks_entries (ledger_id, sequence, hash, text, kind, id, state, previous,"
      " unsigned_reason, run_id, run_kind, device_id, device_key, port, usb_serial, operator,"
      " station, started_us, finished_us, recipe_name, recipe_hash, verdict, outcome, label)"
      " SELECT 'station ' || i %% 32, i / 32 + 1000000, md5(i::text) || md5(i::text), '{}', 'run',"
      " i, 'written', md5((i - 1)::text), 'benchmark', i, 'finalize',"
      " lpad(to_hex(i), 128, '0'), convert_to(rpad(reverse(to_hex(i)), 128, '0'), 'UTF8'),"
      " '1-1.' || i %% 32, 'FT' || i %% 32, 'olga', 'station ' || i %% 32,"
      " 1700000000000000 + i::bigint * 1000000, 1700000009000000 + i::bigint * 1000000,"
      " 'recipe ' || i %% 4, lpad((i %% 4)::text, 64, '0'),"
      " CASE WHEN i %% 20 = 0 THEN 'FAIL' ELSE 'PASS' END,"
      " CASE WHEN i %% 20 = 0 THEN 'none' ELSE 'finalized' END, 'L' || i"
      " FROM generate_series (1, %u) AS i",
      n_many);

  migrate (place, 1); /* indexes are made faster afterwards */
  postgres_run (postgres, sql);
  migrate (place, LKS_SHARE_SCHEMA_VERSION);
  postgres_run (postgres, "ANALYZE lks_entries");
}

#define N_TIMES 15

static int
compare_cb (const void *a, const void *b)
{
  const double x = *(const double *) a;
  const double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Median and worst of some, in milliseconds, as JSON. */
static char *
find_ms (const LksSharePlace *place, const LksLedgerQuery *query, guint n_expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksShare) share = lks_share_open (place, NULL, NULL, &error);
  double took_s[N_TIMES];

  g_assert_no_error (error);
  for (guint i = 0; i < N_TIMES; i++)
    {
      const gint64 start_us = g_get_monotonic_time ();
      g_autoptr (GPtrArray) records = lks_share_list (share, query, NULL, &error);

      g_assert_no_error (error);
      took_s[i] = seconds_since (start_us);
      g_assert_cmpuint (records->len, ==, n_expected);
    }
  qsort (took_s, N_TIMES, sizeof (double), compare_cb);
  return g_strdup_printf ("{\"median\":%.2f,\"worst\":%.2f}", took_s[N_TIMES / 2] * 1e3,
                          took_s[N_TIMES - 1] * 1e3);
}

int
main (int argc, char **argv)
{
  const guint n_runs = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 0;
  const guint n_many = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 0;
  g_autofree char *end = g_strdup_printf ("%08x", n_many / 3);
  g_autofree char *label = g_strdup_printf ("L%u", n_many / 2);
  g_autoptr (LksSharePlace) place = NULL;
  Postgres *postgres;
  g_autofree char *by_id = NULL;
  g_autofree char *by_label = NULL;
  g_autofree char *newest = NULL;
  double rate;

  if (n_runs == 0 || n_many == 0)
    return 2;
  if (!postgres_is_installed ())
    return 77;

  postgres = postgres_new ();
  place = postgres_make_place (postgres, 0);
  migrate (place, LKS_SHARE_SCHEMA_VERSION);
  rate = entries_per_second (postgres, place, n_runs);
  make_many (postgres, place, n_many);
  by_id = find_ms (place, &(LksLedgerQuery){ .device_id_end = end }, 1);
  by_label = find_ms (place, &(LksLedgerQuery){ .label = label }, 1);
  newest = find_ms (place, &(LksLedgerQuery){ .limit = 100 }, 100);
  g_print ("{\"benchmark\":\"share\",\"entriesPerSecond\":%.0f,\"many\":%u,\"findMs\":{\"id\":%s,"
           "\"label\":%s,\"newest100\":%s}}\n",
           rate, n_many, by_id, by_label, newest);
  postgres_free (postgres);
  return 0;
}
