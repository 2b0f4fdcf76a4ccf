/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-detail.h"

#include "lks-cloud-certificate-card.h"
#include "lks-cloud-certificate.h"
#include "lks-cloud-device-card.h"
#include "lks-cloud-device.h"
#include "lks-cloud-image-card.h"
#include "lks-cloud-image.h"
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

enum
{
  SIGNAL_GONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

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

/* Nobody reads a certificate in base64: it is a file, which the card fetches. */
static gboolean
is_for_people (const LksCloudKind *kind, const LksCloudField *field)
{
  return kind != &lks_cloud_certificate_kind || !g_str_equal (field->member, "certificate");
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

      if (is_for_people (resource->kind, field))
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

  /**
   * LksCloudDetail::gone:
   * @self: the view
   *
   * What was shown is not in the cloud any more.
   */
  signals[SIGNAL_GONE] = g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

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

static void
gone_cb (LksCloudDetail *self)
{
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
}

static void
add_card (LksCloudDetail *self)
{
  const LksCloudKind *kind = lks_cloud_item_get_resource (self->item)->kind;
  GtkWidget *card = NULL;

  if (kind == &lks_cloud_device_kind)
    card = lks_cloud_device_card_new (self->desk, self->item);
  else if (kind == &lks_cloud_image_kind)
    card = lks_cloud_image_card_new (self->desk, self->item);
  else if (kind == &lks_cloud_certificate_kind)
    card = lks_cloud_certificate_card_new (self->desk, self->item);
  if (card != NULL)
    gtk_box_append (self->box, card);
  if (kind == &lks_cloud_image_kind)
    g_signal_connect_object (card, "gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
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
  add_card (self);
  return GTK_WIDGET (self);
}
