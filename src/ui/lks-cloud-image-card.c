/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-image-card.h"

#include "lks-cloud-act-dialog.h"
#include "lks-cloud-edit.h"
#include "lks-cloud-image.h"
#include "lks-cloud-save-bar.h"
#include "lks-cloud-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudImageCard
{
  AdwBin parent_instance;

  GtkLabel *look_role;       /* template child */
  LksCloudSaveBar *save_bar; /* template child */
  GtkLabel *delete_role;     /* template child */

  LksCloudDesk *desk; /* (owned) (nullable) */
  LksCloudItem *item; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksCloudImageCard, lks_cloud_image_card, ADW_TYPE_BIN)

enum
{
  SIGNAL_GONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const LksCloudResource *
get_resource (LksCloudImageCard *self)
{
  return lks_cloud_item_get_resource (self->item);
}

/* ---- download ---- */

static GBytes *
fetch (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_cloud_image_download (client, data, cancellable, error);
}

/* A name of the service's must not lead into another folder. */
static char *
propose_name (const char *title)
{
  g_autofree char *name = g_strdup (title);

  g_strdelimit (name, "/\\", '-');
  return g_strdup_printf ("%s.imagepackage", name[0] == '.' ? name + 1 : name);
}

static void
download_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudImageCard *self = LKS_CLOUD_IMAGE_CARD (widget);
  g_autofree char *title = lks_cloud_resource_to_title (get_resource (self));
  g_autofree char *name = propose_name (title);
  const LksCloudSave save = {
    .desk = self->desk,
    .title = _ ("Save the Signed Image"),
    .name = name,
    .func = fetch,
    .data = lks_cloud_scope_copy (get_resource (self)->scope),
    .data_free = (GDestroyNotify) lks_cloud_scope_free,
  };

  lks_cloud_save_bar_ask (self->save_bar, &save);
}

/* ---- deletion ---- */

static void
deleted_cb (LksCloudImageCard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s",
                              _ ("It was deleted from the cloud."));
  g_signal_emit (self, signals[SIGNAL_GONE], 0);
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudImageCard *self = LKS_CLOUD_IMAGE_CARD (widget);
  const LksCloudScope *scope = get_resource (self)->scope;
  g_autofree char *name = lks_cloud_resource_to_title (get_resource (self));
  g_autofree char *title = g_strdup_printf (_ ("Delete the Image “%s”?"), name);
  /* Translators: the ID of an image, the name of a catalog */
  g_autofree char *text = g_strdup_printf (
      _ ("The image %s is gone for good from the catalog %s. Boards that have it keep it; it can "
         "not be deployed any more."),
      scope->leaf, scope->catalog);
  const LksCloudAct act = {
    .title = title,
    .text = text,
    .button = _ ("Delete"),
    .is_destructive = TRUE,
    .action = LKS_CLOUD_ACTION_CHANGE,
    .func = lks_cloud_delete_run,
    .data = lks_cloud_scope_copy (scope),
    .data_free = (GDestroyNotify) lks_cloud_scope_free,
  };
  LksCloudActDialog *dialog =
      lks_cloud_act_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->desk, &act);

  g_signal_connect_object (dialog, "done", G_CALLBACK (deleted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the widget ---- */

static void
lks_cloud_image_card_dispose (GObject *object)
{
  LksCloudImageCard *self = LKS_CLOUD_IMAGE_CARD (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->item);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_IMAGE_CARD);
  G_OBJECT_CLASS (lks_cloud_image_card_parent_class)->dispose (object);
}

static void
lks_cloud_image_card_class_init (LksCloudImageCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_image_card_dispose;

  /**
   * LksCloudImageCard::gone:
   * @self: the card
   *
   * The image was deleted.
   */
  signals[SIGNAL_GONE] = g_signal_new ("gone", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_CLOUD_SAVE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-image-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudImageCard, look_role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudImageCard, save_bar);
  gtk_widget_class_bind_template_child (widget_class, LksCloudImageCard, delete_role);
  gtk_widget_class_install_action (widget_class, "image.download", NULL, download_action);
  gtk_widget_class_install_action (widget_class, "image.delete", NULL, delete_action);
}

static void
lks_cloud_image_card_init (LksCloudImageCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_image_card_new:
 * @desk: where to work with the cloud
 * @item: an image
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
lks_cloud_image_card_new (LksCloudDesk *desk, LksCloudItem *item)
{
  LksCloudImageCard *self = g_object_new (LKS_TYPE_CLOUD_IMAGE_CARD, NULL);
  LksCloudAccount *account = lks_cloud_desk_get_account (desk);

  self->desk = g_object_ref (desk);
  self->item = g_object_ref (item);
  gtk_label_set_label (self->look_role, lks_cloud_action_to_role (LKS_CLOUD_ACTION_LOOK, account));
  gtk_label_set_label (self->delete_role,
                       lks_cloud_action_to_role (LKS_CLOUD_ACTION_CHANGE, account));
  return GTK_WIDGET (self);
}
