/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"

#include <gio/gio.h>
#include <string.h>

/* The whole way of an operator through the real program: boards appear, one is opened and read,
 * it is finalized, and its record is there. With a folder as second argument a picture of the
 * screen is taken at every station. */

#define OS_VERSION "24.06"

typedef struct
{
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  AtspiAccessible *wizard; /* (owned) */
  char *short_id;          /* (owned): last six digits of the first board */
} Journey;

static Journey journey;

/* The row of the first board: "Board 41f1ca, place 1-1, Module 1 complete". */
static void
test_boards_appear (void)
{
  g_autoptr (AtspiAccessible) list = NULL;
  g_autoptr (AtspiAccessible) row = NULL;
  g_autofree char *name = NULL;

  journey.window = a11y_wait_window ("Locksmith");
  list = a11y_wait (journey.window, ATSPI_ROLE_LIST, "Attached boards");
  row = a11y_wait (list, ATSPI_ROLE_LIST_ITEM, "Board ??????, place 1-2, Module 1 complete");
  g_clear_object (&row);
  row = a11y_wait (list, ATSPI_ROLE_LIST_ITEM, "Board ??????, place 1-1, Module 1 complete");
  g_assert_cmpuint (a11y_count (list, ATSPI_ROLE_LIST_ITEM, "Board *"), ==, 2);

  a11y_select (list, 0);
  name = a11y_get_name (row);
  journey.short_id = g_strndup (name + strlen ("Board "), 6);
}

static void
test_panel_tells_the_state (void)
{
  g_autofree char *os = g_strdup_printf ("OS version: %s", OS_VERSION);
  const char *const rows[] = {
    "Device ID: *",   os, "Running for: *", "Security state: SECURE", "Peripheral lock: Open. *",
    "Network time: *"
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AtspiAccessible) row = a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, rows[i]);
    }
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_PANEL, "Module 1 complete: Now. *"));
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_PANEL, "Device complete: Not yet. *"));
  a11y_take_picture ("main");
}

/* The button of the panel takes the one board that is shown. */
static void
test_wizard_takes_one_board (void)
{
  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Finalize This Board");
  journey.wizard = a11y_wait_window ("Finalize Boards");
  g_assert_cmpuint (a11y_count (journey.wizard, ATSPI_ROLE_CHECK_BOX, "Board *"), ==, 2);
  a11y_take_picture ("wizard-1-choose");
  a11y_press (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue");
}

static void
test_wizard_checks (void)
{
  g_autofree char *row = g_strdup_printf ("Board %s · place 1-1: PASS. *", journey.short_id);

  a11y_type (journey.wizard, "Allowed OS versions*", OS_VERSION);
  a11y_take_picture ("wizard-2-recipe");
  a11y_press (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Check 1 Board");
  g_object_unref (a11y_wait (journey.wizard, ATSPI_ROLE_LIST_ITEM, row));
  a11y_take_picture ("wizard-3-checks");
  a11y_press (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue");
}

static void
test_wizard_locks (void)
{
  g_autofree char *entry =
      g_strdup_printf ("Last six digits of the device ID of Board %s", journey.short_id);
  g_autofree char *tile =
      g_strdup_printf ("Board %s · place 1-1: PASS. Locked, restarted, and proven.",
                       journey.short_id);

  a11y_type (journey.wizard, entry, "000000");
  g_object_unref (a11y_wait (journey.wizard, ATSPI_ROLE_LABEL, "Not this board"));
  g_object_unref (a11y_wait (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Lock 0 Boards Forever"));
  a11y_take_picture ("wizard-4-wrong");
  a11y_type (journey.wizard, entry, journey.short_id);
  g_object_unref (a11y_wait (journey.wizard, ATSPI_ROLE_LABEL, "Confirmed"));
  a11y_take_picture ("wizard-4-confirm");
  a11y_press (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Lock 1 Board Forever");
  a11y_take_picture ("wizard-5-run");
  g_object_unref (a11y_wait (journey.wizard, ATSPI_ROLE_PANEL, tile));
  a11y_take_picture ("wizard-6-result");
  a11y_press (journey.wizard, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Finalize Boards");
}

static void
test_panel_tells_the_lock (void)
{
  g_autofree char *row =
      g_strdup_printf ("Board %s, place 1-1, Device complete PASS", journey.short_id);

  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, row));
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_PANEL, "Device complete: Now. *"));
  a11y_take_picture ("locked");
}

/* A board that is finished already is verified; there is nothing to confirm and nothing to lock. */
static void
test_finished_board_is_verified (void)
{
  g_autoptr (AtspiAccessible) wizard = NULL;
  g_autofree char *row =
      g_strdup_printf ("Board %s · place 1-1: PASS. It already was in this state*",
                       journey.short_id);

  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Finalize This Board");
  wizard = a11y_wait_window ("Finalize Boards");
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue");
  a11y_type (wizard, "Allowed OS versions*", OS_VERSION);
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Check 1 Board");
  g_object_unref (a11y_wait (wizard, ATSPI_ROLE_LIST_ITEM, row));
  g_assert_cmpuint (a11y_count (wizard, ATSPI_ROLE_PUSH_BUTTON, "Continue"), ==, 0);
  a11y_press (wizard, ATSPI_ROLE_PUSH_BUTTON, "Close");
  a11y_wait_gone ("Finalize Boards");
}

static void
test_record_is_there (void)
{
  g_autofree char *row = g_strdup_printf ("Board %s, PASS, *", journey.short_id);

  a11y_press (journey.window, ATSPI_ROLE_PAGE_TAB, "Records");
  g_object_unref (a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, row));
  g_object_unref (
      a11y_wait (journey.window, ATSPI_ROLE_LIST_ITEM, "Set the manufacturing state: Passed. *"));
  a11y_take_picture ("records");
}

/* Nothing hangs at the end: threads, lines and ledger are closed. */
static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;

  a11y_press (journey.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (journey.program, NULL, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 2);
  a11y_set_pictures (argc > 2 ? argv[2] : NULL);
  journey.program = g_subprocess_new (0, &error, argv[1], NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");

  g_test_add_func ("/journey/1-boards-appear", test_boards_appear);
  g_test_add_func ("/journey/2-panel-tells-the-state", test_panel_tells_the_state);
  g_test_add_func ("/journey/3-wizard-takes-one-board", test_wizard_takes_one_board);
  g_test_add_func ("/journey/4-wizard-checks", test_wizard_checks);
  g_test_add_func ("/journey/5-wizard-locks", test_wizard_locks);
  g_test_add_func ("/journey/6-panel-tells-the-lock", test_panel_tells_the_lock);
  g_test_add_func ("/journey/7-finished-board-is-verified", test_finished_board_is_verified);
  g_test_add_func ("/journey/8-record-is-there", test_record_is_there);
  g_test_add_func ("/journey/9-program-ends", test_program_ends);
  return g_test_run ();
}
