/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-session-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksBoardsPage:
 *
 * The attached boards, or what to do while there are none. Properties: "boards" (a list model of
 * [class@Lks.Board]), "problem" (why boards cannot be found at all) and "can-go-back" (the window
 * is too narrow for the list and a board, and the board is shown).
 */
#define LKS_TYPE_BOARDS_PAGE (lks_boards_page_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardsPage, lks_boards_page, LKS, BOARDS_PAGE, AdwBin)

LksBoard *lks_boards_page_get_selected          (LksBoardsPage *self);
void      lks_boards_page_activate_board_action (LksBoardsPage *self,
                                                 const char    *action_name);
void      lks_boards_page_refresh               (LksBoardsPage *self);
void      lks_boards_page_show_board_page       (LksBoardsPage *self,
                                                 const char    *name);
void      lks_boards_page_go_back               (LksBoardsPage *self);
void      lks_boards_page_set_keeper            (LksBoardsPage    *self,
                                                 LksSessionKeeper *keeper);
void lks_boards_page_build_ahead (LksBoardsPage *self);

G_END_DECLS
