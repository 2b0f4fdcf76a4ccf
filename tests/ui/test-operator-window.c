/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard.h"

#include <gio/gio.h>
#include <string.h>

/* test-operator-window PROGRAM CTL [PICTURES]: people sign in and out at a station that asks for
 * it, with keys alone, in a session of the rig with an open keyring. */

#define KEY_ESCAPE 0xff1b
#define KEY_F11 0xffc8

#define CONFIG                                                                                     \
  "[station]\n"                                                                                    \
  "require-sign-in=true\n"                                                                         \
  "[badges]\n"                                                                                     \
  "0004711=Ada Lovelace\n"                                                                         \
  "0004712=Grace Hopper\n"
#define PIN "correct horse"

static const char *program_path;
static const char *ctl_path;
static GSubprocess *program;    /* (owned) */
static AtspiAccessible *window; /* (owned) */
static char *folder;            /* (owned) */

static char *run (const char *format, ...) G_GNUC_PRINTF (1, 2);

static char *
run (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  va_list words;

  va_start (words, format);
  line = g_strdup_vprintf (format, words);
  va_end (words);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-ec", line, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

static void
prepare (void)
{
  g_autofree char *config =
      g_build_filename (g_get_user_config_dir (), "locksmith", "station.d", NULL);
  g_autofree char *path = g_build_filename (config, "here.conf", NULL);

  folder = g_dir_make_tmp ("lks-operator-window-XXXXXX", NULL);
  g_assert_cmpint (g_mkdir_with_parents (config, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, CONFIG, -1, NULL));
  g_free (run ("printf '" PIN "' > '%s/pin' && '%s' operator set-pin --pin-file '%s/pin'", folder,
               ctl_path, folder));
}

static void
assert_label (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_LABEL, pattern));
}

static void
wait_until_gone (AtspiRole role, const char *pattern)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (a11y_count (window, role, pattern) > 0)
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("'%s' is still there", pattern);
      g_usleep (50 * 1000);
    }
}

static void
test_closed (void)
{
  program = a11y_start (program_path, NULL);
  a11y_init ("locksmith");
  window = a11y_wait_window ("Locksmith");
  keyboard_init ();
  assert_label (window, "Sign In to Work Here");
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_LIST, "Attached boards"), ==, 0);
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_PAGE_TAB, "Boards"), ==, 0);
  a11y_take_picture ("sign-in-page");

  /* Keys do not lead past it. */
  keyboard_press_with (KEYCODE_CONTROL, 'n');
  assert_label (a11y_wait_dialog ("Not in This Role"), "Sign in to check and lock boards.");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Not in This Role");
}

static void
test_badge (void)
{
  keyboard_type ("999"); /* the focus is there */
  keyboard_press (KEY_RETURN);
  assert_label (window, "This person is not known at this station.");
  keyboard_press_with (KEYCODE_CONTROL, 'a');
  keyboard_type ("0004711");
  keyboard_press (KEY_RETURN);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Ada Lovelace, Operator"));
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST, "Attached boards"));
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PAGE_TAB, "Records"));
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_PAGE_TAB, "Capabilities"), ==, 0);
  wait_until_gone (ATSPI_ROLE_LABEL, "Sign In to Work Here");
  a11y_take_picture ("operator");
}

static AtspiAccessible *
ask_for_engineer (void)
{
  keyboard_press_with (KEYCODE_CONTROL, ',');
  assert_label (a11y_wait_dialog ("Not in This Role"),
                "Only an engineer may change how this station works.");
  a11y_take_picture ("refusal");
  a11y_press (a11y_wait_dialog ("Not in This Role"), ATSPI_ROLE_PUSH_BUTTON, "*Sign In…");
  return a11y_wait_window ("Sign In");
}

static void
test_engineer (void)
{
  g_autoptr (AtspiAccessible) dialog = ask_for_engineer ();

  a11y_type (dialog, "Name, or scan the badge", "grace hopper");
  a11y_type (dialog, "Engineer PIN", "wrong horse");
  keyboard_activate (dialog, "Sign In");
  assert_label (dialog, "That is not the engineer’s PIN or key.");
  a11y_take_picture ("wrong-pin");
  keyboard_type (PIN); /* the focus is there */
  keyboard_press (KEY_RETURN);
  a11y_wait_gone ("Sign In");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Grace Hopper, Engineer"));
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PAGE_TAB, "Capabilities"));

  keyboard_press_with (KEYCODE_CONTROL, ',');
  g_object_unref (a11y_wait_window ("Preferences"));
  a11y_take_picture ("preferences");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Preferences");
}

static void
test_sign_out (void)
{
  keyboard_tab_to (window, ATSPI_ROLE_PUSH_BUTTON, "Grace Hopper, Engineer");
  keyboard_press (KEY_RETURN);
  assert_label (window, "Signed in since *");
  a11y_take_picture ("chip");
  keyboard_activate (window, "Sign Out");
  assert_label (window, "Sign In to Work Here");
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_LIST, "Attached boards"), ==, 0);
  keyboard_type ("0004711");
  keyboard_press (KEY_RETURN);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Ada Lovelace, Operator"));
}

static void
test_journal (void)
{
  g_autofree char *log = run ("'%s' operator log", ctl_path);
  g_autofree char *files = NULL;

  g_assert_nonnull (strstr (log, "signed-in  Ada Lovelace  operator  badge"));
  g_assert_nonnull (strstr (log, "refused  Grace Hopper  engineer  pin  -  wrong"));
  g_assert_nonnull (strstr (log, "signed-in  Grace Hopper  engineer  pin"));
  g_assert_nonnull (strstr (log, "signed-out  Grace Hopper  engineer  asked"));

  /* What was typed is in no file of the user's. */
  files = run ("grep -rlF '" PIN "' '%s' '%s' || true", g_get_user_data_dir (),
               g_get_user_config_dir ());
  g_assert_cmpstr (files, ==, "");
}

static void
test_close (void)
{
  g_autoptr (GError) error = NULL;

  keyboard_press_with (KEYCODE_CONTROL, 'q');
  g_assert_true (g_subprocess_wait_check (program, NULL, &error));
  g_assert_no_error (error);
}

/* ---- station mode ---- */

static void
assert_refused (void)
{
  g_autoptr (AtspiAccessible) dialog = a11y_wait_dialog ("Not in This Role");

  assert_label (dialog, "Only an engineer may leave the station mode.");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Not in This Role");
  g_assert_nonnull (g_subprocess_get_identifier (program));
}

/* Nothing that closes a window or makes it smaller leads out, whoever is there or not. */
static void
test_station (void)
{
  g_clear_object (&window);
  g_clear_object (&program);
  program = a11y_start (program_path, "--station");
  a11y_init ("locksmith");
  window = a11y_wait_window ("Locksmith");
  assert_label (window, "Sign In to Work Here");
  a11y_take_picture ("station");
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_PUSH_BUTTON, "Close"), ==, 0);
  g_assert_cmpuint (a11y_count (window, ATSPI_ROLE_PUSH_BUTTON, "Minimize"), ==, 0);
  keyboard_press_with (KEYCODE_CONTROL, 'q');
  assert_refused ();
  keyboard_press (KEY_F11);
  assert_refused ();

  keyboard_type ("0004711");
  keyboard_press (KEY_RETURN);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Ada Lovelace, Operator"));
  keyboard_press_with (KEYCODE_CONTROL, 'q');
  assert_refused ();
}

static void
test_leave_station (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autoptr (AtspiAccessible) question = NULL;
  g_autoptr (GError) error = NULL;

  dialog = ask_for_engineer ();
  a11y_type (dialog, "Name, or scan the badge", "grace hopper");
  a11y_type (dialog, "Engineer PIN", PIN);
  keyboard_activate (dialog, "Sign In");
  a11y_wait_gone ("Sign In");
  keyboard_press_with (KEYCODE_CONTROL, 'q');
  question = a11y_wait_dialog ("Leave the Station Mode?");
  a11y_take_picture ("leave-station");
  a11y_press (question, ATSPI_ROLE_PUSH_BUTTON, "*Leave and Quit");
  g_assert_true (g_subprocess_wait_check (program, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 3);
  program_path = argv[1];
  ctl_path = argv[2];
  a11y_set_pictures (argc > 3 ? argv[3] : NULL);
  prepare ();
  g_test_add_func ("/operator-window/closed", test_closed);
  g_test_add_func ("/operator-window/badge", test_badge);
  g_test_add_func ("/operator-window/engineer", test_engineer);
  g_test_add_func ("/operator-window/sign-out", test_sign_out);
  g_test_add_func ("/operator-window/journal", test_journal);
  g_test_add_func ("/operator-window/close", test_close);
  g_test_add_func ("/operator-window/station", test_station);
  g_test_add_func ("/operator-window/leave-station", test_leave_station);
  status = g_test_run ();
  g_free (run ("rm -r '%s'", folder));
  g_clear_object (&window);
  g_clear_object (&program);
  g_free (folder);
  return status;
}
