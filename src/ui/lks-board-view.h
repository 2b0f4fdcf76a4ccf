/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-session-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksBoardView:
 *
 * The selected board: its status panel, and beside it one page for each kind of servicing work.
 * A page is built when it is first shown. Properties: "board", "status", and "page-name" (the
 * page shown, "status" at first).
 */
#define LKS_TYPE_BOARD_VIEW (lks_board_view_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardView, lks_board_view, LKS, BOARD_VIEW, AdwBin)

void lks_board_view_add_page        (LksBoardView *self,
                                     const char   *name,
                                     const char   *title,
                                     GType         page_type);
LksVault *
     lks_board_view_get_vault       (LksBoardView     *self);
void lks_board_view_set_keeper      (LksBoardView     *self,
                                     LksSessionKeeper *keeper);
void lks_board_view_activate_action (LksBoardView *self,
                                     const char   *action_name);
void lks_board_view_refresh         (LksBoardView *self);

G_END_DECLS
