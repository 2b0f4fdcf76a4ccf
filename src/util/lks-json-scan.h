/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Set in the line of a whole number that does not fit in 64 bits; json-glib wraps it around. */
#define LKS_JSON_SCAN_WRAPS (1u << 31)

/* lks-json.c only; @lines: (element-type guint) */
gboolean lks_json_scan (const char  *name,
                        const char  *text,
                        gsize        size_bytes,
                        GArray      *lines,
                        GError     **error);

G_END_DECLS
