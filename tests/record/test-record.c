/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HASH "00000000000000000000000000000000000000000000000000000000000000aa"
#define RUN_ID "11111111-2222-4333-8444-555555555555"

static const char *program; /* this test, to be started again as another process */

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("lks-record-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "deeper", "ledger.sqlite", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_tree (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

/* Announcements of added records keep a ledger open until they are made. */
static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static LksLedger *
open_ledger (const char *path)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (ledger);
  return ledger;
}

/* "…0000" + 4 digits of @number, so that ends can be searched for. */
static char *
make_device_id (guint number)
{
  g_autofree char *zeros = g_strnfill (124, '0');

  return g_strdup_printf ("%s%04x", zeros, number);
}

static LksRecord *
make_record (guint number, const char *verdict)
{
  g_autofree char *device_id = make_device_id (number);
  g_autofree char *document =
      g_strdup_printf ("{\"number\":%u,\"text\":\"a \\\"b\\\" ü\"}", number);

  return lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-2.3",
      .usb_serial = "AS\"1\",\n2",
      .operator_name = "=cmd()",
      .station = "station",
      .started_us = 1000000000000000 + (gint64) number * G_USEC_PER_SEC,
      .finished_us = 1000000000000001 + (gint64) number * G_USEC_PER_SEC,
      .recipe_name = "a recipe",
      .recipe_hash = HASH,
      .recipe_text = "{}",
      .verdict = verdict,
      .outcome = "none",
      .summary = NULL,
      .document = document,
      .operator_role = number % 3 == 0 ? "engineer" : NULL,
      .batch = number % 3 == 0 ? "batch 7" : NULL,
      .label = number == 3 ? "SN-\"3" : NULL,
      .waived = number,
  });
}

static void
add_records (LksLedger *ledger, guint first, guint count)
{
  for (guint i = first; i < first + count; i++)
    {
      g_autoptr (LksRecord) record = make_record (i, i % 2 == 0 ? "PASS" : "FAIL");
      g_autoptr (GError) error = NULL;

      g_assert_true (lks_ledger_add (ledger, record, &error));
      g_assert_no_error (error);
    }
}

static guint64
count (LksLedger *ledger, const LksLedgerQuery *query)
{
  g_autoptr (GError) error = NULL;
  guint64 result = G_MAXUINT64;

  g_assert_true (lks_ledger_count (ledger, query, &result, &error));
  g_assert_no_error (error);
  return result;
}

/* What @query finds, as the last hexadecimal digits of the device IDs: "3 2 1". */
static char *
list (LksLedger *ledger, const LksLedgerQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = lks_ledger_list (ledger, query, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);

      g_assert_null (fields->document);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", fields->device_id + 127);
    }
  return g_string_free (text, FALSE);
}

static void
test_add_and_get (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (LksRecord) record = make_record (7, "STOPPED");
  g_autoptr (LksRecord) back = NULL;
  g_autoptr (LksRecord) none = NULL;
  g_autoptr (GError) error = NULL;
  const LksRecordFields *fields;
  GStatBuf info;

  g_assert_true (lks_ledger_add (ledger, record, &error));
  back = lks_ledger_get (ledger, lks_record_get_id (record), &error);
  g_assert_no_error (error);
  fields = lks_record_get_fields (back);
  g_assert_cmpstr (fields->verdict, ==, "STOPPED");
  g_assert_cmpstr (fields->usb_serial, ==, "AS\"1\",\n2");
  g_assert_cmpstr (fields->recipe_text, ==, "{}");
  g_assert_cmpstr (fields->document, ==, lks_record_get_fields (record)->document);
  g_assert_null (fields->summary);
  g_assert_cmpint (fields->started_us, ==, 1000000007000000);
  g_assert_null (fields->operator_role);
  g_assert_null (fields->batch);
  g_assert_null (fields->label);
  g_assert_cmpuint (fields->waived, ==, 7);

  none = lks_ledger_get (ledger, "nothing", &error);
  g_assert_null (none);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* The same record once more is an error, not a replacement. */
  g_assert_false (lks_ledger_add (ledger, record, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_assert_cmpuint (count (ledger, &(LksLedgerQuery){ 0 }), ==, 1);

  g_assert_cmpint (g_stat (f->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

/* Who signed in, for which batch, and what the scanner read. */
static void
test_who_and_what (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (LksRecord) record = make_record (3, "PASS");
  LksRecordFields bad = *lks_record_get_fields (record);
  g_autoptr (LksRecord) refused = NULL;
  g_autoptr (LksRecord) back = NULL;
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *label = NULL;
  g_autofree char *batch = NULL;
  const LksRecordFields *fields;

  g_assert_true (lks_ledger_add (ledger, record, &error));
  back = lks_ledger_get (ledger, lks_record_get_id (record), &error);
  g_assert_no_error (error);
  fields = lks_record_get_fields (back);
  g_assert_cmpstr (fields->operator_role, ==, "engineer");
  g_assert_cmpstr (fields->batch, ==, "batch 7");
  g_assert_cmpstr (fields->label, ==, "SN-\"3");
  g_assert_cmpuint (fields->waived, ==, 3);

  listed = lks_ledger_list (ledger, &(LksLedgerQuery){ 0 }, &error);
  g_object_get (listed->pdata[0], "label", &label, "batch", &batch, NULL);
  g_assert_cmpstr (label, ==, "SN-\"3");
  g_assert_cmpstr (batch, ==, "batch 7");
  json = lks_record_fields_to_json (fields, FALSE);
  g_assert_cmpstr (json_object_get_string_member (json, "role"), ==, "engineer");
  g_assert_cmpint (json_object_get_int_member (json, "waived"), ==, 3);

  bad.id = NULL;
  bad.operator_role = "visitor";
  refused = lks_record_new (&bad);
  g_assert_false (lks_ledger_add (ledger, refused, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
}

static void
test_record_properties (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRecord) record = make_record (7, "PASS");
  g_autoptr (GDateTime) started = NULL;
  g_autofree char *operator_name = NULL;
  g_autofree char *verdict = NULL;

  g_object_get (record, "started", &started, "operator", &operator_name, "verdict", &verdict, NULL);
  g_assert_cmpint (g_date_time_to_unix (started), ==, 1000000007);
  g_assert_cmpstr (operator_name, ==, "=cmd()");
  g_assert_cmpstr (verdict, ==, "PASS");
}

static void
test_refuses_nonsense (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  static const char *const bad_ends[] = { "", "12", "xyz0", "12345%" };
  g_autoptr (LksRecord) good = make_record (1, "PASS");
  LksRecordFields fields = *lks_record_get_fields (good);

  fields.verdict = "pass";
  {
    g_autoptr (LksRecord) record = lks_record_new (&fields);
    g_autoptr (GError) error = NULL;

    g_assert_false (lks_ledger_add (ledger, record, &error));
    g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  }
  fields.verdict = "PASS";
  fields.document = "not json";
  {
    g_autoptr (LksRecord) record = lks_record_new (&fields);
    g_autoptr (GError) error = NULL;

    g_assert_false (lks_ledger_add (ledger, record, &error));
    g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_ends); i++)
    {
      LksLedgerQuery query = { .device_id_end = bad_ends[i] };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) records = lks_ledger_list (ledger, &query, &error);

      g_assert_null (records);
      g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
    }
  g_assert_cmpuint (count (ledger, &(LksLedgerQuery){ 0 }), ==, 0);
}

static void
test_queries (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    LksLedgerQuery query;
    const char *found;
  } cases[] = {
    { { 0 }, "5 4 3 2 1 0" },
    { { .limit = 2 }, "5 4" },
    { { .offset = 4 }, "1 0" },
    { { .offset = 2, .limit = 2 }, "3 2" },
    { { .offset = 9 }, "" },
    { { .verdict = "FAIL" }, "5 3 1" },
    { { .verdict = "STOPPED" }, "" },
    { { .device_id_end = "0003" }, "3" },
    { { .device_id_end = "00000"
                         "0004" },
      "4" },
    { { .device_id_end = "1004" }, "" },
    { { .since_us = 1000000003000000 }, "5 4 3" },
    { { .until_us = 1000000003000000 }, "2 1 0" },
    { { .since_us = 1000000001000000, .until_us = 1000000003000000, .verdict = "PASS" }, "2" },
    { { .usb_serial = "AS\"1\",\n2", .limit = 2 }, "5 4" },
    { { .usb_serial = "AS" }, "" },
    { { .recipe = "a recipe", .verdict = "FAIL" }, "5 3 1" },
    { { .recipe = "another recipe" }, "" },
    { { .label = "SN-\"3" }, "3" },
    { { .label = "SN" }, "" },
    { { .batch = "batch 7" }, "3 0" },
    { { .batch = "batch 7", .verdict = "PASS", .limit = 5 }, "0" },
    { { .batch = "batch" }, "" },
    { { .recipe = HASH, .since_us = 1000000004000000 }, "5 4" },
    { { .recipe = "0000000000000000000000000000000000000000000000000000000000000bad" }, "" },
  };
  g_autoptr (LksLedger) ledger = open_ledger (f->path);

  add_records (ledger, 0, 6);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = list (ledger, &cases[i].query);

      g_assert_cmpstr (found, ==, cases[i].found);
    }
  g_assert_cmpuint (count (ledger, &(LksLedgerQuery){ .verdict = "FAIL" }), ==, 3);
}

/* As the other function has it, by another way. */
static void
test_times (void)
{
  static const gint64 cases[] = {
    0,
    1,
    951782399999999,  /* the end of 2000-02-28 */
    951868799999999,  /* the end of the leap day */
    951868800000000,  /* 2000-03-01 */
    4107542400000000, /* 2100-03-01, of a year without one */
    253402300799999999,
    -1,
  };

  for (gsize i = 0; i < 2000; i++)
    {
      const gint64 us =
          i < G_N_ELEMENTS (cases)
              ? cases[i]
              : (gint64) g_test_rand_double_range (0, 253402300799.0) * G_USEC_PER_SEC + (gint64) i;
      g_autofree char *expected = lks_record_time_to_text (us);
      g_autoptr (GString) text = g_string_new (NULL);

      lks_record_append_time (text, us);
      g_assert_cmpstr (text->str, ==, expected);
    }
}

static int
run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  int rc;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  rc = sqlite3_exec (db, sql, NULL, NULL, NULL);
  sqlite3_close (db);
  return rc;
}

static void
append_journal (LksLedger *ledger, const char *step, const char *phase, const char *data)
{
  g_autofree char *device_id = make_device_id (1);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_journal_append (ledger,
                                            &(LksJournalEntry){
                                                .run_id = RUN_ID,
                                                .device_id = device_id,
                                                .target = "DeviceComplete",
                                                .step = step,
                                                .phase = phase,
                                                .at_us = 5,
                                                .data = data,
                                            },
                                            &error));
  g_assert_no_error (error);
}

/* Another program that has the file open cannot change the past either. */
/* What a query lists is what it wants. */
static void
test_query_wants (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;
  const LksRecordFields *one;
  LksLedgerQuery queries[12];

  add_records (ledger, 0, 20);
  all = lks_ledger_list (ledger, &(LksLedgerQuery){ 0 }, &error);
  g_assert_no_error (error);
  one = lks_record_get_fields (all->pdata[7]);
  {
    const LksLedgerQuery some[] = {
      { 0 },
      { .device_id_end = one->device_id + 120 },
      { .device_id_end = "FFFF" },
      { .verdict = one->verdict },
      { .verdict = "STOPPED" },
      { .usb_serial = one->usb_serial },
      { .recipe = one->recipe_name },
      { .recipe = one->recipe_hash },
      { .label = "no such label" },
      { .since_us = one->started_us },
      { .until_us = one->started_us },
      { .since_us = one->started_us, .until_us = one->started_us + 1, .verdict = one->verdict },
    };

    memcpy (queries, some, sizeof some);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GPtrArray) listed = lks_ledger_list (ledger, &queries[i], &error);
      guint n_wanted = 0;

      g_assert_no_error (error);
      for (guint k = 0; k < all->len; k++)
        n_wanted +=
            lks_ledger_query_wants (&queries[i], lks_record_get_fields (all->pdata[k])) ? 1 : 0;
      g_assert_cmpuint (n_wanted, ==, listed->len);
    }
  drain ();
}

static void
test_append_only (Fixture *f, gconstpointer unused)
{
  static const char *const refused[] = {
    "UPDATE records SET verdict = 'PASS'",
    "DELETE FROM records",
    "INSERT OR REPLACE INTO records SELECT * FROM records",
    "UPDATE recipes SET text = 'x'",
    "DELETE FROM recipes",
    "UPDATE journal SET data = '{}'",
    "DELETE FROM journal",
    "INSERT OR REPLACE INTO journal SELECT * FROM journal",
  };
  g_autoptr (LksLedger) ledger = open_ledger (f->path);

  add_records (ledger, 0, 2);
  append_journal (ledger, "set-state", "intent", "{\"a\":1}");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpint (run_sql (f->path, refused[i]) & 0xff, ==, SQLITE_CONSTRAINT);
  g_assert_cmpuint (count (ledger, &(LksLedgerQuery){ 0 }), ==, 2);
}

static void
test_journal (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autofree char *device_id = make_device_id (1);
  g_autofree char *other_id = make_device_id (2);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GError) error = NULL;
  const LksJournalEntry *second;

  append_journal (ledger, "set-state", "intent", "{\"a\":1}");
  append_journal (ledger, "read-back", "evidence", "{\"b\":2}");
  entries = lks_ledger_journal_read (ledger, device_id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 2);
  second = entries->pdata[1];
  g_assert_cmpstr (second->step, ==, "read-back");
  g_assert_cmpstr (second->phase, ==, "evidence");
  g_assert_cmpstr (second->data, ==, "{\"b\":2}");
  g_assert_cmpint (second->sequence, >, ((LksJournalEntry *) entries->pdata[0])->sequence);

  others = lks_ledger_journal_read (ledger, other_id, &error);
  g_assert_cmpuint (others->len, ==, 0);
}

/* So many entries, one after the other, and nothing beside them. */
static void
assert_chained (LksLedger *ledger, guint64 n_entries)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksVerifyReport) report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_entries, ==, n_entries);
}

/* The other process: adds records, and says so after each. */
static int
add_as_process (const char *path, guint first, guint count_to_add)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, &error);

  for (guint i = first; ledger != NULL && i < first + count_to_add; i++)
    {
      g_autoptr (LksRecord) record = make_record (i, "PASS");

      if (!lks_ledger_add (ledger, record, &error))
        break;
      printf ("%u\n", i);
      fflush (stdout);
    }
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  return error == NULL ? 0 : 1;
}

static GSubprocess *
start_adding (const char *path, guint first, guint count_to_add)
{
  g_autofree char *from = g_strdup_printf ("%u", first);
  g_autofree char *number = g_strdup_printf ("%u", count_to_add);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program,
                                           "--add-records", path, from, number, NULL);

  g_assert_no_error (error);
  return process;
}

static void
test_processes_at_once (Fixture *f, gconstpointer unused)
{
  GSubprocess *processes[4];
  g_autoptr (LksLedger) ledger = NULL;

  /* The file does not exist yet: they race to make it, too. */
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = start_adding (f->path, i * 100, 25);
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_subprocess_communicate (processes[i], NULL, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_subprocess_get_successful (processes[i]));
      g_object_unref (processes[i]);
    }

  ledger = open_ledger (f->path);
  g_assert_cmpuint (count (ledger, &(LksLedgerQuery){ 0 }), ==, 100);
  assert_chained (ledger, 100);
}

/* Every record that was acknowledged before the kill is there afterwards, whole. */
static void
test_killed (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSubprocess) process = start_adding (f->path, 0, 100000);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (LksLedger) ledger = NULL;
  guint acknowledged = 0;
  guint64 found;
  char *line;

  while (acknowledged < 20 && (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)))
    {
      acknowledged++;
      g_free (line);
    }
  g_assert_cmpuint (acknowledged, ==, 20);
  g_subprocess_force_exit (process);
  while ((line = g_data_input_stream_read_line (lines, NULL, NULL, NULL)) != NULL)
    {
      acknowledged++;
      g_free (line);
    }
  g_assert_true (g_subprocess_wait (process, NULL, NULL));

  ledger = open_ledger (f->path);
  found = count (ledger, &(LksLedgerQuery){ 0 });
  g_assert_cmpuint (found, >=, acknowledged);
  g_assert_cmpuint (found, <=, acknowledged + 1);
  g_assert_cmpint (run_sql (f->path, "PRAGMA integrity_check"), ==, SQLITE_OK);
  assert_chained (ledger, found);
}

static void
assert_cannot_open (const char *path, LksLedgerError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, &error);

  g_assert_null (ledger);
  g_assert_error (error, LKS_LEDGER_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
make_folder (Fixture *f)
{
  g_autofree char *folder = g_path_get_dirname (f->path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
}

static void
test_not_a_ledger (Fixture *f, gconstpointer unused)
{
  g_autofree char *garbage = g_strnfill (20000, 'x');
  g_autofree char *after = NULL;

  make_folder (f);
  g_assert_true (g_file_set_contents (f->path, garbage, -1, NULL));
  assert_cannot_open (f->path, LKS_LEDGER_ERROR_CORRUPT);
  g_assert_true (g_file_get_contents (f->path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, garbage);

  g_remove (f->path);
  g_assert_cmpint (run_sql (f->path, "CREATE TABLE songs (title TEXT)"), ==, SQLITE_OK);
  assert_cannot_open (f->path, LKS_LEDGER_ERROR_CORRUPT);
}

static void
test_cannot_be_opened (Fixture *f, gconstpointer unused)
{
  g_autofree char *below_file = g_build_filename (f->path, "ledger.sqlite", NULL);

  make_folder (f);
  assert_cannot_open (f->folder, LKS_LEDGER_ERROR_DENIED);
  g_assert_true (g_file_set_contents (f->path, "x", -1, NULL));
  assert_cannot_open (below_file, LKS_LEDGER_ERROR_DENIED);
}

static void
test_newer (Fixture *f, gconstpointer unused)
{
  g_clear_object (&(LksLedger *){ open_ledger (f->path) });
  g_assert_cmpint (run_sql (f->path, "PRAGMA user_version = 99"), ==, SQLITE_OK);
  assert_cannot_open (f->path, LKS_LEDGER_ERROR_NEWER);
}

static gint64
read_number (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 number;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return number;
}

static void
test_migration (Fixture *f, gconstpointer unused)
{
  gint64 applied_us;

  /* An empty file, as left behind by a crash before the first write. */
  make_folder (f);
  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  g_clear_object (&(LksLedger *){ open_ledger (f->path) });
  g_assert_cmpint (read_number (f->path, "PRAGMA user_version"), ==, 7);
  g_assert_cmpint (read_number (f->path, "SELECT count(*) FROM migrations"), ==, 7);
  applied_us = read_number (f->path, "SELECT sum(applied_us) FROM migrations");

  g_clear_object (&(LksLedger *){ open_ledger (f->path) });
  g_assert_cmpint (read_number (f->path, "SELECT sum(applied_us) FROM migrations"), ==, applied_us);
  g_assert_cmpint (read_number (f->path, "SELECT count(*) FROM sqlite_schema WHERE type='trigger'"),
                   ==, 28);
}

/* Damage inside an otherwise good file gives errors, never a crash and never wrong records. */
static void
test_damaged_inside (Fixture *f, gconstpointer unused)
{
  g_autofree char *good = NULL;
  gsize size_bytes;
  guint failures = 0;

  {
    g_autoptr (LksLedger) ledger = open_ledger (f->path);

    add_records (ledger, 0, 100);
  }
  drain ();
  g_assert_true (g_file_get_contents (f->path, &good, &size_bytes, NULL));
  for (gsize page = 0; page < size_bytes / 4096; page++)
    {
      g_autofree char *bad = g_memdup2 (good, size_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksLedger) ledger = NULL;
      g_autoptr (GPtrArray) records = NULL;

      memset (bad + page * 4096, 0xa5, 4096);
      g_assert_true (g_file_set_contents (f->path, bad, (gssize) size_bytes, NULL));
      ledger = lks_ledger_open (f->path, &error);
      if (ledger != NULL)
        records = lks_ledger_list (ledger, &(LksLedgerQuery){ 0 }, &error);
      g_assert_true ((records == NULL) == (error != NULL));
      if (error != NULL)
        {
          g_assert_cmpint ((int) error->domain, ==, (int) LKS_LEDGER_ERROR);
          failures++;
        }
      else
        g_assert_cmpuint (records->len, ==, 100);
    }
  g_assert_cmpuint (failures, >, 0);
}

/* A disk of 300 KiB, in a namespace of the child's own. 77: this machine forbids that. */
static int
fill_disk (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = NULL;
  guint added = 0;

  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("none", folder, "tmpfs", 0, "size=300k") != 0)
    return 77;

  ledger = lks_ledger_open (path, &error);
  while (ledger != NULL && added < 10000)
    {
      g_autoptr (LksRecord) record = make_record (added, "PASS");

      if (!lks_ledger_add (ledger, record, &error))
        break;
      added++;
    }
  if (!g_error_matches (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FULL))
    return 1;
  return added > 0 && count (ledger, &(LksLedgerQuery){ 0 }) == added ? 0 : 2;
}

static void
test_disk_full (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--fill-disk", f->folder, NULL);

  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_exit_status (process) == 77)
    g_test_skip ("no private mounts here");
  else
    g_assert_true (g_subprocess_get_successful (process));
}

static char *
export_to_text (LksLedger *ledger, const LksLedgerQuery *query, LksExportFormat format)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_export (ledger, query, format, stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (stream));
}

/* Each record has its own entry of the chain, also when few of many are exported. */
static void
assert_unsigned_told (LksLedger *ledger, const LksLedgerQuery *query, guint n_expected)
{
  g_autofree char *text = export_to_text (ledger, query, LKS_EXPORT_FORMAT_JSON);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *records = json_node_get_array (root);

  g_assert_cmpuint (json_array_get_length (records), ==, n_expected);
  for (guint i = 0; i < n_expected; i++)
    g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (records, i),
                                                    "unsigned"),
                     ==, "no station key was set up");
}

static void
test_export_json (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autofree char *empty = export_to_text (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_JSON);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) none = json_from_string (empty, NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *records;

  g_assert_cmpuint (json_array_get_length (json_node_get_array (none)), ==, 0);

  /* More than two pages. */
  add_records (ledger, 0, 1203);
  text = export_to_text (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_JSON);
  root = json_from_string (text, NULL);
  records = json_node_get_array (root);
  g_assert_cmpuint (json_array_get_length (records), ==, 1203);
  for (guint i = 0; i < 1203; i++)
    {
      JsonObject *record = json_array_get_object_element (records, i);
      JsonObject *document = json_object_get_object_member (record, "document");

      g_assert_cmpint (json_object_get_int_member (document, "number"), ==, 1202 - i);
      g_assert_cmpstr (json_object_get_string_member (document, "text"), ==, "a \"b\" ü");
      g_assert_cmpstr (json_object_get_string_member (record, "usbSerial"), ==, "AS\"1\",\n2");
      g_assert_cmpstr (json_object_get_string_member (record, "recipeText"), ==, "{}");
      g_assert_cmpint (json_object_get_int_member (record, "waived"), ==, 1202 - i);
      g_assert_cmpstr (json_object_get_string_member_with_default (record, "label", NULL), ==,
                       i == 1199 ? "SN-\"3" : NULL);
      g_assert_cmpstr (json_object_get_string_member (record, "unsigned"), ==,
                       "no station key was set up");
    }
  assert_unsigned_told (ledger, &(LksLedgerQuery){ .label = "SN-\"3" }, 1);
  assert_unsigned_told (ledger, &(LksLedgerQuery){ .device_id_end = "00ff" }, 1);
  assert_unsigned_told (ledger, &(LksLedgerQuery){ .batch = "batch 7" }, 401);
  assert_unsigned_told (ledger, &(LksLedgerQuery){ .offset = 500, .limit = 3 }, 3);
}

static void
test_export_csv (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autofree char *text = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *device_id = make_device_id (1);
  g_autoptr (GPtrArray) records = NULL;
  LksLedgerQuery query = { .verdict = "FAIL" };

  add_records (ledger, 0, 3);
  records = lks_ledger_list (ledger, &query, NULL);
  text = export_to_text (ledger, &query, LKS_EXPORT_FORMAT_CSV);
  expected = g_strdup_printf (
      "id,run_id,kind,device_id,port,usb_serial,operator,station,started,finished,recipe_name,"
      "recipe_hash,verdict,outcome,summary,role,batch,label,waived\r\n"
      "\"%s\",\"" RUN_ID "\",\"finalize\",\"%s\",\"1-2.3\",\"AS\"\"1\"\",\n2\",\"'=cmd()\","
      "\"station\",\"2001-09-09T01:46:41.000000Z\",\"2001-09-09T01:46:41.000001Z\",\"a recipe\","
      "\"" HASH "\",\"FAIL\",\"none\",,,,,\"1\"\r\n",
      lks_record_get_id (records->pdata[0]), device_id);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_export_limit_and_cancel (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autofree char *text = NULL;
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  LksLedgerQuery query = { .offset = 1, .limit = 3 };

  add_records (ledger, 0, 10);
  text = export_to_text (ledger, &query, LKS_EXPORT_FORMAT_JSON);
  root = json_from_string (text, NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 3);

  g_cancellable_cancel (cancelled);
  g_assert_false (
      lks_ledger_export (ledger, &query, LKS_EXPORT_FORMAT_CSV, stream, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static void
added_cb (LksLedger *ledger, LksRecord *record, gpointer user_data)
{
  g_assert_null (lks_record_get_fields (record)->document); /* who lists it keeps a row */
  g_ptr_array_add (user_data, g_strdup (lks_record_get_id (record)));
}

static void
test_async (Fixture *f, gconstpointer unused)
{
  LksLedger *ledger = open_ledger (f->path);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) got = NULL;
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *file_path = g_build_filename (f->folder, "out.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (file_path);
  gpointer alive = ledger;

  g_object_add_weak_pointer (G_OBJECT (ledger), &alive);
  g_signal_connect (ledger, "added", G_CALLBACK (added_cb), added);
  add_records (ledger, 0, 2);

  lks_ledger_list_async (ledger, &(LksLedgerQuery){ .verdict = "PASS" }, NULL, finished_cb,
                         &listed);
  records = lks_ledger_list_finish (ledger, wait_for (&listed), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);

  lks_ledger_get_async (ledger, lks_record_get_id (records->pdata[0]), NULL, finished_cb, &got);
  record = lks_ledger_get_finish (ledger, wait_for (&got), &error);
  g_assert_no_error (error);
  g_assert_nonnull (lks_record_get_fields (record)->document);

  lks_ledger_export_async (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_CSV, file, NULL,
                           finished_cb, &exported);
  g_assert_true (lks_ledger_export_finish (ledger, wait_for (&exported), &error));
  g_assert_true (g_file_get_contents (file_path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "id,run_id,"));

  g_cancellable_cancel (cancellable);
  lks_ledger_export_async (ledger, &(LksLedgerQuery){ 0 }, LKS_EXPORT_FORMAT_CSV, file, cancellable,
                           finished_cb, &cancelled);
  g_assert_false (lks_ledger_export_finish (ledger, wait_for (&cancelled), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  drain ();
  g_assert_cmpuint (added->len, ==, 2);
  g_clear_object (&listed);
  g_clear_object (&got);
  g_clear_object (&exported);
  g_clear_object (&cancelled);
  g_object_unref (ledger);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--add-records"))
    return add_as_process (argv[2], (guint) g_ascii_strtoull (argv[3], NULL, 10),
                           (guint) g_ascii_strtoull (argv[4], NULL, 10));
  if (argc == 3 && g_str_equal (argv[1], "--fill-disk"))
    return fill_disk (argv[2]);

  g_test_init (&argc, &argv, NULL);
  program = argv[0];

  TEST ("/record/add-and-get", test_add_and_get);
  TEST ("/record/who-and-what", test_who_and_what);
  TEST ("/record/properties", test_record_properties);
  TEST ("/record/refuses-nonsense", test_refuses_nonsense);
  TEST ("/record/queries", test_queries);
  TEST ("/record/query-wants", test_query_wants);
  TEST ("/record/append-only", test_append_only);
  TEST ("/record/journal", test_journal);
  TEST ("/record/processes-at-once", test_processes_at_once);
  TEST ("/record/killed", test_killed);
  TEST ("/record/not-a-ledger", test_not_a_ledger);
  TEST ("/record/cannot-be-opened", test_cannot_be_opened);
  TEST ("/record/newer", test_newer);
  TEST ("/record/migration", test_migration);
  TEST ("/record/damaged-inside", test_damaged_inside);
  TEST ("/record/disk-full", test_disk_full);
  g_test_add_func ("/record/times", test_times);
  TEST ("/record/export/json", test_export_json);
  TEST ("/record/export/csv", test_export_csv);
  TEST ("/record/export/limit-and-cancel", test_export_limit_and_cancel);
  TEST ("/record/async", test_async);

  return g_test_run ();
}
