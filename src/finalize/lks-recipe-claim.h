/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe.h"

G_BEGIN_DECLS

/**
 * LksClaimPolicy:
 * @LKS_CLAIM_POLICY_NONE: "none": the catalog is nobody's business here
 * @LKS_CLAIM_POLICY_BEFORE_LOCK: "before-lock": nothing that cannot be undone is done to the board
 *   before it was seen in the catalog
 * @LKS_CLAIM_POLICY_QUEUE: "queue": the claim is written down before the lock, and made when the
 *   network and a sign-in are there
 *
 * What a recipe says about the claim of a board.
 */
typedef enum {
  LKS_CLAIM_POLICY_NONE,
  LKS_CLAIM_POLICY_BEFORE_LOCK,
  LKS_CLAIM_POLICY_QUEUE,
} LksClaimPolicy;

#define LKS_TYPE_CLAIM_POLICY (lks_claim_policy_get_type ())
GType lks_claim_policy_get_type (void);

/**
 * LksRecipeClaim:
 * @policy: when the claim is made
 * @catalog_id: the whole ID of the catalog, as the recipe writes it
 * @catalog: its name
 * @product: (nullable): name of the product, NULL for the catalog alone
 * @device_group: (nullable): name of the device group in it
 *
 * Which catalog a board is claimed into, which is for ever.
 */
typedef struct {
  LksClaimPolicy  policy;
  char           *catalog_id;
  char           *catalog;
  char           *product;
  char           *device_group;
} LksRecipeClaim;

const LksRecipeClaim *lks_recipe_get_claim  (LksRecipe            *self);
char                 *lks_recipe_claim_tell (const LksRecipeClaim *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
