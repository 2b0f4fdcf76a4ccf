/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

/* Widgets of the same process, as a person finds them: what is not shown is not there. */

GtkWidget *widget_find         (GtkWidget *widget, GType type);
GtkWidget *widget_find_button  (GtkWidget *widget, const char *action);
gboolean   widget_shows        (GtkWidget *widget, const char *text);
gboolean   widget_can          (GtkWidget *widget, const char *action);
void       widget_type         (GtkWidget *widget, guint position, const char *text);
void       widget_take_picture (GtkWindow *window, const char *path);
