/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-station-config.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksPinDialog:
 *
 * Sets the engineer PIN of this station. Whoever replaces one has to know it.
 */
#define LKS_TYPE_PIN_DIALOG (lks_pin_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksPinDialog, lks_pin_dialog, LKS, PIN_DIALOG, AdwWindow)

LksPinDialog *lks_pin_dialog_new (LksStationConfig *config) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
