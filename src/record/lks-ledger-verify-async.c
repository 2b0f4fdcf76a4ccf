/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"
#include "lks-ledger-verify.h"
#include "lks-send.h"

/* A report every 100 ms is more than a person can read. */
#define REPORT_INTERVAL_US 100000

typedef struct
{
  LksVerifyOptions options; /* its progress is of the caller, for the caller's thread */
  char *head;               /* (owned) (nullable) */
  char *shared_hash;        /* (owned) (nullable) */
  gint64 shared_sequence;
  GMainContext *context;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  gint64 reported_us;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->head);
  g_free (job->shared_hash);
  g_main_context_unref (job->context);
  g_clear_object (&job->cancellable);
  g_free (job);
}

typedef struct
{
  LksVerifyOptions options;
  GCancellable *cancellable; /* (owned) (nullable) */
  guint64 n_done;
  guint64 n_all;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_clear_object (&report->cancellable);
  g_free (report);
}

/* Who cancelled may be gone. */
static gboolean
report_cb (gpointer data)
{
  Report *report = data;

  if (!g_cancellable_is_cancelled (report->cancellable))
    report->options.progress (report->n_done, report->n_all, report->options.progress_data);
  return G_SOURCE_REMOVE;
}

/* On the ledger's thread. */
static void
progress (guint64 n_done, guint64 n_all, gpointer data)
{
  Job *job = data;
  const gint64 now_us = g_get_monotonic_time ();
  Report *report;

  if (now_us < job->reported_us + REPORT_INTERVAL_US)
    return;

  job->reported_us = now_us;
  report = g_new0 (Report, 1);
  report->options = job->options;
  report->n_done = n_done;
  report->n_all = n_all;
  g_set_object (&report->cancellable, job->cancellable);
  lks_send (job->context, report_cb, report, report_free);
}

static void
verify_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  const LksVerifyEnd shared = { .sequence = job->shared_sequence, .hash = job->shared_hash };
  const LksVerifyOptions options = {
    .head = job->head,
    .shared = job->shared_hash != NULL ? &shared : NULL,
    .progress = job->options.progress != NULL ? progress : NULL,
    .progress_data = job,
  };
  GError *error = NULL;
  LksVerifyReport *report = lks_ledger_verify (source, &options, cancellable, &error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) lks_verify_report_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_verify_async:
 * @self: a ledger
 * @options: how; copied; without a key. Its progress is called on the caller's main context, not
 *   after @cancellable was cancelled
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_verify() on the ledger's own thread.
 */
void
lks_ledger_verify_async (LksLedger *self,
                         const LksVerifyOptions *options,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (options->key == NULL);

  job->options = *options;
  job->head = g_strdup (options->head);
  if (options->shared != NULL)
    {
      job->shared_sequence = options->shared->sequence;
      job->shared_hash = g_strdup (options->shared->hash);
    }
  job->context = g_main_context_ref_thread_default ();
  g_set_object (&job->cancellable, cancellable);
  g_task_set_source_tag (task, lks_ledger_verify_async);
  g_task_set_task_data (task, job, job_free);
  lks_worker_push (lks_ledger_get_worker (self), task, verify_in_thread);
}

/**
 * lks_ledger_verify_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): what was found; or NULL with @error set
 */
LksVerifyReport *
lks_ledger_verify_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
