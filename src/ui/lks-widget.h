/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void       lks_widget_unparent_children (GtkWidget  *widget);
void       lks_widget_clear_list        (GtkListBox *list);
GtkWidget *lks_widget_get_focus         (GtkWidget  *widget);
void       lks_widget_drop_focus        (GtkWidget  *widget);

G_END_DECLS
