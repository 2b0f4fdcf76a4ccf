/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-certificate-card.h"

#include "lks-cloud-certificate.h"
#include "lks-cloud-save-bar.h"
#include "lks-cloud-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudCertificateCard
{
  AdwBin parent_instance;

  GtkLabel *look_role;        /* template child */
  LksCloudSaveBar *save_bar;  /* template child */
  GtkLabel *proof_role;       /* template child */
  AdwEntryRow *code_row;      /* template child */
  LksCloudSaveBar *proof_bar; /* template child */

  LksCloudDesk *desk; /* (owned) (nullable) */
  LksCloudItem *item; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksCloudCertificateCard, lks_cloud_certificate_card, ADW_TYPE_BIN)

/* ---- fetching ---- */

typedef struct
{
  LksCloudScope *place; /* (owned) */
  char *code;           /* (owned) (nullable) */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *self = data;

  lks_cloud_scope_free (self->place);
  g_free (self->code);
  g_free (self);
}

static GBytes *
fetch_one (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_cloud_certificate_download (client, ((Wish *) data)->place, cancellable, error);
}

static GBytes *
fetch_chain (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_cloud_certificate_fetch_chain (client, ((Wish *) data)->place, cancellable, error);
}

static GBytes *
fetch_proof (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Wish *wish = data;

  return lks_cloud_certificate_prove (client, wish->place, wish->code, cancellable, error);
}

static const char *
get_code (LksCloudCertificateCard *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->code_row));
}

/* A serial number is hexadecimal, so that it can be part of a file's name. */
static void
save (LksCloudCertificateCard *self,
      LksCloudSaveBar *bar,
      const char *title,
      const char *ending,
      LksCloudFetchFunc func)
{
  const LksCloudScope *place = lks_cloud_item_get_resource (self->item)->scope;
  Wish *wish = g_new0 (Wish, 1);
  g_autofree char *name = g_strdup_printf ("%s-%.8s%s", place->catalog, place->leaf, ending);
  const LksCloudSave save = { .desk = self->desk,
                              .title = title,
                              .name = name,
                              .func = func,
                              .data = wish,
                              .data_free = wish_free };

  wish->place = lks_cloud_scope_copy (place);
  wish->code = g_strdup (get_code (self));
  lks_cloud_save_bar_ask (bar, &save);
}

static void
download_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudCertificateCard *self = LKS_CLOUD_CERTIFICATE_CARD (widget);

  save (self, self->save_bar, _ ("Save the Certificate"), ".cer", fetch_one);
}

static void
chain_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudCertificateCard *self = LKS_CLOUD_CERTIFICATE_CARD (widget);

  save (self, self->save_bar, _ ("Save the Chain of Certificates"), "-chain.p7b", fetch_chain);
}

static void
prove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudCertificateCard *self = LKS_CLOUD_CERTIFICATE_CARD (widget);

  save (self, self->proof_bar, _ ("Save the Proof"), "-proof.cer", fetch_proof);
}

static void
code_changed_cb (LksCloudCertificateCard *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "certificate.prove",
                                 get_code (self)[0] != '\0');
}

/* ---- the widget ---- */

static void
lks_cloud_certificate_card_dispose (GObject *object)
{
  LksCloudCertificateCard *self = LKS_CLOUD_CERTIFICATE_CARD (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->item);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_CERTIFICATE_CARD);
  G_OBJECT_CLASS (lks_cloud_certificate_card_parent_class)->dispose (object);
}

static void
lks_cloud_certificate_card_class_init (LksCloudCertificateCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_certificate_card_dispose;
  g_type_ensure (LKS_TYPE_CLOUD_SAVE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-certificate-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudCertificateCard, look_role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCertificateCard, save_bar);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCertificateCard, proof_role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCertificateCard, code_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudCertificateCard, proof_bar);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
  gtk_widget_class_install_action (widget_class, "certificate.download", NULL, download_action);
  gtk_widget_class_install_action (widget_class, "certificate.chain", NULL, chain_action);
  gtk_widget_class_install_action (widget_class, "certificate.prove", NULL, prove_action);
}

static void
lks_cloud_certificate_card_init (LksCloudCertificateCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  code_changed_cb (self);
}

/**
 * lks_cloud_certificate_card_new:
 * @desk: where to work with the cloud
 * @item: a certificate
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
lks_cloud_certificate_card_new (LksCloudDesk *desk, LksCloudItem *item)
{
  LksCloudCertificateCard *self = g_object_new (LKS_TYPE_CLOUD_CERTIFICATE_CARD, NULL);
  LksCloudAccount *account = lks_cloud_desk_get_account (desk);

  self->desk = g_object_ref (desk);
  self->item = g_object_ref (item);
  gtk_label_set_label (self->look_role, lks_cloud_action_to_role (LKS_CLOUD_ACTION_LOOK, account));
  gtk_label_set_label (self->proof_role,
                       lks_cloud_action_to_role (LKS_CLOUD_ACTION_PROVE, account));
  return GTK_WIDGET (self);
}
