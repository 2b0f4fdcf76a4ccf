/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char    *bench_runtime_make_dir    (GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void     bench_runtime_add_link    (const char  *runtime_dir,
                                    const char  *name,
                                    const char  *target);
gboolean bench_runtime_add_trust   (const char  *runtime_dir,
                                    const char  *ca_path,
                                    GError     **error);
gboolean bench_runtime_add_signer  (const char  *runtime_dir,
                                    const char  *path,
                                    GError     **error);
gboolean bench_runtime_add_cloud   (const char  *runtime_dir,
                                    const char  *address,
                                    const char  *ca_path,
                                    GError     **error);
char   **bench_runtime_environment (const char  *runtime_dir) G_GNUC_WARN_UNUSED_RESULT;
gboolean bench_runtime_permit      (const char  *runtime_dir,
                                    const char  *place,
                                    gboolean     is_allowed,
                                    GError     **error);

G_END_DECLS
