/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-state-step.h"

#include "lks-labels.h"
#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>

struct _LksStateStep
{
  GtkWidget parent_instance;

  GtkLabel *title;    /* template child */
  GtkLabel *meaning;  /* template child */
  LksSignLabel *sign; /* template child */

  int step;
  char *state; /* (owned) (nullable) where the board stands, in the device's words */
};

G_DEFINE_FINAL_TYPE (LksStateStep, lks_state_step, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_STEP = 1,
  PROP_STATE,
} LksStateStepProperty;

static GParamSpec *properties[PROP_STATE + 1];

/* The words of the steps, by number. */
static const char *const step_words[] = { "Blank", "Module1Complete", "DeviceComplete" };

static LksSign
sign_for_step (LksStateStep *self, int current)
{
  if (current < 0)
    return (LksSign){ "lks-pending-symbolic", _ ("Not known"), "", LKS_TONE_PLAIN };
  if (self->step < current)
    return (LksSign){ "lks-pass-symbolic", _ ("Done"), "", LKS_TONE_PLAIN };
  if (self->step == current)
    return (LksSign){ self->step == 2 ? "lks-locked-symbolic" : "lks-pass-symbolic", _ ("Now"), "",
                      self->step == 2 ? LKS_TONE_GOOD : LKS_TONE_NOTICE };
  return (LksSign){ "lks-pending-symbolic", _ ("Not yet"), "", LKS_TONE_PLAIN };
}

static void
set_class (LksStateStep *self, const char *css_class, gboolean is_set)
{
  if (is_set)
    gtk_widget_add_css_class (GTK_WIDGET (self), css_class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), css_class);
}

static void
update (LksStateStep *self)
{
  g_autofree char *spoken = NULL;
  int current = lks_manufacturing_step (self->state);
  LksSign explained = lks_sign_for_manufacturing_state (step_words[self->step]);
  LksSign sign = sign_for_step (self, current);

  lks_sign_label_set_sign (self->sign, &sign);
  gtk_label_set_label (self->title, explained.word);
  gtk_label_set_label (self->meaning, explained.meaning);
  set_class (self, "current", self->step == current);
  set_class (self, "done", self->step < current);

  /* Translators: a step (“Device complete”), whether it is reached (“Done”), what it means */
  spoken = g_strdup_printf (_ ("%s: %s. %s"), explained.word, sign.word, explained.meaning);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
set_step (LksStateStep *self, int step)
{
  if (self->step == step)
    return;

  self->step = step;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

static void
set_state (LksStateStep *self, const char *state)
{
  if (g_strcmp0 (self->state, state) == 0)
    return;

  g_free (self->state);
  self->state = g_strdup (state);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
lks_state_step_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksStateStep *self = LKS_STATE_STEP (object);

  switch ((LksStateStepProperty) prop_id)
    {
    case PROP_STEP:
      g_value_set_int (value, self->step);
      break;
    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;
    }
}

static void
lks_state_step_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksStateStep *self = LKS_STATE_STEP (object);

  switch ((LksStateStepProperty) prop_id)
    {
    case PROP_STEP:
      set_step (self, g_value_get_int (value));
      break;
    case PROP_STATE:
      set_state (self, g_value_get_string (value));
      break;
    }
}

static void
lks_state_step_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_STATE_STEP);
  G_OBJECT_CLASS (lks_state_step_parent_class)->dispose (object);
}

static void
lks_state_step_finalize (GObject *object)
{
  g_free (LKS_STATE_STEP (object)->state);
  G_OBJECT_CLASS (lks_state_step_parent_class)->finalize (object);
}

static void
lks_state_step_class_init (LksStateStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_state_step_get_property;
  object_class->set_property = lks_state_step_set_property;
  object_class->dispose = lks_state_step_dispose;
  object_class->finalize = lks_state_step_finalize;

  properties[PROP_STEP] =
      g_param_spec_int ("step", NULL, NULL, 0, (int) G_N_ELEMENTS (step_words) - 1, 0,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_STATE] =
      g_param_spec_string ("state", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_css_name (widget_class, "step");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-state-step.ui");
  gtk_widget_class_bind_template_child (widget_class, LksStateStep, title);
  gtk_widget_class_bind_template_child (widget_class, LksStateStep, meaning);
  gtk_widget_class_bind_template_child (widget_class, LksStateStep, sign);
}

static void
lks_state_step_init (LksStateStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}
