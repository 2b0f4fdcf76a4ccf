/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wall-tile.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWallGrid:
 *
 * The tiles of a wall where their places are in the jig. The larger the jig, the smaller the tiles.
 * The signal "selected" carries the [class@Lks.WallPlace] of a tile that has got the focus.
 */
#define LKS_TYPE_WALL_GRID (lks_wall_grid_get_type ())
G_DECLARE_FINAL_TYPE (LksWallGrid, lks_wall_grid, LKS, WALL_GRID, AdwBin)

void lks_wall_grid_set_places (LksWallGrid *self,
                               GListModel  *places);

G_END_DECLS
