/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards with the newest that is proven of each, as CSV and as JSON. */
#include "lks-csv.h"
#include "lks-json.h"
#include "lks-ledger-stats.h"
#include "lks-record.h"

#define CSV_COLUMNS                                                                                \
  "device_id,state,os_version,outcome,proven,recipe_name,recipe_hash,station,operator,record_id"

/**
 * lks_unit_append_csv_header:
 * @text: gets the line
 * @last: name of the last column, which each list of boards has of its own
 */
void
lks_unit_append_csv_header (GString *text, const char *last)
{
  g_string_append_printf (text, CSV_COLUMNS ",%s\r\n", last);
}

/**
 * lks_unit_append_csv:
 * @text: gets the line
 * @unit: a board
 * @last: what stands in the last column
 */
void
lks_unit_append_csv (GString *text, const LksUnit *unit, guint64 last)
{
  g_autofree char *proven = lks_record_time_to_text (unit->proven_us);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, last);
  const char *const cells[] = {
    unit->device_id,   unit->state,   unit->os_version,
    unit->outcome,     proven,        unit->recipe_name,
    unit->recipe_hash, unit->station, unit->operator_name,
    unit->record_id,   number,
  };
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (line, cells[i]);
  g_string_append_printf (text, "%s\r\n", line->str);
}

/**
 * lks_unit_to_json:
 * @unit: a board
 *
 * Returns: (transfer full): its members, without those of the list it is in
 */
JsonObject *
lks_unit_to_json (const LksUnit *unit)
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
  return object;
}

/**
 * lks_unit_dup_json:
 * @unit: a board of a ledger
 *
 * Returns: (transfer full): the board as a JSON object, with how often it was serviced since
 */
char *
lks_unit_dup_json (const LksUnit *unit)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = lks_unit_to_json (unit);

  json_object_set_int_member (object, "servicedSince", (gint64) unit->n_services);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}
