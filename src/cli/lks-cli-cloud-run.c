/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-cloud.h"

#include "lks-end-signals.h"

typedef struct
{
  LksCliCloudFunc func;
  gpointer data;
  LksCliCloud cloud;
  GMainLoop *loop;
  GError *error;
  gboolean is_done;
} Job;

static gboolean
stop_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
ended_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  Job *job = data;

  job->is_done = job->func (&job->cloud, job->data, &job->error);
  g_idle_add (ended_cb, job->loop);
  return NULL;
}

/**
 * lks_cli_cloud_init:
 * @self: zeroed
 * @error: return location for an error of the files that say whose certificates count
 *
 * Opens what every command about the cloud needs. Clear it with lks_cli_cloud_clear().
 *
 * Returns: whether it could be opened
 */
gboolean
lks_cli_cloud_init (LksCliCloud *self, GError **error)
{
  self->trust = lks_cloud_trust_load_default (error);
  if (self->trust == NULL)
    return FALSE;

  self->store = lks_secret_store_new ("sign-in");
  self->cancellable = g_cancellable_new ();
  return TRUE;
}

/**
 * lks_cli_cloud_clear:
 * @self: opened or not
 *
 * Frees what it holds.
 */
void
lks_cli_cloud_clear (LksCliCloud *self)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->store, lks_secret_store_unref);
  g_clear_pointer (&self->trust, lks_cloud_trust_unref);
}

/**
 * lks_cli_cloud_run:
 * @func: (scope call): blocking work
 * @data: for @func
 * @error: return location for an error
 *
 * Runs @func on a thread while this one listens to SIGINT, SIGTERM and SIGHUP, which cancel
 * it.
 *
 * Returns: what @func returned
 */
gboolean
lks_cli_cloud_run (LksCliCloudFunc func, gpointer data, GError **error)
{
  Job job = { .func = func, .data = data };
  LksEndSignals signals = { 0 };

  if (!lks_cli_cloud_init (&job.cloud, error))
    return FALSE;

  job.loop = g_main_loop_new (NULL, FALSE);
  lks_end_signals_watch (&signals, stop_cb, job.cloud.cancellable);
  {
    GThread *thread = g_thread_new ("cloud", work, &job);

    g_main_loop_run (job.loop);
    g_thread_join (thread);
  }
  lks_end_signals_clear (&signals);
  g_main_loop_unref (job.loop);
  lks_cli_cloud_clear (&job.cloud);
  if (!job.is_done)
    g_propagate_error (error, job.error);
  return job.is_done;
}

/* ---- from there to the main thread ---- */

typedef struct
{
  LksCliCloudMainFunc func;
  gpointer data;
  GMutex mutex;
  GCond cond;
  gboolean is_done;
} Visit;

static gboolean
visit_cb (gpointer user_data)
{
  Visit *visit = user_data;

  visit->func (visit->data);
  g_mutex_lock (&visit->mutex);
  visit->is_done = TRUE;
  g_cond_signal (&visit->cond);
  g_mutex_unlock (&visit->mutex);
  return G_SOURCE_REMOVE;
}

/**
 * lks_cli_cloud_on_main:
 * @func: (scope call): what is to be done on the main thread
 * @data: for @func
 *
 * Lets the thread that runs lks_cli_cloud_run() do something, and waits until that is done. For the
 * worker thread only.
 */
void
lks_cli_cloud_on_main (LksCliCloudMainFunc func, gpointer data)
{
  Visit visit = { .func = func, .data = data };

  g_mutex_init (&visit.mutex);
  g_cond_init (&visit.cond);
  g_idle_add (visit_cb, &visit);
  g_mutex_lock (&visit.mutex);
  while (!visit.is_done)
    g_cond_wait (&visit.cond, &visit.mutex);
  g_mutex_unlock (&visit.mutex);
  g_mutex_clear (&visit.mutex);
  g_cond_clear (&visit.cond);
}
