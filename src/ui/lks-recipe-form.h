/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRecipeForm:
 *
 * All that a recipe can say, as a form. The signal "edited" says what a person has changed: a path
 * and its new JSON text, or NULL when it is to go. The owner changes its text and loads it again.
 * Where files lie that it names is decided by the first of them when nobody has set it.
 */
#define LKS_TYPE_RECIPE_FORM (lks_recipe_form_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeForm, lks_recipe_form, LKS, RECIPE_FORM, AdwPreferencesPage)

void       lks_recipe_form_load      (LksRecipeForm *self,
                                      JsonNode      *root,
                                      const char    *flaw_path,
                                      const char    *flaw);
GtkWidget *lks_recipe_form_find      (LksRecipeForm *self,
                                      const char    *path);

const char *
           lks_recipe_form_get_folder (LksRecipeForm *self);
void       lks_recipe_form_set_folder (LksRecipeForm *self,
                                       const char    *folder);
void       lks_recipe_form_add_packages
                                     (LksRecipeForm     *self,
                                      const char *const *paths);
gboolean   lks_recipe_form_is_reading (LksRecipeForm *self);
void       lks_recipe_form_set_os_list
                                     (LksRecipeForm *self,
                                      const char    *path);
GtkWidget *lks_recipe_form_get_sample (LksRecipeForm *self);

G_END_DECLS
