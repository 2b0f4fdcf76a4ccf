/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *lks_config_files_list (const char *folder,
                                  const char *suffix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
