/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault-item.h"

G_BEGIN_DECLS

/**
 * LksVaultImport:
 *
 * What became of one file that was to be imported. Immutable.
 */
#define LKS_TYPE_VAULT_IMPORT (lks_vault_import_get_type ())
G_DECLARE_FINAL_TYPE (LksVaultImport, lks_vault_import, LKS, VAULT_IMPORT, GObject)

const char   *lks_vault_import_get_path  (LksVaultImport *self);
LksVaultItem *lks_vault_import_get_item  (LksVaultImport *self);
const GError *lks_vault_import_get_error (LksVaultImport *self);

/**
 * LksVaultProgressFunc:
 * @done: how many files were dealt with
 * @total: how many there are
 * @user_data: what was given beside it
 *
 * Says how far an import is, on the thread of the vault.
 */
typedef void (*LksVaultProgressFunc) (guint    done,
                                      guint    total,
                                      gpointer user_data);

G_END_DECLS
