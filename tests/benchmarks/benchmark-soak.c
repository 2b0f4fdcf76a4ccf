/* SPDX-License-Identifier: GPL-3.0-or-later */

/* benchmark-soak COUNT: so many finalizations by one program with one ledger, as a station does in
 * some shifts, and what that costs in memory, file descriptors and time. The engine and the ledger
 * are the real ones, on the disk; the boards are scripted, on a clock of their own. Fails when
 * memory or descriptors are not flat between the first fifth, in which caches fill, and the end. */
#include "lks-run.h"
#include "sample.h"
#include "scripted-board.h"

#include <glib/gstdio.h>
#include <string.h>

#define JOURNAL_LINES 1000

static LksRecipe *
make_recipe (const char *folder)
{
  static const char text[] = "{\"name\":\"Soak\",\"targetState\":\"DeviceComplete\","
                             "\"allowedOsVersions\":[\"24.06\"],\"images\":[\"" SCRIPTED_APP "\"]}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("soak.json", folder, bytes, &error);

  g_assert_no_error (error);
  return recipe;
}

static void
finalize (guint number, LksRecipe *recipe, LksLedger *ledger)
{
  ScriptedBoard board;
  LksRunTarget target;
  g_autoptr (LksConsent) consent = NULL;
  g_autoptr (LksRunResult) result = NULL;

  scripted_board_init (&board);
  g_snprintf (board.device_id, sizeof board.device_id, "%0128x", number);
  scripted_board_target (&board, &target);
  consent = lks_consent_new (recipe, board.device_id, "benchmark", NULL);
  result = lks_finalize_run (&target, recipe, consent, ledger, NULL, NULL);
  g_assert_no_error (result->error);
  g_assert_cmpint (result->verdict, ==, LKS_VERDICT_PASS);
  g_assert_cmpuint (board.writes, ==, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
report (guint count,
        guint warm,
        const Sample *start,
        const Sample *warmed,
        const Sample *end,
        double line_ms)
{
  gboolean is_flat = sample_is_flat (warmed, end) && end->threads == warmed->threads;
  g_autofree char *members = sample_dup_members (start, warmed, end);

  g_print ("{\"benchmark\":\"soak\",\"finalizations\":%u,\"flat\":%s,%s,\"firstMs\":%.2f,"
           "\"laterMs\":%.2f,\"journalLineMs\":%.3f}\n",
           count, is_flat ? "true" : "false", members,
           (double) (warmed->at_us - start->at_us) / 1e3 / warm,
           (double) (end->at_us - warmed->at_us) / 1e3 / (count - warm), line_ms);
  return is_flat;
}

/* What a run pays for each line of its journal, on the disk. */
static double
journal_ms (LksLedger *ledger)
{
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 0; i < JOURNAL_LINES; i++)
    {
      g_autofree char *device_id = g_strdup_printf ("%0128x", i);
      g_autoptr (GError) error = NULL;

      lks_ledger_journal_append (ledger,
                                 &(LksJournalEntry){
                                     .run_id = "11111111-2222-4333-8444-555555555555",
                                     .device_id = device_id,
                                     .target = "DeviceComplete",
                                     .step = "check",
                                     .phase = "intent",
                                     .at_us = g_get_real_time (),
                                     .data = "{\"port\":\"1-1\"}",
                                 },
                                 &error);
      g_assert_no_error (error);
    }
  return (double) (g_get_monotonic_time () - start_us) / 1e3 / JOURNAL_LINES;
}

static void
remove_ledger (const char *path)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_remove (file);
    }
}

int
main (int argc, char **argv)
{
  guint count = argc == 2 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 0;
  guint warm = count / 5;
  g_autofree char *folder = g_dir_make_tmp ("benchmark-soak.XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autoptr (LksRecipe) recipe = make_recipe (folder);
  g_autoptr (GError) error = NULL;
  LksLedger *ledger;
  Sample start, warmed, end;
  guint64 n_records;
  double line_ms;

  if (warm == 0)
    return 2;

  ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  sample_take (&start);
  for (guint i = 0; i < warm; i++)
    finalize (i, recipe, ledger);
  sample_take (&warmed);
  for (guint i = warm; i < count; i++)
    finalize (i, recipe, ledger);
  sample_take (&end);

  g_assert_true (
      lks_ledger_count (ledger, &(LksLedgerQuery){ .verdict = "PASS" }, &n_records, &error));
  g_assert_cmpuint (n_records, ==, count);
  line_ms = journal_ms (ledger);
  g_object_unref (ledger);
  remove_ledger (path);
  g_rmdir (folder);
  return report (count, warm, &start, &warmed, &end, line_ms) ? 0 : 1;
}
