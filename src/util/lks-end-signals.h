/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksEndSignals:
 *
 * The signals by which others end a program: SIGINT from the keyboard, SIGTERM from a service
 * manager or a logout, SIGHUP from a terminal that is closed. Zeroed at first. Main thread only.
 */
typedef struct {
  guint ids[3];
} LksEndSignals;

void lks_end_signals_watch (LksEndSignals *self,
                            GSourceFunc    func,
                            gpointer       user_data);
void lks_end_signals_clear (LksEndSignals *self);

G_END_DECLS
