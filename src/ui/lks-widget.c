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

/**
 * lks_widget_get_focus:
 * @widget: a widget, in a window or not
 *
 * Returns: (transfer none) (nullable): what has the keyboard focus in its window; GTK 4.8 tells a
 *   widget that was removed until the next frame
 */
GtkWidget *
lks_widget_get_focus (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

/**
 * lks_widget_drop_focus:
 * @widget: what is about to become insensitive, or to go
 *
 * Takes the keyboard focus away if something in @widget has it. GTK 4.8 warns of an entry that
 * loses it in another way.
 */
void
lks_widget_drop_focus (GtkWidget *widget)
{
  GtkWidget *focus = lks_widget_get_focus (widget);

  if (focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget)))
    gtk_root_set_focus (gtk_widget_get_root (widget), NULL);
}
