/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The claim of the board into a catalog of the cloud, which is for ever too. */
#include "lks-claim-note.h"
#include "lks-claimer.h"
#include "lks-run-private.h"

#include "lks-json.h"

static JsonObject *
evidence_new (const LksRecipeClaim *claim)
{
  JsonObject *evidence = json_object_new ();

  json_object_set_string_member (evidence, "source", "catalog of the cloud");
  lks_recipe_claim_to_json (claim, evidence);
  return evidence;
}

/* What the journal knows; *@out_note is NULL when that is nothing. */
static gboolean
read_note (LksRun *run, LksClaimNote **out_note, GError **error)
{
  *out_note = NULL;
  return run->ledger == NULL ||
         lks_claim_note_read (run->ledger, run->result->device_id, out_note, error);
}

/* ---- before the lock ---- */

/* A board has one catalog for ever: what waits must not be overtaken by another. */
static gboolean
check_note (const LksClaimNote *note, const LksRecipeClaim *claim, GError **error)
{
  if (note == NULL || !note->is_waiting || lks_claim_note_is_about (note, claim))
    return TRUE;

  g_set_error (error, LKS_RUN_ERROR, LKS_RUN_ERROR_CLAIM,
               "the claim of this board into another catalog, %s, waits in the queue: nothing was "
               "changed",
               note->claim.catalog);
  return FALSE;
}

static gboolean
journal_intent (LksRun *run, const LksRecipeClaim *claim, GError **error)
{
  JsonObject *data = json_object_new ();

  lks_recipe_claim_to_json (claim, data);
  json_object_set_string_member (data, "recipeHash", run->result->recipe_hash);
  json_object_set_string_member (data, "port", run->result->port);
  json_object_set_object_member (data, "consent", lks_consent_to_json (run->consent));
  return lks_run_journal (run, LKS_RUN_PHASE_CLAIM, "intent", data, error);
}

static void
journal_outcome (LksRun *run,
                 const LksRecipeClaim *claim,
                 const char *outcome,
                 const LksClaimAnswer *answer,
                 const GError *reason)
{
  lks_run_journal_evidence (run, LKS_RUN_PHASE_CLAIM,
                            lks_claim_outcome_to_json (outcome, claim->catalog_id, answer->place,
                                                       answer->account,
                                                       reason != NULL ? reason->message : NULL));
}

static gboolean
stop_without_claimer (LksRun *run, const LksRecipeClaim *claim)
{
  return lks_run_stop_new (run, LKS_RUN_ERROR_CLAIM, evidence_new (claim),
                           "the recipe demands that the board is in the catalog %s before it is "
                           "locked, and nothing here can ask the cloud: nothing was changed",
                           claim->catalog);
}

static gboolean
stop_unseen (LksRun *run, const LksRecipeClaim *claim, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&error, "the board is not locked, because it was not seen in the catalog %s: ",
                    claim->catalog);
  return lks_run_stop (run, error);
}

static void
end_seen (LksRun *run,
          const LksRecipeClaim *claim,
          const char *outcome,
          const LksClaimAnswer *answer)
{
  gboolean is_new = g_str_equal (outcome, LKS_CLAIM_DONE);
  JsonObject *evidence = evidence_new (claim);

  json_object_set_string_member (evidence, "outcome", outcome);
  lks_json_set_text (evidence, "place", answer->place);
  lks_json_set_text (evidence, "account", answer->account);
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence, "%s the catalog %s%s",
               is_new ? "claimed into" : "in", claim->catalog, is_new ? ", for ever" : " already");
}

/* The catalog is asked, also after an interruption: nothing is claimed blindly twice. */
static gboolean
claim_now (LksRun *run, const LksRecipeClaim *claim, GError **error)
{
  GCancellable *cancellable = lks_run_cancellable (run);
  const char *device_id = run->result->device_id;
  g_auto (LksClaimAnswer) answer = { 0 };
  const char *outcome = LKS_CLAIM_FOUND;

  if (!lks_claimer_look (run->target->claimer, claim, device_id, &answer, cancellable, error))
    return FALSE;
  if (answer.place == NULL)
    {
      g_autoptr (GError) reason = NULL;

      outcome = LKS_CLAIM_DONE;
      if (!lks_run_check_alone (run, &reason) ||
          !lks_claimer_claim (run->target->claimer, claim, device_id, &answer, cancellable,
                              &reason))
        {
          journal_outcome (run, claim, LKS_CLAIM_FAILED, &answer, reason);
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
    }
  journal_outcome (run, claim, outcome, &answer, NULL);
  end_seen (run, claim, outcome, &answer);
  return TRUE;
}

static void
end_queued (LksRun *run, const LksRecipeClaim *claim)
{
  JsonObject *evidence = evidence_new (claim);

  json_object_set_string_member (evidence, "outcome", "queued");
  lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
               "queued: will be claimed into the catalog %s, for ever", claim->catalog);
}

/* On the disk before the lock: whatever happens afterwards, the claim is not forgotten. */
static gboolean
queue (LksRun *run, const LksRecipeClaim *claim, const LksClaimNote *note, GError **error)
{
  gboolean is_known = note != NULL && lks_claim_note_is_about (note, claim);

  if (is_known && lks_claim_note_is_settled (note))
    {
      end_seen (run, claim, LKS_CLAIM_FOUND,
                &(LksClaimAnswer){ .place = note->place, .account = note->account });
      return TRUE;
    }
  if (!(is_known && note->is_waiting) && !journal_intent (run, claim, error))
    return FALSE;
  end_queued (run, claim);
  return TRUE;
}

/* After the consent, which names the catalog by the hash of the recipe. */
gboolean
lks_run_claim_board (LksRun *run)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (run->recipe);
  g_autoptr (LksClaimNote) note = NULL;
  GError *error = NULL;

  if (claim == NULL)
    return TRUE;
  if (!lks_run_enter (run, LKS_RUN_PHASE_CLAIM))
    return FALSE;

  lks_run_begin (run, LKS_CLAIM_STEP);
  if (!lks_run_check_still_the_board (run, &error) || !read_note (run, &note, &error) ||
      !check_note (note, claim, &error))
    return lks_run_stop (run, error);
  if (claim->policy == LKS_CLAIM_POLICY_QUEUE)
    return queue (run, claim, note, &error) || lks_run_stop (run, error);

  if (run->target->claimer == NULL)
    return stop_without_claimer (run, claim);
  if (!journal_intent (run, claim, &error))
    return lks_run_stop (run, error);
  return claim_now (run, claim, &error) || stop_unseen (run, claim, error);
}

/* ---- a board that is only looked at ---- */

static gboolean
judge_unseen (LksRun *run, const LksRecipeClaim *claim)
{
  JsonObject *evidence = evidence_new (claim);

  if (run->action == LKS_LOCK_ACTION_WRITE)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
                 "not in the catalog %s yet: will be claimed into it before the lock, for ever",
                 claim->catalog);
  else
    lks_run_end (run, LKS_STEP_RESULT_FAIL, evidence,
                 "%s already, and not in the catalog %s: claim it there, then finalize it again",
                 run->state_text, claim->catalog);
  return TRUE;
}

static gboolean
look_now (LksRun *run, const LksRecipeClaim *claim)
{
  g_auto (LksClaimAnswer) answer = { 0 };
  GError *error = NULL;

  if (run->target->claimer == NULL)
    return stop_without_claimer (run, claim);
  if (!lks_claimer_look (run->target->claimer, claim, run->result->device_id, &answer,
                         lks_run_cancellable (run), &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_prefix_error (&error, "the catalog %s could not be asked: ", claim->catalog);
      return lks_run_stop (run, error);
    }
  if (answer.place == NULL)
    return judge_unseen (run, claim);

  end_seen (run, claim, LKS_CLAIM_FOUND, &answer);
  return TRUE;
}

static gboolean
tell_queue (LksRun *run, const LksRecipeClaim *claim, gboolean is_waiting)
{
  JsonObject *evidence = evidence_new (claim);

  if (is_waiting)
    lks_run_end (run, LKS_STEP_RESULT_PASS, evidence,
                 "queued: will be claimed into the catalog %s, for ever", claim->catalog);
  else if (run->action == LKS_LOCK_ACTION_WRITE)
    lks_run_end (run, LKS_STEP_RESULT_SKIP, evidence,
                 "the claim into the catalog %s is queued before the lock", claim->catalog);
  else
    lks_run_end (run, LKS_STEP_RESULT_WARNING, evidence,
                 "%s already, and this station knows of no claim into the catalog %s: see there",
                 run->state_text, claim->catalog);
  return TRUE;
}

/* For a check, and for a board on which nothing is to be written: claims nothing. What the journal
 * says was seen needs no network. */
gboolean
lks_run_look_for_claim (LksRun *run)
{
  const LksRecipeClaim *claim = lks_recipe_get_claim (run->recipe);
  g_autoptr (LksClaimNote) note = NULL;
  gboolean is_known;
  GError *error = NULL;

  if (claim == NULL)
    return TRUE;

  lks_run_begin (run, LKS_CLAIM_STEP);
  if (!read_note (run, &note, &error))
    return lks_run_stop (run, error);

  is_known = note != NULL && lks_claim_note_is_about (note, claim);
  if (is_known && lks_claim_note_is_settled (note))
    {
      end_seen (run, claim, LKS_CLAIM_FOUND,
                &(LksClaimAnswer){ .place = note->place, .account = note->account });
      return TRUE;
    }
  if (claim->policy == LKS_CLAIM_POLICY_QUEUE)
    return tell_queue (run, claim, is_known && note->is_waiting);
  return look_now (run, claim);
}
