/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images that the recipe brings along and a board lacks. */
#include "lks-enums.h"
#include "lks-run-private.h"
#include "scripted-board.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LABELLED ",\"label\":{\"pattern\":\"[0-9]+\",\"required\":true}"

typedef struct
{
  char *folder;         /* (owned) */
  char *path;           /* (owned) */
  ScriptedBoard *board; /* (owned): in memory that a forked child shares */
  LksRecipe *recipe;    /* (owned) */
} Fixture;

static void
use_recipe (Fixture *f, const char *more)
{
  g_autofree char *text =
      g_strconcat ("{\"name\":\"test\",\"targetState\":\"DeviceComplete\","
                   "\"allowedOsVersions\":[\"24.06\"],\"images\":[" SCRIPTED_PACKAGE "]",
                   more, "}", NULL);
  g_autofree char *folder =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->recipe);
  f->recipe = lks_recipe_parse ("test.json", folder, bytes, &error);
  g_assert_no_error (error);
}

/* An open board with its system and no application. */
static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-load-XXXXXX"));
  if (f->folder == NULL)
    f->folder = g_dir_make_tmp ("lks-load-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->board =
      mmap (NULL, sizeof *f->board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (f->board != MAP_FAILED);
  scripted_board_init (f->board);
  f->board->n_components--;
  use_recipe (f, "");
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (f->path, ends[i], NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  munmap (f->board, sizeof *f->board);
  g_clear_object (&f->recipe);
}

static LksLedger *
open_ledger (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (f->path, &error);

  g_assert_no_error (error);
  return ledger;
}

static LksRunResult *
finalize_with (Fixture *f, LksConsent *consent)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  return lks_finalize_run (&target, f->recipe, consent, ledger, NULL, NULL);
}

static LksRunResult *
finalize (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksConsent) consent =
      lks_consent_new (f->recipe, f->board->device_id, "typed", &error);

  g_assert_no_error (error);
  return finalize_with (f, consent);
}

static LksRunResult *
check (Fixture *f)
{
  LksRunTarget target;

  scripted_board_target (f->board, &target);
  return lks_check_run (&target, f->recipe, NULL, NULL, NULL);
}

static LksRunStep *
find_step (LksRunResult *result, const char *name)
{
  for (guint i = 0; i < result->steps->len; i++)
    if (g_str_equal (lks_run_step_get_name (result->steps->pdata[i]), name))
      return result->steps->pdata[i];

  return NULL;
}

static void
assert_step (LksRunResult *result, const char *name, LksStepResult expected, const char *words)
{
  LksRunStep *step = find_step (result, name);

  g_assert_nonnull (step);
  g_test_message ("%s: %s", name, lks_run_step_get_message (step));
  g_assert_cmpint (lks_run_step_get_result (step), ==, expected);
  g_assert_nonnull (strstr (lks_run_step_get_message (step), words));
}

static void
assert_verdict (LksRunResult *result, LksVerdict verdict)
{
  g_test_message ("%s %s", lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict),
                  result->verdict != LKS_VERDICT_PASS ? lks_run_result_summarize (result) : "");
  g_assert_cmpint (result->verdict, ==, verdict);
}

/* "identify/intent …" of all runs. */
static char *
tell_journal (Fixture *f)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (ledger, f->board->device_id, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = entries->pdata[i];

      g_string_append_printf (text, "%s/%s ", entry->step, entry->phase);
    }
  return g_string_free (text, FALSE);
}

static void
test_missing (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = check (f);
  g_autoptr (LksRunResult) result = NULL;
  g_autoptr (LksRunResult) again = NULL;
  g_autofree char *journal = NULL;
  const char *evidence;

  /* A check counts on it and does nothing. */
  assert_verdict (checked, LKS_VERDICT_PASS);
  g_assert_cmpint (checked->outcome, ==, LKS_OUTCOME_READY);
  assert_step (checked, "images", LKS_STEP_RESULT_WARNING, "which the finalization loads");
  g_assert_null (find_step (checked, "load-images"));
  g_assert_cmpuint (f->board->n_components, ==, 2);
  g_assert_false (f->board->has_staged);

  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS);
  g_assert_cmpint (result->outcome, ==, LKS_OUTCOME_FINALIZED);
  assert_step (result, "load-images", LKS_STEP_RESULT_PASS, "1 image(s) loaded and read back");
  assert_step (result, "images", LKS_STEP_RESULT_PASS, "exactly");
  g_assert_cmpuint (f->board->installs, ==, 1);
  g_assert_cmpuint (f->board->puts, ==, 1);
  evidence = lks_run_step_get_evidence (find_step (result, "load-images"));
  g_assert_nonnull (strstr (evidence, "\"package\":\"app.imagepackage\""));
  g_assert_nonnull (strstr (evidence, "\"packageSha256\":\""));
  journal = tell_journal (f);
  g_assert_true (g_str_has_prefix (journal, "load/intent load/evidence check/intent "));

  /* Whoever is finished gets nothing, and tells nothing. */
  again = finalize (f);
  assert_verdict (again, LKS_VERDICT_PASS);
  assert_step (again, "load-images", LKS_STEP_RESULT_SKIP, "DeviceComplete already");
  g_assert_cmpuint (f->board->installs, ==, 1);
}

static void
test_replaced (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) result = NULL;

  f->board->components[f->board->n_components++] =
      (ScriptedComponent){ SCRIPTED_APP_COMPONENT, SCRIPTED_OLD_APP, LKS_IMAGE_TYPE_APPLICATION };
  checked = check (f);
  assert_verdict (checked, LKS_VERDICT_PASS);
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS);
  g_assert_cmpuint (f->board->n_components, ==, 3);
  g_assert_cmpstr (f->board->components[2].image_id, ==, SCRIPTED_APP);
}

static void
test_nothing_missing (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;
  g_autofree char *journal = NULL;

  f->board->n_components++;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS);
  assert_step (result, "load-images", LKS_STEP_RESULT_PASS, "none is missing");
  g_assert_cmpuint (f->board->installs, ==, 0);
  journal = tell_journal (f);
  g_assert_true (g_str_has_prefix (journal, "check/intent "));
}

/* Another application is for nobody to delete but a person: it costs the PASS, and not the load. */
static void
test_extra (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) result = NULL;

  f->board->components[f->board->n_components++] =
      (ScriptedComponent){ "0d000000-0000-4000-8000-000000000003",
                           "0a000000-0000-4000-8000-000000000003", LKS_IMAGE_TYPE_APPLICATION };
  checked = check (f);
  assert_verdict (checked, LKS_VERDICT_FAIL);
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_FAIL);
  g_assert_cmpstr (result->error->message, ==,
                   "not ready: images were loaded, nothing else was changed");
  g_assert_cmpuint (f->board->puts, ==, 0);
}

static void
test_nobody_agreed (Fixture *f, gconstpointer unused)
{
  g_autofree char *other_id = g_strnfill (128, 'b');
  g_autoptr (LksConsent) other = lks_consent_new (f->recipe, other_id, "typed", NULL);
  g_autoptr (LksRunResult) nobody = finalize_with (f, NULL);
  g_autoptr (LksRunResult) elsewhere = finalize_with (f, other);
  g_autoptr (LksRunResult) label = NULL;

  g_assert_nonnull (other);
  assert_step (nobody, "load-images", LKS_STEP_RESULT_SKIP, "nobody has agreed");
  assert_verdict (nobody, LKS_VERDICT_FAIL);
  assert_step (elsewhere, "load-images", LKS_STEP_RESULT_SKIP, "nobody has agreed");
  use_recipe (f, LABELLED);
  label = finalize (f);
  assert_step (label, "load-images", LKS_STEP_RESULT_SKIP, "label");
  assert_verdict (label, LKS_VERDICT_FAIL);
  g_assert_cmpuint (f->board->installs, ==, 0);
  g_assert_false (f->board->has_staged);
}

static void
test_others_at_work (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) staged = NULL;
  g_autoptr (LksRunResult) updating = NULL;

  f->board->has_staged_updates = TRUE;
  staged = finalize (f);
  assert_verdict (staged, LKS_VERDICT_FAIL);
  assert_step (staged, "load-images", LKS_STEP_RESULT_SKIP, "other images wait");
  assert_step (staged, "updates", LKS_STEP_RESULT_FAIL, "staged");

  f->board->has_staged_updates = FALSE;
  f->board->is_ota_in_progress = TRUE;
  updating = finalize (f);
  assert_step (updating, "load-images", LKS_STEP_RESULT_SKIP, "updating itself");
  g_assert_cmpuint (f->board->installs, ==, 0);
}

/* What a board may do with what it gets. */
static const struct
{
  const char *name;
  LoadBehaviour load;
  LksVerdict verdict;
  LksStepResult result;
  const char *words;
} behaviours[] = {
  { "no-space", LOAD_HAS_NO_SPACE, LKS_VERDICT_FAIL, LKS_STEP_RESULT_FAIL, "no room" },
  { "not-trusted", LOAD_IS_NOT_TRUSTED, LKS_VERDICT_FAIL, LKS_STEP_RESULT_FAIL, "does not trust" },
  { "forbidden", LOAD_IS_FORBIDDEN, LKS_VERDICT_FAIL, LKS_STEP_RESULT_FAIL, "forbidden" },
  { "loses-answer", LOAD_LOSES_ANSWER, LKS_VERDICT_PASS, LKS_STEP_RESULT_PASS, "read back" },
  { "never-arrives", LOAD_NEVER_ARRIVES, LKS_VERDICT_STOPPED, LKS_STEP_RESULT_STOPPED,
    "does not list it" },
  { "ignored", LOAD_IS_IGNORED, LKS_VERDICT_STOPPED, LKS_STEP_RESULT_STOPPED, "does not list it" },
  { "restarts", LOAD_RESTARTS, LKS_VERDICT_PASS, LKS_STEP_RESULT_PASS, "restarted for it" },
  { "restarts-silently", LOAD_RESTARTS_SILENTLY, LKS_VERDICT_PASS, LKS_STEP_RESULT_PASS,
    "restarted for it" },
  { "never-returns", LOAD_NEVER_RETURNS, LKS_VERDICT_STOPPED, LKS_STEP_RESULT_STOPPED,
    "has not answered for 60 s" },
};

static void
test_behaviours (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (behaviours); i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) result = NULL;
      g_autoptr (LksRunResult) again = NULL;

      g_test_message ("%s", behaviours[i].name);
      set_up (&f, NULL);
      f.board->load = behaviours[i].load;
      result = finalize (&f);
      assert_step (result, "load-images", behaviours[i].result, behaviours[i].words);
      assert_verdict (result, behaviours[i].verdict);
      g_assert_cmpuint (f.board->puts, ==, behaviours[i].verdict == LKS_VERDICT_PASS);

      /* Once the board has got over it, all is well. */
      f.board->load = LOAD_WORKS;
      f.board->silent_until_us = 0;
      again = finalize (&f);
      assert_verdict (again, LKS_VERDICT_PASS);
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
}

static guint
count_calls (void)
{
  Fixture f = { 0 };
  g_autoptr (LksRunResult) result = NULL;
  guint calls;

  set_up (&f, NULL);
  result = finalize (&f);
  g_assert_cmpint (result->verdict, ==, LKS_VERDICT_PASS);
  calls = f.board->calls;
  tear_down (&f, NULL);
  return calls;
}

/* Power and cable are gone at every call in turn: the next run brings it to its end. */
static void
test_power_lost_everywhere (void)
{
  guint calls = count_calls ();

  for (guint at = 1; at <= calls; at++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, NULL);
      f.board->unplug_at_call = at;
      first = finalize (&f);
      g_assert_cmpint (first->verdict, ==, LKS_VERDICT_STOPPED);

      f.board->is_unplugged = FALSE;
      f.board->unplug_at_call = 0;
      f.board->now_us += 60 * G_USEC_PER_SEC;
      f.board->silent_until_us = 0;
      scripted_board_boot (f.board);
      /* One that had just been locked cannot restart by itself: somebody has to, in the end. */
      f.board->power_cycle_at_us = f.board->now_us + 90 * G_USEC_PER_SEC;
      second = finalize (&f);
      g_test_message ("call %u", at);
      assert_verdict (second, LKS_VERDICT_PASS);
      g_assert_cmpuint (f.board->writes, ==, 1);
      g_assert_cmpuint (f.board->orders_in_vain, ==, 0);
      g_assert_cmpuint (f.board->installs, ==, 1);
      tear_down (&f, NULL);
    }
}

static gboolean
die_in_child (Fixture *f)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      lks_run_result_unref (finalize (f));
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFSIGNALED (status);
}

static void
kill_and_resume (guint at, gboolean after_effect, gboolean restarts)
{
  Fixture f = { 0 };
  g_autoptr (LksRunResult) second = NULL;

  g_test_message ("call %u, %s, %s", at, after_effect ? "after" : "before",
                  restarts ? "restarted" : "as it was");
  set_up (&f, NULL);
  f.board->die_at_call = at;
  f.board->die_after_effect = after_effect;
  if (die_in_child (&f))
    {
      f.board->now_us += 30 * G_USEC_PER_SEC;
      f.board->silent_until_us = 0;
      if (restarts)
        scripted_board_boot (f.board);
    }
  f.board->die_at_call = 0;
  second = finalize (&f);
  assert_verdict (second, LKS_VERDICT_PASS);
  g_assert_cmpuint (f.board->writes, ==, 1);
  g_assert_cmpuint (f.board->orders_in_vain, ==, 0);
  g_assert_cmpuint (f.board->installs, ==, 1);
  tear_down (&f, NULL);
}

/* kill -9 before and after every call up to the checks. What the dead run has staged is its own, so
 * that the next run may go on with it. */
static void
test_kill_everywhere (void)
{
  for (guint at = 1; at <= 14; at++)
    for (int after_effect = 0; after_effect <= 1; after_effect++)
      for (int restarts = 0; restarts <= 1; restarts++)
        kill_and_resume (at, after_effect, restarts);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/load/missing", test_missing);
  TEST ("/load/replaced", test_replaced);
  TEST ("/load/nothing-missing", test_nothing_missing);
  TEST ("/load/extra", test_extra);
  TEST ("/load/nobody-agreed", test_nobody_agreed);
  TEST ("/load/others-at-work", test_others_at_work);
  g_test_add_func ("/load/behaviours", test_behaviours);
  g_test_add_func ("/load/power-lost-everywhere", test_power_lost_everywhere);
  g_test_add_func ("/load/kill-everywhere", test_kill_everywhere);

  return g_test_run ();
}
