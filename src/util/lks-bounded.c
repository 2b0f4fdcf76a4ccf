/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bounded.h"

#include "lks-worker.h"

/* Who said what comes of it. */
enum
{
  BY_NOBODY,
  BY_WORK,
  BY_CLOCK,
};

/* Task data of what is done. */
typedef struct
{
  guint limit_s;
  GTaskThreadFunc func;
  gpointer data;            /* (owned) (nullable) */
  GDestroyNotify free_data; /* (nullable) */
  int answered;             /* (atomic) */
  GTask *answer;            /* (owned) (nullable): goes to whoever answers */
} Work;

/* Task data of the answer, there until it came. */
typedef struct
{
  GTask *task;       /* (owned): with a Work */
  GSource *too_late; /* (owned) */
  GAsyncReadyCallback callback;
  gpointer user_data;
} Wait;

static void
work_clear_data (Work *self)
{
  if (self->data != NULL && self->free_data != NULL)
    self->free_data (self->data);
  self->data = NULL;
}

static void
work_free (gpointer data)
{
  Work *self = data;

  work_clear_data (self);
  g_free (self);
}

/* NULL: somebody was faster. */
static GTask *
steal_answer (Work *self, int by)
{
  return g_atomic_int_compare_and_exchange (&self->answered, BY_NOBODY, by)
             ? g_steal_pointer (&self->answer)
             : NULL;
}

static void
work_in_thread (GTask *task, gpointer unused, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (GTask) answer = NULL;

  work->func (task, NULL, work->data, cancellable);
  answer = steal_answer (work, BY_WORK);
  if (answer != NULL)
    g_task_return_pointer (answer, g_object_ref (task), g_object_unref);
}

static gboolean
give_up_cb (gpointer task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (GTask) answer = steal_answer (work, BY_CLOCK);

  if (answer == NULL)
    return G_SOURCE_REMOVE;

  g_cancellable_cancel (g_task_get_cancellable (task));
  g_task_return_new_error (answer, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "it has not answered within %u s", work->limit_s);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (GObject *unused, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  Work *work = g_task_get_task_data (wait->task);

  g_source_destroy (wait->too_late);
  g_source_unref (wait->too_late);
  if (g_atomic_int_get (&work->answered) == BY_WORK)
    work_clear_data (work);
  wait->callback (NULL, result, wait->user_data);
  g_object_unref (wait->task);
  g_free (wait);
}

/* What it needs ends in the context of @task, whenever that is. */
static GTask *
task_new (guint limit_s, GTaskThreadFunc func, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GTask *task = g_task_new (NULL, cancellable, NULL, NULL);
  Work *work = g_new0 (Work, 1);

  work->limit_s = limit_s;
  work->func = func;
  work->data = data;
  work->free_data = free_data;
  g_task_set_source_tag (task, task_new);
  g_task_set_task_data (task, work, work_free);
  return task;
}

/* Takes @task. The answer comes in the context of the caller. */
static void
start (GTask *task, GAsyncReadyCallback callback, gpointer user_data)
{
  Work *work = g_task_get_task_data (task);
  Wait *wait = g_new0 (Wait, 1);

  wait->task = task;
  wait->callback = callback;
  wait->user_data = user_data;
  work->answer = g_task_new (NULL, NULL, answered_cb, wait);
  g_task_set_source_tag (work->answer, lks_bounded_run_async);
  wait->too_late = g_timeout_source_new_seconds (work->limit_s);
  g_source_set_callback (wait->too_late, give_up_cb, g_object_ref (task), g_object_unref);
  g_source_attach (wait->too_late, g_main_context_get_thread_default ());
  lks_worker_run_alone (task, work_in_thread);
}

/**
 * lks_bounded_run_async:
 * @limit_s: how long, in seconds
 * @func: what is done, on a thread of its own, with @data as its data; returns a pointer
 * @data: (transfer full): for @func
 * @free_data: of @data
 * @callback: called when it is done, or when it takes too long
 * @user_data: for @callback
 *
 * Does what asks others and may hang, in a name server for example: whoever takes too long is
 * cancelled and left behind. A thread whose main context turns; @data is freed there, before
 * @callback or, of what was left behind, whenever it ends.
 */
void
lks_bounded_run_async (guint limit_s,
                       GTaskThreadFunc func,
                       gpointer data,
                       GDestroyNotify free_data,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  start (task_new (limit_s, func, data, free_data), callback, user_data);
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
  g_autoptr (GTask) task = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  task = g_task_propagate_pointer (G_TASK (result), error);
  return task != NULL ? g_task_propagate_pointer (task, error) : NULL;
}

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * lks_bounded_run:
 * @limit_s: how long, in seconds
 * @func: what is done, on a thread of its own, with @data as its data; returns a pointer
 * @data: (transfer full): for @func
 * @free_data: of @data
 * @error: return location for the error of the function, or `G_IO_ERROR_TIMED_OUT`
 *
 * lks_bounded_run_async() for a worker. Blocks, for so long at most. @data of what was left behind
 * is freed on the main thread.
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
  GTask *task = task_new (limit_s, func, data, free_data); /* at home where somebody stays */
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  start (task, keep_cb, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return lks_bounded_run_finish (result, error);
}
