/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-device-card.h"

#include "lks-capability.h"
#include "lks-cloud-arrival-view.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-device.h"
#include "lks-cloud-group-facts.h"
#include "lks-cloud-list.h"
#include "lks-cloud-listing.h"
#include "lks-cloud-text.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>

struct _LksCloudDeviceCard
{
  AdwBin parent_instance;

  LksCloudGroupFacts *facts;    /* template child */
  LksCloudArrivalView *arrival; /* template child */
  GtkLabel *capability_role;    /* template child */
  GtkLabel *capability_note;    /* template child */
  GtkLabel *move_role;          /* template child */
  GtkDropDown *group_choice;    /* template child */
  GtkLabel *move_note;          /* template child */
  LksErrorNote *error_note;     /* template child */

  LksCloudDesk *desk;        /* (owned) (nullable) */
  LksCloudScope *place;      /* (owned) where the device is now */
  GCancellable *cancellable; /* (owned) */
  LksCloudList *groups;      /* (owned) (nullable) of the catalog, once they are wanted */
};

G_DEFINE_FINAL_TYPE (LksCloudDeviceCard, lks_cloud_device_card, ADW_TYPE_BIN)

static void
show_problem (LksCloudDeviceCard *self, const GError *error)
{
  lks_error_note_set_error (self->error_note,
                            g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL
                                                                                      : error);
}

/* One thing at a time. */
static void
set_busy (LksCloudDeviceCard *self, gboolean is_busy)
{
  static const char *const actions[] = { "device.servicing", "device.development", "device.move" };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], !is_busy);
}

static void
show_note (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

/* ---- capabilities ---- */

typedef struct
{
  LksCloudScope *place; /* (owned) */
  guint capability;
  LksCapabilityKey *key; /* (owned) (nullable) what came of it */
} Download;

static void
download_free (gpointer data)
{
  Download *self = data;

  lks_cloud_scope_free (self->place);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_free (self);
}

static gboolean
fetch_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Download *download = data;

  download->key = lks_cloud_capability_fetch (client, download->place, download->capability,
                                              cancellable, error);
  return download->key != NULL;
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudDeviceCard) self = user_data;
  g_autoptr (GError) error = NULL;
  LksVaultItem *item = lks_vault_add_finish (LKS_VAULT (source), result, &error);

  if (self->desk == NULL)
    return;
  set_busy (self, FALSE);
  show_problem (self, error);
  show_note (self->capability_note,
             item != NULL ? _ ("The capability is in the vault, checked: it is for this device and "
                               "grants what was asked for.")
                          : "");
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudDeviceCard) self = user_data;
  g_autoptr (GError) error = NULL;
  Download *download = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  g_autoptr (LksSecret) bytes = NULL;

  if (self->desk == NULL)
    return;
  if (download == NULL)
    {
      set_busy (self, FALSE);
      show_problem (self, error);
      return;
    }
  bytes = lks_capability_key_dup_bytes (download->key);
  lks_vault_add_async (lks_cloud_desk_get_vault (self->desk), bytes, LKS_VAULT_SOURCE_CLOUD,
                       self->cancellable, kept_cb, g_object_ref (self));
}

/* The vault knows what it has only when it is open. */
static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  LksCloudDeviceCard *self = g_task_get_source_object (task);
  Download *download = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!lks_vault_open_finish (LKS_VAULT (source), result, &error) && self->desk != NULL)
    {
      set_busy (self, FALSE);
      show_problem (self, error);
    }
  else if (self->desk != NULL)
    {
      Download *own = g_new0 (Download, 1);

      own->place = lks_cloud_scope_copy (download->place);
      own->capability = download->capability;
      lks_cloud_desk_run_async (self->desk, fetch_in_thread, own, download_free, self->cancellable,
                                fetched_cb, g_object_ref (self));
    }
  g_task_return_boolean (task, TRUE);
}

static void
download (LksCloudDeviceCard *self, guint capability)
{
  LksVault *vault = lks_cloud_desk_get_vault (self->desk);
  Download *wish;
  GTask *task;

  if (vault == NULL)
    return;
  wish = g_new0 (Download, 1);
  wish->place = lks_cloud_scope_copy (self->place);
  wish->capability = capability;
  task = g_task_new (self, self->cancellable, NULL, NULL);
  g_task_set_task_data (task, wish, download_free);
  set_busy (self, TRUE);
  show_note (self->capability_note, _ ("Asking the cloud…"));
  lks_vault_open_async (vault, self->cancellable, opened_cb, task);
}

static void
servicing_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  download (LKS_CLOUD_DEVICE_CARD (widget), LKS_CAPABILITY_FIELD_SERVICING);
}

static void
development_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  download (LKS_CLOUD_DEVICE_CARD (widget), LKS_CAPABILITY_APP_DEVELOPMENT);
}

/* ---- another device group ---- */

typedef struct
{
  LksCloudScope *device;     /* (owned) */
  LksCloudScope *group;      /* (owned) */
  LksCloudResource *outcome; /* (owned) (nullable) */
} Move;

static void
move_free (gpointer data)
{
  Move *self = data;

  lks_cloud_scope_free (self->device);
  lks_cloud_scope_free (self->group);
  g_clear_pointer (&self->outcome, lks_cloud_resource_unref);
  g_free (self);
}

static char *
dup_group_title (LksCloudItem *item, gpointer unused)
{
  const LksCloudScope *scope = lks_cloud_item_get_resource (item)->scope;

  return g_strdup_printf ("%s › %s", scope->product, scope->group);
}

/* All of them are wanted: one cannot be chosen that is not there. */
static void
groups_changed_cb (LksCloudDeviceCard *self)
{
  lks_cloud_list_want_more (self->groups);
  show_problem (self, lks_cloud_list_get_error (self->groups));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.move",
                                 g_list_model_get_n_items (G_LIST_MODEL (self->groups)) > 0);
}

static void
groups_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudDeviceCard *self = LKS_CLOUD_DEVICE_CARD (widget);
  g_autoptr (LksCloudScope) catalog = lks_cloud_scope_dup_catalog (self->place);
  g_autoptr (GtkExpression) title = NULL;
  g_autoptr (GError) error = NULL;
  LksCloudClient *client = lks_cloud_desk_create_client (self->desk, &error);

  show_problem (self, error);
  if (client == NULL)
    return;
  if (self->groups != NULL)
    g_signal_handlers_disconnect_by_data (self->groups, self);
  g_clear_object (&self->groups);
  self->groups = lks_cloud_list_new (client, lks_cloud_listing_groups, catalog, NULL);
  g_signal_connect_swapped (self->groups, "notify::state", G_CALLBACK (groups_changed_cb), self);
  title = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (dup_group_title),
                                       NULL, NULL);
  gtk_drop_down_set_expression (self->group_choice, title);
  gtk_drop_down_set_model (self->group_choice, G_LIST_MODEL (self->groups));
  gtk_widget_set_visible (GTK_WIDGET (self->group_choice), TRUE);
}

static gboolean
move_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Move *move = data;

  move->outcome = lks_cloud_device_move (client, move->device, move->group, cancellable, error);
  return move->outcome != NULL;
}

static void
moved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudDeviceCard) self = user_data;
  g_autoptr (GError) error = NULL;
  Move *move = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  g_autofree char *text = NULL;

  if (self->desk == NULL)
    return;
  set_busy (self, FALSE);
  show_problem (self, error);
  if (move == NULL)
    return;
  lks_cloud_scope_free (self->place);
  self->place = lks_cloud_scope_dup_leaf (move->group, move->device->leaf_kind, move->device->leaf);
  /* Translators: a product and a device group */
  text = g_strdup_printf (_ ("The device is in %s › %s now."), self->place->product,
                          self->place->group);
  show_note (self->move_note, text);
  lks_cloud_group_facts_show (self->facts, self->desk, self->place);
}

static void
move_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudDeviceCard *self = LKS_CLOUD_DEVICE_CARD (widget);
  LksCloudItem *item = gtk_drop_down_get_selected_item (self->group_choice);
  Move *move;

  if (item == NULL)
    return;
  move = g_new0 (Move, 1);
  move->device = lks_cloud_scope_copy (self->place);
  move->group = lks_cloud_scope_copy (lks_cloud_item_get_resource (item)->scope);
  set_busy (self, TRUE);
  show_note (self->move_note, "");
  lks_cloud_desk_run_async (self->desk, move_in_thread, move, move_free, self->cancellable,
                            moved_cb, g_object_ref (self));
}

/* ---- the widget ---- */

static void
lks_cloud_device_card_dispose (GObject *object)
{
  LksCloudDeviceCard *self = LKS_CLOUD_DEVICE_CARD (object);

  g_cancellable_cancel (self->cancellable);
  if (self->groups != NULL)
    g_signal_handlers_disconnect_by_data (self->groups, self);
  g_clear_object (&self->groups);
  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_DEVICE_CARD);
  G_OBJECT_CLASS (lks_cloud_device_card_parent_class)->dispose (object);
}

static void
lks_cloud_device_card_finalize (GObject *object)
{
  LksCloudDeviceCard *self = LKS_CLOUD_DEVICE_CARD (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->place, lks_cloud_scope_free);
  G_OBJECT_CLASS (lks_cloud_device_card_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (LKS_TYPE_CLOUD_ARRIVAL_VIEW);
  g_type_ensure (LKS_TYPE_CLOUD_GROUP_FACTS);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-device-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, facts);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, arrival);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, capability_role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, capability_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, move_role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, group_choice);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, move_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudDeviceCard, error_note);
}

static void
lks_cloud_device_card_class_init (LksCloudDeviceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_device_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_device_card_finalize;
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "device.servicing", NULL, servicing_action);
  gtk_widget_class_install_action (widget_class, "device.development", NULL, development_action);
  gtk_widget_class_install_action (widget_class, "device.groups", NULL, groups_action);
  gtk_widget_class_install_action (widget_class, "device.move", NULL, move_action);
}

static void
lks_cloud_device_card_init (LksCloudDeviceCard *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.move", FALSE);
}

/**
 * lks_cloud_device_card_new:
 * @desk: where to work with the cloud
 * @item: a device
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
lks_cloud_device_card_new (LksCloudDesk *desk, LksCloudItem *item)
{
  LksCloudDeviceCard *self = g_object_new (LKS_TYPE_CLOUD_DEVICE_CARD, NULL);
  const LksCloudResource *resource = lks_cloud_item_get_resource (item);
  LksCloudAccount *account = lks_cloud_desk_get_account (desk);

  self->desk = g_object_ref (desk);
  self->place = lks_cloud_scope_copy (resource->scope);
  lks_cloud_group_facts_show (self->facts, desk, resource->scope);
  lks_cloud_arrival_view_set_device (self->arrival, desk, resource->scope,
                                     ((const LksCloudDevice *) resource)->device_id);
  gtk_label_set_label (self->capability_role,
                       lks_cloud_action_to_role (LKS_CLOUD_ACTION_CAPABILITY, account));
  gtk_label_set_label (self->move_role, lks_cloud_action_to_role (LKS_CLOUD_ACTION_MOVE, account));
  return GTK_WIDGET (self);
}
