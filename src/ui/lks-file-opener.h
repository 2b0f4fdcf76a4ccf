/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * LksOpenedFunc:
 * @owner: the widget that had asked
 * @paths: (array zero-terminated=1): the files that were chosen, at least one
 */
typedef void (*LksOpenedFunc) (GtkWidget         *owner,
                               const char *const *paths);

void lks_file_opener_ask         (GtkWidget      *owner,
                                  const char     *title,
                                  const char     *kind,
                                  const char     *pattern,
                                  gboolean        is_multiple,
                                  LksOpenedFunc   opened);
void lks_file_opener_accept_drop (GtkWidget      *owner,
                                  LksOpenedFunc   opened);

G_END_DECLS
