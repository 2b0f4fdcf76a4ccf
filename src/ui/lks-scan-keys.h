/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksScanFunc:
 * @widget: the widget that listens
 * @text: what was scanned
 * @as_us: the same keys on a US keyboard
 */
typedef void (*LksScanFunc) (GtkWidget  *widget,
                             const char *text,
                             const char *as_us);

void lks_scan_keys_listen (GtkWidget   *widget,
                           LksScanFunc  scanned);

G_END_DECLS
