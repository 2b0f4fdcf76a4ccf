/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksVerifyDialog:
 *
 * Checks whether the records are as they were written, and shows what it found.
 */
#define LKS_TYPE_VERIFY_DIALOG (lks_verify_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksVerifyDialog, lks_verify_dialog, LKS, VERIFY_DIALOG, AdwWindow)

LksVerifyDialog *lks_verify_dialog_new (GtkWindow *parent,
                                        LksLedger *ledger);

G_END_DECLS
