/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"
#include "keyboard.h"
#include "servicing-steps.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* The page Support of the real program, with keys alone, on the boards of support-boards.json:
 *
 *   1-1  open, joined “Pump Room”   1-3  updates itself
 *   1-2  locked                     1-4  open; its cable is pulled
 *
 * test-support-page LOCKSMITH [FOLDER-FOR-PICTURES] */

#define KEY_ESCAPE 0xff1b
#define KEY_SPACE 0x20
#define KEY_BACKSPACE 0xff08

static struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  char *folder;            /* (owned): for what is saved */
} world;

static void
select_board (int row)
{
  servicing_select_board (world.window, row);
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, "Support");
}

static void
wait_for_row (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_LIST_ITEM, pattern));
}

static void
wait_for_label (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_LABEL, pattern));
}

static void
wait_for_status (const char *pattern)
{
  g_object_unref (a11y_wait (world.window, ATSPI_ROLE_STATUS_BAR, pattern));
}

static void
wait_closed (const char *title)
{
  g_autoptr (AtspiAccessible) program = atspi_accessible_get_parent (world.window, NULL);
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (a11y_count (program, ATSPI_ROLE_DIALOG, title) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (100 * 1000);
    }
}

static char *
save_as (const char *title, const char *name)
{
  char *path = g_build_filename (world.folder, name, NULL);
  struct stat info;

  keyboard_save_file (title, path);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  return path;
}

static char *
unzip (const char *path, const char *name)
{
  g_autoptr (GSubprocess) program =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "unzip", "-p", path, name, NULL);
  g_autoptr (GBytes) output = NULL;
  gsize size;
  char *text;

  g_assert_true (g_subprocess_communicate (program, NULL, NULL, &output, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (program));
  text = g_bytes_unref_to_data (g_steal_pointer (&output), &size);
  text = g_realloc (text, size + 1);
  for (gsize i = 0; i < size; i++) /* so that binary files can be searched as text */
    text[i] = text[i] != '\0' ? text[i] : ' ';
  text[size] = '\0';
  return text;
}

/* ---- cases ---- */

static void
test_shown (void)
{
  world.window = a11y_wait_window ("Locksmith");
  wait_for_row (world.window, "*place 1-4, *");
  select_board (0);
  wait_for_row (world.window, "Update over the air: None. No update is under way.");
  wait_for_row (world.window, "Telemetry: Present. 300 bytes, *");
  wait_for_label (world.window, "appman_init(1)");
  a11y_take_picture ("support");
}

/* The entry's text has no name of its own: it is what comes behind the button. */
static void
type_filter (const char *text)
{
  keyboard_tab_to (world.window, ATSPI_ROLE_PUSH_BUTTON, "Save the raw log");
  keyboard_press (KEY_TAB);
  for (const char *c = text; *c != '\0'; c++)
    keyboard_press (*c);
}

static void
clear_filter (guint n_characters)
{
  type_filter ("");
  for (guint i = 0; i < n_characters; i++)
    keyboard_press (KEY_BACKSPACE);
}

static void
test_filter (void)
{
  type_filter ("pump room");
  wait_for_status ("1 of * records");
  wait_for_label (world.window, "networkd(78)");
  a11y_take_picture ("support-filter");

  /* What was copied is pasted as the filter: it finds the same record. */
  keyboard_activate (world.window, "Copy the log");
  clear_filter (strlen ("pump room"));
  wait_for_label (world.window, "appman_init(1)");
  keyboard_press_with (KEYCODE_CONTROL, 'v');
  wait_for_status ("1 of * records");
  clear_filter (200);
  type_filter ("nobody");
  wait_for_label (world.window, "No record of the log is like that.");
  clear_filter (strlen ("nobody"));
  wait_for_label (world.window, "appman_init(1)");
}

static void
test_save_log (void)
{
  g_autofree char *text_path = NULL;
  g_autofree char *raw_path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *raw = NULL;
  gsize size;

  keyboard_activate (world.window, "Save the log as text");
  text_path = save_as ("Save the Log as Text", "saved.txt");
  g_assert_true (g_file_get_contents (text_path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "[    0.812000] Info appman_init(1):"));
  keyboard_activate (world.window, "Save the raw log");
  raw_path = save_as ("Save the Raw Log", "saved.bin");
  g_assert_true (g_file_get_contents (raw_path, &raw, &size, NULL));
  g_assert_cmpuint (size % 4096, ==, 0);
}

static void
test_bundle (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autofree char *path = NULL;
  g_autofree char *everything = NULL;

  keyboard_activate (world.window, "Save Support Bundle…");
  dialog = a11y_wait_dialog ("Support Bundle");
  wait_for_row (dialog, "Diagnostic log in its binary form. log.bin*Holds network names, *");
  wait_for_row (dialog, "Memory in use. Missing. memory.error.json*");
  a11y_take_picture ("support-bundle");
  keyboard_tab_to (dialog, ATSPI_ROLE_CHECK_BOX, "Hide the names of networks*");
  keyboard_press (KEY_SPACE);
  wait_for_row (dialog, "Error reports, for the vendor. Missing. *");
  a11y_take_picture ("support-bundle-hidden");
  keyboard_activate (dialog, "Save…");
  path = save_as ("Save Support Bundle", "bundle.zip");
  wait_closed ("Support Bundle"); /* the file is whole */
  everything = unzip (path, "*");
  g_assert_nonnull (strstr (everything, "network-1"));
  g_assert_null (strstr (everything, "Pump"));
}

static void
test_clear_telemetry (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_activate (world.window, "Clear the error reports");
  dialog = a11y_wait_dialog ("Clear the Error Reports?");
  a11y_take_picture ("support-clear");
  keyboard_activate (dialog, "Clear Error Reports*");
  wait_for_row (world.window, "Telemetry: Empty. The board holds no error reports.");
}

static void
test_restart (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"slow-restart\","
                      "\"durationMs\":1500,\"times\":1}}");
  keyboard_activate (world.window, "Restart the board");
  dialog = a11y_wait_dialog ("Restart the Board?");
  a11y_take_picture ("support-restart");
  keyboard_activate (dialog, "Restart Board*");
  wait_for_label (world.window, "*Restarted in * s; the uptime proves it.*");
}

/* A board that stays away: the person need not wait for it, and it may come back later. */
static void
test_restart_never (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (0);
  wait_for_label (world.window, "appman_init(1)");
  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"no-restart\"}}");
  keyboard_activate (world.window, "Restart the board");
  dialog = a11y_wait_dialog ("Restart the Board?");
  keyboard_activate (dialog, "Restart Board*");
  wait_for_status ("Restarting the board and waiting until it is back*");
  a11y_take_picture ("support-restarting");
  keyboard_activate (world.window, "Cancel");
  wait_for_row (world.window, "*place 1-1, *Restarting*");
  a11y_take_picture ("support-restart-left");
  bench_control_tell ("{\"command\":\"clear\",\"board\":0}");
  bench_control_tell ("{\"command\":\"reset\",\"board\":0}");
  wait_for_row (world.window, "*place 1-1, Module*");
}

/* What one part cannot get does not hide the others; the next reading gets it. */
static void
test_log_fails (void)
{
  bench_control_tell (
      "{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"status\",\"path\":\"/log\","
      "\"status\":500,\"number\":17825801}}");
  select_board (1);
  wait_for_row (world.window, "Telemetry: Refused. *");
  select_board (0);
  wait_for_status ("The board failed while it worked on the request.*GET /log*");
  a11y_take_picture ("support-log-fails");
  bench_control_tell ("{\"command\":\"clear\",\"board\":0}");
}

static void
test_locked (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (1);
  wait_for_row (world.window, "Telemetry: Refused. *");
  wait_for_row (world.window, "Update over the air: Unknown. *");
  a11y_take_picture ("support-locked");
  keyboard_activate (world.window, "Save Support Bundle…");
  dialog = a11y_wait_dialog ("Support Bundle");
  wait_for_row (dialog, "Diagnostic log in its binary form. Missing. log.error.json*");
  a11y_take_picture ("support-bundle-locked");
  keyboard_press (KEY_ESCAPE);
  wait_closed ("Support Bundle");
}

static void
test_updating (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (2);
  wait_for_row (world.window, "Update over the air: Under Way. The board updates itself *");
  keyboard_activate (world.window, "Restart the board");
  dialog = a11y_wait_dialog ("Restart the Board?");
  wait_for_label (dialog, "The board updates itself. *");
  a11y_take_picture ("support-updating");
  keyboard_press (KEY_ESCAPE);
}

/* The cable is pulled in the middle: what was read until then can be saved. */
static void
test_unplugged (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autofree char *path = NULL;
  g_autofree char *log = NULL;

  select_board (3);
  wait_for_label (world.window, "appman_init(1)");
  bench_control_tell ("{\"command\":\"fault\",\"board\":3,\"fault\":{\"kind\":\"no-answer\","
                      "\"path\":\"/certstore/certs\"}}");
  keyboard_activate (world.window, "Save Support Bundle…");
  dialog = a11y_wait_dialog ("Support Bundle");
  wait_for_label (dialog, "Asking the board for everything…");
  bench_control_tell ("{\"command\":\"unplug\",\"board\":3}");
  wait_for_row (dialog, "Certificates in the store, without keys. Missing. *");
  a11y_take_picture ("support-bundle-partly");
  keyboard_activate (dialog, "Save…");
  path = save_as ("Save Support Bundle", "partly.zip");
  wait_closed ("Support Bundle");
  log = unzip (path, "contents.json");
  g_assert_nonnull (strstr (log, "\"certificates.error.json\""));
}

static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;

  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (world.program, NULL, &error));
  g_assert_no_error (error);
}

static void
remove_folder (void)
{
  static const char *const names[] = { "saved.txt", "saved.bin", "bundle.zip", "partly.zip" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (world.folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (world.folder);
  g_free (world.folder);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 2);
  a11y_set_pictures (argc > 2 ? argv[2] : NULL);
  world.folder = g_dir_make_tmp ("lks-support-page-XXXXXX", &error);
  g_assert_no_error (error);
  world.program = g_subprocess_new (0, &error, argv[1], NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/support-page/1-shown", test_shown);
  g_test_add_func ("/support-page/2-filter", test_filter);
  g_test_add_func ("/support-page/3-save-log", test_save_log);
  g_test_add_func ("/support-page/4-bundle", test_bundle);
  g_test_add_func ("/support-page/5-clear-telemetry", test_clear_telemetry);
  g_test_add_func ("/support-page/6-restart", test_restart);
  g_test_add_func ("/support-page/7-log-fails", test_log_fails);
  g_test_add_func ("/support-page/8-locked", test_locked);
  g_test_add_func ("/support-page/9-updating", test_updating);
  g_test_add_func ("/support-page/a-unplugged", test_unplugged);
  g_test_add_func ("/support-page/b-restart-never", test_restart_never);
  g_test_add_func ("/support-page/c-program-ends", test_program_ends);

  result = g_test_run ();
  remove_folder ();
  return result;
}
