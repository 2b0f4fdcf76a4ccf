/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe-form.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRecipeEditor:
 *
 * A draft of a recipe, as a form and as its text, checked while it is written: an illegal one
 * cannot be saved. Property: "legal". The signal "saved" tells the path of the file.
 */
#define LKS_TYPE_RECIPE_EDITOR (lks_recipe_editor_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeEditor, lks_recipe_editor, LKS, RECIPE_EDITOR, AdwWindow)

LksRecipeEditor *lks_recipe_editor_new           (GtkWindow        *parent,
                                                  const char       *text,
                                                  const char       *folder);

void             lks_recipe_editor_set_signature (LksRecipeEditor  *self,
                                                  const char       *signature);
GtkTextBuffer   *lks_recipe_editor_get_buffer    (LksRecipeEditor  *self);
LksRecipeForm   *lks_recipe_editor_get_form      (LksRecipeEditor  *self);
const char      *lks_recipe_editor_get_message   (LksRecipeEditor  *self);
gboolean         lks_recipe_editor_get_legal     (LksRecipeEditor  *self);
gboolean         lks_recipe_editor_save          (LksRecipeEditor  *self,
                                                  const char       *path,
                                                  GError          **error);

G_END_DECLS
