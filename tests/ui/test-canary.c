/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "a11y.h"
#include "canary.h"
#include "lks-session-store.h"
#include "servicing-steps.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Where a capability can be found while a session is active and after it, and by whom: a known one
 * is put into the keyring and used by the real programs, then everything is searched for it. Runs
 * in a session with a keyring, with the board of servicing.json plugged in.
 *
 * test-canary LOCKSMITH LOCKSMITHCTL LOCKSMITH-EMULATOR */

#define OTHER_USER 65534 /* nobody */

typedef struct
{
  GBytes *capability;      /* (owned) (nullable): until it is known that the search can find it */
  Canary *canary;          /* (owned) */
  GSubprocess *program;    /* (owned) */
  AtspiAccessible *window; /* (owned) */
  const char *locksmithctl;
  const char *home; /* everything of this login is below it */
  char *log;        /* (owned): what the programs say */
} Run;

static Run run;

/* ---- the search ---- */

/* AddressSanitizer's shadow is larger than any disk, and what it keeps after its end is no core
 * image of the program that people run. */
static gboolean
can_search_memory (void)
{
#ifdef __SANITIZE_ADDRESS__
  return FALSE;
#else
  return TRUE;
#endif
}

static guint
count_when_written (const char *text, gssize size)
{
  g_autofree char *folder = g_build_filename (run.home, "found", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  guint files = 0;
  guint n;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, size, NULL));
  n = canary_count_folder (run.canary, run.home, &files);
  g_assert_cmpuint (files, >=, 1);
  g_unlink (path);
  g_rmdir (folder);
  return n;
}

/* A search that finds nothing proves nothing unless it can find something. */
static void
test_search_finds (void)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (run.capability, &size);
  g_autofree char *base64 = g_base64_encode (bytes, size);
  g_autofree char *header = g_strconcat ("AZSPHERE-CAPABILITIES: ", base64, "\r\n", NULL);
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02X", bytes[i]);
  g_assert_cmpuint (count_when_written ((const char *) bytes, (gssize) size), ==, 3);
  g_assert_cmpuint (count_when_written (header, -1), ==, 3);
  g_assert_cmpuint (count_when_written (hex->str, -1), ==, 3);
  if (can_search_memory ())
    g_assert_cmpuint (canary_count_memory (run.canary, getpid ()).core, >, 0);
  g_string_free (hex, TRUE);
  g_clear_pointer (&run.capability, g_bytes_unref);
}

static void
check_files (void)
{
  guint files = 0;

  g_assert_cmpuint (canary_count_folder (run.canary, run.home, &files), ==, 0);
  g_test_message ("%u files", files);
  g_assert_cmpuint (files, >, 5);
}

/* Of all processes that can be looked at, not only ours. */
static void
check_command_lines (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *command_line = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *environment = g_build_filename ("/proc", name, "environ", NULL);

      if (!g_ascii_isdigit (name[0]))
        continue;
      g_assert_cmpuint (canary_count_file (run.canary, command_line), ==, 0);
      g_assert_cmpuint (canary_count_file (run.canary, environment), ==, 0);
      n++;
    }
  g_assert_cmpuint (n, >, 3);
}

/* ---- the session ---- */

static GPid
get_pid (void)
{
  return (GPid) g_ascii_strtoll (g_subprocess_get_identifier (run.program), NULL, 10);
}

/* With everything that it ever tells. */
static void
run_logged (const char *command)
{
  g_autofree char *line = g_strdup_printf ("G_MESSAGES_DEBUG=all \"$0\" %s >>\"$1\" 2>&1", command);
  const char *const argv[] = { "/bin/sh", "-c", line, run.locksmithctl, run.log, NULL };

  servicing_run (argv, NULL);
}

static void
await_label (const char *pattern)
{
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LABEL, pattern));
}

static void
start_session (void)
{
  g_autoptr (AtspiAccessible) dialog = NULL;

  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Start Servicing Session…");
  dialog = a11y_wait_window ("Start Servicing Session");
  a11y_press (dialog, ATSPI_ROLE_PUSH_BUTTON, "Start Session");
  a11y_wait_gone ("Start Servicing Session");
  await_label ("*The board is open for you.");
}

static void
test_while_active (void)
{
  CanaryMemory memory;

  run.window = a11y_wait_window ("Locksmith");
  await_label ("Finished and locked: *Your vault has a capability for it: *");
  start_session ();
  /* What the board refused before is read now. */
  g_object_unref (a11y_wait (run.window, ATSPI_ROLE_LIST_ITEM, "Installed applications: *"));
  run_logged ("capability list");
  run_logged ("session status");

  check_files ();
  check_command_lines ();
  if (!can_search_memory ())
    return;

  memory = canary_count_memory (run.canary, get_pid ());
  g_assert_cmpuint (memory.excluded, >, 0);
  g_assert_cmpuint (memory.core, ==, 0);
}

/* ---- another user ---- */

static void
become_other (gpointer unused)
{
  if (setgid (OTHER_USER) != 0 || setuid (OTHER_USER) != 0)
    _exit (126);
}

static gboolean
can_other (const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, become_other, NULL, NULL);
  program = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  g_assert_cmpint (g_subprocess_get_exit_status (program), !=, 126);
  return g_subprocess_get_successful (program);
}

static gboolean
can_other_read (const char *path)
{
  const char *const argv[] = { "/bin/cat", path, NULL };

  return can_other (argv);
}

/* Every file of @folder, at least one. */
static void
check_closed (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      g_assert_false (can_other_read (below));
      n++;
    }
  g_assert_cmpuint (n, >, 0);
}

/* Homes that others may look into are common; the runtime directory is always closed. */
static void
open_home (void)
{
  static const char *const folders[] = { ".", "home", "data", "config", "state", "cache", "log" };
  g_autofree char *shared = g_build_filename (run.home, "home", "shared", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (run.home, folders[i], NULL);

      g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
    }
  g_assert_true (g_file_set_contents (shared, "for all", -1, NULL));
  g_assert_true (can_other_read (shared));
  g_unlink (shared);
}

static void
test_other_user (void)
{
  g_autofree char *sessions = lks_session_store_dup_default_folder ();
  g_autofree char *keyrings = g_build_filename (g_get_user_data_dir (), "keyrings", NULL);
  g_autofree char *environment = g_strdup_printf ("/proc/%d/environ", get_pid ());
  g_autofree char *memory = g_strdup_printf ("/proc/%d/mem", get_pid ());
  g_autofree char *address = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));
  const char *const call[] = { "gdbus",
                               "call",
                               "--address",
                               address,
                               "--dest",
                               "org.freedesktop.secrets",
                               "--object-path",
                               "/org/freedesktop/secrets",
                               "--method",
                               "org.freedesktop.DBus.Peer.Ping",
                               NULL };

  if (getuid () != 0)
    {
      g_test_skip ("only the superuser can act for another user");
      return;
    }

  servicing_run (call, NULL);
  open_home ();
  check_closed (sessions);
  check_closed (keyrings);
  g_assert_false (can_other_read (environment));
  g_assert_false (can_other_read (memory));
  g_assert_false (can_other (call));
}

/* ---- afterwards ---- */

static void
test_after_the_end (void)
{
  CanaryMemory memory;

  run_logged ("session end");
  await_label ("*The capability was wiped from memory*");
  await_label ("Finished and locked: *");

  check_files ();
  check_command_lines ();
  if (!can_search_memory ())
    return;

  memory = canary_count_memory (run.canary, get_pid ());
  g_assert_cmpuint (memory.core, ==, 0);
  g_assert_cmpuint (memory.excluded, ==, 0);
}

static void
test_program_ends (void)
{
  g_autoptr (GError) error = NULL;

  a11y_press (run.window, ATSPI_ROLE_PUSH_BUTTON, "Close");
  g_assert_true (g_subprocess_wait_check (run.program, NULL, &error));
  g_assert_no_error (error);
  check_files ();
}

/* What is given away: a support bundle of a board that was open. It is packed, and searched as it
 * is and unpacked. */
static void
test_bundle (void)
{
  g_autofree char *folder = g_build_filename (run.home, "bundle", NULL);
  g_autofree char *zip = g_build_filename (folder, "bundle.zip", NULL);
  g_autofree char *save = g_strdup_printf ("support save '%s'", zip);
  const char *const unzip[] = { "unzip", "-q", "-d", folder, zip, NULL };
  guint files = 0;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  run_logged ("session start --task logs");
  run_logged (save);
  servicing_run (unzip, NULL);
  g_assert_cmpuint (canary_count_folder (run.canary, folder, &files), ==, 0);
  g_assert_cmpuint (files, >, 3);
  check_files ();
  run_logged ("session end");
  check_files ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 4);
  run.locksmithctl = argv[2];
  run.home = g_path_get_dirname (g_get_home_dir ());
  run.log = g_build_filename (run.home, "log", "locksmith", NULL);
  run.capability = servicing_import_capability (argv[3], argv[2]);
  run.canary = canary_new (run.capability);
  run.program = servicing_start_program (argv[1], argv[2], run.log);
  a11y_init ("locksmith");

  g_test_add_func ("/canary/1-search-finds", test_search_finds);
  g_test_add_func ("/canary/2-while-active", test_while_active);
  g_test_add_func ("/canary/3-other-user", test_other_user);
  g_test_add_func ("/canary/4-after-the-end", test_after_the_end);
  g_test_add_func ("/canary/5-program-ends", test_program_ends);
  g_test_add_func ("/canary/6-bundle", test_bundle);
  return g_test_run ();
}
