/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-detail.h"

#include "lks-aspect-row.h"
#include "lks-attached.h"
#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-format.h"
#include "lks-message-page.h"
#include "lks-sign-label.h"
#include "lks-vault-text.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

struct _LksVaultDetail
{
  AdwBin parent_instance;

  GtkStack *stack;               /* template child */
  GtkLabel *title;               /* template child */
  GtkLabel *subtitle;            /* template child */
  LksSignLabel *attached_sign;   /* template child */
  GtkListBox *capabilities;      /* template child */
  AdwEntryRow *label_row;        /* template child */
  AdwActionRow *device_row;      /* template child */
  AdwActionRow *place_row;       /* template child */
  AdwActionRow *used_row;        /* template child */
  AdwActionRow *added_row;       /* template child */
  AdwActionRow *signer_row;      /* template child */
  AdwActionRow *fingerprint_row; /* template child */

  LksVault *vault;               /* (owned) (nullable) */
  LksSigners *signers;           /* (owned) (nullable) */
  LksAttached *attached;         /* (owned) */
  GSignalGroup *item_signals;    /* (owned) of the item that is shown */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
};

G_DEFINE_FINAL_TYPE (LksVaultDetail, lks_vault_detail, ADW_TYPE_BIN)

static LksVaultItem *
ref_item (LksVaultDetail *self)
{
  return self->item_signals != NULL ? g_signal_group_dup_target (self->item_signals) : NULL;
}

static void
show_toast (LksVaultDetail *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s", text);
}

static void
show_error (LksVaultDetail *self, const char *heading, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog;

  if (!GTK_IS_WINDOW (root))
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- what is shown ---- */

static void
show_capabilities (LksVaultDetail *self, LksVaultItem *item)
{
  const GArray *capabilities = lks_vault_item_get_capabilities (item);

  lks_widget_clear_list (self->capabilities);
  for (guint i = 0; i < capabilities->len; i++)
    {
      guint number = g_array_index (capabilities, guint, i);
      g_autofree char *title = lks_capability_title (number);
      LksAspectRow *row = lks_aspect_row_new (title);
      LksSign sign = lks_sign_for_capability (number);

      lks_aspect_row_set_sign (row, &sign);
      lks_aspect_row_set_explanation (row, lks_key_meaning (number));
      gtk_list_box_append (self->capabilities, GTK_WIDGET (row));
    }
}

static char *
describe_signer (LksVaultDetail *self, LksVaultItem *item)
{
  const char *thumbprint = lks_vault_item_get_signer (item);
  const char *name =
      self->signers != NULL ? lks_signers_get_name (self->signers, thumbprint) : NULL;
  g_autofree char *time = lks_key_time_to_text (lks_vault_item_get_signed (item));

  /* Translators: a time, a person or an organisation, and a long number */
  return g_strdup_printf (_ ("%s by %s\n%s"), time,
                          name != NULL ? name : _ ("somebody whose key is not known here"),
                          thumbprint != NULL ? thumbprint : "");
}

static char *
describe_origin (LksVaultItem *item)
{
  g_autofree char *time = lks_key_time_to_text (lks_vault_item_get_added (item));

  /* Translators: a time */
  return g_strdup_printf (lks_vault_item_get_source (item) == LKS_VAULT_SOURCE_CLOUD
                              ? _ ("%s, downloaded from the cloud")
                              : _ ("%s, imported from a file"),
                          time);
}

static void
show_attached (LksVaultDetail *self)
{
  g_autoptr (LksVaultItem) item = ref_item (self);
  const char *place =
      item != NULL ? lks_attached_get_place (self->attached, lks_vault_item_get_device_id (item))
                   : NULL;
  LksSign sign = lks_sign_for_place (place);
  g_autofree char *text = NULL;

  /* Translators: a USB place */
  text = place != NULL ? g_strdup_printf (_ ("At USB place %s"), place) : g_strdup (_ ("Not now"));
  lks_sign_label_set_sign (self->attached_sign, &sign);
  adw_action_row_set_subtitle (self->place_row, text);
}

static void
show_label (LksVaultDetail *self)
{
  g_autoptr (LksVaultItem) item = ref_item (self);
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  if (item == NULL)
    return;

  title = lks_vault_item_to_title (item);
  subtitle = lks_vault_item_to_subtitle (item);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  /* Without its apply button, the row takes the text as the one that is known. */
  adw_entry_row_set_show_apply_button (self->label_row, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->label_row), lks_vault_item_get_label (item));
  adw_entry_row_set_show_apply_button (self->label_row, TRUE);
}

static void
show_used (LksVaultDetail *self)
{
  g_autoptr (LksVaultItem) item = ref_item (self);
  g_autofree char *time = NULL;

  if (item == NULL)
    return;
  time = lks_key_time_to_text (lks_vault_item_get_last_used (item));
  adw_action_row_set_subtitle (self->used_row, time);
}

static void
show_item (LksVaultDetail *self, LksVaultItem *item)
{
  g_autofree char *device_id = lks_format_device_id (lks_vault_item_get_device_id (item));
  g_autofree char *added = describe_origin (item);
  g_autofree char *signer = describe_signer (self, item);

  show_label (self);
  show_capabilities (self, item);
  show_attached (self);
  show_used (self);
  adw_action_row_set_subtitle (self->device_row, device_id);
  adw_action_row_set_subtitle (self->added_row, added);
  adw_action_row_set_subtitle (self->signer_row, signer);
  adw_action_row_set_subtitle (self->fingerprint_row, lks_vault_item_get_fingerprint (item));
}

/* ---- naming ---- */

static void
labelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultDetail) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!lks_vault_set_label_finish (LKS_VAULT (source), result, &error) && self->vault != NULL)
    {
      show_error (self, _ ("The Name Was Not Kept"), error);
      show_label (self);
    }
}

static void
label_applied_cb (LksVaultDetail *self)
{
  g_autoptr (LksVaultItem) item = ref_item (self);

  if (item != NULL)
    lks_vault_set_label_async (self->vault, item,
                               gtk_editable_get_text (GTK_EDITABLE (self->label_row)), NULL,
                               labelled_cb, g_object_ref (self));
}

/* ---- exporting ---- */

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = lks_vault_export_finish (LKS_VAULT (source), result, &error);

  if (self->vault == NULL)
    return;
  if (done)
    show_toast (self, _ ("Exported. Delete the file when it has done its work."));
  else
    show_error (self, _ ("The Capability Was Not Exported"), error);
}

/* The chooser has asked already whether a file may be replaced. */
static void
file_chosen_cb (LksVaultDetail *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (LksVaultItem) item = ref_item (self);
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response != GTK_RESPONSE_ACCEPT || item == NULL)
    return;

  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = g_file_get_path (file);
  if (path != NULL)
    lks_vault_export_async (self->vault, item, path, TRUE, NULL, exported_cb, g_object_ref (self));
  else
    show_toast (self, _ ("Choose a folder of this computer."));
}

static void
choose_file (LksVaultDetail *self, LksVaultItem *item)
{
  g_autofree char *name = lks_vault_item_to_file_name (item);

  if (self->chooser != NULL)
    return;

  self->chooser = lks_file_saver_open (GTK_WIDGET (self), _ ("Export Capability"), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_confirmed_cb (LksVaultDetail *self, const char *response)
{
  g_autoptr (LksVaultItem) item = ref_item (self);

  if (g_str_equal (response, "export") && item != NULL)
    choose_file (self, item);
}

/* ---- removing ---- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksVaultDetail) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = lks_vault_remove_finish (LKS_VAULT (source), result, &error);

  if (self->vault == NULL)
    return;
  if (done)
    show_toast (self, _ ("The capability was removed."));
  else
    show_error (self, _ ("The Capability Was Not Removed"), error);
}

static void
remove_confirmed_cb (LksVaultDetail *self, const char *response)
{
  g_autoptr (LksVaultItem) item = ref_item (self);

  if (g_str_equal (response, "remove") && item != NULL)
    lks_vault_remove_async (self->vault, item, NULL, removed_cb, g_object_ref (self));
}

static void
ask (LksVaultDetail *self,
     const char *heading,
     const char *body,
     const char *response,
     const char *label,
     GCallback callback)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), response,
                                    label, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", callback, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ask (LKS_VAULT_DETAIL (widget), _ ("Export the Capability?"),
       _ ("The file will be the key to this board for whoever has it, without a password and "
          "without end. Keep it where nobody else can read it, and delete it after the work."),
       "export", _ ("_Export…"), G_CALLBACK (export_confirmed_cb));
}

static void
remove_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_autoptr (LksVaultItem) item = ref_item (LKS_VAULT_DETAIL (widget));
  g_autofree char *title = item != NULL ? lks_vault_item_to_title (item) : g_strdup ("");
  /* Translators: the name of a capability */
  g_autofree char *heading = g_strdup_printf (_ ("Remove “%s”?"), title);

  ask (LKS_VAULT_DETAIL (widget), heading,
       _ ("Without this capability a finished board cannot be serviced. It cannot be made again "
          "here: a new one comes from the vendor’s cloud."),
       "remove", _ ("_Remove"), G_CALLBACK (remove_confirmed_cb));
}

/* ---- the widget ---- */

static void
lks_vault_detail_dispose (GObject *object)
{
  LksVaultDetail *self = LKS_VAULT_DETAIL (object);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->attached);
  g_clear_object (&self->vault);
  g_clear_pointer (&self->signers, lks_signers_unref);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_VAULT_DETAIL);
  G_OBJECT_CLASS (lks_vault_detail_parent_class)->dispose (object);
}

static void
lks_vault_detail_class_init (LksVaultDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_vault_detail_dispose;

  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-vault-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, stack);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, title);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, subtitle);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, attached_sign);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, capabilities);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, label_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, device_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, place_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, used_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, added_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, signer_row);
  gtk_widget_class_bind_template_child (widget_class, LksVaultDetail, fingerprint_row);
  gtk_widget_class_bind_template_callback (widget_class, label_applied_cb);

  gtk_widget_class_install_action (widget_class, "capability.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "capability.remove", NULL, remove_action);
}

static void
lks_vault_detail_init (LksVaultDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->attached = lks_attached_ref_default ();
  g_signal_connect_object (self->attached, "changed", G_CALLBACK (show_attached), self,
                           G_CONNECT_SWAPPED);
  self->item_signals = g_signal_group_new (LKS_TYPE_VAULT_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::label", G_CALLBACK (show_label),
                                  self);
  g_signal_group_connect_swapped (self->item_signals, "notify::last-used", G_CALLBACK (show_used),
                                  self);
}

/**
 * lks_vault_detail_set_vault:
 * @self: a detail
 * @vault: whose items are shown
 * @signers: (nullable): to name those who signed them
 */
void
lks_vault_detail_set_vault (LksVaultDetail *self, LksVault *vault, LksSigners *signers)
{
  g_return_if_fail (LKS_IS_VAULT_DETAIL (self));

  g_set_object (&self->vault, vault);
  g_clear_pointer (&self->signers, lks_signers_unref);
  self->signers = signers != NULL ? lks_signers_ref (signers) : NULL;
}

/**
 * lks_vault_detail_show:
 * @self: a detail with a vault
 * @item: (nullable): an item of it
 *
 * Shows another item, or that none is selected.
 */
void
lks_vault_detail_show (LksVaultDetail *self, LksVaultItem *item)
{
  g_return_if_fail (LKS_IS_VAULT_DETAIL (self));

  g_signal_group_set_target (self->item_signals, item);
  if (item != NULL)
    show_item (self, item);
  gtk_stack_set_visible_child_name (self->stack, item != NULL ? "item" : "none");
}
