/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-board.h"
#include "lks-device-error.h"
#include "lks-enums.h"
#include "lks-recipe-expect.h"

#define READ_TRIES 3
#define READ_PAUSE_MS 250

void
lks_json_set_time (JsonObject *object, const char *member, gint64 us)
{
  g_autoptr (GDateTime) whole = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = whole != NULL ? g_date_time_add (whole, us % G_USEC_PER_SEC) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;

  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

void
lks_json_set_texts (JsonObject *object, const char *member, const char *const *texts)
{
  JsonArray *array = json_array_new ();

  for (; *texts != NULL; texts++)
    json_array_add_string_element (array, *texts);
  json_object_set_array_member (object, member, array);
}

static const char *
name_phase (LksRunPhase phase)
{
  return lks_enum_to_nick (LKS_TYPE_RUN_PHASE, (int) phase);
}

/* Goes to the next phase; the table in lks-lock-plan.c says which may follow. Anything else would
 * be a fault of ours: it stops this board, not the program with all the others. */
gboolean
lks_run_enter (LksRun *run, LksRunPhase phase)
{
  if (!lks_run_phase_may_follow (run->phase, phase))
    return lks_run_stop (run, g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_UNDERSTOOD,
                                           "after %s a run must not go to %s: nothing more is done",
                                           name_phase (run->phase), name_phase (phase)));

  if (lks_run_is_overdue (run, phase))
    {
      run->has_failed = TRUE;
      return lks_run_stop (
          run,
          g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_REFUSED,
                       "the run has taken longer than the %u s that the recipe allows: the "
                       "board's manufacturing state was not changed; check its power and cable",
                       lks_recipe_get_run_limit_s (run->recipe)));
    }

  g_debug ("%s: %s → %s", run->result->port,
           lks_enum_to_nick (LKS_TYPE_RUN_PHASE, (int) run->phase),
           lks_enum_to_nick (LKS_TYPE_RUN_PHASE, (int) phase));
  run->phase = phase;
  run->phase_start = run->result->steps->len;
  return TRUE;
}

/* NULL while nothing may interrupt the run. */
GCancellable *
lks_run_cancellable (LksRun *run)
{
  return lks_run_phase_is_cancellable (run->phase) ? run->cancellable : NULL;
}

static void
tell_step (LksRun *run, LksRunStep *step)
{
  if (run->observer != NULL && run->observer->step != NULL)
    run->observer->step (step, run->step_index, run->observer->user_data);
}

void
lks_run_begin (LksRun *run, const char *step)
{
  LksRunStep *running = lks_run_step_new (step, LKS_STEP_RESULT_RUNNING, NULL, NULL);

  json_array_unref (run->target->ops->take_exchanges (run->target->data));
  run->step = step;
  run->step_index = run->result->steps->len;
  run->step_started_us = run->target->ops->now_us (run->target->data);
  if (run->begun_us == 0)
    run->begun_us = run->step_started_us;
  if (run->started_us == 0)
    run->started_us = run->step_started_us;
  g_ptr_array_add (run->result->steps, running);
  tell_step (run, running);

  /* The error costs the PASS, whatever the step finds. */
  if (!lks_run_phase_has_step (run->phase, step) && run->result->error == NULL)
    run->result->error =
        g_error_new (LKS_RUN_ERROR, LKS_RUN_ERROR_NOT_UNDERSTOOD, "“%s” is no step of the phase %s",
                     step, name_phase (run->phase));
}

/* A check that somebody has waived does not fail the board; what was found stays in the evidence.
 */
static LksStepResult
judge_failure (LksRun *run, JsonObject *evidence, char **message)
{
  const LksWaiver *waiver = lks_run_find_waiver (run, evidence);
  char *text;

  if (waiver == NULL)
    {
      run->has_failed = TRUE;
      return LKS_STEP_RESULT_FAIL;
    }

  if (run->phase == LKS_RUN_PHASE_CHECK)
    run->result->n_waived++;
  text = g_strdup_printf ("waived by %s, “%s”: %s", lks_waiver_get_fields (waiver)->given_by,
                          lks_waiver_get_fields (waiver)->reason, *message);
  g_free (*message);
  *message = text;
  return LKS_STEP_RESULT_WAIVED;
}

static void
end_step (LksRun *run, LksStepResult result, JsonObject *evidence, const char *text)
{
  g_autoptr (JsonObject) whole = evidence != NULL ? evidence : json_object_new ();
  JsonArray *exchanges = run->target->ops->take_exchanges (run->target->data);
  g_autofree char *message = g_strdup (text);
  LksRunStep *step;

  if (json_array_get_length (exchanges) > 0)
    json_object_set_array_member (whole, "exchanges", exchanges);
  else
    json_array_unref (exchanges);
  if (result == LKS_STEP_RESULT_FAIL)
    result = judge_failure (run, whole, &message);
  lks_run_note_duration (run);

  step = lks_run_step_new (run->step, result, message, whole);
  g_object_unref (run->result->steps->pdata[run->step_index]);
  run->result->steps->pdata[run->step_index] = step;
  run->step = NULL;
  tell_step (run, step);
}

/* Ends the step that runs. @evidence: (transfer full) (nullable); the exchanges are added. */
void
lks_run_end (LksRun *run, LksStepResult result, JsonObject *evidence, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  end_step (run, result, evidence, message);
}

/* A board that is unplugged cancels its jobs: say what happened, not how we noticed. */
static GError *
explain_cancellation (LksRun *run, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      run->target->ops->is_present (run->target->data))
    return error;

  g_error_free (error);
  return g_error_new_literal (
      LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY,
      run->history.is_written || run->has_written
          ? "the board was unplugged before its lock was proven: plug it in and "
            "finalize it again, the proof goes on"
          : "the board was unplugged");
}

/* Ends the step that runs, and the run. @error: (transfer full). Always FALSE. */
gboolean
lks_run_stop (LksRun *run, GError *error)
{
  error = explain_cancellation (run, error);
  if (run->step != NULL)
    end_step (run, LKS_STEP_RESULT_STOPPED, NULL, error->message);
  if (run->result->error == NULL)
    run->result->error = error;
  else
    g_error_free (error);

  return FALSE;
}

gboolean
lks_run_stop_new (LksRun *run, LksRunError code, JsonObject *evidence, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  end_step (run, LKS_STEP_RESULT_STOPPED, evidence, message);
  return lks_run_stop (run, g_error_new_literal (LKS_RUN_ERROR, (int) code, message));
}

/* What a person has to do now; NULL: nothing any more. */
void
lks_run_set_needs (LksRun *run, const char *needs)
{
  if (g_strcmp0 (run->result->needs, needs) == 0)
    return;

  g_free (run->result->needs);
  run->result->needs = g_strdup (needs);
  if (run->observer != NULL && run->observer->needs != NULL)
    run->observer->needs (needs, run->observer->user_data);
}

/* A read whose connection broke is harmless to repeat: the line is a cable in a workshop.
 * Returns whether to do so; then @error is cleared. */
gboolean
lks_run_try_again (LksRun *run, guint *tries, GError **error)
{
  if (++*tries >= READ_TRIES || !g_error_matches (*error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_LOST))
    return FALSE;

  g_clear_error (error);
  return run->target->ops->wait (run->target->data, READ_PAUSE_MS, lks_run_cancellable (run),
                                 error);
}

/* Writes one line of the journal and waits until it is on the disk, and with the order to the board
 * the recipe: there may be no file of it any more when the run is gone on with. @kind: "intent" or
 * "evidence".
 * @data: (transfer full). */
gboolean
lks_run_journal (LksRun *run, LksRunPhase phase, const char *kind, JsonObject *data, GError **error)
{
  const gboolean is_order = phase == LKS_RUN_PHASE_SET_STATE && g_str_equal (kind, "intent");
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, data);
  text = json_to_string (node, FALSE);
  return lks_ledger_journal_append (run->ledger,
                                    &(LksJournalEntry){
                                        .run_id = run->run_id,
                                        .device_id = run->result->device_id,
                                        .target = lks_run_target_text (run),
                                        .step = lks_enum_to_nick (LKS_TYPE_RUN_PHASE, (int) phase),
                                        .phase = kind,
                                        .at_us = g_get_real_time (),
                                        .data = text,
                                        .recipe_hash = is_order ? run->result->recipe_hash : NULL,
                                        .recipe_text = lks_recipe_get_text (run->recipe),
                                    },
                                    error);
}

/* Evidence of what is done already: a failure to keep it must not stop the proof, but the run
 * cannot end with PASS. @data: (transfer full). */
void
lks_run_journal_evidence (LksRun *run, LksRunPhase phase, JsonObject *data)
{
  g_autoptr (GError) error = NULL;

  if (!lks_run_journal (run, phase, "evidence", data, &error) && run->ledger_error == NULL)
    run->ledger_error = g_steal_pointer (&error);
}

/* Before a phase: that it begins, where, and by which recipe. A check keeps no journal. */
gboolean
lks_run_announce (LksRun *run)
{
  g_autoptr (GError) error = NULL;

  return !run->keeps_journal || lks_run_announce_data (run, json_object_new (), &error) ||
         lks_run_stop (run, g_steal_pointer (&error));
}

/* The same, with more to say. @data: (transfer full). */
gboolean
lks_run_announce_data (LksRun *run, JsonObject *data, GError **error)
{
  json_object_set_string_member (data, "port", run->result->port);
  json_object_set_string_member (data, "recipeHash", run->result->recipe_hash);
  run->is_announced = lks_run_journal (run, run->phase, "intent", data, error);
  return run->is_announced;
}

/* Whoever goes on with this run goes on with what was waived in it, too. */
static void
tell_waiver (LksRunStep *step, JsonObject *object)
{
  g_autoptr (JsonNode) evidence = json_from_string (lks_run_step_get_evidence (step), NULL);
  JsonNode *waiver = json_object_get_member (json_node_get_object (evidence), "waiver");

  json_object_set_member (object, "waiver", json_node_copy (waiver));
}

static JsonObject *
tell_result (LksRunStep *step)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", lks_run_step_get_name (step));
  json_object_set_string_member (object, "result",
                                 lks_enum_to_nick (LKS_TYPE_STEP_RESULT,
                                                   (int) lks_run_step_get_result (step)));
  json_object_set_string_member (object, "message", lks_run_step_get_message (step));
  if (lks_run_step_get_result (step) == LKS_STEP_RESULT_WAIVED)
    tell_waiver (step, object);
  return object;
}

/* After a phase that was announced: what its steps found. The record has it all; this is for a run
 * that never gets there. */
void
lks_run_keep_results (LksRun *run)
{
  JsonObject *data;
  JsonArray *results;

  if (!run->is_announced)
    return;

  run->is_announced = FALSE;
  data = json_object_new ();
  results = json_array_new ();
  for (guint i = run->phase_start; i < run->result->steps->len; i++)
    json_array_add_object_element (results, tell_result (run->result->steps->pdata[i]));
  json_object_set_array_member (data, "steps", results);
  lks_run_journal_evidence (run, run->phase, data);
}

/* The state to be reached, as the board and the journal call it. */
const char *
lks_run_target_text (LksRun *run)
{
  return lks_enum_to_nick (LKS_TYPE_TARGET_STATE, (int) lks_recipe_get_target_state (run->recipe));
}

LksManufacturingState
lks_run_target_state (LksRun *run)
{
  return lks_lock_plan_target_state (lks_recipe_get_target_state (run->recipe));
}
