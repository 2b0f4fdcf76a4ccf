/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-stats.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksUnitsDialog:
 *
 * Which boards there are, in which state and with which system, as it was proven last; to be
 * searched and saved.
 */
#define LKS_TYPE_UNITS_DIALOG (lks_units_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksUnitsDialog, lks_units_dialog, LKS, UNITS_DIALOG, AdwWindow)

LksUnitsDialog *lks_units_dialog_new (GtkWindow *parent,
                                      LksLedger *ledger);

G_END_DECLS
