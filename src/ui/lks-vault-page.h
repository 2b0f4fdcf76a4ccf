/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-list-page.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksVaultPage:
 *
 * The page with the capabilities of this user: what the vault has, or why it cannot be looked
 * into. The vault is opened when the page is first shown.
 */
#define LKS_TYPE_VAULT_PAGE (lks_vault_page_get_type ())
G_DECLARE_FINAL_TYPE (LksVaultPage, lks_vault_page, LKS, VAULT_PAGE, LksListPage)

void lks_vault_page_set_vault   (LksVaultPage *self,
                                 LksVault     *vault);
void lks_vault_page_import      (LksVaultPage *self,
                                 GPtrArray    *files);
void lks_vault_page_refresh     (LksVaultPage *self);
void lks_vault_page_show_board  (LksVaultPage *self,
                                 const char   *device_id);
void lks_vault_page_show_search (LksVaultPage *self);

G_END_DECLS
