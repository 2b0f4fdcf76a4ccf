/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-limits.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksSessionWatch:
 *
 * Listens to the desktop and the login manager for what ends a servicing session: the screen is
 * locked, the computer goes to sleep or is shut down, the user logs out. The signal "seen" is
 * emitted with the [enum@Lks.SessionEnd] on the main context of the thread that made it.
 *
 * Where a bus or a service is missing, that one is not seen: "watches-lock" says whether anything
 * in this login would tell that the screen is locked.
 */
#define LKS_TYPE_SESSION_WATCH (lks_session_watch_get_type ())
G_DECLARE_FINAL_TYPE (LksSessionWatch, lks_session_watch, LKS, SESSION_WATCH, GObject)

LksSessionWatch *lks_session_watch_new          (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean         lks_session_watch_is_ready     (LksSessionWatch *self);
gboolean         lks_session_watch_watches_lock (LksSessionWatch *self);
gboolean         lks_session_watch_is_locked    (LksSessionWatch *self);

G_END_DECLS
