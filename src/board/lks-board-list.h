/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"

G_BEGIN_DECLS

/**
 * LksBoardList:
 *
 * The attached boards, in the order of their places: a #GListModel of #LksBoard.
 */
#define LKS_TYPE_BOARD_LIST (lks_board_list_get_type ())
G_DECLARE_FINAL_TYPE (LksBoardList, lks_board_list, LKS, BOARD_LIST, GObject)

LksBoardList *lks_board_list_new          (LksIoThread        *io_thread,
                                           LksTrust           *trust,
                                           const char *const  *extra_products,
                                           GError            **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean      lks_board_list_is_settled   (LksBoardList       *self);
LksBoard     *lks_board_list_find         (LksBoardList       *self,
                                           const char         *place_or_id,
                                           GError            **error);
void          lks_board_list_close        (LksBoardList       *self);

G_END_DECLS
