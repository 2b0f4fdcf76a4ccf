/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-output.h"

#include "lks-device-id.h"

#include <stdio.h>
#include <string.h>

#define DEVICE_END_DIGITS 20
#define COLUMN_GAP 2
#define NOTHING "–"

#define SECONDS_PER_MINUTE 60
#define SECONDS_PER_HOUR (60 * SECONDS_PER_MINUTE)
#define SECONDS_PER_DAY (24 * SECONDS_PER_HOUR)

struct _LksCliTable
{
  guint n_columns;
  GPtrArray *rows; /* (owned) (element-type GStrv) */
};

/**
 * lks_cli_print_json:
 * @node: the one document of this command
 *
 * Prints @node on stdout with line breaks and indentation.
 */
void
lks_cli_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  puts (text);
}

/**
 * lks_cli_print_object:
 * @object: (transfer full): the one document of this command
 *
 * Prints @object on stdout.
 */
void
lks_cli_print_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  lks_cli_print_json (node);
}

/**
 * lks_cli_print_array:
 * @array: (transfer full): the one document of this command
 *
 * Prints @array on stdout.
 */
void
lks_cli_print_array (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  lks_cli_print_json (node);
}

/**
 * lks_cli_clean:
 * @text: (nullable): text that may come from a device
 *
 * Replaces what a terminal would obey instead of show.
 *
 * Returns: (transfer full): one line of printable UTF-8, "–" for NULL
 */
char *
lks_cli_clean (const char *text)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = g_string_new (NULL);

  if (text == NULL)
    return g_strdup (NOTHING);

  valid = g_utf8_make_valid (text, -1);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      g_string_append_unichar (clean, g_unichar_isprint (character) ? character : 0xfffd);
    }

  return g_string_free (g_steal_pointer (&clean), FALSE);
}

/**
 * lks_cli_get_text:
 * @object: a JSON object of ours
 * @member: a member of it
 *
 * Returns: (nullable): its text, or NULL when it is null, absent or no text
 */
const char *
lks_cli_get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

/**
 * lks_cli_get_device_end:
 * @device_id: 128 digits
 *
 * Returns: (transfer none): the end of it that lists show: long enough for many devices, and short
 *   enough for a line
 */
const char *
lks_cli_get_device_end (const char *device_id)
{
  return device_id + LKS_DEVICE_ID_DIGITS - DEVICE_END_DIGITS;
}

/**
 * lks_cli_dup_capabilities:
 * @board: the JSON object of a board
 *
 * Returns: (transfer full): its capabilities as "appDevelopment (11), fieldServicing (13)",
 *   "none" for an empty list, "–" when they are not known
 */
char *
lks_cli_dup_capabilities (JsonObject *board)
{
  JsonNode *numbers_node = json_object_get_member (board, "capabilities");
  JsonNode *names_node = json_object_get_member (board, "capabilityNames");
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *numbers, *names;

  if (numbers_node == NULL || !JSON_NODE_HOLDS_ARRAY (numbers_node) || names_node == NULL ||
      !JSON_NODE_HOLDS_ARRAY (names_node))
    return g_strdup (NOTHING);

  numbers = json_node_get_array (numbers_node);
  names = json_node_get_array (names_node);
  for (guint i = 0; i < json_array_get_length (numbers) && i < json_array_get_length (names); i++)
    g_string_append_printf (text, "%s%s (%" G_GINT64_FORMAT ")", i == 0 ? "" : ", ",
                            json_array_get_string_element (names, i),
                            json_array_get_int_element (numbers, i));

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("none");
}

/**
 * lks_cli_dup_uptime:
 * @board: the JSON object of a board
 *
 * Returns: (transfer full): its uptime as "2 d 03:04:05", "–" when it is not known
 */
char *
lks_cli_dup_uptime (JsonObject *board)
{
  JsonNode *node = json_object_get_member (board, "uptimeSeconds");
  g_autofree char *days = NULL;
  gint64 seconds;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return g_strdup (NOTHING);

  seconds = json_node_get_int (node);
  days = seconds >= SECONDS_PER_DAY
             ? g_strdup_printf ("%" G_GINT64_FORMAT " d ", seconds / SECONDS_PER_DAY)
             : g_strdup ("");
  seconds %= SECONDS_PER_DAY;
  return g_strdup_printf ("%s%02d:%02d:%02d", days, (int) (seconds / SECONDS_PER_HOUR),
                          (int) (seconds % SECONDS_PER_HOUR / SECONDS_PER_MINUTE),
                          (int) (seconds % SECONDS_PER_MINUTE));
}

/**
 * lks_cli_table_new:
 * @headings: (array zero-terminated=1): one per column
 *
 * Returns: (transfer full): a table without rows
 */
LksCliTable *
lks_cli_table_new (const char *const *headings)
{
  LksCliTable *self = g_new0 (LksCliTable, 1);

  self->n_columns = g_strv_length ((char **) headings);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  lks_cli_table_add (self, headings);
  return self;
}

/**
 * lks_cli_table_free:
 * @self: a table
 *
 * Frees it.
 */
void
lks_cli_table_free (LksCliTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/**
 * lks_cli_table_add:
 * @self: a table
 * @cells: as many texts as there are columns, NULL for what is not known
 *
 * Adds a row. The texts are copied and cleaned.
 */
void
lks_cli_table_add (LksCliTable *self, const char *const *cells)
{
  char **row = g_new0 (char *, self->n_columns + 1);

  for (guint i = 0; i < self->n_columns; i++)
    row[i] = lks_cli_clean (cells[i]);
  g_ptr_array_add (self->rows, row);
}

static glong
measure_column (LksCliTable *self, guint column)
{
  glong width = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);

      width = MAX (width, g_utf8_strlen (row[column], -1));
    }

  return width;
}

/**
 * lks_cli_table_format:
 * @self: a table
 *
 * Returns: (transfer full): heading and rows, one line each, without blanks at their ends
 */
char *
lks_cli_table_format (LksCliTable *self)
{
  g_autofree glong *widths = g_new0 (glong, self->n_columns);
  GString *text = g_string_new (NULL);

  for (guint column = 0; column < self->n_columns; column++)
    widths[column] = measure_column (self, column);

  for (guint i = 0; i < self->rows->len; i++)
    {
      char **row = g_ptr_array_index (self->rows, i);
      g_autoptr (GString) line = g_string_new (NULL);

      for (guint column = 0; column < self->n_columns; column++)
        g_string_append_printf (line, "%s%*s", row[column],
                                (int) (widths[column] - g_utf8_strlen (row[column], -1)) +
                                    COLUMN_GAP,
                                "");
      g_string_append_printf (text, "%s\n", g_strchomp (line->str));
    }

  return g_string_free (text, FALSE);
}
