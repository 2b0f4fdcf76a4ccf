/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

G_BEGIN_DECLS

char *lks_recipe_claim_to_text     (LksRecipe *recipe) G_GNUC_WARN_UNUSED_RESULT;
char *lks_recipe_demands_to_text   (LksRecipe *recipe) G_GNUC_WARN_UNUSED_RESULT;
char *lks_recipe_signature_to_text (LksRecipe *recipe) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
