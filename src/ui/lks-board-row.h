/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksBoardRow:
 *
 * A board in a list: what it is called, where it stands, its place and its last verdict.
 */
#define LKS_TYPE_BOARD_ROW (lks_board_row_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardRow, lks_board_row, LKS, BOARD_ROW, GtkWidget)

G_END_DECLS
