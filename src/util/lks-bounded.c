/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bounded.h"

typedef struct
{
  GSource *too_late; /* (owned): gives up */
  GAsyncReadyCallback callback;
  gpointer user_data;
} Bound;

static gboolean
give_up_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bound *bound = user_data;

  g_source_destroy (bound->too_late);
  g_source_unref (bound->too_late);
  bound->callback (NULL, result, bound->user_data);
  g_free (bound);
}

/**
 * lks_bounded_run_async:
 * @limit_s: how long, in seconds
 * @func: what is done, on a thread of its own, with @data as its task data; returns a pointer
 * @data: (transfer full): for @func
 * @free_data: of @data
 * @callback: called when it is done, or when it takes too long
 * @user_data: for @callback
 *
 * Does what asks others and may hang, in a name server for example: whoever takes too long is
 * cancelled and left behind, with @data, which it frees whenever it ends. A thread whose main
 * context turns.
 */
void
lks_bounded_run_async (guint limit_s,
                       GTaskThreadFunc func,
                       gpointer data,
                       GDestroyNotify free_data,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Bound *bound = g_new0 (Bound, 1);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done_cb, bound);

  bound->callback = callback;
  bound->user_data = user_data;
  bound->too_late = g_timeout_source_new_seconds (limit_s);
  g_source_set_callback (bound->too_late, give_up_cb, g_object_ref (cancellable), g_object_unref);
  g_source_attach (bound->too_late, g_main_context_get_thread_default ());
  g_object_set_data (G_OBJECT (task), "limit-s", GUINT_TO_POINTER (limit_s));
  g_task_set_source_tag (task, lks_bounded_run_async);
  g_task_set_task_data (task, data, free_data);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, func);
}

/**
 * lks_bounded_run_finish:
 * @result: the result
 * @error: return location for the error of the function, or `G_IO_ERROR_TIMED_OUT`
 *
 * Returns: (transfer full) (nullable): what the function returned
 */
gpointer
lks_bounded_run_finish (GAsyncResult *result, GError **error)
{
  const guint limit_s = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (result), "limit-s"));
  g_autoptr (GError) local = NULL;
  gpointer found;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  found = g_task_propagate_pointer (G_TASK (result), &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "it has not answered within %u s",
                 limit_s);
  else if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return found;
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * lks_bounded_run:
 * @limit_s: how long, in seconds
 * @func: what is done, on a thread of its own, with @data as its task data; returns a pointer
 * @data: (transfer full): for @func
 * @free_data: of @data
 * @error: return location for the error of the function, or `G_IO_ERROR_TIMED_OUT`
 *
 * lks_bounded_run_async() for a worker. Blocks, for so long at most.
 *
 * Returns: (transfer full) (nullable): what the function returned
 */
gpointer
lks_bounded_run (guint limit_s,
                 GTaskThreadFunc func,
                 gpointer data,
                 GDestroyNotify free_data,
                 GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  lks_bounded_run_async (limit_s, func, data, free_data, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return lks_bounded_run_finish (result, error);
}
