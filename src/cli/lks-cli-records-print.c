/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-device-id.h"

#include <stdio.h>

/* For people: local time, to the second. */
char *
lks_cli_format_time (gint64 unix_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (unix_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
}

static void
print_records_json (GPtrArray *records)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  for (guint i = 0; i < records->len; i++)
    {
      LksRecord *record = g_ptr_array_index (records, i);

      json_array_add_object_element (array,
                                     lks_record_fields_to_json (lks_record_get_fields (record),
                                                                FALSE));
    }
  json_node_init_array (node, array);
  json_array_unref (array);
  lks_cli_print_json (node);
}

static void
print_records_table (GPtrArray *records)
{
  static const char *const headings[] = { "STARTED", "KIND",    "DEVICE ID", "LABEL",    "BATCH",
                                          "PORT",    "VERDICT", "OUTCOME",   "OPERATOR", "STATION",
                                          "SIGNED",  "RECORD",  NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (g_ptr_array_index (records, i));
      g_autofree char *started = lks_cli_format_time (fields->started_us);
      const char *const cells[] = {
        started,
        fields->kind,
        fields->device_id != NULL ? lks_device_id_get_short (fields->device_id) : NULL,
        fields->label,
        fields->batch,
        fields->port,
        fields->verdict,
        fields->outcome,
        fields->operator_name,
        fields->station,
        fields->signer != NULL ? "yes" : "no",
        fields->id,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

/* As a table or a document. */
void
lks_cli_print_records (GPtrArray *records, gboolean json)
{
  if (json)
    print_records_json (records);
  else if (records->len > 0)
    print_records_table (records);
  else
    fputs ("There is no such record.\n", stderr);
}

/* One line of a record, for people. */
void
lks_cli_print_field (const char *label, const char *text)
{
  g_autofree char *clean = lks_cli_clean (text);

  printf ("  %-12s %s\n", label, clean);
}
