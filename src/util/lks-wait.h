/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean lks_wait_ms (guint          time_ms,
                      GCancellable  *cancellable,
                      GError       **error);

G_END_DECLS
