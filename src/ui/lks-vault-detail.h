/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-signers.h"
#include "lks-vault.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksVaultDetail:
 *
 * Everything that is known of one capability in the vault, and what can be done with it: naming,
 * exporting, removing.
 */
#define LKS_TYPE_VAULT_DETAIL (lks_vault_detail_get_type ())
G_DECLARE_FINAL_TYPE (LksVaultDetail, lks_vault_detail, LKS, VAULT_DETAIL, AdwBin)

void lks_vault_detail_set_vault (LksVaultDetail *self,
                                 LksVault       *vault,
                                 LksSigners     *signers);
void lks_vault_detail_show      (LksVaultDetail *self,
                                 LksVaultItem   *item);

G_END_DECLS
