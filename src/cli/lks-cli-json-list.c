/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-json-list.h"

#include "lks-cli.h"

#include <stdio.h>

static void
begin (LksCliJsonList *self)
{
  if (self->n_rows == 0)
    printf ("{\"%s\":[", self->member);
}

/**
 * lks_cli_json_list_add:
 * @self: a list
 * @row: (transfer full): its next element
 *
 * Prints an element on stdout.
 */
void
lks_cli_json_list_add (LksCliJsonList *self, JsonObject *row)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, row);
  text = json_to_string (node, FALSE);
  begin (self);
  printf ("%s\n%s", self->n_rows > 0 ? "," : "", text);
  fflush (stdout);
  self->n_rows++;
}

static void
print_left_out (LksCliJsonList *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;

  json_node_take_array (node, g_steal_pointer (&self->left_out));
  text = json_to_string (node, FALSE);
  printf (",\"leftOut\":%s", text);
}

/**
 * lks_cli_json_list_end:
 * @self: a list
 * @error: (nullable): why it is not complete
 *
 * Prints the end of the document.
 */
void
lks_cli_json_list_end (LksCliJsonList *self, const GError *error)
{
  g_autoptr (JsonNode) node = lks_cli_error_to_json (error);
  g_autofree char *text = json_to_string (node, FALSE);

  begin (self);
  printf ("\n]");
  if (self->left_out != NULL)
    print_left_out (self);
  printf (",\"error\":%s}\n", text);
}
