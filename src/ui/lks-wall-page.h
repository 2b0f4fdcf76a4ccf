/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wall.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWallPage:
 *
 * The page of the window for a jig full of boards: a tile for each place.
 */
#define LKS_TYPE_WALL_PAGE (lks_wall_page_get_type ())
G_DECLARE_FINAL_TYPE (LksWallPage, lks_wall_page, LKS, WALL_PAGE, AdwBin)

void lks_wall_page_set_settings (LksWallPage  *self,
                                 GSettings    *settings);
void lks_wall_page_set_sysfs    (LksWallPage  *self,
                                 const char   *sysfs);
void lks_wall_page_set_boards   (LksWallPage  *self,
                                 GListModel   *boards);
void lks_wall_page_set_ledger   (LksWallPage  *self,
                                 LksLedger    *ledger,
                                 const GError *error);

G_END_DECLS
