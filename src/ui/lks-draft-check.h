/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksDraftCheck:
 * @recipe: (owned) (nullable): what the draft is when it is legal
 * @root: (owned) (nullable): what it says, legal or not; NULL when it is not valid JSON
 * @path: (owned) (nullable): which value makes it illegal
 * @flaw: (owned) (nullable): why
 *
 * What the checker of recipes says of a draft.
 */
typedef struct {
  LksRecipe *recipe;
  JsonNode  *root;
  char      *path;
  GError    *flaw;
} LksDraftCheck;

LksDraftCheck *lks_draft_check_new    (const char          *text,
                                       const char          *folder) G_GNUC_WARN_UNUSED_RESULT;
void           lks_draft_check_free   (LksDraftCheck       *self);

void           lks_draft_check_async  (const char          *text,
                                       const char          *folder,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
LksDraftCheck *lks_draft_check_finish (GAsyncResult        *result) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDraftCheck, lks_draft_check_free)

G_END_DECLS
