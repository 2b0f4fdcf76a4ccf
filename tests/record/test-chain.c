/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever is done to a ledger behind Locksmith's back is found. */
#include "lks-ledger-service.h"
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sqlite3.h>
#include <string.h>

#define RUN_ID "11111111-2222-4333-8444-555555555555"
#define SESSION_ID "22222222-2222-4333-8444-555555555555"
#define HEAD_OF_4 "316bb5f395e12c820fa9a9c48f12434718b3fba8a056365f5df90672ae845f65"
#define N_RANDOM 30

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned): a ledger with some of everything */
  char *broken; /* (owned): a copy of it to be mistreated */
  char *head;   /* (owned): of the good one */
} Fixture;

static LksLedger *
open_ledger (const char *path)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (path, &error);

  g_assert_no_error (error);
  return ledger;
}

static char *
make_device_id (guint number)
{
  g_autofree char *zeros = g_strnfill (124, '0');

  return g_strdup_printf ("%s%04x", zeros, number);
}

static void
add_record (LksLedger *ledger, guint number)
{
  g_autofree char *device_id = make_device_id (number);
  g_autofree char *hash = g_strdup_printf ("%064u", number % 2);
  g_autofree char *document = g_strdup_printf ("{\"number\":%u,\"text\":\"ü\\n\"}", number);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-2.3",
      .operator_name = "Ol\"ga\\\t",
      .station = "station",
      .started_us = 1000000000000000 + (gint64) number * G_USEC_PER_SEC,
      .finished_us = 1000000000000001 + (gint64) number * G_USEC_PER_SEC,
      .recipe_name = "a recipe",
      .recipe_hash = hash,
      .recipe_text = "{}",
      .verdict = "PASS",
      .outcome = "finalized",
      .document = document,
      .operator_role = number > 0 ? "operator" : NULL,
      .batch = number > 0 ? "Li\"ne 1" : NULL,
      .label = number > 1 ? "SN-1" : NULL,
      .waived = number,
  });

  lks_ledger_journal_append (ledger,
                             &(LksJournalEntry){
                                 .run_id = RUN_ID,
                                 .device_id = device_id,
                                 .target = "DeviceComplete",
                                 .step = "set-state",
                                 .phase = "intent",
                                 .at_us = number,
                                 .data = "{\"a\":1}",
                             },
                             &error);
  g_assert_no_error (error);
  lks_ledger_add (ledger, record, &error);
  g_assert_no_error (error);
}

static void
add_event (LksLedger *ledger, const char *session_id, const char *reason, GError **error)
{
  static gint64 at_us = 2000000000000000; /* no two are alike: to exchange them is a change */

  lks_ledger_service_append (ledger,
                             &(LksServiceEvent){
                                 .session_id = session_id,
                                 .at_us = at_us++,
                                 .method = reason == NULL ? "PUT" : NULL,
                                 .path = reason == NULL ? "/wifi" : NULL,
                                 .http_status = 200,
                                 .reason = reason,
                                 .document = "{\"words\":\"done\"}",
                             },
                             error);
}

static void
add_session (LksLedger *ledger, const char *id)
{
  g_autofree char *device_id = make_device_id (9);
  g_autofree char *fingerprint = g_strnfill (64, 'a');
  g_autoptr (GError) error = NULL;

  lks_ledger_service_begin (ledger,
                            &(LksServiceFields){
                                .id = id,
                                .device_id = device_id,
                                .port = "1-1",
                                .operator_name = "olga",
                                .station = "station",
                                .started_us = 2000000000000000,
                                .task = "wifi",
                                .fingerprint = fingerprint,
                                .capabilities = "[11]",
                                .document = "{}",
                            },
                            &error);
  g_assert_no_error (error);
  add_event (ledger, id, NULL, &error);
  add_event (ledger, id, NULL, &error);
  add_event (ledger, id, "user", &error);
  g_assert_no_error (error);
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static LksVerifyReport *
verify (const char *path, const char *head)
{
  g_autoptr (LksLedger) ledger = open_ledger (path);
  g_autoptr (GError) error = NULL;
  LksVerifyReport *report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ .head = head }, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
assert_good (const LksVerifyReport *report)
{
  for (guint i = 0; i < report->problems->len; i++)
    g_test_message ("%s", ((LksVerifyProblem *) report->problems->pdata[i])->text);
  g_assert_cmpuint (report->n_problems, ==, 0);
}

static const LksVerifyProblem *
first_problem (const LksVerifyReport *report)
{
  g_assert_cmpuint (report->problems->len, >, 0);
  return report->problems->pdata[0];
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVerifyReport) report = NULL;
  LksLedger *ledger;

  /* Hundreds of ledgers are written: in memory where there is a place for that. */
  f->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-chain-XXXXXX"));
  if (f->folder == NULL)
    f->folder = g_dir_make_tmp ("lks-chain-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->broken = g_build_filename (f->folder, "broken.sqlite", NULL);
  ledger = open_ledger (f->path);
  for (guint i = 0; i < 3; i++)
    add_record (ledger, i);
  add_session (ledger, SESSION_ID);
  add_session (ledger, "33333333-2222-4333-8444-555555555555");
  drain ();
  g_object_unref (ledger);

  report = verify (f->path, NULL);
  assert_good (report);
  g_assert_cmpuint (report->n_entries, ==, 14);
  g_assert_cmpuint (report->n_records, ==, 5);
  g_assert_cmpuint (report->n_migrated, ==, 0);
  f->head = g_strdup (report->head);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->broken);
  g_free (f->head);
}

/* ---- the other hand ---- */

/* A fresh copy, open, without triggers and checks: as for somebody who owns the file. */
static sqlite3 *
open_broken (Fixture *f)
{
  g_autofree char *data = NULL;
  g_autoptr (GString) drops = g_string_new (NULL);
  sqlite3_stmt *triggers = NULL;
  sqlite3 *db = NULL;
  gsize size_bytes;

  g_assert_true (g_file_get_contents (f->path, &data, &size_bytes, NULL));
  g_assert_true (g_file_set_contents (f->broken, data, (gssize) size_bytes, NULL));
  g_assert_cmpint (sqlite3_open (f->broken, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", -1, &triggers,
                      NULL);
  while (sqlite3_step (triggers) == SQLITE_ROW)
    g_string_append_printf (drops, "DROP TRIGGER %s;", sqlite3_column_text (triggers, 0));
  sqlite3_finalize (triggers);
  g_string_append (drops, "PRAGMA ignore_check_constraints=ON; PRAGMA foreign_keys=OFF;"
                          "PRAGMA synchronous=OFF");
  g_assert_cmpint (sqlite3_exec (db, drops->str, NULL, NULL, NULL), ==, SQLITE_OK);
  return db;
}

static void
run_sql (sqlite3 *db, const char *format, ...)
{
  g_autofree char *sql = NULL;
  char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  g_assert_cmpint (sqlite3_changes (db), >, 0);
}

static gint64
ask (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 number;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

static const char *const tables[] = { "records",          "recipes",        "journal",
                                      "service_sessions", "service_events", "chain",
                                      "ledger",           "signatures",     "station_keys" };
#define N_REMOVED 6 /* of them: from those rows are removed */

/* The rowid of one of @table's rows. */
static gint64
pick_row (sqlite3 *db, const char *table)
{
  g_autofree char *sql = NULL;
  g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM %s", table);

  sql = g_strdup_printf ("SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %d", table,
                         g_test_rand_int_range (0, (gint32) ask (db, count)));
  return ask (db, sql);
}

/* Another value than the one that is there, by one bit where there are bits. */
static void
bind_other (sqlite3_stmt *update, sqlite3_value *value)
{
  g_autofree char *text = NULL;
  int size_bytes;

  switch (sqlite3_value_type (value))
    {
    case SQLITE_INTEGER:
      sqlite3_bind_int64 (update, 1,
                          sqlite3_value_int64 (value) ^
                              ((gint64) 1 << g_test_rand_int_range (0, 63)));
      break;
    case SQLITE_TEXT:
      size_bytes = sqlite3_value_bytes (value);
      text = g_memdup2 (sqlite3_value_text (value), (gsize) size_bytes + 1);
      if (size_bytes == 0)
        text[size_bytes++] = 'x';
      else
        text[g_test_rand_int_range (0, size_bytes)] ^= (char) (1 << g_test_rand_int_range (0, 8));
      sqlite3_bind_text (update, 1, text, size_bytes, SQLITE_TRANSIENT);
      break;
    default:
      g_assert_cmpint (sqlite3_value_type (value), ==, SQLITE_NULL);
      sqlite3_bind_int (update, 1, 1); /* becomes a text where a text belongs */
    }
}

static void
flip (sqlite3 *db, const char *table, const char *column, gint64 row)
{
  g_autofree char *select =
      g_strdup_printf ("SELECT %s FROM %s WHERE rowid = %" G_GINT64_FORMAT, column, table, row);
  g_autofree char *change =
      g_strdup_printf ("UPDATE %s SET %s = ?1 WHERE rowid = %" G_GINT64_FORMAT, table, column, row);
  sqlite3_stmt *read = NULL;
  sqlite3_stmt *update = NULL;
  sqlite3_value *value;
  int rc;

  g_assert_cmpint (sqlite3_prepare_v2 (db, select, -1, &read, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, change, -1, &update, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (read), ==, SQLITE_ROW);
  value = sqlite3_value_dup (sqlite3_column_value (read, 0));
  sqlite3_finalize (read);
  do /* again, when another row has that value and must be the only one */
    {
      sqlite3_reset (update);
      bind_other (update, value);
    }
  while ((rc = sqlite3_step (update)) == SQLITE_CONSTRAINT);
  g_assert_cmpint (rc, ==, SQLITE_DONE);
  g_assert_cmpint (sqlite3_changes (db), ==, 1);
  sqlite3_finalize (update);
  sqlite3_value_free (value);
}

static void
assert_noticed (Fixture *f, sqlite3 *db, const char *what)
{
  g_autoptr (LksVerifyReport) report = NULL;

  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  report = verify (f->broken, NULL);
  if (report->n_problems == 0)
    g_error ("not noticed: %s", what);
}

static LksStationKey *
make_key (Fixture *f, gboolean ed25519)
{
  g_autofree char *path = g_build_filename (f->folder, "key.pem", NULL);
  g_autoptr (GError) error = NULL;
  EVP_PKEY *pkey = ed25519 ? EVP_PKEY_Q_keygen (NULL, NULL, "ED25519")
                           : EVP_PKEY_Q_keygen (NULL, NULL, "EC", "P-256");
  BIO *bio = BIO_new_file (path, "w");
  LksStationKey *key;

  g_assert_cmpint (PEM_write_bio_PrivateKey (bio, pkey, NULL, NULL, 0, NULL, NULL), ==, 1);
  BIO_free_all (bio);
  EVP_PKEY_free (pkey);
  g_chmod (path, 0640);
  g_assert_null (lks_station_key_load (path, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED);
  g_clear_error (&error);
  g_chmod (path, 0600);
  key = lks_station_key_load (path, &error);
  g_assert_no_error (error);
  return key;
}

static void
sign (const char *path, const LksStationKey *key, GError **error)
{
  g_autoptr (LksLedger) ledger = open_ledger (path);
  g_autoptr (LksVerifyReport) report = verify (path, NULL);

  lks_ledger_sign (ledger, report, key, error);
}

static LksVerifyReport *
verify_key (const char *path, const LksStationKey *key)
{
  g_autoptr (LksLedger) ledger = open_ledger (path);
  g_autoptr (GError) error = NULL;
  LksVerifyReport *report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ .key = key }, NULL, &error);

  g_assert_no_error (error);
  return report;
}

/* ---- tests ---- */

static void
test_sign (Fixture *f, gconstpointer is_ed25519)
{
  g_autoptr (LksStationKey) key = make_key (f, GPOINTER_TO_INT (is_ed25519));
  g_autoptr (LksStationKey) other = make_key (f, !GPOINTER_TO_INT (is_ed25519));
  g_autoptr (LksStationKey) public = NULL;
  g_autoptr (LksVerifyReport) before = verify_key (f->path, key);
  g_autoptr (LksVerifyReport) by_key = NULL;
  g_autoptr (LksVerifyReport) by_other = NULL;
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (before->n_problems, ==, 1);
  g_assert_cmpint (first_problem (before)->fault, ==, LKS_VERIFY_FAULT_SIGNATURE);
  g_assert_cmpuint (before->n_unsigned, ==, 14);
  g_assert_null (before->signer);

  sign (f->path, key, &error);
  sign (f->path, key, &error); /* again: nothing happens */
  g_assert_no_error (error);
  add_record (ledger, 5);
  public = lks_station_key_new_public (lks_station_key_get_pem (key), &error);
  by_key = verify_key (f->path, public);
  assert_good (by_key);
  g_assert_cmpuint (by_key->n_unsigned, ==, 2);
  g_assert_cmpstr (by_key->signer, ==, lks_station_key_get_fingerprint (key));
  by_other = verify_key (f->path, other);
  g_assert_cmpuint (by_other->n_problems, ==, 1);

  sign (f->path, public, &error);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FAILED);
  drain ();
}

/* The owner of the file writes another chain, without the key; nor is a broken one signed. */
static void
test_forged (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStationKey) key = make_key (f, FALSE);
  g_autoptr (LksStationKey) mine = make_key (f, FALSE);
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  sign (f->path, key, &error);
  sign (f->path, mine, &error);
  g_assert_no_error (error);
  db = open_broken (f);
  run_sql (db,
           "UPDATE signatures SET signature = (SELECT signature FROM signatures WHERE key = '%s'),"
           " at_us = (SELECT at_us FROM signatures WHERE key = '%s') WHERE key = '%s'",
           lks_station_key_get_fingerprint (mine), lks_station_key_get_fingerprint (mine),
           lks_station_key_get_fingerprint (key));
  sqlite3_close (db);
  report = verify_key (f->broken, key);
  g_assert_cmpuint (report->n_problems, ==, 2);
  g_assert_cmpint (first_problem (report)->fault, ==, LKS_VERIFY_FAULT_SIGNATURE);

  sign (f->broken, key, &error);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
}

/* Each column of each table, in a row by chance, by a bit by chance. */
static void
test_flip (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStationKey) key = make_key (f, FALSE);
  g_autoptr (GError) error = NULL;
  guint n_columns = 0;

  sign (f->path, key, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT name FROM pragma_table_info('%s')"
                                              " WHERE name != 'one'", /* only numbers the row */
                                              tables[i]);
      g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);
      sqlite3 *db = open_broken (f);
      sqlite3_stmt *names = NULL;

      sqlite3_prepare_v2 (db, sql, -1, &names, NULL);
      while (sqlite3_step (names) == SQLITE_ROW)
        g_ptr_array_add (columns, g_strdup ((const char *) sqlite3_column_text (names, 0)));
      sqlite3_finalize (names);
      sqlite3_close (db);

      for (guint k = 0; k < columns->len; k++, n_columns++)
        {
          const char *column = columns->pdata[k];
          gint64 row;
          g_autofree char *what = NULL;

          db = open_broken (f);
          row = pick_row (db, tables[i]);
          what = g_strdup_printf ("%s.%s of row %" G_GINT64_FORMAT, tables[i], column, row);
          flip (db, tables[i], column, row);
          assert_noticed (f, db, what);
        }
    }
  g_assert_cmpuint (n_columns, >, 60);
}

/* A row of any table goes, with or without its entry, but for the newest with its entry. */
static void
test_remove (Fixture *f, gconstpointer unused)
{
  for (guint i = 0; i < N_RANDOM; i++)
    {
      const char *table = tables[i % N_REMOVED];
      sqlite3 *db = open_broken (f);
      gint64 row = pick_row (db, table);
      g_autofree char *what = g_strdup_printf ("row %" G_GINT64_FORMAT " of %s gone", row, table);

      run_sql (db, "DELETE FROM %s WHERE rowid = %" G_GINT64_FORMAT, table, row);
      assert_noticed (f, db, what);
    }
}

static void
test_remove_with_entry (Fixture *f, gconstpointer unused)
{
  for (guint row = 1; row <= 3; row++)
    {
      sqlite3 *db = open_broken (f);

      run_sql (db, "DELETE FROM records WHERE sequence = %u", row);
      run_sql (db, "DELETE FROM chain WHERE kind = 'run' AND row = %u", row);
      assert_noticed (f, db, "a record gone with its entry");

      /* … and the entries behind it move up. */
      db = open_broken (f);
      run_sql (db, "DELETE FROM records WHERE sequence = %u", row);
      run_sql (db, "DELETE FROM chain WHERE kind = 'run' AND row = %u", row);
      run_sql (db, "UPDATE chain SET sequence = sequence - 1 WHERE sequence > %u", row * 2);
      assert_noticed (f, db, "a gap closed");
    }
}

static void
swap_rows (sqlite3 *db, const char *table, gint64 a, gint64 b)
{
  run_sql (db, "UPDATE %s SET sequence = -1 WHERE sequence = %" G_GINT64_FORMAT, table, a);
  run_sql (db, "UPDATE %s SET sequence = %" G_GINT64_FORMAT " WHERE sequence = %" G_GINT64_FORMAT,
           table, a, b);
  run_sql (db, "UPDATE %s SET sequence = %" G_GINT64_FORMAT " WHERE sequence = -1", table, b);
}

static void
test_reorder (Fixture *f, gconstpointer unused)
{
  static const char *const ordered[] = { "records", "journal", "service_sessions", "service_events",
                                         "chain" };

  for (guint i = 0; i < N_RANDOM; i++)
    {
      const char *table = ordered[i % G_N_ELEMENTS (ordered)];
      sqlite3 *db = open_broken (f);
      gint64 a = pick_row (db, table);
      gint64 b = a;

      while (b == a)
        b = pick_row (db, table);
      swap_rows (db, table, a, b);
      assert_noticed (f, db, table);
    }
}

/* ---- the end of the chain ---- */

/* As a station does it: what is written is noted in @f's folder, and compared. */
static LksLedger *
open_noted (Fixture *f, const char *path)
{
  LksLedger *ledger = open_ledger (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_set_head_folder (ledger, f->folder, &error));
  g_assert_no_error (error);
  return ledger;
}

static LksVerifyReport *
verify_noted (Fixture *f, const char *path)
{
  g_autoptr (LksLedger) ledger = open_noted (f, path);
  g_autoptr (GError) error = NULL;
  LksVerifyReport *report = lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static LksVerifyReport *
verify_shared (const char *path, gint64 sequence, const char *hash)
{
  g_autoptr (LksLedger) ledger = open_ledger (path);
  g_autoptr (GError) error = NULL;
  const LksVerifyEnd shared = { .sequence = sequence, .hash = hash };
  LksVerifyReport *report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ .shared = &shared }, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
assert_gone (const LksVerifyReport *report, LksVerifyFault fault)
{
  g_assert_cmpuint (report->n_problems, ==, 1);
  g_assert_cmpint (first_problem (report)->fault, ==, fault);
}

/* Takes all that was written after entry @last away, with its entries; and with @knows_counts what
 * SQLite has counted, too. */
static void
cut_off (sqlite3 *db, guint last, gboolean knows_counts)
{
  static const char *const kinds[][2] = { { "run", "records" },
                                          { "journal", "journal" },
                                          { "session", "service_sessions" },
                                          { "event", "service_events" } };
  g_autofree char *chain = g_strdup_printf ("DELETE FROM chain WHERE sequence > %u", last);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *rows =
          g_strdup_printf ("DELETE FROM %s WHERE sequence IN (SELECT row FROM chain"
                           " WHERE kind = '%s' AND sequence > %u)",
                           kinds[i][1], kinds[i][0], last);
      g_autofree char *count = g_strdup_printf ("UPDATE sqlite_sequence SET seq ="
                                                " (SELECT coalesce(max(sequence), 0) FROM %s)"
                                                " WHERE name = '%s'",
                                                kinds[i][1], kinds[i][1]);

      g_assert_cmpint (sqlite3_exec (db, rows, NULL, NULL, NULL), ==, SQLITE_OK);
      if (knows_counts)
        g_assert_cmpint (sqlite3_exec (db, count, NULL, NULL, NULL), ==, SQLITE_OK);
    }
  g_assert_cmpint (sqlite3_exec (db, chain, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* Any number of the newest entries is gone: the file's own counts know that there were more. */
static void
test_truncated (Fixture *f, gconstpointer unused)
{
  for (guint last = 0; last < 14; last++)
    {
      g_autoptr (LksVerifyReport) report = NULL;
      sqlite3 *db = open_broken (f);

      cut_off (db, last, FALSE);
      sqlite3_close (db);
      report = verify (f->broken, NULL);
      g_assert_cmpuint (report->n_entries, ==, last);
      g_assert_cmpuint (report->n_problems, >, 0);
      g_assert_cmpint (first_problem (report)->fault, ==, LKS_VERIFY_FAULT_REMOVED);
      g_assert_cmpint (report->proof, ==, LKS_VERIFY_PROOF_NONE);
    }
}

/* The counts are set back, too: a shorter chain is as good, and what is proven is said. Who knows
 * one of the entries finds that it is gone. */
static void
test_truncated_well (Fixture *f, gconstpointer unused)
{
  for (guint last = 0; last < 14; last++)
    {
      g_autoptr (LksVerifyReport) alone = NULL;
      g_autoptr (LksVerifyReport) with_head = NULL;
      g_autoptr (LksVerifyReport) with_shared = NULL;
      sqlite3 *db = open_broken (f);

      cut_off (db, last, TRUE);
      sqlite3_close (db);
      alone = verify (f->broken, NULL);
      assert_good (alone);
      g_assert_cmpint (alone->proven_sequence, ==, 0);
      g_assert_cmpint (alone->proof, ==, LKS_VERIFY_PROOF_NONE);
      with_head = verify (f->broken, f->head);
      assert_gone (with_head, LKS_VERIFY_FAULT_HEAD);
      with_shared = verify_shared (f->broken, 14, f->head);
      assert_gone (with_shared, LKS_VERIFY_FAULT_HEAD);
      g_assert_cmpint (with_shared->proven_sequence, ==, 0);
    }
}

static void
test_counts_forged (Fixture *f, gconstpointer unused)
{
  static const char *const changes[] = {
    "DELETE FROM sqlite_sequence WHERE name = 'records'",
    "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'journal'",
    "UPDATE sqlite_sequence SET seq = 100 WHERE name = 'service_events'",
    "INSERT INTO outbox VALUES ('elsewhere', 15, 0, 0)", /* one more was copied */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (LksVerifyReport) report = NULL;
      sqlite3 *db = open_broken (f);

      run_sql (db, "%s", changes[i]);
      sqlite3_close (db);
      report = verify (f->broken, NULL);
      assert_gone (report, LKS_VERIFY_FAULT_REMOVED);
    }
}

/* Up to where somebody beside the file knows what was written. */
static void
test_proven (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (LksVerifyReport) with_head = verify (f->path, f->head);
  g_autoptr (LksVerifyReport) with_shared = verify_shared (f->path, 14, f->head);
  g_autoptr (LksVerifyReport) other = verify_shared (f->path, 13, f->head);
  g_autoptr (LksVerifyReport) grown = NULL;

  assert_good (with_head);
  g_assert_cmpint (with_head->proven_sequence, ==, 14);
  g_assert_cmpint (with_head->proof, ==, LKS_VERIFY_PROOF_HEAD);
  assert_good (with_shared);
  g_assert_cmpint (with_shared->proven_sequence, ==, 14);
  g_assert_cmpint (with_shared->proof, ==, LKS_VERIFY_PROOF_SHARED);
  assert_gone (other, LKS_VERIFY_FAULT_HEAD);

  /* A head that was noted before more was written is still good, and proves no more. */
  add_record (ledger, 7);
  grown = verify (f->path, f->head);
  assert_good (grown);
  g_assert_cmpstr (grown->head, !=, f->head);
  g_assert_cmpint (grown->proven_sequence, ==, 14);
  drain ();
}

/* A copy of the ledger as it is now, with all that was cut off after @last. */
static void
make_shorter (Fixture *f, guint last)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (db);
  db = open_broken (f);
  cut_off (db, last, TRUE);
  sqlite3_close (db);
}

/* The note beside the ledger finds what nothing in the file can, and goes on finding it: also when
 * the shorter chain has become longer than it was. */
static void
test_noted (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVerifyReport) before = verify_noted (f, f->path);
  g_autoptr (LksVerifyReport) noted = NULL;
  g_autoptr (LksVerifyReport) shorter = NULL;
  g_autoptr (LksVerifyReport) longer = NULL;
  LksLedger *ledger = open_noted (f, f->path);

  assert_good (before);
  g_assert_cmpint (before->proof, ==, LKS_VERIFY_PROOF_NONE);
  add_record (ledger, 7);
  drain ();
  g_object_unref (ledger);
  noted = verify_noted (f, f->path);
  assert_good (noted);
  g_assert_cmpint (noted->proven_sequence, ==, 16);
  g_assert_cmpint (noted->proof, ==, LKS_VERIFY_PROOF_NOTE);

  make_shorter (f, 3);
  shorter = verify_noted (f, f->broken);
  assert_gone (shorter, LKS_VERIFY_FAULT_HEAD);
  g_assert_nonnull (strstr (first_problem (shorter)->text, "entry 16"));
  g_assert_nonnull (strstr (first_problem (shorter)->text, f->folder));

  ledger = open_noted (f, f->broken);
  for (guint i = 10; i < 20; i++)
    add_record (ledger, i);
  drain ();
  g_object_unref (ledger);
  longer = verify_noted (f, f->broken);
  g_assert_cmpuint (longer->n_entries, ==, 23);
  assert_gone (longer, LKS_VERIFY_FAULT_HEAD);
}

/* Without its file, or with what a power cut left of it, nothing is noted; the next record is. */
static void
test_note_lost (Fixture *f, gconstpointer unused)
{
  static const char *const left[] = { NULL, "", "0000000000000000016 " };
  g_autoptr (LksLedger) ledger = open_noted (f, f->path);
  g_autoptr (LksVerifyReport) first = verify_noted (f, f->path);
  g_autofree char *path = g_build_filename (f->folder, first->ledger_id, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
    {
      g_autoptr (LksVerifyReport) lost = NULL;
      g_autoptr (LksVerifyReport) again = NULL;
      GStatBuf info;

      if (left[i] == NULL)
        g_unlink (path);
      else
        g_assert_true (g_file_set_contents (path, left[i], -1, NULL));
      lost = verify_noted (f, f->path);
      assert_good (lost);
      g_assert_cmpint (lost->proof, ==, LKS_VERIFY_PROOF_NONE);

      add_record (ledger, 20 + (guint) i);
      again = verify_noted (f, f->path);
      assert_good (again);
      g_assert_cmpint (again->proven_sequence, ==, again->n_entries);
      if (left[i] == NULL)
        g_assert_cmpint (g_stat (path, &info) | (int) (info.st_mode & 0077), ==, 0);
    }
  drain ();
}

/* A record is kept although its head cannot be noted. */
static void
test_note_refused (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (GError) error = NULL;

  /* below a file there is no folder */
  g_assert_true (lks_ledger_set_head_folder (ledger, f->path, &error));
  add_record (ledger, 7);
  report = verify (f->path, f->head);
  assert_good (report);
  g_assert_cmpuint (report->n_entries, ==, 16);
  drain ();
}

/* Which key counts can be said afterwards. */
static void
test_believe (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStationKey) key = make_key (f, FALSE);
  g_autoptr (LksStationKey) other = make_key (f, TRUE);
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (GError) error = NULL;

  sign (f->path, key, &error);
  add_record (ledger, 5);
  sign (f->path, other, &error);
  g_assert_no_error (error);
  report = verify (f->path, NULL);
  assert_good (report);
  g_assert_cmpuint (report->n_unsigned, ==, 0);
  g_assert_cmpstr (report->signer, ==, lks_station_key_get_fingerprint (other));

  lks_verify_report_believe (report, lks_station_key_get_fingerprint (key));
  assert_good (report);
  g_assert_cmpuint (report->n_unsigned, ==, 2);
  g_assert_cmpstr (report->signer, ==, lks_station_key_get_fingerprint (key));

  lks_verify_report_believe (report, "nobody's");
  assert_gone (report, LKS_VERIFY_FAULT_SIGNATURE);
  g_assert_cmpuint (report->n_unsigned, ==, 16);
  g_assert_null (report->signer);
  drain ();
}

/* What is said names the record and the fault, and nothing else. */
static void
test_says_what (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVerifyReport) changed = NULL;
  g_autoptr (LksVerifyReport) removed = NULL;
  g_autoptr (LksVerifyReport) added = NULL;
  sqlite3 *db = open_broken (f);

  run_sql (db, "UPDATE service_events SET http_status = 404 WHERE sequence = 2");
  sqlite3_close (db);
  changed = verify (f->broken, f->head);
  g_assert_cmpuint (changed->n_problems, ==, 1);
  g_assert_cmpint (first_problem (changed)->fault, ==, LKS_VERIFY_FAULT_CHANGED);
  g_assert_cmpint (first_problem (changed)->sequence, ==, 9);
  g_assert_cmpstr (first_problem (changed)->id, ==, SESSION_ID);

  db = open_broken (f);
  run_sql (db, "DELETE FROM service_sessions WHERE id = '" SESSION_ID "'");
  sqlite3_close (db);
  removed = verify (f->broken, f->head);
  g_assert_cmpuint (removed->n_problems, ==, 1);
  g_assert_cmpint (first_problem (removed)->fault, ==, LKS_VERIFY_FAULT_REMOVED);
  g_assert_cmpstr (first_problem (removed)->kind, ==, "session");
  g_assert_cmpstr (first_problem (removed)->id, ==, SESSION_ID);

  db = open_broken (f);
  run_sql (db, "INSERT INTO service_events (session_id, kind, at_us, method, path, http_status,"
               " document) VALUES ('" SESSION_ID "', 'action', 1, 'PUT', '/x', 200, '{}')");
  sqlite3_close (db);
  added = verify (f->broken, f->head);
  g_assert_cmpuint (added->n_problems, ==, 1);
  g_assert_cmpint (first_problem (added)->fault, ==, LKS_VERIFY_FAULT_ADDED);
  g_assert_cmpstr (first_problem (added)->id, ==, SESSION_ID);
}

/* What cannot be chained is not recorded either. */
static void
test_one_transaction (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db,
                                 "CREATE TRIGGER x BEFORE INSERT ON chain"
                                 " BEGIN SELECT RAISE(ABORT, 'no'); END",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  add_event (ledger, SESSION_ID, NULL, &error);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM service_events"), ==, 6);
  g_assert_cmpint (sqlite3_exec (db, "DROP TRIGGER x", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  g_clear_error (&error);
  add_event (ledger, SESSION_ID, NULL, &error);
  g_assert_no_error (error);
  report = verify (f->path, f->head);
  assert_good (report);
  g_assert_cmpuint (report->n_entries, ==, 15);
  drain ();
}

static void
test_append_only (Fixture *f, gconstpointer unused)
{
  static const char *const refused[] = {
    "UPDATE chain SET hash = previous",
    "DELETE FROM chain",
    "INSERT OR REPLACE INTO chain SELECT * FROM chain",
    "UPDATE ledger SET id = 'x'",
    "DELETE FROM ledger",
    "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
  };
  g_autoptr (LksVerifyReport) report = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_cmpint (sqlite3_exec (db, refused[i], NULL, NULL, NULL), ==, SQLITE_CONSTRAINT);
  sqlite3_close (db);
  report = verify (f->path, f->head);
  assert_good (report);
}

/* Makes a ledger as an older Locksmith left it. */
static void
make_old (const char *path, const char *name)
{
  g_autofree char *sql_path = g_build_filename (g_getenv ("LKS_TEST_DATA"), "record", name, NULL);
  g_autofree char *sql = NULL;
  sqlite3 *db = NULL;

  g_assert_true (g_file_get_contents (sql_path, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* A ledger from before there was a chain. */
static void
test_migration (Fixture *f, gconstpointer unused)
{
  g_autofree char *old = g_build_filename (f->folder, "old.sqlite", NULL);
  g_autoptr (LksVerifyReport) before = NULL;
  g_autoptr (LksVerifyReport) after = NULL;
  g_autoptr (LksLedger) ledger = NULL;
  sqlite3 *db = NULL;

  make_old (old, "ledger-2.sql");
  g_assert_cmpint (sqlite3_open (old, &db), ==, SQLITE_OK);

  before = verify (old, NULL);
  assert_good (before);
  g_assert_cmpuint (before->n_entries, ==, 6);
  g_assert_cmpuint (before->n_migrated, ==, 6);
  g_assert_cmpint (ask (db, "SELECT count(*) FROM records"), ==, 2);

  ledger = open_ledger (old);
  add_record (ledger, 3);
  after = verify (old, before->head);
  assert_good (after);
  g_assert_cmpuint (after->n_entries, ==, 8);
  g_assert_cmpuint (after->n_migrated, ==, 6);
  drain ();
  sqlite3_close (db);
}

/* Ledgers that have a chain already keep it letter by letter. */
static void
test_keeps_chain (Fixture *f, gconstpointer unused)
{
  static const char *const names[] = { "ledger-3.sql", "ledger-4.sql" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, names[i], NULL);
      g_autoptr (LksVerifyReport) before = NULL;
      g_autoptr (LksVerifyReport) after = NULL;
      g_autoptr (LksLedger) ledger = NULL;

      make_old (path, names[i]);
      before = verify (path, NULL);
      assert_good (before);
      g_assert_cmpstr (before->head, ==, HEAD_OF_4);
      g_assert_cmpuint (before->n_entries, ==, 12);
      g_assert_cmpuint (before->n_unsigned, ==, 0);

      ledger = open_ledger (path);
      add_record (ledger, 3);
      after = verify (path, before->head);
      assert_good (after);
      g_assert_cmpuint (after->n_entries, ==, 14);
      drain ();
    }
}

/* Each line holds its text, which has the hash that the next line follows. */
static void
test_export (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *previous = NULL;

  g_assert_true (lks_ledger_export_chain (ledger, stream, NULL, &error));
  g_assert_no_error (error);
  g_output_stream_write_all (stream, "", 1, NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 15);

  for (guint i = 0; i < 14; i++)
    {
      g_autoptr (JsonNode) line = json_from_string (lines[i], &error);
      JsonObject *object = json_node_get_object (line);
      const char *text = json_object_get_string_member (object, "text");
      g_autoptr (JsonNode) entry = json_from_string (text, &error);
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

      g_assert_no_error (error);
      g_assert_cmpstr (json_object_get_string_member (object, "hash"), ==, hash);
      if (previous != NULL)
        g_assert_cmpstr (json_object_get_string_member (json_node_get_object (entry), "previous"),
                         ==, previous);
      g_free (previous);
      previous = g_steal_pointer (&hash);
    }
  g_assert_cmpstr (previous, ==, f->head);
}

static void
test_cancel (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksLedger) ledger = open_ledger (f->path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 130; i++)
    add_record (ledger, i);
  g_cancellable_cancel (cancellable);
  g_assert_null (lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  drain ();
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  TEST ("/chain/flip", test_flip);
  TEST ("/chain/remove", test_remove);
  TEST ("/chain/remove-with-entry", test_remove_with_entry);
  TEST ("/chain/reorder", test_reorder);
  TEST ("/chain/truncated", test_truncated);
  TEST ("/chain/truncated-well", test_truncated_well);
  TEST ("/chain/counts-forged", test_counts_forged);
  TEST ("/chain/proven", test_proven);
  TEST ("/chain/noted", test_noted);
  TEST ("/chain/note-lost", test_note_lost);
  TEST ("/chain/note-refused", test_note_refused);
  TEST ("/chain/believe", test_believe);
  TEST ("/chain/says-what", test_says_what);
  TEST ("/chain/one-transaction", test_one_transaction);
  TEST ("/chain/append-only", test_append_only);
  TEST ("/chain/migration", test_migration);
  TEST ("/chain/keeps-chain", test_keeps_chain);
  TEST ("/chain/export", test_export);
  TEST ("/chain/cancel", test_cancel);

  g_test_add ("/chain/sign/p-256", Fixture, GINT_TO_POINTER (FALSE), set_up, test_sign, tear_down);
  g_test_add ("/chain/sign/ed25519", Fixture, GINT_TO_POINTER (TRUE), set_up, test_sign, tear_down);
  TEST ("/chain/forged", test_forged);

  return g_test_run ();
}
