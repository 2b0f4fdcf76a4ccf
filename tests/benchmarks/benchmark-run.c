/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-run RECIPE: how near a whole finalization comes to what the line itself needs. Runs
 * under locksmith-bench with one board at the real line speed.
 *
 * The time between ordering the restart and the proof of it belongs to the board and is left out.
 * The line's minimum for the rest: every byte once in its direction at 92,160 bytes a second, one
 * after the other as the protocol has it, and for each exchange two milliseconds, one of the
 * adapter's latency timer and one of USB frames. */
#include "lks-board-list.h"
#include "lks-device.h"
#include "lks-enums.h"
#include "lks-run.h"
#include "lks-trust.h"

#include <glib/gstdio.h>
#include <string.h>

#define LIMIT_S 60
#define LINE_BYTES_PER_SECOND 92160.0
#define EXCHANGE_S 0.002

typedef struct
{
  LksBoard *board;
  LksRecipe *recipe;
  LksLedger *ledger;
  LksVerdict verdict;
  guint exchanges;
  gint64 start_us;
  gint64 end_us;
  gint64 restart_us; /* when the restart was ordered; later, how long it took */
  LksLinkCounters before;
  LksLinkCounters at_restart;
  LksLinkCounters after_restart;
  LksLinkCounters after;
  gboolean done;
} Run;

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("benchmark-run took longer than %d s", LIMIT_S);
  return G_SOURCE_REMOVE;
}

static gboolean
is_present (gpointer user_data)
{
  return TRUE;
}

static void
step (LksRunStep *run_step, guint index, gpointer user_data)
{
  Run *run = user_data;
  gboolean running = lks_run_step_get_result (run_step) == LKS_STEP_RESULT_RUNNING;

  if (running && g_str_equal (lks_run_step_get_name (run_step), "restart"))
    {
      lks_board_get_link_counters (run->board, &run->at_restart);
      run->restart_us = g_get_monotonic_time ();
    }
  else if (!running && g_str_equal (lks_run_step_get_name (run_step), "prove-restart"))
    {
      lks_board_get_link_counters (run->board, &run->after_restart);
      run->restart_us = g_get_monotonic_time () - run->restart_us;
    }
}

/* Every exchange of a step stands in its evidence, with how long it took. */
static guint
count_exchanges (LksRunStep *run_step)
{
  const char *at = lks_run_step_get_evidence (run_step);
  guint count = 0;

  while (at != NULL && (at = strstr (at, "\"durationMs\"")) != NULL)
    {
      at++;
      count++;
    }

  return count;
}

static gboolean
finalize (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Run *run = user_data;
  LksRunObserver observer = { .step = step, .user_data = run };
  g_autoptr (LksRunTarget) target = lks_run_target_new (device, "1-1", NULL, is_present, NULL);
  g_autoptr (LksConsent) consent =
      lks_consent_new (run->recipe, lks_board_get_device_id (run->board), "benchmark", error);
  g_autoptr (LksRunResult) result = NULL;

  if (consent == NULL)
    return FALSE;

  lks_board_get_link_counters (run->board, &run->before);
  run->start_us = g_get_monotonic_time ();
  result = lks_finalize_run (target, run->recipe, consent, run->ledger, &observer, cancellable);
  run->end_us = g_get_monotonic_time ();
  lks_board_get_link_counters (run->board, &run->after);
  run->verdict = result->verdict;
  for (guint i = 0; i < result->steps->len; i++)
    {
      LksRunStep *one = result->steps->pdata[i];

      if (!g_str_equal (lks_run_step_get_name (one), "restart") &&
          !g_str_equal (lks_run_step_get_name (one), "prove-restart"))
        run->exchanges += count_exchanges (one);
    }
  return TRUE;
}

static void
finalized_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Run *run = user_data;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  g_assert_no_error (error);
  run->done = TRUE;
}

static double
get_bytes (const Run *run)
{
  return (double) (run->at_restart.received_bytes - run->before.received_bytes +
                   run->at_restart.sent_bytes - run->before.sent_bytes + run->after.received_bytes -
                   run->after_restart.received_bytes + run->after.sent_bytes -
                   run->after_restart.sent_bytes);
}

static void
report (const Run *run)
{
  double took_s = (double) (run->end_us - run->start_us - run->restart_us) / 1e6;
  double minimum_s = get_bytes (run) / LINE_BYTES_PER_SECOND + run->exchanges * EXCHANGE_S;

  g_print (
      "{\"benchmark\":\"finalize\",\"verdict\":\"%s\",\"seconds\":%.4f,\"restartSeconds\":%.3f,"
      "\"bytes\":%.0f,\"exchanges\":%u,\"minimumSeconds\":%.4f,\"ofMinimum\":%.3f,"
      "\"aimOfMinimum\":1.15}\n",
      lks_enum_to_nick (LKS_TYPE_VERDICT, run->verdict), took_s, run->restart_us / 1e6,
      get_bytes (run), run->exchanges, minimum_s, took_s / minimum_s);
}

static void
await (LksBoardList *boards, Run *run)
{
  while (g_list_model_get_n_items (G_LIST_MODEL (boards)) == 0)
    g_main_context_iteration (NULL, TRUE);
  run->board = g_list_model_get_item (G_LIST_MODEL (boards), 0);
  while (lks_board_get_state (run->board) != LKS_BOARD_STATE_READY)
    g_main_context_iteration (NULL, TRUE);

  lks_board_run_async (run->board, finalize, run, NULL, NULL, finalized_cb, run);
  while (!run->done)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (LksIoThread) io = lks_io_thread_new ();
  g_autoptr (LksTrust) trust = lks_trust_load_default (NULL);
  g_autofree char *folder = g_dir_make_tmp ("benchmark-run.XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  LksBoardList *boards;
  Run run = { 0 };

  if (argc != 2)
    return 2;

  g_timeout_add_seconds (LIMIT_S, too_long_cb, NULL);
  run.recipe = lks_recipe_load (argv[1], &error);
  g_assert_no_error (error);
  run.ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  boards = lks_board_list_new (io, trust, NULL, &error);
  g_assert_no_error (error);

  await (boards, &run);
  report (&run);

  lks_board_list_close (boards);
  g_object_unref (run.board);
  g_object_unref (boards);
  g_object_unref (run.ledger);
  g_object_unref (run.recipe);
  g_unlink (path);
  g_rmdir (folder);
  return run.verdict == LKS_VERDICT_PASS ? 0 : 1;
}
