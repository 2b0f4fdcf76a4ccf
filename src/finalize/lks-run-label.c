/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The label of the unit: whether the recipe takes it, and whether it is free for this board. */
#include "lks-run-private.h"

#include "lks-device-id.h"
#include "lks-label-check.h"

/* A ready check may come before the label is scanned; a finalization may not. */
void
lks_run_check_label (LksRun *run)
{
  const char *pattern = lks_recipe_get_label_pattern (run->recipe);
  g_autoptr (GError) error = NULL;
  JsonObject *evidence;

  if (!lks_recipe_uses_labels (run->recipe))
    return;

  lks_run_begin (run, "label");
  evidence = json_object_new ();
  json_object_set_string_member (evidence, "source", "scanned or typed at the station");
  json_object_set_string_member (evidence, "read", run->label != NULL ? run->label : "");
  json_object_set_string_member (evidence, "pattern", pattern != NULL ? pattern : "");
  json_object_set_boolean_member (evidence, "required",
                                  lks_recipe_get_label_required (run->recipe));
  if (lks_recipe_match_label (run->recipe, run->label, &error))
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s",
                 run->label != NULL ? run->label : "none");
  else if (!run->keeps_journal &&
           g_error_matches (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISSING))
    lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence, "not scanned yet");
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence, "%s", error->message);
  run->is_label_refused =
      lks_run_step_get_result (run->result->steps->pdata[run->step_index]) == LKS_STEP_RESULT_FAIL;
}

static gboolean
stop_conflict (LksRun *run, const LksLabelConflict *conflict, const char *source)
{
  JsonObject *evidence = json_object_new ();

  run->is_label_refused = TRUE;
  lks_run_begin (run, "label");
  json_object_set_string_member (evidence, "source", source);
  json_object_set_string_member (evidence, "read", run->label);
  if (conflict->device_id != NULL)
    {
      json_object_set_string_member (evidence, "belongsTo", conflict->device_id);
      return lks_run_stop_new (run, LKS_RUN_ERROR_LABEL, evidence,
                               "the label %s belongs to the board …%s already", run->label,
                               lks_device_id_get_short (conflict->device_id));
    }
  json_object_set_string_member (evidence, "expected", conflict->label);
  return lks_run_stop_new (run, LKS_RUN_ERROR_LABEL, evidence,
                           "this board has the label %s already, not %s", conflict->label,
                           run->label);
}

static gboolean
check_here (LksRun *run)
{
  g_auto (LksLabelConflict) conflict = { 0 };
  GError *error = NULL;

  run->is_label_claimed =
      run->keeps_journal &&
      lks_run_claim_label (run->label, run->result->device_id, &conflict.device_id);
  if (conflict.device_id != NULL)
    return stop_conflict (run, &conflict, "another run that is under way");
  if (run->history.label != NULL && !g_str_equal (run->history.label, run->label))
    conflict.label = g_strdup (run->history.label);
  else if (run->ledger != NULL &&
           !lks_label_check (run->ledger, run->label, run->result->device_id, &conflict, &error))
    return lks_run_stop (run, error);

  return !lks_label_conflict_is_set (&conflict) ||
         stop_conflict (run, &conflict, "the ledger of this station");
}

/* No server holds up the line: that nobody could be asked is told. */
static gboolean
check_elsewhere (LksRun *run)
{
  g_auto (LksLabelConflict) conflict = { 0 };
  g_autoptr (GError) error = NULL;

  if (!run->keeps_journal || run->target->label_check == NULL || run->history.label != NULL)
    return TRUE;
  if (!run->target->label_check (run->ledger, run->label, run->result->device_id, &conflict,
                                 &error))
    {
      lks_run_begin (run, "label");
      lks_run_end (run, LKS_STEP_RESULT_WARNING, NULL,
                   "whether the label %s is free at other stations is not known: %s", run->label,
                   error->message);
      return TRUE;
    }
  return !lks_label_conflict_is_set (&conflict) ||
         stop_conflict (run, &conflict, "the shared ledger");
}

/* Before anything is done: one label is on one board, and one board has one label. A run that is
 * gone on with has the label that it was begun with, also where nobody gives it again. */
gboolean
lks_run_bind_label (LksRun *run)
{
  const LksRunOrder *order = run->target->order;
  const char *label = order != NULL && order->label != NULL ? order->label : run->history.label;

  if (label == NULL || *label == '\0')
    return TRUE;

  run->label = g_strdup (label);
  return check_here (run) && check_elsewhere (run);
}
