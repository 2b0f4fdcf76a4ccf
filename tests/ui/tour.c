/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"

#include <gio/gio.h>
#include <string.h>

/* Not a test: takes a picture of every view of the real program for people to look at.
 * tour PROGRAM FOLDER, with the boards of boards.json plugged in (tools/screenshot). */

#define IMAGE_ID "3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a11"

static const char *folder;

static void
run (const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list more;

  va_start (more, first);
  for (const char *word = first; word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (more);
  g_ptr_array_add (words, NULL);

  process = g_subprocess_newv ((const char *const *) words->pdata, 0, &error);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error))
    g_error ("%s: %s", first, error->message);
}

/* The window called @title alone, without the frame that GTK draws where nobody composes. */
static void
take_picture (const char *title, const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.png", folder, name);
  g_autofree char *script = g_strdup_printf (
      "import -window $(xdotool search --onlyvisible --name '^%s$' | tail -n 1) png:- | "
      "convert png:- -shave 5x5 +repage '%s'",
      title, path);

  g_usleep (900 * 1000); /* the last frame; nothing is judged by it */
  run ("sh", "-c", script, NULL);
}

static void
show_row (AtspiAccessible *window, int row, const char *title, const char *name)
{
  g_autoptr (AtspiAccessible) list = a11y_wait (window, ATSPI_ROLE_LIST, "Attached boards");

  a11y_select (list, row);
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LABEL, title));
  take_picture ("Locksmith", name);
}

static void
confirm_all (AtspiAccessible *wizard, AtspiAccessible *window)
{
  g_autoptr (AtspiAccessible) list = a11y_wait (window, ATSPI_ROLE_LIST, "Attached boards");

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (AtspiAccessible) row = atspi_accessible_get_child_at_index (list, i, NULL);
      g_autofree char *name = a11y_get_name (row);
      g_autofree char *short_id = g_strndup (name + strlen ("Board "), 6);
      g_autofree char *entry =
          g_strdup_printf ("Last six digits of the device ID of Board %s", short_id);

      a11y_type (wizard, entry, short_id);
      if (i == 0)
        take_picture ("Finalize Boards", "wizard-4-confirm");
    }
}

static void
tour_wizard (AtspiAccessible *window)
{
  g_autoptr (AtspiAccessible) wizard = NULL;

  a11y_press (window, ATSPI_ROLE_PUSH_BUTTON, "Finalize Boards…");
  wizard = a11y_wait_window ("Finalize Boards");
  take_picture ("Finalize Boards", "wizard-1-choose");
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue");
  a11y_type (wizard, "Allowed OS versions*", "24.06");
  a11y_type (wizard, "Image IDs*", IMAGE_ID);
  take_picture ("Finalize Boards", "wizard-2-recipe");
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Check * Boards");
  g_object_unref (a11y_wait (wizard, ATSPI_ROLE_LABEL, "*did not pass*"));
  take_picture ("Finalize Boards", "wizard-3-checks");
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue");
  confirm_all (wizard, window);
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Lock 2 Boards Forever");
  take_picture ("Finalize Boards", "wizard-5-run");
  g_object_unref (a11y_wait (wizard, ATSPI_ROLE_PANEL, "*Locked, restarted, and proven."));
  take_picture ("Finalize Boards", "wizard-6-result");
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Finalize Boards");
}

/* Capability files for three of the boards, for one that is not there, an empty one, and something
 * else, in the folder of the emulator's keys. Before the program has claimed the boards. */
static void
make_files (void)
{
  run ("sh", "-c",
       "cd \"$LOCKSMITH_BENCH_DIR/state\" && i=0 && "
       "make () { locksmith-emulator capability --state-dir . --device $1 --kind $2 --output $3; } "
       "&& "
       "for id in $(locksmithctl list --json | sed -n 's/.*\"deviceId\" : \"\\(.*\\)\".*/\\1/p'); "
       "do "
       "i=$((i + 1)); case $i in "
       "1) make $id appDevelopment board-1.cap ;; "
       "2) make $id none nothing.cap ;; "
       "4|6) make $id fieldServicing board-$i.cap ;; esac; done; "
       "make $(printf '5eed%.0s' $(seq 32)) fieldServicing elsewhere.cap; "
       "echo 'This is no capability.' > notes.cap",
       NULL);
}

/* A jig of eight places; at one of them nothing may be done. */
static void
make_jig (void)
{
  g_autofree char *config = g_build_filename (g_get_user_config_dir (), "locksmith", NULL);
  g_autofree char *path = g_build_filename (config, "jig.json", NULL);
  g_autoptr (GString) text = g_string_new ("{\"places\":[");

  for (int i = 0; i < 8; i++)
    g_string_append_printf (
        text, "%s{\"port\":\"1-%d\",\"name\":\"%c%d\",\"row\":%d,\"column\":%d,\"allowed\":%s}",
        i > 0 ? "," : "", i + 1, 'A' + i / 4, i % 4 + 1, i / 4 + 1, i % 4 + 1,
        i == 4 ? "false" : "true");
  g_string_append (text, "]}");
  g_assert_cmpint (g_mkdir_with_parents (config, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static void
tour_capabilities (AtspiAccessible *window, const char *program)
{
  g_autofree char *command =
      g_strdup_printf ("cd \"$LOCKSMITH_BENCH_DIR/state\" && '%s' *.cap", program);
  g_autoptr (AtspiAccessible) dialog = NULL;
  g_autoptr (AtspiAccessible) list = NULL;

  a11y_press (window, ATSPI_ROLE_PAGE_TAB, "Capabilities");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LABEL, "No Capabilities Yet"));
  take_picture ("Locksmith", "capabilities-1-empty");

  run ("sh", "-c", command, NULL);
  dialog = a11y_wait_window ("Import Capabilities");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_PUSH_BUTTON, "Import 4 Files"));
  take_picture ("Import Capabilities", "capabilities-2-import");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Import 4 Files");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "4 files were imported*"));
  take_picture ("Import Capabilities", "capabilities-3-imported");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Delete 4 Files");
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, "The files are deleted*"));
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Import Capabilities");

  list = a11y_wait (window, ATSPI_ROLE_LIST, "Capabilities in the vault");
  a11y_select (list, 1);
  take_picture ("Locksmith", "capabilities-4-vault");
}

/* What the menu beside the search opens by @key; @says is there when it is done. */
static void
tour_records_dialog (const char *key, const char *title, const char *says, const char *name)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  run ("xdotool", "key", "--delay", "300", "ctrl+f", "Tab", "Return", key, NULL);
  dialog = a11y_wait_dialog (title);
  g_object_unref (a11y_wait (dialog, ATSPI_ROLE_LABEL, says));
  take_picture (title, name);
  run ("xdotool", "key", "Escape", NULL);
  a11y_wait_gone (title);
}

static void
tour_window (const char *action, const char *title, const char *name)
{
  g_autoptr (AtspiAccessible) shown = NULL;

  run ("gapplication", "action", "io.github.locksmith.Locksmith", action, NULL);
  shown = a11y_wait_window (title);
  take_picture (title, name);
  a11y_press (shown, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone (title);
}

int
main (int argc, char **argv)
{
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (AtspiAccessible) window = NULL;

  g_assert_cmpint (argc, ==, 3);
  folder = argv[2];
  make_files ();
  make_jig ();
  program = g_subprocess_new (0, NULL, argv[1], NULL);
  a11y_init ("locksmith");
  window = a11y_wait_window ("Locksmith");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LABEL, "7 boards attached"));
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM, "*place 1-6, Device complete*"));

  show_row (window, 0, "Board *", "main");
  show_row (window, 3, "GET /images*", "locked");
  show_row (window, 4, "enableRfTestMode*", "blank");
  show_row (window, 5, "appDevelopment*", "capabilities");
  show_row (window, 6, "What to do", "not-programmed");
  tour_wizard (window);
  show_row (window, 0, "Board *", "done");
  a11y_press (window, ATSPI_ROLE_PAGE_TAB, "Wall");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_PUSH_BUTTON, "Place B1*NOT ALLOWED*"));
  take_picture ("Locksmith", "wall");
  a11y_press (window, ATSPI_ROLE_PAGE_TAB, "Cloud");
  take_picture ("Locksmith", "cloud");
  a11y_press (window, ATSPI_ROLE_PAGE_TAB, "Records");
  g_object_unref (a11y_wait (window, ATSPI_ROLE_LIST_ITEM, "Board ??????, PASS, *"));
  take_picture ("Locksmith", "records");
  tour_records_dialog ("v", "Verify Records", "Unchanged", "records-verify");
  tour_records_dialog ("s", "Statistics", "Passed in their first run", "records-statistics");

  tour_capabilities (window, argv[1]);
  tour_window ("show-preferences", "Preferences", "preferences");
  tour_window ("show-help", "Help", "help");
  g_subprocess_force_exit (program);
  return 0;
}
