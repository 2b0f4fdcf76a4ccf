/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-enums.h"

/* Two places that report one ID stop both, also when the second one comes late. A board that is
 * written by then goes on to its restart, which locks it, and does not pass. */
static gboolean
check_alone (LksRun *run)
{
  const char *short_id = lks_device_id_get_short (run->result->device_id);

  if (!lks_run_is_contested (run))
    return TRUE;

  return lks_run_stop (
      run, run->has_written || run->history.is_written
               ? g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                              "another place reported the same device ID …%s after this board was "
                              "set to %s: neither board may pass",
                              short_id, lks_run_target_text (run))
               : g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                              "another place reports the same device ID …%s: neither board may be "
                              "touched",
                              short_id));
}

static gboolean
identify (LksRun *run)
{
  g_autofree char *other_port = NULL;

  if (!lks_run_read_identity (run, "identify"))
    return FALSE;

  run->is_claimed = lks_run_claim (run->result->device_id, run->result->port, &other_port);
  if (run->is_claimed)
    return check_alone (run);

  return lks_run_stop (run,
                       g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                                    "the place %s reports the same device ID …%s: neither "
                                    "board may be touched",
                                    other_port, lks_device_id_get_short (run->result->device_id)));
}

static gboolean
read_history (LksRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
      lks_ledger_journal_read (run->ledger, run->result->device_id, &error);

  if (entries == NULL)
    return lks_run_stop (run, g_steal_pointer (&error));

  lks_run_history_derive (entries, lks_run_target_text (run), &run->history);
  if (!lks_run_check_earlier_recipe (run))
    return FALSE;
  if (run->history.run_id != NULL)
    {
      g_free (run->run_id);
      run->run_id = g_strdup (run->history.run_id);
    }
  lks_run_resume_waivers (run);
  return lks_run_bind_label (run);
}

static gboolean
refuse (LksRun *run)
{
  return lks_run_stop (run,
                       g_error_new_literal (LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED,
                                            run->has_loaded
                                                ? "not ready: images were loaded, nothing else "
                                                  "was changed"
                                                : "not ready: nothing was changed"));
}

static gboolean
check (LksRun *run)
{
  gboolean is_ready = lks_run_enter (run, LKS_RUN_PHASE_CHECK) && lks_run_announce (run) &&
                      lks_run_check_ready (run) && lks_run_resolve_history (run) &&
                      (run->action != LKS_LOCK_ACTION_VERIFY || lks_run_look_for_claim (run));

  lks_run_keep_results (run);
  return is_ready && (!run->has_failed || run->history.is_written || refuse (run));
}

static gboolean
is_restart_needed (LksRun *run)
{
  if (run->has_written || (run->history.is_written && !run->history.is_proven))
    return TRUE;
  if (run->history.is_proven)
    return FALSE;

  return lks_recipe_get_always_prove_restart (run->recipe) ||
         (lks_recipe_get_target_state (run->recipe) == LKS_TARGET_STATE_DEVICE_COMPLETE &&
          !run->is_service_refused);
}

static gboolean
verify_state (LksRun *run)
{
  JsonObject *evidence;

  if (!lks_run_read_state (run, "verify-state"))
    return FALSE;

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "GET /device/manufacturing_state");
  json_object_set_string_member (evidence, "read", run->state_text);
  json_object_set_string_member (evidence, "expected", lks_run_target_text (run));
  if (run->state == lks_run_target_state (run))
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s", run->state_text);
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "the board says %s again after its restart",
                 run->state_text);
  return TRUE;
}

/* Everything that stays readable on a locked board, once more, after the restart. */
static gboolean
verify_open_endpoints (LksRun *run)
{
  return lks_run_read_identity (run, "verify-identity") && verify_state (run) &&
         lks_run_read_capabilities (run, "verify-capabilities") &&
         lks_run_read_os_version (run, "verify-os-version");
}

static gboolean
verify (LksRun *run, gboolean has_restarted)
{
  gboolean is_complete =
      lks_run_enter (run, LKS_RUN_PHASE_VERIFY) && lks_run_announce (run) &&
      (!has_restarted || verify_open_endpoints (run)) &&
      (lks_recipe_get_target_state (run->recipe) != LKS_TARGET_STATE_DEVICE_COMPLETE ||
       lks_run_read_service_lock (run)) &&
      check_alone (run);

  lks_run_keep_results (run);
  return is_complete;
}

/* A finalization, from top to bottom (ARCHITECTURE.md). */
static gboolean
finalize_board (LksRun *run)
{
  gboolean is_restart_wanted;

  if (!identify (run) || !read_history (run) || !lks_run_load_images (run) || !check (run))
    return FALSE;
  if (run->action == LKS_LOCK_ACTION_WRITE && !lks_run_write_state (run))
    return FALSE;

  is_restart_wanted = is_restart_needed (run);
  if (is_restart_wanted && !lks_run_restart_board (run))
    return FALSE;
  return verify (run, is_restart_wanted);
}

/* A board that was written and has not proven its restart is not verified by looking at it: the
 * next finalization goes on with the proof. */
static void
tell_unfinished (LksRun *run)
{
  JsonObject *evidence = json_object_new ();

  lks_run_begin (run, "journal");
  json_object_set_string_member (evidence, "runId", run->history.run_id);
  lks_json_set_time (evidence, "begunAt", run->history.begun_us);
  json_object_set_boolean_member (evidence, "outcomeWasUnknown", run->history.is_unresolved);
  json_object_set_boolean_member (evidence, "restartWasProven", run->history.is_proven);
  lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
               "an earlier finalization of this board was interrupted: finalize it again, what was "
               "done is not repeated");
}

static gboolean
look_at_board (LksRun *run)
{
  if (!lks_run_read_identity (run, "identify"))
    return FALSE;

  if (!(run->ledger != NULL ? read_history (run) : lks_run_bind_label (run)) ||
      !lks_run_enter (run, LKS_RUN_PHASE_CHECK) || !lks_run_check_ready (run))
    return FALSE;
  if (run->history.run_id != NULL)
    {
      tell_unfinished (run);
      return TRUE;
    }
  if (!lks_run_look_for_claim (run))
    return FALSE;

  return run->action != LKS_LOCK_ACTION_VERIFY ||
         lks_recipe_get_target_state (run->recipe) != LKS_TARGET_STATE_DEVICE_COMPLETE ||
         lks_run_read_service_lock (run);
}

static void
judge (LksRun *run, gboolean is_complete)
{
  LksRunResult *result = run->result;
  gboolean is_refused = g_error_matches (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED);

  if (run->has_failed && (result->error == NULL || is_refused))
    result->verdict = LKS_VERDICT_FAIL;
  else if (!is_complete || result->error != NULL)
    result->verdict = LKS_VERDICT_STOPPED;
  else
    result->verdict = LKS_VERDICT_PASS;

  if (result->verdict != LKS_VERDICT_PASS)
    return;
  if (run->phase == LKS_RUN_PHASE_CHECK)
    result->outcome = run->action == LKS_LOCK_ACTION_WRITE || run->history.run_id != NULL
                          ? LKS_OUTCOME_READY
                          : LKS_OUTCOME_VERIFIED;
  else
    result->outcome =
        run->has_written || run->history.is_written ? LKS_OUTCOME_FINALIZED : LKS_OUTCOME_VERIFIED;
}

static void
clear (LksRun *run)
{
  if (run->is_claimed)
    lks_run_release (run->result->device_id);
  if (run->is_label_claimed)
    lks_run_release_label (run->label);
  lks_run_history_clear (&run->history);
  g_clear_pointer (&run->waivers, g_ptr_array_unref);
  g_clear_error (&run->ledger_error);
  g_free (run->run_id);
  g_free (run->state_text);
  g_free (run->label);
}

/**
 * lks_check_run:
 * @target: the board
 * @recipe: what must be true
 * @ledger: (nullable): whose journal is asked for an interrupted run; nothing is written to it
 * @observer: (nullable): told of every step
 * @cancellable: (nullable): a cancellable
 *
 * The ready check: reads, compares, changes nothing. PASS means "ready" for a board that is to
 * be changed, or whose earlier finalization was interrupted, and "verified" for one that is in
 * its target state already.
 *
 * Blocks; the board's worker thread only. Every read is bounded by the device client's limits.
 *
 * Returns: (transfer full): what was found; errors are in it
 */
LksRunResult *
lks_check_run (LksRunTarget *target,
               LksRecipe *recipe,
               LksLedger *ledger,
               const LksRunObserver *observer,
               GCancellable *cancellable)
{
  LksRun run = {
    .target = target,
    .recipe = recipe,
    .ledger = ledger,
    .observer = observer,
    .cancellable = cancellable,
    .result = lks_run_result_new ("check", target, recipe),
    .phase = LKS_RUN_PHASE_IDENTIFY,
  };

  judge (&run, look_at_board (&run) && check_alone (&run));
  run.result->finished_at = g_date_time_new_now_utc ();
  clear (&run);
  return run.result;
}

/**
 * lks_finalize_run:
 * @target: the board
 * @recipe: what must be true and what is to be made true
 * @consent: (nullable): somebody's consent to exactly this; NULL when nothing may be written,
 *   as for the proof of a board that was written before
 * @ledger: where the journal and the record go
 * @observer: (nullable): told of every step
 * @cancellable: (nullable): a cancellable; does nothing between the intent to write and the
 *   answer what became of it
 *
 * Brings one board to its target state: identify, check, consent, intent into the journal, write,
 * read back, restart, prove the restart, verify, record. PASS only when every link of that chain
 * was proven. A run that was interrupted is taken up where it stopped, and the board is asked
 * what is true before anything is repeated: the write happens at most once.
 *
 * Blocks; the board's worker thread only. A restart is waited for as long as the recipe says, all
 * else is bounded by the device client's limits.
 *
 * Returns: (transfer full): what was done; errors are in it
 */
LksRunResult *
lks_finalize_run (LksRunTarget *target,
                  LksRecipe *recipe,
                  LksConsent *consent,
                  LksLedger *ledger,
                  const LksRunObserver *observer,
                  GCancellable *cancellable)
{
  LksRun run = {
    .target = target,
    .recipe = recipe,
    .consent = consent,
    .ledger = ledger,
    .observer = observer,
    .cancellable = cancellable,
    .result = lks_run_result_new ("finalize", target, recipe),
    .phase = LKS_RUN_PHASE_IDENTIFY,
    .keeps_journal = TRUE,
    .run_id = g_uuid_string_random (),
  };
  gboolean is_complete = finalize_board (&run);

  is_complete = lks_run_enter (&run, LKS_RUN_PHASE_RECORD) && is_complete;
  judge (&run, is_complete);
  lks_run_record (&run);
  clear (&run);
  return run.result;
}
