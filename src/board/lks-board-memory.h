/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-history-private.h"

G_BEGIN_DECLS

/* So many boards are remembered: a station sees thousands, and only those that come back soon are
 * of interest. */
#define LKS_BOARD_MEMORY_MAX 1000

/**
 * LksBoardMemory:
 *
 * What is remembered of boards that were unplugged, to go on with it when they are plugged in
 * again. The longest away are forgotten first. One thread at a time.
 */
typedef struct _LksBoardMemory LksBoardMemory;

LksBoardMemory *lks_board_memory_new   (void) G_GNUC_WARN_UNUSED_RESULT;
void            lks_board_memory_free  (LksBoardMemory       *self);
guint           lks_board_memory_get_n (LksBoardMemory       *self);
void            lks_board_memory_keep  (LksBoardMemory       *self,
                                        const char           *device_id,
                                        const char           *path,
                                        const LksLockHistory *history);
gboolean        lks_board_memory_take  (LksBoardMemory       *self,
                                        const char           *device_id,
                                        char                **out_path,
                                        LksLockHistory       *out_history);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksBoardMemory, lks_board_memory_free)

G_END_DECLS
