/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"
#include "lks-ledger-service.h"

typedef struct
{
  LksServiceEvent *event; /* (owned) (nullable) */
  LksLedgerQuery query;   /* its texts are owned */
  char *id;               /* (owned) (nullable) */
  LksExportFormat format;
  GFile *file; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  lks_service_event_free (job->event);
  lks_ledger_query_clear (&job->query);
  g_free (job->id);
  g_clear_object (&job->file);
  g_free (job);
}

static Job *
job_new (const LksLedgerQuery *query)
{
  Job *job = g_new0 (Job, 1);

  if (query != NULL)
    lks_ledger_query_copy (query, &job->query);
  return job;
}

static void
push (LksLedger *self,
      LksWorker *worker,
      gpointer source_tag,
      Job *job,
      GTaskThreadFunc func,
      GCancellable *cancellable,
      GAsyncReadyCallback callback,
      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, job, job_free);
  lks_worker_push (worker, task, func);
}

static void
append_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (lks_ledger_service_append (source, job->event, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_service_append_async:
 * @self: a ledger
 * @event: what happened; copied
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when done
 * @user_data: for @callback
 *
 * lks_ledger_service_append() on a thread of the ledger's for this alone: events keep their order,
 * and wait behind no list, export or check.
 */
void
lks_ledger_service_append_async (LksLedger *self,
                                 const LksServiceEvent *event,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Job *job = job_new (NULL);

  job->event = lks_service_event_copy (event);
  push (self, lks_ledger_get_append_worker (self), lks_ledger_service_append_async, job,
        append_in_thread, cancellable, callback, user_data);
}

/**
 * lks_ledger_service_append_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Returns: whether it is on the disk
 */
gboolean
lks_ledger_service_append_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  GPtrArray *records;

  lks_sql_push_cancellable (cancellable);
  records = lks_ledger_service_list (source, &job->query, &error);
  lks_sql_pop_cancellable (cancellable);
  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_service_list_async:
 * @self: a ledger
 * @query: which ones; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_service_list() on the ledger's own thread.
 */
void
lks_ledger_service_list_async (LksLedger *self,
                               const LksLedgerQuery *query,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  push (self, lks_ledger_get_worker (self), lks_ledger_service_list_async, job_new (query),
        list_in_thread, cancellable, callback, user_data);
}

/**
 * lks_ledger_service_list_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full) (element-type LksServiceRecord): the records, or NULL with @error set
 */
GPtrArray *
lks_ledger_service_list_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  LksServiceRecord *record = lks_ledger_service_get (source, job->id, &error);

  if (record != NULL)
    g_task_return_pointer (task, record, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_service_get_async:
 * @self: a ledger
 * @id: the UUID of a session
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_service_get() on the ledger's own thread.
 */
void
lks_ledger_service_get_async (LksLedger *self,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Job *job = job_new (NULL);

  job->id = g_strdup (id);
  push (self, lks_ledger_get_worker (self), lks_ledger_service_get_async, job, get_in_thread,
        cancellable, callback, user_data);
}

/**
 * lks_ledger_service_get_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): the record with its events, or NULL with @error set
 */
LksServiceRecord *
lks_ledger_service_get_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
write_export (GOutputStream *stream,
              LksLedger *self,
              gconstpointer job_data,
              GCancellable *cancellable,
              GError **error)
{
  const Job *job = job_data;

  return lks_ledger_service_export (self, &job->query, job->format, stream, cancellable, error);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (lks_ledger_export_to_file (source, job->file, write_export, job, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_service_export_async:
 * @self: a ledger
 * @query: which sessions; copied
 * @format: CSV or JSON
 * @file: where to; replaced only when the export is complete
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_service_export() to a file, on the ledger's own thread.
 */
void
lks_ledger_service_export_async (LksLedger *self,
                                 const LksLedgerQuery *query,
                                 LksExportFormat format,
                                 GFile *file,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Job *job = job_new (query);

  job->format = format;
  job->file = g_object_ref (file);
  push (self, lks_ledger_get_worker (self), lks_ledger_service_export_async, job, export_in_thread,
        cancellable, callback, user_data);
}

/**
 * lks_ledger_service_export_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or a `G_IO_ERROR`
 *
 * Returns: whether the file was written
 */
gboolean
lks_ledger_service_export_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
