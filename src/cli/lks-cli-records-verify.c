/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-ledger-verify.h"

#include <stdio.h>
#include <unistd.h>

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

static void
print_json (const LksVerifyReport *report)
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

static void
print_report (const LksVerifyReport *report)
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

  printf ("%s: ledger %s\n", report->n_problems == 0 ? "UNCHANGED" : "NOT AS WRITTEN",
          report->ledger_id);
  print_number ("Records", report->n_records);
  print_number ("Entries", report->n_entries);
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

/* `records verify`. */
gboolean
lks_cli_verify_ledger (LksLedger *ledger, LksCliRecordOptions *options, GError **error)
{
  const gboolean watched = isatty (STDERR_FILENO) == 1;
  g_autofree char *head = options->head != NULL ? g_ascii_strdown (options->head, -1) : NULL;
  g_autoptr (LksStationKey) key = NULL;
  g_autoptr (LksVerifyReport) report = NULL;

  if (options->key != NULL && (key = lks_station_key_load_public (options->key, error)) == NULL)
    return FALSE;

  report = lks_ledger_verify (ledger,
                              &(LksVerifyOptions){
                                  .head = head,
                                  .key = key,
                                  .progress = watched ? progress : NULL,
                              },
                              NULL, error);
  if (watched)
    fputs ("\r\033[K", stderr);
  if (report == NULL)
    return FALSE;

  if (options->json)
    print_json (report);
  else
    print_report (report);
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
