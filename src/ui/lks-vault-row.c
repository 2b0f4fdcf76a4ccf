/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-row.h"

#include "lks-attached.h"
#include "lks-sign-label.h"
#include "lks-vault-text.h"
#include "lks-widget.h"

struct _LksVaultRow
{
  GtkWidget parent_instance;

  GtkLabel *title;             /* template child */
  GtkLabel *subtitle;          /* template child */
  LksSignLabel *risk;          /* template child */
  LksSignLabel *attached_sign; /* template child */

  GSignalGroup *item_signals; /* (owned) of the LksVaultItem that is shown */
  LksAttached *attached;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksVaultRow, lks_vault_row, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_ITEM = 1,
} LksVaultRowProperty;

static GParamSpec *properties[PROP_ITEM + 1];

static void
update (LksVaultRow *self)
{
  g_autoptr (LksVaultItem) item = g_signal_group_dup_target (self->item_signals);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  const char *place;
  LksSign risk, attached;

  if (item == NULL)
    return;

  title = lks_vault_item_to_title (item);
  subtitle = lks_vault_item_to_subtitle (item);
  place = lks_attached_get_place (self->attached, lks_vault_item_get_device_id (item));
  risk = lks_sign_for_key (lks_vault_item_get_capabilities (item));
  attached = lks_sign_for_place (place);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  lks_sign_label_set_sign (self->risk, &risk);
  lks_sign_label_set_sign (self->attached_sign, &attached);
  lks_attached_label_row (GTK_WIDGET (self), title, subtitle, place);
}

static void
lks_vault_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_vault_row_parent_class)->root (widget);
  update (LKS_VAULT_ROW (widget));
}

static void
lks_vault_row_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksVaultRowProperty) prop_id)
    {
    case PROP_ITEM:
      g_value_take_object (value, g_signal_group_dup_target (LKS_VAULT_ROW (object)->item_signals));
      break;
    }
}

static void
lks_vault_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksVaultRow *self = LKS_VAULT_ROW (object);

  switch ((LksVaultRowProperty) prop_id)
    {
    case PROP_ITEM:
      g_signal_group_set_target (self->item_signals, g_value_get_object (value));
      update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    }
}

static void
lks_vault_row_dispose (GObject *object)
{
  LksVaultRow *self = LKS_VAULT_ROW (object);

  g_clear_object (&self->item_signals);
  g_clear_object (&self->attached);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_VAULT_ROW);
  lks_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (lks_vault_row_parent_class)->dispose (object);
}

static void
lks_vault_row_class_init (LksVaultRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_vault_row_get_property;
  object_class->set_property = lks_vault_row_set_property;
  object_class->dispose = lks_vault_row_dispose;
  widget_class->root = lks_vault_row_root;

  properties[PROP_ITEM] =
      g_param_spec_object ("item", NULL, NULL, LKS_TYPE_VAULT_ITEM,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-vault-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LksVaultRow, title);
  gtk_widget_class_bind_template_child (widget_class, LksVaultRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksVaultRow, risk);
  gtk_widget_class_bind_template_child (widget_class, LksVaultRow, attached_sign);
}

static void
lks_vault_row_init (LksVaultRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->attached = lks_attached_ref_default ();
  g_signal_connect_object (self->attached, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->item_signals = g_signal_group_new (LKS_TYPE_VAULT_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::label", G_CALLBACK (update), self);
}
