/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRecipeSource:
 *
 * The text of a recipe, which can be undone step by step. The signal "changed" says that it is
 * another one.
 */
#define LKS_TYPE_RECIPE_SOURCE (lks_recipe_source_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipeSource, lks_recipe_source, LKS, RECIPE_SOURCE, AdwBin)

GtkTextBuffer *lks_recipe_source_get_buffer  (LksRecipeSource *self);
char          *lks_recipe_source_dup_text    (LksRecipeSource *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_recipe_source_replace     (LksRecipeSource *self,
                                              const char      *text);
void           lks_recipe_source_undo        (LksRecipeSource *self);
void           lks_recipe_source_redo        (LksRecipeSource *self);
void           lks_recipe_source_mark_line   (LksRecipeSource *self,
                                              guint            line);
void           lks_recipe_source_show_member (LksRecipeSource *self,
                                              const char      *member);

G_END_DECLS
