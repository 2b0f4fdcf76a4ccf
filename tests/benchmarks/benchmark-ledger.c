/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-ledger RECORDS: what it costs to add a record (with its entry of the chain, on the
 * disk), and how long it takes to verify and to export the chain of so many. */
#include "lks-ledger-verify.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* As large as the evidence of a real finalization. */
#define DOCUMENT_BYTES 14000

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

int
main (int argc, char **argv)
{
  guint n_records = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 0;
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
  for (guint i = 0; i < n_records; i++)
    added_us[i] = add_record (ledger, i);
  qsort (added_us, n_records, sizeof (gint64), compare_cb);
  verified = verify_seconds (ledger, n_records);
  exported = export_seconds (ledger, folder);
  g_print ("{\"benchmark\":\"ledger\",\"records\":%u,\"addMs\":{\"median\":%.2f,\"p99\":%.2f},"
           "\"verifySeconds\":%.2f,\"exportSeconds\":%.2f}\n",
           n_records, (double) added_us[n_records / 2] / 1e3,
           (double) added_us[n_records - 1 - n_records / 100] / 1e3, verified, exported);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (ledger);
  remove_folder (folder);
  return 0;
}
