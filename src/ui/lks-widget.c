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

/**
 * lks_widget_clear_list:
 * @list: a list that is not bound to a model
 *
 * Removes all rows.
 */
void
lks_widget_clear_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}
