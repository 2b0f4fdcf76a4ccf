/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"
#include "lks-station-key.h"

G_BEGIN_DECLS

/**
 * LksRecipeSignature:
 * @LKS_RECIPE_SIGNATURE_NONE: there is no signature
 * @LKS_RECIPE_SIGNATURE_UNCHECKED: there is one, and this station knows no key to check it with
 * @LKS_RECIPE_SIGNATURE_GOOD: signed with a key that this station trusts
 *
 * What is known of the signature of a recipe. There is none for a wrong one: such a recipe is not
 * loaded. Nicks: "none", "unchecked", "good".
 */
typedef enum {
  LKS_RECIPE_SIGNATURE_NONE,
  LKS_RECIPE_SIGNATURE_UNCHECKED,
  LKS_RECIPE_SIGNATURE_GOOD,
} LksRecipeSignature;

#define LKS_TYPE_RECIPE_SIGNATURE (lks_recipe_signature_get_type ())
GType              lks_recipe_signature_get_type  (void);

LksRecipeSignature lks_recipe_get_signature       (LksRecipe            *self);
const char        *lks_recipe_get_signer          (LksRecipe            *self);
const char        *lks_recipe_get_signer_key      (LksRecipe            *self);

gboolean           lks_recipe_check_station       (LksRecipe            *self,
                                                   GError              **error);

char              *lks_recipe_dup_signature_path  (const char           *path) G_GNUC_WARN_UNUSED_RESULT;
gboolean           lks_recipe_sign_file           (const char           *path,
                                                   const LksStationKey  *key,
                                                   GError              **error);

G_END_DECLS
