/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "widgets.h"

/* Finds the first widget of @type below @widget that is shown. */
GtkWidget *
widget_find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = widget_find (child, type);
  return found;
}

/* Whether a label below @widget that is shown contains @text. */
gboolean
widget_shows (GtkWidget *widget, const char *text)
{
  gboolean is_shown = FALSE;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_strrstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !is_shown;
       child = gtk_widget_get_next_sibling (child))
    is_shown = widget_shows (child, text);
  return is_shown;
}

/* Also one that is hidden. */
GtkWidget *
widget_find_button (GtkWidget *dialog, const char *action)
{
  GtkWidget *button = NULL;
  GQueue widgets = G_QUEUE_INIT;

  g_queue_push_tail (&widgets, dialog);
  while (button == NULL && !g_queue_is_empty (&widgets))
    {
      GtkWidget *widget = g_queue_pop_head (&widgets);

      if (GTK_IS_BUTTON (widget) &&
          g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
        button = widget;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        g_queue_push_tail (&widgets, child);
    }
  g_queue_clear (&widgets);
  return button;
}

/* The entries of a dialog, in their order: the name, if it can be given, and the description. */
static GtkEditable *
find_entry (GtkWidget *widget, guint *position)
{
  GtkEditable *found = NULL;

  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return NULL;
  if ((ADW_IS_ENTRY_ROW (widget) || GTK_IS_ENTRY (widget)) && (*position)-- == 0)
    return GTK_EDITABLE (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_entry (child, position);
  return found;
}

/* Types into the entry that is @position in the order of those shown. */
void
widget_type (GtkWidget *dialog, guint position, const char *text)
{
  GtkEditable *entry = find_entry (dialog, &position);

  g_assert_nonnull (entry);
  gtk_editable_set_text (entry, text);
}

gboolean
widget_can (GtkWidget *dialog, const char *action)
{
  GtkWidget *button = widget_find_button (dialog, action);

  return button != NULL && gtk_widget_is_sensitive (button);
}

/* What GTK would draw, so that no other window is in the picture. */
void
widget_take_picture (GtkWindow *window, const char *path)
{
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;

  for (int i = 0; i < 40; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10 * 1000); /* the last frame; nothing is judged by it */
    }
  paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (GTK_WIDGET (window)),
                          gtk_widget_get_height (GTK_WIDGET (window)));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  gdk_texture_save_to_png (texture, path);
}
