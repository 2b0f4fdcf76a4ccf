/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-units RECIPE BOARDS: how many units an hour a jig with BOARDS places makes, as a
 * function of how long one pair of hands needs to take a unit out and put the next one in. Runs
 * under locksmith-bench with BOARDS boards at the real line speed.
 *
 * Measured: the cycle of each place, from plugging in to the verdict, with all places at work at
 * once; the time in which the emulated board starts, and starts again, is in it. Computed from
 * that: a shift of eight hours in which a person serves the place that has waited longest, and is
 * served the measured cycles in turn. */
#include "bench-control.h"
#include "lks-board-list.h"
#include "lks-finalizer.h"
#include "lks-trust.h"

#include <glib/gstdio.h>

#define LIMIT_S 120
#define SHIFT_S (8 * 3600.0)
#define SECONDS_PER_HOUR 3600.0

typedef struct
{
  LksBoardList *boards;
  LksRecipe *recipe;
  LksLedger *ledger;
  GHashTable *begun; /* (owned): path of a board → LksFinalizer */
  gint64 start_us;
  double *cycles_s; /* (array length=n_places) */
  guint n_places, n_done, n_passed;
} Jig;

static const double handling_s[] = { 5, 10, 20, 40, 60 };

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("benchmark-units took longer than %d s", LIMIT_S);
  return G_SOURCE_REMOVE;
}

static void
finalized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Jig *jig = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRunResult) run =
      lks_finalizer_finalize_finish (LKS_FINALIZER (source), result, &error);

  g_assert_no_error (error);
  jig->cycles_s[jig->n_done++] = (double) (g_get_monotonic_time () - jig->start_us) / 1e6;
  jig->n_passed += run->verdict == LKS_VERDICT_PASS;
}

/* A board is begun with as soon as it has told who it is. */
static void
begin_boards (Jig *jig)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (jig->boards)); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (G_LIST_MODEL (jig->boards), i);
      const char *device_id = lks_board_get_device_id (board);
      g_autoptr (LksConsent) consent = NULL;
      g_autoptr (GError) error = NULL;
      LksFinalizer *finalizer;

      if (lks_board_get_state (board) != LKS_BOARD_STATE_READY || device_id == NULL ||
          g_hash_table_contains (jig->begun, lks_board_get_path (board)))
        continue;

      consent = lks_consent_new (jig->recipe, device_id, "benchmark", &error);
      g_assert_no_error (error);
      finalizer = lks_finalizer_new (board, jig->recipe, jig->ledger);
      g_hash_table_insert (jig->begun, g_strdup (lks_board_get_path (board)), finalizer);
      lks_finalizer_finalize_async (finalizer, consent, NULL, finalized_cb, jig);
    }
}

static void
measure (Jig *jig)
{
  for (guint i = 0; i < jig->n_places; i++)
    bench_control_tell ("{\"command\":\"unplug\",\"board\":%u}", i);
  while (g_list_model_get_n_items (G_LIST_MODEL (jig->boards)) > 0)
    g_main_context_iteration (NULL, TRUE);

  jig->start_us = g_get_monotonic_time ();
  for (guint i = 0; i < jig->n_places; i++)
    bench_control_tell ("{\"command\":\"plug\",\"board\":%u}", i);
  while (jig->n_done < jig->n_places)
    {
      g_main_context_iteration (NULL, TRUE);
      begin_boards (jig);
    }
}

/* How many units are finished in a shift, by the hour. */
static double
compute_units_per_hour (const Jig *jig, double hands_s)
{
  g_autofree double *ready_s = g_new0 (double, jig->n_places);
  double hands_free_s = 0;
  guint n_units = 0;

  for (guint cycle = 0; hands_free_s < SHIFT_S; cycle++)
    {
      guint next = 0;

      for (guint i = 1; i < jig->n_places; i++)
        if (ready_s[i] < ready_s[next])
          next = i;
      hands_free_s = MAX (hands_free_s, ready_s[next]) + hands_s;
      ready_s[next] = hands_free_s + jig->cycles_s[cycle % jig->n_places];
      n_units += ready_s[next] <= SHIFT_S;
    }
  return n_units * SECONDS_PER_HOUR / SHIFT_S;
}

/* The cycles stand in the order in which they ended, the shortest first. */
static void
report (const Jig *jig)
{
  g_print (
      "{\"benchmark\":\"units-%u\",\"places\":%u,\"passed\":%u,\"cycleSeconds\":{\"median\":%.2f,"
      "\"worst\":%.2f},\"unitsPerHour\":[",
      jig->n_places, jig->n_places, jig->n_passed, jig->cycles_s[jig->n_places / 2],
      jig->cycles_s[jig->n_places - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (handling_s); i++)
    g_print ("%s{\"handlingSeconds\":%.0f,\"computed\":%.1f}", i > 0 ? "," : "", handling_s[i],
             compute_units_per_hour (jig, handling_s[i]));
  g_print ("]}\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (LksIoThread) io = lks_io_thread_new ();
  g_autoptr (LksTrust) trust = lks_trust_load_default (NULL);
  g_autofree char *folder = g_dir_make_tmp ("benchmark-units.XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  Jig jig = { 0 };

  if (argc != 3)
    return 2;

  g_timeout_add_seconds (LIMIT_S, too_long_cb, NULL);
  jig.n_places = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  jig.cycles_s = g_new0 (double, jig.n_places);
  jig.begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  jig.recipe = lks_recipe_load (argv[1], &error);
  g_assert_no_error (error);
  jig.ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  jig.boards = lks_board_list_new (io, trust, NULL, &error);
  g_assert_no_error (error);

  measure (&jig);
  report (&jig);

  g_hash_table_unref (jig.begun);
  lks_board_list_close (jig.boards);
  g_object_unref (jig.boards);
  g_object_unref (jig.ledger);
  g_object_unref (jig.recipe);
  g_free (jig.cycles_s);
  g_unlink (path);
  g_rmdir (folder);
  return jig.n_passed == jig.n_places ? 0 : 1;
}
