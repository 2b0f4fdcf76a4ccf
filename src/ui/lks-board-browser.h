/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-view.h"

G_BEGIN_DECLS

/**
 * LksBoardBrowser:
 *
 * The attached boards as a live list, and the selected one beside it. Properties: "boards" (a
 * list model of [class@Lks.Board]) and "can-go-back" (the window is too narrow for both, and the
 * board is shown).
 */
#define LKS_TYPE_BOARD_BROWSER (lks_board_browser_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardBrowser, lks_board_browser, LKS, BOARD_BROWSER, AdwBin)

LksBoard     *lks_board_browser_get_selected (LksBoardBrowser *self);
LksBoardView *lks_board_browser_get_view     (LksBoardBrowser *self);
void          lks_board_browser_go_back      (LksBoardBrowser *self);

G_END_DECLS
