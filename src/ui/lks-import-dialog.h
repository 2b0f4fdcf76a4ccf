/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksImportDialog:
 *
 * Shows what some files are before they go into the vault, imports them, tells what became of
 * each, and offers to delete them.
 */
#define LKS_TYPE_IMPORT_DIALOG (lks_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksImportDialog, lks_import_dialog, LKS, IMPORT_DIALOG, AdwWindow)

LksImportDialog *lks_import_dialog_new (LksVault  *vault,
                                        GPtrArray *files);

G_END_DECLS
