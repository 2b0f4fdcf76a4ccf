/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-tools.h"

#include "lks-claim-dialog.h"
#include "lks-cloud-act-dialog.h"
#include "lks-cloud-catalog-dialog.h"
#include "lks-cloud-catalog.h"
#include "lks-cloud-deploy-dialog.h"
#include "lks-cloud-deployment.h"
#include "lks-cloud-edit-dialog.h"
#include "lks-cloud-edit.h"
#include "lks-cloud-find-dialog.h"
#include "lks-cloud-image.h"
#include "lks-cloud-text.h"
#include "lks-cloud-upload-dialog.h"

#include <glib/gi18n-lib.h>

struct _LksCloudTools
{
  AdwBin parent_instance;

  GtkWidget *find_button;     /* template child */
  GtkButton *add_button;      /* template child */
  GtkWidget *claim_button;    /* template child */
  GtkMenuButton *menu_button; /* template child */
  GMenuModel *catalog_menu;   /* template child */
  GMenuModel *product_menu;   /* template child */
  GMenuModel *group_menu;     /* template child */

  LksCloudDesk *desk;   /* (owned) (nullable) */
  LksCloudScope *scope; /* (owned) (nullable) */
  const LksCloudListing *listing;
};

G_DEFINE_FINAL_TYPE (LksCloudTools, lks_cloud_tools, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FOUND,
  SIGNAL_PLACE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GtkWindow *
get_window (LksCloudTools *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
show_toast (LksCloudTools *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-toast", "s", text);
}

/* ---- something new ---- */

static void
changed_cb (LksCloudTools *self)
{
  show_toast (self, _ ("It is in the cloud."));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
uploaded_cb (LksCloudTools *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What something new is, the kind of what is listed says. */
static GtkWindow *
create_dialog (LksCloudTools *self)
{
  GtkWindow *window = get_window (self);
  const LksCloudKind *kind = self->listing->kind;

  if (kind == &lks_cloud_catalog_kind)
    return GTK_WINDOW (lks_cloud_catalog_dialog_new_to_create (window, self->desk));
  if (kind == &lks_cloud_image_kind)
    return GTK_WINDOW (lks_cloud_upload_dialog_new (window, self->desk, self->scope));
  if (kind == &lks_cloud_deployment_kind)
    return GTK_WINDOW (lks_cloud_deploy_dialog_new (window, self->desk, self->scope));
  return GTK_WINDOW (lks_cloud_edit_dialog_new_to_create (window, self->desk, self->scope));
}

static void
add_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  GtkWindow *dialog = create_dialog (self);

  if (LKS_IS_CLOUD_UPLOAD_DIALOG (dialog))
    g_signal_connect_object (dialog, "changed", G_CALLBACK (uploaded_cb), self, G_CONNECT_SWAPPED);
  else
    g_signal_connect_object (dialog, "done", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
claim_closed_cb (LksCloudTools *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
claim_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  LksClaimDialog *dialog = lks_claim_dialog_new (get_window (self), self->desk, self->scope);

  g_signal_connect_object (dialog, "unmap", G_CALLBACK (claim_closed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
found_cb (LksCloudTools *self, LksCloudItem *item)
{
  g_signal_emit (self, signals[SIGNAL_FOUND], 0, item);
}

static void
find_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  LksCloudFindDialog *dialog = lks_cloud_find_dialog_new (get_window (self), self->desk);

  g_signal_connect_object (dialog, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the place itself ---- */

static void
edited_cb (LksCloudTools *self)
{
  show_toast (self, _ ("It was changed in the cloud."));
  g_signal_emit (self, signals[SIGNAL_PLACE_CHANGED], 0, FALSE);
}

static void
edit_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  GtkWindow *window = get_window (self);
  GtkWindow *dialog =
      self->scope->product == NULL
          ? GTK_WINDOW (lks_cloud_catalog_dialog_new_to_change (window, self->desk, self->scope))
          : GTK_WINDOW (lks_cloud_edit_dialog_new_to_change (window, self->desk, self->scope));

  g_signal_connect_object (dialog, "done", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
ask (LksCloudTools *self, LksCloudAct *act, GCallback done)
{
  LksCloudActDialog *dialog;

  act->action = LKS_CLOUD_ACTION_CHANGE;
  act->data = lks_cloud_scope_copy (self->scope);
  act->data_free = (GDestroyNotify) lks_cloud_scope_free;
  dialog = lks_cloud_act_dialog_new (get_window (self), self->desk, act);
  g_signal_connect_object (dialog, "done", done, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
default_groups_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  g_autofree char *title =
      g_strdup_printf (_ ("Make the Default Groups of “%s”?"), self->scope->product);

  ask (self,
       &(LksCloudAct){
           .title = title,
           .text = _ ("Development: OS updates only. Field Test and Production: updates of the OS "
                      "and of applications. Production OS Evaluation and Field Test OS Evaluation: "
                      "the same, with OS versions two weeks early. The vendor does not say what "
                      "becomes of groups of these names that are there already: look at them "
                      "afterwards."),
           .button = _ ("Make Them"),
           .func = lks_cloud_default_groups_run,
       },
       G_CALLBACK (changed_cb));
}

static void
deleted_cb (LksCloudTools *self)
{
  show_toast (self, _ ("It was deleted from the cloud."));
  g_signal_emit (self, signals[SIGNAL_PLACE_CHANGED], 0, TRUE);
}

static char *
dup_delete_title (const LksCloudScope *scope)
{
  if (scope->group != NULL)
    return g_strdup_printf (_ ("Delete the Device Group “%s”?"), scope->group);
  if (scope->product != NULL)
    return g_strdup_printf (_ ("Delete the Product “%s”?"), scope->product);
  return g_strdup_printf (_ ("Delete the Catalog “%s”?"), scope->catalog);
}

static char *
dup_delete_text (const LksCloudScope *scope)
{
  if (scope->product == NULL)
    /* Translators: the name of a resource group */
    return g_strdup_printf (_ ("It is gone for good from the resource group %s, with its products, "
                               "images and certificates. The cloud refuses while a device is "
                               "claimed into it."),
                            scope->resource_group);
  /* Translators: the name of a catalog */
  return g_strdup_printf (
      scope->group != NULL
          ? _ ("It is gone for good from the catalog %s, with the history of what was deployed to "
               "it. The cloud refuses while there are devices in it: move them first.")
          : _ ("It is gone for good from the catalog %s, with all its device groups. The cloud "
               "refuses while there are devices in one of them: move them first."),
      scope->catalog);
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (widget);
  g_autofree char *title = dup_delete_title (self->scope);
  g_autofree char *text = dup_delete_text (self->scope);

  ask (self,
       &(LksCloudAct){ .title = title,
                       .text = text,
                       .button = _ ("Delete"),
                       .is_destructive = TRUE,
                       .func = lks_cloud_delete_run },
       G_CALLBACK (deleted_cb));
}

/* ---- the widget ---- */

static void
lks_cloud_tools_dispose (GObject *object)
{
  LksCloudTools *self = LKS_CLOUD_TOOLS (object);

  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_TOOLS);
  G_OBJECT_CLASS (lks_cloud_tools_parent_class)->dispose (object);
}

static void
lks_cloud_tools_finalize (GObject *object)
{
  g_clear_pointer (&LKS_CLOUD_TOOLS (object)->scope, lks_cloud_scope_free);
  G_OBJECT_CLASS (lks_cloud_tools_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "place.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "place.claim", NULL, claim_action);
  gtk_widget_class_install_action (widget_class, "place.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "place.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "place.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "place.default-groups", NULL,
                                   default_groups_action);
}

static void
lks_cloud_tools_class_init (LksCloudToolsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_tools_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_tools_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, LKS_TYPE_CLOUD_ITEM);
  signals[SIGNAL_PLACE_CHANGED] =
      g_signal_new ("place-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-tools.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, find_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, add_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, claim_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, menu_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, catalog_menu);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, product_menu);
  gtk_widget_class_bind_template_child (widget_class, LksCloudTools, group_menu);
  install_actions (widget_class);
}

static void
lks_cloud_tools_init (LksCloudTools *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A reserved name stands for none: that is no place to be changed. Nor is a tenant. */
static GMenuModel *
find_menu (LksCloudTools *self)
{
  const LksCloudScope *scope = self->scope;

  if (scope != NULL && scope->product == NULL)
    return scope->tenant == NULL ? self->catalog_menu : NULL;
  if (scope == NULL || scope->product[0] == '.')
    return NULL;
  if (scope->group == NULL)
    return self->product_menu;
  return scope->group[0] != '.' ? self->group_menu : NULL;
}

/* Into a group, or into the catalog alone; a product is no place for a device. */
static void
set_up_claim (LksCloudTools *self)
{
  const LksCloudScope *scope = self->scope;
  gboolean is_alone = scope != NULL && scope->product == NULL;

  gtk_widget_set_visible (self->claim_button,
                          scope != NULL && (scope->product == NULL || scope->group != NULL));
  gtk_widget_set_tooltip_text (self->claim_button,
                               is_alone ? _ ("Claim Devices into This Catalog, in No Device Group")
                                        : _ ("Claim Devices into This Group"));
  /* The same word stands on several levels; who hears it alone learns which one is meant. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->claim_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_alone ? _ ("Claim into This Catalog…")
                                           : _ ("Claim into This Group…"),
                                  -1);
}

/**
 * lks_cloud_tools_set_place:
 * @self: tools that have no place yet
 * @desk: where to work with the cloud
 * @scope: (nullable): the place, NULL for the whole cloud
 *
 * Says where things are done.
 */
void
lks_cloud_tools_set_place (LksCloudTools *self, LksCloudDesk *desk, const LksCloudScope *scope)
{
  GMenuModel *menu;

  g_return_if_fail (LKS_IS_CLOUD_TOOLS (self));
  g_return_if_fail (self->desk == NULL);

  self->desk = g_object_ref (desk);
  self->scope = scope != NULL ? lks_cloud_scope_copy (scope) : NULL;
  menu = find_menu (self);
  gtk_menu_button_set_menu_model (self->menu_button, menu);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), menu != NULL);
  gtk_widget_set_visible (self->find_button, scope == NULL);
  set_up_claim (self);
}

/* A tenant is not made here. */
static gboolean
can_add (LksCloudTools *self)
{
  LksCloudAccount *account = lks_cloud_desk_get_account (self->desk);

  return self->listing->add != NULL &&
         (self->listing->kind != &lks_cloud_catalog_kind ||
          (account != NULL && !lks_cloud_account_is_legacy (account)));
}

/**
 * lks_cloud_tools_set_listing:
 * @self: tools
 * @listing: what is listed at the place
 *
 * Says what something new would be.
 */
void
lks_cloud_tools_set_listing (LksCloudTools *self, const LksCloudListing *listing)
{
  g_return_if_fail (LKS_IS_CLOUD_TOOLS (self));

  self->listing = listing;
  gtk_widget_set_visible (GTK_WIDGET (self->add_button), can_add (self));
  gtk_button_set_label (self->add_button, listing->add != NULL ? _ (listing->add) : "");
}
