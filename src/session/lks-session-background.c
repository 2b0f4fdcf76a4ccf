/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-background.h"

#include "lks-worker.h"

#include <unistd.h>

#define PROGRAM "locksmithctl"

/* Beside this program when installed, otherwise wherever programs are. */
static char *
find_program (void)
{
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = own != NULL ? g_path_get_dirname (own) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, PROGRAM, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_find_program_in_path (PROGRAM);
}

/* In the child: it outlives the terminal that this program belongs to. */
static void
leave_terminal (gpointer unused)
{
  setsid ();
}

static gboolean
fail (const char *message, GError **error)
{
  g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NOT_KEPT,
               "no program could be started to watch over the session: %s", message);
  return FALSE;
}

/**
 * lks_session_keep_in_background:
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.SessionError], NOT_KEPT
 *
 * Starts a program without a window that watches over the session of this user until it ends, and
 * waits until it does. It holds no capability and talks to no board. Blocks for some moments.
 *
 * Returns: whether it watches
 */
gboolean
lks_session_keep_in_background (GCancellable *cancellable, GError **error)
{
  g_autofree char *program = find_program ();
  const char *const argv[] = { program, "session", "keep", NULL };
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) keeper = NULL;
  g_autoptr (GError) local = NULL;
  char byte;

  if (program == NULL)
    return fail (PROGRAM " is not installed", error);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  keeper = g_subprocess_launcher_spawnv (launcher, argv, &local);
  if (keeper == NULL)
    return fail (local->message, error);
  /* It says one byte when it watches, and closes the pipe when it does not. */
  if (g_input_stream_read (g_subprocess_get_stdout_pipe (keeper), &byte, 1, cancellable, &local) ==
      1)
    return TRUE;
  return fail (local != NULL ? local->message : "it ended at once", error);
}

static void
keep_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (lks_session_keep_in_background (cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_session_keep_in_background_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when it watches, or does not
 * @user_data: for @callback
 *
 * lks_session_keep_in_background() without waiting.
 */
void
lks_session_keep_in_background_async (GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, lks_session_keep_in_background_async);
  lks_worker_run_alone (task, keep_in_thread);
}

/**
 * lks_session_keep_in_background_finish:
 * @result: the result
 * @error: return location for a [error@Lks.SessionError], NOT_KEPT
 *
 * Returns: whether it watches
 */
gboolean
lks_session_keep_in_background_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
