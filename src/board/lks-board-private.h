/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-lock-history-private.h"

G_BEGIN_DECLS

void lks_board_get_history   (LksBoard             *self,
                              LksLockHistory       *out_history);
void lks_board_continue      (LksBoard             *self,
                              const LksLockHistory *earlier,
                              const char           *earlier_path);
void lks_board_set_duplicate (LksBoard             *self,
                              const char           *other_path);
void lks_board_join          (LksBoard             *self);

G_END_DECLS
