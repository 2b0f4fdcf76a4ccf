/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean lks_service_check (gboolean     ok,
                            GError     **error,
                            const char  *format,
                            ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
