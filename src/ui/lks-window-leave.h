/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-keeper.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksWindowLeave:
 *
 * Stands at the door of the main window: what goes on there is not ended by closing it unasked.
 * Boards that are being finalized are asked about first, then a servicing session. Main thread only.
 */
#define LKS_TYPE_WINDOW_LEAVE (lks_window_leave_get_type ())
G_DECLARE_FINAL_TYPE (LksWindowLeave, lks_window_leave, LKS, WINDOW_LEAVE, GObject)

LksWindowLeave *lks_window_leave_new        (GtkWindow        *window) G_GNUC_WARN_UNUSED_RESULT;

void            lks_window_leave_set_keeper (LksWindowLeave   *self,
                                             LksSessionKeeper *keeper);
gboolean        lks_window_leave_request    (LksWindowLeave   *self);
void            lks_window_leave_unasked    (LksWindowLeave   *self);

G_END_DECLS
