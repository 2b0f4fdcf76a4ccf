/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-file-opener.h"
#include "lks-recipe-list.h"

G_BEGIN_DECLS

void lks_recipe_tools_offer_versions   (LksRecipeList *list);
void lks_recipe_tools_offer_components (LksRecipeList *list);
void lks_recipe_tools_offer_packages   (LksRecipeList *list,
                                        LksOpenedFunc  opened);

G_END_DECLS
