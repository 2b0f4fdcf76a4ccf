/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that a server takes long to answer: another session holds what they need. */
#include "lks-share-private.h"
#include "postgres.h"
#include "station.h"

#include <string.h>

#define SILENCE_MAX_MS 60000
#define SHORT_SILENCE_MAX_MS 1000
#define LONG_SILENCE_MAX_MS (100 * 1000)
#define WAIT_MAX_US (60 * G_USEC_PER_SEC)

static Postgres *postgres;

typedef gboolean (*AskFunc) (LksShare *share, GCancellable *cancellable, GError **error);

typedef struct
{
  LksSharePlace *place; /* (owned) */
  Station *station;     /* (owned) */
  LksShare *share;      /* (owned): what waits */
  LksShare *other;      /* (owned): what it waits for */
  GCancellable *cancellable;
  AskFunc ask;
  gboolean good;
  GError *error; /* (owned) */
} Fixture;

static LksShare *
connect_to (const LksSharePlace *place)
{
  g_autoptr (GError) error = NULL;
  LksShare *share = lks_share_open (place, NULL, NULL, &error);

  g_assert_no_error (error);
  return share;
}

static void
run_other (Fixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;

  lks_pg_run (lks_share_get_pg (f->other), sql, NULL, 0, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  postgres_clear (postgres);
  f->place = postgres_make_place (postgres, 0);
  f->station = station_new (FALSE);
  f->share = connect_to (f->place);
  f->other = connect_to (f->place);
  f->cancellable = g_cancellable_new ();
  g_assert_true (lks_share_migrate (f->share, LKS_SHARE_SCHEMA_VERSION, NULL, NULL));
  station_add_runs (f->station, 0, 3);
  g_assert_true (station_push (f->station, f->place, NULL, NULL));
  lks_pg_set_silence_max_ms (lks_share_get_pg (f->share), SILENCE_MAX_MS, LONG_SILENCE_MAX_MS);
  run_other (f, "BEGIN");
  run_other (f, "LOCK TABLE lks_entries IN ACCESS EXCLUSIVE MODE");
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_clear_error (&f->error);
  g_clear_pointer (&f->share, lks_share_close);
  lks_share_close (f->other);
  g_object_unref (f->cancellable);
  station_free (f->station);
  lks_share_place_free (f->place);
}

static gpointer
ask_in_thread (gpointer data)
{
  Fixture *f = data;

  f->good = f->ask (f->share, f->cancellable, &f->error);
  return NULL;
}

/* Waits until so many sessions have waited for the lock for longer than nothing may come. */
static void
wait_for_sessions (const char *expected)
{
  const gint64 deadline_us = g_get_monotonic_time () + WAIT_MAX_US;
  g_autofree char *n_waiting = NULL;

  while (g_strcmp0 (n_waiting, expected) != 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_free (n_waiting);
      n_waiting = postgres_ask (postgres, "SELECT count(*) FROM pg_locks WHERE NOT granted"
                                          " AND waitstart < now() - interval '2 s'");
    }
}

static gboolean
unit_cb (const LksShareUnit *unit, gpointer n_units)
{
  ++*(guint *) n_units;
  return TRUE;
}

static gboolean
ask_units (LksShare *share, GCancellable *cancellable, GError **error)
{
  guint n_units = 0;

  return lks_share_for_each_unit (share, &(LksLedgerQuery){ 0 }, unit_cb, &n_units, cancellable,
                                  error) &&
         n_units == 3;
}

static gboolean
ask_stats (LksShare *share, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksStats) stats = lks_share_stats (share, &(LksLedgerQuery){ 0 }, cancellable, error);

  return stats != NULL && stats->n_records == 3;
}

/* Removing an index waits for everybody, and making one takes its time. */
static gboolean
ask_migrate (LksShare *share, GCancellable *cancellable, GError **error)
{
  return lks_share_migrate (share, 1, cancellable, error);
}

static void
wait_for_answer (Fixture *f, AskFunc ask)
{
  GThread *thread;

  f->ask = ask;
  thread = g_thread_new ("ask", ask_in_thread, f);
  wait_for_sessions ("1");
  run_other (f, "COMMIT");
  g_thread_join (thread);
  g_assert_no_error (f->error);
  g_assert_true (f->good);
}

static void
test_units (Fixture *f, gconstpointer unused)
{
  wait_for_answer (f, ask_units);
}

static void
test_stats (Fixture *f, gconstpointer unused)
{
  wait_for_answer (f, ask_stats);
}

static void
test_migrate (Fixture *f, gconstpointer unused)
{
  wait_for_answer (f, ask_migrate);
}

/* What is never long does not wait so long, and says how long it did. */
static void
test_push (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksSharePushed pushed;

  lks_pg_set_silence_max_ms (lks_share_get_pg (f->share), SHORT_SILENCE_MAX_MS,
                             LONG_SILENCE_MAX_MS);
  g_assert_false (lks_share_push (f->share, f->station->ledger, &pushed, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "said nothing for 1 s"));
}

/* Somebody gives up: that is heard at once, and the server does not go on for nobody. */
static void
test_given_up (Fixture *f, gconstpointer unused)
{
  GThread *thread;

  f->ask = ask_units;
  thread = g_thread_new ("ask", ask_in_thread, f);
  wait_for_sessions ("1");
  g_cancellable_cancel (f->cancellable);
  g_thread_join (thread); /* though the lock is held */
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_pointer (&f->share, lks_share_close);
  wait_for_sessions ("0");
  run_other (f, "COMMIT");
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!postgres_is_installed ())
    {
      g_print ("1..0 # SKIP PostgreSQL is not installed: tools/install test\n");
      return 0;
    }

  postgres = postgres_new ();
  TEST ("/share-long/units", test_units);
  TEST ("/share-long/stats", test_stats);
  TEST ("/share-long/migrate", test_migrate);
  TEST ("/share-long/push", test_push);
  TEST ("/share-long/given-up", test_given_up);
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
