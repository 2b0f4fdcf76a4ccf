/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs under locksmith-bench, on a display, with the boards of waive-boards.json plugged in. */
#include "lks-board-list.h"
#include "lks-ledger.h"
#include "lks-clock.h"
#include "lks-operator-gate.h"
#include "lks-operator-view.h"
#include "lks-pin.h"
#include "lks-station-mode.h"
#include "lks-step-row.h"
#include "lks-waive-dialog.h"
#include "lks-waiver-book.h"
#include "lks-wall.h"
#include "lks-wizard.h"
#include "sign-in.h"
#include "wait-until.h"
#include "widgets.h"

#include <glib/gstdio.h>
#include <string.h>

/* test-waive [PICTURE]: leaves a picture of the screen of each case. */

#define REASON "The customer has agreed to <this> OS."

#define RECIPE(may_waive)                                                                          \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"99.01\"],"     \
  "\"images\":[],\"noWifiNetworks\":true,\"mayWaive\":[" may_waive "]}"
#define BY_OPERATOR "{\"check\":\"os-version\",\"by\":\"operator\"}"
#define BY_ENGINEER "{\"check\":\"os-version\",\"by\":\"engineer\"}"
#define WIFI_TOO "{\"check\":\"wifi-networks\",\"by\":\"operator\"}"

static const char *picture;

/* The look of the application; nothing is judged by it. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/locksmith/Locksmith/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

typedef struct
{
  LksIoThread *io_thread;
  LksBoardList *list;
  LksLedger *ledger;
  LksWaiverBook *book;   /* as a window does, it keeps the waivers beyond a wizard */
  LksOperatorGate *gate; /* as the application does */
  GSettings *settings;
  char *folder;
  LksLockJob *job; /* (nullable) */
  LksWizard *wizard;
} World;

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  world->folder = g_dir_make_tmp ("lks-waive-XXXXXX", NULL);
  path = g_build_filename (world->folder, "ledger.sqlite", NULL);
  world->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
  world->settings = g_settings_new ("io.github.locksmith.Locksmith");
  world->book = lks_waiver_book_ref_default ();
  world->gate = lks_operator_gate_ref_default ();
}

static void
close_wizard (World *world)
{
  gtk_window_destroy (GTK_WINDOW (world->wizard));
  WAIT_FINALIZED (world->job);
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_autofree char *line = g_strdup_printf ("rm -r '%s'", world->folder);

  close_wizard (world);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
  WAIT_FINALIZED (world->book);
  WAIT_FINALIZED (world->gate);
  g_object_unref (world->ledger);
  g_object_unref (world->settings);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_free (world->folder);
}

/* ---- the wizard ---- */

static void
press_next (World *world)
{
  WAIT_UNTIL (widget_can (GTK_WIDGET (world->wizard), "wizard.next")); /* the recipe is read */
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (world->wizard), "wizard.next", NULL));
}

/* Opens the wizard, with the boards at these places, and has them checked. */
static void
check (World *world, const char *recipe, const LksRunOrder *order, const char *const *places)
{
  g_autofree char *path = g_build_filename (world->folder, "recipe.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, recipe, -1, NULL));
  g_settings_set_string (world->settings, "last-recipe", path);
  world->job = lks_lock_job_new (G_LIST_MODEL (world->list), world->ledger, order);
  for (; *places != NULL; places++)
    {
      LksBoard *board = lks_board_list_find (world->list, *places, &error);

      g_assert_no_error (error);
      WAIT_UNTIL (lks_lock_job_can_choose (board));
      lks_lock_job_set_chosen (world->job, board, TRUE);
    }
  world->wizard = lks_wizard_new (world->job, world->settings);
  gtk_window_present (GTK_WINDOW (world->wizard));
  press_next (world);
  press_next (world);
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
}

static LksFinalizer *
get_finalizer (World *world, guint index)
{
  g_autoptr (LksBoardRun) run = g_list_model_get_item (lks_lock_job_get_runs (world->job), index);

  g_assert_nonnull (run);
  return lks_board_run_get_finalizer (run);
}

static LksStepResult
get_step_result (World *world, guint index, const char *name, const char **out_message)
{
  LksRunResult *result = lks_finalizer_get_result (get_finalizer (world, index));

  for (guint i = 0; i < result->steps->len; i++)
    if (g_str_equal (lks_run_step_get_name (result->steps->pdata[i]), name))
      {
        *out_message = lks_run_step_get_message (result->steps->pdata[i]);
        return lks_run_step_get_result (result->steps->pdata[i]);
      }
  g_assert_not_reached ();
}

/* All buttons that offer a waiver. */
static void
find_offers (GtkWidget *below, GPtrArray *offers)
{
  if (LKS_IS_STEP_ROW (below))
    {
      GObject *button = gtk_widget_get_template_child (below, LKS_TYPE_STEP_ROW, "waive");

      if (gtk_widget_get_visible (GTK_WIDGET (button)))
        g_ptr_array_add (offers, button);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (below); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_offers (child, offers);
}

static GPtrArray *
list_offers (World *world)
{
  GPtrArray *offers = g_ptr_array_new ();

  find_offers (GTK_WIDGET (world->wizard), offers);
  return offers;
}

/* (nullable): a window of this type */
static GtkWindow *
find_window (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type))
        return window;
    }
  return NULL;
}

static GtkWindow *
press_offer (World *world, guint index)
{
  g_autoptr (GPtrArray) offers = list_offers (world);

  g_assert_cmpuint (index, <, offers->len);
  g_signal_emit_by_name (offers->pdata[index], "clicked");
  return find_window (LKS_TYPE_WAIVE_DIALOG);
}

static GtkWidget *
get_part (GtkWindow *dialog, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (dialog), LKS_TYPE_WAIVE_DIALOG, name));
}

static gboolean
can_waive (GtkWindow *dialog, const char *reason)
{
  gtk_editable_set_text (GTK_EDITABLE (get_part (dialog, "reason")), reason);
  return gtk_widget_get_sensitive (get_part (dialog, "waive_button"));
}

static void
take_picture (const char *name)
{
  g_autofree char *line = NULL;
  gboolean is_late = FALSE;
  guint timer;

  if (picture == NULL)
    return;

  timer = g_timeout_add (700, wait_late_cb, &is_late); /* the last frame; nothing is judged by it */
  while (!is_late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  line = g_strdup_printf ("import -window root '%s-%s.png'", picture, name);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
}

/* ---- cases ---- */

/* One board fails by what may be waived, the other by something else too. */
static void
test_one_board (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-1", "1-2", NULL };
  g_autofree char *too_long = g_strnfill (LKS_WAIVER_REASON_CHARACTERS_MAX + 1, 'x');
  g_autoptr (GPtrArray) offers = NULL;
  g_autoptr (LksBoardRun) run = NULL;
  g_autofree char *detail = NULL;
  GtkWindow *dialog;
  const char *message;

  check (world, RECIPE (BY_OPERATOR), &(LksRunOrder){ .operator_name = "anna" }, places);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 0)), ==, LKS_VERDICT_FAIL);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 1)), ==, LKS_VERDICT_FAIL);
  offers = list_offers (world);
  g_assert_cmpuint (offers->len, ==, 1);
  take_picture ("offer");

  dialog = press_offer (world, 0);
  g_assert_nonnull (dialog);
  g_assert_false (gtk_widget_get_visible (get_part (dialog, "role_box")));
  g_assert_false (gtk_widget_get_visible (get_part (dialog, "scope")));
  g_assert_false (can_waive (dialog, ""));
  g_assert_false (can_waive (dialog, "  "));
  g_assert_false (can_waive (dialog, too_long));
  g_assert_true (gtk_widget_get_visible (get_part (dialog, "reason_flaw")));
  g_assert_true (can_waive (dialog, REASON));
  take_picture ("dialog");
  g_signal_emit_by_name (get_part (dialog, "waive_button"), "clicked");

  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_null (find_window (LKS_TYPE_WAIVE_DIALOG));
  g_assert_cmpint (lks_finalizer_get_outcome (get_finalizer (world, 0)), ==, LKS_OUTCOME_READY);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 1)), ==, LKS_VERDICT_FAIL);
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_WAIVED);
  g_assert_nonnull (strstr (message, "anna"));
  g_assert_nonnull (strstr (message, REASON));
  run = g_list_model_get_item (lks_lock_job_get_runs (world->job), 0);
  g_object_get (run, "detail", &detail, NULL);
  g_assert_true (g_str_has_prefix (detail, "1 check failed and was waived."));
  take_picture ("waived");

  /* It holds to the end. */
  press_next (world);
  g_object_set (run, "typed", lks_finalizer_get_device_id (get_finalizer (world, 0)), NULL);
  press_next (world);
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (lks_finalizer_get_outcome (get_finalizer (world, 0)), ==, LKS_OUTCOME_FINALIZED);
  g_assert_cmpuint (lks_finalizer_get_result (get_finalizer (world, 0))->n_waived, ==, 1);
  take_picture ("result");
}

/* Two boards of a batch are helped at once, and so is one that is looked at later. */
static void
test_batch (World *world, gconstpointer unused)
{
  static const char *const first[] = { "1-2", NULL };
  static const char *const second[] = { "1-2", "1-3", NULL };
  const LksRunOrder order = { .operator_name = "anna", .batch = "B7" };
  const LksRunOrder other = { .operator_name = "anna", .batch = "B8" };
  g_autoptr (GPtrArray) offers = NULL;
  GtkWindow *dialog;
  const char *message;

  check (world, RECIPE (BY_OPERATOR "," WIFI_TOO), &order, second);
  offers = list_offers (world);
  g_assert_cmpuint (offers->len, ==, 3); /* two of the first board, one of the second */
  dialog = press_offer (world, offers->len - 1);
  g_assert_true (gtk_widget_get_visible (get_part (dialog, "scope")));
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_part (dialog, "scope")), 1);
  g_assert_true (can_waive (dialog, REASON));
  take_picture ("batch");
  g_signal_emit_by_name (get_part (dialog, "waive_button"), "clicked");
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (lks_finalizer_get_outcome (get_finalizer (world, 1)), ==, LKS_OUTCOME_READY);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 0)), ==, LKS_VERDICT_FAIL);
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_WAIVED);
  g_assert_cmpint (get_step_result (world, 0, "wifi-networks", &message), ==, LKS_STEP_RESULT_FAIL);
  close_wizard (world);

  check (world, RECIPE (BY_OPERATOR "," WIFI_TOO), &order, second + 1);
  g_assert_cmpint (lks_finalizer_get_outcome (get_finalizer (world, 0)), ==, LKS_OUTCOME_READY);
  close_wizard (world);

  /* Neither another batch nor another recipe is meant by it. */
  check (world, RECIPE (BY_OPERATOR "," WIFI_TOO), &other, second + 1);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 0)), ==, LKS_VERDICT_FAIL);
  close_wizard (world);
  check (world, RECIPE (BY_OPERATOR), &order, first);
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_FAIL);
}

/* What only an engineer may waive needs one who has signed in. */
static void
test_engineer (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-3", NULL };
  GtkWindow *dialog;

  check (world, RECIPE (BY_ENGINEER), &(LksRunOrder){ .operator_name = "anna" }, places);
  dialog = press_offer (world, 0);
  g_assert_nonnull (dialog);
  g_assert_true (gtk_widget_get_visible (get_part (dialog, "role_box")));
  g_assert_false (can_waive (dialog, REASON));
  take_picture ("engineer");
  gtk_window_destroy (dialog);
  g_assert_cmpint (lks_finalizer_get_verdict (get_finalizer (world, 0)), ==, LKS_VERDICT_FAIL);
}

#define PIN "correct horse"

static gint64
get_real_us (gpointer unused)
{
  return g_get_real_time ();
}

static gint64
get_monotonic_us (gpointer clock_us)
{
  return *(gint64 *) clock_us;
}

/* A station whose engineers have a PIN, and @name, who has shown it, or is an operator; they are
 * signed out after a minute of a clock that shows @clock_us and moves by the test's hand only. */
static LksOperatorSession *
sign_in (World *world, const char *name, gboolean is_engineer, gint64 *clock_us)
{
  g_autofree char *journal = g_build_filename (world->folder, "journal", NULL);
  g_autofree char *tries = g_build_filename (world->folder, "tries", NULL);
  g_autoptr (LksStationConfig) config = lks_station_config_new ();
  g_autoptr (LksSecret) pin = lks_secret_new (PIN, strlen (PIN));
  g_autofree char *verifier = NULL;
  const LksOperatorClock clock = { get_real_us, get_monotonic_us, clock_us };
  LksOperatorProof proof = { .text = name, .pin = is_engineer ? pin : NULL, .batch = "B9" };
  g_autoptr (GError) error = NULL;
  LksOperatorSession *session;

  config->idle_minutes = 1;
  config->requires_sign_in = TRUE;
  g_free (config->pin_file);
  config->pin_file = g_build_filename (world->folder, "engineer.pin", NULL);
  verifier = lks_pin_make_verifier (pin, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (config->pin_file, verifier, -1, NULL));
  session = lks_operator_session_new (config, journal, tries);
  lks_operator_session_set_clock (session, &clock);
  sign_in_and_wait (session, &proof);
  lks_operator_gate_set_session (world->gate, session);
  return session;
}

static LksWallPlace *
get_place (LksWall *wall)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (wall), 0);

  return place; /* the wall keeps it */
}

static gboolean
is_waived_on_wall (LksWall *wall)
{
  LksFinalizer *finalizer = lks_wall_place_get_finalizer (get_place (wall));
  LksRunResult *result = finalizer != NULL ? lks_finalizer_get_result (finalizer) : NULL;

  return result != NULL && result->n_waived == 1 && result->outcome == LKS_OUTCOME_READY;
}

/* An engineer who has shown the PIN waives a check for the batch, and the boards of that batch on
 * the wall are helped by it. */
static void
test_engineer_signed_in (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-3", NULL };
  static const char map[] = "{\"places\":[{\"port\":\"1-3\",\"name\":\"A1\",\"row\":1,"
                            "\"column\":1}]}";
  gint64 clock_us = 0;
  g_autoptr (LksOperatorSession) session = sign_in (world, "Grace", TRUE, &clock_us);
  LksRunOrder order = lks_operator_make_order (session, NULL);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GBytes) map_bytes = g_bytes_new_static (map, sizeof map - 1);
  g_autoptr (LksWall) wall = NULL;
  g_autoptr (GError) error = NULL;
  const char *message;
  GtkWindow *dialog;

  check (world, RECIPE (BY_ENGINEER), &order, places);
  dialog = press_offer (world, 0);
  g_assert_nonnull (dialog);
  g_assert_false (gtk_widget_get_visible (get_part (dialog, "role_box")));
  adw_combo_row_set_selected (ADW_COMBO_ROW (get_part (dialog, "scope")), 1);
  g_assert_true (can_waive (dialog, REASON));
  take_picture ("engineer-signed-in");
  g_signal_emit_by_name (get_part (dialog, "waive_button"), "clicked");
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_WAIVED);
  g_assert_nonnull (strstr (message, "Grace"));

  g_assert_true (lks_jig_parse (jig, "jig.json", map_bytes, &error));
  wall = lks_wall_new (jig);
  lks_wall_set_operator (wall, session);
  lks_wall_set_ledger (wall, world->ledger);
  lks_wall_set_recipe (wall, lks_lock_job_get_recipe (world->job));
  lks_wall_set_boards (wall, G_LIST_MODEL (world->list));
  WAIT_UNTIL (is_waived_on_wall (wall));
  g_assert_true (lks_wall_place_is_confirmable (get_place (wall)));

  lks_wall_set_boards (wall, NULL);
  lks_operator_gate_set_session (world->gate, NULL);
  lks_operator_session_close (session);
}

/* What the recipe lets an operator waive needs nobody else where people sign in; the rest does. */
static void
test_operator_signed_in (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-3", NULL };
  gint64 clock_us = 0;
  g_autoptr (LksOperatorSession) session = sign_in (world, "Ada", FALSE, &clock_us);
  LksRunOrder order = lks_operator_make_order (session, NULL);
  const char *message;
  GtkWindow *dialog;

  check (world, RECIPE (BY_ENGINEER), &order, places);
  dialog = press_offer (world, 0);
  g_assert_nonnull (dialog);
  g_assert_true (gtk_widget_get_visible (get_part (dialog, "role_box")));
  g_assert_false (can_waive (dialog, REASON));
  gtk_window_destroy (dialog);
  close_wizard (world);

  check (world, RECIPE (BY_OPERATOR), &order, places);
  dialog = press_offer (world, 0);
  g_assert_nonnull (dialog);
  g_assert_false (gtk_widget_get_visible (get_part (dialog, "role_box")));
  g_assert_true (can_waive (dialog, REASON));
  take_picture ("operator-signed-in");
  g_signal_emit_by_name (get_part (dialog, "waive_button"), "clicked");
  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_WAIVED);
  g_assert_nonnull (strstr (message, "Ada"));
  lks_operator_gate_set_session (world->gate, NULL);
  lks_operator_session_close (session);
}

static guint
press_inspector_key (GtkWindow *window)
{
  guint n_windows = g_list_model_get_n_items (gtk_window_get_toplevels ());
  gboolean is_handled = FALSE;

  g_signal_emit_by_name (window, "enable-debugging", TRUE, &is_handled);
  g_assert_true (is_handled);
  return g_list_model_get_n_items (gtk_window_get_toplevels ()) - n_windows;
}

/* Whoever goes away is signed out, on screen too; what was begun goes on, and the window that fills
 * the screen stays. */
static void
test_gone_away (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-3", NULL };
  gint64 clock_us = 0;
  g_autoptr (LksOperatorSession) session = sign_in (world, "Grace", TRUE, &clock_us);
  g_autoptr (LksClock) clock = lks_clock_ref_default ();
  LksRunOrder order = lks_operator_make_order (session, NULL);
  GtkWindow *window = g_object_ref_sink (GTK_WINDOW (gtk_window_new ()));
  GtkWidget *content = adw_view_stack_new ();
  const LksOperatorPlaces parts = {
    .chip = ADW_BIN (g_object_ref_sink (adw_bin_new ())),
    .sign_in = ADW_BIN (g_object_ref_sink (adw_bin_new ())),
    .content = g_object_ref_sink (content),
    .switcher = g_object_ref_sink (adw_bin_new ()),
    .narrow_switcher = g_object_ref_sink (adw_bin_new ()),
  };
  g_autoptr (GtkApplication) application =
      gtk_application_new ("io.github.locksmith.Away", G_APPLICATION_NON_UNIQUE);
  g_autoptr (LksOperatorView) view = NULL;
  g_autoptr (GError) error = NULL;
  const char *message;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  gtk_application_add_window (application, window);
  view = lks_operator_view_new (window, &parts, session, NULL);
  lks_station_mode_enter (window);
  gtk_window_present (window);
  check (world, RECIPE (BY_OPERATOR), &order, places);
  g_assert_true (gtk_widget_get_visible (content));
  lks_lock_job_check (world->job);
  g_assert_cmpuint (lks_finalizer_count_busy (), ==, 1);

  clock_us = 59 * G_USEC_PER_SEC;
  lks_clock_tick (clock);
  g_assert_true (lks_operator_session_get_signed_in (session));
  clock_us = 61 * G_USEC_PER_SEC;
  lks_clock_tick (clock);
  g_assert_false (lks_operator_session_get_signed_in (session));
  g_assert_false (gtk_widget_get_visible (content));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (parts.sign_in)));
  g_assert_true (lks_lock_job_get_busy (world->job));
  g_assert_true (lks_station_mode_is_on (window));
  g_assert_cmpuint (press_inspector_key (window), ==, 0);
  g_assert_cmpuint (press_inspector_key (GTK_WINDOW (world->wizard)), ==, 0);
  gtk_window_close (window); /* asks for an engineer instead */
  g_assert_true (lks_station_mode_is_on (window));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));

  WAIT_UNTIL (!lks_lock_job_get_busy (world->job));
  g_assert_cmpint (get_step_result (world, 0, "os-version", &message), ==, LKS_STEP_RESULT_FAIL);
  g_clear_object (&view);
  lks_operator_gate_set_session (world->gate, NULL);
  lks_operator_session_close (session);
  gtk_window_destroy (window);
  g_object_unref (window);
  g_object_unref (parts.chip);
  g_object_unref (parts.sign_in);
  g_object_unref (parts.content);
  g_object_unref (parts.switcher);
  g_object_unref (parts.narrow_switcher);
}

/* Where people have to sign in and nobody has, not even the dialog opens. */
static void
test_not_permitted (World *world, gconstpointer unused)
{
  static const char *const places[] = { "1-3", NULL };
  g_autofree char *journal = g_build_filename (world->folder, "journal", NULL);
  g_autofree char *tries = g_build_filename (world->folder, "tries", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksStationConfig) config = lks_station_config_load (&error);
  g_autoptr (LksOperatorSession) session = NULL;
  GtkWindow *refusal;

  g_assert_no_error (error);
  session = lks_operator_session_new (config, journal, tries);
  check (world, RECIPE (BY_OPERATOR), &(LksRunOrder){ .operator_name = "anna" }, places);
  lks_operator_session_set_required (session, TRUE);
  lks_operator_gate_set_session (world->gate, session);
  g_assert_null (press_offer (world, 0));
  refusal = find_window (ADW_TYPE_MESSAGE_DIALOG);
  g_assert_nonnull (refusal);
  gtk_window_destroy (refusal);
  lks_operator_gate_set_session (world->gate, NULL);
  lks_operator_session_close (session);
}

static void
assert_until (LksWaiveUntil until, const char *now_text, const char *wanted_text)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (now_text, zone);
  g_autoptr (GDateTime) wanted = g_date_time_new_from_iso8601 (wanted_text, zone);

  g_assert_cmpint (lks_waive_until_to_us (until, now), ==,
                   g_date_time_to_unix (wanted) * G_USEC_PER_SEC);
}

static void
test_until (void)
{
  assert_until (LKS_WAIVE_UNTIL_TODAY, "2026-11-25T14:30:00", "2026-11-26T00:00:00");
  assert_until (LKS_WAIVE_UNTIL_WEEK, "2026-11-25T14:30:00", "2026-11-30T00:00:00");
  assert_until (LKS_WAIVE_UNTIL_WEEK, "2026-11-29T23:59:59", "2026-11-30T00:00:00");
  assert_until (LKS_WAIVE_UNTIL_WEEK, "2026-11-30T00:00:00", "2026-12-07T00:00:00");
  assert_until (LKS_WAIVE_UNTIL_TODAY, "2026-10-25T01:00:00", "2026-10-26T00:00:00");
  assert_until (LKS_WAIVE_UNTIL_LONGEST, "2026-10-20T12:00:00", "2026-11-19T11:00:00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  lks_station_mode_guard_inspector (); /* as the application does */
  picture = argc > 1 ? argv[1] : NULL;
  if (picture != NULL)
    load_style ();
  g_test_add_func ("/waive/until", test_until);
  g_test_add ("/waive/one-board", World, NULL, set_up, test_one_board, tear_down);
  g_test_add ("/waive/batch", World, NULL, set_up, test_batch, tear_down);
  g_test_add ("/waive/engineer", World, NULL, set_up, test_engineer, tear_down);
  g_test_add ("/waive/engineer-signed-in", World, NULL, set_up, test_engineer_signed_in, tear_down);
  g_test_add ("/waive/operator-signed-in", World, NULL, set_up, test_operator_signed_in, tear_down);
  g_test_add ("/waive/gone-away", World, NULL, set_up, test_gone_away, tear_down);
  g_test_add ("/waive/not-permitted", World, NULL, set_up, test_not_permitted, tear_down);
  return g_test_run ();
}
