/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyboard.h"
#include "wait-until.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

/* test-vault-window PROGRAM CTL EMULATOR open|locked|absent: the page of capabilities of the real
 * program, used with keys alone, in a session of the rig whose keyring is as the last word says.
 * With an open one, two boards are plugged in. */

#define KEY_F5 0xffc2
#define STOP_FILES "120"

static const char *program_path;
static const char *ctl_path;
static const char *emulator_path;
static GSubprocess *program;    /* (owned) */
static AtspiAccessible *window; /* (owned) */
static char *attached_id;       /* (owned): of the first board */
static char *short_id;          /* (owned): its end */
static char *folder;            /* (owned) */

static char *
run (const char *command)
{
  g_autoptr (GString) line = g_string_new (command);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_string_replace (line, "@", folder, 0);
  g_string_replace (line, "%program", program_path, 0);
  g_string_replace (line, "%ctl", ctl_path, 0);
  g_string_replace (line, "%emulator", emulator_path, 0);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", line->str, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  return output;
}

static void
make_file (const char *name, const char *device_id, const char *kind)
{
  g_autofree char *line = g_strdup_printf (
      "%%emulator capability --state-dir \"$LOCKSMITH_BENCH_DIR/state\" --device %s --kind %s "
      "--output @/%s",
      device_id, kind, name);

  g_free (run (line));
}

/* The boards can be asked until the window claims them. */
static void
prepare (void)
{
  g_autofree char *foreign = g_strnfill (128, '5');

  folder = g_dir_make_tmp ("lks-vault-window-XXXXXX", NULL);
  attached_id =
      run ("%ctl list --json | sed -n 's/.*\"deviceId\" : \"\\(.*\\)\".*/\\1/p' | head -n 1");
  g_strchomp (attached_id);
  g_assert_cmpuint (strlen (attached_id), ==, 128);
  short_id = g_strdup (attached_id + 122);
  make_file ("attached.cap", attached_id, "fieldServicing");
  make_file ("foreign.cap", foreign, "appDevelopment");
  make_file ("none.cap", attached_id, "none");
  g_free (run ("cp @/foreign.cap @/foreign.copy; echo 'no capability' > @/bad.cap"));
}

static void
start (void)
{
  g_autoptr (GError) error = NULL;

  program = g_subprocess_new (0, &error, program_path, NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");
  window = a11y_wait_window ("Locksmith");
  keyboard_init ();
  keyboard_press_with (KEYCODE_ALT, '2');
}

static void
assert_label (const char *pattern)
{
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LABEL, pattern));
}

static void
test_empty (void)
{
  start ();
  assert_label ("No Capabilities Yet");
  assert_label ("A capability is a file that opens one finished board*");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Import Files…"));
}

/* Files on the command line, as a file manager opens them, go to the window that is there. */
static void
test_import (void)
{
  g_autofree char *row = g_strdup_printf ("Board %s · fieldServicing: Medium risk. attached.cap, *"
                                          "It fits the board at place 1-1.",
                                          short_id);
  g_autofree char *none = g_strdup_printf ("Board %s · nothing: Not a key. *", short_id);
  g_autoptr (AtspiAccessible) dialog = NULL;

  g_free (run ("%program @/attached.cap @/bad.cap @/foreign.cap @/none.cap"));
  dialog = a11y_wait_window ("Import Capabilities");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LIST_ITEM, row));
  g_object_unref (
      a11y_wait (dialog, ATSPI_ROLE_LIST_ITEM, "Board 555555 · appDevelopment: High risk. *"));
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LIST_ITEM, none));
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LIST_ITEM, "bad.cap: Not a key. *"));
  keyboard_activate (dialog, "Import 2 Files");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "2 files were imported.*"));
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LIST_ITEM, "Board 555555 *: Imported. *"));
  keyboard_activate (dialog, "Delete 2 Files");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "The files are deleted.*"));
  keyboard_activate (dialog, "Close");
  a11y_wait_gone ("Import Capabilities");
}

/* Only what the vault has is deleted. */
static void
test_files_are_gone (void)
{
  g_autofree char *left = run ("ls @");

  g_assert_cmpstr (left, ==, "bad.cap\nforeign.copy\nnone.cap\n");
}

static void
wait_for_rows (guint n_rows)
{
  g_autoptr (AtspiAccessible) list =
      a11y_wait (window, ATSPI_ROLE_LIST, "Capabilities in the vault");

  while (a11y_count (list, ATSPI_ROLE_LIST_ITEM, "*") != n_rows)
    g_usleep (50 * 1000);
}

static void
search (const char *text)
{
  keyboard_press_with (KEYCODE_CONTROL, 'f');
  while (!a11y_is_focused (window, ATSPI_ROLE_ENTRY, "Search Capabilities") &&
         !a11y_is_focused (window, ATSPI_ROLE_TEXT, "*"))
    g_usleep (50 * 1000);
  keyboard_press_with (KEYCODE_CONTROL, 'a');
  keyboard_type (text);
}

static void
test_list (void)
{
  g_autofree char *row =
      g_strdup_printf ("Board %s, fieldServicing, attached at place 1-1", short_id);

  wait_for_rows (2);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM, row));
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM, "Board 555555, appDevelopment"));
}

/* What is found is shown, without another key. */
static void
test_search (void)
{
  search ("appdev");
  wait_for_rows (1);
  g_object_unref (
      a11y_wait (window, ATSPI_ROLE_LIST_ITEM, "appDevelopment · number 11: High risk. *"));
  assert_label ("Not now");

  search (short_id + 1);
  wait_for_rows (1);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM,
                             "fieldServicing · number 13: Medium risk. Opens the service port*"));
  assert_label ("At USB place 1-1");
  assert_label ("* by Locksmith Emulator Image Signing*");
  assert_label ("never");
}

static void
test_label (void)
{
  g_autofree char *row =
      g_strdup_printf ("pump room 3, Board %s · fieldServicing, attached at place 1-1", short_id);
  g_autofree char *table = NULL;

  /* libadwaita 1.2 does not tell when an entry row has the focus: it comes after this one. */
  keyboard_tab_to (window, ATSPI_ROLE_LIST_ITEM, "fieldServicing · number 13*");
  keyboard_press (KEY_TAB);
  keyboard_type ("pump room 3");
  keyboard_press (KEY_RETURN);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM, row));
  table = run ("%ctl capability list");
  g_assert_nonnull (strstr (table, "pump room 3"));
}

/* What another program did is seen when the vault is read again. */
static void
test_refresh (void)
{
  g_free (run ("%ctl capability label 555555 'boiler'"));
  search (" ");
  wait_for_rows (2);
  keyboard_press (KEY_F5);
  g_object_unref (
      a11y_wait (window, ATSPI_ROLE_LIST_ITEM, "boiler, Board 555555 · appDevelopment"));
}

static void
test_remove (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autofree char *table = NULL;

  search ("pump");
  wait_for_rows (1);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LABEL, "pump room 3"));
  keyboard_activate (window, "Remove…");
  dialog = a11y_wait_dialog ("Remove “pump room 3”?");
  keyboard_activate (dialog, "_Remove*");
  wait_for_rows (0);
  table = run ("%ctl capability list");
  g_assert_null (strstr (table, "pump room 3"));
  g_assert_nonnull (strstr (table, "boiler"));
}

static void
test_export (void)
{
  g_autofree char *path = g_build_filename (folder, "exported.cap", NULL);
  g_autofree char *mode = NULL;
  g_autoptr (AtspiAccessible) application = atspi_accessible_get_parent (window, NULL);
  g_autoptr (AtspiAccessible) dialog = NULL;

  search ("boiler");
  wait_for_rows (1);
  keyboard_activate (window, "Export…");
  dialog = a11y_wait_dialog ("Export the Capability?");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "*without a password*"));
  keyboard_activate (dialog, "_Export*");

  /* GTK 4.8 gives its file chooser no better role. */
  g_object_unref (a11y_wait (application, ATSPI_ROLE_FILLER, "Export Capability"));
  keyboard_press_with (KEYCODE_CONTROL, 'a');
  keyboard_type (path);
  keyboard_press (KEY_RETURN);
  while (!g_file_test (path, G_FILE_TEST_EXISTS)) /* it appears when it is whole */
    g_usleep (50 * 1000);
  mode = run ("cmp @/exported.cap @/foreign.copy && stat -c %a @/exported.cap");
  g_assert_cmpstr (mode, ==, "600\n");
}

static void
created_cb (GDBusConnection *bus,
            const char *sender,
            const char *path,
            const char *interface,
            const char *signal,
            GVariant *parameters,
            gpointer user_data)
{
  guint *n_created = user_data;

  ++*n_created;
}

/* Stops when the keyring tells of the second that it keeps: of the first, the program has heard by
 * then. “Stop” has the focus: whoever asks the window or the keyring for anything hears of it when
 * all are imported. */
static void
stop_after_first_import (AtspiAccessible *dialog)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  guint n_created = 0;
  guint id =
      g_dbus_connection_signal_subscribe (bus, NULL, "org.freedesktop.Secret.Collection",
                                          "ItemCreated", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                          created_cb, &n_created, NULL);

  keyboard_activate (dialog, "Import " STOP_FILES " Files");
  WAIT_UNTIL (n_created >= 2);
  keyboard_press (KEY_RETURN);
  g_dbus_connection_signal_unsubscribe (bus, id);
}

/* Goes to the folder, then into its list, and takes everything. */
static void
choose_all (const char *path)
{
  g_autoptr (AtspiAccessible) chooser = NULL;

  keyboard_activate (window, "Import Files…");
  keyboard_enter_file ("Import Capabilities", path);
  chooser = a11y_wait_chooser ("Import Capabilities");
  g_object_unref (a11y_wait (chooser, ATSPI_ROLE_LABEL, "many"));
  while (!a11y_is_focused (chooser, ATSPI_ROLE_FILLER, "GtkTreeView"))
    g_usleep (50 * 1000);
  keyboard_press_with (KEYCODE_CONTROL, 'a');
  keyboard_press_with (KEYCODE_ALT, 'o'); /* “Open”; Return would take one file */
}

/* So many that nobody waits for the end: what is in the vault by then stays there, the rest says
 * why it is not, and no file is deleted unless somebody asks for it. */
static void
test_stop (void)
{
  g_autofree char *many = g_build_filename (folder, "many", NULL);
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autofree char *left = NULL;
  guint n_imported, n_stopped;

  g_free (run ("mkdir @/many; for i in $(seq " STOP_FILES "); do %emulator capability --state-dir "
               "\"$LOCKSMITH_BENCH_DIR/state\" --device $(printf %0128x $i) --kind fieldServicing "
               "--output @/many/$i.cap; done"));
  search (" ");
  wait_for_rows (1);
  choose_all (many);
  dialog = a11y_wait_window ("Import Capabilities");
  stop_after_first_import (dialog);
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "* imported. The files are still there*"));

  n_imported = a11y_count (dialog, ATSPI_ROLE_LIST_ITEM, "*: Imported. *");
  n_stopped = a11y_count (dialog, ATSPI_ROLE_LIST_ITEM, "*: Not imported. It was cancelled. *");
  g_assert_cmpuint (n_imported, >, 0);
  g_assert_cmpuint (n_stopped, >, 0);
  g_assert_cmpuint (n_imported + n_stopped, ==, atoi (STOP_FILES));
  keyboard_activate (dialog, "Close");
  a11y_wait_gone ("Import Capabilities");
  wait_for_rows (1 + n_imported);
  left = run ("ls @/many | wc -l");
  g_assert_cmpstr (left, ==, STOP_FILES "\n");
}

/* Nothing in this session can ask for the password. */
static void
test_locked (void)
{
  start ();
  assert_label ("The Keyring Is Locked");
  assert_label ("The keyring is locked. Unlock it; *");
  keyboard_activate (window, "Unlock…");
  assert_label ("The keyring stays locked. *");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Unlock…"));
}

static void
test_absent (void)
{
  start ();
  assert_label ("There Is No Vault");
  assert_label ("No program keeps secrets in this session. *");
  keyboard_activate (window, "Try Again");
  assert_label ("There Is No Vault");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 5);
  program_path = argv[1];
  ctl_path = argv[2];
  emulator_path = argv[3];

  if (g_str_equal (argv[4], "open"))
    {
      prepare ();
      g_test_add_func ("/vault-window/empty", test_empty);
      g_test_add_func ("/vault-window/import", test_import);
      g_test_add_func ("/vault-window/files-are-gone", test_files_are_gone);
      g_test_add_func ("/vault-window/list", test_list);
      g_test_add_func ("/vault-window/search", test_search);
      g_test_add_func ("/vault-window/label", test_label);
      g_test_add_func ("/vault-window/refresh", test_refresh);
      g_test_add_func ("/vault-window/remove", test_remove);
      g_test_add_func ("/vault-window/export", test_export);
      g_test_add_func ("/vault-window/stop", test_stop);
    }
  else if (g_str_equal (argv[4], "locked"))
    g_test_add_func ("/vault-window/locked", test_locked);
  else
    g_test_add_func ("/vault-window/absent", test_absent);
  status = g_test_run ();
  g_subprocess_force_exit (program);
  return status;
}
