/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-jig.h"
#include "lks-wall-place.h"

G_BEGIN_DECLS

/**
 * LksWall:
 *
 * The boards of a jig, each at its place: a #GListModel of [class@Lks.WallPlace] in the order of
 * the map. A board that is plugged in at an allowed place is checked by the recipe. Boards at ports
 * that are not in the map are strangers: nothing is ever done to them. The signal "changed" says
 * that the recipe or a place changed. Main thread only.
 */
#define LKS_TYPE_WALL (lks_wall_get_type ())
G_DECLARE_FINAL_TYPE (LksWall, lks_wall, LKS, WALL, GObject)

LksWall      *lks_wall_new           (LksJig       *jig) G_GNUC_WARN_UNUSED_RESULT;

LksJig       *lks_wall_get_jig       (LksWall      *self);
GListModel   *lks_wall_get_boards    (LksWall      *self);
void          lks_wall_set_boards    (LksWall      *self,
                                      GListModel   *boards);
void          lks_wall_set_ledger    (LksWall      *self,
                                      LksLedger    *ledger);
LksRecipe    *lks_wall_get_recipe    (LksWall      *self);
void          lks_wall_set_recipe    (LksWall      *self,
                                      LksRecipe    *recipe);

void          lks_wall_set_paused    (LksWall      *self,
                                      gboolean      is_paused);

GListModel   *lks_wall_get_strangers (LksWall      *self);
gboolean      lks_wall_is_busy       (LksWall      *self);
guint         lks_wall_count         (LksWall      *self,
                                      LksTileKind   kind);
void          lks_wall_check_again   (LksWall      *self,
                                      LksWallPlace *place);

G_END_DECLS
