/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-bounded.h"
#include "lks-cli-output.h"
#include "lks-cli-wait.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-ledger-verify.h"
#include "lks-station-end.h"
#include "lks-station.h"

#include <stdio.h>
#include <unistd.h>

/* A keyring may hang. */
#define KEY_LIMIT_S 3

/* What is believed beside the ledger itself. */
typedef struct
{
  LksStationKey *key;  /* (owned) (nullable): whose signatures count; NULL: everybody's */
  gboolean is_own;     /* @key is this station's */
  char *key_reason;    /* (owned) (nullable): why everybody's count */
  LksShareEnd *shared; /* (owned) (nullable) */
  char *shared_reason; /* (owned) (nullable): why the shared ledger could not be asked */
} Belief;

static void
belief_clear (Belief *self)
{
  g_clear_pointer (&self->key, lks_station_key_free);
  g_clear_pointer (&self->shared, lks_share_end_free);
  g_free (self->key_reason);
  g_free (self->shared_reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Belief, belief_clear)

static JsonObject *
problem_to_json (const LksVerifyProblem *problem)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "fault",
                                 lks_enum_to_nick (LKS_TYPE_VERIFY_FAULT, (int) problem->fault));
  if (problem->sequence > 0)
    json_object_set_int_member (object, "entry", problem->sequence);
  else
    json_object_set_null_member (object, "entry");
  lks_json_set_text (object, "kind", problem->kind);
  lks_json_set_text (object, "id", problem->id);
  lks_json_set_text (object, "message", problem->text);
  return object;
}

static JsonArray *
signers_to_json (const LksVerifyReport *report)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < report->signers->len; i++)
    {
      const LksVerifySigner *signer = report->signers->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "key", signer->key);
      json_object_set_int_member (object, "signatures", (gint64) signer->n_signatures);
      json_object_set_int_member (object, "lastEntry", signer->last_sequence);
      json_array_add_object_element (array, object);
    }
  return array;
}

/* Up to where something beside the file says what was written. */
static JsonObject *
end_to_json (const LksVerifyReport *report, const Belief *belief)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "provenEntry", report->proven_sequence);
  json_object_set_string_member (object, "by",
                                 lks_enum_to_nick (LKS_TYPE_VERIFY_PROOF, (int) report->proof));
  lks_json_set_text (object, "sharedNotAsked", belief->shared_reason);
  return object;
}

static void
print_json (const LksVerifyReport *report, const Belief *belief)
{
  JsonObject *object = json_object_new ();
  JsonArray *problems = json_array_new ();

  for (guint i = 0; i < report->problems->len; i++)
    json_array_add_object_element (problems, problem_to_json (report->problems->pdata[i]));
  json_object_set_boolean_member (object, "good", report->n_problems == 0);
  json_object_set_string_member (object, "ledgerId", report->ledger_id);
  json_object_set_string_member (object, "head", report->head);
  json_object_set_int_member (object, "entries", (gint64) report->n_entries);
  json_object_set_int_member (object, "records", (gint64) report->n_records);
  json_object_set_int_member (object, "migrated", (gint64) report->n_migrated);
  json_object_set_int_member (object, "unsigned", (gint64) report->n_unsigned);
  json_object_set_int_member (object, "problemCount", (gint64) report->n_problems);
  json_object_set_object_member (object, "end", end_to_json (report, belief));
  lks_json_set_text (object, "believedKey",
                     belief->key != NULL ? lks_station_key_get_fingerprint (belief->key) : NULL);
  lks_json_set_text (object, "anyKeyBecause", belief->key_reason);
  lks_json_set_text (object, "signer", report->signer);
  json_object_set_array_member (object, "signers", signers_to_json (report));
  json_object_set_array_member (object, "problems", problems);
  lks_cli_print_object (object);
}

static void
print_number (const char *label, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  lks_cli_print_field (label, text);
}

static const char *
proof_in_words (LksVerifyProof proof)
{
  switch (proof)
    {
    case LKS_VERIFY_PROOF_NONE:
      break;
    case LKS_VERIFY_PROOF_NOTE:
      return "by the head that this station noted";
    case LKS_VERIFY_PROOF_SHARED:
      return "by the shared ledger";
    case LKS_VERIFY_PROOF_HEAD:
      return "by the head that was given";
    }
  return "by nothing";
}

static gboolean
is_end_proven (const LksVerifyReport *report)
{
  return report->n_entries > 0 && report->proven_sequence >= (gint64) report->n_entries;
}

static void
print_end (const LksVerifyReport *report, const Belief *belief)
{
  g_autofree char *text = NULL;
  g_autofree char *reason =
      belief->shared_reason != NULL ? lks_cli_clean (belief->shared_reason) : NULL;

  if (report->proven_sequence > 0)
    text = g_strdup_printf ("proven up to entry %" G_GINT64_FORMAT " of %" G_GUINT64_FORMAT ", %s",
                            report->proven_sequence, report->n_entries,
                            proof_in_words (report->proof));
  lks_cli_print_field ("End", text != NULL ? text : "not proven by anything beside the file");
  if (!is_end_proven (report))
    printf (
        "               Whether newer entries were removed the chain cannot tell: give the head "
        "that was noted elsewhere, --head HASH\n");
  if (reason != NULL)
    printf ("               The shared ledger could not be asked: %s\n", reason);
}

static void
print_key (const Belief *belief)
{
  g_autofree char *text = NULL;

  if (belief->key != NULL)
    text = g_strdup_printf ("%s (%s)", lks_station_key_get_fingerprint (belief->key),
                            belief->is_own ? "this station’s" : "given with --key");
  else
    text = g_strdup_printf ("any key: %s", belief->key_reason);
  lks_cli_print_field ("Believed", text);
}

static const char *
judge (const LksVerifyReport *report)
{
  if (report->n_problems > 0)
    return "NOT AS WRITTEN";
  return is_end_proven (report) ? "UNCHANGED" : "UNCHANGED, END NOT PROVEN";
}

static void
print_report (const LksVerifyReport *report, const Belief *belief)
{
  for (guint i = 0; i < report->problems->len; i++)
    {
      const LksVerifyProblem *problem = report->problems->pdata[i];
      g_autofree char *clean = lks_cli_clean (problem->text);

      printf ("BROKEN: %s\n", clean);
    }
  if (report->n_problems > report->problems->len)
    printf ("… and %" G_GUINT64_FORMAT " more problems\n",
            report->n_problems - report->problems->len);

  printf ("%s: ledger %s\n", judge (report), report->ledger_id);
  print_number ("Records", report->n_records);
  print_number ("Entries", report->n_entries);
  print_end (report, belief);
  print_key (belief);
  print_number ("Not signed", report->n_unsigned);
  lks_cli_print_field ("Signed by", report->signer != NULL ? report->signer : "nobody");
  for (guint i = 0; i < report->signers->len; i++)
    {
      const LksVerifySigner *signer = report->signers->pdata[i];
      g_autofree char *text =
          g_strdup_printf ("%s: %" G_GUINT64_FORMAT " up to entry %" G_GINT64_FORMAT, signer->key,
                           signer->n_signatures, signer->last_sequence);

      lks_cli_print_field ("Signatures", text);
    }
  print_number ("Older", report->n_migrated);
  lks_cli_print_field ("Head", report->head);
}

static void
progress (guint64 n_done, guint64 n_all, gpointer unused)
{
  fprintf (stderr, "\r%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " entries checked", n_done,
           n_all);
}

/* ---- what to believe ---- */

static void
find_key_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  LksStationKey *key = lks_station_find_key (cancellable, &error);

  if (key != NULL)
    g_task_return_pointer (task, key, (GDestroyNotify) lks_station_key_free);
  else
    g_task_return_error (task, error);
}

/* This station's key counts for this station's ledger; another one was signed elsewhere. */
static void
find_own_key (const LksCliRecordOptions *options, Belief *belief)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (options->ledger != NULL)
    {
      belief->key_reason = g_strdup ("whose ledger this is is not known; name the key with --key");
      return;
    }

  lks_bounded_run_async (KEY_LIMIT_S, find_key_in_thread, NULL, NULL, lks_cli_wait_cb, &result);
  belief->key = lks_bounded_run_finish (lks_cli_wait_for (&result), &error);
  belief->is_own = belief->key != NULL;
  if (error != NULL)
    belief->key_reason =
        g_strdup_printf ("the key of this station is not at hand: %s", error->message);
}

static void
ask_shared (LksLedger *ledger, Belief *belief)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lks_station_ask_end_async (ledger, lks_cli_wait_cb, &result);
  belief->shared = lks_station_ask_end_finish (lks_cli_wait_for (&result), &error);
  if (error != NULL)
    belief->shared_reason = g_strdup (error->message);
}

static LksVerifyReport *
verify (LksLedger *ledger, const LksCliRecordOptions *options, const Belief *belief, GError **error)
{
  const gboolean watched = isatty (STDERR_FILENO) == 1;
  const gboolean is_shared = belief->shared != NULL && belief->shared->sequence > 0;
  g_autofree char *head = options->head != NULL ? g_ascii_strdown (options->head, -1) : NULL;
  const LksVerifyEnd shared = {
    .sequence = is_shared ? belief->shared->sequence : 0,
    .hash = is_shared ? belief->shared->hash : NULL,
  };
  LksVerifyReport *report = lks_ledger_verify (ledger,
                                               &(LksVerifyOptions){
                                                   .head = head,
                                                   .shared = is_shared ? &shared : NULL,
                                                   .key = belief->is_own ? NULL : belief->key,
                                                   .progress = watched ? progress : NULL,
                                               },
                                               NULL, error);

  if (watched)
    fputs ("\r\033[K", stderr);
  /* What was never signed is told as that; what others signed is not as this station wrote it. */
  if (report != NULL && belief->is_own && report->signers->len > 0)
    lks_verify_report_believe (report, lks_station_key_get_fingerprint (belief->key));
  return report;
}

/* `records verify`. */
gboolean
lks_cli_verify_ledger (LksLedger *ledger, LksCliRecordOptions *options, GError **error)
{
  g_auto (Belief) belief = { NULL };
  g_autoptr (LksVerifyReport) report = NULL;

  if (options->key == NULL)
    find_own_key (options, &belief);
  else if ((belief.key = lks_station_key_load_public (options->key, error)) == NULL)
    return FALSE;

  lks_station_note_heads (ledger);
  ask_shared (ledger, &belief);
  if ((report = verify (ledger, options, &belief, error)) == NULL)
    return FALSE;

  if (options->json)
    print_json (report, &belief);
  else
    print_report (report, &belief);
  options->status = report->n_problems == 0 ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_FAIL;
  return TRUE;
}

/* `records sign`: what is not as it was written is never signed. */
gboolean
lks_cli_sign_ledger (LksLedger *ledger, const LksCliRecordOptions *options, GError **error)
{
  g_autoptr (LksStationKey) key = lks_station_key_load (options->key, error);
  g_autoptr (LksVerifyReport) report = NULL;
  JsonObject *object;

  if (key == NULL ||
      (report = lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, error)) == NULL ||
      !lks_ledger_sign (ledger, report, key, error))
    return FALSE;

  if (!options->json)
    {
      printf ("Signed %" G_GUINT64_FORMAT " entries\n", report->n_entries);
      lks_cli_print_field ("Head", report->head);
      lks_cli_print_field ("Signed by", lks_station_key_get_fingerprint (key));
      return TRUE;
    }

  object = json_object_new ();
  json_object_set_int_member (object, "entries", (gint64) report->n_entries);
  json_object_set_string_member (object, "head", report->head);
  json_object_set_string_member (object, "signer", lks_station_key_get_fingerprint (key));
  lks_cli_print_object (object);
  return TRUE;
}
