/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-run.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksConfirmRow:
 *
 * Asks for the end of one device ID, or says why the board cannot be confirmed.
 */
#define LKS_TYPE_CONFIRM_ROW (lks_confirm_row_get_type ())
G_DECLARE_FINAL_TYPE (LksConfirmRow, lks_confirm_row, LKS, CONFIRM_ROW, AdwPreferencesRow)

GtkWidget *lks_confirm_row_new (LksBoardRun *run) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
