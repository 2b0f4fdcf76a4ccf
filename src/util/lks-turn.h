/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean lks_turn_take (const char    *name,
                        GCancellable  *cancellable,
                        GError       **error);
void     lks_turn_end  (const char    *name);

G_END_DECLS
