/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksCliJsonList:
 * @member: what the list is called
 * @n_rows: how many were printed
 * @left_out: (owned) (nullable): what the list leaves out, printed with its end
 *
 * A JSON object that is printed while its only list grows: whenever it ends, it is a whole
 * document, and its member "error" says whether the list is. Initialise with @member.
 */
typedef struct {
  const char *member;
  guint n_rows;
  JsonArray *left_out;
} LksCliJsonList;

void lks_cli_json_list_add (LksCliJsonList  *self,
                            JsonObject      *row);
void lks_cli_json_list_end (LksCliJsonList  *self,
                            const GError    *error);

G_END_DECLS
