/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

G_BEGIN_DECLS

#define LKS_OS_LIST_SIZE_MAX_BYTES (8 * 1024 * 1024)

void       lks_recipe_image_free (LksRecipeImage  *self);
void       lks_recipe_os_free    (LksRecipeOs     *self);

GPtrArray *lks_os_list_load      (const char      *path,
                                  char           **out_hash,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *lks_os_list_parse     (const char      *name,
                                  GBytes          *text,
                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_os_list_has       (GPtrArray       *list,
                                  const char      *version);

G_END_DECLS
