/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-csv.h"
#include "lks-device-id.h"
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

  if (options->json)
    print_stats_json (stats);
  else
    print_stats (stats);
  return TRUE;
}

/* ---- units ---- */

/* A board as the documents tell it. */
JsonObject *
lks_cli_unit_to_json (const LksUnit *unit)
{
  JsonObject *object = json_object_new ();
  g_autofree char *proven = lks_record_time_to_text (unit->proven_us);

  lks_json_set_text (object, "deviceId", unit->device_id);
  lks_json_set_text (object, "state", unit->state);
  lks_json_set_text (object, "osVersion", unit->os_version);
  lks_json_set_text (object, "outcome", unit->outcome);
  lks_json_set_text (object, "proven", proven);
  lks_json_set_text (object, "recipeName", unit->recipe_name);
  lks_json_set_text (object, "recipeHash", unit->recipe_hash);
  lks_json_set_text (object, "station", unit->station);
  lks_json_set_text (object, "operator", unit->operator_name);
  lks_json_set_text (object, "recordId", unit->record_id);
  json_object_set_int_member (object, "servicedSince", (gint64) unit->n_services);
  return object;
}

static gboolean
add_json_cb (const LksUnit *unit, gpointer array)
{
  json_array_add_object_element (array, lks_cli_unit_to_json (unit));
  return TRUE;
}

static gboolean
print_csv_cb (const LksUnit *unit, gpointer unused)
{
  g_autofree char *proven = lks_record_time_to_text (unit->proven_us);
  g_autofree char *services = g_strdup_printf ("%" G_GUINT64_FORMAT, unit->n_services);
  const char *const cells[] = {
    unit->device_id,   unit->state,       unit->os_version, unit->outcome,       proven,
    unit->recipe_name, unit->recipe_hash, unit->station,    unit->operator_name, unit->record_id,
    services,
  };
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (line, cells[i]);
  fputs (line->str, stdout);
  fputs ("\r\n", stdout);
  return TRUE;
}

static gboolean
add_row_cb (const LksUnit *unit, gpointer table)
{
  g_autofree char *proven = lks_cli_format_time (unit->proven_us);
  g_autofree char *services = g_strdup_printf ("%" G_GUINT64_FORMAT, unit->n_services);
  const char *const cells[] = {
    lks_device_id_get_short (unit->device_id),
    unit->state,
    unit->os_version,
    proven,
    unit->recipe_name,
    unit->station,
    services,
    unit->record_id,
    NULL,
  };

  lks_cli_table_add (table, cells);
  return TRUE;
}

static gboolean
print_units_json (LksLedger *ledger, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  g_autoptr (JsonArray) array = json_array_new ();

  if (!lks_ledger_for_each_unit (ledger, query, add_json_cb, array, error))
    return FALSE;

  json_node_set_array (node, array);
  lks_cli_print_json (node);
  return TRUE;
}

static gboolean
print_units_table (LksLedger *ledger, const LksLedgerQuery *query, GError **error)
{
  static const char *const headings[] = { "DEVICE ID", "STATE",    "OS",     "PROVEN", "RECIPE",
                                          "STATION",   "SERVICED", "RECORD", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  if (!lks_ledger_for_each_unit (ledger, query, add_row_cb, table, error))
    return FALSE;

  text = lks_cli_table_format (table);
  fputs (text, stdout);
  return TRUE;
}

/* `records units`. */
gboolean
lks_cli_list_units (LksLedger *ledger,
                    const LksLedgerQuery *query,
                    const LksCliRecordOptions *options,
                    GError **error)
{
  if (options->json)
    return print_units_json (ledger, query, error);
  if (!options->csv)
    return print_units_table (ledger, query, error);

  fputs ("device_id,state,os_version,outcome,proven,recipe_name,recipe_hash,station,operator,"
         "record_id,serviced_since\r\n",
         stdout);
  return lks_ledger_for_each_unit (ledger, query, print_csv_cb, NULL, error);
}
