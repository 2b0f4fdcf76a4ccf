/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-private.h"
#include "lks-ledger-stats.h"

/* What the last step of one of two names has read: the one after the restart, or, of a board that
 * was locked already, the one at the beginning. */
#define READ_BY(first, second)                                                                     \
  "(SELECT json_extract(value, '$.evidence.read') FROM json_each(document, '$.steps')"             \
  " WHERE json_extract(value, '$.name') IN ('" first "', '" second "') ORDER BY key DESC LIMIT 1)"

/* The newest record of each board that proves something. */
#define SELECT_UNITS                                                                               \
  "SELECT device_id, " READ_BY ("state", "verify-state") ", " READ_BY (                            \
      "os-version", "verify-os-version") ", outcome, finished_us, recipe_name, recipe_hash,"       \
                                         " station, operator, id,"                                 \
                                         " (SELECT count(*) FROM service_sessions AS session"      \
                                         "  WHERE session.device_id_reversed ="                    \
                                         "        records.device_id_reversed"                      \
                                         "  AND session.started_us > records.finished_us"          \
                                         "  AND EXISTS (SELECT 1 FROM service_events AS event"     \
                                         "              WHERE event.session_id = session.id"       \
                                         "              AND event.kind = 'action')) FROM records"

#define AND_NEWEST                                                                                 \
  " AND kind = 'finalize' AND verdict = 'PASS' AND device_id IS NOT NULL AND sequence ="           \
  " (SELECT max(sequence) FROM records AS newer WHERE newer.kind = 'finalize'"                     \
  "  AND newer.verdict = 'PASS' AND newer.device_id_reversed = records.device_id_reversed)"

#define OLDEST_FIRST " ORDER BY sequence"
#define NEWEST_FIRST " ORDER BY sequence DESC LIMIT :limit"

#define FLUSH_BYTES (256 * 1024)

/* Borrows from the row. */
static LksUnit
unit_from_row (sqlite3_stmt *row)
{
  return (LksUnit){
    .device_id = (char *) lks_sql_column (row, 0),
    .state = (char *) lks_sql_column (row, 1),
    .os_version = (char *) lks_sql_column (row, 2),
    .outcome = (char *) lks_sql_column (row, 3),
    .proven_us = sqlite3_column_int64 (row, 4),
    .recipe_name = (char *) lks_sql_column (row, 5),
    .recipe_hash = (char *) lks_sql_column (row, 6),
    .station = (char *) lks_sql_column (row, 7),
    .operator_name = (char *) lks_sql_column (row, 8),
    .record_id = (char *) lks_sql_column (row, 9),
    .n_services = (guint64) sqlite3_column_int64 (row, 10),
  };
}

static sqlite3_stmt *
prepare (LksSql *sql, const LksLedgerQuery *query, const char *order, GError **error)
{
  g_autofree char *where = lks_ledger_query_to_sql (query);
  g_autofree char *text = g_strconcat (SELECT_UNITS, where, AND_NEWEST, order, NULL);
  sqlite3_stmt *rows = lks_sql_prepare (sql, text, error);

  if (rows != NULL)
    lks_ledger_query_bind (query, rows);
  return rows;
}

/* Over a connection of its own. */
static LksSql *
open_to_read (LksLedger *self, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (LksSql) sql = NULL;

  if (!lks_ledger_query_check (query, error) ||
      (sql = lks_sql_open (lks_ledger_get_path (self), error)) == NULL ||
      !lks_sql_run (sql, "PRAGMA query_only=ON; BEGIN", error))
    return NULL;
  return g_steal_pointer (&sql);
}

/**
 * lks_ledger_for_each_unit:
 * @self: a ledger
 * @query: which boards: their newest proof must match; its offset and limit do not matter
 * @func: (scope call): called with each board
 * @func_data: for @func
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Tells which boards there are, in which state and with which system, as it was proven last; the
 * board whose proof is the oldest comes first. Over a connection of its own, with flat memory. Any
 * thread; blocks.
 *
 * Returns: whether all could be read; TRUE also when @func ended it
 */
gboolean
lks_ledger_for_each_unit (LksLedger *self,
                          const LksLedgerQuery *query,
                          LksUnitFunc func,
                          gpointer func_data,
                          GError **error)
{
  g_autoptr (LksSql) sql = open_to_read (self, query, error);
  g_autoptr (sqlite3_stmt) rows = sql != NULL ? prepare (sql, query, OLDEST_FIRST, error) : NULL;
  int rc;

  if (rows == NULL)
    return FALSE;

  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const LksUnit unit = unit_from_row (rows);

      if (!func (&unit, func_data))
        return TRUE;
    }
  return lks_sql_check (sql, rc, "listing boards", error);
}

/* ---- a list ---- */

static LksUnit *
unit_copy (const LksUnit *unit)
{
  LksUnit *copy = g_memdup2 (unit, sizeof *unit);

  copy->device_id = g_strdup (unit->device_id);
  copy->state = g_strdup (unit->state);
  copy->os_version = g_strdup (unit->os_version);
  copy->outcome = g_strdup (unit->outcome);
  copy->recipe_name = g_strdup (unit->recipe_name);
  copy->recipe_hash = g_strdup (unit->recipe_hash);
  copy->station = g_strdup (unit->station);
  copy->operator_name = g_strdup (unit->operator_name);
  copy->record_id = g_strdup (unit->record_id);
  return copy;
}

/**
 * lks_unit_free:
 * @self: (transfer full): a board
 */
void
lks_unit_free (LksUnit *self)
{
  g_free (self->device_id);
  g_free (self->state);
  g_free (self->os_version);
  g_free (self->outcome);
  g_free (self->recipe_name);
  g_free (self->recipe_hash);
  g_free (self->station);
  g_free (self->operator_name);
  g_free (self->record_id);
  g_free (self);
}

/**
 * lks_ledger_list_units:
 * @self: a ledger
 * @query: which boards: their newest proof must match; its offset does not matter
 * @error: return location for a [error@Lks.LedgerError]
 *
 * What lks_ledger_for_each_unit() tells, as a list: the board whose proof was added last comes
 * first, and there are at most as many as the query's limit, 0: all. Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksUnit): the boards, or NULL with @error set
 */
GPtrArray *
lks_ledger_list_units (LksLedger *self, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_unit_free);
  g_autoptr (LksSql) sql = open_to_read (self, query, error);
  g_autoptr (sqlite3_stmt) rows = sql != NULL ? prepare (sql, query, NEWEST_FIRST, error) : NULL;
  int rc;

  if (rows == NULL)
    return NULL;

  lks_sql_bind_int (rows, ":limit", query->limit > 0 ? (gint64) query->limit : -1);
  while ((rc = sqlite3_step (rows)) == SQLITE_ROW)
    {
      const LksUnit unit = unit_from_row (rows);

      g_ptr_array_add (units, unit_copy (&unit));
    }
  return lks_sql_check (sql, rc, "listing boards", error) ? g_steal_pointer (&units) : NULL;
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *units;

  lks_sql_push_cancellable (cancellable);
  units = lks_ledger_list_units (source, task_data, &error);
  lks_sql_pop_cancellable (cancellable);
  if (units != NULL)
    g_task_return_pointer (task, units, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * lks_ledger_list_units_async:
 * @self: a ledger
 * @query: which boards; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * lks_ledger_list_units() on the ledger's own thread.
 */
void
lks_ledger_list_units_async (LksLedger *self,
                             const LksLedgerQuery *query,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  lks_ledger_push_query (self, query, lks_ledger_list_units_async, list_in_thread, cancellable,
                         callback, user_data);
}

/**
 * lks_ledger_list_units_finish:
 * @self: a ledger
 * @result: the result
 * @error: return location for a [error@Lks.LedgerError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full) (element-type LksUnit): the boards, or NULL with @error set
 */
GPtrArray *
lks_ledger_list_units_finish (LksLedger *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- a file ---- */

typedef struct
{
  LksExportFormat format;
  GOutputStream *stream;
  GCancellable *cancellable; /* (nullable) */
  GString *text;             /* (owned): not written yet */
  guint64 n_units;
  GError *error; /* (owned) (nullable) */
} Export;

static gboolean
flush (Export *self, gsize limit_bytes)
{
  if (self->text->len <= limit_bytes)
    return TRUE;
  if (!g_output_stream_write_all (self->stream, self->text->str, self->text->len, NULL,
                                  self->cancellable, &self->error))
    return FALSE;

  g_string_truncate (self->text, 0);
  return TRUE;
}

static gboolean
export_unit_cb (const LksUnit *unit, gpointer data)
{
  Export *self = data;

  if (self->format == LKS_EXPORT_FORMAT_JSON)
    {
      g_autofree char *json = lks_unit_dup_json (unit);

      g_string_append_printf (self->text, "%s%s", self->n_units > 0 ? ",\n" : "\n", json);
    }
  else
    lks_unit_append_csv (self->text, unit, unit->n_services);
  self->n_units++;
  return flush (self, FLUSH_BYTES);
}

static gboolean
write_units (GOutputStream *stream,
             LksLedger *ledger,
             gconstpointer data,
             GCancellable *cancellable,
             GError **error)
{
  const LksExportFormat *format = data;
  const LksLedgerQuery all = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  Export self = {
    .format = *format,
    .stream = stream,
    .cancellable = cancellable,
    .text = text,
  };

  if (*format == LKS_EXPORT_FORMAT_JSON)
    g_string_append_c (text, '[');
  else
    lks_unit_append_csv_header (text, LKS_UNIT_SERVICED);
  if (!lks_ledger_for_each_unit (ledger, &all, export_unit_cb, &self, error))
    return FALSE;

  if (*format == LKS_EXPORT_FORMAT_JSON)
    g_string_append (text, "\n]\n");
  if (self.error == NULL)
    flush (&self, 0);
  if (self.error == NULL)
    return TRUE;
  g_propagate_error (error, self.error);
  return FALSE;
}

/**
 * lks_ledger_save_units:
 * @self: a ledger
 * @format: CSV or JSON
 * @file: where to; replaced only when all is written
 * @error: return location for a [error@Lks.LedgerError] or a `G_IO_ERROR`
 *
 * Writes all boards with what was proven of each last, the oldest proof first, as
 * `locksmithctl records units` does. Memory does not grow with their number. Any thread; blocks.
 *
 * Returns: whether the file was written
 */
gboolean
lks_ledger_save_units (LksLedger *self, LksExportFormat format, GFile *file, GError **error)
{
  return lks_ledger_export_to_file (self, file, write_units, &format, NULL, error);
}
