/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-row.h"

#include "lks-attached.h"
#include "lks-cloud-device.h"
#include "lks-cloud-text.h"
#include "lks-sign-label.h"
#include "lks-vault-text.h"
#include "lks-widget.h"

struct _LksCloudRow
{
  GtkWidget parent_instance;

  GtkLabel *title;             /* template child */
  GtkLabel *subtitle;          /* template child */
  LksSignLabel *attached_sign; /* template child */

  LksCloudItem *item;    /* (owned) (nullable) */
  LksAttached *attached; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksCloudRow, lks_cloud_row, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_ITEM = 1,
} LksCloudRowProperty;

static GParamSpec *properties[PROP_ITEM + 1];

static void
update (LksCloudRow *self)
{
  const LksCloudResource *resource;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  const char *place = NULL;
  LksSign sign;

  if (self->item == NULL)
    return;

  resource = lks_cloud_item_get_resource (self->item);
  title = lks_cloud_resource_to_title (resource);
  subtitle = lks_cloud_resource_to_subtitle (resource);
  if (resource->kind == &lks_cloud_device_kind)
    place = lks_attached_get_place (self->attached, ((const LksCloudDevice *) resource)->device_id);
  sign = lks_sign_for_place (place);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  lks_sign_label_set_sign (self->attached_sign, &sign);
  gtk_widget_set_visible (GTK_WIDGET (self->attached_sign), place != NULL);
  lks_attached_label_row (GTK_WIDGET (self), title, subtitle, place);
}

static void
lks_cloud_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_cloud_row_parent_class)->root (widget);
  update (LKS_CLOUD_ROW (widget));
}

static void
lks_cloud_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksCloudRowProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, LKS_CLOUD_ROW (object)->item);
      break;
    }
}

static void
lks_cloud_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksCloudRow *self = LKS_CLOUD_ROW (object);

  switch ((LksCloudRowProperty) prop_id)
    {
    case PROP_ITEM:
      if (g_set_object (&self->item, g_value_get_object (value)))
        update (self);
      break;
    }
}

static void
lks_cloud_row_dispose (GObject *object)
{
  LksCloudRow *self = LKS_CLOUD_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->attached);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_ROW);
  lks_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (lks_cloud_row_parent_class)->dispose (object);
}

static void
lks_cloud_row_class_init (LksCloudRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_cloud_row_get_property;
  object_class->set_property = lks_cloud_row_set_property;
  object_class->dispose = lks_cloud_row_dispose;
  widget_class->root = lks_cloud_row_root;

  properties[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, LKS_TYPE_CLOUD_ITEM,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudRow, title);
  gtk_widget_class_bind_template_child (widget_class, LksCloudRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksCloudRow, attached_sign);
}

static void
lks_cloud_row_init (LksCloudRow *self)
{
  self->attached = lks_attached_ref_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->attached, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
