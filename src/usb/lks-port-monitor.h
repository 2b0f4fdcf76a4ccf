/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lks-io-thread.h"
#include "lks-port.h"

G_BEGIN_DECLS

/**
 * LksPortMonitor:
 *
 * The live list of plugged-in adapters: a GListModel of [class@Lks.Port], sorted by place.
 * Items change on the main context that was the thread default when it was created.
 */
#define LKS_TYPE_PORT_MONITOR (lks_port_monitor_get_type ())
G_DECLARE_FINAL_TYPE (LksPortMonitor, lks_port_monitor, LKS, PORT_MONITOR, GObject)

LksPortMonitor *lks_port_monitor_new        (LksIoThread        *io_thread,
                                             const char *const  *extra_products,
                                             GError            **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean        lks_port_monitor_is_settled (LksPortMonitor     *self);

G_END_DECLS
