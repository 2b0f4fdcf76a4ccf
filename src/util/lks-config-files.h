/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *lks_config_files_list       (const char *folder,
                                        const char *suffix,
                                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_config_files_is_of_user (const char *path);

G_END_DECLS
