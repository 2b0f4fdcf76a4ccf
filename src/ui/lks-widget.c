/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-widget.h"

/**
 * lks_widget_unparent_children:
 * @widget: a widget that is being disposed
 *
 * Lets go of all direct children. gtk_widget_dispose_template() does so only with those that are
 * bound to a field.
 */
void
lks_widget_unparent_children (GtkWidget *widget)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);
}
