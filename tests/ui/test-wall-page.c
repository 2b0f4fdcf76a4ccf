/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"
#include "keyboard.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* The wall of a jig with eight places, in the real program, on the boards of wall-boards.json:
 * taught with boards, one board scanned and locked, one that fails, one at a forbidden place that
 * nobody touches, whatever is scanned.
 *
 * test-wall-page LOCKSMITH TRACE [FOLDER-FOR-PICTURES], where TRACE is what the boards were asked.
 */

#define BOARDS 8
#define SCANS 6
#define SCAN_US (10 * G_USEC_PER_SEC)
#define FORBIDDEN 2   /* the board of place A3 */
#define LATE 1        /* the one that is there when the wall is armed */
#define FIRST_ARMED 4 /* the first of the second row */

#define RECIPE                                                                                     \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"     \
  "\"images\":[\"3f9c1a5e-7a4d-4c7e-9b52-0d6f1c2b8a11\"],\"allowArmed\":true,"                     \
  "\"label\":{\"pattern\":\"KTL-[0-9]{4}\"}}"

static struct
{
  AtspiAccessible *window; /* (owned) */
  const char *trace;
  gsize trace_start; /* what stands before it is another test's */
  char *recipe;      /* (owned): path */
} world;

static void
wait_for (AtspiAccessible *below, AtspiRole role, const char *pattern)
{
  g_object_unref (a11y_wait (below, role, pattern));
}

static void
wait_for_tile (const char *pattern)
{
  wait_for (world.window, ATSPI_ROLE_PUSH_BUTTON, pattern);
}

static void
wait_for_focus (const char *button)
{
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (!a11y_is_focused (world.window, ATSPI_ROLE_PUSH_BUTTON, button))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (50 * 1000);
    }
}

static void
plug (int board)
{
  bench_control_tell ("{\"command\":\"plug\",\"board\":%d}", board);
}

static void
unplug (int board)
{
  bench_control_tell ("{\"command\":\"unplug\",\"board\":%d}", board);
}

/* The last six digits of the ID of the board at a place, read off its tile. */
static char *
read_digits (const char *place)
{
  g_autofree char *pattern = g_strdup_printf ("Place %s, Board ??????: *", place);
  g_autofree char *prefix = g_strdup_printf ("Place %s, Board ", place);
  g_autoptr (AtspiAccessible) tile = a11y_wait (world.window, ATSPI_ROLE_PUSH_BUTTON, pattern);
  g_autofree char *name = a11y_get_name (tile);

  return g_strndup (name + strlen (prefix), 6);
}

static gboolean
is_said (const char *message)
{
  gint64 end_us = g_get_monotonic_time () + SCAN_US;

  while (a11y_count (world.window, ATSPI_ROLE_LABEL, message) == 0)
    {
      if (g_get_monotonic_time () > end_us)
        return FALSE;
      g_usleep (50 * 1000);
    }
  return TRUE;
}

/* The keys of a scanner reach the page wherever the focus is. A loaded computer may let them come
 * slowly: then they are typed, and a person would scan again, but not before there was time for an
 * answer. */
static void
scan (const char *text, const char *message)
{
  g_autofree char *keys = g_strconcat (text, "\n", NULL);
  const char *argv[] = { "xdotool", "type", "--delay", "2", keys, NULL };

  for (int i = 0; i < SCANS; i++)
    {
      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                                   NULL, NULL, NULL, NULL));
      if (is_said (message))
        return;
    }
  wait_for (world.window, ATSPI_ROLE_LABEL, message);
}

/* ---- cases ---- */

static void
test_teach (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  world.window = a11y_wait_window ("Locksmith");
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, "Wall");
  wait_for (world.window, ATSPI_ROLE_LABEL, "No Jig Is Known Yet");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Teach the Jig…");
  dialog = a11y_wait_dialog ("Teach the Jig");
  keyboard_tab_to (dialog, ATSPI_ROLE_SPIN_BUTTON, "Rows*");
  keyboard_type ("2");
  keyboard_press (KEY_TAB);
  wait_for (dialog, ATSPI_ROLE_LABEL, "8 places");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Start");

  for (int i = 0; i < BOARDS; i++)
    {
      g_autofree char *title = g_strdup_printf ("Place %c%d", 'A' + i / 4, i % 4 + 1);
      g_autofree char *taught =
          g_strdup_printf ("%c%d is port 1-%d", 'A' + i / 4, i % 4 + 1, i + 1);

      wait_for (dialog, ATSPI_ROLE_LABEL, title);
      plug (i);
      wait_for (dialog, ATSPI_ROLE_LABEL, taught);
      if (i == 4)
        a11y_take_picture ("wall-teach");
      unplug (i);
    }
  wait_for (dialog, ATSPI_ROLE_LABEL, "Done");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Keep Map");
  a11y_wait_gone ("Teach the Jig");
  wait_for_tile ("Place B4: EMPTY. Plug in.");
}

static void
test_recipe (void)
{
  plug (0);
  wait_for_tile ("Place A1, Board ??????: READY. Choose a recipe.");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Choose a Recipe…");
  keyboard_choose_file ("Choose a Recipe", world.recipe);
  wait_for_tile ("Recipe: Kettle");
  wait_for_tile ("Place A1, Board ??????: READY. Scan ID.");
}

/* A place where nothing may be done: the tile says so, and the board is left alone. */
static void
test_forbidden (void)
{
  g_autofree char *digits = NULL;

  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Place A2: EMPTY. *");
  wait_for_focus ("Place A2: EMPTY. *");
  keyboard_press (KEY_RIGHT);
  wait_for_focus ("Place A3: EMPTY. *");
  keyboard_activate (world.window, "Forbid This Place");
  wait_for_tile ("Place A3: NOT ALLOWED.");
  wait_for_focus ("Allow This Place");
  plug (FORBIDDEN);
  wait_for_tile ("Place A3, Board ??????: NOT ALLOWED. Unplug.");
  digits = read_digits ("A3");
  scan (digits, "The board at A3 does not wait*");
  g_assert_cmpuint (a11y_count (world.window, ATSPI_ROLE_PUSH_BUTTON, "Lock *"), ==, 0);
}

static void
test_fail (void)
{
  plug (3);
  wait_for_tile ("Place A4, Board ??????: FAIL. Unplug.");
  unplug (3);
  wait_for_tile ("Place A4: EMPTY. Plug in.");
}

/* Nobody leaves a board in the middle of its run by accident. */
static void
stay (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  keyboard_press_with (KEYCODE_CONTROL, 'q');
  dialog = a11y_wait_dialog ("Quit in the Middle of Runs?");
  a11y_take_picture ("wall-quit");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "*Stay");
  a11y_wait_gone ("Quit in the Middle of Runs?");
}

static void
test_lock (void)
{
  g_autofree char *digits = read_digits ("A1");

  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Place A1, *"); /* has the focus now */
  scan ("KTL-0042", "Label KTL-0042 *A1*");
  scan (digits, "The board at A1 is confirmed.");
  wait_for_tile ("Place A1, Board ??????: READY. Lock.");
  a11y_take_picture ("wall-confirmed");
  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"slow-restart\","
                      "\"durationMs\":12000,\"times\":1}}"); /* time for a question in between */
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Lock 1 Board Forever");
  wait_for_tile ("Place A1, Board ??????: WORKING. Wait.");
  stay ();
  wait_for_tile ("Place A1, Board ??????: PASS. Unplug.");
  a11y_take_picture ("wall-pass");
  unplug (0);
  wait_for_tile ("Place A1: EMPTY. Plug in.");
}

/* The label of a unit that went is not free for another board. */
static void
test_label_taken (void)
{
  plug (1);
  wait_for_tile ("Place A2, Board ??????: READY. Scan ID.");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Place A2, *");
  scan ("KTL-0042", "Label KTL-0042 belongs to the board at A2.");
  wait_for_tile ("Place A2, Board ??????: STOPPED. Unplug.");
  wait_for (world.window, ATSPI_ROLE_LABEL, "The label KTL-0042 belongs to Board ?????? already.");
  unplug (1);
}

/* Armed by somebody who had to sign in for it: boards are locked when they are plugged in, but not
 * at the forbidden place, and not the one that was there before. */
static void
test_armed (void)
{
  static const char *const places[] = { "B1", "B2", "B3", "B4" };
  g_autoptr (AtspiAccessible) dialog = NULL;

  unplug (FORBIDDEN);
  wait_for_tile ("Place A3: NOT ALLOWED.");
  plug (LATE);
  wait_for_tile ("Place A2, Board ??????: READY. Scan ID.");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Arm…");
  dialog = a11y_wait_window ("Sign In");
  a11y_type (dialog, "Name*", "Ada Lovelace");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Sign In");
  a11y_wait_gone ("Sign In");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Arm…");
  g_clear_object (&dialog);
  dialog = a11y_wait_dialog ("Arm the Wall?");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "*Arm");
  a11y_wait_gone ("Arm the Wall?");
  wait_for (world.window, ATSPI_ROLE_LABEL, "ARMED BY Ada Lovelace: *");
  wait_for_tile ("Place A2, Board ??????: READY. Unplug, then plug in.");

  plug (FORBIDDEN);
  for (int i = 0; i < (int) G_N_ELEMENTS (places); i++)
    plug (FIRST_ARMED + i);
  a11y_take_picture ("wall-armed");
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *pass = g_strdup_printf ("Place %s, Board ??????: PASS. Unplug.", places[i]);

      wait_for_tile (pass);
    }
  wait_for_tile ("Place A3, Board ??????: NOT ALLOWED. Unplug.");
  wait_for_tile ("Place A2, Board ??????: READY. Unplug, then plug in.");
  a11y_take_picture ("wall-armed-pass");
  a11y_press (world.window, ATSPI_ROLE_PUSH_BUTTON, "Disarm");
  wait_for_tile ("Place A2, Board ??????: READY. Scan ID.");
}

/* What the boards were asked, by the boards: those were changed that somebody named, or plugged in
 * at an armed wall, each once, and no other. */
static void
test_trace (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize size;
  guint writes[BOARDS] = { 0 };

  g_assert_true (g_file_get_contents (world.trace, &text, &size, NULL));
  g_assert_cmpuint (size, >, world.trace_start);
  lines = g_strsplit (text + world.trace_start, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *board = strstr (lines[i], "\"board\":");
      gint64 index;

      if (board == NULL || strstr (lines[i], "\"GET\"") != NULL)
        continue;
      index = g_ascii_strtoll (board + strlen ("\"board\":"), NULL, 10);
      g_assert_cmpint (index, <, BOARDS);
      g_assert_true (index == 0 || index >= FIRST_ARMED);
      writes[index] += strstr (lines[i], "manufacturing_state") != NULL;
    }
  g_assert_cmpuint (writes[0], ==, 1);
  for (int i = FIRST_ARMED; i < BOARDS; i++)
    g_assert_cmpuint (writes[i], ==, 1);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-wall-XXXXXX", NULL);
  g_autoptr (GSubprocess) program = NULL;
  char *before;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 3);
  world.trace = argv[2];
  if (g_file_get_contents (world.trace, &before, &world.trace_start, NULL))
    g_free (before);
  if (argc > 3)
    a11y_set_pictures (argv[3]);
  world.recipe = g_build_filename (folder, "kettle.json", NULL);
  g_assert_true (g_file_set_contents (world.recipe, RECIPE, -1, NULL));
  for (int i = 0; i < BOARDS; i++)
    unplug (i);
  program = a11y_start (argv[1], NULL);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/wall-page/teach", test_teach);
  g_test_add_func ("/wall-page/recipe", test_recipe);
  g_test_add_func ("/wall-page/forbidden", test_forbidden);
  g_test_add_func ("/wall-page/fail", test_fail);
  g_test_add_func ("/wall-page/lock", test_lock);
  g_test_add_func ("/wall-page/label-taken", test_label_taken);
  g_test_add_func ("/wall-page/armed", test_armed);
  g_test_add_func ("/wall-page/trace", test_trace);
  status = g_test_run ();

  g_subprocess_force_exit (program);
  g_unlink (world.recipe);
  g_rmdir (folder);
  return status;
}
