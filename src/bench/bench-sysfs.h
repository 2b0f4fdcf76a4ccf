/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bench-description.h"

G_BEGIN_DECLS

gboolean bench_sysfs_add    (const char              *runtime_dir,
                             const BenchDescription  *description,
                             GError                 **error);
void     bench_sysfs_remove (const char              *runtime_dir,
                             const char              *place);
void     bench_sysfs_delete (const char              *path);

G_END_DECLS
