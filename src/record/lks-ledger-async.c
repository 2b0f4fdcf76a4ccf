/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"

#include "lks-whole-file.h"

typedef struct
{
  LksLedgerQuery query; /* its texts are owned */
  char *id;             /* (owned) (nullable) */
  LksExportFormat format;
  GFile *file; /* (owned) (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

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
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  GPtrArray *records;

  lks_sql_push_cancellable (cancellable);
  records = lks_ledger_list (source, &job->query, &error);
  lks_sql_pop_cancellable (cancellable);
  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_list_async:
 * @self: a ledger
 * @query: which ones; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_list() on the ledger's own thread.
 */
void
lks_ledger_list_async (LksLedger *self,
                       const LksLedgerQuery *query,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, lks_ledger_list_async);
  g_task_set_task_data (task, job_new (query), job_free);
  lks_worker_push (lks_ledger_get_worker (self), task, list_in_thread);
}

/**
 * lks_ledger_list_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full) (element-type LksRecord): the records, or NULL with @error set
 */
GPtrArray *
lks_ledger_list_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  LksRecord *record = lks_ledger_get (source, job->id, &error);

  if (record != NULL)
    g_task_return_pointer (task, record, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_get_async:
 * @self: a ledger
 * @id: the UUID of a record
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_get() on the ledger's own thread.
 */
void
lks_ledger_get_async (LksLedger *self,
                      const char *id,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = job_new (NULL);

  job->id = g_strdup (id);
  g_task_set_source_tag (task, lks_ledger_get_async);
  g_task_set_task_data (task, job, job_free);
  lks_worker_push (lks_ledger_get_worker (self), task, get_in_thread);
}

/**
 * lks_ledger_get_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): the record, or NULL with @error set
 */
LksRecord *
lks_ledger_get_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* An export, for the one that writes the file. */
typedef struct
{
  LksLedger *ledger;
  LksExportFunc func;
  gconstpointer data;
} Export;

static gboolean
write_file (GOutputStream *stream, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Export *self = user_data;

  return self->func (stream, self->ledger, self->data, cancellable, error);
}

/* The file appears whole or not at all. */
gboolean
lks_ledger_export_to_file (LksLedger *self,
                           GFile *file,
                           LksExportFunc func,
                           gconstpointer func_data,
                           GCancellable *cancellable,
                           GError **error)
{
  Export export = { self, func, func_data };
  gboolean good;

  lks_sql_push_cancellable (cancellable);
  good =
      lks_whole_file_write (file, G_FILE_CREATE_PRIVATE, write_file, &export, cancellable, error);
  lks_sql_pop_cancellable (cancellable);
  return good;
}

static gboolean
write_export (GOutputStream *stream,
              LksLedger *self,
              gconstpointer job_data,
              GCancellable *cancellable,
              GError **error)
{
  const Job *job = job_data;

  return lks_ledger_export (self, &job->query, job->format, stream, cancellable, error);
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
 * lks_ledger_export_async:
 * @self: a ledger
 * @query: which records; copied
 * @format: CSV or JSON
 * @file: where to; replaced only when the export is complete
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_export() to a file, on the ledger's own thread.
 */
void
lks_ledger_export_async (LksLedger *self,
                         const LksLedgerQuery *query,
                         LksExportFormat format,
                         GFile *file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = job_new (query);

  job->format = format;
  job->file = g_object_ref (file);
  g_task_set_source_tag (task, lks_ledger_export_async);
  g_task_set_task_data (task, job, job_free);
  lks_worker_push (lks_ledger_get_worker (self), task, export_in_thread);
}

/**
 * lks_ledger_export_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or a `G_IO_ERROR`
 *
 * Returns: whether the file was written
 */
gboolean
lks_ledger_export_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
