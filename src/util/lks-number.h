/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     lks_number_prepare       (void);
gboolean lks_number_read_signed   (const char *text,
                                   gint64      min,
                                   gint64      max,
                                   gint64     *out_number);
gboolean lks_number_read_unsigned (const char *text,
                                   guint64     min,
                                   guint64     max,
                                   guint64    *out_number);

G_END_DECLS
