/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Set in the line of a whole number that json-glib wraps around: of one that fits in 64 bits without
 * a sign, and of one that fits in none. */
#define LKS_JSON_SCAN_UNSIGNED (1u << 30)
#define LKS_JSON_SCAN_WRAPS    (1u << 31)
#define LKS_JSON_SCAN_MARKS    (LKS_JSON_SCAN_UNSIGNED | LKS_JSON_SCAN_WRAPS)

/* lks-json.c only; @lines: (element-type guint) */
gboolean lks_json_scan (const char  *name,
                        const char  *text,
                        gsize        size_bytes,
                        GArray      *lines,
                        GError     **error);

G_END_DECLS
