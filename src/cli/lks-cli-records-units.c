/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards with the newest that is proven of each, as JSON, as CSV while they come, or as a table. */
#include "lks-cli-records-private.h"

#include "lks-cli-output.h"
#include "lks-device-id.h"
#include "lks-ledger-stats.h"

#include <stdio.h>

struct _LksCliUnits
{
  JsonArray *array;   /* (owned) (nullable) */
  LksCliTable *table; /* (owned) (nullable); with neither it is CSV */
  GString *csv;       /* (owned): a line of it */
};

/* Prints what @text has, and empties it. */
static void
print_text (GString *text)
{
  fputs (text->str, stdout);
  g_string_truncate (text, 0);
}

/* @heading and @column: of what this list tells of a board beside the rest, in the table and in the
 * CSV */
LksCliUnits *
lks_cli_units_new (const LksCliRecordOptions *options, const char *heading, const char *column)
{
  const char *const headings[] = { "DEVICE ID", "STATE", "OS",     "PROVEN", "RECIPE",
                                   "STATION",   heading, "RECORD", NULL };
  LksCliUnits *self = g_new0 (LksCliUnits, 1);

  self->csv = g_string_new (NULL);
  if (options->json)
    self->array = json_array_new ();
  else if (!options->csv)
    self->table = lks_cli_table_new (headings);
  else
    {
      lks_unit_append_csv_header (self->csv, column);
      print_text (self->csv);
    }
  return self;
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
    {
      lks_unit_append_csv (self->csv, unit, count);
      print_text (self->csv);
    }
  if (self->array == NULL)
    return NULL;

  object = lks_unit_to_json (unit);
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
  g_string_free (self->csv, TRUE);
  g_free (self);
}
