/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servicing-steps.h"

#include <glib/gstdio.h>

/* Runs a program that must succeed; its standard output goes to @out_text when that is asked for.
 */
void
servicing_run (const char *const *argv, char **out_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
      g_subprocess_newv (argv,
                         out_text != NULL ? G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                          : G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                         &error);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (program, NULL, NULL, out_text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (program));
}

/* Boards appear one by one, and so do their rows: those before are waited for, too. */
void
servicing_select_board (AtspiAccessible *window, int row)
{
  g_autoptr (AtspiAccessible) list = a11y_wait (window, ATSPI_ROLE_LIST, "Attached boards");

  for (int i = 0; i <= row; i++)
    {
      g_autofree char *pattern = g_strdup_printf ("*place 1-%d, *", i + 1);

      g_object_unref (a11y_wait (list, ATSPI_ROLE_LIST_ITEM, pattern));
    }
  a11y_select (list, row);
}

/* Makes a capability for the board. (transfer full): its file, alone in a folder */
char *
servicing_make_capability (const char *emulator)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-servicing-XXXXXX", NULL);
  char *file = g_build_filename (folder, "board.cap", NULL);
  g_autofree char *state = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  const char *const make[] = {
    emulator, "capability",     "--state-dir", state, "--device", SERVICING_DEVICE,
    "--kind", "fieldServicing", "--output",    file,  NULL
  };

  servicing_run (make, NULL);
  return file;
}

/* Puts a capability for the board into the keyring, as a technician would; its file is gone
 * afterwards. (transfer full): what was in it */
GBytes *
servicing_import_capability (const char *emulator, const char *locksmithctl)
{
  g_autofree char *file = servicing_make_capability (emulator);
  g_autofree char *folder = g_path_get_dirname (file);
  const char *const import[] = { locksmithctl, "capability", "import", file, NULL };
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize size = 0;

  g_assert_true (g_file_get_contents (file, &bytes, &size, &error));
  g_assert_no_error (error);
  servicing_run (import, NULL);
  g_unlink (file);
  g_rmdir (folder);
  return g_bytes_new_take (bytes, size);
}

/* Starts the program with a window, which finds its sister in PATH as an installed one does beside
 * itself. With a @log_path it tells all that it ever tells, and there. */
GSubprocess *
servicing_start_program (const char *locksmith, const char *locksmithctl, const char *log_path)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (log_path != NULL ? G_SUBPROCESS_FLAGS_STDERR_MERGE : 0);
  g_autofree char *folder = g_path_get_dirname (locksmithctl);
  g_autofree char *path = g_strdup_printf ("%s:%s", folder, g_getenv ("PATH"));
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_subprocess_launcher_setenv (launcher, "PATH", path, TRUE);
  if (log_path != NULL)
    {
      g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
      g_subprocess_launcher_set_stdout_file_path (launcher, log_path);
    }
  program = g_subprocess_launcher_spawn (launcher, &error, locksmith, NULL);
  g_assert_no_error (error);
  return program;
}
