/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes that claim their boards: what comes before the lock, whatever dies in between. */
#include "lks-claim-note.h"
#include "lks-enums.h"
#include "lks-run-private.h"
#include "scripted-board.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CATALOG(name)                                                                              \
  "/subscriptions/bbbbbbbb-2222-4333-8444-555555555555/resourceGroups/rg/providers/"               \
  "Microsoft.AzureSphere/catalogs/" name
#define CLAIM(policy, name)                                                                        \
  "\"claim\":{\"policy\":\"" policy "\",\"catalog\":\"" CATALOG (name) "\"}"
#define BEFORE_LOCK CLAIM ("before-lock", "plant7")
#define QUEUE CLAIM ("queue", "plant7")

/* ---- a catalog that remembers, also when the process dies ---- */

typedef struct
{
  gboolean has_board;
  gboolean is_away; /* no network */
  gboolean refuses; /* the claim, not the question */
  guint looks;
  guint claims; /* orders that changed something */
  guint claims_in_vain;
  guint die_at_call; /* 0: never */
  gboolean die_after_effect;
  const ScriptedBoard *board;
  guint puts_when_claimed;
} Catalog;

#define TEST_TYPE_CLAIMER (test_claimer_get_type ())
G_DECLARE_FINAL_TYPE (TestClaimer, test_claimer, TEST, CLAIMER, GObject)

struct _TestClaimer
{
  GObject parent_instance;
  Catalog *catalog; /* (unowned) */
};

static void
die_if_wanted (Catalog *catalog, gboolean is_after)
{
  if (catalog->die_at_call == catalog->looks + catalog->claims + (is_after ? 0 : 1) &&
      is_after == catalog->die_after_effect)
    raise (SIGKILL);
}

static gboolean
check_network (Catalog *catalog, GError **error)
{
  if (catalog->is_away)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "no network");
  return !catalog->is_away;
}

static gboolean
look (LksClaimer *claimer,
      const LksRecipeClaim *claim,
      const char *device_id,
      LksClaimAnswer *answer,
      GCancellable *cancellable,
      GError **error)
{
  Catalog *catalog = TEST_CLAIMER (claimer)->catalog;

  die_if_wanted (catalog, FALSE);
  catalog->looks++;
  die_if_wanted (catalog, TRUE);
  if (!check_network (catalog, error))
    return FALSE;
  lks_claim_answer_clear (answer);
  answer->place = catalog->has_board ? g_strdup (claim->catalog_id) : NULL;
  answer->account = g_strdup ("olga");
  return TRUE;
}

static gboolean
claim (LksClaimer *claimer,
       const LksRecipeClaim *claim,
       const char *device_id,
       LksClaimAnswer *answer,
       GCancellable *cancellable,
       GError **error)
{
  Catalog *catalog = TEST_CLAIMER (claimer)->catalog;

  if (catalog->refuses)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "it is somebody else's");
      return FALSE;
    }
  die_if_wanted (catalog, FALSE);
  catalog->claims_in_vain += catalog->has_board;
  catalog->claims++;
  catalog->has_board = TRUE;
  catalog->puts_when_claimed = catalog->board->puts;
  die_if_wanted (catalog, TRUE);
  return look (claimer, claim, device_id, answer, cancellable, error);
}

static void
test_claimer_iface_init (LksClaimerInterface *iface)
{
  iface->look = look;
  iface->claim = claim;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestClaimer,
                               test_claimer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CLAIMER, test_claimer_iface_init))

static void
test_claimer_class_init (TestClaimerClass *klass)
{
}

static void
test_claimer_init (TestClaimer *self)
{
}

/* ---- fixture ---- */

typedef struct
{
  char *folder;         /* (owned) */
  char *path;           /* (owned) */
  ScriptedBoard *board; /* (owned): in memory that a forked child shares */
  Catalog *catalog;     /* (owned): the same */
  LksRecipe *recipe;    /* (owned) (nullable) */
  gboolean is_signed_out;
} Fixture;

static gpointer
share (gsize size)
{
  gpointer memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  g_assert_true (memory != MAP_FAILED);
  return memory;
}

static void
use_recipe (Fixture *f, const char *more)
{
  g_autofree char *text =
      g_strdup_printf ("{\"name\":\"test\",\"targetState\":\"DeviceComplete\","
                       "\"allowedOsVersions\":[\"24.06\"],\"images\":[\"" SCRIPTED_APP "\"],%s}",
                       more);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->recipe);
  f->recipe = lks_recipe_parse ("test.json", NULL, bytes, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer recipe)
{
  f->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-claim-XXXXXX"));
  if (f->folder == NULL)
    f->folder = g_dir_make_tmp ("lks-claim-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->board = share (sizeof *f->board);
  scripted_board_init (f->board);
  f->catalog = share (sizeof *f->catalog);
  f->catalog->board = f->board;
  use_recipe (f, recipe);
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
  munmap (f->catalog, sizeof *f->catalog);
  g_object_unref (f->recipe);
}

static LksLedger *
open_ledger (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (f->path, &error);

  g_assert_no_error (error);
  return ledger;
}

/* The operator takes four seconds to find the button. */
static void
needs_cb (const char *needs, gpointer user_data)
{
  ScriptedBoard *board = user_data;

  if (needs != NULL && board->power_cycle_at_us < 0)
    board->power_cycle_at_us = board->now_us + 4 * G_USEC_PER_SEC;
}

static LksRunResult *
run (Fixture *f, gboolean is_check, LksConsent *consent)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (TestClaimer) claimer = g_object_new (TEST_TYPE_CLAIMER, NULL);
  LksRunObserver observer = { .needs = needs_cb, .user_data = f->board };
  LksRunTarget target;

  claimer->catalog = f->catalog;
  scripted_board_target (f->board, &target);
  target.claimer = f->is_signed_out ? NULL : LKS_CLAIMER (claimer);
  f->board->power_cycle_at_us = -1;
  return is_check ? lks_check_run (&target, f->recipe, ledger, &observer, NULL)
                  : lks_finalize_run (&target, f->recipe, consent, ledger, &observer, NULL);
}

static LksRunResult *
finalize (Fixture *f)
{
  g_autoptr (LksConsent) consent = lks_consent_new (f->recipe, f->board->device_id, "typed", NULL);

  return run (f, FALSE, consent);
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
assert_verdict (LksRunResult *result, LksVerdict verdict, const char *said)
{
  LksRunStep *step = find_step (result, "claim");
  const char *message = step != NULL ? lks_run_step_get_message (step) : "";

  g_test_message ("%s: %s; %s", lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict), message,
                  result->error != NULL ? result->error->message : "");
  g_assert_cmpint (result->verdict, ==, verdict);
  g_assert_nonnull (strstr (message, said));
}

static guint
count_waiting (Fixture *f)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = lks_ledger_claims_list (ledger, &error);
  guint count = G_MAXUINT;

  g_assert_no_error (error);
  g_assert_true (lks_ledger_claims_count (ledger, &count, &error));
  g_assert_cmpuint (g_strv_length (ids), ==, count);
  if (count > 0)
    g_assert_cmpstr (ids[0], ==, f->board->device_id);
  return count;
}

static LksClaimNote *
read_note (Fixture *f)
{
  g_autoptr (LksLedger) ledger = open_ledger (f);
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (ledger, f->board->device_id, NULL);

  return lks_claim_note_derive (entries);
}

/* ---- before the lock ---- */

static void
test_claimed (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = run (f, TRUE, NULL);
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;
  g_autoptr (LksClaimNote) note = NULL;
  g_autoptr (JsonNode) evidence = NULL;
  JsonObject *object;

  assert_verdict (checked, LKS_VERDICT_PASS, "will be claimed");
  g_assert_cmpuint (f->catalog->claims, ==, 0);

  first = finalize (f);
  assert_verdict (first, LKS_VERDICT_PASS, "claimed into the catalog plant7, for ever");
  g_assert_cmpuint (f->catalog->claims, ==, 1);
  g_assert_cmpuint (f->catalog->puts_when_claimed, ==, 0);
  g_assert_cmpuint (f->board->puts, ==, 1);
  evidence = json_from_string (lks_run_step_get_evidence (find_step (first, "claim")), NULL);
  object = json_node_get_object (evidence);
  g_assert_cmpstr (json_object_get_string_member (object, "outcome"), ==, "claimed");
  g_assert_cmpstr (json_object_get_string_member (object, "catalog"), ==, CATALOG ("plant7"));
  g_assert_cmpstr (json_object_get_string_member (object, "account"), ==, "olga");

  note = read_note (f);
  g_assert_true (lks_claim_note_is_settled (note));
  g_assert_false (note->is_waiting);
  g_assert_cmpuint (count_waiting (f), ==, 0);

  /* What was seen once needs no network to be verified. */
  f->catalog->is_away = TRUE;
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, "in the catalog plant7 already");
  g_assert_cmpint (second->outcome, ==, LKS_OUTCOME_VERIFIED);
}

static void
test_found (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = NULL;

  f->catalog->has_board = TRUE;
  result = finalize (f);
  assert_verdict (result, LKS_VERDICT_PASS, "in the catalog plant7 already");
  g_assert_cmpuint (f->catalog->claims, ==, 0);
}

/* Whatever is in the way: the board is not locked, and the next run goes on. */
static void
test_in_the_way (void)
{
  for (int way = 0; way < 3; way++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, BEFORE_LOCK);
      f.is_signed_out = way == 0;
      f.catalog->is_away = way == 1;
      f.catalog->refuses = way == 2;
      first = finalize (&f);
      assert_verdict (first, LKS_VERDICT_STOPPED, way == 0 ? "nothing was changed" : "not locked");
      if (way == 0)
        g_assert_error (first->error, LKS_RUN_ERROR, LKS_RUN_ERROR_CLAIM);
      else
        g_assert_cmpint ((int) first->error->domain, ==, (int) G_IO_ERROR);
      g_assert_cmpuint (f.board->puts, ==, 0);
      g_assert_cmpuint (count_waiting (&f), ==, 0);

      f.is_signed_out = f.catalog->is_away = f.catalog->refuses = FALSE;
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_PASS, "for ever");
      g_assert_cmpuint (f.catalog->claims, ==, 1);
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
}

static void
test_no_consent (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) result = run (f, FALSE, NULL);

  g_assert_error (result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_CONSENT);
  g_assert_cmpuint (f->catalog->looks + f->catalog->claims, ==, 0);
}

/* A board that somebody else locked is not claimed behind his back. */
static void
test_locked_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;

  f->board->state = LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
  f->board->is_locked = TRUE;
  first = finalize (f);
  assert_verdict (first, LKS_VERDICT_FAIL, "DeviceComplete already, and not in the catalog plant7");
  g_assert_cmpuint (f->catalog->claims, ==, 0);

  f->catalog->has_board = TRUE;
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, "in the catalog");
  g_assert_cmpuint (f->board->puts, ==, 0);
}

/* Returns whether the child was killed, and did not come to its end instead. */
static gboolean
finalize_in_child (Fixture *f)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_autoptr (LksRunResult) result = finalize (f);

      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFSIGNALED (status);
}

/* kill -9 before and after the effect of each exchange with the catalog. */
static void
test_killed (void)
{
  for (guint at = 1; at <= 3; at++)
    for (int after = 0; after <= 1; after++)
      {
        Fixture f = { 0 };
        g_autoptr (LksRunResult) second = NULL;

        set_up (&f, BEFORE_LOCK);
        f.catalog->die_at_call = at;
        f.catalog->die_after_effect = after;
        g_assert_true (finalize_in_child (&f));
        g_assert_cmpuint (f.board->puts, ==, 0);

        f.catalog->die_at_call = 0;
        second = finalize (&f);
        assert_verdict (second, LKS_VERDICT_PASS, "the catalog plant7");
        g_assert_cmpuint (f.catalog->claims, ==, 1);
        g_assert_cmpuint (f.catalog->claims_in_vain, ==, 0);
        g_assert_cmpuint (f.board->puts, ==, 1);
        tear_down (&f, NULL);
      }
}

/* ---- the queue ---- */

static void
test_queued (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) checked = NULL;
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;
  g_autoptr (LksClaimNote) note = NULL;

  f->is_signed_out = TRUE;
  checked = run (f, TRUE, NULL);
  assert_verdict (checked, LKS_VERDICT_PASS, "is queued before the lock");
  g_assert_cmpuint (count_waiting (f), ==, 0);

  first = finalize (f);
  assert_verdict (first, LKS_VERDICT_PASS, "queued: will be claimed into the catalog plant7");
  g_assert_cmpuint (count_waiting (f), ==, 1);
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, "queued");
  g_assert_cmpuint (count_waiting (f), ==, 1);
  g_assert_cmpuint (f->catalog->looks + f->catalog->claims, ==, 0);

  note = read_note (f);
  g_assert_true (note->is_waiting);
  g_assert_cmpstr (note->claim.catalog_id, ==, CATALOG ("plant7"));
  g_assert_cmpstr (note->claim.catalog, ==, "plant7");
}

/* A board has one catalog for ever. */
static void
test_other_catalog (void)
{
  static const char *const others[] = { CLAIM ("queue", "lab"), CLAIM ("before-lock", "lab") };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) first = NULL;
      g_autoptr (LksRunResult) second = NULL;

      set_up (&f, QUEUE);
      first = finalize (&f);
      g_assert_cmpint (first->verdict, ==, LKS_VERDICT_PASS);
      scripted_board_init (f.board);
      use_recipe (&f, others[i]);
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_STOPPED, "another catalog, plant7");
      g_assert_error (second->error, LKS_RUN_ERROR, LKS_RUN_ERROR_CLAIM);
      g_assert_cmpuint (f.board->puts, ==, 0);
      g_assert_cmpuint (count_waiting (&f), ==, 1);
      tear_down (&f, NULL);
    }
}

/* A run that asks the catalog itself settles the claim that waits. */
static void
test_overtaken (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRunResult) first = finalize (f);
  g_autoptr (LksRunResult) second = NULL;

  g_assert_cmpuint (count_waiting (f), ==, 1);
  scripted_board_init (f->board);
  use_recipe (f, BEFORE_LOCK);
  second = finalize (f);
  assert_verdict (second, LKS_VERDICT_PASS, "for ever");
  g_assert_cmpuint (f->catalog->claims, ==, 1);
  g_assert_cmpuint (count_waiting (f), ==, 0);
}

static void
run_sql (Fixture *f, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* What cannot be written down is not begun. */
static void
test_ledger_fails (Fixture *f, gconstpointer recipe)
{
  g_autoptr (LksRunResult) first = NULL;
  g_autoptr (LksRunResult) second = NULL;

  g_assert_cmpuint (count_waiting (f), ==, 0);
  run_sql (f, "CREATE TRIGGER fails BEFORE INSERT ON journal WHEN NEW.step = 'claim'"
              " BEGIN SELECT RAISE(ABORT, 'no'); END");
  first = finalize (f);
  assert_verdict (first, LKS_VERDICT_STOPPED, "");
  g_assert_cmpint ((int) first->error->domain, ==, (int) LKS_LEDGER_ERROR);
  g_assert_cmpuint (f->board->puts + f->catalog->claims, ==, 0);

  run_sql (f, "DROP TRIGGER fails");
  second = finalize (f);
  g_assert_cmpint (second->verdict, ==, LKS_VERDICT_PASS);
  g_assert_cmpuint (count_waiting (f), ==, f->catalog->claims == 0 ? 1 : 0);
}

/* Killed at any exchange with the board: one that got the order has its claim in the queue. */
static void
test_queue_killed (void)
{
  guint kills = 0;

  for (guint i = 0; i < 24; i++)
    {
      Fixture f = { 0 };
      g_autoptr (LksRunResult) second = NULL;
      guint puts;

      set_up (&f, QUEUE);
      f.board->die_at_call = 6 + i / 2;
      f.board->die_after_effect = i % 2;
      kills += finalize_in_child (&f);
      puts = f.board->puts;
      g_assert_cmpuint (count_waiting (&f), >=, puts);

      f.board->die_at_call = 0;
      f.board->now_us += 20 * G_USEC_PER_SEC;
      f.board->silent_until_us = 0;
      scripted_board_boot (f.board);
      second = finalize (&f);
      assert_verdict (second, LKS_VERDICT_PASS, "queued");
      g_assert_cmpuint (count_waiting (&f), ==, 1);
      g_assert_cmpuint (f.board->puts, ==, 1);
      tear_down (&f, NULL);
    }
  g_assert_cmpuint (kills, >=, 12);
}

/* ---- what the journal says ---- */

static void
add (GPtrArray *entries, const char *phase, const char *data)
{
  const LksJournalEntry entry = { .run_id = "r",
                                  .device_id = "d",
                                  .target = "DeviceComplete",
                                  .step = "claim",
                                  .phase = phase,
                                  .at_us = entries->len + 1,
                                  .data = data };

  g_ptr_array_add (entries, lks_journal_entry_copy (&entry));
}

static void
test_note (void)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_journal_entry_free);
  static const struct
  {
    const char *phase;
    const char *data;
    gboolean is_waiting;
    gboolean is_settled;
  } cases[] = {
    { "intent", "{\"policy\":\"queue\",\"catalog\":\"/c/One\"}", TRUE, FALSE },
    { "evidence", "[]", TRUE, FALSE },
    { "evidence", "{\"outcome\":\"failed\",\"catalog\":\"/c/one\",\"message\":\"why\"}", TRUE,
      FALSE },
    { "evidence", "{\"outcome\":\"claimed\",\"catalog\":\"/c/two\"}", TRUE, FALSE },
    { "intent", "{\"policy\":\"before-lock\",\"catalog\":\"/c/one\"}", TRUE, FALSE },
    { "evidence", "{\"outcome\":\"claimed\",\"catalog\":\"/C/one\"}", FALSE, TRUE },
    { "intent", "{\"policy\":\"queue\",\"catalog\":\"/c/one\"}", TRUE, FALSE },
    { "evidence", "{\"outcome\":\"given-up\",\"catalog\":\"/c/one\"}", FALSE, FALSE },
    { "intent", "{\"policy\":7,\"catalog\":[]}", FALSE, FALSE },
  };

  g_assert_null (lks_claim_note_derive (entries));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksClaimNote) note = NULL;

      g_test_message ("%s", cases[i].data);
      add (entries, cases[i].phase, cases[i].data);
      note = lks_claim_note_derive (entries);
      g_assert_cmpint (note->is_waiting, ==, cases[i].is_waiting);
      g_assert_cmpint (lks_claim_note_is_settled (note), ==, cases[i].is_settled);
    }
}

#define TEST(path, recipe, func) g_test_add (path, Fixture, recipe, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/claim/before-lock", BEFORE_LOCK, test_claimed);
  TEST ("/claim/before-lock/found", BEFORE_LOCK, test_found);
  g_test_add_func ("/claim/before-lock/in-the-way", test_in_the_way);
  TEST ("/claim/before-lock/no-consent", BEFORE_LOCK, test_no_consent);
  TEST ("/claim/before-lock/locked-elsewhere", BEFORE_LOCK, test_locked_elsewhere);
  TEST ("/claim/before-lock/ledger-fails", BEFORE_LOCK, test_ledger_fails);
  g_test_add_func ("/claim/before-lock/killed", test_killed);
  TEST ("/claim/queue", QUEUE, test_queued);
  g_test_add_func ("/claim/queue/other-catalog", test_other_catalog);
  TEST ("/claim/queue/overtaken", QUEUE, test_overtaken);
  TEST ("/claim/queue/ledger-fails", QUEUE, test_ledger_fails);
  g_test_add_func ("/claim/queue/killed", test_queue_killed);
  g_test_add_func ("/claim/note", test_note);

  return g_test_run ();
}
