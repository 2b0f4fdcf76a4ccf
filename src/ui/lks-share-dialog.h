/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share-place.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksShareDialog:
 *
 * Where the shared ledger of this station is, tried before it is saved. The signal "saved" says
 * that the user's file has changed.
 */
#define LKS_TYPE_SHARE_DIALOG (lks_share_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksShareDialog, lks_share_dialog, LKS, SHARE_DIALOG, AdwWindow)

LksShareDialog *lks_share_dialog_new (const LksSharePlace *place) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
