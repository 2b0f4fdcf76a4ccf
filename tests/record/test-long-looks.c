/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ledger in which a table is so long that looking through it takes seconds: what waits for that,
 * and how soon it ends. */
#include "lks-ledger-service.h"
#include "lks-ledger-stats.h"
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "wait-until.h"

#define SESSION "11111111-2222-4333-8444-000000000001"
#define START_US 1000000000000000
#define N_ROWS 2000000

/* As if the ledger had been older for an hour: what an older program adds is looked for. */
#define GOT_ITS_CHAIN "UPDATE migrations SET applied_us = applied_us - 3600000000 WHERE version = 1"

#define WAIT_MAX_US (20 * G_USEC_PER_SEC)

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
  LksLedger *ledger;
  GAsyncResult *result; /* (owned) (nullable): of the long look */
} Fixture;

/* Of the function that the long tables call for each row. */
static struct
{
  GMutex mutex;
  GCond cond;
  GCancellable *gives_up; /* (nullable): is cancelled in the middle */
  gboolean waits;         /* for @appended */
  gboolean appended;
  gboolean is_late; /* whether it waited in vain */
  guint n_rows;
} look;

static void
wait_for_append (void)
{
  const gint64 until_us = g_get_monotonic_time () + WAIT_MAX_US;

  g_mutex_lock (&look.mutex);
  while (!look.appended && g_cond_wait_until (&look.cond, &look.mutex, until_us))
    ;
  look.is_late = !look.appended;
  look.waits = FALSE;
  g_mutex_unlock (&look.mutex);
}

/* Of no row anything is kept. */
static void
look_at_row_cb (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  if (++look.n_rows == 1 && look.gives_up != NULL)
    g_cancellable_cancel (look.gives_up);
  if (look.waits)
    wait_for_append ();
  sqlite3_result_int (context, 0);
}

static int
extend_cb (sqlite3 *db, char **out_error, const struct sqlite3_api_routines *api)
{
  return sqlite3_create_function (db, "look_at_row", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, NULL,
                                  look_at_row_cb, NULL, NULL);
}

/* The program's own connections may not do this. */
static void
run_sql (Fixture *f, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
make_long (Fixture *f, const char *table)
{
  g_autofree char *sql = g_strdup_printf (
      "PRAGMA foreign_keys=OFF; ALTER TABLE %s RENAME TO kept;"
      "CREATE VIEW %s AS WITH RECURSIVE rows (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows"
      " WHERE n < %d) SELECT kept.* FROM rows LEFT JOIN kept ON kept.sequence = n"
      " WHERE look_at_row (n)",
      table, table, N_ROWS);

  run_sql (f, sql);
}

static LksLedger *
open_ledger (const char *path)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (path, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("lks-looks-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->ledger = open_ledger (f->path);
  look.gives_up = NULL;
  look.waits = look.appended = look.is_late = FALSE;
  look.n_rows = 0;
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_object (&f->result);
  g_object_add_weak_pointer (G_OBJECT (f->ledger), (gpointer *) &f->ledger);
  g_object_unref (f->ledger);
  WAIT_UNTIL (f->ledger == NULL);

  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (f->folder, name, NULL);

      g_remove (child);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* ---- what is written does not wait ---- */

static void
begin_session (LksLedger *ledger)
{
  g_autofree char *device_id = g_strnfill (128, '0');
  g_autofree char *fingerprint = g_strnfill (64, 'a');
  g_autoptr (GError) error = NULL;

  lks_ledger_service_begin (ledger,
                            &(LksServiceFields){
                                .id = SESSION,
                                .device_id = device_id,
                                .port = "1-2.3",
                                .usb_serial = "AS1",
                                .operator_name = "op",
                                .station = "station",
                                .started_us = START_US,
                                .task = "wifi",
                                .fingerprint = fingerprint,
                                .capabilities = "[13]",
                                .document = "{}",
                            },
                            &error);
  g_assert_no_error (error);
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_service_append_finish (LKS_LEDGER (source), result, &error));
  g_assert_no_error (error);
  g_mutex_lock (&look.mutex);
  look.appended = TRUE;
  g_cond_signal (&look.cond);
  g_mutex_unlock (&look.mutex);
}

static guint64
count_events (LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksServiceRecord) record = lks_ledger_service_get (ledger, SESSION, &error);

  g_assert_no_error (error);
  return lks_service_record_get_fields (record)->n_actions;
}

/* @data: (nullable): what is done to the ledger before */
static void
test_append_at_once (Fixture *f, gconstpointer data)
{
  const LksServiceEvent event = {
    .session_id = SESSION,
    .at_us = START_US + 1,
    .method = "POST",
    .path = "/wifi/config/networks",
    .http_status = 201,
    .document = "{}",
  };
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (GError) error = NULL;

  begin_session (f->ledger);
  make_long (f, "records");
  if (data != NULL)
    run_sql (f, data);
  look.waits = TRUE;
  lks_ledger_verify_async (f->ledger, &(LksVerifyOptions){ 0 }, NULL, finished_cb, &f->result);
  lks_ledger_service_append_async (f->ledger, &event, NULL, appended_cb, NULL);
  lks_ledger_service_append_async (f->ledger, &event, NULL, appended_cb, NULL);
  WAIT_UNTIL (look.appended || f->result != NULL);

  g_assert_true (look.appended);
  WAIT_UNTIL (f->result != NULL);
  g_assert_false (look.is_late);
  report = lks_ledger_verify_finish (f->ledger, f->result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_events (f->ledger), ==, 2);
}

/* ---- what is given up ends ---- */

static gboolean
list_finish (LksLedger *ledger, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) records = lks_ledger_list_finish (ledger, result, error);

  return records != NULL;
}

static void
start_list (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  lks_ledger_list_async (ledger, &(LksLedgerQuery){ 0 }, cancellable, finished_cb, &f->result);
}

static gboolean
service_list_finish (LksLedger *ledger, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) records = lks_ledger_service_list_finish (ledger, result, error);

  return records != NULL;
}

static void
start_service_list (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  lks_ledger_service_list_async (ledger, &(LksLedgerQuery){ 0 }, cancellable, finished_cb,
                                 &f->result);
}

static gboolean
units_finish (LksLedger *ledger, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) units = lks_ledger_list_units_finish (ledger, result, error);

  return units != NULL;
}

static void
start_units (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  lks_ledger_list_units_async (ledger, &(LksLedgerQuery){ 0 }, cancellable, finished_cb,
                               &f->result);
}

static gboolean
stats_finish (LksLedger *ledger, GAsyncResult *result, GError **error)
{
  g_autoptr (LksStats) stats = lks_ledger_stats_finish (ledger, result, error);

  return stats != NULL;
}

static void
start_stats (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  lks_ledger_stats_async (ledger, &(LksLedgerQuery){ 0 }, cancellable, finished_cb, &f->result);
}

static gboolean
verify_finish (LksLedger *ledger, GAsyncResult *result, GError **error)
{
  g_autoptr (LksVerifyReport) report = lks_ledger_verify_finish (ledger, result, error);

  return report != NULL;
}

static void
start_verify (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  lks_ledger_verify_async (ledger, &(LksVerifyOptions){ 0 }, cancellable, finished_cb, &f->result);
}

static GFile *
new_export_file (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->folder, "export.csv", NULL);

  return g_file_new_for_path (path);
}

static void
start_export (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  g_autoptr (GFile) file = new_export_file (f);

  lks_ledger_export_async (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_CSV, file, cancellable,
                           finished_cb, &f->result);
}

static void
start_service_export (LksLedger *ledger, GCancellable *cancellable, Fixture *f)
{
  g_autoptr (GFile) file = new_export_file (f);

  lks_ledger_service_export_async (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_CSV, file,
                                   cancellable, finished_cb, &f->result);
}

typedef struct
{
  const char *path;
  const char *table;
  void (*start) (LksLedger *ledger, GCancellable *cancellable, Fixture *f);
  gboolean (*finish) (LksLedger *ledger, GAsyncResult *result, GError **error);
} Look;

static const Look looks[] = {
  { "/looks/given-up/list", "records", start_list, list_finish },
  { "/looks/given-up/units", "records", start_units, units_finish },
  { "/looks/given-up/stats", "records", start_stats, stats_finish },
  { "/looks/given-up/verify", "records", start_verify, verify_finish },
  { "/looks/given-up/verify-chain", "chain", start_verify, verify_finish },
  { "/looks/given-up/verify-signatures", "signatures", start_verify, verify_finish },
  { "/looks/given-up/export", "records", start_export, lks_ledger_export_finish },
  { "/looks/given-up/service-list", "service_sessions", start_service_list, service_list_finish },
  { "/looks/given-up/service-export", "service_sessions", start_service_export,
    lks_ledger_service_export_finish },
};

static void
test_given_up (Fixture *f, gconstpointer data)
{
  const Look *self = data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  make_long (f, self->table);
  look.gives_up = cancellable;
  self->start (f->ledger, cancellable, f);
  WAIT_UNTIL (f->result != NULL);

  g_assert_false (self->finish (f->ledger, f->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (look.n_rows, >, 0);
  g_assert_cmpuint (look.n_rows, <, N_ROWS / 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  sqlite3_auto_extension ((void (*) (void)) extend_cb);

  g_test_add ("/looks/append-at-once", Fixture, NULL, set_up, test_append_at_once, tear_down);
  g_test_add ("/looks/append-at-once/got-its-chain", Fixture, GOT_ITS_CHAIN, set_up,
              test_append_at_once, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    g_test_add (looks[i].path, Fixture, &looks[i], set_up, test_given_up, tear_down);

  return g_test_run ();
}
