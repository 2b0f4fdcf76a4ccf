/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ledger with a station key: what is signed, what is not and says so, and that nothing waits. */
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define RUN_ID "11111111-2222-4333-8444-555555555555"

typedef struct
{
  char *folder;      /* (owned) */
  char *path;        /* (owned) */
  LksLedger *ledger; /* (owned) */
  GMutex mutex;
  GCond cond;
  gboolean is_open;   /* the source may go on */
  gboolean is_public; /* it brings half a key only */
  gboolean fails;     /* it brings none */
  guint n_fetched;
  char *fingerprint; /* (owned) (nullable): of the key it brought */
} Fixture;

static LksStationKey *
fetch_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Fixture *f = data;
  g_autoptr (LksStationKey) key = lks_station_key_generate (error);

  g_assert_nonnull (key);
  g_mutex_lock (&f->mutex);
  while (!f->is_open && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&f->cond, &f->mutex, g_get_monotonic_time () + 10000);
  f->n_fetched++;
  g_free (f->fingerprint);
  f->fingerprint = g_strdup (lks_station_key_get_fingerprint (key));
  g_mutex_unlock (&f->mutex);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (f->fails)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the keyring is locked");
      return NULL;
    }
  return f->is_public ? lks_station_key_new_public (lks_station_key_get_pem (key), error)
                      : g_steal_pointer (&key);
}

static void
open_gate (Fixture *f)
{
  g_mutex_lock (&f->mutex);
  f->is_open = TRUE;
  g_cond_broadcast (&f->cond);
  g_mutex_unlock (&f->mutex);
}

/* The reason why there is no key becomes another one, or none. */
static const LksStationKey *
wait_for_key (Fixture *f)
{
  for (;;)
    {
      g_autofree char *reason = NULL;
      const LksStationKey *key = lks_ledger_get_station_key (f->ledger, &reason);

      if (key != NULL || g_str_has_prefix (reason, "no station key"))
        return key;
      g_usleep (1000);
    }
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_mutex_init (&f->mutex);
  g_cond_init (&f->cond);
  f->folder = g_dir_make_tmp ("lks-signing-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->ledger = lks_ledger_open (f->path, &error);
  g_assert_no_error (error);
  lks_ledger_set_key_source (f->ledger, fetch_cb, f, NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->ledger);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->fingerprint);
  g_mutex_clear (&f->mutex);
  g_cond_clear (&f->cond);
}

/* Returns it as the ledger has it. */
static LksRecord *
add_record (Fixture *f)
{
  g_autofree char *hash = g_strnfill (64, '0');
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "check",
      .port = "1-1",
      .operator_name = "olga",
      .station = "station",
      .started_us = 1000000000000000,
      .finished_us = 1000000000000000,
      .recipe_name = "a recipe",
      .recipe_hash = hash,
      .recipe_text = "{}",
      .verdict = "FAIL",
      .outcome = "ready",
      .document = "{}",
  });
  LksRecord *added;

  lks_ledger_add (f->ledger, record, &error);
  g_assert_no_error (error);
  added = lks_ledger_get (f->ledger, lks_record_get_id (record), &error);
  g_assert_no_error (error);
  return added;
}

static LksVerifyReport *
verify (Fixture *f, const LksStationKey *key)
{
  g_autoptr (GError) error = NULL;
  LksVerifyReport *report =
      lks_ledger_verify (f->ledger, &(LksVerifyOptions){ .key = key }, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < report->problems->len; i++)
    g_test_message ("%s", ((LksVerifyProblem *) report->problems->pdata[i])->text);
  return report;
}

static void
run_sql (Fixture *f, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* ---- tests ---- */

/* A record does not wait for the key, and the next one has it. */
static void
test_signs (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRecord) early = add_record (f);
  g_autoptr (LksRecord) late = NULL;
  g_autoptr (LksRecord) last = NULL;
  g_autoptr (LksVerifyReport) report = NULL;
  const LksStationKey *key;
  const LksVerifySigner *signer;

  g_assert_null (lks_record_get_fields (early)->signer);
  g_assert_cmpstr (lks_record_get_fields (early)->unsigned_reason, ==,
                   "the station key was still being fetched");

  open_gate (f);
  key = wait_for_key (f);
  late = add_record (f);
  last = add_record (f);
  g_assert_cmpuint (f->n_fetched, ==, 1);
  g_assert_cmpstr (lks_record_get_fields (late)->signer, ==, f->fingerprint);
  g_assert_null (lks_record_get_fields (late)->unsigned_reason);

  report = verify (f, key);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_unsigned, ==, 0);
  g_assert_cmpuint (report->signers->len, ==, 1);
  signer = report->signers->pdata[0];
  g_assert_cmpstr (signer->key, ==, f->fingerprint);
  g_assert_cmpuint (signer->n_signatures, ==, 2);
  g_assert_cmpint (signer->last_sequence, ==, 3);
}

/* The ledger's owner takes a signature away, or puts another time into it. */
static void
test_taken (Fixture *f, gconstpointer statement)
{
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (LksVerifyReport) report = NULL;

  open_gate (f);
  lks_ledger_want_key (f->ledger);
  wait_for_key (f);
  record = add_record (f);
  run_sql (f, statement);
  report = verify (f, NULL);
  g_assert_cmpuint (report->n_problems, ==, 1);
  g_assert_cmpint (((LksVerifyProblem *) report->problems->pdata[0])->fault, ==,
                   LKS_VERIFY_FAULT_SIGNATURE);
}

/* Nobody brings a key, until the keyring is unlocked. */
static void
test_no_key (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRecord) first = NULL;
  g_autoptr (LksRecord) second = NULL;

  f->fails = TRUE;
  open_gate (f);
  lks_ledger_want_key (f->ledger);
  g_assert_null (wait_for_key (f));
  first = add_record (f);
  g_assert_cmpstr (lks_record_get_fields (first)->unsigned_reason, ==,
                   "no station key: the keyring is locked");
  g_assert_cmpuint (f->n_fetched, ==, 1); /* a write does not try again */

  f->fails = FALSE;
  lks_ledger_want_key (f->ledger);
  while (f->n_fetched < 2 || wait_for_key (f) == NULL)
    g_usleep (1000);
  second = add_record (f);
  g_assert_cmpstr (lks_record_get_fields (second)->signer, ==, f->fingerprint);
}

/* A key that cannot sign costs the signature, not the record. */
static void
test_bad_key (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRecord) record = NULL;
  g_autoptr (LksVerifyReport) report = NULL;

  f->is_public = TRUE;
  open_gate (f);
  lks_ledger_want_key (f->ledger);
  g_assert_nonnull (wait_for_key (f));
  record = add_record (f);
  g_assert_null (lks_record_get_fields (record)->signer);
  g_assert_nonnull (strstr (lks_record_get_fields (record)->unsigned_reason, "cannot sign"));
  report = verify (f, NULL);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_unsigned, ==, 1);
}

/* The ledger goes while somebody still waits for the keyring. */
static void
test_closed (Fixture *f, gconstpointer unused)
{
  lks_ledger_want_key (f->ledger);
  g_clear_object (&f->ledger);
}

/* ---- a program from before the chain, which still has the file open ---- */

#define COLUMNS_OF_1                                                                               \
  "run_id, kind, device_id, device_id_reversed, port, usb_serial, operator, station, started_us,"  \
  " finished_us, recipe_name, recipe_hash, verdict, outcome, summary, document"

static void
insert_copy (sqlite3 *db, const char *id)
{
  g_autofree char *sql = g_strdup_printf ("INSERT INTO records (id, " COLUMNS_OF_1
                                          ") SELECT '%s', " COLUMNS_OF_1 " FROM records"
                                          " LIMIT 1",
                                          id);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

static void
test_older_program (Fixture *f, gconstpointer unused)
{
  g_autofree char *sql_path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "record", "ledger-2.sql", NULL);
  g_autofree char *sql = NULL;
  g_autoptr (LksVerifyReport) during = NULL;
  g_autoptr (LksVerifyReport) after = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *older = NULL;

  g_clear_object (&f->ledger);
  g_remove (f->path);
  g_assert_true (g_file_get_contents (sql_path, &sql, NULL, NULL));
  g_assert_cmpint (sqlite3_open (f->path, &older), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (older, sql, NULL, NULL, NULL), ==, SQLITE_OK);

  f->ledger = lks_ledger_open (f->path, &error);
  g_assert_no_error (error);
  insert_copy (older, "00000000-0000-4000-8000-000000000001");
  during = verify (f, NULL);
  g_assert_cmpuint (during->n_problems, ==, 0);
  g_assert_cmpuint (during->n_migrated, ==, 7);

  /* A week later no such program runs any more. */
  g_assert_cmpint (sqlite3_exec (older,
                                 "UPDATE migrations SET applied_us = applied_us - 8 * 86400000000",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  insert_copy (older, "00000000-0000-4000-8000-000000000002");
  after = verify (f, NULL);
  g_assert_cmpuint (after->n_problems, ==, 1);
  g_assert_cmpint (((LksVerifyProblem *) after->problems->pdata[0])->fault, ==,
                   LKS_VERIFY_FAULT_ADDED);
  sqlite3_close (older);
}

#define TEST(path, func, data) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/signing/signs", test_signs, NULL);
  TEST ("/signing/taken", test_taken, "DROP TRIGGER signatures_never_go; DELETE FROM signatures");
  TEST ("/signing/changed", test_taken,
        "DROP TRIGGER signatures_never_change; UPDATE signatures SET at_us = at_us + 1");
  TEST ("/signing/no-key", test_no_key, NULL);
  TEST ("/signing/bad-key", test_bad_key, NULL);
  TEST ("/signing/closed", test_closed, NULL);
  TEST ("/signing/older-program", test_older_program, NULL);
  return g_test_run ();
}
