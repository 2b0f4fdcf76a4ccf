/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-unix.h>

G_BEGIN_DECLS

/**
 * EmuFdWatch:
 *
 * Watches a file descriptor for conditions that may change at any time. With no condition it
 * does not look at the descriptor at all, so a hung-up peer cannot make the loop spin.
 */
typedef struct _EmuFdWatch EmuFdWatch;

typedef void (*EmuFdWatchFunc) (GIOCondition condition,
                                gpointer     user_data);

EmuFdWatch *emu_fd_watch_new           (GMainContext   *context,
                                        int             fd,
                                        GIOCondition    condition,
                                        EmuFdWatchFunc  func,
                                        gpointer        user_data) G_GNUC_WARN_UNUSED_RESULT;
void        emu_fd_watch_free          (EmuFdWatch     *self);
void        emu_fd_watch_set_condition (EmuFdWatch     *self,
                                        GIOCondition    condition);

G_END_DECLS
