/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `records list`, `show`, `stats`, `units` and `verify` tell of the shared ledger. */
#include "lks-cli-output.h"
#include "lks-cli-records-private.h"

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

/* `records show --shared`. What became of a claim only the station's own ledger tells. */
gboolean
lks_cli_show_shared (const char *id, const LksCliRecordOptions *options, GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);
  g_autoptr (LksRecord) record = share != NULL ? lks_share_get (share, id, NULL, error) : NULL;

  return record != NULL && lks_cli_print_record (record, NULL, options, error);
}

/* `records stats --shared`. */
gboolean
lks_cli_show_shared_stats (const LksLedgerQuery *query,
                           const LksCliRecordOptions *options,
                           GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);
  g_autoptr (LksStats) stats = share != NULL ? lks_share_stats (share, query, NULL, error) : NULL;

  if (stats == NULL)
    return FALSE;

  lks_cli_print_stats (stats, options);
  return TRUE;
}

/* ---- units ---- */

/* Servicing sessions are not counted here. */
static gboolean
add_unit_cb (const LksShareUnit *shared, gpointer units)
{
  const gboolean is_conflict = shared->n_ledgers > 1;
  g_autofree char *conflict =
      is_conflict ? g_strdup_printf ("CONFLICT: finalized by %" G_GUINT64_FORMAT " stations",
                                     shared->n_ledgers)
                  : g_strdup ("no");
  JsonObject *object = lks_cli_units_add (units, &shared->unit, shared->n_ledgers, conflict);

  if (object != NULL)
    {
      json_object_set_int_member (object, "finalizedBy", (gint64) shared->n_ledgers);
      json_object_set_boolean_member (object, "conflict", is_conflict);
    }
  return TRUE;
}

/* `records units --shared`. */
gboolean
lks_cli_list_shared_units (const LksLedgerQuery *query,
                           const LksCliRecordOptions *options,
                           GError **error)
{
  g_autoptr (LksShare) share = lks_cli_open_share (error);
  g_autoptr (LksCliUnits) units = NULL;

  if (share == NULL)
    return FALSE;

  units = lks_cli_units_new (options, "CONFLICT", "finalized_by");
  if (!lks_share_for_each_unit (share, query, add_unit_cb, units, NULL, error))
    return FALSE;

  lks_cli_units_end (units);
  return TRUE;
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
