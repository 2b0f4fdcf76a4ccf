/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-bundle.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksBundleDialog:
 *
 * Reads a support bundle of a board, shows what it contains and what of it is personal, and saves
 * it. What was read stays when the board vanishes.
 *
 * Signal "saved": the file was written; its name is the argument.
 */
#define LKS_TYPE_BUNDLE_DIALOG (lks_bundle_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksBundleDialog, lks_bundle_dialog, LKS, BUNDLE_DIALOG, AdwWindow)

LksBundleDialog *lks_bundle_dialog_new (GtkWindow       *parent,
                                        LksBoard        *board,
                                        LksLogMessages  *messages);

G_END_DECLS
