/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledgers of every version go up to the present one and back to where they came from. */
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define NEWEST 7
#define NEWEST_FIXTURE 5
#define RUN_ID "11111111-2222-4333-8444-555555555555"

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = g_dir_make_tmp ("lks-downgrade-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
}

static void
empty_folder (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  empty_folder (f);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
make_old (Fixture *f, guint version)
{
  g_autofree char *name = g_strdup_printf ("ledger-%u.sql", version);
  g_autofree char *sql_path = g_build_filename (g_getenv ("LKS_TEST_DATA"), "record", name, NULL);
  g_autofree char *sql = NULL;
  sqlite3 *db = NULL;

  empty_folder (f);
  g_assert_true (g_file_get_contents (sql_path, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* All that @sql finds, a line per row. */
static char *
ask (const char *path, const char *sql)
{
  g_autoptr (GString) text = g_string_new (NULL);
  sqlite3_stmt *rows = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &rows, NULL), ==, SQLITE_OK);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      for (int i = 0; i < sqlite3_column_count (rows); i++)
        g_string_append_printf (text, "%s|", (const char *) sqlite3_column_text (rows, i));
      g_string_append_c (text, '\n');
    }
  sqlite3_finalize (rows);
  sqlite3_close (db);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Everything a ledger of a version has: its schema, and the rows of all of its tables. */
static char *
dump (const char *path)
{
  g_autofree char *names = ask (path, "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                      " AND name NOT LIKE 'sqlite%' ORDER BY name");
  g_auto (GStrv) lines = g_strsplit (names, "|\n", -1);
  g_autofree char *schema = ask (path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
                                       " ORDER BY name");
  GString *text = g_string_new (schema);

  for (guint i = 0; lines[i][0] != '\0'; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s ORDER BY 1, 2", lines[i]);
      g_autofree char *rows = ask (path, sql);

      g_string_append_printf (text, "%s:\n%s", lines[i], rows);
    }
  return g_string_free (text, FALSE);
}

static void
go_up (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, &error);
  g_autoptr (LksVerifyReport) report = NULL;

  g_assert_no_error (error);
  report = lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
}

static void
go_down (Fixture *f, guint version, gboolean accept_loss)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *before = dump (f->path);
  g_autofree char *kept = NULL;
  g_autofree char *number = NULL;
  g_autofree char *expected = g_strdup_printf ("%u|\n", version);
  GStatBuf info;

  g_assert_true (lks_ledger_downgrade (f->path, version, accept_loss, &copy, &error));
  g_assert_no_error (error);
  number = ask (f->path, "PRAGMA user_version");
  g_assert_cmpstr (number, ==, expected);
  kept = dump (copy);
  g_assert_cmpstr (kept, ==, before);
  g_assert_cmpint (g_stat (copy, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

static void
assert_refused (Fixture *f, guint version, gboolean accept_loss, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *before = dump (f->path);
  g_autofree char *after = NULL;

  g_assert_false (lks_ledger_downgrade (f->path, version, accept_loss, &copy, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_assert_null (copy);
  if (strstr (error->message, why) == NULL)
    g_error ("“%s” does not say “%s”", error->message, why);
  after = dump (f->path);
  g_assert_cmpstr (after, ==, before);
}

/* What was there before the way up is there after the way back, and nothing else. */
static void
test_there_and_back (Fixture *f, gconstpointer unused)
{
  for (guint version = 1; version <= NEWEST_FIXTURE; version++)
    {
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;

      make_old (f, version);
      before = dump (f->path);
      go_up (f->path);
      go_down (f, version, version < 3);
      after = dump (f->path);
      g_assert_cmpstr (after, ==, before);
    }
}

/* The same in single steps, and up again after each. */
static void
test_each_step (Fixture *f, gconstpointer unused)
{
  make_old (f, 1);
  go_up (f->path);
  for (guint version = NEWEST - 1; version >= 1; version--)
    {
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;

      go_down (f, version, version < 3);
      before = ask (f->path, "SELECT * FROM recipes UNION ALL SELECT id, document FROM records");
      go_up (f->path);
      after = ask (f->path, "SELECT * FROM recipes UNION ALL SELECT id, document FROM records");
      g_assert_cmpstr (after, ==, before);
      g_assert_cmpuint (strlen (after), >, 1000);
      go_down (f, version, version < 3);
    }
}

static void
add_label (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (f->path, &error);
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "check",
      .port = "1-1",
      .operator_name = "olga",
      .station = "station",
      .started_us = 1,
      .finished_us = 2,
      .recipe_name = "a recipe",
      .recipe_hash = "00000000000000000000000000000000000000000000000000000000000000aa",
      .recipe_text = "{}",
      .verdict = "PASS",
      .outcome = "ready",
      .document = "{}",
      .label = "SN-1",
      .waived = 1,
  });

  g_assert_no_error (error);
  g_assert_true (lks_ledger_add (ledger, record, &error));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_refuses_loss (Fixture *f, gconstpointer unused)
{
  g_autofree char *chained = NULL;

  make_old (f, 4);
  go_up (f->path);
  assert_refused (f, NEWEST, FALSE, "choose an older one");
  assert_refused (f, 9, TRUE, "choose an older one");
  assert_refused (f, 0, TRUE, "choose an older one");
  assert_refused (f, 2, FALSE, "12 entries of the chain");
  assert_refused (f, 1, FALSE, "1 servicing sessions");

  add_label (f);
  assert_refused (f, 4, FALSE, "1 records with a role, a batch or a label, 1 records with waived");
  assert_refused (f, 3, TRUE, "1 records with a role");
  go_down (f, 2, TRUE);
  chained = ask (f->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'chain'");
  g_assert_cmpstr (chained, ==, "0|\n");
}

/* A ledger that is not as it was written stays as it is. */
static void
test_broken_chain (Fixture *f, gconstpointer unused)
{
  g_autofree char *copy = NULL;
  g_autofree char *version = NULL;
  g_autofree char *unused_rows = NULL;
  g_autoptr (GError) error = NULL;

  make_old (f, 4);
  go_up (f->path);
  unused_rows = ask (f->path, "DROP TRIGGER records_never_change");
  g_free (unused_rows);
  unused_rows = ask (f->path, "UPDATE records SET port = '9-9' WHERE sequence = 1");
  g_assert_false (lks_ledger_downgrade (f->path, 4, TRUE, &copy, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "61875ce3-ea35-4950-9570-2530f372408e"));
  version = ask (f->path, "PRAGMA user_version");
  g_assert_cmpstr (version, ==, "7|\n");
}

#define DEVICE(digit)                                                                              \
  digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit
#define DEVICE_A DEVICE ("aaaaaaaa")
#define DEVICE_B DEVICE ("bbbbbbbb")
#define DEVICE_C DEVICE ("cccccccc")

static void
add_claim (LksLedger *ledger, const char *device_id, const char *phase, const char *data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_journal_append (ledger,
                                            &(LksJournalEntry){
                                                .run_id = RUN_ID,
                                                .device_id = device_id,
                                                .target = "DeviceComplete",
                                                .step = "claim",
                                                .phase = phase,
                                                .at_us = 1,
                                                .data = data,
                                            },
                                            &error));
  g_assert_no_error (error);
}

/* Which boards wait for their claim is found again in the journal, in whichever version it was
 * written. */
static void
test_waiting_claims (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (f->path, &error);
  const char *queue = "{\"policy\":\"queue\",\"catalog\":\"/c/One\"}";
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;

  g_assert_no_error (error);
  add_claim (ledger, DEVICE_B, "intent", queue);
  add_claim (ledger, DEVICE_A, "intent", queue);
  add_claim (ledger, DEVICE_C, "intent", queue);
  add_claim (ledger, DEVICE_A, "evidence", "{\"outcome\":\"failed\",\"catalog\":\"/c/One\"}");
  add_claim (ledger, DEVICE_B, "evidence", "{\"outcome\":\"claimed\",\"catalog\":\"/c/two\"}");
  add_claim (ledger, DEVICE_C, "evidence", "{\"outcome\":\"claimed\",\"catalog\":\"/C/one\"}");
  add_claim (ledger, DEVICE_A, "intent", queue);
  before = lks_ledger_claims_list (ledger, &error);
  g_assert_cmpstrv (before, ((const char *[]){ DEVICE_B, DEVICE_A, NULL }));
  g_object_unref (ledger);

  go_down (f, 6, FALSE);
  go_up (f->path);
  ledger = lks_ledger_open (f->path, &error);
  after = lks_ledger_claims_list (ledger, &error);
  g_assert_cmpstrv (after, before);
  add_claim (ledger, DEVICE_A, "evidence", "{\"outcome\":\"given-up\",\"catalog\":\"/c/one\"}");
  g_strfreev (after);
  after = lks_ledger_claims_list (ledger, &error);
  g_assert_cmpstrv (after, ((const char *[]){ DEVICE_B, NULL }));
  g_object_unref (ledger);
}

static void
test_no_ledger (Fixture *f, gconstpointer unused)
{
  g_autofree char *copy = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (lks_ledger_downgrade (f->path, 4, TRUE, &copy, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/downgrade/there-and-back", test_there_and_back);
  TEST ("/downgrade/each-step", test_each_step);
  TEST ("/downgrade/refuses-loss", test_refuses_loss);
  TEST ("/downgrade/broken-chain", test_broken_chain);
  TEST ("/downgrade/waiting-claims", test_waiting_claims);
  TEST ("/downgrade/no-ledger", test_no_ledger);

  return g_test_run ();
}
