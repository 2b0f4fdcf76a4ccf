/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-control.h"
#include "keyboard.h"
#include "servicing-steps.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* The page Software of the real program, with keys alone, on the boards of software-boards.json:
 *
 *   1-1  open, with two applications and the debug server
 *   1-2  finished, and appDevelopment was forgotten on it
 *   1-3  locked
 *   1-4  open; its cable is pulled
 *
 * test-software-page LOCKSMITH LOCKSMITH-EMULATOR [FOLDER-FOR-PICTURES] */

#define KEY_ESCAPE 0xff1b
#define KEY_SPACE 0x20

#define NEW "bbbbbbbb-0000-4000-8000-000000000001"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtspiText, g_object_unref)

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
wait_for_status (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_STATUS_BAR, pattern));
}

static void
wait_for_alert (AtspiAccessible *below, const char *pattern)
{
  g_object_unref (a11y_wait (below, ATSPI_ROLE_ALERT, pattern));
}

static char *
path_of (const char *name)
{
  return g_build_filename (world.folder, name, NULL);
}

/* A package that the emulator signs as production images are, with a program of some size. */
static char *
make_app (const char *name, const char *component_id, gsize size_bytes)
{
  g_autofree char *file = g_strdup_printf ("%s.imagepackage", name);
  g_autofree char *manifest_path = path_of ("app_manifest.json");
  g_autofree char *program_path = path_of ("program");
  g_autofree char *state = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autofree char *program = g_malloc (size_bytes);
  g_autofree char *manifest = g_strdup_printf (
      "{\"SchemaVersion\":1,\"Name\":\"%s\",\"ComponentId\":\"%s\",\"EntryPoint\":\"/bin/app\","
      "\"Capabilities\":{\"Gpio\":[8]},\"ApplicationType\":\"Default\"}",
      name, component_id);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  char *path = path_of (file);
  const char *const make[] = {
    world.emulator, "image",      "--state-dir", state,         "--component", component_id,
    "--name",       name,         "--manifest",  manifest_path, "--program",   program_path,
    "--signer",     "production", "--output",    path,          NULL
  };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < size_bytes; i++) /* nothing makes it smaller on its way */
    program[i] = (char) g_rand_int_range (rand, 0, 256);
  g_file_set_contents (manifest_path, manifest, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (program_path, program, (gssize) size_bytes, &error);
  g_assert_no_error (error);
  servicing_run (make, NULL);
  return path;
}

static char *
make_capability (const char *kind)
{
  g_autofree char *file = g_strdup_printf ("%s.cap", kind);
  g_autofree char *state = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  char *path = path_of (file);
  const char *const make[] = { world.emulator, "capability", "--state-dir",
                               state,          "--device",   SERVICING_DEVICE,
                               "--kind",       kind,         "--output",
                               path,           NULL };

  servicing_run (make, NULL);
  return path;
}

/* (transfer full): the dialog about an image */
static AtspiAccessible *
open_image (const char *path)
{
  keyboard_activate (world.window, "Install Images…");
  keyboard_choose_file ("Choose Images", path);
  return a11y_wait_dialog ("Install Images");
}

/* Slow enough that somebody can look at what is sent. */
static void
set_pace (guint board, guint bytes_per_second)
{
  bench_control_tell ("{\"command\":\"pace\",\"board\":%u,\"bytesPerSecond\":%u}", board,
                      bytes_per_second);
}

/* ---- cases ---- */

static void
test_shown (void)
{
  world.window = a11y_wait_window ("Locksmith");
  wait_for_row (world.window, "*place 1-4, *");
  select_board (0);
  wait_for_row (world.window, "Blink. Running. *storage 3 of 8 KiB*component aaaaaaaa-*");
  wait_for_row (world.window, "gdbserver. *");
  wait_for_label (world.window, "*in use now; at most*");
  a11y_take_picture ("software");
}

static void
test_stop_and_start (void)
{
  keyboard_activate (world.window, "Stop Blink");
  wait_for_row (world.window, "Blink. Stopped. *");
  a11y_take_picture ("software-stopped");
  keyboard_activate (world.window, "Start Blink");
  wait_for_row (world.window, "Blink. Running. *");
}

static void
wait_for_text (AtspiAccessible *below, const char *name, int n_characters)
{
  g_autoptr (AtspiAccessible) object = a11y_wait (below, ATSPI_ROLE_TEXT, name);
  g_autoptr (AtspiText) text = atspi_accessible_get_text_iface (object);
  gint64 end_us = g_get_monotonic_time () + A11Y_WAIT_S * G_USEC_PER_SEC;

  while (atspi_text_get_character_count (text, NULL) < n_characters)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_usleep (50 * 1000);
    }
}

/* It is put back before the window goes, and the page knows. What was written is saved for the
 * person alone. */
static void
test_output (void)
{
  g_autofree char *path = path_of ("output.txt");
  g_autofree char *text = NULL;
  g_autoptr (AtspiAccessible) output = NULL;
  struct stat info;

  keyboard_activate (world.window, "Show the output of Blink");
  output = a11y_wait_window ("Output of Blink");
  wait_for_label (output, "The output comes from port 2342 of the board, *");
  keyboard_tab_to (output, ATSPI_ROLE_TEXT, "What the application writes");
  wait_for_text (output, "What the application writes", 40);
  a11y_take_picture ("software-output");
  keyboard_activate (output, "Stop");
  wait_for_label (output, "The application was put back as it was.");
  a11y_take_picture ("software-output-over");
  keyboard_activate (output, "Save…");
  keyboard_save_file ("Save Output", path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "Remote debugging from host 192.168.35.1"));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  wait_for_label (output, "Saved as output.txt");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Output of Blink");
  wait_for_row (world.window, "Blink. Running. *");
}

static void
test_install (void)
{
  g_autofree char *path = make_app ("Chime", NEW, 60000);
  g_autoptr (AtspiAccessible) dialog = open_image (path);

  wait_for_row (dialog, "Chime. No restart. application*probably signed for production*");
  wait_for_row (dialog, "Will the board restart?: No restart. *");
  a11y_take_picture ("software-install");
  keyboard_activate (dialog, "Install");
  wait_for_status (dialog, "Done. The board says that it has these very images.");
  wait_for_row (dialog, "Chime. Running. *");
  a11y_take_picture ("software-installed");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Install Images");
  wait_for_row (world.window, "Chime. Running. *");
}

/* What the board will refuse is sent only when the person insists, and then the board refuses. */
static void
test_faulty (void)
{
  g_autofree char *path = make_app ("Broken", NEW, 3000);
  g_autofree char *bytes = NULL;
  g_autoptr (AtspiAccessible) dialog = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  bytes[100] ^= 0x10;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  dialog = open_image (path);
  wait_for_row (dialog, "The image is faulty. Will fail. *");
  wait_for_row (dialog, "Broken. Faulty. *");
  a11y_take_picture ("software-faulty");
  keyboard_tab_to (dialog, ATSPI_ROLE_CHECK_BOX, "Send it all the same*");
  keyboard_press (KEY_SPACE);
  keyboard_activate (dialog, "Install");
  wait_for_alert (dialog, "*found the request impossible*");
  a11y_take_picture ("software-refused");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Install Images");
}

static void
test_no_image (void)
{
  g_autofree char *path = path_of ("notes.txt");
  g_autoptr (AtspiAccessible) dialog = NULL;

  g_assert_true (g_file_set_contents (path, "no image at all", -1, NULL));
  dialog = open_image (path);
  wait_for_alert (dialog, "*notes.txt*");
  a11y_take_picture ("software-no-image");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Install Images");
}

static void
test_stopped (void)
{
  g_autofree char *path = make_app ("Large", NEW, 400000);
  g_autoptr (AtspiAccessible) dialog = open_image (path);

  wait_for_row (dialog, "Large. No restart. *");
  set_pace (0, 12000);
  keyboard_activate (dialog, "Install");
  wait_for_status (dialog, "Leave the cable in. *");
  wait_for_label (dialog, "Sending “Large”: *KiB of *");
  a11y_take_picture ("software-sending");
  keyboard_activate (dialog, "Stop");
  set_pace (0, 92160);
  wait_for_status (dialog, "Nothing was sent yet. *");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Install Images");
  wait_for_row (world.window, "Chime. Running. *");
}

static void
test_locked (void)
{
  select_board (2);
  wait_for_label (world.window, "*locked*");
  a11y_take_picture ("software-locked");
}

/* A finished board that stayed open: the note leads here, and only the empty file helps. */
static void
test_remove_stored (void)
{
  g_autofree char *key = make_capability ("appDevelopment");
  g_autofree char *empty = make_capability ("none");
  g_autoptr (AtspiAccessible) refused = NULL;
  g_autoptr (AtspiAccessible) dialog = NULL;

  servicing_select_board (world.window, 1);
  a11y_press (world.window, ATSPI_ROLE_PAGE_TAB, "Status");
  a11y_take_picture ("software-danger");
  keyboard_activate (world.window, "Show the Way Out");
  wait_for_label (world.window, "appDevelopment*");
  a11y_take_picture ("software-stored");

  keyboard_activate (world.window, "Remove the stored capability");
  keyboard_choose_file ("The Empty Capability File of This Board", key);
  refused = a11y_wait_dialog ("Remove the Stored Capability");
  wait_for_alert (refused, "*grants capabilities instead of taking them away*");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Remove the Stored Capability");

  keyboard_activate (world.window, "Remove the stored capability");
  keyboard_choose_file ("The Empty Capability File of This Board", empty);
  dialog = a11y_wait_dialog ("Remove the Stored Capability");
  wait_for_row (dialog, "Will the board restart?: Restarts. *");
  a11y_take_picture ("software-remove-stored");
  keyboard_activate (dialog, "Remove and Restart Board");
  wait_for_status (dialog,
                   "Done. The board has restarted, and lists no stored capability any more.");
  a11y_take_picture ("software-removed-stored");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Remove the Stored Capability");
  wait_for_label (world.window, "Finished and locked: *");
}

/* The cable is pulled while an image is sent. */
static void
test_unplugged (void)
{
  g_autofree char *path = make_app ("Lost", NEW, 400000);
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (3);
  wait_for_label (world.window, "No application is installed.");
  dialog = open_image (path);
  wait_for_row (dialog, "Lost. No restart. *");
  set_pace (3, 12000);
  keyboard_activate (dialog, "Install");
  wait_for_label (dialog, "Sending “Lost”: *KiB of *");
  bench_control_tell ("{\"command\":\"unplug\",\"board\":3}");
  wait_for_status (dialog, "The board was not asked, or did not answer.");
  a11y_take_picture ("software-unplugged");
  keyboard_press (KEY_ESCAPE);
  a11y_wait_gone ("Install Images");
}

static void
test_delete (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  select_board (0);
  keyboard_activate (world.window, "Delete Beacon");
  dialog = a11y_wait_dialog ("Delete Applications");
  wait_for_status (dialog, "3 applications stay.");
  keyboard_tab_to (dialog, ATSPI_ROLE_CHECK_BOX, "Chime*");
  keyboard_press (KEY_SPACE);
  wait_for_status (dialog, "2 applications stay.");
  wait_for_row (dialog, "Will the board restart?: No restart. *");
  a11y_take_picture ("software-delete");
  keyboard_activate (dialog, "Delete 2 Applications");
  a11y_wait_gone ("Delete Applications");
  wait_for_label (world.window, "2 applications with *");
  wait_for_row (world.window, "Blink. Running. *");
  g_assert_cmpuint (a11y_count (world.window, ATSPI_ROLE_LIST_ITEM, "Beacon. *"), ==, 0);
  g_assert_cmpuint (a11y_count (world.window, ATSPI_ROLE_LIST_ITEM, "Chime. *"), ==, 0);
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
      g_autofree char *path = path_of (name);

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
  world.folder = g_dir_make_tmp ("lks-software-page-XXXXXX", &error);
  g_assert_no_error (error);
  world.program = g_subprocess_new (0, &error, argv[1], NULL);
  g_assert_no_error (error);
  a11y_init ("locksmith");
  keyboard_init ();

  g_test_add_func ("/software-page/1-shown", test_shown);
  g_test_add_func ("/software-page/2-stop-and-start", test_stop_and_start);
  g_test_add_func ("/software-page/2-output", test_output);
  g_test_add_func ("/software-page/3-install", test_install);
  g_test_add_func ("/software-page/4-faulty", test_faulty);
  g_test_add_func ("/software-page/5-no-image", test_no_image);
  g_test_add_func ("/software-page/6-stopped", test_stopped);
  g_test_add_func ("/software-page/7-locked", test_locked);
  g_test_add_func ("/software-page/8-remove-stored", test_remove_stored);
  g_test_add_func ("/software-page/9-unplugged", test_unplugged);
  g_test_add_func ("/software-page/a-delete", test_delete);
  g_test_add_func ("/software-page/b-program-ends", test_program_ends);

  result = g_test_run ();
  remove_folder ();
  return result;
}
