/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sign-label.h"

struct _LksSignLabel
{
  GtkWidget parent_instance;

  GtkImage *icon;  /* template child */
  GtkLabel *label; /* template child */

  char *icon_name; /* (owned) (nullable) */
  char *word;      /* (owned) (nullable) */
  LksTone tone;
};

G_DEFINE_FINAL_TYPE (LksSignLabel, lks_sign_label, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_ICON_NAME = 1,
  PROP_WORD,
  PROP_TONE,
} LksSignLabelProperty;

static GParamSpec *properties[PROP_TONE + 1];

static void
set_icon_name (LksSignLabel *self, const char *icon_name)
{
  if (g_strcmp0 (self->icon_name, icon_name) == 0)
    return;

  g_free (self->icon_name);
  self->icon_name = g_strdup (icon_name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ICON_NAME]);
}

static void
set_word (LksSignLabel *self, const char *word)
{
  if (g_strcmp0 (self->word, word) == 0)
    return;

  g_free (self->word);
  self->word = g_strdup (word);
  gtk_widget_set_visible (GTK_WIDGET (self), word != NULL && *word != '\0');
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORD]);
}

static void
set_tone (LksSignLabel *self, LksTone tone)
{
  if (self->tone == tone)
    return;

  gtk_widget_remove_css_class (GTK_WIDGET (self), lks_tone_to_css_class (self->tone));
  self->tone = tone;
  gtk_widget_add_css_class (GTK_WIDGET (self), lks_tone_to_css_class (tone));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TONE]);
}

static void
lks_sign_label_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksSignLabel *self = LKS_SIGN_LABEL (object);

  switch ((LksSignLabelProperty) prop_id)
    {
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    case PROP_WORD:
      g_value_set_string (value, self->word);
      break;
    case PROP_TONE:
      g_value_set_enum (value, self->tone);
      break;
    }
}

static void
lks_sign_label_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksSignLabel *self = LKS_SIGN_LABEL (object);

  switch ((LksSignLabelProperty) prop_id)
    {
    case PROP_ICON_NAME:
      set_icon_name (self, g_value_get_string (value));
      break;
    case PROP_WORD:
      set_word (self, g_value_get_string (value));
      break;
    case PROP_TONE:
      set_tone (self, g_value_get_enum (value));
      break;
    }
}

static void
lks_sign_label_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_SIGN_LABEL);
  G_OBJECT_CLASS (lks_sign_label_parent_class)->dispose (object);
}

static void
lks_sign_label_finalize (GObject *object)
{
  LksSignLabel *self = LKS_SIGN_LABEL (object);

  g_free (self->icon_name);
  g_free (self->word);
  G_OBJECT_CLASS (lks_sign_label_parent_class)->finalize (object);
}

static void
lks_sign_label_class_init (LksSignLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_sign_label_get_property;
  object_class->set_property = lks_sign_label_set_property;
  object_class->dispose = lks_sign_label_dispose;
  object_class->finalize = lks_sign_label_finalize;

  properties[PROP_ICON_NAME] =
      g_param_spec_string ("icon-name", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_WORD] =
      g_param_spec_string ("word", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_TONE] =
      g_param_spec_enum ("tone", NULL, NULL, LKS_TYPE_TONE, LKS_TONE_PLAIN,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_css_name (widget_class, "sign");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-sign-label.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSignLabel, icon);
  gtk_widget_class_bind_template_child (widget_class, LksSignLabel, label);
}

static void
lks_sign_label_init (LksSignLabel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * lks_sign_label_new:
 * @sign: what to show
 *
 * Creates a sign for the end of a row, where its word is never cut.
 *
 * Returns: (transfer floating): a sign label
 */
GtkWidget *
lks_sign_label_new (const LksSign *sign)
{
  LksSignLabel *self = g_object_new (LKS_TYPE_SIGN_LABEL, "valign", GTK_ALIGN_CENTER, NULL);

  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_NONE);
  lks_sign_label_set_sign (self, sign);
  return GTK_WIDGET (self);
}

/**
 * lks_sign_label_set_sign:
 * @self: a sign label
 * @sign: what to show
 *
 * Shows a sign; one without a word hides the label.
 */
void
lks_sign_label_set_sign (LksSignLabel *self, const LksSign *sign)
{
  g_return_if_fail (LKS_IS_SIGN_LABEL (self));

  set_icon_name (self, sign->icon_name);
  set_tone (self, sign->tone);
  set_word (self, sign->word);
}
