/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-json.h"
#include "lks-ledger-stats.h"
#include "lks-run-step.h"

#include <stdio.h>

/* ---- stats ---- */

static JsonArray *
lines_to_json (GPtrArray *lines, const char *name, const char *count, gboolean with_passes)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < lines->len; i++)
    {
      const LksStatsLine *line = lines->pdata[i];
      JsonObject *object = json_object_new ();

      lks_json_set_text (object, name, line->name);
      json_object_set_int_member (object, count, (gint64) line->n_boards);
      if (with_passes)
        json_object_set_int_member (object, "firstPasses", (gint64) line->n_first_passes);
      json_array_add_object_element (array, object);
    }
  return array;
}

static void
print_stats_json (const LksStats *stats)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "records", (gint64) stats->n_records);
  json_object_set_int_member (object, "boards", (gint64) stats->n_boards);
  json_object_set_int_member (object, "firstPasses", (gint64) stats->n_first_passes);
  json_object_set_int_member (object, "passes", (gint64) stats->n_passes);
  json_object_set_int_member (object, "cycleMedianMs", stats->cycle_median_ms);
  json_object_set_int_member (object, "cycle95Ms", stats->cycle_p95_ms);
  json_object_set_array_member (object, "failures",
                                lines_to_json (stats->failures, "step", "runs", FALSE));
  json_object_set_array_member (object, "places",
                                lines_to_json (stats->places, "place", "boards", TRUE));
  json_object_set_array_member (object, "batches",
                                lines_to_json (stats->batches, "batch", "boards", TRUE));
  json_object_set_array_member (object, "recipes",
                                lines_to_json (stats->recipes, "recipe", "boards", TRUE));
  lks_cli_print_object (object);
}

static char *
format_share (guint64 part, guint64 all)
{
  return all > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " (%.1f %%)",
                                    part, all, 100.0 * (double) part / (double) all)
                 : g_strdup ("none");
}

static void
print_table (LksCliTable *table)
{
  g_autofree char *text = lks_cli_table_format (table);

  printf ("\n%s", text);
}

static void
print_failures (GPtrArray *lines)
{
  static const char *const headings[] = { "FAILED AT", "RUNS FAILED", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);

  for (guint i = 0; i < lines->len; i++)
    {
      const LksStatsLine *line = lines->pdata[i];
      const gboolean is_step = !g_str_equal (line->name, LKS_STATS_OTHER);
      g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, line->n_boards);
      const char *const cells[] = {
        is_step ? lks_step_name_to_title (line->name) : "No step tells",
        count,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }
  if (lines->len > 0)
    print_table (table);
}

static void
print_first_passes (const char *heading, GPtrArray *lines)
{
  const char *const headings[] = { heading, "FIRST PASS", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);

  for (guint i = 0; i < lines->len; i++)
    {
      const LksStatsLine *line = lines->pdata[i];
      g_autofree char *share = format_share (line->n_first_passes, line->n_boards);
      const char *const cells[] = { line->name != NULL ? line->name : "(none)", share, NULL };

      lks_cli_table_add (table, cells);
    }
  if (lines->len > 0)
    print_table (table);
}

static void
print_stats (const LksStats *stats)
{
  g_autofree char *first = format_share (stats->n_first_passes, stats->n_boards);
  g_autofree char *last = format_share (stats->n_passes, stats->n_boards);
  g_autofree char *records = g_strdup_printf ("%" G_GUINT64_FORMAT, stats->n_records);
  g_autofree char *cycle = stats->cycle_p95_ms > 0
                               ? g_strdup_printf ("half within %.1f s, 95 %% within %.1f s",
                                                  (double) stats->cycle_median_ms / 1e3,
                                                  (double) stats->cycle_p95_ms / 1e3)
                               : g_strdup ("none passed");

  lks_cli_print_field ("Records", records);
  lks_cli_print_field ("First pass", first);
  lks_cli_print_field ("At last", last);
  lks_cli_print_field ("Cycle time", cycle);
  print_failures (stats->failures);
  print_first_passes ("PLACE", stats->places);
  print_first_passes ("RECIPE", stats->recipes);
  print_first_passes ("BATCH", stats->batches);
}

void
lks_cli_print_stats (const LksStats *stats, const LksCliRecordOptions *options)
{
  if (options->json)
    print_stats_json (stats);
  else
    print_stats (stats);
}

/* `records stats`. */
gboolean
lks_cli_show_stats (LksLedger *ledger,
                    const LksLedgerQuery *query,
                    const LksCliRecordOptions *options,
                    GError **error)
{
  g_autoptr (LksStats) stats = lks_ledger_stats (ledger, query, error);

  if (stats == NULL)
    return FALSE;

  lks_cli_print_stats (stats, options);
  return TRUE;
}

/* ---- units ---- */

static gboolean
add_unit_cb (const LksUnit *unit, gpointer units)
{
  g_autofree char *services = g_strdup_printf ("%" G_GUINT64_FORMAT, unit->n_services);
  JsonObject *object = lks_cli_units_add (units, unit, unit->n_services, services);

  if (object != NULL)
    json_object_set_int_member (object, "servicedSince", (gint64) unit->n_services);
  return TRUE;
}

/* `records units`. */
gboolean
lks_cli_list_units (LksLedger *ledger,
                    const LksLedgerQuery *query,
                    const LksCliRecordOptions *options,
                    GError **error)
{
  g_autoptr (LksCliUnits) units = lks_cli_units_new (options, "SERVICED", LKS_UNIT_SERVICED);

  if (!lks_ledger_for_each_unit (ledger, query, add_unit_cb, units, error))
    return FALSE;

  lks_cli_units_end (units);
  return TRUE;
}
