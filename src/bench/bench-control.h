/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean bench_control_run (const char  *runtime_dir,
                            const char  *command,
                            const char  *place,
                            GError     **error);

G_END_DECLS
