/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"
#include "bench-control.h"
#include "keyboard.h"
#include "servicing-steps.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The way of a technician through the real program: a locked board, a capability in the vault, a
 * servicing session, a change of Wi-Fi and a saved log in it, its end by hand, by unplugging and by
 * a locked screen, the records, and a session that goes on without the window. Runs in a session
 * with a keyring, with the board of servicing.json plugged in.
 *
 * test-servicing LOCKSMITH LOCKSMITHCTL LOCKSMITH-EMULATOR TRACE [FOLDER-FOR-PICTURES] */

typedef struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  const char *locksmithctl;
  const char *locksmith;
  const char *trace;     /* of what the board was asked */
  char *sister;          /* (owned): where the program finds locksmithctl */
  char *sister_pid;      /* (owned): where that says who it is, when it is silent */
  char *capability_path; /* (owned) */
} Journey;

static Journey journey;

static void
link_sister (void)
{
  g_autofree char *target = g_canonicalize_filename (journey.locksmithctl, NULL);

  g_unlink (journey.sister);
  g_assert_cmpint (symlink (target, journey.sister), ==, 0);
}

static void
await_label (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_LABEL, pattern));
}

static void
await_banner (void)
{
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_STATUS_BAR,
                             "Servicing session of board c0ffee with fieldServicing*"));
  await_label (journey.window, "Change Wi-Fi · The board is open for you.");
}

static void
start_session (const char *note)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Start Servicing Session…");
  dialog = a11y_wait_window ("Start Servicing Session");
  await_label (dialog, "fieldServicing*The weakest that suffices for this task.");
  a11y_type (dialog, "Why*", note);
  a11y_take_picture ("session-dialog");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Start Session");
  a11y_wait_gone ("Start Servicing Session");
  await_banner ();
}

/* A technician comes with a file. Chooser and dialog have one title, and the dialog is a window. */
static void
test_key_is_imported (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  journey.window = a11y_wait_window ("Locksmith");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Board c0ffee, place 1-1, *"));
  await_label (journey.window, "Finished and locked: *Your vault has no capability for it: *");
  a11y_take_picture ("session-no-key");
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Import a Capability…");
  keyboard_enter_file ("Import Capabilities", journey.capability_path);
  dialog = a11y_wait_window ("Import Capabilities");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Import 1 File");
  await_label (dialog, "1 file was imported.*");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Delete 1 File");
  await_label (dialog, "The files are deleted.*");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Import Capabilities");
  g_assert_false (g_file_test (journey.capability_path, G_FILE_TEST_EXISTS));
}

static void
test_locked_board_says_what_opens_it (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Boards");
  await_label (journey.window,
               "Finished and locked: *Your vault has a capability for it: fieldServicing*");
  a11y_take_picture ("session-offer");
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Show in Capabilities");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM,
                             "Board c0ffee, fieldServicing, attached at place 1-1"));
  a11y_take_picture ("session-key");
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Boards");
}

static void
test_session_opens_the_board (void)
{
  start_session ("new access point");
  /* What the board refused before is read now. */
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Installed applications: *"));
  a11y_take_picture ("session-active");
}

static void
test_wifi_is_changed (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Wi-Fi");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Workshop. *"));
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Disable Workshop");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Workshop. Disabled. *"));
  a11y_take_picture ("session-wifi");
}

/* Into the chooser's entry goes a whole path; Enter saves. */
static void
save_log (const char *path)
{
  g_autoptr (AtspiAccessible) program = atspi_accessible_get_parent (journey.window, NULL);
  g_autoptr (AtspiAccessible) chooser = NULL;
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Save the log as text");
  chooser = a11y_wait (program, ATSPI_ROLE_FILLER, "Save the Log as Text");
  a11y_type (chooser, "Name:", path);
  g_assert_true (atspi_generate_keyboard_event (0xff0d, NULL, ATSPI_KEY_SYM, NULL));
  while (!g_file_test (path, G_FILE_TEST_EXISTS)) /* it appears when it is whole */
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (50 * 1000);
    }
}

static void
test_log_is_saved (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-servicing-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "log.txt", NULL);
  g_autofree char *log = NULL;

  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Support");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LABEL, "appman_init(1)"));
  save_log (path);
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "Info appman_init(1):"));
  g_unlink (path);
  g_rmdir (folder);
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Status");
}

static void
test_session_ends_by_hand (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "End Session");
  await_label (journey.window, "It was ended by hand. The capability was wiped from memory*");
  a11y_take_picture ("session-ended");
  await_label (journey.window, "Finished and locked: *");
  g_assert_cmpuint (a11y_count (journey.window, ATSPI_ROLE_PUSH_BUTTON, "End Session"), ==, 0);
}

static void
test_session_ends_by_unplugging (void)
{
  start_session ("second visit");
  bench_control_tell ("{\"command\":\"unplug\",\"board\":0}");
  await_label (journey.window, "The board was unplugged. The capability was wiped from memory*");
}

static void
test_records_are_there (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Records");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Board c0ffee, Serviced, *"));
  await_label (journey.window, "The board was unplugged.");
  await_label (journey.window, "second visit");
  a11y_take_picture ("session-record");
}

static void
lock_screen (gboolean is_locked)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (bus, NULL, "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver",
                                 "ActiveChanged", g_variant_new ("(b)", is_locked), &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (bus, NULL, NULL);
}

static void
test_session_ends_by_screen_lock (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Boards");
  bench_control_tell ("{\"command\":\"plug\",\"board\":0}");
  await_label (journey.window, "Finished and locked: *");
  start_session ("third visit");
  lock_screen (TRUE);
  await_label (journey.window, "The screen was locked. The capability was wiped from memory*");
  lock_screen (FALSE);
  await_label (journey.window, "Finished and locked: *");
}

static char *
run_session_command (const char *verb)
{
  const char *const argv[] = { journey.locksmithctl, "session", verb, "--json", NULL };
  char *text = NULL;

  servicing_run (argv, &text);
  return text;
}

/* Takes the place of the program that would watch, and says nothing. */
static void
silence_sister (void)
{
  g_autofree char *script =
      g_strdup_printf ("#!/bin/sh\necho $$ > '%s'\nexec sleep 600\n", journey.sister_pid);
  g_autoptr (GError) error = NULL;

  g_unlink (journey.sister);
  g_file_set_contents_full (journey.sister, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
}

/* The program that would watch says nothing: the window stays, says so, and closes when it is asked
 * again. */
static void
test_watch_is_not_taken (void)
{
  g_autoptr (AtspiAccessible) program = atspi_accessible_get_application (journey.window, NULL);

  start_session ("fourth visit");
  silence_sister ();
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  await_label (program, "End the Servicing Session?");
  a11y_press (program, ATSPI_ROLE_PUSH_BUTTON, "*Keep Session and Quit*");
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  await_label (journey.window, "Another program is taking over the session; one moment");
  await_label (program, "The Session Could Not Be Handed Over");
  a11y_take_picture ("session-not-kept");
  a11y_press (program, ATSPI_ROLE_PUSH_BUTTON, "_Cancel*");
  link_sister ();
}

/* Nothing hangs at the end: threads, lines, vault and ledger are closed. The session is in the
 * care of another program, and as open as before. */
static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtspiAccessible) program = atspi_accessible_get_application (journey.window, NULL);
  g_autofree char *kept = NULL;
  g_autofree char *ended = NULL;

  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  await_label (program, "End the Servicing Session?");
  a11y_take_picture ("session-quit");
  a11y_press (program, ATSPI_ROLE_PUSH_BUTTON, "*Keep Session and Quit*");
  g_assert_true (g_subprocess_wait_check (journey.program, NULL, &error));
  g_assert_no_error (error);

  kept = run_session_command ("status");
  g_assert_nonnull (strstr (kept, "fourth visit"));
  g_assert_nonnull (strstr (kept, "\"survivesProgram\" : true"));
  ended = run_session_command ("end");
  g_assert_nonnull (strstr (ended, "\"session\" : null"));
}

/* ---- signals ---- */

static void
start_again (void)
{
  g_clear_object (&journey.window);
  g_clear_object (&journey.program);
  journey.program = servicing_start_program (journey.locksmith, journey.sister, NULL);
  a11y_init ("locksmith");
  journey.window = a11y_wait_window ("Locksmith");
}

static gboolean
has_text (const char *path, const char *text)
{
  g_autofree char *content = NULL;

  return g_file_get_contents (path, &content, NULL, NULL) && strstr (content, text) != NULL;
}

static void
await_text (const char *path, const char *text)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (!has_text (path, text))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (50 * 1000);
    }
}

static char *
show_last_session (void)
{
  const char *const list_argv[] = {
    journey.locksmithctl, "records", "list", "--kind", "service", "--limit", "1", "--json", NULL
  };
  g_autofree char *list = NULL;
  g_auto (GStrv) parts = NULL;
  char *text = NULL;

  servicing_run (list_argv, &list);
  parts = g_regex_split_simple ("\"id\" : \"([^\"]+)\"", list, 0, 0);
  g_assert_cmpuint (g_strv_length (parts), >=, 3);
  {
    const char *const argv[] = {
      journey.locksmithctl, "records", "show", parts[1], "--json", NULL
    };

    servicing_run (argv, &text);
  }
  return text;
}

/* The board was asked for something and has not answered yet: that is in the record, and how the
 * session ended. */
static void
test_signal_ends_in_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *record = NULL;

  start_again ();
  start_session ("fifth visit");
  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Wi-Fi");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Workshop. Disabled. *"));
  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{"
                      "\"kind\":\"no-answer\",\"method\":\"PATCH\",\"times\":1}}");
  g_assert_cmpint (truncate (journey.trace, 0), ==, 0);
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Enable Workshop");
  await_text (journey.trace, "\"PATCH\"");
  g_subprocess_send_signal (journey.program, SIGTERM);
  g_assert_true (g_subprocess_wait_check (journey.program, NULL, &error));
  g_assert_no_error (error);

  record = show_last_session ();
  g_assert_nonnull (strstr (record, "fifth visit"));
  g_assert_nonnull (strstr (record, "\"endReason\" : \"program-closed\""));
  g_assert_nonnull (strstr (record, "\"PATCH\""));
}

static gboolean
catches (GSubprocess *program, int number)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%s/status", g_subprocess_get_identifier (program));
  g_autofree char *text = NULL;
  const char *caught;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  caught = strstr (text, "SigCgt:");
  g_assert_nonnull (caught);
  return (g_ascii_strtoull (caught + 7, NULL, 16) & (1u << (number - 1))) != 0;
}

static void
end_silent_sister (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (journey.sister_pid, &text, NULL, NULL));
  kill ((pid_t) g_ascii_strtoll (text, NULL, 10), SIGKILL);
  g_unlink (journey.sister_pid);
}

/* The first one waits until somebody watches over the session, which nobody does. */
static void
test_second_signal_ends_at_once (void)
{
  g_autoptr (AtspiAccessible) program = NULL;

  start_again ();
  start_session ("sixth visit");
  g_unlink (journey.sister_pid);
  silence_sister ();
  program = atspi_accessible_get_application (journey.window, NULL);
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  await_label (program, "End the Servicing Session?");
  a11y_press (program, ATSPI_ROLE_PUSH_BUTTON, "*Keep Session and Quit*");
  await_text (journey.sister_pid, "\n");
  g_subprocess_send_signal (journey.program, SIGHUP);
  while (catches (journey.program, SIGTERM))
    g_usleep (10 * 1000);
  g_subprocess_send_signal (journey.program, SIGTERM);
  g_assert_true (g_subprocess_wait (journey.program, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (journey.program));
  g_assert_cmpint (g_subprocess_get_term_sig (journey.program), ==, SIGTERM);
  end_silent_sister ();
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  signal (SIGHUP, SIG_DFL); /* also where these tests run under nohup */
  g_assert_cmpint (argc, >=, 5);
  journey.locksmith = argv[1];
  journey.trace = argv[4];
  journey.locksmithctl = argv[2];
  a11y_set_pictures (argc > 5 ? argv[5] : NULL);
  journey.capability_path = servicing_make_capability (argv[3]);
  folder = g_dir_make_tmp ("lks-sister-XXXXXX", NULL);
  journey.sister = g_build_filename (folder, "locksmithctl", NULL);
  journey.sister_pid = g_build_filename (folder, "pid", NULL);
  link_sister ();
  journey.program = servicing_start_program (argv[1], journey.sister, NULL);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/servicing/0-key-is-imported", test_key_is_imported);
  g_test_add_func ("/servicing/1-locked-board-says-what-opens-it",
                   test_locked_board_says_what_opens_it);
  g_test_add_func ("/servicing/2-session-opens-the-board", test_session_opens_the_board);
  g_test_add_func ("/servicing/3-wifi-is-changed", test_wifi_is_changed);
  g_test_add_func ("/servicing/4-log-is-saved", test_log_is_saved);
  g_test_add_func ("/servicing/5-session-ends-by-hand", test_session_ends_by_hand);
  g_test_add_func ("/servicing/6-session-ends-by-unplugging", test_session_ends_by_unplugging);
  g_test_add_func ("/servicing/7-records-are-there", test_records_are_there);
  g_test_add_func ("/servicing/8-session-ends-by-screen-lock", test_session_ends_by_screen_lock);
  g_test_add_func ("/servicing/9a-watch-is-not-taken", test_watch_is_not_taken);
  g_test_add_func ("/servicing/9b-program-ends", test_program_ends);
  g_test_add_func ("/servicing/9c-signal-ends-in-order", test_signal_ends_in_order);
  g_test_add_func ("/servicing/9d-second-signal-ends-at-once", test_second_signal_ends_at_once);
  status = g_test_run ();
  g_unlink (journey.sister);
  g_unlink (journey.sister_pid);
  g_rmdir (folder);
  return status;
}
