/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRecipeSample:
 *
 * A row in which a label can be tried with what a draft of a recipe says about labels.
 */
#define LKS_TYPE_RECIPE_SAMPLE (lks_recipe_sample_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeSample, lks_recipe_sample, LKS, RECIPE_SAMPLE, AdwActionRow)

GtkWidget *lks_recipe_sample_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void       lks_recipe_sample_load      (LksRecipeSample *self,
                                        JsonNode        *root);
GtkWidget *lks_recipe_sample_get_entry (LksRecipeSample *self);

G_END_DECLS
