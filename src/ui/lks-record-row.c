/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-record-row.h"

#include "lks-record-text.h"
#include "lks-service-text.h"
#include "lks-sign-label.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

struct _LksRecordRow
{
  GtkWidget parent_instance;

  GtkLabel *title;    /* template child */
  GtkLabel *subtitle; /* template child */
  LksSignLabel *sign; /* template child */

  GObject *record; /* (owned) (nullable) of a finalization or of a servicing session */
};

G_DEFINE_FINAL_TYPE (LksRecordRow, lks_record_row, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_RECORD = 1,
} LksRecordRowProperty;

static GParamSpec *properties[PROP_RECORD + 1];

static void
update (LksRecordRow *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *spoken = NULL;
  LksSign sign;

  if (self->record == NULL)
    return;

  if (LKS_IS_SERVICE_RECORD (self->record))
    {
      title = lks_service_record_to_title (LKS_SERVICE_RECORD (self->record));
      subtitle = lks_service_record_to_subtitle (LKS_SERVICE_RECORD (self->record));
      sign = lks_sign_for_service_record (LKS_SERVICE_RECORD (self->record));
    }
  else
    {
      title = lks_record_to_title (LKS_RECORD (self->record));
      subtitle = lks_record_to_subtitle (LKS_RECORD (self->record));
      sign = lks_sign_for_record (LKS_RECORD (self->record));
    }
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  lks_sign_label_set_sign (self->sign, &sign);

  if (row == NULL)
    return;
  /* Translators: a board, its verdict, and when and by whom, as a screen reader says them */
  spoken = g_strdup_printf (_ ("%s, %s, %s"), title, sign.word, subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
lks_record_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_record_row_parent_class)->root (widget);
  update (LKS_RECORD_ROW (widget));
}

static void
lks_record_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksRecordRowProperty) prop_id)
    {
    case PROP_RECORD:
      g_value_set_object (value, LKS_RECORD_ROW (object)->record);
      break;
    }
}

static void
lks_record_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksRecordRow *self = LKS_RECORD_ROW (object);

  switch ((LksRecordRowProperty) prop_id)
    {
    case PROP_RECORD:
      if (g_set_object (&self->record, g_value_get_object (value)))
        {
          update (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    }
}

static void
lks_record_row_dispose (GObject *object)
{
  LksRecordRow *self = LKS_RECORD_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_RECORD_ROW);
  lks_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->record);
  G_OBJECT_CLASS (lks_record_row_parent_class)->dispose (object);
}

static void
lks_record_row_class_init (LksRecordRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_record_row_get_property;
  object_class->set_property = lks_record_row_set_property;
  object_class->dispose = lks_record_row_dispose;
  widget_class->root = lks_record_row_root;

  properties[PROP_RECORD] =
      g_param_spec_object ("record", NULL, NULL, G_TYPE_OBJECT,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-record-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRecordRow, title);
  gtk_widget_class_bind_template_child (widget_class, LksRecordRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksRecordRow, sign);
}

static void
lks_record_row_init (LksRecordRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
