/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-enums.h"

#define POLL_MS 250
#define SETTLE_MS 1000
#define READ_BACK_LIMIT_US (30 * G_USEC_PER_SEC)
#define UPTIME_SLACK_S 2

static const char *
target_text (LksRun *run)
{
  return lks_enum_to_nick (LKS_TYPE_TARGET_STATE, (int) lks_recipe_get_target_state (run->recipe));
}

static LksManufacturingState
target_state (LksRun *run)
{
  return lks_lock_plan_target_state (lks_recipe_get_target_state (run->recipe));
}

static gboolean
identify (LksRun *run)
{
  g_autofree char *other_port = NULL;

  if (!lks_run_read_identity (run, "identify"))
    return FALSE;

  run->is_claimed = lks_run_claim (run->result->device_id, run->result->port, &other_port);
  if (run->is_claimed)
    return TRUE;

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

  lks_run_history_derive (entries, target_text (run), &run->history);
  if (run->history.run_id != NULL)
    {
      g_free (run->run_id);
      run->run_id = g_strdup (run->history.run_id);
    }
  return TRUE;
}

static void
journal_outcome (LksRun *run, const char *outcome, const char *why)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "outcome", outcome);
  json_object_set_string_member (data, "state", run->state_text != NULL ? run->state_text : "");
  json_object_set_string_member (data, "why", why);
  lks_run_journal_evidence (run, LKS_RUN_PHASE_READ_BACK, data);
}

/* An earlier run was interrupted between its intent and the answer: ask the board what became of
 * it. The order may still be on its way when the board says its old state: ask twice. */
static gboolean
resolve_history (LksRun *run)
{
  JsonObject *evidence;
  g_autoptr (GError) error = NULL;

  if (run->history.run_id == NULL)
    return TRUE;

  if (run->history.is_unresolved && run->state != target_state (run))
    {
      if (!run->target->ops->wait (run->target->data, SETTLE_MS, run->cancellable, &error))
        {
          lks_run_begin (run, "journal");
          return lks_run_stop (run, g_steal_pointer (&error));
        }
      if (!lks_run_read_state (run, "journal"))
        return FALSE;
    }
  else
    lks_run_begin (run, "journal");

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "runId", run->history.run_id);
  json_object_set_boolean_member (evidence, "outcomeWasUnknown", run->history.is_unresolved);
  json_object_set_boolean_member (evidence, "restartWasProven", run->history.is_proven);
  json_object_set_string_member (evidence, "read", run->state_text);
  lks_json_set_time (evidence, "begunAt", run->history.begun_us);

  if (run->state == target_state (run))
    {
      run->action = LKS_LOCK_ACTION_VERIFY;
      if (run->history.is_unresolved)
        journal_outcome (run, LKS_WRITE_DONE, "found so after an interruption");
      run->history.is_written = TRUE;
      run->history.is_unresolved = FALSE;
      lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
                   "an earlier run was interrupted; the board says %s: nothing is written again, "
                   "the proof goes on",
                   run->state_text);
      return TRUE;
    }
  if (g_strcmp0 (run->state_text, run->history.state_before) != 0 || run->history.is_written)
    return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                             "the journal says that the board was %s and was set to %s; now it "
                             "says %s",
                             run->history.state_before != NULL ? run->history.state_before : "-",
                             target_text (run), run->state_text);

  journal_outcome (run, LKS_WRITE_NOT_DONE, "found so after an interruption");
  lks_run_history_clear (&run->history);
  lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
               "an earlier run was interrupted before anything was written: the board still says "
               "%s",
               run->state_text);
  return TRUE;
}

static gboolean
refuse (LksRun *run)
{
  return lks_run_stop (run, g_error_new_literal (LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED,
                                                 "not ready: nothing was changed"));
}

static gboolean
check (LksRun *run)
{
  lks_run_enter (run, LKS_RUN_PHASE_CHECK);
  return read_history (run) && lks_run_check_ready (run) && resolve_history (run) &&
         (!run->has_failed || run->history.is_written || refuse (run));
}

static gboolean
check_consent (LksRun *run)
{
  JsonObject *evidence = json_object_new ();

  lks_run_enter (run, LKS_RUN_PHASE_CONSENT);
  lks_run_begin (run, "consent");
  json_object_set_string_member (evidence, "deviceId", run->result->device_id);
  json_object_set_string_member (evidence, "recipeHash", run->result->recipe_hash);
  if (run->consent == NULL)
    return lks_run_stop_new (run, LKS_RUN_ERROR_CONSENT, evidence,
                             "nobody has agreed to set this board to %s, which is permanent",
                             target_text (run));

  json_object_set_object_member (evidence, "given", lks_consent_to_json (run->consent));
  if (!lks_consent_covers (run->consent, run->recipe, run->result->device_id))
    return lks_run_stop_new (run, LKS_RUN_ERROR_CONSENT, evidence,
                             "the consent is for another board or another recipe");

  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "for …%s and this recipe",
               lks_device_id_get_short (run->result->device_id));
  return TRUE;
}

/* The last look before the act: the same board, and nobody else claims to be it. */
static gboolean
check_still_the_board (LksRun *run, GError **error)
{
  g_autoptr (LksDeviceSecurity) security =
      run->target->ops->get_security (run->target->data, NULL, error);

  if (security == NULL)
    return FALSE;
  if (g_strcmp0 (security->device_id, run->result->device_id) != 0)
    {
      g_set_error_literal (error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                           "another board answers in this place now: nothing was changed");
      return FALSE;
    }
  if (lks_run_claim_is_contested (run->result->device_id))
    {
      g_set_error_literal (error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                           "another place reports the same device ID: nothing was changed");
      return FALSE;
    }
  return TRUE;
}

static gboolean
journal_intent (LksRun *run, GError **error)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "stateBefore", run->state_text);
  json_object_set_string_member (data, "recipeHash", run->result->recipe_hash);
  json_object_set_string_member (data, "port", run->result->port);
  json_object_set_object_member (data, "consent", lks_consent_to_json (run->consent));
  return lks_run_journal (run, LKS_RUN_PHASE_SET_STATE, "intent", data, error);
}

/* The irreversible step. Once the intent is on the disk the order is sent exactly once, and what
 * became of it is asked, never assumed. @out_put_error: what the board or the line said to it. */
static gboolean
set_state (LksRun *run, GError **out_put_error)
{
  g_autoptr (GError) error = NULL;
  JsonObject *evidence;

  lks_run_enter (run, LKS_RUN_PHASE_SET_STATE);
  lks_run_begin (run, "set-state");
  if (g_cancellable_set_error_if_cancelled (run->cancellable, &error) ||
      !check_still_the_board (run, &error) || !journal_intent (run, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  run->has_written = TRUE;
  run->target->ops->set_state (run->target->data, target_state (run), out_put_error);

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "PUT /device/manufacturing_state");
  json_object_set_string_member (evidence, "from", run->state_text);
  json_object_set_string_member (evidence, "to", target_text (run));
  if (*out_put_error != NULL)
    {
      json_object_set_string_member (evidence, "error", (*out_put_error)->message);
      lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence, "ordered; no clean answer: %s",
                   (*out_put_error)->message);
    }
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "ordered and accepted");
  return TRUE;
}

/* Asks until the board answers or the limit is over. Not cancellable. */
static LksDeviceManufacturing *
ask_state (LksRun *run, GError **error)
{
  const LksRunTarget *target = run->target;
  gint64 deadline_us = target->ops->now_us (target->data) + READ_BACK_LIMIT_US;
  LksDeviceManufacturing *state;

  while ((state = target->ops->get_state (target->data, NULL, error)) == NULL &&
         target->ops->is_present (target->data) && target->ops->now_us (target->data) < deadline_us)
    {
      g_clear_error (error);
      target->ops->wait (target->data, POLL_MS, NULL, NULL);
    }
  return state;
}

static LksDeviceManufacturing *
ask_settled_state (LksRun *run, gboolean is_answer_lost, GError **error)
{
  LksDeviceManufacturing *state = ask_state (run, error);

  /* The order may have been on its way when the connection broke: ask once more, later. */
  if (state == NULL || state->state == target_state (run) || !is_answer_lost)
    return state;

  lks_device_manufacturing_free (state);
  run->target->ops->wait (run->target->data, SETTLE_MS, NULL, NULL);
  return ask_state (run, error);
}

static gboolean
judge_unchanged (LksRun *run, JsonObject *evidence, GError *put_error)
{
  journal_outcome (run, LKS_WRITE_NOT_DONE, "the board still says its old state");
  run->has_written = FALSE;
  if (put_error != NULL)
    {
      g_autoptr (GError) error = g_error_copy (put_error);

      g_prefix_error (&error, "the board was not changed, it still says %s: ", run->state_text);
      lks_run_end (run, LKS_STEP_RESULT_STOPPED, evidence, "%s", error->message);
      return lks_run_stop (run, g_steal_pointer (&error));
    }

  lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
               "the board accepted the order and still says %s", run->state_text);
  return FALSE;
}

static gboolean
judge_read_back (LksRun *run, LksDeviceManufacturing *state, GError *put_error)
{
  g_autofree char *before = g_steal_pointer (&run->state_text);
  LksManufacturingState state_before = run->state;
  JsonObject *evidence = json_object_new ();

  run->state = state->state;
  run->state_text = g_strdup (state->state_text);
  json_object_set_string_member (evidence, "source", "GET /device/manufacturing_state");
  json_object_set_string_member (evidence, "read", state->state_text);
  json_object_set_string_member (evidence, "expected", target_text (run));

  if (state->state == target_state (run))
    {
      journal_outcome (run, LKS_WRITE_DONE, "the board says the new state");
      lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s", state->state_text);
      return TRUE;
    }
  if (state->state == state_before && g_strcmp0 (before, state->state_text) == 0)
    return judge_unchanged (run, evidence, put_error);

  journal_outcome (run, LKS_WRITE_UNKNOWN, "the board says a third state");
  return lks_run_stop_new (run, LKS_RUN_ERROR_NOT_UNDERSTOOD, evidence,
                           "the board was %s, was to become %s, and says %s", before,
                           target_text (run), state->state_text);
}

static gboolean
is_effect_unknown (const GError *put_error)
{
  return g_error_matches (put_error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST) ||
         g_error_matches (put_error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_TIMED_OUT) ||
         g_error_matches (put_error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
}

static gboolean
read_back (LksRun *run, GError *put_error)
{
  g_autoptr (LksDeviceManufacturing) state = NULL;
  g_autoptr (GError) error = NULL;

  lks_run_enter (run, LKS_RUN_PHASE_READ_BACK);
  lks_run_begin (run, "read-back");
  state = ask_settled_state (run, is_effect_unknown (put_error), &error);
  if (state != NULL)
    return judge_read_back (run, state, put_error);

  journal_outcome (run, LKS_WRITE_UNKNOWN, error->message);
  return lks_run_stop_new (run, LKS_RUN_ERROR_UNRESOLVED, NULL,
                           "the order to become %s was sent, and the board cannot be asked what "
                           "became of it: %s",
                           target_text (run), error->message);
}

static gboolean
write_state (LksRun *run)
{
  g_autoptr (GError) put_error = NULL;

  return check_consent (run) && set_state (run, &put_error) && read_back (run, put_error);
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

typedef struct
{
  guint64 before_s;
  gint64 before_us; /* when @before_s was received */
  gboolean is_ordered;
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

static gboolean
journal_restart (LksRun *run, const Restart *restart, GError **error)
{
  JsonObject *data = json_object_new ();

  json_object_set_int_member (data, "uptimeSeconds", (gint64) restart->before_s);
  return lks_run_journal (run, LKS_RUN_PHASE_RESTART, "intent", data, error);
}

/* A board that is locked already refuses; a lost answer is what a restart looks like. */
static gboolean
judge_restart (LksRun *run, Restart *restart, GError *error)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "POST /restart");
  json_object_set_int_member (evidence, "uptimeBefore", (gint64) restart->before_s);
  restart->is_ordered = error == NULL || is_effect_unknown (error) ||
                        g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNREACHABLE);
  if (error != NULL)
    json_object_set_string_member (evidence, "error", error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      json_object_unref (evidence);
      return lks_run_stop (run, g_error_copy (error));
    }

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

static gboolean
order_restart (LksRun *run, Restart *restart)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refusal = NULL;

  lks_run_enter (run, LKS_RUN_PHASE_RESTART);
  lks_run_begin (run, "restart");
  if (!read_uptime (run, &restart->before_s, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  restart->before_us = run->target->ops->now_us (run->target->data);
  if (!journal_restart (run, restart, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  run->target->ops->restart (run->target->data, lks_run_cancellable (run), &refusal);
  return judge_restart (run, restart, refusal);
}

/* A board that has not restarted counts on: its uptime is at least what it was, plus the time
 * that surely has passed. Whole seconds on the board's side, hence the slack. */
static gboolean
is_proof (const Restart *restart, guint64 uptime_s, gint64 asked_us)
{
  gint64 passed_s = (asked_us - restart->before_us) / G_USEC_PER_SEC;

  return uptime_s < restart->before_s ||
         (gint64) uptime_s + UPTIME_SLACK_S < (gint64) restart->before_s + passed_s;
}

static void
end_proof (LksRun *run, const Restart *restart, guint64 uptime_s)
{
  const LksRunTarget *target = run->target;
  JsonObject *evidence = json_object_new ();
  JsonObject *data = json_object_new ();
  double passed_s =
      (double) (target->ops->now_us (target->data) - restart->before_us) / G_USEC_PER_SEC;

  json_object_set_string_member (evidence, "source", "GET /status");
  json_object_set_int_member (evidence, "uptimeBefore", (gint64) restart->before_s);
  json_object_set_int_member (evidence, "uptimeAfter", (gint64) uptime_s);
  json_object_set_double_member (evidence, "secondsBetween", passed_s);
  json_object_set_int_member (data, "uptimeBefore", (gint64) restart->before_s);
  json_object_set_int_member (data, "uptimeAfter", (gint64) uptime_s);
  lks_run_journal_evidence (run, LKS_RUN_PHASE_PROVE_RESTART, data);
  lks_run_set_needs (run, NULL);
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
               "uptime %" G_GUINT64_FORMAT " s, was %" G_GUINT64_FORMAT " s %.1f s ago", uptime_s,
               restart->before_s, passed_s);
}

typedef enum
{
  PROOF_FOUND,
  PROOF_NOT_YET, /* the board answers and has not restarted */
  PROOF_SILENT,  /* the board does not answer */
  PROOF_STOPPED, /* the run is stopped */
} Proof;

static Proof
look_for_proof (LksRun *run, const Restart *restart)
{
  const LksRunTarget *target = run->target;
  gint64 asked_us = target->ops->now_us (target->data);
  g_autoptr (GError) error = NULL;
  guint64 uptime_s;

  if (target->ops->get_uptime (target->data, &uptime_s, lks_run_cancellable (run), &error))
    {
      if (!is_proof (restart, uptime_s, asked_us))
        return PROOF_NOT_YET;
      end_proof (run, restart, uptime_s);
      return PROOF_FOUND;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      lks_run_stop (run, g_steal_pointer (&error));
      return PROOF_STOPPED;
    }

  return PROOF_SILENT;
}

static Proof
poll_for_proof (LksRun *run, const Restart *restart, guint limit_s)
{
  const LksRunTarget *target = run->target;
  gint64 deadline_us = target->ops->now_us (target->data) + limit_s * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  Proof proof;

  while ((proof = look_for_proof (run, restart)) != PROOF_FOUND && proof != PROOF_STOPPED)
    {
      if (!target->ops->is_present (target->data) ||
          target->ops->now_us (target->data) >= deadline_us)
        return proof;
      /* What was said in vain is no evidence, and there may be hundreds of it. */
      json_array_unref (target->ops->take_exchanges (target->data));
      if (!target->ops->wait (target->data, POLL_MS, lks_run_cancellable (run), &error))
        {
          lks_run_stop (run, g_steal_pointer (&error));
          return PROOF_STOPPED;
        }
    }
  return proof;
}

static gboolean
stop_without_proof (LksRun *run)
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
                           run->state_text, lks_recipe_get_restart_wait_s (run->recipe));
}

static gboolean
prove_restart (LksRun *run, const Restart *restart)
{
  Proof proof = PROOF_NOT_YET;

  lks_run_enter (run, LKS_RUN_PHASE_PROVE_RESTART);
  lks_run_begin (run, "prove-restart");
  if (restart->is_ordered)
    proof = poll_for_proof (run, restart, lks_recipe_get_restart_wait_s (run->recipe));
  if (proof == PROOF_NOT_YET && run->target->ops->is_present (run->target->data))
    {
      lks_run_set_needs (run, "power-cycle");
      proof = poll_for_proof (run, restart, lks_recipe_get_power_cycle_wait_s (run->recipe));
    }

  if (proof == PROOF_FOUND || proof == PROOF_STOPPED)
    return proof == PROOF_FOUND;
  return stop_without_proof (run);
}

static gboolean
restart_board (LksRun *run)
{
  Restart restart = { 0 };

  return order_restart (run, &restart) && prove_restart (run, &restart);
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
  json_object_set_string_member (evidence, "expected", target_text (run));
  if (run->state == target_state (run))
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
  lks_run_enter (run, LKS_RUN_PHASE_VERIFY);
  return (!has_restarted || verify_open_endpoints (run)) &&
         (lks_recipe_get_target_state (run->recipe) != LKS_TARGET_STATE_DEVICE_COMPLETE ||
          lks_run_read_service_lock (run));
}

/* A finalization, from top to bottom (ARCHITECTURE.md). */
static gboolean
finalize_board (LksRun *run)
{
  gboolean is_restart_wanted;

  if (!identify (run) || !check (run))
    return FALSE;
  if (run->action == LKS_LOCK_ACTION_WRITE && !write_state (run))
    return FALSE;

  is_restart_wanted = is_restart_needed (run);
  if (is_restart_wanted && !restart_board (run))
    return FALSE;
  return verify (run, is_restart_wanted);
}

static gboolean
check_board (LksRun *run)
{
  if (!lks_run_read_identity (run, "identify"))
    return FALSE;

  lks_run_enter (run, LKS_RUN_PHASE_CHECK);
  return lks_run_check_ready (run) &&
         (run->action != LKS_LOCK_ACTION_VERIFY ||
          lks_recipe_get_target_state (run->recipe) != LKS_TARGET_STATE_DEVICE_COMPLETE ||
          lks_run_read_service_lock (run));
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
  if (run->has_written || run->history.is_written)
    result->outcome = LKS_OUTCOME_FINALIZED;
  else
    result->outcome =
        run->action == LKS_LOCK_ACTION_VERIFY ? LKS_OUTCOME_VERIFIED : LKS_OUTCOME_READY;
}

static void
clear (LksRun *run)
{
  if (run->is_claimed)
    lks_run_release (run->result->device_id);
  lks_run_history_clear (&run->history);
  g_clear_error (&run->ledger_error);
  g_free (run->run_id);
  g_free (run->state_text);
}

/**
 * lks_check_run:
 * @target: the board
 * @recipe: what must be true
 * @observer: (nullable): told of every step
 * @cancellable: (nullable): a cancellable
 *
 * The ready check: reads, compares, changes nothing. PASS means "ready" for a board that is to
 * be changed and "verified" for one that is in its target state already.
 *
 * Blocks; the board's worker thread only. Every read is bounded by the device client's limits.
 *
 * Returns: (transfer full): what was found; errors are in it
 */
LksRunResult *
lks_check_run (LksRunTarget *target,
               LksRecipe *recipe,
               const LksRunObserver *observer,
               GCancellable *cancellable)
{
  LksRun run = {
    .target = target,
    .recipe = recipe,
    .observer = observer,
    .cancellable = cancellable,
    .result = lks_run_result_new ("check", target, recipe),
    .phase = LKS_RUN_PHASE_IDENTIFY,
  };

  judge (&run, check_board (&run));
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
    .run_id = g_uuid_string_random (),
  };

  judge (&run, finalize_board (&run));
  lks_run_record (&run);
  clear (&run);
  return run.result;
}
