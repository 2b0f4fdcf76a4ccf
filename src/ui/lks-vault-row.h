/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksVaultRow:
 *
 * One capability in the list of the vault: its name, its board, what it opens, and whether that
 * board is attached now.
 */
#define LKS_TYPE_VAULT_ROW (lks_vault_row_get_type ())
G_DECLARE_FINAL_TYPE (LksVaultRow, lks_vault_row, LKS, VAULT_ROW, GtkWidget)

G_END_DECLS
