/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-run.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksResultTile:
 *
 * The verdict on one board, large enough to be read from across the room.
 */
#define LKS_TYPE_RESULT_TILE (lks_result_tile_get_type ())
G_DECLARE_FINAL_TYPE (LksResultTile, lks_result_tile, LKS, RESULT_TILE, GtkWidget)

GtkWidget *lks_result_tile_new (LksBoardRun *run) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
