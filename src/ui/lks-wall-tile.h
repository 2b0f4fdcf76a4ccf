/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wall-place.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksWallTile:
 *
 * A place of the wall that can be read from two metres. It shows what its [class@Lks.WallPlace]
 * says and decides nothing. A button: pressed, it is the tile that somebody wants to know more of.
 */
#define LKS_TYPE_WALL_TILE (lks_wall_tile_get_type ())
G_DECLARE_FINAL_TYPE (LksWallTile, lks_wall_tile, LKS, WALL_TILE, GtkButton)

GtkWidget    *lks_wall_tile_new       (LksWallPlace *place) G_GNUC_WARN_UNUSED_RESULT;

LksWallPlace *lks_wall_tile_get_place (LksWallTile  *self);

G_END_DECLS
