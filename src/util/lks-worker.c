/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-worker.h"

#include "lks-secret-trace.h"

struct _LksWorker
{
  GObject parent_instance;

  GAsyncQueue *jobs; /* (owned) (element-type Job) */
  GThread *thread;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksWorker, lks_worker, G_TYPE_OBJECT)

typedef struct
{
  GTask *task;          /* (owned) (nullable): NULL ends the thread */
  GTaskThreadFunc func; /* (nullable): NULL with @task NULL */
} Job;

static gboolean
nothing_more_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* The last reference of a task keeps its source object alive and must be dropped where the
 * task was made, or dispose would now and then run on the worker and wait for itself. */
static void
give_back (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, nothing_more_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static Job *
job_new (GTask *task, GTaskThreadFunc func)
{
  Job *job = g_new (Job, 1);

  job->task = task;
  job->func = func;
  return job;
}

static void
job_run (Job *job)
{
  if (!g_task_return_error_if_cancelled (job->task))
    {
      job->func (job->task, g_task_get_source_object (job->task), g_task_get_task_data (job->task),
                 g_task_get_cancellable (job->task));
      lks_secret_burn_traces (); /* it may have handled one */
    }
  give_back (job->task);
}

static gpointer
run_jobs (gpointer data)
{
  GAsyncQueue *jobs = data;

  for (;;)
    {
      g_autofree Job *job = g_async_queue_pop (jobs);

      if (job->task == NULL)
        break;
      job_run (job);
    }

  g_async_queue_unref (jobs);
  return NULL;
}

static void
run_alone (gpointer data, gpointer unused)
{
  g_autofree Job *job = data;

  job_run (job);
}

static void
lks_worker_dispose (GObject *object)
{
  LksWorker *self = LKS_WORKER (object);

  /* Jobs still queued run first: each of them ends soon, because its owner cancelled it. */
  if (self->thread != NULL)
    {
      g_async_queue_push (self->jobs, job_new (NULL, NULL));
      g_thread_join (g_steal_pointer (&self->thread));
    }

  G_OBJECT_CLASS (lks_worker_parent_class)->dispose (object);
}

static void
lks_worker_finalize (GObject *object)
{
  LksWorker *self = LKS_WORKER (object);

  g_async_queue_unref (self->jobs);

  G_OBJECT_CLASS (lks_worker_parent_class)->finalize (object);
}

static void
lks_worker_class_init (LksWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_worker_dispose;
  object_class->finalize = lks_worker_finalize;
}

static void
lks_worker_init (LksWorker *self)
{
  self->jobs = g_async_queue_new_full (g_free);
}

/**
 * lks_worker_new:
 * @name: the thread's name, at most 15 characters are kept by the system
 *
 * Starts a worker thread. The last unref waits for the jobs that were pushed: cancel them
 * first. It must not happen on the worker itself.
 *
 * Returns: (transfer full): a worker
 */
LksWorker *
lks_worker_new (const char *name)
{
  LksWorker *self = g_object_new (LKS_TYPE_WORKER, NULL);

  self->thread = g_thread_new (name, run_jobs, g_async_queue_ref (self->jobs));
  return self;
}

/**
 * lks_worker_push:
 * @self: a worker
 * @task: (transfer none): the task to run; see g_task_set_check_cancellable() for jobs that
 *   cannot be undone
 * @func: (scope async): a blocking function that returns through @task
 *
 * Runs @func on the worker after everything pushed before. Any thread. A task that is already
 * cancelled when its turn comes returns `G_IO_ERROR_CANCELLED` without running.
 */
void
lks_worker_push (LksWorker *self, GTask *task, GTaskThreadFunc func)
{
  g_return_if_fail (LKS_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  g_async_queue_push (self->jobs, job_new (g_object_ref (task), func));
}

/**
 * lks_worker_is_current:
 * @self: a worker
 *
 * Returns: whether the caller runs on this worker's thread
 */
gboolean
lks_worker_is_current (LksWorker *self)
{
  return self->thread == g_thread_self ();
}

/**
 * lks_worker_run_alone:
 * @task: (transfer none): the task to run; see lks_worker_push()
 * @func: (scope async): a blocking function that returns through @task
 *
 * Runs @func on a thread of its own: for what belongs to no board. Any thread. The task, its
 * source object and its data end where the task was made; with g_task_run_in_thread() they now and
 * then end on the thread, where no widget may.
 */
void
lks_worker_run_alone (GTask *task, GTaskThreadFunc func)
{
  static gsize pool; /* (owned): a GThreadPool, for good */

  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, (gsize) g_thread_pool_new (run_alone, NULL, -1, FALSE, NULL));
  g_thread_pool_push ((GThreadPool *) pool, job_new (g_object_ref (task), func), NULL);
}
