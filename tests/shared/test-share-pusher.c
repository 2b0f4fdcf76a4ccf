/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What copies a ledger by itself: server there, away, and back. */
#include "lks-share-pusher.h"
#include "postgres.h"
#include "proxy.h"
#include "station.h"
#include "wait-until.h"

static Postgres *postgres;

typedef struct
{
  LksSharePlace *place;   /* (owned) */
  Station *station;       /* (owned) */
  LksSharePusher *pusher; /* (owned) */
} Fixture;

static LksShare *
open_cb (const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  return lks_share_open (place, NULL, cancellable, error);
}

static void
begin (Fixture *f, const LksSharePlace *place)
{
  f->pusher = lks_share_pusher_new (f->station->ledger, place, open_cb);
  lks_share_pusher_set_backoff_ms (f->pusher, 20, 100);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GError) error = NULL;

  postgres_clear (postgres);
  f->place = postgres_make_place (postgres, 0);
  f->station = station_new (FALSE);
  station_add_runs (f->station, 5, 3);
  share = lks_share_open (f->place, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_share_migrate (share, LKS_SHARE_SCHEMA_VERSION, NULL, &error));
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  if (f->pusher != NULL)
    g_assert_finalize_object (f->pusher);
  station_free (f->station);
  lks_share_place_free (f->place);
}

static void
wait_for_waiting (Fixture *f, guint64 n_waiting, gboolean has_error)
{
  while (lks_share_pusher_get_waiting (f->pusher) != n_waiting ||
         (lks_share_pusher_get_error (f->pusher) != NULL) != has_error ||
         (!has_error && lks_share_pusher_get_confirmed_us (f->pusher) == 0))
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_there (const char *expected)
{
  g_autofree char *there = postgres_ask (postgres, "SELECT count(*) FROM lks_entries");

  g_assert_cmpstr (there, ==, expected);
}

static void
wait_for_entries (const char *expected)
{
  g_autofree char *there = NULL;

  while (g_strcmp0 (there, expected) != 0)
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (there);
      there = postgres_ask (postgres, "SELECT count(*) FROM lks_entries");
    }
}

/* What is written is there soon, without being asked for. */
static void
test_copies (Fixture *f, gconstpointer unused)
{
  begin (f, f->place);
  wait_for_waiting (f, 0, FALSE);
  assert_there ("6");
  station_add_runs (f->station, 10, 2);
  wait_for_entries ("10");
  wait_for_waiting (f, 0, FALSE);
}

/* What a push of before left out. */
static void
test_repairs (Fixture *f, gconstpointer unused)
{
  g_autofree char *there = NULL;

  station_free (f->station);
  f->station = station_new (TRUE);
  station_add_runs (f->station, 0, 3);
  g_assert_true (station_push (f->station, f->place, NULL, NULL));
  postgres_run (postgres, "DELETE FROM lks_signatures WHERE sequence > 2");
  begin (f, f->place);
  wait_for_waiting (f, 0, FALSE);
  there = postgres_ask (postgres, "SELECT count(*) FROM lks_signatures");
  g_assert_cmpstr (there, ==, "6");
}

static void
test_server_away (Fixture *f, gconstpointer unused)
{
  postgres_kill (postgres);
  begin (f, f->place);
  wait_for_waiting (f, 6, TRUE);
  g_assert_error (lks_share_pusher_get_error (f->pusher), LKS_SHARE_ERROR,
                  LKS_SHARE_ERROR_UNREACHABLE);
  g_assert_cmpint (lks_share_pusher_get_oldest_us (f->pusher), ==, 5);
  station_add_runs (f->station, 10, 1);
  wait_for_waiting (f, 8, TRUE);

  postgres_start (postgres);
  wait_for_waiting (f, 0, FALSE);
  assert_there ("8");
}

/* ---- a name server that is dead ---- */

/* The system's look-up of a name hears no cancellation: nobody but the test ends it. */
static GMutex gate_mutex;
static GCond gate_cond;
static gboolean is_gate_open;
static guint n_waiting_there;
static int n_ended; /* (atomic) */

static LksShare *
open_after_gate_cb (const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  LksShare *share;

  g_mutex_lock (&gate_mutex);
  n_waiting_there++;
  g_cond_broadcast (&gate_cond);
  while (!is_gate_open)
    g_cond_wait (&gate_cond, &gate_mutex);
  g_mutex_unlock (&gate_mutex);

  share = lks_share_open (place, NULL, NULL, error); /* the answer came at the last moment */
  g_atomic_int_inc (&n_ended);
  return share;
}

static void
wait_for_gate (void)
{
  g_mutex_lock (&gate_mutex);
  while (n_waiting_there == 0)
    g_cond_wait (&gate_cond, &gate_mutex);
  g_mutex_unlock (&gate_mutex);
}

static void
open_gate (void)
{
  g_mutex_lock (&gate_mutex);
  is_gate_open = TRUE;
  g_cond_broadcast (&gate_cond);
  g_mutex_unlock (&gate_mutex);
}

static void
shut_gate (void)
{
  is_gate_open = FALSE;
  n_waiting_there = 0;
  g_atomic_int_set (&n_ended, 0);
}

/* Another server is named, or the window closed, meanwhile: nobody waits, and what was left behind
 * pushes nothing. */
static void
test_left_behind (Fixture *f, gconstpointer unused)
{
  gpointer ledger = f->station->ledger;

  shut_gate ();
  f->pusher = lks_share_pusher_new (f->station->ledger, f->place, open_after_gate_cb);
  wait_for_gate ();
  g_assert_finalize_object (g_steal_pointer (&f->pusher));

  g_object_add_weak_pointer (ledger, &ledger);
  g_clear_object (&f->station->ledger);
  g_assert_nonnull (ledger); /* what was left behind still reads it */
  open_gate ();
  WAIT_UNTIL (ledger == NULL);
  g_assert_cmpint (g_atomic_int_get (&n_ended), ==, 1);
  assert_there ("0");
}

/* One who comes to the same place begins when the other has ended; to another, at once. */
static void
test_one_after_the_other (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSharePlace) other = lks_share_place_copy (f->place);

  shut_gate ();
  f->pusher = lks_share_pusher_new (f->station->ledger, f->place, open_after_gate_cb);
  wait_for_gate ();
  g_assert_finalize_object (g_steal_pointer (&f->pusher));

  g_free (other->database);
  other->database = g_strdup ("elsewhere");
  begin (f, other);
  wait_for_waiting (f, 6, TRUE);
  g_assert_finalize_object (g_steal_pointer (&f->pusher));

  f->pusher = lks_share_pusher_new (f->station->ledger, f->place, open_cb);
  open_gate ();
  wait_for_waiting (f, 0, FALSE);
  g_assert_cmpint (g_atomic_int_get (&n_ended), ==, 1);
  assert_there ("6");
}

/* A server that says nothing holds up nobody who closes the window. */
static void
test_ends_at_once (Fixture *f, gconstpointer unused)
{
  Proxy *proxy = proxy_new (postgres_get_port (postgres));
  g_autoptr (LksSharePlace) place = postgres_make_place (postgres, proxy_get_port (proxy));

  proxy_hold (proxy);
  begin (f, place);
  g_assert_finalize_object (g_steal_pointer (&f->pusher));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  proxy_free (proxy);
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
  TEST ("/share-pusher/copies", test_copies);
  TEST ("/share-pusher/repairs", test_repairs);
  TEST ("/share-pusher/server-away", test_server_away);
  TEST ("/share-pusher/ends-at-once", test_ends_at_once);
  TEST ("/share-pusher/left-behind", test_left_behind);
  TEST ("/share-pusher/one-after-the-other", test_one_after_the_other);
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
