/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-aspect-row.h"

#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>

struct _LksAspectRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *explanation_label; /* template child */
  GtkLabel *source_label;      /* template child */
  LksSignLabel *sign;          /* template child */
};

G_DEFINE_FINAL_TYPE (LksAspectRow, lks_aspect_row, ADW_TYPE_PREFERENCES_ROW)

typedef enum
{
  PROP_ICON_NAME = 1,
  PROP_WORD,
  PROP_TONE,
  PROP_EXPLANATION,
  PROP_SOURCE,
} LksAspectRowProperty;

static GParamSpec *properties[PROP_SOURCE + 1];

static void
update_spoken (LksAspectRow *self)
{
  g_autofree char *spoken = NULL;
  g_autofree char *word = NULL;
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));

  g_object_get (self->sign, "word", &word, NULL);
  /* Translators: an aspect of a board, its state in a word, and an explanation, as a screen reader
   * says them */
  spoken = g_strdup_printf (_ ("%s: %s. %s"), title, word != NULL ? word : "",
                            gtk_label_get_label (self->explanation_label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* A label without text takes no room. */
static void
set_text (LksAspectRow *self, GtkLabel *label, const char *text, GParamSpec *pspec)
{
  if (text == NULL)
    text = "";
  if (g_strcmp0 (gtk_label_get_label (label), text) == 0)
    return;

  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
  if (label == self->explanation_label)
    update_spoken (self);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

/* The sign keeps these three; the row passes them on. */
static const char *
sign_property (LksAspectRowProperty property)
{
  return properties[property]->name;
}

static void
lks_aspect_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksAspectRow *self = LKS_ASPECT_ROW (object);

  switch ((LksAspectRowProperty) prop_id)
    {
    case PROP_ICON_NAME:
    case PROP_WORD:
    case PROP_TONE:
      g_object_get_property (G_OBJECT (self->sign), sign_property (prop_id), value);
      break;
    case PROP_EXPLANATION:
      g_value_set_string (value, gtk_label_get_label (self->explanation_label));
      break;
    case PROP_SOURCE:
      g_value_set_string (value, gtk_label_get_label (self->source_label));
      break;
    }
}

static void
lks_aspect_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksAspectRow *self = LKS_ASPECT_ROW (object);

  switch ((LksAspectRowProperty) prop_id)
    {
    case PROP_ICON_NAME:
    case PROP_WORD:
    case PROP_TONE:
      g_object_set_property (G_OBJECT (self->sign), sign_property (prop_id), value);
      update_spoken (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_EXPLANATION:
      set_text (self, self->explanation_label, g_value_get_string (value), pspec);
      break;
    case PROP_SOURCE:
      set_text (self, self->source_label, g_value_get_string (value), pspec);
      break;
    }
}

static void
lks_aspect_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_ASPECT_ROW);
  G_OBJECT_CLASS (lks_aspect_row_parent_class)->dispose (object);
}

static void
lks_aspect_row_class_init (LksAspectRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_aspect_row_get_property;
  object_class->set_property = lks_aspect_row_set_property;
  object_class->dispose = lks_aspect_row_dispose;

  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_WORD] = g_param_spec_string ("word", NULL, NULL, NULL, flags);
  properties[PROP_TONE] =
      g_param_spec_enum ("tone", NULL, NULL, LKS_TYPE_TONE, LKS_TONE_PLAIN, flags);
  properties[PROP_EXPLANATION] = g_param_spec_string ("explanation", NULL, NULL, NULL, flags);
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-aspect-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksAspectRow, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, LksAspectRow, source_label);
  gtk_widget_class_bind_template_child (widget_class, LksAspectRow, sign);
}

static void
lks_aspect_row_init (LksAspectRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_aspect_row_new:
 * @title: the name of the aspect, translated
 *
 * Creates a row without a state.
 *
 * Returns: (transfer floating): a new row
 */
LksAspectRow *
lks_aspect_row_new (const char *title)
{
  return g_object_new (LKS_TYPE_ASPECT_ROW, "title", title, NULL);
}

/**
 * lks_aspect_row_set_sign:
 * @self: a row
 * @sign: the state
 *
 * Shows a state; its meaning is left to [method@Lks.AspectRow.set_explanation].
 */
void
lks_aspect_row_set_sign (LksAspectRow *self, const LksSign *sign)
{
  g_return_if_fail (LKS_IS_ASPECT_ROW (self));

  g_object_set (self, "icon-name", sign->icon_name, "tone", sign->tone, "word", sign->word, NULL);
}

/**
 * lks_aspect_row_set_explanation:
 * @self: a row
 * @explanation: (nullable): a translated sentence
 *
 * Explains the state.
 */
void
lks_aspect_row_set_explanation (LksAspectRow *self, const char *explanation)
{
  g_return_if_fail (LKS_IS_ASPECT_ROW (self));

  set_text (self, self->explanation_label, explanation, properties[PROP_EXPLANATION]);
}
