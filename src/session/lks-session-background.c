/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-background.h"

#include "lks-worker.h"

#include <gio/gunixinputstream.h>
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

/* It says one byte when it watches, and closes the pipe when it does not. */
static gboolean
wait_for_word (GInputStream *pipe, guint limit_ms, GCancellable *cancellable, GError **error)
{
  const gint64 deadline_us = g_get_monotonic_time () + (gint64) limit_ms * 1000;
  GPollFD fds[] = {
    { .fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (pipe)), .events = G_IO_IN },
    { .fd = -1 },
  };
  const gboolean has_fd = g_cancellable_make_pollfd (cancellable, &fds[1]);
  gint64 left_us = (gint64) limit_ms * 1000;
  char byte;

  while (left_us > 0 && fds[0].revents == 0 && !g_cancellable_is_cancelled (cancellable))
    {
      g_poll (fds, has_fd ? 2 : 1, (int) (left_us / 1000) + 1);
      left_us = deadline_us - g_get_monotonic_time ();
    }
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  if (g_cancellable_is_cancelled (cancellable))
    return fail ("that was cancelled", error);
  if (fds[0].revents == 0)
    return fail ("it does not say that it does; try again, or end the session", error);
  if (g_input_stream_read (pipe, &byte, 1, NULL, NULL) != 1)
    return fail ("it ended at once", error);
  return TRUE;
}

/**
 * lks_session_keep_in_background:
 * @limit_ms: how long it is waited for, in milliseconds; LKS_SESSION_KEEP_LIMIT_MS
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.SessionError], NOT_KEPT
 *
 * Starts a program without a window that watches over the session of this user until it ends, and
 * waits until it does. It holds no capability and talks to no board. Blocks for some moments. A
 * program that does not watch in time is ended.
 *
 * Returns: whether it watches
 */
gboolean
lks_session_keep_in_background (guint limit_ms, GCancellable *cancellable, GError **error)
{
  g_autofree char *program = find_program ();
  const char *const argv[] = { program, "session", "keep", NULL };
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) keeper = NULL;
  g_autoptr (GError) local = NULL;

  if (program == NULL)
    return fail (PROGRAM " is not installed", error);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, leave_terminal, NULL, NULL);
  keeper = g_subprocess_launcher_spawnv (launcher, argv, &local);
  if (keeper == NULL)
    return fail (local->message, error);
  if (wait_for_word (g_subprocess_get_stdout_pipe (keeper), limit_ms, cancellable, error))
    return TRUE;
  g_subprocess_force_exit (keeper); /* not by a signal at which it would end the session */
  return FALSE;
}

static void
keep_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (lks_session_keep_in_background (LKS_SESSION_KEEP_LIMIT_MS, cancellable, &error))
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
 * lks_session_keep_in_background() without waiting, with the limit LKS_SESSION_KEEP_LIMIT_MS.
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
