/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-device-id.h"

#include <stdio.h>

#define STILL_OPEN "goes on, or was cut off"

static void
print_list_json (GPtrArray *records)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), NULL);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < records->len; i++)
    json_array_add_object_element (array,
                                   lks_service_record_to_json (g_ptr_array_index (records, i)));
  json_node_take_array (node, array);
  lks_cli_print_json (node);
}

static void
print_list_table (GPtrArray *records)
{
  static const char *const headings[] = { "STARTED", "DEVICE ID", "PORT",    "TASK",
                                          "CHANGES", "ENDED",     "BECAUSE", "OPERATOR",
                                          "STATION", "RECORD",    NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      const LksServiceFields *fields =
          lks_service_record_get_fields (g_ptr_array_index (records, i));
      g_autofree char *started = lks_cli_format_time (fields->started_us);
      g_autofree char *ended =
          fields->ended_us != 0 ? lks_cli_format_time (fields->ended_us) : NULL;
      g_autofree char *changes = g_strdup_printf ("%u", fields->n_actions);
      const char *const cells[] = {
        started,
        lks_device_id_get_short (fields->device_id),
        fields->port,
        fields->task,
        changes,
        ended,
        fields->end_reason,
        fields->operator_name,
        fields->station,
        fields->id,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

/* `records list --kind service`. */
gboolean
lks_cli_list_services (LksLedger *ledger,
                       const LksLedgerQuery *query,
                       gboolean json,
                       GError **error)
{
  g_autoptr (GPtrArray) records = lks_ledger_service_list (ledger, query, error);

  if (records == NULL)
    return FALSE;

  if (json)
    print_list_json (records);
  else if (records->len > 0)
    print_list_table (records);
  else
    fputs ("There is no such record.\n", stderr);
  return TRUE;
}

/* The words that were written down with a change, if any. */
static const char *
get_words (JsonNode *document)
{
  return document != NULL && JSON_NODE_HOLDS_OBJECT (document)
             ? lks_cli_get_text (json_node_get_object (document), "words")
             : NULL;
}

static void
print_event (const LksServiceEvent *event)
{
  g_autofree char *time = lks_cli_format_time (event->at_us);
  g_autoptr (JsonNode) document = json_from_string (event->document, NULL);
  g_autofree char *words = lks_cli_clean (get_words (document));
  g_autofree char *request = NULL;
  g_autofree char *clean = NULL;

  if (event->reason != NULL)
    {
      printf ("  %s  the session ended: %s\n", time, event->reason);
      return;
    }

  request = g_strdup_printf ("%s %s: %u", event->method, event->path, event->http_status);
  clean = lks_cli_clean (request);
  printf ("  %s  %s (%s)\n", time, words, clean);
}

/* Only where somebody had signed in at the station. */
static void
print_signed_in (JsonObject *document)
{
  const char *role = lks_cli_get_text (document, "operatorRole");
  const char *batch = lks_cli_get_text (document, "batch");

  if (role != NULL)
    lks_cli_print_field ("Role", role);
  if (batch != NULL)
    lks_cli_print_field ("Batch", batch);
}

static void
print_service (LksServiceRecord *record)
{
  const LksServiceFields *fields = lks_service_record_get_fields (record);
  GPtrArray *events = lks_service_record_get_events (record);
  g_autofree char *started = lks_cli_format_time (fields->started_us);
  g_autofree char *ended = fields->ended_us != 0 ? lks_cli_format_time (fields->ended_us) : NULL;
  g_autoptr (JsonNode) document = json_from_string (fields->document, NULL);

  printf ("Servicing session %s\n", fields->id);
  lks_cli_print_field ("Device ID", fields->device_id);
  lks_cli_print_field ("Task", fields->task);
  lks_cli_print_field ("Note", fields->note);
  lks_cli_print_field ("Started", started);
  lks_cli_print_field ("Ended", ended);
  lks_cli_print_field ("Because", fields->end_reason != NULL ? fields->end_reason : STILL_OPEN);
  lks_cli_print_field ("Operator", fields->operator_name);
  if (document != NULL && JSON_NODE_HOLDS_OBJECT (document))
    print_signed_in (json_node_get_object (document));
  lks_cli_print_field ("Station", fields->station);
  lks_cli_print_field ("Port", fields->port);
  lks_cli_print_field ("USB serial", fields->usb_serial);
  lks_cli_print_field ("Capabilities", fields->capabilities);
  lks_cli_print_field ("Fingerprint", fields->fingerprint);
  lks_cli_print_field ("Signed by", fields->signer);
  fputs ("What was done\n", stdout);
  for (guint i = 0; i < events->len; i++)
    print_event (g_ptr_array_index (events, i));
  if (document == NULL)
    return;
  fputs ("Before\n", stdout);
  lks_cli_print_json (document);
}

/* `records show` of a session. */
gboolean
lks_cli_show_service (LksServiceRecord *record, gboolean json, GError **error)
{
  g_autoptr (JsonNode) node = NULL;

  if (!json)
    {
      print_service (record);
      return TRUE;
    }

  node = json_node_init_object (json_node_alloc (), NULL);
  json_node_take_object (node, lks_service_record_to_json (record));
  lks_cli_print_json (node);
  return TRUE;
}
