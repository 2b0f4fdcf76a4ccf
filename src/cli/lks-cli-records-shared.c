/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `records list`, `units` and `verify` tell of the shared ledger. */
#include "lks-cli-output.h"
#include "lks-cli-records-private.h"
#include "lks-csv.h"
#include "lks-device-id.h"

#include <stdio.h>

/* `records list --shared`. */
gboolean
lks_cli_list_shared (const LksLedgerQuery *query,
                     const LksCliRecordOptions *options,
                     GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);
  g_autoptr (GPtrArray) records = share != NULL ? lks_share_list (share, query, NULL, error) : NULL;

  if (records == NULL)
    return FALSE;

  lks_cli_print_records (records, options->json);
  return TRUE;
}

/* ---- units ---- */

static gboolean
add_json_cb (const LksShareUnit *unit, gpointer array)
{
  JsonObject *object = lks_cli_unit_to_json (&unit->unit);

  json_object_remove_member (object, "servicedSince"); /* servicing sessions are not counted here */
  json_object_set_int_member (object, "finalizedBy", (gint64) unit->n_ledgers);
  json_object_set_boolean_member (object, "conflict", unit->n_ledgers > 1);
  json_array_add_object_element (array, object);
  return TRUE;
}

static gboolean
print_csv_cb (const LksShareUnit *shared, gpointer unused)
{
  const LksUnit *unit = &shared->unit;
  g_autofree char *proven = lks_record_time_to_text (unit->proven_us);
  g_autofree char *n_ledgers = g_strdup_printf ("%" G_GUINT64_FORMAT, shared->n_ledgers);
  const char *const cells[] = {
    unit->device_id,   unit->state,       unit->os_version, unit->outcome,       proven,
    unit->recipe_name, unit->recipe_hash, unit->station,    unit->operator_name, unit->record_id,
    n_ledgers,
  };
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (line, cells[i]);
  fputs (line->str, stdout);
  fputs ("\r\n", stdout);
  return TRUE;
}

static gboolean
add_row_cb (const LksShareUnit *shared, gpointer table)
{
  const LksUnit *unit = &shared->unit;
  g_autofree char *proven = lks_cli_format_time (unit->proven_us);
  g_autofree char *conflict =
      shared->n_ledgers > 1
          ? g_strdup_printf ("CONFLICT: finalized by %" G_GUINT64_FORMAT " stations",
                             shared->n_ledgers)
          : g_strdup ("no");
  const char *const cells[] = {
    lks_device_id_get_short (unit->device_id),
    unit->state,
    unit->os_version,
    proven,
    unit->recipe_name,
    unit->station,
    conflict,
    unit->record_id,
    NULL,
  };

  lks_cli_table_add (table, cells);
  return TRUE;
}

static gboolean
print_units_json (LksShare *share, const LksLedgerQuery *query, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  g_autoptr (JsonArray) array = json_array_new ();

  if (!lks_share_for_each_unit (share, query, add_json_cb, array, NULL, error))
    return FALSE;

  json_node_set_array (node, array);
  lks_cli_print_json (node);
  return TRUE;
}

static gboolean
print_units_table (LksShare *share, const LksLedgerQuery *query, GError **error)
{
  static const char *const headings[] = { "DEVICE ID", "STATE",    "OS",     "PROVEN", "RECIPE",
                                          "STATION",   "CONFLICT", "RECORD", NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  if (!lks_share_for_each_unit (share, query, add_row_cb, table, NULL, error))
    return FALSE;

  text = lks_cli_table_format (table);
  fputs (text, stdout);
  return TRUE;
}

/* `records units --shared`. */
gboolean
lks_cli_list_shared_units (const LksLedgerQuery *query,
                           const LksCliRecordOptions *options,
                           GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);

  if (share == NULL)
    return FALSE;
  if (options->json)
    return print_units_json (share, query, error);
  if (!options->csv)
    return print_units_table (share, query, error);

  fputs ("device_id,state,os_version,outcome,proven,recipe_name,recipe_hash,station,operator,"
         "record_id,finalized_by\r\n",
         stdout);
  return lks_share_for_each_unit (share, query, print_csv_cb, NULL, NULL, error);
}

/* ---- verify ---- */

static void
print_report_json (const LksShareReport *report)
{
  JsonObject *object = json_object_new ();
  JsonArray *problems = json_array_new ();

  for (guint i = 0; i < report->problems->len; i++)
    json_array_add_string_element (problems, report->problems->pdata[i]);
  json_object_set_boolean_member (object, "good", report->n_problems == 0);
  json_object_set_int_member (object, "ledgers", (gint64) report->n_ledgers);
  json_object_set_int_member (object, "entries", (gint64) report->n_entries);
  json_object_set_int_member (object, "signatures", (gint64) report->n_signatures);
  json_object_set_int_member (object, "unsigned", (gint64) report->n_unsigned);
  json_object_set_int_member (object, "problemCount", (gint64) report->n_problems);
  json_object_set_array_member (object, "problems", problems);
  lks_cli_print_object (object);
}

static void
print_report (const LksShareReport *report)
{
  for (guint i = 0; i < report->problems->len; i++)
    {
      g_autofree char *clean = lks_cli_clean (report->problems->pdata[i]);

      printf ("BROKEN: %s\n", clean);
    }
  if (report->n_problems > report->problems->len)
    printf ("… and %" G_GUINT64_FORMAT " more problems\n",
            report->n_problems - report->problems->len);
  printf ("%s: %" G_GUINT64_FORMAT " ledgers, %" G_GUINT64_FORMAT " entries, %" G_GUINT64_FORMAT
          " signatures, %" G_GUINT64_FORMAT " entries not signed\n",
          report->n_problems == 0 ? "UNCHANGED" : "NOT AS WRITTEN", report->n_ledgers,
          report->n_entries, report->n_signatures, report->n_unsigned);
}

/* `records verify --shared`. */
gboolean
lks_cli_verify_shared (LksLedger *ledger, LksCliRecordOptions *options, GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);
  g_autoptr (LksShareReport) report =
      share != NULL ? lks_share_verify (share, ledger, NULL, error) : NULL;

  if (report == NULL)
    return FALSE;

  if (options->json)
    print_report_json (report);
  else
    print_report (report);
  options->status = report->n_problems == 0 ? LKS_CLI_EXIT_DONE : LKS_CLI_EXIT_FAIL;
  return TRUE;
}
