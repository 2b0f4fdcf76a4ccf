/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-console-view.h"

struct _LksConsoleView
{
  AdwBin parent_instance;

  GtkScrolledWindow *scrolled; /* template child */
  GtkTextView *text_view;      /* template child */

  gboolean follows; /* the end stays in sight */
  guint settle_id;  /* while new text is laid out, which moves the scrollbar, too */
};

G_DEFINE_FINAL_TYPE (LksConsoleView, lks_console_view, ADW_TYPE_BIN)

static void
show_end (LksConsoleView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  if (self->follows)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) -
                                              gtk_adjustment_get_page_size (adjustment));
}

static void
scrolled_cb (LksConsoleView *self, GtkAdjustment *adjustment)
{
  double bottom = gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment);

  if (self->settle_id == 0) /* so a person did it */
    self->follows = bottom >= gtk_adjustment_get_upper (adjustment) - 1;
}

static gboolean
settled_cb (gpointer user_data)
{
  LksConsoleView *self = user_data;

  show_end (self);
  self->settle_id = 0;
  return G_SOURCE_REMOVE;
}

/* The height of new text is known bit by bit, and what is above may get another one. */
static void
grown_cb (LksConsoleView *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_idle_add (settled_cb, self);
  show_end (self);
}

/* A quarter at a time, so that the text is not moved for every line. */
static void
drop_oldest (GtkTextBuffer *buffer)
{
  const int max = LKS_CONSOLE_VIEW_MAX_CHARACTERS;
  int n = gtk_text_buffer_get_char_count (buffer);
  GtkTextIter start, cut;

  if (n <= max)
    return;

  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_offset (buffer, &cut, n - max + max / 4);
  gtk_text_iter_forward_line (&cut);
  gtk_text_buffer_delete (buffer, &start, &cut);
}

/**
 * lks_console_view_append:
 * @self: a view
 * @text: more text
 *
 * Adds text at the end.
 */
void
lks_console_view_append (LksConsoleView *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text, -1);
  drop_oldest (buffer);
}

/**
 * lks_console_view_clear:
 * @self: a view
 *
 * Forgets the text, and shows the end of what comes.
 */
void
lks_console_view_clear (LksConsoleView *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), "", 0);
  self->follows = TRUE;
}

/**
 * lks_console_view_dup_text:
 * @self: a view
 *
 * Returns: (transfer full): all that is shown
 */
char *
lks_console_view_dup_text (LksConsoleView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
lks_console_view_dispose (GObject *object)
{
  LksConsoleView *self = LKS_CONSOLE_VIEW (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->scrolled != NULL)
    g_signal_handlers_disconnect_by_data (gtk_scrolled_window_get_vadjustment (self->scrolled),
                                          self);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_CONSOLE_VIEW);
  G_OBJECT_CLASS (lks_console_view_parent_class)->dispose (object);
}

static void
lks_console_view_class_init (LksConsoleViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_console_view_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-console-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LksConsoleView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleView, text_view);
}

static void
lks_console_view_init (LksConsoleView *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  self->follows = TRUE;
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (grown_cb), self, G_CONNECT_SWAPPED);
}
