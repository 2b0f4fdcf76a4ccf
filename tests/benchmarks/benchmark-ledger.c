/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-ledger RECORDS MANY: what it costs to add a record (with its entry of the chain, on the
 * disk), and how long it takes to verify and to export the chain of so many; then, of a ledger
 * with MANY small records: to find one, to open the list, to export all of them. */
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* As large as the evidence of a real finalization. */
#define DOCUMENT_BYTES 14000

/* What a person does not wait for, in the largest ledger; printed beside what was measured. */
#define AIM_FIND_MS 10
#define AIM_OPEN_LIST_MS 100
#define AIM_ROWS_PER_SECOND 200000

static int
compare_cb (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gint64
add_record (LksLedger *ledger, guint number)
{
  g_autofree char *device_id = g_strdup_printf ("%0128x", number);
  g_autofree char *hash = g_strnfill (64, '0');
  g_autofree char *evidence = g_strnfill (DOCUMENT_BYTES, 'e');
  g_autofree char *document = g_strdup_printf ("{\"evidence\":\"%s\"}", evidence);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = "11111111-2222-4333-8444-555555555555",
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-1",
      .operator_name = "olga",
      .station = "station",
      .started_us = 1000000000000000 + number,
      .finished_us = 1000000000000000 + number,
      .recipe_name = "a recipe",
      .recipe_hash = hash,
      .recipe_text = "{}",
      .verdict = "PASS",
      .outcome = "finalized",
      .document = document,
  });
  gint64 start_us = g_get_monotonic_time ();

  lks_ledger_add (ledger, record, &error);
  g_assert_no_error (error);
  return g_get_monotonic_time () - start_us;
}

static double
verify_seconds (LksLedger *ledger, guint n_records)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (LksVerifyReport) report =
      lks_ledger_verify (ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_records, ==, n_records);
  return (double) (g_get_monotonic_time () - start_us) / 1e6;
}

static double
export_seconds (LksLedger *ledger, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "chain.jsonl", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  gint64 start_us = g_get_monotonic_time ();

  g_assert_no_error (error);
  lks_ledger_export_chain (ledger, G_OUTPUT_STREAM (stream), NULL, &error);
  g_assert_no_error (error);
  return (double) (g_get_monotonic_time () - start_us) / 1e6;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

/* ---- many ---- */

/* In one transaction, past the ledger: its own additions wait for the disk, one by one. The rows
 * are as a station's: 950 of 1000 pass, each board once, four recipes, 32 adapters, ten seconds
 * apart. */
static const char many_sql[] =
    "BEGIN;"
    "INSERT INTO recipes (hash, text) SELECT printf('%064d', value), '{}'"
    "  FROM json_each('[0,1,2,3]');"
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT {MANY})"
    " INSERT INTO records (id, run_id, kind, device_id, device_id_reversed, port, usb_serial,"
    "   operator, station, started_us, finished_us, recipe_name, recipe_hash, verdict, outcome,"
    "   summary, document)"
    " SELECT printf('%08x-0000-4000-8000-000000000000', i),"
    "   printf('%08x-1111-4000-8000-000000000000', i), 'finalize',"
    "   printf('%0120d', 0) || printf('%08x', i),"
    "   substr(x, 8, 1) || substr(x, 7, 1) || substr(x, 6, 1) || substr(x, 5, 1) || substr(x, 4, 1)"
    "     || substr(x, 3, 1) || substr(x, 2, 1) || substr(x, 1, 1) || printf('%0120d', 0),"
    "   '1-1.' || (i % 32), 'FT' || (i % 32), 'olga', 'station', 1700000000000000 + i * 10000000,"
    "   1700000000000000 + i * 10000000 + 9000000, 'recipe ' || (i % 4), printf('%064d', i % 4),"
    "   iif(i % 20 = 0, 'FAIL', 'PASS'), iif(i % 20 = 0, 'none', 'finalized'),"
    "   iif(i % 20 = 0, 'Wi-Fi networks: one too many', NULL),"
    "   '{\"format\":1,\"steps\":[{\"name\":\"identify\",\"result\":\"pass\"}]}'"
    "   FROM (SELECT i, printf('%08x', i) AS x FROM n);"
    "INSERT INTO chain (sequence, kind, row, id, state, previous, unsigned, hash)"
    "  SELECT sequence, 'run', sequence, id, 'written', printf('%064d', sequence - 1), 'benchmark',"
    "    printf('%064d', sequence) FROM records ORDER BY sequence;"
    "COMMIT";

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000", NULL, NULL, NULL);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

static void
make_many (const char *path, guint n_many)
{
  g_autofree char *count = g_strdup_printf ("%u", n_many);
  g_auto (GStrv) parts = g_strsplit (many_sql, "{MANY}", 2);
  g_autofree char *sql = g_strjoinv (count, parts);

  run_sql (path, sql);
}

/* The slowest of a few, in milliseconds. */
static double
list_ms (LksLedger *ledger, const LksLedgerQuery *query, guint n_expected)
{
  gint64 worst_us = 0;

  for (guint i = 0; i < 5; i++)
    {
      gint64 start_us = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) records = lks_ledger_list (ledger, query, &error);

      g_assert_no_error (error);
      worst_us = MAX (worst_us, g_get_monotonic_time () - start_us);
      g_assert_cmpuint (records->len, ==, n_expected);
    }
  return (double) worst_us / 1e3;
}

static gsize
get_memory_kib (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmRSS:");
  return line != NULL ? strtoul (line + strlen ("VmRSS:"), NULL, 10) : 0;
}

static double
rows_per_second (LksLedger *ledger, const char *folder, LksExportFormat format, guint n_many)
{
  g_autofree char *path = g_build_filename (folder, "export", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileOutputStream) stream =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  gint64 start_us = g_get_monotonic_time ();

  g_assert_no_error (error);
  lks_ledger_export (ledger, &(LksLedgerQuery){ 0 }, format, G_OUTPUT_STREAM (stream), NULL,
                     &error);
  g_assert_no_error (error);
  return (double) n_many / ((double) (g_get_monotonic_time () - start_us) / 1e6);
}

static void
measure_many (const char *folder, guint n_many)
{
  g_autofree char *path = g_build_filename (folder, "many.sqlite", NULL);
  g_autofree char *end = g_strdup_printf ("%08x", n_many / 3);
  const gint64 middle_us = 1700000000000000 + (gint64) (n_many / 2) * 10000000;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = lks_ledger_open (path, &error);
  double by_id, opened, csv, json;
  gsize before_kib, after_kib;

  g_assert_no_error (error);
  make_many (path, n_many);
  by_id = list_ms (ledger, &(LksLedgerQuery){ .device_id_end = end }, 1);
  opened = list_ms (ledger, &(LksLedgerQuery){ .limit = 2000 }, MIN (n_many, 2000));
  g_print (",\"many\":%u,\"findMs\":{\"id\":%.2f,\"date\":%.2f,\"verdict\":%.2f", n_many, by_id,
           list_ms (ledger, &(LksLedgerQuery){ .since_us = middle_us, .until_us = middle_us + 1 },
                    1),
           list_ms (ledger, &(LksLedgerQuery){ .verdict = "FAIL", .limit = 1 }, 1));
  before_kib = get_memory_kib ();
  csv = rows_per_second (ledger, folder, LKS_EXPORT_FORMAT_CSV, n_many);
  json = rows_per_second (ledger, folder, LKS_EXPORT_FORMAT_JSON, n_many);
  after_kib = get_memory_kib ();
  g_print ("},\"aimFindMs\":%d,\"openListMs\":%.2f,\"aimOpenListMs\":%d,"
           "\"rowsPerSecond\":{\"csv\":%.0f,\"json\":%.0f},\"aimRowsPerSecond\":%d,"
           "\"exportMemoryKib\":%" G_GINT64_FORMAT,
           AIM_FIND_MS, opened, AIM_OPEN_LIST_MS, csv, json, AIM_ROWS_PER_SECOND,
           (gint64) after_kib - (gint64) before_kib);
}

int
main (int argc, char **argv)
{
  guint n_records = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 0;
  guint n_many = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 0;
  g_autofree gint64 *added_us = g_new0 (gint64, n_records + 1);
  g_autofree char *folder = g_dir_make_tmp ("lks-benchmark-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  LksLedger *ledger;
  double verified;
  double exported;

  if (n_records == 0)
    return 2;

  ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  lks_ledger_set_head_folder (ledger, folder, &error); /* as a station does */
  g_assert_no_error (error);
  for (guint i = 0; i < n_records; i++)
    added_us[i] = add_record (ledger, i);
  qsort (added_us, n_records, sizeof (gint64), compare_cb);
  verified = verify_seconds (ledger, n_records);
  exported = export_seconds (ledger, folder);
  g_print ("{\"benchmark\":\"ledger\",\"records\":%u,\"addMs\":{\"median\":%.2f,\"p99\":%.2f},"
           "\"verifySeconds\":%.2f,\"exportSeconds\":%.2f",
           n_records, (double) added_us[n_records / 2] / 1e3,
           (double) added_us[n_records - 1 - n_records / 100] / 1e3, verified, exported);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (ledger);
  if (n_many > 0)
    measure_many (folder, n_many);
  g_print ("}\n");
  remove_folder (folder);
  return 0;
}
