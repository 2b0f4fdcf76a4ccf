/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-device-error.h"

#define PROVABLE_LOOK_MS 500
#define PROVABLE_LOOKS 20

typedef struct
{
  LksUptime before;
  gboolean is_ordered;
  gboolean is_found; /* an earlier run's order, or somebody's hand, did it meanwhile … */
  guint64 after_s;   /* … for this is the uptime now */
} Restart;

static gboolean
read_uptime (LksRun *run, guint64 *out_uptime_s, GError **error)
{
  const LksRunTarget *target = run->target;
  g_autoptr (GError) local = NULL;
  guint tries = 0;
  gboolean good;

  do
    good = target->ops->get_uptime (target->data, out_uptime_s, lks_run_cancellable (run), &local);
  while (!good && lks_run_try_again (run, &tries, &local));

  if (!good)
    g_propagate_error (error, g_steal_pointer (&local));
  return good;
}

/* Waits a few seconds at most, until an uptime can show a restart: for the boards of an armed
 * station, which start when they are plugged in. */
static gboolean
wait_until_provable (LksRun *run, guint64 *uptime_s, GError **error)
{
  const LksRunTarget *target = run->target;

  for (guint i = 0; i < PROVABLE_LOOKS && !lks_uptime_can_prove_restart (*uptime_s); i++)
    if (!target->ops->wait (target->data, PROVABLE_LOOK_MS, lks_run_cancellable (run), error) ||
        !read_uptime (run, uptime_s, error))
      return FALSE;

  return TRUE;
}

gboolean
lks_run_read_provable_uptime (LksRun *run, guint64 *out_uptime_s, GError **error)
{
  return read_uptime (run, out_uptime_s, error) && wait_until_provable (run, out_uptime_s, error);
}

static gboolean
journal_restart (LksRun *run, const Restart *restart, GError **error)
{
  const LksRunTarget *target = run->target;
  JsonObject *data = json_object_new ();

  json_object_set_int_member (data, "uptimeSeconds", (gint64) restart->before.uptime_s);
  json_object_set_string_member (data, "clock", target->ops->get_clock (target->data));
  json_object_set_int_member (data, "clockMicroseconds", restart->before.read_us);
  return lks_run_journal (run, LKS_RUN_PHASE_RESTART, "intent", data, error);
}

/* A board that is locked already refuses; a lost answer is what a restart looks like. */
static gboolean
judge_restart (LksRun *run, Restart *restart, GError *error)
{
  JsonObject *evidence;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return lks_run_stop (run, g_error_copy (error));

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "POST /restart");
  json_object_set_int_member (evidence, "uptimeBefore", (gint64) restart->before.uptime_s);
  restart->is_ordered = error == NULL || lks_device_error_is_effect_unknown (error) ||
                        g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE);
  if (error != NULL)
    json_object_set_string_member (evidence, "error", error->message);
  if (error == NULL)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "ordered");
  else if (restart->is_ordered)
    lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence, "ordered; no clean answer: %s",
                 error->message);
  else
    lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
                 "the board does not restart by itself (%s): it has to be switched off and on",
                 error->message);
  return TRUE;
}

/* Whether the board has restarted since an earlier run read its uptime after the write. Times of
 * another clock (this computer has been started anew, or is another one) do not compare; then
 * only a smaller uptime counts. */
static gboolean
find_earlier_restart (LksRun *run, Restart *restart, gint64 asked_us)
{
  const LksRunHistory *history = &run->history;
  const LksRunTarget *target = run->target;
  Restart earlier = {
    .before = { .uptime_s = history->uptime_s,
                .read_us = g_strcmp0 (history->clock, target->ops->get_clock (target->data)) == 0
                               ? history->clock_us
                               : asked_us },
    .is_found = TRUE,
    .after_s = restart->before.uptime_s,
  };
  JsonObject *evidence;

  if (!history->is_written || history->clock == NULL ||
      !lks_uptime_proves_restart (&earlier.before, restart->before.uptime_s, asked_us))
    return FALSE;

  *restart = earlier;
  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "GET /status");
  json_object_set_int_member (evidence, "uptimeBefore", (gint64) earlier.before.uptime_s);
  json_object_set_int_member (evidence, "uptimeAfter", (gint64) earlier.after_s);
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
               "the board has restarted since an earlier run set its state");
  return TRUE;
}

static gboolean
order_restart (LksRun *run, Restart *restart)
{
  const LksRunTarget *target = run->target;
  gint64 asked_us = target->ops->now_us (target->data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;
  gboolean is_judged;

  if (!lks_run_enter (run, LKS_RUN_PHASE_RESTART))
    return FALSE;

  lks_run_begin (run, "restart");
  if (!read_uptime (run, &restart->before.uptime_s, &error))
    return lks_run_stop (run, g_steal_pointer (&error));
  if (find_earlier_restart (run, restart, asked_us))
    return TRUE;

  if (!wait_until_provable (run, &restart->before.uptime_s, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  restart->before.read_us = target->ops->now_us (target->data);
  if (!journal_restart (run, restart, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  run->is_announced = TRUE;
  target->ops->restart (target->data, lks_run_cancellable (run), &refusal);
  is_judged = judge_restart (run, restart, refusal);
  lks_run_keep_results (run);
  return is_judged;
}

static void
end_proof (LksRun *run, const Restart *restart, guint64 uptime_s)
{
  const LksRunTarget *target = run->target;
  JsonObject *evidence = json_object_new ();
  JsonObject *data = json_object_new ();
  double passed_s =
      (double) (target->ops->now_us (target->data) - restart->before.read_us) / G_USEC_PER_SEC;

  json_object_set_string_member (evidence, "source", "GET /status");
  json_object_set_int_member (evidence, "uptimeBefore", (gint64) restart->before.uptime_s);
  json_object_set_int_member (evidence, "uptimeAfter", (gint64) uptime_s);
  json_object_set_double_member (evidence, "secondsBetween", passed_s);
  json_object_set_int_member (data, "uptimeBefore", (gint64) restart->before.uptime_s);
  json_object_set_int_member (data, "uptimeAfter", (gint64) uptime_s);
  lks_run_journal_evidence (run, LKS_RUN_PHASE_PROVE_RESTART, data);
  lks_run_set_needs (run, NULL);
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
               "uptime %" G_GUINT64_FORMAT " s, was %" G_GUINT64_FORMAT " s %.1f s before",
               uptime_s, restart->before.uptime_s, passed_s);
}

static gboolean
ask_uptime (gpointer data, guint64 *out_uptime_s, GCancellable *cancellable, GError **error)
{
  const LksRunTarget *target = ((LksRun *) data)->target;

  return target->ops->get_uptime (target->data, out_uptime_s, cancellable, error);
}

static gboolean
is_present (gpointer data)
{
  const LksRunTarget *target = ((LksRun *) data)->target;

  return target->ops->is_present (target->data);
}

static gint64
now_us (gpointer data)
{
  const LksRunTarget *target = ((LksRun *) data)->target;

  return target->ops->now_us (target->data);
}

/* What was said in vain is no evidence, and there may be hundreds of it. */
static gboolean
wait_ms (gpointer data, guint time_ms, GCancellable *cancellable, GError **error)
{
  const LksRunTarget *target = ((LksRun *) data)->target;

  json_array_unref (target->ops->take_exchanges (target->data));
  return target->ops->wait (target->data, time_ms, cancellable, error);
}

static const LksRestartOps restart_ops = {
  .get_uptime = ask_uptime,
  .is_present = is_present,
  .now_us = now_us,
  .wait = wait_ms,
};

/* Waits until the board has restarted, or @limit_s is over. FALSE: cancelled. */
gboolean
lks_run_wait_for_restart (LksRun *run,
                          const LksUptime *before,
                          guint limit_s,
                          LksRestartProof *out_proof,
                          guint64 *out_uptime_s,
                          GError **error)
{
  return lks_restart_wait (&restart_ops, run, before, limit_s, out_proof, out_uptime_s,
                           lks_run_cancellable (run), error);
}

/* FALSE: the run is stopped. */
static gboolean
wait_for_proof (LksRun *run, const Restart *restart, guint limit_s, LksRestartProof *out_proof)
{
  g_autoptr (GError) error = NULL;
  guint64 uptime_s;

  if (!lks_run_wait_for_restart (run, &restart->before, limit_s, out_proof, &uptime_s, &error))
    return lks_run_stop (run, g_steal_pointer (&error));
  if (*out_proof == LKS_RESTART_PROOF_FOUND)
    end_proof (run, restart, uptime_s);
  return TRUE;
}

static gboolean
stop_without_proof (LksRun *run, guint waited_s)
{
  if (!run->target->ops->is_present (run->target->data))
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_PROVEN, NULL,
                             "the board was unplugged before it had proven its restart; it is %s: "
                             "plug it in and finalize it again, the proof goes on",
                             run->state_text);
  if (run->result->needs != NULL)
    return lks_run_stop_new (run, LKS_RUN_ERROR_POWER_CYCLE, NULL,
                             "the board is %s and was not switched off and on in time, so its "
                             "lock is not proven",
                             run->state_text);

  return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_PROVEN, NULL,
                           "the board is %s, was told to restart, and has not answered for %u s",
                           run->state_text, waited_s);
}

static gboolean
prove_restart (LksRun *run, const Restart *restart)
{
  LksRestartProof proof = LKS_RESTART_PROOF_NOT_YET;
  guint wait_s;

  if (!lks_run_enter (run, LKS_RUN_PHASE_PROVE_RESTART))
    return FALSE;

  lks_run_begin (run, "prove-restart");
  if (restart->is_found)
    {
      end_proof (run, restart, restart->after_s);
      return TRUE;
    }
  wait_s = lks_run_limit_wait (run, lks_recipe_get_restart_wait_s (run->recipe));
  if (restart->is_ordered && !wait_for_proof (run, restart, wait_s, &proof))
    return FALSE;
  if (proof == LKS_RESTART_PROOF_NOT_YET && is_present (run))
    {
      lks_run_set_needs (run, "power-cycle");
      if (!wait_for_proof (run, restart,
                           lks_run_limit_wait (run,
                                               lks_recipe_get_power_cycle_wait_s (run->recipe)),
                           &proof))
        return FALSE;
    }

  return proof == LKS_RESTART_PROOF_FOUND || stop_without_proof (run, wait_s);
}

gboolean
lks_run_restart_board (LksRun *run)
{
  Restart restart = { 0 };

  return order_restart (run, &restart) && prove_restart (run, &restart);
}
