/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs under locksmith-bench, on a display, with the boards of console-boards.json:
 *
 *   1-1  an application that writes for ever
 *   1-2  one that ends with exit code 3
 *   1-3  one that crashes
 *   1-4  finished: only a servicing session opens it */
#include "bench-control.h"
#include "emu-capability.h"
#include "lks-board-list.h"
#include "lks-capability.h"
#include "lks-console-view.h"
#include "lks-console-window.h"
#include "lks-device-app.h"
#include "lks-quit.h"
#include "wait-until.h"

#include <string.h>

#define BLINK "aaaaaaaa-0000-4000-8000-000000000001"

typedef struct
{
  LksIoThread *io_thread;   /* (owned) */
  LksBoardList *list;       /* (owned) */
  LksConsoleWindow *window; /* (unowned) (nullable): while it is there */
} World;

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);

  g_assert_no_error (error);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_assert_null (world->window);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
}

/* ---- helpers ---- */

static LksBoard *
find (World *world, const char *path)
{
  g_autoptr (GError) error = NULL;
  LksBoard *board = lks_board_list_find (world->list, path, &error);

  g_assert_no_error (error);
  return board;
}

static void
open_window (World *world, const char *path)
{
  world->window = lks_console_window_new (NULL, find (world, path), BLINK, "Blink");
  g_object_add_weak_pointer (G_OBJECT (world->window), (gpointer *) &world->window);
  gtk_window_present (GTK_WINDOW (world->window));
}

static GtkWidget *
get_child (World *world, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (world->window), LKS_TYPE_CONSOLE_WINDOW, name));
}

static gboolean
says (World *world, const char *label_name, const char *words)
{
  GtkWidget *label = get_child (world, label_name);

  return gtk_widget_get_visible (label) &&
         strstr (gtk_label_get_label (GTK_LABEL (label)), words) != NULL;
}

static gboolean
has_text (World *world, const char *words)
{
  g_autofree char *text = lks_console_view_dup_text (LKS_CONSOLE_VIEW (get_child (world, "view")));

  return strstr (text, words) != NULL;
}

static gboolean
can (World *world, const char *button)
{
  GtkWidget *widget = get_child (world, button);

  return gtk_widget_get_visible (widget) && gtk_widget_is_sensitive (widget);
}

static void
act (World *world, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (world->window), action, NULL));
}

static void
close_window (World *world)
{
  gtk_window_close (GTK_WINDOW (world->window));
  WAIT_UNTIL (world->window == NULL);
}

typedef struct
{
  LksAppState state;
  gboolean is_done;
} Question;

static gboolean
state_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Question *question = user_data;
  g_autoptr (LksAppStatus) status = lks_device_get_app_status (device, BLINK, cancellable, error);

  if (status == NULL)
    return FALSE;
  question->state = status->state;
  return TRUE;
}

static void
state_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  g_assert_no_error (error);
  question->is_done = TRUE;
}

static void
assert_state (World *world, const char *path, LksAppState expected)
{
  Question question = { .is_done = FALSE };

  lks_board_run_async (find (world, path), state_job, &question, NULL, NULL, state_cb, &question);
  WAIT_UNTIL (question.is_done);
  g_assert_cmpint ((int) question.state, ==, (int) expected);
}

/* ---- the text ---- */

static GtkAdjustment *
get_adjustment (LksConsoleView *view)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (
      gtk_widget_get_template_child (GTK_WIDGET (view), LKS_TYPE_CONSOLE_VIEW, "scrolled")));
}

static gboolean
is_at_end (GtkAdjustment *adjustment)
{
  double page = gtk_adjustment_get_page_size (adjustment);

  return page > 0 && gtk_adjustment_get_upper (adjustment) > page &&
         gtk_adjustment_get_value (adjustment) + page >= gtk_adjustment_get_upper (adjustment) - 1;
}

static void
append_lines (LksConsoleView *view, guint n)
{
  for (guint i = 0; i < n; i++)
    lks_console_view_append (view, "a line of forty characters, ends and all\n");
}

static gboolean
idle_cb (gpointer user_data)
{
  gboolean *is_idle = user_data;

  *is_idle = TRUE;
  return G_SOURCE_REMOVE;
}

/* A person scrolls when nothing moves by itself. */
static void
scroll (GtkAdjustment *adjustment, double value)
{
  gboolean is_idle = FALSE;

  g_idle_add_full (G_PRIORITY_LOW, idle_cb, &is_idle, NULL);
  WAIT_UNTIL (is_idle);
  gtk_adjustment_set_value (adjustment, value);
}

/* The end stays in sight until somebody looks at something else. */
static void
test_follow (void)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  LksConsoleView *view = g_object_new (LKS_TYPE_CONSOLE_VIEW, NULL);
  GtkAdjustment *adjustment = get_adjustment (view);

  gtk_window_set_default_size (window, 600, 300);
  gtk_window_set_child (window, GTK_WIDGET (view));
  gtk_window_present (window);
  append_lines (view, 100);
  WAIT_UNTIL (is_at_end (adjustment));
  append_lines (view, 100);
  WAIT_UNTIL (gtk_adjustment_get_upper (adjustment) > 200 * 10 && is_at_end (adjustment));

  scroll (adjustment, 100);
  append_lines (view, 100);
  WAIT_UNTIL (gtk_adjustment_get_upper (adjustment) > 300 * 10);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 100);

  scroll (adjustment, G_MAXDOUBLE);
  append_lines (view, 100);
  WAIT_UNTIL (is_at_end (adjustment));
  gtk_window_destroy (window);
}

/* What is written for days fills no memory. */
static void
test_bounded (void)
{
  g_autoptr (LksConsoleView) view = g_object_ref_sink (g_object_new (LKS_TYPE_CONSOLE_VIEW, NULL));
  g_autoptr (GString) block = g_string_new (NULL);
  g_autofree char *text = NULL;
  gsize most = 0;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (block, "line %u\n", i);
  for (guint i = 0; i < 300; i++)
    {
      lks_console_view_append (view, block->str);
      g_free (text);
      text = lks_console_view_dup_text (view);
      most = MAX (most, strlen (text));
      g_assert_cmpuint (strlen (text), <=, LKS_CONSOLE_VIEW_MAX_CHARACTERS);
    }

  g_assert_cmpuint (most, >, LKS_CONSOLE_VIEW_MAX_CHARACTERS / 2);
  g_assert_true (g_str_has_prefix (text, "line ")); /* whole lines go */
  g_assert_true (g_str_has_suffix (text, "\nline 999\n"));
}

/* ---- the window ---- */

static void
test_output (World *world, gconstpointer unused)
{
  open_window (world, "1-1");
  WAIT_UNTIL (has_text (world, "Reading the sensor\n\357\277\275[1m2\357\277\275[0m degrees\n"));
  WAIT_UNTIL (says (world, "ports_label", "from port 2342"));
  g_assert_true (says (world, "ports_label", "on port 2345"));
  g_assert_true (says (world, "state_label", "puts the application back"));
  g_assert_true (can (world, "stop_button"));
  g_assert_false (can (world, "run_button"));
  assert_state (world, "1-1", LKS_APP_STATE_DEBUGGING);
  g_assert_true (lks_console_window_find (find (world, "1-1"), BLINK) == world->window);
  g_assert_null (lks_console_window_find (find (world, "1-2"), BLINK));

  close_window (world);
  assert_state (world, "1-1", LKS_APP_STATE_RUNNING);
}

static void
test_stop_and_run_again (World *world, gconstpointer unused)
{
  open_window (world, "1-1");
  WAIT_UNTIL (has_text (world, "2\357\277\275[0m degrees\n"));
  act (world, "console.stop");
  WAIT_UNTIL (can (world, "run_button"));
  g_assert_false (can (world, "stop_button"));
  g_assert_true (says (world, "state_label", "The application was put back as it was."));
  g_assert_false (gtk_widget_get_visible (get_child (world, "ports_label")));
  assert_state (world, "1-1", LKS_APP_STATE_RUNNING);
  g_assert_true (has_text (world, "Reading")); /* what was written can still be read */

  act (world, "console.run");
  g_assert_false (has_text (world, "Reading"));
  WAIT_UNTIL (has_text (world, "Reading the sensor\n"));
  close_window (world);
  assert_state (world, "1-1", LKS_APP_STATE_RUNNING);
}

static void
activate_cb (GtkApplication *application, World *world)
{
  open_window (world, "1-1");
  gtk_application_add_window (application, GTK_WINDOW (world->window));
  WAIT_UNTIL (has_text (world, "Reading the sensor\n"));
  lks_quit_unasked (application);
}

/* By a signal, for example: the program does not end before the application is put back. */
static void
test_quit (World *world, gconstpointer unused)
{
  g_autoptr (GtkApplication) application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), world);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
  g_assert_null (world->window);
  assert_state (world, "1-1", LKS_APP_STATE_RUNNING);
}

static void
test_exit (World *world, gconstpointer unused)
{
  open_window (world, "1-2");
  WAIT_UNTIL (can (world, "run_button"));
  g_assert_true (says (world, "state_label", "ended by itself with exit code 3."));
  g_assert_true (has_text (world, "line 1\nline 2\nline 3\n"));
  close_window (world);
  assert_state (world, "1-2", LKS_APP_STATE_RUNNING); /* as it was */
}

static void
test_crash (World *world, gconstpointer unused)
{
  open_window (world, "1-3");
  WAIT_UNTIL (says (world, "state_label", "Signal 11 (SIGSEGV) has stopped the application"));
  g_assert_true (can (world, "stop_button"));
  assert_state (world, "1-3", LKS_APP_STATE_DEBUGGING);
  close_window (world);
  assert_state (world, "1-3", LKS_APP_STATE_RUNNING);
}

static void
test_refused (World *world, gconstpointer unused)
{
  open_window (world, "1-4");
  WAIT_UNTIL (gtk_widget_get_visible (get_child (world, "problem_label")));
  g_assert_true (can (world, "run_button"));
  close_window (world);
}

static LksCapabilityKey *
new_key (LksBoard *board)
{
  const guint16 capability = LKS_CAPABILITY_APP_DEVELOPMENT;
  g_autofree char *state_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = emu_keys_open (state_dir, &error);
  g_autoptr (GBytes) file =
      emu_capability_build (keys, lks_board_get_device_id (board), &capability, 1, &error);
  g_autoptr (LksSecret) bytes =
      lks_secret_new (g_bytes_get_data (file, NULL), g_bytes_get_size (file));

  return lks_capability_key_new (bytes, &error);
}

/* The debug port is not left open for whoever plugs the board in next, although the board refuses
 * everything by then. */
static void
test_servicing_over (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, "1-4");
  g_autoptr (LksCapabilityKey) key = new_key (board);
  g_autoptr (LksCapabilityKey) next = new_key (board);

  lks_board_set_key (board, key);
  open_window (world, "1-4");
  WAIT_UNTIL (has_text (world, "line 2\n"));
  assert_state (world, "1-4", LKS_APP_STATE_DEBUGGING);
  lks_capability_key_revoke (key);
  lks_board_set_key (board, NULL);
  WAIT_UNTIL (can (world, "run_button"));
  g_assert_true (says (world, "state_label", "The servicing session has ended. The application"));
  close_window (world);

  lks_board_set_key (board, next);
  assert_state (world, "1-4", LKS_APP_STATE_RUNNING);
  lks_board_set_key (board, NULL);
}

static void
test_unplugged (World *world, gconstpointer unused)
{
  open_window (world, "1-2");
  WAIT_UNTIL (can (world, "run_button"));
  bench_control_tell ("{\"command\":\"unplug\",\"board\":1}");
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (world->list)) == 3);
  act (world, "console.run");
  WAIT_UNTIL (gtk_widget_get_visible (get_child (world, "problem_label")));
  close_window (world);

  open_window (world, "1-1");
  WAIT_UNTIL (has_text (world, "Reading"));
  bench_control_tell ("{\"command\":\"unplug\",\"board\":0}");
  WAIT_UNTIL (says (world, "problem_label", "The board is gone."));
  close_window (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/console-window/follow", test_follow);
  g_test_add_func ("/console-window/bounded", test_bounded);
#define TEST(path, test) g_test_add (path, World, NULL, set_up, test, tear_down)
  TEST ("/console-window/output", test_output);
  TEST ("/console-window/stop-and-run-again", test_stop_and_run_again);
  TEST ("/console-window/quit", test_quit);
  TEST ("/console-window/exit", test_exit);
  TEST ("/console-window/crash", test_crash);
  TEST ("/console-window/refused", test_refused);
  TEST ("/console-window/servicing-over", test_servicing_over);
  TEST ("/console-window/unplugged", test_unplugged); /* they stay so */
#undef TEST

  return g_test_run ();
}
