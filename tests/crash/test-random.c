/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-random COUNT: so many random combinations of what a board may be like, where the program
 * dies, and what happens to the board meanwhile. The engine, the journal and the ledger are the
 * real ones and so is death: a child process ends with SIGKILL at a call to the board or at a
 * write of the ledger, whose last writes may be torn or lost (crash-writes.c). The board lives in
 * memory that both share, on a clock of its own, so that waiting takes no time.
 *
 * GLib prints the seed; --seed repeats a run. */
#include "crash-writes.h"
#include "lks-enums.h"
#include "lks-ledger-verify.h"
#include "lks-run.h"
#include "scripted-board.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define INTERRUPTIONS_MAX 2
#define TRIES 8
#define CALLS 40 /* of one run, about */

typedef enum
{
  DEATH_NONE,
  DEATH_AT_CALL,
  DEATH_AFTER_CALL,
  DEATH_AT_WRITE,
  DEATH_OF_CLOCK, /* at a write, and the computer is started anew */
} Death;

typedef enum
{
  THEN_NOTHING,
  THEN_RESTARTED,
  THEN_UNPLUGGED,
  THEN_CHANGED_BY_OTHERS,
  THEN_OTHER_BOARD,
  N_AFTERMATHS,
} Aftermath;

/* What parent and child share: a board, the one that may be in its place, and how the last run
 * ended. */
#define N_COMPONENTS 3 /* of a board with its application, which is the last one */

typedef struct
{
  ScriptedBoard boards[2];
  guint at; /* which of them is plugged in */
  LksVerdict verdict;
  char error[256];
  char record_id[64];
  char device_id[129];
} World;

typedef struct
{
  char *folder;        /* (owned) */
  char *path;          /* (owned) */
  char *warm;          /* (owned): a ledger that is ready, to begin with */
  LksRecipe *recipe;   /* (owned) */
  World *world;        /* (owned) */
  GRand *random;       /* (owned) */
  GPtrArray *recorded; /* (owned) (element-type utf8): records that a run said to have written */
  guint runs;
  guint deaths;
} Combination;

static guint n_combinations;

/* For whoever has to find out what went wrong. */
static GString *story;

static void
tell_story (int signal_number)
{
  ssize_t told = write (STDERR_FILENO, story->str, story->len);

  signal (signal_number, told >= 0 ? SIG_DFL : SIG_IGN);
}

static ScriptedBoard *
get_board (Combination *c)
{
  return &c->world->boards[c->world->at];
}

static gboolean
chance (Combination *c, guint one_in)
{
  return g_rand_int_range (c->random, 0, (gint32) one_in) == 0;
}

static void
needs_cb (const char *needs, gpointer user_data)
{
  Combination *c = user_data;
  ScriptedBoard *board = get_board (c);

  /* Some operators find the button in four seconds, and some go home. */
  if (needs != NULL && board->power_cycle_at_us < 0)
    board->power_cycle_at_us = board->now_us + 4 * G_USEC_PER_SEC;
}

static LksLedger *
open_ledger (Combination *c)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (c->path, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
finalize (Combination *c, LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksConsent) consent =
      lks_consent_new (c->recipe, get_board (c)->device_id, "typed", &error);
  LksRunObserver observer = { .needs = needs_cb, .user_data = c };
  g_autoptr (LksRunResult) result = NULL;
  LksRunTarget target;

  g_assert_no_error (error);
  scripted_board_target (get_board (c), &target);
  result = lks_finalize_run (&target, c->recipe, consent, ledger, &observer, NULL);
  c->world->verdict = result->verdict;
  if (result->verdict == LKS_VERDICT_STOPPED)
    g_strlcpy (c->world->error, result->error->message, sizeof c->world->error);
  g_strlcpy (c->world->record_id, result->record_id != NULL ? result->record_id : "",
             sizeof c->world->record_id);
  g_strlcpy (c->world->device_id, result->device_id != NULL ? result->device_id : "",
             sizeof c->world->device_id);
}

static void
forget_run (Combination *c)
{
  c->runs++;
  c->world->verdict = LKS_VERDICT_NONE;
  c->world->record_id[0] = '\0';
  c->world->error[0] = '\0';
}

static void
tell_run (Combination *c)
{
  g_string_append_printf (story, " → %s %s",
                          lks_enum_to_nick (LKS_TYPE_VERDICT, (int) c->world->verdict),
                          c->world->error);
}

/* A run that may die: in a process of its own, of which nothing else is left. */
static void
run_in_child (Combination *c, const char *crash)
{
  guint32 seed = g_rand_int (c->random);
  pid_t child;
  int status;

  forget_run (c);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_autoptr (LksLedger) ledger = NULL;

      g_random_set_seed (seed); /* or all children find the same UUIDs */
      crash_writes_order (c->path, crash);
      ledger = open_ledger (c);
      finalize (c, ledger);
      g_clear_object (&ledger);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) ? WTERMSIG (status) == SIGKILL : WEXITSTATUS (status) == 0);
  c->deaths += WIFSIGNALED (status);
  tell_run (c);
}

/* ---- what must be true at any time ---- */

static void
judge_board (const ScriptedBoard *board)
{
  /* Whoever changes it besides does not send orders to it. */
  g_assert_cmpuint (board->orders_in_vain, ==, 0);
  g_assert_cmpuint (board->writes, <=, 1);
}

static void
judge_run (Combination *c)
{
  const ScriptedBoard *board = get_board (c);

  for (guint i = 0; i < G_N_ELEMENTS (c->world->boards); i++)
    judge_board (&c->world->boards[i]);
  if (*c->world->record_id != '\0')
    g_ptr_array_add (c->recorded, g_strdup (c->world->record_id));
  if (c->world->verdict != LKS_VERDICT_PASS)
    return;

  g_assert_true (board->is_locked);
  g_assert_cmpint (board->state, ==, LKS_MANUFACTURING_STATE_DEVICE_COMPLETE);
  g_assert_cmpstr (c->world->device_id, ==, board->device_id);
  g_assert_cmpstr (c->world->record_id, !=, "");
}

static void
judge_chain (Combination *c, LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksVerifyReport) report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
  for (guint i = 0; i < c->recorded->len; i++)
    {
      g_autoptr (LksRecord) record = lks_ledger_get (ledger, c->recorded->pdata[i], &error);

      g_assert_no_error (error);
    }
}

/* An order was announced before it was given. */
static void
judge_journal (LksLedger *ledger, const ScriptedBoard *board)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (ledger, board->device_id, &error);
  guint intents = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      const LksJournalEntry *entry = entries->pdata[i];

      intents += g_str_equal (entry->step, "set-state") && g_str_equal (entry->phase, "intent");
    }
  g_assert_cmpuint (intents, >=, board->puts);
}

/* Who changed a board says so, and only after a restart has proven it. */
static void
judge_records (LksLedger *ledger, const ScriptedBoard *board)
{
  LksLedgerQuery query = { .device_id_end = board->device_id, .verdict = "PASS" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list (ledger, &query, &error);
  guint finalized = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    finalized += g_str_equal (lks_record_get_fields (records->pdata[i])->outcome, "finalized");
  g_assert_true (finalized > 0 || board->writes == 0 || board->never_locks);
  g_assert_true (finalized == 0 || board->restarts > 0);
}

static void
judge_ledger (Combination *c, LksLedger *ledger)
{
  judge_chain (c, ledger);
  for (guint i = 0; i < G_N_ELEMENTS (c->world->boards); i++)
    {
      judge_journal (ledger, &c->world->boards[i]);
      judge_records (ledger, &c->world->boards[i]);
    }
}

/* ---- chance ---- */

static void
shape_board (Combination *c, ScriptedBoard *board, char digit)
{
  static const PutBehaviour puts[] = { PUT_WORKS,         PUT_WORKS,
                                       PUT_LOSES_ANSWER,  PUT_LOSES_ANSWER_LATE,
                                       PUT_IS_IGNORED,    PUT_IS_REFUSED,
                                       PUT_NEVER_ARRIVES, PUT_TIMES_OUT_UNSENT };

  scripted_board_init (board);
  memset (board->device_id, digit, 128);
  board->put = puts[g_rand_int_range (c->random, 0, G_N_ELEMENTS (puts))];
  board->restart = chance (c, 3)   ? RESTART_LOSES_ANSWER
                   : chance (c, 8) ? RESTART_IS_IGNORED
                                   : RESTART_WORKS;
  board->locks_at_once = chance (c, 2);
  board->lost_reads = chance (c, 4) ? (guint) g_rand_int_range (c->random, 1, 3) : 0;
  board->never_locks = chance (c, 20);
  board->load = chance (c, 3)   ? LOAD_LOSES_ANSWER
                : chance (c, 4) ? LOAD_RESTARTS_SILENTLY
                : chance (c, 8) ? LOAD_NEVER_ARRIVES
                                : LOAD_WORKS;
  if (chance (c, 2))
    board->n_components = N_COMPONENTS - 1; /* the application is missing */
  if (chance (c, 10))
    {
      board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
      board->is_locked = !board->never_locks;
    }
  board->power_cycle_at_us = -1;
}

/* Somewhere in what a run writes: some fifteen groups that end with a sync, which is number 0. */
static char *
choose_write (Combination *c)
{
  static const char *const modes[] = { "before", "after", "torn", "lost", "hole" };
  const char *mode = modes[g_rand_int_range (c->random, 0, G_N_ELEMENTS (modes))];
  guint group = (guint) g_rand_int_range (c->random, 1, 16);
  guint number = chance (c, 3) ? (guint) g_rand_int_range (c->random, 1, 10) : 0;

  return g_strdup_printf ("%s:%u.%u", mode, group, number);
}

static void
die (Combination *c)
{
  Death death = (Death) g_rand_int_range (c->random, DEATH_AT_CALL, DEATH_OF_CLOCK + 1);
  ScriptedBoard *board = get_board (c);
  g_autofree char *crash = NULL;

  if (death == DEATH_AT_WRITE || death == DEATH_OF_CLOCK)
    crash = choose_write (c);
  else
    {
      board->die_at_call = board->calls + (guint) g_rand_int_range (c->random, 1, CALLS);
      board->die_after_effect = death == DEATH_AFTER_CALL;
    }
  g_string_append_printf (story, "; %s",
                          crash != NULL               ? crash
                          : death == DEATH_AFTER_CALL ? "after a call"
                                                      : "at a call");
  run_in_child (c, crash);
  judge_run (c);
  board->die_at_call = 0;
  if (death == DEATH_OF_CLOCK)
    for (guint i = 0; i < G_N_ELEMENTS (c->world->boards); i++)
      g_snprintf (c->world->boards[i].clock, sizeof board->clock, "computer %u",
                  g_rand_int (c->random));
}

static void
come_to_pass (Combination *c)
{
  Aftermath aftermath = (Aftermath) g_rand_int_range (c->random, 0, N_AFTERMATHS);
  ScriptedBoard *board = get_board (c);

  g_string_append_printf (story, ", aftermath %d", (int) aftermath);
  board->power_cycle_at_us = -1;
  switch (aftermath)
    {
    case THEN_NOTHING:
      break;
    case THEN_RESTARTED:
    case THEN_UNPLUGGED:
      board->now_us += aftermath == THEN_RESTARTED ? 10 * G_USEC_PER_SEC : G_TIME_SPAN_HOUR;
      board->silent_until_us = 0;
      scripted_board_boot (board);
      break;
    case THEN_CHANGED_BY_OTHERS:
      board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
      board->n_components = N_COMPONENTS; /* they brought the application along */
      board->late_effect_us = 0;
      board->silent_until_us = 0;
      scripted_board_boot (board);
      break;
    case THEN_OTHER_BOARD:
      c->world->at = 1 - c->world->at;
      break;
    case N_AFTERMATHS:
      g_assert_not_reached ();
    }
  if (!chance (c, 3))
    board->now_us += 20 * G_USEC_PER_SEC; /* it may be restarting; others go on at once */
}

/* The operator's part, with a board that has got over its moods. */
static void
bring_to_end (Combination *c, LksLedger *ledger)
{
  ScriptedBoard *board = get_board (c);

  board->put = PUT_WORKS;
  board->restart = RESTART_WORKS;
  board->load = LOAD_WORKS;
  for (guint i = 0; i < TRIES; i++)
    {
      board->now_us += 20 * G_USEC_PER_SEC;
      board->power_cycle_at_us = -1;
      forget_run (c);
      finalize (c, ledger);
      tell_run (c);
      judge_run (c);
      if (c->world->verdict == LKS_VERDICT_PASS || board->never_locks)
        break;
    }
  g_assert_true ((c->world->verdict == LKS_VERDICT_PASS) == !board->never_locks);
}

static void
try_combination (Combination *c)
{
  guint interruptions = (guint) g_rand_int_range (c->random, 1, INTERRUPTIONS_MAX + 1);
  g_autoptr (LksLedger) ledger = NULL;

  shape_board (c, &c->world->boards[0], 'a');
  shape_board (c, &c->world->boards[1], 'b');
  g_string_printf (story, "put %d, restart %d", (int) c->world->boards[0].put,
                   (int) c->world->boards[0].restart);
  for (guint i = 0; i < interruptions; i++)
    {
      die (c);
      come_to_pass (c);
    }
  ledger = open_ledger (c);
  bring_to_end (c, ledger);
  if (c->world->boards[1 - c->world->at].calls > 0)
    {
      c->world->at = 1 - c->world->at;
      bring_to_end (c, ledger);
    }
  judge_ledger (c, ledger);
}

/* ---- around it ---- */

static LksRecipe *
make_recipe (void)
{
  static const char text[] = "{\"name\":\"test\",\"targetState\":\"DeviceComplete\","
                             "\"allowedOsVersions\":[\"24.06\"],\"images\":[" SCRIPTED_PACKAGE "]}";
  g_autofree char *folder =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("test.json", folder, bytes, &error);

  g_assert_no_error (error);
  return recipe;
}

static void
renew_ledger (Combination *c)
{
  static const char *const ends[] = { "-wal", "-shm", "-journal" };
  g_autofree char *content = NULL;
  gsize size;

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (c->path, ends[i], NULL);

      g_remove (path);
    }
  g_assert_true (g_file_get_contents (c->warm, &content, &size, NULL));
  g_remove (c->path);
  g_assert_true (g_file_set_contents_full (c->path, content, (gssize) size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
set_up (Combination *c)
{
  /* In memory where possible: the writes are real, their thousands of fsync() need no disk. */
  c->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-random-XXXXXX"));
  if (c->folder == NULL)
    c->folder = g_dir_make_tmp ("lks-random-XXXXXX", NULL);
  c->warm = g_build_filename (c->folder, "warm.sqlite", NULL);
  c->path = g_build_filename (c->folder, "ledger.sqlite", NULL);
  c->world =
      mmap (NULL, sizeof *c->world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (c->world != MAP_FAILED);
  c->recipe = make_recipe ();
  c->recorded = g_ptr_array_new_with_free_func (g_free);
  g_object_unref (lks_ledger_open (c->warm, NULL));
}

static void
tear_down (Combination *c)
{
  renew_ledger (c);
  g_remove (c->path);
  g_remove (c->warm);
  g_rmdir (c->folder);
  munmap (c->world, sizeof *c->world);
  g_object_unref (c->recipe);
  g_ptr_array_unref (c->recorded);
  g_free (c->folder);
  g_free (c->warm);
  g_free (c->path);
}

static void
test_random (void)
{
  Combination c = { 0 };
  gint64 start_us = g_get_monotonic_time ();

  set_up (&c);
  for (guint i = 0; i < n_combinations; i++)
    {
      guint32 seed = (guint32) g_test_rand_int ();

      renew_ledger (&c);
      g_ptr_array_set_size (c.recorded, 0);
      memset (c.world, 0, sizeof *c.world);
      c.random = g_rand_new_with_seed (seed);
      try_combination (&c);
      while (g_main_context_iteration (NULL, FALSE))
        ; /* what was announced lets go of the ledger */
      g_rand_free (c.random);
    }
  tear_down (&c);
  g_assert_cmpuint (c.deaths, >, n_combinations / 2);
  g_test_message (
      "{\"crash\":\"random\",\"combinations\":%u,\"runs\":%u,\"deaths\":%u,\"seconds\":%.1f}",
      n_combinations, c.runs, c.deaths,
      (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (argc != 2)
    return 2;

  n_combinations = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  story = g_string_new (NULL);
  signal (SIGABRT, tell_story);
  g_test_add_func ("/crash/random", test_random);
  return g_test_run ();
}
