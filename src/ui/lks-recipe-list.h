/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe-field.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRecipeList:
 *
 * A list of a recipe in the form: things that can be added, edited and removed. The signal "edited"
 * says what a person has changed: a path and its new JSON text, or NULL when it is to go.
 */
#define LKS_TYPE_RECIPE_LIST (lks_recipe_list_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeList, lks_recipe_list, LKS, RECIPE_LIST, AdwPreferencesGroup)

LksRecipeList *lks_recipe_list_new       (const LksRecipeGroup *group) G_GNUC_WARN_UNUSED_RESULT;

void           lks_recipe_list_add_tool  (LksRecipeList        *self,
                                          GtkWidget            *tool);
const char    *lks_recipe_list_get_path  (LksRecipeList        *self);
void           lks_recipe_list_load      (LksRecipeList        *self,
                                          JsonNode             *node);
void           lks_recipe_list_append    (LksRecipeList        *self,
                                          const char           *thing);
void           lks_recipe_list_collect_rows
                                         (LksRecipeList        *self,
                                          GPtrArray            *rows);
void           lks_recipe_list_set_flaw  (LksRecipeList        *self,
                                          const char           *flaw);
void           lks_recipe_list_prepare   (LksRecipeList        *self,
                                          const char           *path);
void           lks_recipe_list_reveal    (LksRecipeList        *self,
                                          const char           *path);

G_END_DECLS
