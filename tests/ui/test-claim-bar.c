/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-claim-bar EMULATOR [FOLDER]: the claims that wait, a wizard whose recipe claims, and a board
 * that is prepared together with the cloud, with the emulated service, the real keyring, and the
 * board of claim-boards.json plugged in. With FOLDER it takes pictures there. */
#include "emulator-process.h"
#include "wait-until.h"
#include "widgets.h"

#include "lks-board-list.h"
#include "lks-claim-bar.h"
#include "lks-claim-book.h"
#include "lks-claim-queue.h"
#include "lks-development-dialog.h"
#include "lks-operator-gate.h"
#include "lks-recipe-text.h"
#include "lks-wizard.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define CLIENT "11111111-2222-4333-8444-555555555555"
#define TENANT "aaaaaaaa-2222-4333-8444-555555555555"
#define SUBSCRIPTION "bbbbbbbb-2222-4333-8444-555555555555"
#define RUN_ID "cccccccc-2222-4333-8444-555555555555"
#define SCENARIO(boards, faults)                                                                   \
  "{\"cloud\":{\"clientId\":\"" CLIENT "\",\"tenant\":\"" TENANT                                   \
  "\",\"subscription\":\"" SUBSCRIPTION "\",\"pollSeconds\":0,\"operationMs\":0,"                  \
  "\"faults\":[" faults                                                                            \
  "],\"catalogs\":[{\"name\":\"plant7\",\"products\":[\"Pump\"],\"devices\":7,"                    \
  "\"boards\":" boards "},{\"name\":\"lab\",\"products\":[\"Rig\"],\"devices\":2}]}}"
#define REFUSE_MOVE                                                                                \
  "{\"kind\":\"status\",\"method\":\"PATCH\",\"path\":\"/devices/\",\"status\":403,"               \
  "\"code\":\"AuthorizationFailed\",\"message\":\"no right\"}"
#define CATALOG(name)                                                                              \
  "/subscriptions/" SUBSCRIPTION                                                                   \
  "/resourceGroups/factory/providers/Microsoft.AzureSphere/catalogs/" name

static const char *emulator;
static const char *folder; /* (nullable) */

typedef struct
{
  EmulatorProcess process;
  LksCloudTrust *trust;  /* (owned) */
  LksSecretStore *store; /* (owned) */
  char *dir;             /* (owned) */
  LksLedger *ledger;     /* (owned) */
  LksClaimBook *book;    /* (owned) */
  GtkWindow *window;
  GtkWidget *bar;
} Fixture;

/* ---- set up ---- */

static void
queue_claim (Fixture *f, char digit, const char *catalog_id)
{
  g_autofree char *id = g_strnfill (128, digit);
  g_autofree char *data = g_strdup_printf ("{\"policy\":\"queue\",\"catalog\":\"%s\"}", catalog_id);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_journal_append (f->ledger,
                                            &(LksJournalEntry){
                                                .run_id = RUN_ID,
                                                .device_id = id,
                                                .target = "DeviceComplete",
                                                .step = "claim",
                                                .phase = "intent",
                                                .at_us = 1,
                                                .data = data,
                                            },
                                            &error));
  g_assert_no_error (error);
}

static void
trust_emulator (Fixture *f)
{
  g_autofree char *trusted =
      g_build_filename (g_get_user_config_dir (), "locksmith", "cloud-trust.d", NULL);
  g_autofree char *path = g_build_filename (trusted, "emulated.pem", NULL);
  g_autofree char *ca = emulator_process_get_path (&f->process, "ca.pem");
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (ca, &pem, NULL, NULL));
  g_assert_cmpint (g_mkdir_with_parents (trusted, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  f->trust = lks_cloud_trust_load_default (&error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer scenario)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  emulator_process_start_with_cloud (&f->process, emulator, scenario);
  trust_emulator (f);
  f->store = lks_secret_store_new ("sign-in");
  f->dir = g_dir_make_tmp ("lks-claim-bar-XXXXXX", NULL);
  path = g_build_filename (f->dir, "ledger.sqlite", NULL);
  f->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);

  f->book = lks_claim_book_ref_default ();
  f->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (f->window, 320, -1);
  f->bar = g_object_new (LKS_TYPE_CLAIM_BAR, NULL);
  gtk_window_set_child (f->window, f->bar);
  gtk_window_present (f->window);
}

static void
forget_accounts (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = lks_cloud_account_list (f->store, f->trust, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < accounts->len; i++)
    g_assert_true (lks_cloud_account_forget (accounts->pdata[i], NULL, &error));
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  forget_accounts (f);
  gtk_window_destroy (f->window);
  WAIT_FINALIZED (f->book);
  WAIT_FINALIZED (f->ledger);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/ledger.sqlite%s", f->dir, ends[i]);

      g_remove (path);
    }
  g_rmdir (f->dir);
  g_free (f->dir);
  lks_secret_store_unref (f->store);
  lks_cloud_trust_unref (f->trust);
  emulator_process_stop (&f->process);
}

/* A station, by its secret. */
static void
sign_in_at (Fixture *f, LksCloudPlace *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSignIn) service = lks_sign_in_new (place, f->trust, NULL);
  g_autoptr (LksSecret) secret = lks_secret_new ("emulated-client-secret", 22);
  g_autoptr (LksCloudAccount) account = NULL;
  g_auto (LksTokens) tokens = { 0 };

  g_assert_true (lks_sign_in_with_secret (service, secret, NULL, &tokens, &error));
  account = lks_cloud_account_add (f->store, place, f->trust, LKS_ACCOUNT_KIND_SECRET, secret,
                                   &tokens, NULL, &error);
  g_assert_no_error (error);
}

static void
sign_in (Fixture *f)
{
  g_autoptr (LksCloudPlace) place =
      lks_cloud_place_new (f->process.cloud, f->process.cloud, TENANT, CLIENT, NULL);

  sign_in_at (f, place);
}

/* ---- what is seen ---- */

static GtkWidget *
find_button (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child);
  return found;
}

static gboolean
shows (GtkWidget *widget, const char *text)
{
  gboolean is_shown = FALSE;

  if (GTK_IS_LABEL (widget))
    return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !is_shown;
       child = gtk_widget_get_next_sibling (child))
    is_shown = shows (child, text);
  return is_shown;
}

/* What GTK would draw, so that no other window is in the picture. */
static void
take_picture_of (GtkWindow *window, const char *name)
{
  g_autofree char *path = folder != NULL ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;

  if (folder == NULL)
    return;
  for (int i = 0; i < 40; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10 * 1000); /* the last frame; nothing is judged by it */
    }
  paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (GTK_WIDGET (window)),
                          gtk_widget_get_height (GTK_WIDGET (window)));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  gdk_texture_save_to_png (texture, path);
}

static void
take_picture (Fixture *f, const char *name)
{
  take_picture_of (f->window, name);
}

static void
claim_and_wait (Fixture *f)
{
  g_signal_emit_by_name (find_button (f->bar), "clicked");
  g_assert_true (lks_claim_book_get_busy (f->book));
  g_assert_false (gtk_widget_get_sensitive (find_button (f->bar)));
  WAIT_UNTIL (!lks_claim_book_get_busy (f->book));
}

static gboolean
is_settled (Fixture *f, char digit)
{
  g_autofree char *id = g_strnfill (128, digit);
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (f->ledger, id, NULL);
  g_autoptr (LksClaimNote) note = lks_claim_note_derive (entries);

  return lks_claim_note_is_settled (note);
}

/* ---- cases ---- */

static void
test_signed_out (Fixture *f, gconstpointer unused)
{
  g_assert_false (gtk_widget_get_visible (f->bar));
  queue_claim (f, 'a', CATALOG ("plant7"));
  lks_claim_book_set_ledger (f->book, f->ledger);
  WAIT_UNTIL (gtk_widget_get_visible (f->bar));
  g_assert_true (shows (f->bar, "1 Board Waits for Its Claim"));
  take_picture (f, "claim-bar-waiting");

  claim_and_wait (f);
  g_assert_nonnull (lks_claim_book_get_problem (f->book));
  g_assert_true (shows (f->bar, "Sign in"));
  g_assert_false (is_settled (f, 'a'));
  take_picture (f, "claim-bar-signed-out");
}

/* One goes into a catalog that is not there: the others are claimed all the same. */
static void
test_claim (Fixture *f, gconstpointer unused)
{
  sign_in (f);
  queue_claim (f, 'a', CATALOG ("plant7"));
  queue_claim (f, 'b', CATALOG ("nowhere"));
  queue_claim (f, 'c', CATALOG ("plant7"));
  queue_claim (f, 'd', CATALOG ("lab"));
  lks_claim_book_set_ledger (f->book, f->ledger);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 4);
  g_assert_true (shows (f->bar, "4 Boards Wait for Their Claim"));

  claim_and_wait (f);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 1);
  g_assert_true (shows (f->bar, "1 board could not be claimed"));
  g_assert_true (is_settled (f, 'a') && is_settled (f, 'c') && is_settled (f, 'd'));
  g_assert_false (is_settled (f, 'b'));
  take_picture (f, "claim-bar-failed");
}

/* Another program changes the ledger. */
static void
run_sql (Fixture *f, const char *text)
{
  g_autofree char *path = g_build_filename (f->dir, "ledger.sqlite", NULL);
  sqlite3 *database;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, text, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

static char *
dup_outcome (Fixture *f, char digit)
{
  g_autofree char *id = g_strnfill (128, digit);
  g_autoptr (GPtrArray) entries = lks_ledger_journal_read (f->ledger, id, NULL);
  g_autoptr (LksClaimNote) note = lks_claim_note_derive (entries);

  return g_strdup (note->outcome);
}

/* What was claimed and cannot be written down ends the work: the next catalog is not asked. What
 * was done is found there afterwards, and what was not is claimed then. */
static void
test_ledger_stuck (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  sign_in (f);
  queue_claim (f, 'a', CATALOG ("plant7"));
  queue_claim (f, 'b', CATALOG ("lab"));
  run_sql (f, "CREATE TRIGGER stuck BEFORE INSERT ON journal"
              " BEGIN SELECT RAISE (ABORT, 'no room'); END");
  lks_claim_book_set_ledger (f->book, f->ledger);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 2);
  claim_and_wait (f);
  g_assert_nonnull (strstr (lks_claim_book_get_problem (f->book), "no further claim is made"));
  g_assert_nonnull (strstr (lks_claim_book_get_problem (f->book), "no room"));
  g_assert_false (is_settled (f, 'a') || is_settled (f, 'b'));

  run_sql (f, "DROP TRIGGER stuck");
  claim_and_wait (f);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 0);
  first = dup_outcome (f, 'a');
  second = dup_outcome (f, 'b');
  g_assert_cmpstr (first, ==, LKS_CLAIM_FOUND);
  g_assert_cmpstr (second, ==, LKS_CLAIM_DONE);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_cloud_desk_look_finish (LKS_CLOUD_DESK (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* While somebody is signed in, nobody has to press anything. */
static void
test_by_itself (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudDesk) desk = lks_cloud_desk_new (f->trust);
  gboolean is_looked = FALSE;

  sign_in (f);
  queue_claim (f, 'a', CATALOG ("plant7"));
  lks_claim_book_set_ledger (f->book, f->ledger);
  lks_claim_book_set_desk (f->book, desk);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 1);

  lks_cloud_desk_look_async (desk, NULL, looked_cb, &is_looked);
  WAIT_UNTIL (is_looked && lks_claim_book_get_n_waiting (f->book) == 0);
  WAIT_UNTIL (!lks_claim_book_get_busy (f->book));
  g_assert_true (is_settled (f, 'a'));
  g_assert_false (gtk_widget_get_visible (f->bar));
}

/* One that cannot be claimed does not keep those waiting that are locked after it. */
static void
test_after_failure (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudDesk) desk = lks_cloud_desk_new (f->trust);
  g_autofree char *device_id = g_strnfill (128, 'c');
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-7",
      .operator_name = "Olga",
      .station = "line-2",
      .started_us = 1700000000000000,
      .finished_us = 1700000009000000,
      .recipe_name = "Kettle",
      .recipe_hash = "0000000000000000000000000000000000000000000000000000000000000001",
      .recipe_text = "{}",
      .verdict = "PASS",
      .outcome = "finalized",
      .document = "{\"steps\":[]}",
  });
  g_autoptr (GError) error = NULL;
  gboolean is_looked = FALSE;

  sign_in (f);
  queue_claim (f, 'b', CATALOG ("nowhere"));
  lks_claim_book_set_ledger (f->book, f->ledger);
  lks_claim_book_set_desk (f->book, desk);
  lks_cloud_desk_look_async (desk, NULL, looked_cb, &is_looked);
  WAIT_UNTIL (is_looked && lks_claim_book_get_problem (f->book) != NULL &&
              !lks_claim_book_get_busy (f->book));

  queue_claim (f, 'c', CATALOG ("plant7"));
  lks_ledger_add (f->ledger, record, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (is_settled (f, 'c'));
  WAIT_UNTIL (!lks_claim_book_get_busy (f->book) && lks_claim_book_get_n_waiting (f->book) == 1);
  g_assert_nonnull (lks_claim_book_get_problem (f->book));
  g_assert_false (is_settled (f, 'b'));
}

/* Recipes name catalogs: whoever is signed in to a tenant is told that this ends. */
static void
test_legacy (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksCloudDesk) desk = lks_cloud_desk_new (f->trust);
  g_autoptr (LksCloudPlace) place =
      lks_cloud_place_new_legacy (f->process.cloud, f->process.cloud, TENANT, CLIENT, NULL, NULL);
  gboolean is_looked = FALSE;

  sign_in_at (f, place);
  queue_claim (f, 'a', CATALOG ("plant7"));
  lks_claim_book_set_ledger (f->book, f->ledger);
  lks_claim_book_set_desk (f->book, desk);
  WAIT_UNTIL (lks_claim_book_get_n_waiting (f->book) == 1);
  g_assert_false (shows (f->bar, "The vendor ends the Legacy service"));

  lks_cloud_desk_look_async (desk, NULL, looked_cb, &is_looked);
  WAIT_UNTIL (is_looked && lks_claim_book_get_problem (f->book) != NULL);
  g_assert_true (shows (f->bar, "The vendor ends the Legacy service"));
  g_assert_false (is_settled (f, 'a'));
  take_picture (f, "claim-bar-legacy");
}

/* ---- the wizard ---- */

#define RECIPE                                                                                     \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"     \
  "\"images\":[],\"restart\":{\"powerCycleSeconds\":5},\"claim\":{\"policy\":\"before-lock\","     \
  "\"catalog\":\"" CATALOG ("plant7") "\",\"product\":\"Pump\",\"deviceGroup\":\"Production\"}}"

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *list;
  LksOperatorGate *gate;
  GSettings *settings;
  char *recipe; /* path */
  LksLockJob *job;
  LksWizard *wizard;
} World;

static LksBoard *
open_board (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);
  LksBoard *board;

  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
  board = g_list_model_get_item (G_LIST_MODEL (world->list), 0);
  WAIT_UNTIL (lks_lock_job_can_choose (board));
  return board;
}

static void
close_board (World *world)
{
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
}

static void
open_wizard (Fixture *f, World *world)
{
  const LksRunOrder order = { .operator_name = "Olga" };
  g_autoptr (LksBoard) board = open_board (world);

  world->gate = lks_operator_gate_ref_default ();
  world->settings = g_settings_new ("io.github.locksmith.Locksmith");
  world->recipe = g_build_filename (f->dir, "recipe.json", NULL);
  g_assert_true (g_file_set_contents (world->recipe, RECIPE, -1, NULL));
  g_settings_set_string (world->settings, "last-recipe", world->recipe);

  world->job = lks_lock_job_new (G_LIST_MODEL (world->list), f->ledger, &order);
  lks_lock_job_set_chosen (world->job, board, TRUE);
  world->wizard = lks_wizard_new (world->job, world->settings);
  gtk_window_present (GTK_WINDOW (world->wizard));
}

static void
close_wizard (World *world)
{
  gtk_window_destroy (GTK_WINDOW (world->wizard));
  WAIT_FINALIZED (world->job);
  close_board (world);
  WAIT_FINALIZED (world->gate);
  g_object_unref (world->settings);
  g_remove (world->recipe);
  g_free (world->recipe);
}

static void
press_next (World *world)
{
  WAIT_UNTIL (widget_can (GTK_WIDGET (world->wizard), "wizard.next")); /* the recipe is read */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (world->wizard), "wizard.next", NULL));
}

/* Nobody has looked at the page of the cloud: the keyring is asked by the run. */
static void
test_wizard (Fixture *f, gconstpointer unused)
{
  World world = { 0 };
  g_autoptr (LksBoardRun) run = NULL;
  LksFinalizer *finalizer;
  const char *id;

  sign_in (f);
  open_wizard (f, &world);
  press_next (&world);
  press_next (&world);
  WAIT_UNTIL (!lks_lock_job_get_busy (world.job));
  g_assert_cmpuint (lks_lock_job_get_n_confirmable (world.job), ==, 1);
  press_next (&world);
  g_assert_true (shows (GTK_WIDGET (world.wizard), "the catalog “plant7, Pump, Production”"));
  take_picture_of (GTK_WINDOW (world.wizard), "claim-confirm");

  run = g_list_model_get_item (lks_lock_job_get_runs (world.job), 0);
  finalizer = lks_board_run_get_finalizer (run);
  id = lks_finalizer_get_device_id (finalizer);
  g_object_set (run, "typed", id + strlen (id) - 6, NULL);
  press_next (&world);
  WAIT_UNTIL (lks_lock_job_get_busy (world.job));
  WAIT_UNTIL (!lks_lock_job_get_busy (world.job));
  g_assert_cmpint (lks_finalizer_get_outcome (finalizer), ==, LKS_OUTCOME_FINALIZED);
  {
    g_autoptr (GPtrArray) entries =
        lks_ledger_journal_read (f->ledger, lks_finalizer_get_device_id (finalizer), NULL);
    g_autoptr (LksClaimNote) note = lks_claim_note_derive (entries);

    g_assert_cmpstr (note->outcome, ==, LKS_CLAIM_DONE);
    g_assert_nonnull (strstr (note->place, "/catalogs/plant7/products/Pump"));
  }
  g_clear_object (&run);
  close_wizard (&world);
}

/* ---- preparing ---- */

static GtkWidget *
find_switch (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (GTK_IS_SWITCH (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_switch (child);
  return found;
}

static void
prepare (GtkWidget *dialog, const char *action, const char *text)
{
  g_assert_true (gtk_widget_activate_action (dialog, action, NULL));
  g_assert_false (shows (dialog, text));
  WAIT_UNTIL (shows (dialog, text));
}

/* The cloud makes the file and moves the device; what it refuses is told, goes on, and goes back.
 */
static void
test_prepare (Fixture *f, gconstpointer unused)
{
  World world = { 0 };
  g_autoptr (LksBoard) board = NULL;
  GtkWidget *dialog;

  sign_in (f);
  board = open_board (&world);
  dialog = GTK_WIDGET (
      lks_development_dialog_new (f->window, board, LKS_DEVELOPMENT_GOAL_DEVELOPMENT, NULL));
  gtk_window_present (GTK_WINDOW (dialog));
  WAIT_UNTIL (shows (dialog, "Nothing was changed yet."));
  take_picture_of (GTK_WINDOW (dialog), "prepare-shown");
  g_assert_true (shows (dialog, "Takes the capability file with appDevelopment"));

  gtk_switch_set_active (GTK_SWITCH (find_switch (dialog)), TRUE);
  WAIT_UNTIL (shows (dialog, "Signed in as"));
  g_assert_true (shows (dialog, "The cloud makes the capability file"));
  g_assert_true (shows (dialog, "The cloud moves the board"));
  g_assert_true (shows (dialog, "Contributor"));
  take_picture_of (GTK_WINDOW (dialog), "prepare-cloud");

  prepare (dialog, "development.begin", "The board is half prepared.");
  g_assert_true (shows (dialog, "no right"));
  take_picture_of (GTK_WINDOW (dialog), "prepare-refused");

  prepare (dialog, "development.begin", "Done, on the board and in the cloud.");
  g_assert_true (shows (dialog, "Pump › Production → Pump › Development"));
  take_picture_of (GTK_WINDOW (dialog), "prepare-done");

  prepare (dialog, "development.put-back", "The board was put back.");
  g_assert_true (shows (dialog, "The board is in its device group: Pump › Production"));
  take_picture_of (GTK_WINDOW (dialog), "prepare-back");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_clear_object (&board);
  close_board (&world);
}

/* Whoever agrees reads the name of the catalog, and that it is for ever. */
static void
test_words (void)
{
  static const char *const policies[] = { "before-lock", "queue" };

  for (gsize i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"name\":\"r\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"
          "\"images\":[],\"claim\":{\"policy\":\"%s\",\"catalog\":\"" CATALOG (
              "plant7") "\","
                        "\"product\":\"Pump\",\"deviceGroup\":\"Production\"}}",
          policies[i]);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (LksRecipe) recipe = lks_recipe_parse ("r", NULL, bytes, NULL);
      g_autofree char *consequence = lks_recipe_claim_to_text (recipe);
      g_autofree char *demands = lks_recipe_demands_to_text (recipe);

      g_assert_nonnull (strstr (consequence, "plant7, Pump, Production"));
      g_assert_nonnull (strstr (consequence, "for ever"));
      g_assert_nonnull (strstr (demands, "claimed into “plant7, Pump, Production”"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  emulator = argv[1];
  folder = argc > 2 ? argv[2] : NULL;
  gtk_init ();
  adw_init ();
  if (folder != NULL)
    {
      GtkCssProvider *provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, "/io/github/locksmith/Locksmith/style.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                                  GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
      g_object_unref (provider);
    }

#define ADD(path, scenario, func)                                                                  \
  g_test_add ("/claim-bar/" path, Fixture, scenario, set_up, func, tear_down)
  ADD ("signed-out", SCENARIO ("false", ""), test_signed_out);
  ADD ("claim", SCENARIO ("false", ""), test_claim);
  ADD ("ledger-stuck", SCENARIO ("false", ""), test_ledger_stuck);
  ADD ("by-itself", SCENARIO ("false", ""), test_by_itself);
  ADD ("after-failure", SCENARIO ("false", ""), test_after_failure);
  ADD ("legacy", SCENARIO ("false", ""), test_legacy);
  ADD ("prepare", SCENARIO ("true", REFUSE_MOVE), test_prepare);
  ADD ("wizard", SCENARIO ("false", ""), test_wizard); /* the board is finished afterwards */
#undef ADD
  g_test_add_func ("/claim-bar/words", test_words);

  return g_test_run ();
}
