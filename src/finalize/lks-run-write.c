/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-device-error.h"
#include "lks-device-id.h"
#include "lks-json.h"

#define POLL_MS 250
#define SETTLE_MS 1000
#define READ_BACK_LIMIT_US (30 * G_USEC_PER_SEC)

static void
journal_outcome (LksRun *run, const char *outcome, const char *why)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "outcome", outcome);
  json_object_set_string_member (data, "state", run->state_text != NULL ? run->state_text : "");
  json_object_set_string_member (data, "why", why);
  lks_run_journal_evidence (run, LKS_RUN_PHASE_READ_BACK, data);
}

/* The order of an interrupted run may still be on its way. */
static gboolean
read_settled_state (LksRun *run)
{
  g_autoptr (GError) error = NULL;

  if (run->target->ops->wait (run->target->data, SETTLE_MS, run->cancellable, &error))
    return lks_run_read_state (run, "journal");

  lks_run_begin (run, "journal");
  return lks_run_stop (run, g_steal_pointer (&error));
}

/* Nothing was written: the run that is begun now owes nothing to the earlier one. */
static void
leave_history (LksRun *run, JsonObject *evidence)
{
  g_autofree char *run_id = g_steal_pointer (&run->run_id);

  run->run_id = g_steal_pointer (&run->history.run_id);
  if (run->keeps_journal)
    journal_outcome (run, LKS_WRITE_NOT_DONE, "found so after an interruption");
  g_free (run->run_id);
  run->run_id = g_steal_pointer (&run_id);
  lks_run_history_clear (&run->history);
  lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
               "an earlier run by another recipe was interrupted before anything was written: the "
               "board still says %s",
               run->state_text);
}

static gboolean
stop_other_recipe (LksRun *run, JsonObject *evidence)
{
  const char *name = run->history.recipe_name;
  const char *hash = run->history.recipe_hash;

  return lks_run_stop_new (
      run, LKS_RUN_ERROR_OTHER_RECIPE, evidence,
      "an earlier finalization of this board, by the recipe %s%s%s(%.12s…), is not finished: "
      "finalize it by that recipe (“locksmithctl records recipe %.12s” gives it back); by this one "
      "it was not checked, and nothing is done",
      name != NULL ? "“" : "", name != NULL ? name : "", name != NULL ? "” " : "",
      hash != NULL ? hash : "?", hash != NULL ? hash : "?");
}

/* A board that is written by one recipe is finished by that one: what another recipe demands was
 * never looked at while the board was open. */
gboolean
lks_run_check_earlier_recipe (LksRun *run)
{
  JsonObject *evidence;

  if (run->history.run_id == NULL ||
      g_strcmp0 (run->history.recipe_hash, run->result->recipe_hash) == 0)
    return TRUE;

  if (!run->history.is_unresolved)
    lks_run_begin (run, "journal");
  else if (!read_settled_state (run))
    return FALSE;

  evidence = json_object_new ();
  lks_json_set_text (evidence, "runId", run->history.run_id);
  lks_json_set_text (evidence, "recipeName", run->history.recipe_name);
  lks_json_set_text (evidence, "recipeHash", run->history.recipe_hash);
  lks_json_set_time (evidence, "begunAt", run->history.begun_us);
  if (!run->history.is_unresolved || run->state == lks_run_target_state (run) ||
      g_strcmp0 (run->state_text, run->history.state_before) != 0)
    return stop_other_recipe (run, evidence);

  leave_history (run, evidence);
  return TRUE;
}

/* An earlier run was interrupted between its intent and the answer: ask the board what became of
 * it. The order may still be on its way when the board says its old state: ask twice. */
gboolean
lks_run_resolve_history (LksRun *run)
{
  JsonObject *evidence;

  if (run->history.run_id == NULL)
    return TRUE;

  if (!run->history.is_unresolved || run->state == lks_run_target_state (run))
    lks_run_begin (run, "journal");
  else if (!read_settled_state (run))
    return FALSE;

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "runId", run->history.run_id);
  json_object_set_boolean_member (evidence, "outcomeWasUnknown", run->history.is_unresolved);
  json_object_set_boolean_member (evidence, "restartWasProven", run->history.is_proven);
  json_object_set_string_member (evidence, "read", run->state_text);
  lks_json_set_time (evidence, "begunAt", run->history.begun_us);

  if (run->state == lks_run_target_state (run))
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
                             lks_run_target_text (run), run->state_text);

  journal_outcome (run, LKS_WRITE_NOT_DONE, "found so after an interruption");
  lks_run_history_clear (&run->history);
  lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
               "an earlier run was interrupted before anything was written: the board still says "
               "%s",
               run->state_text);
  return TRUE;
}

static gboolean
check_consent (LksRun *run)
{
  JsonObject *evidence;

  if (!lks_run_enter (run, LKS_RUN_PHASE_CONSENT))
    return FALSE;

  lks_run_begin (run, "consent");
  evidence = json_object_new ();
  json_object_set_string_member (evidence, "deviceId", run->result->device_id);
  json_object_set_string_member (evidence, "recipeHash", run->result->recipe_hash);
  if (run->consent == NULL)
    return lks_run_stop_new (run, LKS_RUN_ERROR_CONSENT, evidence,
                             "nobody has agreed to set this board to %s, which is permanent",
                             lks_run_target_text (run));

  json_object_set_object_member (evidence, "given", lks_consent_to_json (run->consent));
  if (!lks_consent_covers (run->consent, run->recipe, run->result->device_id))
    return lks_run_stop_new (run, LKS_RUN_ERROR_CONSENT, evidence,
                             "the consent is for another board or another recipe");

  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "for …%s and this recipe",
               lks_device_id_get_short (run->result->device_id));
  return TRUE;
}

/* That nobody else claims to be the board, before the next thing that cannot be undone. */
gboolean
lks_run_check_alone (LksRun *run, GError **error)
{
  if (!lks_run_is_contested (run))
    return TRUE;

  g_set_error_literal (error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                       "another place reports the same device ID: no state was changed");
  return FALSE;
}

/* The last look before the act: the same board, and nobody else claims to be it. */
gboolean
lks_run_check_still_the_board (LksRun *run, GError **error)
{
  g_autoptr (LksDeviceSecurity) security =
      run->target->ops->get_security (run->target->data, NULL, error);

  if (security == NULL)
    return FALSE;
  if (g_strcmp0 (security->device_id, run->result->device_id) != 0)
    {
      g_set_error_literal (error, LKS_RUN_ERROR, LKS_RUN_ERROR_IDENTITY,
                           "another board answers in this place now: no state was changed");
      return FALSE;
    }
  return lks_run_check_alone (run, error);
}

static gboolean
journal_intent (LksRun *run, GError **error)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "stateBefore", run->state_text);
  json_object_set_string_member (data, "recipeHash", run->result->recipe_hash);
  json_object_set_string_member (data, "recipeName", run->result->recipe_name);
  lks_json_set_text (data, "label", run->label);
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

  if (!lks_run_enter (run, LKS_RUN_PHASE_SET_STATE))
    return FALSE;

  lks_run_begin (run, "set-state");
  if (g_cancellable_set_error_if_cancelled (run->cancellable, &error) ||
      !lks_run_check_still_the_board (run, &error) || !journal_intent (run, &error))
    return lks_run_stop (run, g_steal_pointer (&error));

  run->has_written = TRUE;
  run->is_announced = TRUE;
  run->target->ops->set_state (run->target->data, lks_run_target_state (run), out_put_error);

  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "PUT /device/manufacturing_state");
  json_object_set_string_member (evidence, "from", run->state_text);
  json_object_set_string_member (evidence, "to", lks_run_target_text (run));
  if (*out_put_error != NULL)
    {
      json_object_set_string_member (evidence, "error", (*out_put_error)->message);
      lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence, "ordered; no clean answer: %s",
                   (*out_put_error)->message);
    }
  else
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "ordered and accepted");
  lks_run_keep_results (run);
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
  if (state == NULL || state->state == lks_run_target_state (run) || !is_answer_lost)
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
  json_object_set_string_member (evidence, "expected", lks_run_target_text (run));

  if (state->state == lks_run_target_state (run))
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
                           lks_run_target_text (run), state->state_text);
}

static gboolean
read_back (LksRun *run, GError *put_error)
{
  g_autoptr (LksDeviceManufacturing) state = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_run_enter (run, LKS_RUN_PHASE_READ_BACK))
    return FALSE;

  lks_run_begin (run, "read-back");
  state = ask_settled_state (run, lks_device_error_is_effect_unknown (put_error), &error);
  if (state != NULL)
    return judge_read_back (run, state, put_error);

  journal_outcome (run, LKS_WRITE_UNKNOWN, error->message);
  return lks_run_stop_new (run, LKS_RUN_ERROR_UNRESOLVED, NULL,
                           "the order to become %s was sent, and the board cannot be asked what "
                           "became of it: %s",
                           lks_run_target_text (run), error->message);
}

gboolean
lks_run_write_state (LksRun *run)
{
  g_autoptr (GError) put_error = NULL;

  return check_consent (run) && lks_run_claim_board (run) && set_state (run, &put_error) &&
         read_back (run, put_error);
}
