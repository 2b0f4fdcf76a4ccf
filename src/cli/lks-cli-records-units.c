/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards with the newest that is proven of each, as JSON, as CSV while they come, or as a table. */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-csv.h"
#include "lks-device-id.h"
#include "lks-json.h"

#include <stdio.h>

#define CSV_COLUMNS                                                                                \
  "device_id,state,os_version,outcome,proven,recipe_name,recipe_hash,station,operator,record_id"

struct _LksCliUnits
{
  JsonArray *array;   /* (owned) (nullable) */
  LksCliTable *table; /* (owned) (nullable); with neither it is CSV */
};

/* @heading and @column: of what this list tells of a board beside the rest, in the table and in the
 * CSV */
LksCliUnits *
lks_cli_units_new (const LksCliRecordOptions *options, const char *heading, const char *column)
{
  const char *const headings[] = { "DEVICE ID", "STATE", "OS",     "PROVEN", "RECIPE",
                                   "STATION",   heading, "RECORD", NULL };
  LksCliUnits *self = g_new0 (LksCliUnits, 1);

  if (options->json)
    self->array = json_array_new ();
  else if (!options->csv)
    self->table = lks_cli_table_new (headings);
  else
    printf (CSV_COLUMNS ",%s\r\n", column);
  return self;
}

static JsonObject *
unit_to_json (const LksUnit *unit)
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

static void
print_csv (const LksUnit *unit, guint64 count)
{
  g_autofree char *proven = lks_record_time_to_text (unit->proven_us);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  const char *const cells[] = {
    unit->device_id,   unit->state,   unit->os_version,
    unit->outcome,     proven,        unit->recipe_name,
    unit->recipe_hash, unit->station, unit->operator_name,
    unit->record_id,   number,
  };
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    lks_csv_append_cell (line, cells[i]);
  fputs (line->str, stdout);
  fputs ("\r\n", stdout);
}

static void
add_row (LksCliTable *table, const LksUnit *unit, const char *cell)
{
  g_autofree char *proven = lks_cli_format_time (unit->proven_us);
  const char *const cells[] = {
    lks_device_id_get_short (unit->device_id),
    unit->state,
    unit->os_version,
    proven,
    unit->recipe_name,
    unit->station,
    cell,
    unit->record_id,
    NULL,
  };

  lks_cli_table_add (table, cells);
}

/* @count and @cell: what this list tells beside the rest, as a number and for people
 *
 * (transfer none) (nullable): in JSON the board's object, for members of the list's own */
JsonObject *
lks_cli_units_add (LksCliUnits *self, const LksUnit *unit, guint64 count, const char *cell)
{
  JsonObject *object;

  if (self->table != NULL)
    add_row (self->table, unit, cell);
  else if (self->array == NULL)
    print_csv (unit, count);
  if (self->array == NULL)
    return NULL;

  object = unit_to_json (unit);
  json_array_add_object_element (self->array, object);
  return object;
}

/* Prints what was not printed yet. */
void
lks_cli_units_end (LksCliUnits *self)
{
  if (self->array != NULL)
    lks_cli_print_array (g_steal_pointer (&self->array));
  if (self->table != NULL)
    {
      g_autofree char *text = lks_cli_table_format (self->table);

      fputs (text, stdout);
    }
}

void
lks_cli_units_free (LksCliUnits *self)
{
  g_clear_pointer (&self->array, json_array_unref);
  g_clear_pointer (&self->table, lks_cli_table_free);
  g_free (self);
}
