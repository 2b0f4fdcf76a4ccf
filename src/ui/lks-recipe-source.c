/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-source.h"

#include <string.h>

struct _LksRecipeSource
{
  AdwBin parent_instance;

  GtkTextView *view;     /* template child */
  GtkTextBuffer *buffer; /* template child */

  GtkTextTag *wrong; /* (unowned): belongs to @buffer */
  guint n_steps;     /* > 0 while the text is only half changed */
};

G_DEFINE_FINAL_TYPE (LksRecipeSource, lks_recipe_source, ADW_TYPE_BIN)

typedef enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
} LksRecipeSourceSignal;

static guint signals[N_SIGNALS];

static void
changed_cb (LksRecipeSource *self)
{
  if (self->n_steps == 0)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Nobody is told of a text that is only half changed. */
static void
begin (LksRecipeSource *self)
{
  self->n_steps++;
}

static void
end (LksRecipeSource *self)
{
  if (--self->n_steps == 0)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * lks_recipe_source_dup_text:
 * @self: a source
 *
 * Returns: (transfer full): the text
 */
char *
lks_recipe_source_dup_text (LksRecipeSource *self)
{
  GtkTextIter start, last;

  gtk_text_buffer_get_bounds (self->buffer, &start, &last);
  return gtk_text_buffer_get_text (self->buffer, &start, &last, TRUE);
}

static glong
count_equal (const char *text, const char *other)
{
  const char *at = text;
  glong n_equal = 0;

  for (; *at != '\0' && g_utf8_get_char (at) == g_utf8_get_char (other); n_equal++)
    {
      at = g_utf8_next_char (at);
      other = g_utf8_next_char (other);
    }
  return n_equal;
}

static glong
count_equal_at_end (const char *text, const char *other, glong max)
{
  const char *at = text + strlen (text);
  const char *other_at = other + strlen (other);
  glong n_equal = 0;

  for (; n_equal < max; n_equal++)
    {
      at = g_utf8_prev_char (at);
      other_at = g_utf8_prev_char (other_at);
      if (g_utf8_get_char (at) != g_utf8_get_char (other_at))
        break;
    }
  return n_equal;
}

/**
 * lks_recipe_source_replace:
 * @self: a source
 * @text: another text
 *
 * Replaces what is different, as one step that can be undone.
 */
void
lks_recipe_source_replace (LksRecipeSource *self, const char *text)
{
  g_autofree char *old = lks_recipe_source_dup_text (self);
  glong old_length = g_utf8_strlen (old, -1);
  glong length = g_utf8_strlen (text, -1);
  glong before = count_equal (old, text);
  glong after = count_equal_at_end (old, text, MIN (old_length, length) - before);
  g_autofree char *middle = g_utf8_substring (text, before, length - after);
  GtkTextIter start, last;

  if (g_str_equal (old, text))
    return;

  begin (self);
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, (int) before);
  gtk_text_buffer_get_iter_at_offset (self->buffer, &last, (int) (old_length - after));
  gtk_text_buffer_delete (self->buffer, &start, &last);
  gtk_text_buffer_insert (self->buffer, &start, middle, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  end (self);
}

/**
 * lks_recipe_source_undo:
 * @self: a source
 *
 * Takes the last step back, if there is one.
 */
void
lks_recipe_source_undo (LksRecipeSource *self)
{
  gtk_text_buffer_undo (self->buffer);
}

/**
 * lks_recipe_source_redo:
 * @self: a source
 *
 * Takes the last undoing back, if there is one.
 */
void
lks_recipe_source_redo (LksRecipeSource *self)
{
  gtk_text_buffer_redo (self->buffer);
}

/**
 * lks_recipe_source_mark_line:
 * @self: a source
 * @line: the line with an error, from 1; 0: none
 */
void
lks_recipe_source_mark_line (LksRecipeSource *self, guint line)
{
  GtkTextIter start, last;

  gtk_text_buffer_get_bounds (self->buffer, &start, &last);
  gtk_text_buffer_remove_tag (self->buffer, self->wrong, &start, &last);
  if (line == 0)
    return;

  gtk_text_buffer_get_iter_at_line (self->buffer, &start, (int) line - 1);
  last = start;
  if (!gtk_text_iter_ends_line (&last))
    gtk_text_iter_forward_to_line_end (&last);
  gtk_text_buffer_apply_tag (self->buffer, self->wrong, &start, &last);
}

/**
 * lks_recipe_source_show_member:
 * @self: a source
 * @member: the name of a member
 *
 * Puts the cursor behind its name, if the text has it.
 */
void
lks_recipe_source_show_member (LksRecipeSource *self, const char *member)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", member);
  GtkTextIter iter;

  gtk_text_buffer_get_start_iter (self->buffer, &iter);
  gtk_text_iter_forward_search (&iter, quoted, 0, NULL, &iter, NULL);
  gtk_text_buffer_place_cursor (self->buffer, &iter);
  gtk_text_view_scroll_mark_onscreen (self->view, gtk_text_buffer_get_insert (self->buffer));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
lks_recipe_source_dispose (GObject *object)
{
  LksRecipeSource *self = LKS_RECIPE_SOURCE (object);

  if (self->buffer != NULL)
    g_signal_handlers_disconnect_by_func (self->buffer, changed_cb, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECIPE_SOURCE);
  G_OBJECT_CLASS (lks_recipe_source_parent_class)->dispose (object);
}

static void
lks_recipe_source_class_init (LksRecipeSourceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_recipe_source_dispose;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", LKS_TYPE_RECIPE_SOURCE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-recipe-source.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecipeSource, view);
  gtk_widget_class_bind_template_child (widget_class, LksRecipeSource, buffer);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
lks_recipe_source_init (LksRecipeSource *self)
{
  /* The keys of a text view undo, too. */
  static const char *const steps[] = { "undo", "redo" };

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_signal_connect_object (self->buffer, steps[i], G_CALLBACK (begin), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->buffer, steps[i], G_CALLBACK (end), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }
  self->wrong =
      gtk_text_buffer_create_tag (self->buffer, NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
}

/**
 * lks_recipe_source_get_buffer:
 * @self: a source
 *
 * Returns: (transfer none): what holds the text
 */
GtkTextBuffer *
lks_recipe_source_get_buffer (LksRecipeSource *self)
{
  return self->buffer;
}
