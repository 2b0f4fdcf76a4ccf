/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

G_BEGIN_DECLS

/**
 * LksDraftMember:
 * @member: its name in a recipe
 * @title: what it is about, to be translated
 * @example: what it may look like
 *
 * What can be added to a recipe.
 */
typedef struct {
  const char *member;
  const char *title;
  const char *example;
} LksDraftMember;

const LksDraftMember *lks_recipe_draft_list_members (guint       *out_members);
char                 *lks_recipe_draft_new          (void) G_GNUC_WARN_UNUSED_RESULT;
char                 *lks_recipe_draft_add          (const char  *text,
                                                     const char  *member) G_GNUC_WARN_UNUSED_RESULT;
gboolean              lks_recipe_draft_has          (const char  *text,
                                                     const char  *member);
guint                 lks_recipe_draft_find_line    (const char  *name,
                                                     const char  *message,
                                                     const char **out_reason);

char                 *lks_recipe_draft_set          (const char  *text,
                                                     const char  *path,
                                                     const char  *value) G_GNUC_WARN_UNUSED_RESULT;
JsonNode             *lks_recipe_draft_read_slow    (const char  *text) G_GNUC_WARN_UNUSED_RESULT;
LksRecipe            *lks_recipe_draft_check        (const char  *text,
                                                     const char  *folder,
                                                     JsonNode   **out_root,
                                                     char       **out_path,
                                                     GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
