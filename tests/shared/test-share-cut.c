/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is lost and nothing is doubled, wherever the network is cut or the server is killed. */
#include "postgres.h"
#include "proxy.h"
#include "station.h"

#define N_RUNS 105 /* two batches */
#define N_ENTRIES (2 * N_RUNS)
#define N_CUTS 12
#define N_KILLS 4

static Postgres *postgres;

typedef struct
{
  LksSharePlace *direct; /* (owned) */
  LksSharePlace *place;  /* (owned): through the proxy */
  Proxy *proxy;          /* (owned) */
  Station *station;      /* (owned) */
  gint64 total_bytes[2]; /* of a whole push, up and down */
} Fixture;

static void
empty (Fixture *f)
{
  postgres_run (postgres, "TRUNCATE lks_entries, lks_signatures, lks_recipes, lks_station_keys");
}

/* Measures a push that nothing happens to. */
static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GError) error = NULL;
  LksSharePushed pushed;

  postgres_clear (postgres);
  f->direct = postgres_make_place (postgres, 0);
  f->proxy = proxy_new (postgres_get_port (postgres));
  f->place = postgres_make_place (postgres, proxy_get_port (f->proxy));
  f->station = station_new (TRUE);
  station_add_runs (f->station, 0, N_RUNS);
  share = lks_share_open (f->direct, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_share_migrate (share, LKS_SHARE_SCHEMA_VERSION, NULL, &error));

  g_assert_true (station_push (f->station, f->place, &pushed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pushed.n_entries, ==, N_ENTRIES);
  proxy_count (f->proxy, &f->total_bytes[0], &f->total_bytes[1]);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  station_free (f->station);
  proxy_free (f->proxy);
  lks_share_place_free (f->direct);
  lks_share_place_free (f->place);
}

/* What the server has without gaps is what the station knows to be there, or more: what was
 * committed and nobody heard of. */
static void
assert_honest (Fixture *f)
{
  g_autofree char *name = lks_share_place_dup_name (f->place);
  g_autofree char *there =
      postgres_ask (postgres, "SELECT count(*), coalesce(max(sequence), 0) FROM lks_entries");
  g_auto (GStrv) numbers = g_strsplit (there, "|", 2);
  LksOutboxCursor cursor;

  g_assert_cmpstr (numbers[0], ==, numbers[1]);
  g_assert_true (lks_ledger_outbox_get (f->station->ledger, name, &cursor, NULL));
  g_assert_cmpint (cursor.sequence, <=, g_ascii_strtoll (numbers[1], NULL, 10));
}

static void
assert_whole (Fixture *f)
{
  g_autoptr (LksShare) share = NULL;
  g_autoptr (LksShareReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *signatures = NULL;
  LksSharePushed pushed;

  proxy_cut_after (f->proxy, -1, -1, NULL, NULL);
  g_assert_true (station_push (f->station, f->place, &pushed, &error));
  g_assert_no_error (error);
  g_assert_cmpint (pushed.last_sequence, ==, N_ENTRIES);
  g_assert_cmpuint (pushed.n_lost_before, ==, 0);

  share = lks_share_open (f->direct, NULL, NULL, &error);
  g_assert_no_error (error);
  report = lks_share_verify (share, f->station->ledger, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_entries, ==, N_ENTRIES);
  signatures = postgres_ask (postgres, "SELECT count(*) FROM lks_signatures");
  g_assert_cmpint (g_ascii_strtoll (signatures, NULL, 10), ==, N_ENTRIES);
}

/* The station has forgotten the place, and the server is empty. */
static void
begin_anew (Fixture *f)
{
  g_autofree char *name = lks_share_place_dup_name (f->place);

  empty (f);
  g_assert_true (lks_ledger_outbox_set (f->station->ledger, name, &(LksOutboxCursor){ 0 }, NULL));
}

static guint
cut_everywhere (Fixture *f, guint direction, guint n_points, ProxyFunc func)
{
  guint n_failed = 0;

  for (guint i = 0; i < n_points; i++)
    {
      const gint64 limit = f->total_bytes[direction] * i / n_points;
      g_autoptr (GError) error = NULL;

      begin_anew (f);
      proxy_cut_after (f->proxy, direction == 0 ? limit : -1, direction == 1 ? limit : -1, func,
                       postgres);
      if (!station_push (f->station, f->place, NULL, &error))
        {
          n_failed++;
          g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_UNREACHABLE);
        }
      if (func != NULL)
        {
          /* The proxy has let go of the server before it is started again. */
          proxy_cut_after (f->proxy, -1, -1, NULL, NULL);
          postgres_kill (postgres);
          postgres_start (postgres);
        }
      assert_honest (f);
      assert_whole (f);
    }
  return n_failed;
}

/* On the way there: what is sent is missing its end. */
static void
test_cut_up (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (cut_everywhere (f, 0, N_CUTS, NULL), >=, N_CUTS - 1);
}

/* On the way back: what was done is not heard of, commits among it. */
static void
test_cut_down (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (cut_everywhere (f, 1, N_CUTS, NULL), >=, N_CUTS - 1);
}

static void
kill_cb (gpointer data)
{
  postgres_kill (data);
}

static void
test_kill_up (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (cut_everywhere (f, 0, N_KILLS, kill_cb), >=, N_KILLS - 1);
}

static void
test_kill_down (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (cut_everywhere (f, 1, N_KILLS, kill_cb), >=, N_KILLS - 1);
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
  TEST ("/share-cut/up", test_cut_up);
  TEST ("/share-cut/down", test_cut_down);
  TEST ("/share-cut/kill-up", test_kill_up);
  TEST ("/share-cut/kill-down", test_kill_down);
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
