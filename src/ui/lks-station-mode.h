/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void     lks_station_mode_guard_inspector (void);

void     lks_station_mode_enter           (GtkWindow *window);
gboolean lks_station_mode_is_on           (GtkWindow *window);

G_END_DECLS
