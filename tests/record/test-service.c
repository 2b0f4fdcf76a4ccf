/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-service.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define FINGERPRINT "00000000000000000000000000000000000000000000000000000000000000aa"
#define FIRST "11111111-2222-4333-8444-000000000001"
#define SECOND "11111111-2222-4333-8444-000000000002"
#define UNKNOWN "11111111-2222-4333-8444-000000000009"
#define OLD_RECORD "843ab364-6982-4b3a-95e0-d0d6793203f8"
#define START_US 1000000000000000

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
  LksLedger *ledger;
} Fixture;

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
  f->folder = g_dir_make_tmp ("lks-service-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->ledger = open_ledger (f->path);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  /* The ledger's thread gives a reference back after the last result was told. */
  g_object_add_weak_pointer (G_OBJECT (f->ledger), (gpointer *) &f->ledger);
  g_object_unref (f->ledger);
  while (f->ledger != NULL)
    g_main_context_iteration (NULL, TRUE);
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

/* 124 zeros and the four digits. */
static char *
make_device_id (const char *end)
{
  g_autofree char *zeros = g_strnfill (124, '0');

  return g_strconcat (zeros, end, NULL);
}

static gboolean
begin (LksLedger *ledger, const char *id, const char *device_end, gint64 at_us, GError **error)
{
  g_autofree char *device_id = make_device_id (device_end);

  return lks_ledger_service_begin (ledger,
                                   &(LksServiceFields){
                                       .id = id,
                                       .device_id = device_id,
                                       .port = "1-2.3",
                                       .usb_serial = "AS\"1\",\n2",
                                       .operator_name = "=cmd()",
                                       .station = "station",
                                       .started_us = at_us,
                                       .task = "wifi",
                                       .note = "pump room, a \"new\" router",
                                       .fingerprint = FINGERPRINT,
                                       .capabilities = "[13]",
                                       .document = "{\"minutes\":30}",
                                   },
                                   error);
}

static void
begin_well (LksLedger *ledger, const char *id, const char *device_end, gint64 at_us)
{
  g_autoptr (GError) error = NULL;

  begin (ledger, id, device_end, at_us, &error);
  g_assert_no_error (error);
}

static gboolean
act (LksLedger *ledger, const char *id, const char *method, const char *path, GError **error)
{
  return lks_ledger_service_append (ledger,
                                    &(LksServiceEvent){
                                        .session_id = id,
                                        .at_us = START_US + 5,
                                        .method = method,
                                        .path = path,
                                        .http_status = 201,
                                        .document = "{\"words\":\"a Wi-Fi network was added\"}",
                                    },
                                    error);
}

static gboolean
end (LksLedger *ledger, const char *id, const char *reason, GError **error)
{
  return lks_ledger_service_append (ledger,
                                    &(LksServiceEvent){
                                        .session_id = id,
                                        .at_us = START_US + 9,
                                        .reason = reason,
                                        .document = "{}",
                                    },
                                    error);
}

static void
fill (LksLedger *ledger)
{
  g_autoptr (GError) error = NULL;

  begin_well (ledger, FIRST, "abc1", START_US);
  act (ledger, FIRST, "POST", "/wifi/config/networks", &error);
  g_assert_no_error (error);
  act (ledger, FIRST, "DELETE", "/wifi/config/networks/0", &error);
  g_assert_no_error (error);
  end (ledger, FIRST, "unplugged", &error);
  g_assert_no_error (error);
  begin_well (ledger, SECOND, "abc2", START_US + 1000);
}

static void
test_session (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksServiceRecord) record = NULL;
  g_autoptr (LksServiceRecord) none = NULL;
  g_autoptr (GError) error = NULL;
  const LksServiceFields *fields;
  const LksServiceEvent *event;
  GPtrArray *events;

  fill (f->ledger);
  record = lks_ledger_service_get (f->ledger, FIRST, &error);
  g_assert_no_error (error);
  fields = lks_service_record_get_fields (record);
  g_assert_cmpstr (fields->task, ==, "wifi");
  g_assert_cmpstr (fields->note, ==, "pump room, a \"new\" router");
  g_assert_cmpstr (fields->capabilities, ==, "[13]");
  g_assert_cmpstr (fields->end_reason, ==, "unplugged");
  g_assert_cmpint (fields->ended_us, ==, START_US + 9);
  g_assert_cmpuint (fields->n_actions, ==, 2);
  g_assert_null (fields->signer);

  events = lks_service_record_get_events (record);
  g_assert_cmpuint (events->len, ==, 3);
  event = events->pdata[1];
  g_assert_cmpstr (event->method, ==, "DELETE");
  g_assert_cmpuint (event->http_status, ==, 201);
  g_assert_null (event->reason);
  event = events->pdata[2];
  g_assert_null (event->method);
  g_assert_cmpstr (event->reason, ==, "unplugged");

  none = lks_ledger_service_get (f->ledger, UNKNOWN, &error);
  g_assert_null (none);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND);
}

/* Refused: what is not whole, what belongs to no session, a second end, a second beginning. */
static void
test_refuses_nonsense (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fill (f->ledger);
  g_assert_false (begin (f->ledger, FIRST, "abc1", START_US, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (end (f->ledger, FIRST, "timeout", &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (act (f->ledger, UNKNOWN, "POST", "/restart", &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (act (f->ledger, SECOND, "POST", NULL, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (begin (f->ledger, "short", "abc1", START_US, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_clear_error (&error);

  /* A request that was under way when the session ended is told all the same. */
  act (f->ledger, FIRST, "POST", "/restart", &error);
  g_assert_no_error (error);
}

static void
test_append_only (Fixture *f, gconstpointer unused)
{
  static const char *const refused[] = {
    "UPDATE service_sessions SET note = 'x'",
    "DELETE FROM service_sessions",
    "INSERT OR REPLACE INTO service_sessions SELECT * FROM service_sessions",
    "UPDATE service_events SET reason = 'x' WHERE kind = 'end'",
    "DELETE FROM service_events",
    "INSERT OR REPLACE INTO service_events SELECT * FROM service_events",
    "INSERT OR REPLACE INTO service_events (session_id, kind, at_us, reason, document)"
    " VALUES ('" FIRST "', 'end', 1, 'timeout', '{}')",
  };
  g_autoptr (LksServiceRecord) record = NULL;
  sqlite3 *db = NULL;

  fill (f->ledger);
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (db);

  record = lks_ledger_service_get (f->ledger, FIRST, NULL);
  g_assert_cmpuint (lks_service_record_get_events (record)->len, ==, 3);
  g_assert_cmpstr (lks_service_record_get_fields (record)->end_reason, ==, "unplugged");
}

/* What @query finds, as the last digits of the session IDs. */
static char *
list (LksLedger *ledger, const LksLedgerQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_service_list (ledger, query, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      g_assert_null (lks_service_record_get_events (records->pdata[i]));
      g_string_append_c (text, lks_service_record_get_id (records->pdata[i])[35]);
    }
  return g_string_free (text, FALSE);
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    LksLedgerQuery query;
    const char *found;
  } cases[] = {
    { { 0 }, "21" },
    { { .limit = 1 }, "2" },
    { { .offset = 1 }, "1" },
    { { .device_id_end = "ABC1" }, "1" },
    { { .device_id_end = "0abc2" }, "2" },
    { { .device_id_end = "abc3" }, "" },
    { { .since_us = START_US + 1 }, "2" },
    { { .until_us = START_US + 1 }, "1" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;

  fill (f->ledger);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = list (f->ledger, &cases[i].query);

      g_assert_cmpstr (found, ==, cases[i].found);
    }

  records = lks_ledger_service_list (f->ledger, &(LksLedgerQuery){ .verdict = "PASS" }, &error);
  g_assert_null (records);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
}

/* Sessions of programs that were killed are found, those of other computers left alone. */
static void
test_list_open (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) open = NULL;
  g_auto (GStrv) elsewhere = NULL;
  g_auto (GStrv) after = NULL;

  fill (f->ledger);
  open = lks_ledger_service_list_open (f->ledger, "station", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (open), ==, 1);
  g_assert_cmpstr (open[0], ==, SECOND);
  elsewhere = lks_ledger_service_list_open (f->ledger, "another", &error);
  g_assert_cmpuint (g_strv_length (elsewhere), ==, 0);

  end (f->ledger, SECOND, "program-died", &error);
  g_assert_no_error (error);
  after = lks_ledger_service_list_open (f->ledger, "station", &error);
  g_assert_cmpuint (g_strv_length (after), ==, 0);
}

static char *export(LksLedger *ledger, LksExportFormat format)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (
      lks_ledger_service_export (ledger, &(LksLedgerQuery){ 0 }, format, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
test_export_csv (Fixture *f, gconstpointer unused)
{
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;

  fill (f->ledger);
  csv = export(f->ledger, LKS_EXPORT_FORMAT_CSV);
  g_assert_true (g_str_has_prefix (csv, "id,kind,device_id,"));
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[1], "\"" SECOND "\",\"service\","));
  g_assert_nonnull (strstr (lines[1], ",,,")); /* no end yet */
  g_assert_nonnull (strstr (lines[2], "\"'=cmd()\""));
  g_assert_nonnull (strstr (lines[2], "\"pump room, a \"\"new\"\" router\""));
  g_assert_true (g_str_has_suffix (lines[2], ",\"2\""));
}

static void
test_export_json (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *text = NULL;
  JsonObject *first, *event;
  JsonArray *array, *events;

  empty = export(f->ledger, LKS_EXPORT_FORMAT_JSON);
  g_assert_cmpstr (empty, ==, "[\n]\n");
  fill (f->ledger);
  text = export(f->ledger, LKS_EXPORT_FORMAT_JSON);
  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  array = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  g_assert_true (json_object_get_null_member (json_array_get_object_element (array, 0), "ended"));

  first = json_array_get_object_element (array, 1);
  g_assert_cmpstr (json_object_get_string_member (first, "kind"), ==, "service");
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (first, "capabilities"),
                                               0),
                   ==, 13);
  events = json_object_get_array_member (first, "events");
  g_assert_cmpuint (json_array_get_length (events), ==, 3);
  event = json_array_get_object_element (events, 0);
  g_assert_cmpstr (json_object_get_string_member (event, "kind"), ==, "action");
  g_assert_cmpstr (json_object_get_string_member (event, "path"), ==, "/wifi/config/networks");
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (event, "document"),
                                                  "words"),
                   ==, "a Wi-Fi network was added");
  event = json_array_get_object_element (events, 2);
  g_assert_cmpstr (json_object_get_string_member (event, "reason"), ==, "unplugged");
}

/* A ledger of the first version keeps what is in it, and can do the new things. */
static void
test_migration (Fixture *f, gconstpointer unused)
{
  g_autofree char *sql_path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "record", "ledger-1.sql", NULL);
  g_autofree char *path = g_build_filename (f->folder, "old.sqlite", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (GPtrArray) journal = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *listed = NULL;
  sqlite3 *db = NULL;

  g_assert_true (g_file_get_contents (sql_path, &sql, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  ledger = open_ledger (path);
  record = lks_ledger_get (ledger, OLD_RECORD, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lks_record_get_fields (record)->verdict, ==, "PASS");
  journal = lks_ledger_journal_read (ledger, lks_record_get_fields (record)->device_id, &error);
  g_assert_cmpuint (journal->len, ==, 5);

  fill (ledger);
  listed = list (ledger, &(LksLedgerQuery){ 0 });
  g_assert_cmpstr (listed, ==, "21");
}

static void
changed_cb (LksLedger *ledger, const char *session_id, GPtrArray *changed)
{
  g_ptr_array_add (changed, g_strdup (session_id));
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_async (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (f->folder, "export.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) appended = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) got = NULL;
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (LksServiceRecord) record = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  LksServiceEvent event = { .session_id = SECOND, .reason = "user", .document = "{}" };

  fill (f->ledger);
  drain ();
  g_signal_connect (f->ledger, "service-changed", G_CALLBACK (changed_cb), changed);
  lks_ledger_service_append_async (f->ledger, &event, NULL, result_cb, &appended);
  wait_for (&appended);
  lks_ledger_service_list_async (f->ledger, &(LksLedgerQuery){ .limit = 1 }, NULL, result_cb,
                                 &listed);
  lks_ledger_service_get_async (f->ledger, SECOND, NULL, result_cb, &got);
  lks_ledger_service_export_async (f->ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_CSV, file,
                                   NULL, result_cb, &exported);
  wait_for (&exported);

  g_assert_true (lks_ledger_service_append_finish (f->ledger, appended, &error));
  g_assert_no_error (error);
  records = lks_ledger_service_list_finish (f->ledger, listed, &error);
  g_assert_cmpuint (records->len, ==, 1);
  record = lks_ledger_service_get_finish (f->ledger, got, &error);
  g_assert_cmpstr (lks_service_record_get_fields (record)->end_reason, ==, "user");
  g_assert_true (lks_ledger_service_export_finish (f->ledger, exported, &error));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  drain ();
  g_assert_cmpuint (changed->len, ==, 1);
  g_assert_cmpstr (changed->pdata[0], ==, SECOND);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/service/session", test_session);
  TEST ("/service/refuses-nonsense", test_refuses_nonsense);
  TEST ("/service/append-only", test_append_only);
  TEST ("/service/list", test_list);
  TEST ("/service/list-open", test_list_open);
  TEST ("/service/export/csv", test_export_csv);
  TEST ("/service/export/json", test_export_json);
  TEST ("/service/migration", test_migration);
  TEST ("/service/async", test_async);

  return g_test_run ();
}
