/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-run.h"
#include "lks-error-text.h"
#include "lks-ledger.h"
#include "lks-record-text.h"
#include "lks-run.h"
#include "lks-search-text.h"
#include "lks-verdict-book.h"
#include "lks-wizard-step.h"

#include <string.h>

/* The whole table of transitions: what is not listed is impossible. */
static void
test_steps (void)
{
  static const struct
  {
    LksWizardStep from;
    int next, back, done; /* -1: not possible */
  } rows[] = {
    { LKS_WIZARD_STEP_CHOOSE, LKS_WIZARD_STEP_RECIPE, -1, -1 },
    { LKS_WIZARD_STEP_RECIPE, LKS_WIZARD_STEP_CHECK, LKS_WIZARD_STEP_CHOOSE, -1 },
    { LKS_WIZARD_STEP_CHECK, LKS_WIZARD_STEP_CONFIRM, LKS_WIZARD_STEP_RECIPE, -1 },
    { LKS_WIZARD_STEP_CONFIRM, LKS_WIZARD_STEP_RUN, LKS_WIZARD_STEP_CHECK, -1 },
    { LKS_WIZARD_STEP_RUN, -1, -1, LKS_WIZARD_STEP_RESULT },
    { LKS_WIZARD_STEP_RESULT, -1, -1, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const int wanted[] = { rows[i].next, rows[i].back, rows[i].done };

      for (guint event = 0; event < G_N_ELEMENTS (wanted); event++)
        {
          LksWizardStep to = LKS_WIZARD_STEP_CHOOSE;
          gboolean moved = lks_wizard_step_advance (rows[i].from, (LksWizardEvent) event, &to);

          g_assert_cmpint (moved, ==, wanted[event] >= 0);
          if (moved)
            g_assert_cmpint (to, ==, wanted[event]);
        }
    }
}

static void
test_confirmation (void)
{
  g_autofree char *zeros = g_strnfill (122, '0');
  g_autofree char *device_id = g_strconcat (zeros, "c0ffee", NULL);
  g_autofree char *scanned = g_strdup_printf ("  %s\n", device_id);
  g_autofree char *other = g_strconcat ("1", device_id + 1, NULL);

  g_assert_true (lks_confirmation_matches (device_id, "c0ffee"));
  g_assert_true (lks_confirmation_matches (device_id, "C0FFEE"));
  g_assert_true (lks_confirmation_matches (device_id, " c0ffee "));
  g_assert_true (lks_confirmation_matches (device_id, "00c0ffee"));
  g_assert_true (lks_confirmation_matches (device_id, scanned));

  g_assert_false (lks_confirmation_matches (device_id, ""));
  g_assert_false (lks_confirmation_matches (device_id, "0ffee"));
  g_assert_false (lks_confirmation_matches (device_id, "c0ffe0"));
  g_assert_false (lks_confirmation_matches (device_id, "1c0ffee"));
  g_assert_false (lks_confirmation_matches (device_id, other));
  g_assert_false (lks_confirmation_matches (device_id, NULL));
  g_assert_false (lks_confirmation_matches (NULL, "c0ffee"));
}

static void
count_cb (gpointer source, guint *count)
{
  (*count)++;
}

static void
test_verdict_book (void)
{
  g_autoptr (LksVerdictBook) book = lks_verdict_book_ref_default ();
  guint changes = 0;

  g_signal_connect (book, "changed", G_CALLBACK (count_cb), &changes);
  g_assert_cmpint (lks_verdict_book_look_up (book, "a"), ==, LKS_VERDICT_NONE);
  g_assert_cmpint (lks_verdict_book_look_up (book, NULL), ==, LKS_VERDICT_NONE);

  lks_verdict_book_enter (book, "a", LKS_VERDICT_FAIL);
  lks_verdict_book_enter (book, "a", LKS_VERDICT_PASS);
  lks_verdict_book_enter (book, "a", LKS_VERDICT_PASS);
  lks_verdict_book_enter (book, NULL, LKS_VERDICT_PASS);
  g_assert_cmpint (lks_verdict_book_look_up (book, "a"), ==, LKS_VERDICT_PASS);
  g_assert_cmpuint (changes, ==, 2);
}

/* Every code of the domains of a run and of the ledger has a sentence and a next step. */
static void
test_errors_have_texts (void)
{
  const struct
  {
    GQuark domain;
    GType type;
  } domains[] = {
    { LKS_RUN_ERROR, LKS_TYPE_RUN_ERROR },
    { LKS_LEDGER_ERROR, LKS_TYPE_LEDGER_ERROR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    {
      g_autoptr (GEnumClass) codes = g_type_class_ref (domains[i].type);

      for (guint j = 0; j < codes->n_values; j++)
        {
          g_autoptr (GError) error =
              g_error_new_literal (domains[i].domain, codes->values[j].value, "raw detail");
          g_autofree char *sentence = lks_error_to_sentence (error);
          g_autofree char *advice = lks_error_to_advice (error);

          g_assert_cmpstr (sentence, !=, "raw detail");
          g_assert_true (g_str_has_suffix (advice, "."));
        }
    }
}

static LksRecord *
record_with_document (const char *document)
{
  return lks_record_new (&(LksRecordFields){
      .run_id = "00000000-0000-4000-8000-000000000001",
      .kind = "finalize",
      .port = "1-2.3",
      .operator_name = "anna",
      .station = "bench-7",
      .started_us = G_GINT64_CONSTANT (1700000000000000),
      .finished_us = G_GINT64_CONSTANT (1700000041000000),
      .recipe_name = "Kettle",
      .recipe_hash = "00",
      .recipe_text = "{}",
      .verdict = "STOPPED",
      .outcome = "none",
      .document = document,
  });
}

static void
test_record_steps (void)
{
  g_autoptr (LksRecord) record = record_with_document (
      "{\"steps\": [{\"name\": \"state\", \"result\": \"fail\", \"message\": \"Wrong.\","
      " \"evidence\": {\"read\": 1}}, {\"name\": \"restart\", \"result\": \"skip\"}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) steps = lks_record_read_steps (record, &error);
  g_autoptr (LksRunStep) first = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (steps)), ==, 2);
  first = g_list_model_get_item (G_LIST_MODEL (steps), 0);
  g_assert_cmpstr (lks_run_step_get_name (first), ==, "state");
  g_assert_cmpint (lks_run_step_get_result (first), ==, LKS_STEP_RESULT_FAIL);
  g_assert_cmpstr (lks_run_step_get_message (first), ==, "Wrong.");
  g_assert_cmpint (lks_sign_for_record (record).tone, ==, LKS_TONE_WARNING);
}

/* The ledger's file may be anybody's: a damaged document is an error, never a crash. */
static void
test_damaged_records (void)
{
  static const char *const documents[] = {
    "",
    "[]",
    "{}",
    "{\"steps\": 1}",
    "{\"steps\": [1]}",
    "{\"steps\": [{}]}",
    "{\"steps\": [{\"name\": \"a\", \"result\": \"perhaps\"}]}",
    "{\"steps\": [{\"name\": \"a\", \"result\": \"pass\", \"evidence\": []}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (LksRecord) record = record_with_document (documents[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (GListStore) steps = lks_record_read_steps (record, &error);

      g_assert_null (steps);
      g_assert_nonnull (error);
    }
}

static void
test_record_search_text (void)
{
  g_autoptr (LksRecord) record = record_with_document ("{}");
  g_autofree char *text = lks_record_to_search_text (record);

  g_assert_nonnull (strstr (text, "anna"));
  g_assert_nonnull (strstr (text, "1-2.3"));
  g_assert_nonnull (strstr (text, "Kettle"));
  g_assert_nonnull (strstr (text, "STOPPED"));

  g_assert_nonnull (strstr (lks_search_text_get (record), "kettle"));
  g_assert_true (lks_search_text_get (record) == lks_search_text_get (record)); /* made once */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/wizard/steps", test_steps);
  g_test_add_func ("/ui/wizard/confirmation", test_confirmation);
  g_test_add_func ("/ui/verdict-book", test_verdict_book);
  g_test_add_func ("/ui/errors-have-texts", test_errors_have_texts);
  g_test_add_func ("/ui/record/steps", test_record_steps);
  g_test_add_func ("/ui/record/damaged", test_damaged_records);
  g_test_add_func ("/ui/record/search-text", test_record_search_text);
  return g_test_run ();
}
