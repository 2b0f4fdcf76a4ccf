/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-detail.h"

#include "lks-cloud-device-card.h"
#include "lks-cloud-device.h"
#include "lks-cloud-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudDetail
{
  AdwBin parent_instance;

  GtkBox *box;                     /* template child */
  AdwPreferencesGroup *fact_group; /* template child */

  LksCloudDesk *desk; /* (owned) */
  LksCloudItem *item; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksCloudDetail, lks_cloud_detail, ADW_TYPE_BIN)

static void
add_fact (LksCloudDetail *self, const char *title, const char *value)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean is_known = value != NULL && value[0] != '\0';

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), is_known ? value : _ ("not told"));
  adw_preferences_group_add (self->fact_group, row);
}

static void
add_places (LksCloudDetail *self, const LksCloudScope *scope)
{
  g_autofree char *product = lks_cloud_place_name_to_text (scope->product);
  g_autofree char *group = lks_cloud_place_name_to_text (scope->group);

  add_fact (self, _ ("Catalog"), scope->catalog);
  if (scope->product != NULL)
    add_fact (self, _ ("Product"), product);
  if (scope->group != NULL)
    add_fact (self, _ ("Device group"), group);
}

static void
add_facts (LksCloudDetail *self)
{
  const LksCloudResource *resource = lks_cloud_item_get_resource (self->item);
  g_autofree char *title = lks_cloud_resource_to_title (resource);

  adw_preferences_group_set_title (self->fact_group, title);
  for (gsize i = 0; i < resource->kind->n_fields; i++)
    {
      const LksCloudField *field = &resource->kind->fields[i];
      g_autofree char *value = lks_cloud_field_to_text (resource, field);

      add_fact (self, lks_cloud_field_get_title (field), value);
    }
  if (resource->scope != NULL)
    add_places (self, resource->scope);
}

static void
lks_cloud_detail_dispose (GObject *object)
{
  LksCloudDetail *self = LKS_CLOUD_DETAIL (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->item);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_DETAIL);
  G_OBJECT_CLASS (lks_cloud_detail_parent_class)->dispose (object);
}

static void
lks_cloud_detail_class_init (LksCloudDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_detail_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudDetail, box);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDetail, fact_group);
}

static void
lks_cloud_detail_init (LksCloudDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_detail_new:
 * @desk: where to work with the cloud
 * @item: what to show
 *
 * Returns: (transfer floating): a view
 */
GtkWidget *
lks_cloud_detail_new (LksCloudDesk *desk, LksCloudItem *item)
{
  LksCloudDetail *self = g_object_new (LKS_TYPE_CLOUD_DETAIL, NULL);

  self->desk = g_object_ref (desk);
  self->item = g_object_ref (item);
  add_facts (self);
  if (lks_cloud_item_get_resource (item)->kind == &lks_cloud_device_kind)
    gtk_box_append (self->box, lks_cloud_device_card_new (desk, item));
  return GTK_WIDGET (self);
}
