/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wizard-page.h"

G_BEGIN_DECLS

/**
 * LksRecipePage:
 *
 * What must be true of the boards: filled in, or read from a recipe file.
 */
#define LKS_TYPE_RECIPE_PAGE (lks_recipe_page_get_type ())
G_DECLARE_FINAL_TYPE (LksRecipePage, lks_recipe_page, LKS, RECIPE_PAGE, LksWizardPage)

void        lks_recipe_page_load_file  (LksRecipePage *self,
                                        const char    *path);
void        lks_recipe_page_offer_file (LksRecipePage *self,
                                        const char    *path);
const char *lks_recipe_page_get_path   (LksRecipePage *self);

G_END_DECLS
