/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe-field.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRecipeRow:
 *
 * A value of a recipe in the form. The signal "edited" says that a person has changed it.
 */
#define LKS_TYPE_RECIPE_ROW (lks_recipe_row_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeRow, lks_recipe_row, LKS, RECIPE_ROW, AdwActionRow)

LksRecipeRow         *lks_recipe_row_new       (const LksRecipeField *field) G_GNUC_WARN_UNUSED_RESULT;

const LksRecipeField *lks_recipe_row_get_field (LksRecipeRow         *self);
GtkWidget            *lks_recipe_row_get_control
                                               (LksRecipeRow         *self);
const char           *lks_recipe_row_get_path  (LksRecipeRow         *self);
void                  lks_recipe_row_set_path  (LksRecipeRow         *self,
                                                const char           *path);

void                  lks_recipe_row_load      (LksRecipeRow         *self,
                                                JsonNode             *node);
char                 *lks_recipe_row_dup_value (LksRecipeRow         *self) G_GNUC_WARN_UNUSED_RESULT;
void                  lks_recipe_row_set_flaw  (LksRecipeRow         *self,
                                                const char           *flaw);

G_END_DECLS
