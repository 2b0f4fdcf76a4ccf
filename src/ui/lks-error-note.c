/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-error-note.h"

#include "lks-error-text.h"

struct _LksErrorNote
{
  GtkBox parent_instance;

  GtkLabel *text;    /* template child */
  GtkLabel *advice;  /* template child */
  GtkLabel *details; /* template child */
};

G_DEFINE_FINAL_TYPE (LksErrorNote, lks_error_note, GTK_TYPE_BOX)

static void
lks_error_note_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_ERROR_NOTE);
  G_OBJECT_CLASS (lks_error_note_parent_class)->dispose (object);
}

static void
lks_error_note_class_init (LksErrorNoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_error_note_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-error-note.ui");
  gtk_widget_class_bind_template_child (widget_class, LksErrorNote, text);
  gtk_widget_class_bind_template_child (widget_class, LksErrorNote, advice);
  gtk_widget_class_bind_template_child (widget_class, LksErrorNote, details);
}

static void
lks_error_note_init (LksErrorNote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* An alert is read out as a whole when it comes. */
static void
set_spoken (LksErrorNote *self, const char *sentence, const char *advice, const char *details)
{
  g_autofree char *spoken = g_strjoin (" ", sentence, advice, details, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/**
 * lks_error_note_set_error:
 * @self: a note
 * @error: (nullable): what went wrong; NULL: nothing, and the note is hidden
 *
 * Shows an error.
 */
void
lks_error_note_set_error (LksErrorNote *self, const GError *error)
{
  g_autofree char *sentence = error != NULL ? lks_error_to_sentence (error) : NULL;
  g_autofree char *advice = error != NULL ? lks_error_to_advice (error) : NULL;

  g_return_if_fail (LKS_IS_ERROR_NOTE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), error != NULL);
  if (error == NULL)
    return;
  gtk_label_set_label (self->text, sentence);
  gtk_label_set_label (self->advice, advice);
  gtk_label_set_label (self->details, error->message);
  set_spoken (self, sentence, advice, error->message);
}
