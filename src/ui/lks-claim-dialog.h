/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"
#include "lks-cloud-scope.h"

G_BEGIN_DECLS

/**
 * LksClaimDialog:
 *
 * Claims devices into a catalog, which is for ever: shows where each device goes, asks for the
 * catalog's name in full, tells what became of each device, also of which nobody knows it, and can be
 * repeated after an interruption. Nothing goes on behind a closed
 * dialog: closing it ends the waiting.
 */
#define LKS_TYPE_CLAIM_DIALOG (lks_claim_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksClaimDialog, lks_claim_dialog, LKS, CLAIM_DIALOG, LksCloudDialog)

LksClaimDialog *lks_claim_dialog_new (GtkWindow            *parent,
                                      LksCloudDesk         *desk,
                                      const LksCloudScope  *scope);

G_END_DECLS
