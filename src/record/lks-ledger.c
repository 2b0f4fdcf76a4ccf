/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-chain-writer.h"
#include "lks-head-note.h"
#include "lks-key-source.h"
#include "lks-ledger-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct _LksLedger
{
  GObject parent_instance;

  char *path;               /* (owned) */
  char *note_path;          /* (owned) (nullable): where the head is noted */
  LksSql *writer;           /* (owned) */
  LksSql *reader;           /* (owned): lists and exports do not hold up the journal */
  LksChainWriter *chain;    /* (owned): of @writer, under its lock */
  LksKeySource *key_source; /* (owned) (nullable) */
  LksWorker *worker;        /* (owned): the _async calls that read */
  LksWorker *append_worker; /* (owned): those that write, which never wait behind a long look */
  GMainContext *context;    /* (owned): where "added" is emitted */
};

G_DEFINE_FINAL_TYPE (LksLedger, lks_ledger, G_TYPE_OBJECT)

GQuark
lks_ledger_error_quark (void)
{
  return g_quark_from_static_string ("lks-ledger-error");
}

G_DEFINE_ENUM_TYPE (LksLedgerError,
                    lks_ledger_error,
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_DENIED, "denied"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_CORRUPT, "corrupt"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_NEWER, "newer"),
                    G_DEFINE_ENUM_VALUE (LKS_LEDGER_ERROR_INVALID, "invalid"))

G_DEFINE_ENUM_TYPE (LksExportFormat,
                    lks_export_format,
                    G_DEFINE_ENUM_VALUE (LKS_EXPORT_FORMAT_CSV, "csv"),
                    G_DEFINE_ENUM_VALUE (LKS_EXPORT_FORMAT_JSON, "json"))

enum
{
  SIGNAL_ADDED,
  SIGNAL_SERVICE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
lks_ledger_dispose (GObject *object)
{
  LksLedger *self = LKS_LEDGER (object);

  g_clear_object (&self->worker);
  g_clear_object (&self->append_worker);
  g_clear_pointer (&self->key_source, lks_key_source_free);

  G_OBJECT_CLASS (lks_ledger_parent_class)->dispose (object);
}

static void
lks_ledger_finalize (GObject *object)
{
  LksLedger *self = LKS_LEDGER (object);

  g_clear_pointer (&self->chain, lks_chain_writer_free);
  lks_sql_close (self->reader);
  lks_sql_close (self->writer);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->path);
  g_free (self->note_path);

  G_OBJECT_CLASS (lks_ledger_parent_class)->finalize (object);
}

static void
lks_ledger_class_init (LksLedgerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_ledger_dispose;
  object_class->finalize = lks_ledger_finalize;

  /**
   * LksLedger::added:
   * @self: the ledger
   * @record: the record, as it is in the ledger, without its document and recipe
   *
   * This program added a record. Whoever keeps it keeps a list's row and no evidence. Records of
   * other programs are not announced.
   */
  signals[SIGNAL_ADDED] = g_signal_new ("added", LKS_TYPE_LEDGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, LKS_TYPE_RECORD);

  /**
   * LksLedger::service-changed:
   * @self: the ledger
   * @session_id: the UUID of a servicing session
   *
   * This program wrote down that a session began, what was done in it, or how it ended. What
   * other programs write is not announced.
   */
  signals[SIGNAL_SERVICE_CHANGED] =
      g_signal_new ("service-changed", LKS_TYPE_LEDGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lks_ledger_init (LksLedger *self)
{
}

/**
 * lks_ledger_dup_default_path:
 *
 * Returns: (transfer full): the ledger of this user, `locksmith/ledger.sqlite` in the user's
 *   data directory
 */
char *
lks_ledger_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith", "ledger.sqlite", NULL);
}

/* The record names devices and people: for its owner only, from the first moment. */
static gboolean
make_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      (fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) >= 0)
    {
      close (fd);
      return TRUE;
    }

  g_set_error (error, LKS_LEDGER_ERROR,
               errno == ENOSPC || errno == EDQUOT ? LKS_LEDGER_ERROR_FULL : LKS_LEDGER_ERROR_DENIED,
               "%s: the ledger cannot be opened for writing: %s; check the owner, the permissions "
               "and the room on the disk",
               path, g_strerror (errno));
  return FALSE;
}

/**
 * lks_ledger_open:
 * @path: the file; it and its folders are made when absent
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Opens the ledger and brings its schema up to date. Blocks for the time of a few disk writes,
 * longer (at most some 10 s) when another program is just making the same file.
 *
 * Returns: (transfer full): the ledger, or NULL with @error set
 */
LksLedger *
lks_ledger_open (const char *path, GError **error)
{
  g_autoptr (LksLedger) self = g_object_new (LKS_TYPE_LEDGER, NULL);

  if (!make_file (path, error))
    return NULL;

  self->path = g_strdup (path);
  self->context = g_main_context_ref_thread_default ();
  self->worker = lks_worker_new ("ledger");
  self->append_worker = lks_worker_new ("ledger-append");
  self->writer = lks_sql_open (path, error);
  if (self->writer == NULL || !lks_ledger_schema_migrate (self->writer, path, error) ||
      (self->chain = lks_chain_writer_new (self->writer, error)) == NULL)
    return NULL;

  self->reader = lks_sql_open (path, error);
  if (self->reader == NULL || !lks_sql_run (self->reader, "PRAGMA query_only=ON", error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_ledger_get_path:
 * @self: a ledger
 *
 * Returns: (transfer none): its file
 */
const char *
lks_ledger_get_path (LksLedger *self)
{
  return self->path;
}

/* The thread of the _async calls that read. */
LksWorker *
lks_ledger_get_worker (LksLedger *self)
{
  return self->worker;
}

/* The thread of the _async calls that write. */
LksWorker *
lks_ledger_get_append_worker (LksLedger *self)
{
  return self->append_worker;
}

LksSql *
lks_ledger_get_writer (LksLedger *self)
{
  return self->writer;
}

LksSql *
lks_ledger_get_reader (LksLedger *self)
{
  return self->reader;
}

/**
 * lks_ledger_set_head_folder:
 * @self: a ledger that only its opener knows yet
 * @folder: where the heads of ledgers are noted, each in a file named after the ledger's ID; made
 *   when something is written
 * @error: return location for a [error@Lks.LedgerError]
 *
 * From now on the newest entry is noted there after each one is written, and lks_ledger_verify()
 * looks for the one that was noted. Without it neither is done. Blocks.
 *
 * Returns: whether the ledger's ID could be read
 */
gboolean
lks_ledger_set_head_folder (LksLedger *self, const char *folder, GError **error)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (self->note_path == NULL, FALSE);

  lks_sql_lock (self->writer);
  id = lks_chain_dup_ledger_id (self->writer, error);
  lks_sql_unlock (self->writer);
  if (id == NULL)
    return FALSE;
  if (!g_uuid_string_is_valid (id)) /* it becomes the name of a file */
    {
      g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT,
                   "%s: the ledger has lost its ID: keep the file as it is, and go on with a new "
                   "one",
                   self->path);
      return FALSE;
    }

  self->note_path = g_build_filename (folder, id, NULL);
  return TRUE;
}

/* (nullable): the file that names the newest entry */
const char *
lks_ledger_get_note_path (LksLedger *self)
{
  return self->note_path;
}

/**
 * lks_ledger_set_key_source:
 * @self: a ledger that nothing was written to yet
 * @func: (scope notified): fetches the station key; blocks, on a thread of its own
 * @func_data: for @func
 * @free_data: (nullable): frees @func_data
 *
 * From now on entries are signed, as soon as @func has brought the key. It is called by
 * lks_ledger_want_key(), and by the first write. What is written before the key is there, or when
 * there is none, is written at once and unsigned, with the reason.
 */
void
lks_ledger_set_key_source (LksLedger *self,
                           LksStationKeyFunc func,
                           gpointer func_data,
                           GDestroyNotify free_data)
{
  g_return_if_fail (self->key_source == NULL);

  self->key_source = lks_key_source_new (func, func_data, free_data);
}

/**
 * lks_ledger_want_key:
 * @self: a ledger
 *
 * Something will be written soon: begins to fetch the station key, unless it is there already.
 * Returns at once. Any thread.
 */
void
lks_ledger_want_key (LksLedger *self)
{
  if (self->key_source != NULL)
    lks_key_source_start (self->key_source, FALSE);
}

/**
 * lks_ledger_get_station_key:
 * @self: a ledger
 * @out_reason: (out) (transfer full) (nullable): why there is none
 *
 * Returns: (transfer none) (nullable): the key that signs what is written now
 */
const LksStationKey *
lks_ledger_get_station_key (LksLedger *self, char **out_reason)
{
  if (self->key_source != NULL)
    return lks_key_source_get (self->key_source, out_reason);

  *out_reason = g_strdup (LKS_CHAIN_NO_KEY);
  return NULL;
}

/* Adds the row inserted last to the chain, in the same transaction. */
gboolean
lks_ledger_append_to_chain (LksLedger *self, const char *kind, const char *id, GError **error)
{
  g_autofree char *reason = NULL;
  const LksStationKey *key;

  if (self->key_source != NULL)
    lks_key_source_start (self->key_source, TRUE);
  key = lks_ledger_get_station_key (self, &reason);
  return lks_chain_writer_append (self->chain, kind, id, key, reason, error);
}

static gboolean
insert_record (LksSql *sql, const LksRecordFields *fields, GError **error)
{
  g_autofree char *reversed =
      fields->device_id != NULL ? g_strreverse (g_strdup (fields->device_id)) : NULL;
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "INSERT INTO records (id, run_id, kind, device_id, device_id_reversed, port, usb_serial,"
      " operator, station, started_us, finished_us, recipe_name, recipe_hash, verdict, outcome,"
      " summary, document, role, batch, label, waived) VALUES (:id, :run_id, :kind, :device_id, "
      ":reversed, :port, :usb_serial,"
      " :operator, :station, :started_us, :finished_us, :recipe_name, :recipe_hash, :verdict,"
      " :outcome, :summary, :document, :role, :batch, :label, :waived)",
      error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":id", fields->id);
  lks_sql_bind (statement, ":run_id", fields->run_id);
  lks_sql_bind (statement, ":kind", fields->kind);
  lks_sql_bind (statement, ":device_id", fields->device_id);
  lks_sql_bind (statement, ":reversed", reversed);
  lks_sql_bind (statement, ":port", fields->port);
  lks_sql_bind (statement, ":usb_serial", fields->usb_serial);
  lks_sql_bind (statement, ":operator", fields->operator_name);
  lks_sql_bind (statement, ":station", fields->station);
  lks_sql_bind_int (statement, ":started_us", fields->started_us);
  lks_sql_bind_int (statement, ":finished_us", fields->finished_us);
  lks_sql_bind (statement, ":recipe_name", fields->recipe_name);
  lks_sql_bind (statement, ":recipe_hash", fields->recipe_hash);
  lks_sql_bind (statement, ":verdict", fields->verdict);
  lks_sql_bind (statement, ":outcome", fields->outcome);
  lks_sql_bind (statement, ":summary", fields->summary);
  lks_sql_bind (statement, ":document", fields->document);
  lks_sql_bind (statement, ":role", fields->operator_role);
  lks_sql_bind (statement, ":batch", fields->batch);
  lks_sql_bind (statement, ":label", fields->label);
  lks_sql_bind_int (statement, ":waived", fields->waived);
  return lks_sql_check (sql, sqlite3_step (statement), "adding a record", error);
}

/* One change, all of it or nothing; on the disk when this returns TRUE. */
gboolean
lks_ledger_commit (LksSql *sql, gboolean good, GError **error)
{
  if (good && lks_sql_run (sql, "COMMIT", error))
    return TRUE;

  lks_sql_run (sql, "ROLLBACK", NULL);
  return FALSE;
}

/* The same for a change that appended to the chain. A head that cannot be noted costs the proof of
 * where the chain ends, not the record. */
gboolean
lks_ledger_commit_entry (LksLedger *self, gboolean good, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!lks_ledger_commit (self->writer, good, error))
    return FALSE;
  if (self->note_path != NULL &&
      !lks_head_note_follow (self->note_path, self->writer, &local_error))
    g_debug ("no head was noted: %s", local_error->message);
  return TRUE;
}

/* News that nobody waits for does not keep a ledger: its threads have to be over when a program
 * ends without its main loop. */
typedef struct
{
  GWeakRef ledger;
  LksRecord *record; /* (owned) (nullable) */
  char *session_id;  /* (owned) (nullable) */
} Added;

static void
added_free (gpointer data)
{
  Added *added = data;

  g_weak_ref_clear (&added->ledger);
  g_clear_object (&added->record);
  g_free (added->session_id);
  g_free (added);
}

static gboolean
emit_added_cb (gpointer user_data)
{
  Added *added = user_data;
  g_autoptr (LksLedger) ledger = g_weak_ref_get (&added->ledger);

  if (ledger == NULL)
    return G_SOURCE_REMOVE;
  if (added->record != NULL)
    g_signal_emit (ledger, signals[SIGNAL_ADDED], 0, added->record);
  else
    g_signal_emit (ledger, signals[SIGNAL_SERVICE_CHANGED], 0, added->session_id);
  return G_SOURCE_REMOVE;
}

static void
announce (LksLedger *self, LksRecord *record, const char *session_id)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Added *added = g_new0 (Added, 1);

  g_weak_ref_init (&added->ledger, self);
  g_set_object (&added->record, record);
  added->session_id = g_strdup (session_id);
  g_source_set_callback (source, emit_added_cb, added, added_free);
  g_source_attach (source, self->context);
}

/* From any thread: the signal comes on the main context of the ledger. */
void
lks_ledger_announce_service (LksLedger *self, const char *session_id)
{
  announce (self, NULL, session_id);
}

#define RECORD_COLUMNS                                                                             \
  "records.sequence, id, run_id, kind, device_id, port, usb_serial, operator, station,"            \
  " started_us, finished_us, recipe_name, recipe_hash, verdict, outcome, summary,"                 \
  " (SELECT key FROM chain WHERE chain.kind = 'run' AND chain.row = records.sequence),"            \
  " (SELECT unsigned FROM chain WHERE chain.kind = 'run' AND chain.row = records.sequence),"       \
  " role, batch, label, waived"

static LksRecord *
record_from_row (sqlite3_stmt *row, gboolean with_document)
{
  LksRecordFields fields = {
    .id = lks_sql_column (row, 1),
    .run_id = lks_sql_column (row, 2),
    .kind = lks_sql_column (row, 3),
    .device_id = lks_sql_column (row, 4),
    .port = lks_sql_column (row, 5),
    .usb_serial = lks_sql_column (row, 6),
    .operator_name = lks_sql_column (row, 7),
    .station = lks_sql_column (row, 8),
    .started_us = sqlite3_column_int64 (row, 9),
    .finished_us = sqlite3_column_int64 (row, 10),
    .recipe_name = lks_sql_column (row, 11),
    .recipe_hash = lks_sql_column (row, 12),
    .verdict = lks_sql_column (row, 13),
    .outcome = lks_sql_column (row, 14),
    .summary = lks_sql_column (row, 15),
    .signer = lks_sql_column (row, 16),
    .unsigned_reason = lks_sql_column (row, 17),
    .operator_role = lks_sql_column (row, 18),
    .batch = lks_sql_column (row, 19),
    .label = lks_sql_column (row, 20),
    .waived = (guint) sqlite3_column_int64 (row, 21),
    .document = with_document ? lks_sql_column (row, 22) : NULL,
    .recipe_text = with_document ? lks_sql_column (row, 23) : NULL,
  };

  return lks_record_new (&fields);
}

static LksRecord *
get_locked (LksSql *sql, const char *id, gboolean with_document, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       with_document ? "SELECT " RECORD_COLUMNS ", document, text FROM records"
                                       " JOIN recipes ON hash = recipe_hash WHERE id = :id"
                                     : "SELECT " RECORD_COLUMNS " FROM records WHERE id = :id",
                       error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":id", id);
  rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    return record_from_row (statement, with_document);
  if (lks_sql_check (sql, rc, "reading a record", error))
    g_set_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND,
                 "there is no record “%s”; list the records to see their IDs", id);
  return NULL;
}

/**
 * lks_ledger_add:
 * @self: a ledger
 * @record: a record with its document
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Adds @record. When this returns TRUE it is on the disk. Any thread; blocks for a disk write.
 *
 * Returns: whether it was added
 */
gboolean
lks_ledger_add (LksLedger *self, LksRecord *record, GError **error)
{
  const LksRecordFields *fields = lks_record_get_fields (record);
  g_autoptr (LksRecord) added = NULL;
  gboolean good;

  lks_sql_lock (self->writer);
  good = lks_sql_run (self->writer, "BEGIN IMMEDIATE", error);
  if (good)
    good = lks_ledger_commit_entry (self,
                                    lks_ledger_insert_recipe (self->writer, fields->recipe_hash,
                                                              fields->recipe_text, error) &&
                                        insert_record (self->writer, fields, error) &&
                                        lks_ledger_append_to_chain (self, LKS_CHAIN_KIND_RUN,
                                                                    fields->id, error),
                                    error);
  if (good)
    added = get_locked (self->writer, fields->id, FALSE, NULL);
  lks_sql_unlock (self->writer);

  if (added != NULL)
    announce (self, added, NULL);
  return good;
}

/**
 * lks_ledger_get:
 * @self: a ledger
 * @id: the UUID of a record
 * @error: return location for a [error@Lks.LedgerError], code NOT_FOUND among them
 *
 * Reads one record with its document and recipe. Any thread; blocks.
 *
 * Returns: (transfer full): the record, or NULL with @error set
 */
LksRecord *
lks_ledger_get (LksLedger *self, const char *id, GError **error)
{
  LksRecord *record;

  lks_sql_lock (self->reader);
  record = get_locked (self->reader, id, TRUE, error);
  lks_sql_unlock (self->reader);
  return record;
}

static GPtrArray *
list_locked (LksSql *sql, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *where = lks_ledger_query_to_sql (query);
  g_autofree char *order = lks_ledger_query_to_order (query, "records");
  g_autofree char *text = g_strconcat ("SELECT " RECORD_COLUMNS " FROM records", where, order,
                                       " LIMIT :limit OFFSET :offset", NULL);
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (sql, text, error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_ledger_query_bind (query, statement);
  lks_sql_bind_int (statement, ":limit", query->limit > 0 ? (gint64) query->limit : -1);
  lks_sql_bind_int (statement, ":offset", query->offset);
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (records, record_from_row (statement, FALSE));

  return lks_sql_check (sql, rc, "listing records", error) ? g_steal_pointer (&records) : NULL;
}

/**
 * lks_ledger_list:
 * @self: a ledger
 * @query: which ones
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Lists records without their documents, the last begun first. Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksRecord): the records, or NULL with @error set
 */
GPtrArray *
lks_ledger_list (LksLedger *self, const LksLedgerQuery *query, GError **error)
{
  GPtrArray *records;

  if (!lks_ledger_query_check (query, error))
    return NULL;

  lks_sql_lock (self->reader);
  records = list_locked (self->reader, query, error);
  lks_sql_unlock (self->reader);
  return records;
}

static gboolean
count_locked (LksSql *sql, const LksLedgerQuery *query, guint64 *out_count, GError **error)
{
  g_autofree char *where = lks_ledger_query_to_sql (query);
  g_autofree char *text = g_strconcat ("SELECT count(*) FROM records", where, NULL);
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (sql, text, error);

  if (statement == NULL)
    return FALSE;

  lks_ledger_query_bind (query, statement);
  if (!lks_sql_check (sql, sqlite3_step (statement), "counting records", error))
    return FALSE;

  *out_count = (guint64) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/**
 * lks_ledger_count:
 * @self: a ledger
 * @query: which ones; its offset and limit do not matter
 * @out_count: (out): how many there are
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: whether they could be counted
 */
gboolean
lks_ledger_count (LksLedger *self, const LksLedgerQuery *query, guint64 *out_count, GError **error)
{
  gboolean good;

  if (!lks_ledger_query_check (query, error))
    return FALSE;

  lks_sql_lock (self->reader);
  good = count_locked (self->reader, query, out_count, error);
  lks_sql_unlock (self->reader);
  return good;
}

static gboolean
insert_entry (LksSql *sql, const LksJournalEntry *entry, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      lks_sql_prepare (sql,
                       "INSERT INTO journal (run_id, device_id, target, step, phase, at_us, data)"
                       " VALUES (:run_id, :device_id, :target, :step, :phase, :at_us, :data)",
                       error);

  if (statement == NULL)
    return FALSE;

  lks_sql_bind (statement, ":run_id", entry->run_id);
  lks_sql_bind (statement, ":device_id", entry->device_id);
  lks_sql_bind (statement, ":target", entry->target);
  lks_sql_bind (statement, ":step", entry->step);
  lks_sql_bind (statement, ":phase", entry->phase);
  lks_sql_bind_int (statement, ":at_us", entry->at_us);
  lks_sql_bind (statement, ":data", entry->data);
  return lks_sql_check (sql, sqlite3_step (statement), "writing the journal", error);
}

/* With the entry: whoever finds the one finds the other. */
static gboolean
keep_recipe (LksSql *sql, const LksJournalEntry *entry, GError **error)
{
  return entry->recipe_hash == NULL ||
         lks_ledger_insert_recipe (sql, entry->recipe_hash, entry->recipe_text, error);
}

/**
 * lks_ledger_journal_append:
 * @self: a ledger
 * @entry: an entry; its sequence does not matter
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Writes one line of the journal and waits until it is on the disk (fsync): only then may the
 * act it announces begin. Any thread; blocks.
 *
 * Returns: whether it is on the disk
 */
gboolean
lks_ledger_journal_append (LksLedger *self, const LksJournalEntry *entry, GError **error)
{
  gboolean good;

  lks_sql_lock (self->writer);
  good = lks_sql_run (self->writer, "BEGIN IMMEDIATE", error);
  if (good)
    good = lks_ledger_commit_entry (self,
                                    keep_recipe (self->writer, entry, error) &&
                                        insert_entry (self->writer, entry, error) &&
                                        lks_ledger_append_to_chain (self, LKS_CHAIN_KIND_JOURNAL,
                                                                    entry->run_id, error),
                                    error);
  lks_sql_unlock (self->writer);
  return good;
}

static GPtrArray *
read_journal_locked (LksSql *sql, const char *device_id, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_journal_entry_free);
  g_autoptr (sqlite3_stmt) statement = lks_sql_prepare (
      sql,
      "SELECT sequence, run_id, device_id, target, step, phase, at_us, data FROM journal"
      " WHERE device_id = :device_id ORDER BY sequence",
      error);
  int rc;

  if (statement == NULL)
    return NULL;

  lks_sql_bind (statement, ":device_id", device_id);
  while ((rc = sqlite3_step (statement)) == SQLITE_ROW)
    {
      LksJournalEntry entry = {
        .sequence = sqlite3_column_int64 (statement, 0),
        .run_id = lks_sql_column (statement, 1),
        .device_id = lks_sql_column (statement, 2),
        .target = lks_sql_column (statement, 3),
        .step = lks_sql_column (statement, 4),
        .phase = lks_sql_column (statement, 5),
        .at_us = sqlite3_column_int64 (statement, 6),
        .data = lks_sql_column (statement, 7),
      };

      g_ptr_array_add (entries, lks_journal_entry_copy (&entry));
    }

  return lks_sql_check (sql, rc, "reading the journal", error) ? g_steal_pointer (&entries) : NULL;
}

/**
 * lks_ledger_journal_read:
 * @self: a ledger
 * @device_id: 128 digits, lower case
 * @error: return location for a [error@Lks.LedgerError]
 *
 * Any thread; blocks.
 *
 * Returns: (transfer full) (element-type LksJournalEntry): what was intended and done with this
 *   board, oldest first; or NULL with @error set
 */
GPtrArray *
lks_ledger_journal_read (LksLedger *self, const char *device_id, GError **error)
{
  GPtrArray *entries;

  /* The writer: what this program has just written must be seen. */
  lks_sql_lock (self->writer);
  entries = read_journal_locked (self->writer, device_id, error);
  lks_sql_unlock (self->writer);
  return entries;
}
