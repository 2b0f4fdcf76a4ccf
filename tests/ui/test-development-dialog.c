/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"
#include "keyboard.h"
#include "servicing-steps.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* Boards that are prepared for development and for tests with the cloud, in the real program, with
 * keys alone, on the boards of development-boards.json:
 *
 *   1-1  open, with an application
 *   1-2  finished, and appDevelopment was forgotten on it
 *
 * test-development-dialog LOCKSMITH LOCKSMITH-EMULATOR [FOLDER-FOR-PICTURES] */

#define KEY_ESCAPE 0xff1b

#define DEVELOPMENT "Prepare for Development"
#define CLOUD_TEST "Prepare for Cloud Tests"

static struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  const char *emulator;
  char *folder; /* (owned): for files that are opened */
} world;

static void
select_board (int row)
{
  servicing_select_board (world.window, row);
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, "Software");
}

static void
wait_for (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  g_object_unref (a11y_wait (below, role, pattern));
}

static void
wait_for_step (AtspiAccessible *dialog, const char *pattern)
{
  wait_for (dialog, ATSPI_ROLE_LIST_ITEM, pattern);
}

static void
wait_for_status (AtspiAccessible *dialog, const char *pattern)
{
  wait_for (dialog, ATSPI_ROLE_STATUS_BAR, pattern);
}

static void
make_capability (const char *kind)
{
  g_autofree char *state = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autofree char *path = g_strdup_printf ("%s/%s.cap", world.folder, kind);
  const char *const make[] = { world.emulator, "capability", "--state-dir",
                               state,          "--device",   SERVICING_DEVICE,
                               "--kind",       kind,         "--output",
                               path,           NULL };

  servicing_run (make, NULL);
}

static void
choose (AtspiAccessible *dialog, const char *kind)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.cap", world.folder, kind);

  keyboard_activate (dialog, "Choose the capability file");
  keyboard_choose_file ("Choose the Capability File", path);
}

static AtspiAccessible *
open_dialog (const char *button, const char *title)
{
  keyboard_activate (world.window, button);
  return a11y_wait_dialog (title);
}

static void
close_dialog (const char *title)
{
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone (title);
}

static void
fail_install (void)
{
  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"status\","
                      "\"method\":\"POST\",\"path\":\"/update/install\",\"status\":500,"
                      "\"times\":1}}");
}

/* ---- cases ---- */

/* Without the file nothing is begun; with it, it fails half-way, goes on, and goes back. */
static void
test_development (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  world.window = a11y_wait_window ("Locksmith");
  wait_for (world.window, ATSPI_ROLE_LIST_ITEM, "*place 1-2, *");
  select_board (0);
  dialog = open_dialog ("Prepare for development", DEVELOPMENT);
  wait_for_status (dialog, "*from this computer. Nothing was changed yet.");
  a11y_take_picture ("development-shown");
  keyboard_activate (dialog, "Begin and Restart Board");
  wait_for (dialog, ATSPI_ROLE_ALERT, "*capability file with appDevelopment*is missing*");
  wait_for_step (dialog, "Check the capability file: Failed. *");
  a11y_take_picture ("development-missing");

  choose (dialog, "appDevelopment");
  fail_install ();
  keyboard_activate (dialog, "Begin and Restart Board");
  wait_for_status (dialog, "The board is half prepared. *");
  wait_for_step (dialog, "Apply the capability file: Failed. *");
  a11y_take_picture ("development-failed");

  keyboard_activate (dialog, "Try Again");
  wait_for_status (dialog, "Done on the board. *");
  wait_for_step (dialog, "Apply the capability file: Done. *");
  wait_for_step (dialog, "Move the board to its device group: By hand. In the cloud*");
  wait_for (world.window, ATSPI_ROLE_LABEL, "appDevelopment*"); /* stored, on the page behind */
  a11y_take_picture ("development-done");

  choose (dialog, "none");
  keyboard_activate (dialog, "Put Back");
  wait_for_status (dialog, "The board was put back. *");
  wait_for_step (dialog, "Apply the capability file: As before. *");
  a11y_take_picture ("development-back");
  close_dialog (DEVELOPMENT);
}

/* What is deleted is named before; a board that has no capability takes no file. */
static void
test_cloud_test (void)
{
  g_autoptr (AtspiAccessible) dialog = open_dialog ("Prepare for cloud tests", CLOUD_TEST);

  wait_for_status (dialog, "*from the cloud only, as in the field. Nothing was changed yet.");
  wait_for_step (dialog, "Delete the applications: Not begun. Will be deleted: Blink");
  a11y_take_picture ("development-cloud-shown");
  keyboard_activate (dialog, "Begin");
  wait_for_status (dialog, "Done on the board. *");
  wait_for_step (dialog, "Delete the applications: Done. Deleted: Blink");
  wait_for_step (dialog, "Apply the capability file: Not needed. *");
  a11y_take_picture ("development-cloud-done");
  close_dialog (CLOUD_TEST);
  wait_for (world.window, ATSPI_ROLE_LABEL, "No application is installed.");
}

/* A finished board is refused, with the reason and the way. */
static void
test_finished (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (1);
  dialog = open_dialog ("Prepare for development", DEVELOPMENT);
  wait_for (dialog, ATSPI_ROLE_ALERT, "*this board is finished*servicing session*");
  wait_for_status (dialog, "Nothing was changed on the board.");
  a11y_take_picture ("development-refused");
  close_dialog (DEVELOPMENT);
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
  g_autoptr (GDir) folder = g_dir_open (world.folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (world.folder, name, NULL);

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
  g_assert_cmpint (argc, >=, 3);
  world.emulator = argv[2];
  a11y_set_pictures (argc > 3 ? argv[3] : NULL);
  world.folder = g_dir_make_tmp ("lks-development-XXXXXX", &error);
  g_assert_no_error (error);
  make_capability ("appDevelopment");
  make_capability ("none");
  world.program = g_subprocess_new (0, &error, argv[1], NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/development-dialog/1-development", test_development);
  g_test_add_func ("/development-dialog/2-cloud-test", test_cloud_test);
  g_test_add_func ("/development-dialog/3-finished", test_finished);
  g_test_add_func ("/development-dialog/4-program-ends", test_program_ends);

  result = g_test_run ();
  remove_folder ();
  return result;
}
