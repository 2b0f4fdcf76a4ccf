/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-service.h"

#include "lks-chain-private.h"
#include "lks-csv.h"
#include "lks-ledger-private.h"

#define SESSION_COLUMNS                                                                            \
  "service_sessions.id, device_id, port, usb_serial, operator, station, started_us, task, note,"   \
  " fingerprint, capabilities, signer, service_sessions.document, ending.at_us, ending.reason,"    \
  " ending.document, (SELECT count(*) FROM service_events WHERE kind = 'action'"                   \
  "                   AND session_id = service_sessions.id)"

#define SESSION_TABLES                                                                             \
  " FROM service_sessions LEFT JOIN service_events AS ending"                                      \
  " ON ending.session_id = service_sessions.id AND ending.kind = 'end'"

static gboolean
insert_session (LksSql *sql, const LksServiceFields *fields, GError **error)
{
  g_autofree char *reversed = g_strreverse (g_strdup (fields->device_id));
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "INSERT INTO service_sessions (id, device_id, device_id_reversed, port, usb_serial, operator,"
      " station, started_us, task, note, fingerprint, capabilities, signer, document) VALUES (:id,"
      " :device_id, :reversed, :port, :usb_serial, :operator, :station, :started_us, :task, :note,"
      " :fingerprint, :capabilities, :signer, :document)",
      error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":id", fields->id);
  lks_sql_bind (statement, ":device_id", fields->device_id);
  lks_sql_bind (statement, ":reversed", reversed);
  lks_sql_bind (statement, ":port", fields->port);
  lks_sql_bind (statement, ":usb_serial", fields->usb_serial);
  lks_sql_bind (statement, ":operator", fields->operator_name);
  lks_sql_bind (statement, ":station", fields->station);
  lks_sql_bind_int (statement, ":started_us", fields->started_us);
  lks_sql_bind (statement, ":task", fields->task);
  lks_sql_bind (statement, ":note", fields->note);
  lks_sql_bind (statement, ":fingerprint", fields->fingerprint);
  lks_sql_bind (statement, ":capabilities", fields->capabilities);
  lks_sql_bind (statement, ":signer", fields->signer);
  lks_sql_bind (statement, ":document", fields->document);
  return lks_sql_check (sql, sqlite3_step (statement), "writing down a session", error);
}

/**
 * lks_ledger_service_begin:
 * @self: a ledger
 * @fields: the session, with its ID
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Writes down that a session begins: only then may its capability be shown to the board. When
 * this returns TRUE it is on the disk. Any thread; blocks for a disk write.
 *
 * Returns: whether it is on the disk
 */
gboolean
lks_ledger_service_begin (LksLedger *self, const LksServiceFields *fields, GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  gboolean good;

  lks_sql_lock (sql);
  good = lks_sql_run (sql, "BEGIN IMMEDIATE", error);
  if (good)
    good = lks_ledger_commit_entry (self,
                                    insert_session (sql, fields, error) &&
                                        lks_ledger_append_to_chain (self, LKS_CHAIN_KIND_SESSION,
                                                                    fields->id, error),
                                    error);
  lks_sql_unlock (sql);

  if (good)
    lks_ledger_announce_service (self, fields->id);
  return good;
}

static gboolean
insert_event (LksSql *sql, const LksServiceEvent *event, GError **error)
{
  gboolean is_end = event->reason != NULL;
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "INSERT INTO service_events (session_id, kind, at_us, method, path, http_status, reason,"
      " document) VALUES (:session_id, :kind, :at_us, :method, :path, :http_status, :reason,"
      " :document)",
      error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":session_id", event->session_id);
  lks_sql_bind (statement, ":kind", is_end ? "end" : "action");
  lks_sql_bind_int (statement, ":at_us", event->at_us);
  lks_sql_bind (statement, ":method", event->method);
  lks_sql_bind (statement, ":path", event->path);
  if (!is_end)
    lks_sql_bind_int (statement, ":http_status", event->http_status);
  lks_sql_bind (statement, ":reason", event->reason);
  lks_sql_bind (statement, ":document", event->document);
  return lks_sql_check (sql, sqlite3_step (statement), "writing down what was done", error);
}

/**
 * lks_ledger_service_append:
 * @self: a ledger
 * @event: what happened
 * @error: return location for a [error@Lks.LedgerError], INVALID when the session has ended
 *   already and @event is an end
 *
 * Writes down a change or the end of a session. A change that was under way while the session
 * ended may come after the end. Any thread; blocks for a disk write.
 *
 * Returns: whether it is on the disk
 */
gboolean
lks_ledger_service_append (LksLedger *self, const LksServiceEvent *event, GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  gboolean good;

  lks_sql_lock (sql);
  good = lks_sql_run (sql, "BEGIN IMMEDIATE", error);
  if (good)
    good = lks_ledger_commit_entry (self,
                                    insert_event (sql, event, error) &&
                                        lks_ledger_append_to_chain (self, LKS_CHAIN_KIND_EVENT,
                                                                    event->session_id, error),
                                    error);
  lks_sql_unlock (sql);

  if (good)
    lks_ledger_announce_service (self, event->session_id);
  return good;
}

static LksServiceRecord *
record_from_row (sqlite3_stmt *row)
{
  LksServiceFields fields = {
    .id = lks_sql_column (row, 0),
    .device_id = lks_sql_column (row, 1),
    .port = lks_sql_column (row, 2),
    .usb_serial = lks_sql_column (row, 3),
    .operator_name = lks_sql_column (row, 4),
    .station = lks_sql_column (row, 5),
    .started_us = sqlite3_column_int64 (row, 6),
    .task = lks_sql_column (row, 7),
    .note = lks_sql_column (row, 8),
    .fingerprint = lks_sql_column (row, 9),
    .capabilities = lks_sql_column (row, 10),
    .signer = lks_sql_column (row, 11),
    .document = lks_sql_column (row, 12),
    .ended_us = sqlite3_column_int64 (row, 13),
    .end_reason = lks_sql_column (row, 14),
    .end_document = lks_sql_column (row, 15),
    .n_actions = (guint) sqlite3_column_int (row, 16),
  };

  return lks_service_record_new (&fields);
}

static gboolean
check_query (const LksLedgerQuery *query, GError **error)
{
  if (!lks_ledger_query_check (query, error))
    return FALSE;
  if (query->verdict == NULL && query->recipe == NULL && query->label == NULL &&
      query->batch == NULL)
    return TRUE;

  g_set_error_literal (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID,
                       "servicing sessions have no verdict, recipe, label or batch: ask for them "
                       "without");
  return FALSE;
}

static GPtrArray *
list_locked (LksSql *sql, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *where = lks_ledger_query_to_sql (query);
  g_autofree char *order = lks_ledger_query_to_order (query, "service_sessions");
  g_autofree char *text = g_strconcat ("SELECT " SESSION_COLUMNS SESSION_TABLES, where, order,
                                       " LIMIT :limit OFFSET :offset", NULL);
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (sql, text, error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_ledger_query_bind (query, statement);
  lks_sql_bind_int (statement, ":limit", query->limit > 0 ? (gint64) query->limit : -1);
  lks_sql_bind_int (statement, ":offset", query->offset);
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (records, record_from_row (statement));

  return lks_sql_check (sql, rc, "listing sessions", error) ? g_steal_pointer (&records) : NULL;
}

/**
 * lks_ledger_service_list:
 * @self: a ledger
 * @query: which ones; without a verdict, which sessions do not have
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Lists servicing sessions without their events, the last begun first. Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksServiceRecord): the records, or NULL with @error set
 */
GPtrArray *
lks_ledger_service_list (LksLedger *self, const LksLedgerQuery *query, GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  GPtrArray *records;

  if (!check_query (query, error))
    return NULL;

  lks_sql_lock (sql);
  records = list_locked (sql, query, error);
  lks_sql_unlock (sql);
  return records;
}

static char **
list_open_locked (LksSql *sql, const char *station, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       "SELECT service_sessions.id" SESSION_TABLES
                       " WHERE ending.sequence IS NULL AND station = :station"
                       " ORDER BY service_sessions.sequence",
                       error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":station", station);
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_strv_builder_add (ids, lks_sql_column (statement, 0));

  return lks_sql_check (sql, rc, "listing sessions", error) ? g_strv_builder_end (ids) : NULL;
}

/**
 * lks_ledger_service_list_open:
 * @self: a ledger
 * @station: on which computer they were begun
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Finds the sessions whose end nobody has written down: those that still go on, and those whose
 * programs ended before they could say so. Any thread; blocks.
 *
 * Returns: (transfer full) (array zero-terminated=1): their UUIDs, the oldest first, or NULL with
 *   @error set
 */
char **
lks_ledger_service_list_open (LksLedger *self, const char *station, GError **error)
{
  LksSql *sql = lks_ledger_get_writer (self);
  char **ids;

  lks_sql_lock (sql);
  ids = list_open_locked (sql, station, error);
  lks_sql_unlock (sql);
  return ids;
}

static LksServiceEvent *
event_from_row (sqlite3_stmt *row)
{
  return lks_service_event_copy (&(LksServiceEvent){
      .session_id = lks_sql_column (row, 0),
      .at_us = sqlite3_column_int64 (row, 1),
      .method = lks_sql_column (row, 2),
      .path = lks_sql_column (row, 3),
      .http_status = (guint) sqlite3_column_int (row, 4),
      .reason = lks_sql_column (row, 5),
      .document = lks_sql_column (row, 6),
  });
}

static GPtrArray *
read_events (LksSql *sql, const char *session_id, GError **error)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_service_event_free);
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       "SELECT session_id, at_us, method, path, http_status, reason, document"
                       " FROM service_events WHERE session_id = :session_id ORDER BY sequence",
                       error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":session_id", session_id);
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (events, event_from_row (statement));

  return lks_sql_check (sql, rc, "reading a session", error) ? g_steal_pointer (&events) : NULL;
}

static LksServiceRecord *
get_locked (LksSql *sql, const char *id, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       "SELECT " SESSION_COLUMNS SESSION_TABLES " WHERE service_sessions.id = :id",
                       error);
  g_autoptr (LksServiceRecord) record = NULL;
  GPtrArray *events;
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":id", id);
  rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    record = record_from_row (statement);
  else if (lks_sql_check (sql, rc, "reading a session", error))
    g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND,
                 "there is no record “%s”; list the records to see their IDs", id);
  if (record == NULL || (events = read_events (sql, id, error)) == NULL)
    return NULL;

  lks_service_record_take_events (record, events);
  return g_steal_pointer (&record);
}

/**
 * lks_ledger_service_get:
 * @self: a ledger
 * @id: the UUID of a session
 * @error: return location for a [error@Lks.LedgerError], code NOT_FOUND among them
 *
 * Reads one session with everything that happened in it. Any thread; blocks.
 *
 * Returns: (transfer full): the record, or NULL with @error set
 */
LksServiceRecord *
lks_ledger_service_get (LksLedger *self, const char *id, GError **error)
{
  LksSql *sql = lks_ledger_get_reader (self);
  LksServiceRecord *record;

  lks_sql_lock (sql);
  record = get_locked (sql, id, error);
  lks_sql_unlock (sql);
  return record;
}

static void
append_csv (GString *text, LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  g_autofree char *started = lks_record_time_to_text (fields->started_us);
  g_autofree char *ended =
      fields->ended_us != 0 ? lks_record_time_to_text (fields->ended_us) : NULL;
  g_autofree char *n_actions = g_strdup_printf ("%u", fields->n_actions);
  const char *cells[] = {
    fields->id,
    "service",
    fields->device_id,
    fields->port,
    fields->usb_serial,
    fields->operator_name,
    fields->station,
    started,
    ended,
    fields->end_reason,
    fields->task,
    fields->note,
    fields->fingerprint,
    fields->capabilities,
    fields->signer,
    n_actions,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (text, cells[i]);
  g_string_append (text, "\r\n");
}

static gboolean
append_json (GString *text, LksLedger *self, LksServiceRecord *listed, GError **error)
{
  g_autoptr (LksServiceRecord) record =
      lks_ledger_service_get (self, lks_service_record_get_id (listed), error);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *object = NULL;

  if (record == NULL)
    return FALSE;

  json_node_take_object (node, lks_service_record_to_json (record));
  object = json_to_string (node, FALSE);
  g_string_append_printf (text, "%s\n%s", text->len > 1 ? "," : "", object);
  return TRUE;
}

static gboolean
append_all (GString *text,
            LksLedger *self,
            GPtrArray *records,
            LksExportFormat format,
            GCancellable *cancellable,
            GError **error)
{
  for (guint i = 0; i < records->len; i++)
    {
      LksServiceRecord *record = g_ptr_array_index (records, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (format == LKS_EXPORT_FORMAT_CSV)
        append_csv (text, record);
      else if (!append_json (text, self, record, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * lks_ledger_service_export:
 * @self: a ledger
 * @query: which sessions
 * @format: CSV with one line per session, or JSON with everything that happened
 * @stream: where to; not closed
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.LedgerError] or the stream's error
 *
 * Writes the records of servicing sessions, the last begun first. Any thread; blocks.
 *
 * Returns: whether all was written
 */
gboolean
lks_ledger_service_export (LksLedger *self,
                           const LksLedgerQuery *query,
                           LksExportFormat format,
                           GOutputStream *stream,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GPtrArray) records = lks_ledger_service_list (self, query, error);
  g_autoptr (GString) text = g_string_new (NULL);

  if (records == NULL)
    return FALSE;

  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append_c (text, '[');
  else
    g_string_append (text, "id,kind,device_id,port,usb_serial,operator,station,started,ended,"
                           "end_reason,task,note,fingerprint,capabilities,signer,actions\r\n");
  if (!append_all (text, self, records, format, cancellable, error))
    return FALSE;
  if (format == LKS_EXPORT_FORMAT_JSON)
    g_string_append (text, "\n]\n");
  return g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);
}
