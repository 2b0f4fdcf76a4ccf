/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-fact-row.h"

#include "lks-clock.h"
#include "lks-format.h"
#include "lks-labels.h"
#include "lks-os-book.h"
#include "lks-sign-label.h"

#include <glib/gi18n-lib.h>

struct _LksFactRow
{
  AdwPreferencesRow parent_instance;

  GtkLabel *value_label;  /* template child */
  GtkLabel *source_label; /* template child */
  LksSignLabel *sign;     /* template child */

  LksBoardStatus *status; /* (owned) (nullable) */
  LksFactId fact;
  gboolean can_copy;
  LksClock *clock; /* (owned) */
  LksOsBook *book; /* (owned) (nullable): of the OS version, which can be an old one */
};

G_DEFINE_FINAL_TYPE (LksFactRow, lks_fact_row, ADW_TYPE_PREFERENCES_ROW)

typedef enum
{
  PROP_STATUS = 1,
  PROP_FACT,
  PROP_CAN_COPY,
} LksFactRowProperty;

static GParamSpec *properties[PROP_CAN_COPY + 1];

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static gboolean
is_old_version (LksFactRow *self)
{
  return self->book != NULL && self->status != NULL &&
         lks_os_book_is_older (self->book, lks_board_status_get_os_version (self->status));
}

static LksSign
sign_for_old_version (void)
{
  return (
      LksSign){ "lks-warning-symbolic", _ ("Newer known"),
                _ ("The list of OS versions on this computer knows a newer one. A board that is "
                   "connected to the internet gets it by itself."),
                LKS_TONE_WARNING };
}

/* Without a list nothing is said: what is the newest version is not guessed. */
static char *
describe_source (LksFactRow *self, const char *source, const char *age)
{
  const char *newest =
      is_old_version (self) ? lks_os_shelf_get_newest (lks_os_book_get_shelf (self->book)) : NULL;

  /* Translators: where a fact comes from, and how old it is */
  if (newest == NULL)
    return g_strdup_printf (_ ("%s · %s"), source, age);
  /* Translators: where a fact comes from, how old it is, and the newest OS version */
  return g_strdup_printf (_ ("%s · %s · newest known: %s"), source, age, newest);
}

/* Once a second: what depends on the time only. */
static void
update_age (LksFactRow *self)
{
  g_autofree char *age = NULL;
  g_autofree char *source = NULL;
  gint64 now_us = lks_clock_get_now (self->clock);
  LksFact fact;
  LksSign sign;

  if (self->status == NULL)
    return;

  fact = lks_board_status_get_fact (self->status, self->fact);
  sign = lks_sign_for_fact (&fact, lks_board_status_is_stale (self->status, self->fact, now_us));
  if (*sign.word == '\0' && is_old_version (self))
    sign = sign_for_old_version ();
  lks_sign_label_set_sign (self->sign, &sign);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->sign), sign.meaning);

  age = lks_format_age (fact.read_us, now_us);
  source = describe_source (self, fact.source, age);
  set_label (self->source_label, source);
}

static char *
describe_spoken (LksFactRow *self, const char *text)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));

  /* Translators: the name of a fact, its value, and what is to be known about it, as a screen
   * reader says them */
  if (is_old_version (self))
    return g_strdup_printf (_ ("%s: %s. %s"), title, text, sign_for_old_version ().meaning);
  /* Translators: the name of a fact and its value, as a screen reader says them */
  return g_strdup_printf (_ ("%s: %s"), title, text);
}

static void
update_value (LksFactRow *self)
{
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;
  gboolean is_known;

  if (self->status == NULL)
    return;

  is_known = lks_board_status_get_fact (self->status, self->fact).state == LKS_FACT_STATE_KNOWN;
  text = lks_fact_to_text (self->status, self->fact);
  set_label (self->value_label, text);
  if (is_known)
    gtk_widget_remove_css_class (GTK_WIDGET (self->value_label), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->value_label), "dim-label");

  spoken = describe_spoken (self, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  update_age (self);
}

static void
set_status (LksFactRow *self, LksBoardStatus *status)
{
  if (self->status == status)
    return;

  g_clear_pointer (&self->status, lks_board_status_unref);
  if (status != NULL)
    self->status = lks_board_status_ref (status);
  update_value (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
set_fact (LksFactRow *self, LksFactId fact)
{
  if (self->fact == fact)
    return;

  self->fact = fact;
  if (fact == LKS_FACT_ID_OS_VERSION && self->book == NULL)
    {
      self->book = lks_os_book_ref_default ();
      g_signal_connect_object (self->book, "changed", G_CALLBACK (update_value), self,
                               G_CONNECT_SWAPPED);
    }
  update_value (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FACT]);
}

static void
set_can_copy (LksFactRow *self, gboolean can_copy)
{
  if (self->can_copy == can_copy)
    return;

  self->can_copy = can_copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_COPY]);
}

static void
lks_fact_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksFactRow *self = LKS_FACT_ROW (object);

  switch ((LksFactRowProperty) prop_id)
    {
    case PROP_STATUS:
      g_value_set_boxed (value, self->status);
      break;
    case PROP_FACT:
      g_value_set_enum (value, self->fact);
      break;
    case PROP_CAN_COPY:
      g_value_set_boolean (value, self->can_copy);
      break;
    }
}

static void
lks_fact_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksFactRow *self = LKS_FACT_ROW (object);

  switch ((LksFactRowProperty) prop_id)
    {
    case PROP_STATUS:
      set_status (self, g_value_get_boxed (value));
      break;
    case PROP_FACT:
      set_fact (self, g_value_get_enum (value));
      break;
    case PROP_CAN_COPY:
      set_can_copy (self, g_value_get_boolean (value));
      break;
    }
}

static void
lks_fact_row_dispose (GObject *object)
{
  LksFactRow *self = LKS_FACT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_FACT_ROW);
  g_clear_object (&self->clock);
  g_clear_object (&self->book);
  G_OBJECT_CLASS (lks_fact_row_parent_class)->dispose (object);
}

static void
lks_fact_row_finalize (GObject *object)
{
  LksFactRow *self = LKS_FACT_ROW (object);

  g_clear_pointer (&self->status, lks_board_status_unref);
  G_OBJECT_CLASS (lks_fact_row_parent_class)->finalize (object);
}

static void
lks_fact_row_class_init (LksFactRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_fact_row_get_property;
  object_class->set_property = lks_fact_row_set_property;
  object_class->dispose = lks_fact_row_dispose;
  object_class->finalize = lks_fact_row_finalize;

  properties[PROP_STATUS] =
      g_param_spec_boxed ("status", NULL, NULL, LKS_TYPE_BOARD_STATUS,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FACT] =
      g_param_spec_enum ("fact", NULL, NULL, LKS_TYPE_FACT_ID, LKS_FACT_ID_UPTIME,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * LksFactRow:can-copy:
   *
   * Whether the row has a button for the action "board.copy-id".
   */
  properties[PROP_CAN_COPY] =
      g_param_spec_boolean ("can-copy", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-fact-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksFactRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, LksFactRow, source_label);
  gtk_widget_class_bind_template_child (widget_class, LksFactRow, sign);
}

static void
lks_fact_row_init (LksFactRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->clock = lks_clock_ref_default ();
  g_signal_connect_object (self->clock, "notify::now", G_CALLBACK (update_age), self,
                           G_CONNECT_SWAPPED);
}
