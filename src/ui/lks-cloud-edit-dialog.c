/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-edit-dialog.h"

#include "lks-cloud-edit.h"
#include "lks-cloud-group-form.h"
#include "lks-cloud-name.h"
#include "lks-cloud-product.h"
#include "lks-cloud-text.h"
#include "lks-error-note.h"

#include <glib/gi18n-lib.h>

struct _LksCloudEditDialog
{
  LksCloudDialog parent_instance;

  GtkButton *apply_button;       /* template child */
  GtkLabel *place_label;         /* template child */
  GtkStack *stack;               /* template child */
  AdwEntryRow *name_row;         /* template child */
  GtkLabel *name_note;           /* template child */
  AdwEntryRow *description_row;  /* template child */
  GtkWidget *groups_group;       /* template child */
  GtkSwitch *groups_switch;      /* template child */
  LksCloudGroupForm *group_form; /* template child */
  GtkLabel *role_label;          /* template child */
  LksErrorNote *error_note;      /* template child */
  GtkSpinner *spinner;           /* template child */

  LksCloudScope *place; /* (owned): of what is changed, or what gets something new */
  LksCloudNameKind kind;
  gboolean is_new;
  LksCloudEdit *edit; /* (owned) (nullable) what is, or was, under way */
  gboolean is_busy;
  char *description; /* (owned): as the service told it */
};

G_DEFINE_FINAL_TYPE (LksCloudEditDialog, lks_cloud_edit_dialog, LKS_TYPE_CLOUD_DIALOG)

/* ---- what is typed ---- */

static const char *
get_name (LksCloudEditDialog *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->name_row));
}

static gboolean
can_apply (LksCloudEditDialog *self)
{
  return !self->is_busy &&
         g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "form") == 0 &&
         (!self->is_new ||
          lks_cloud_name_judge (self->kind, get_name (self)) == LKS_CLOUD_NAME_GOOD);
}

static void
update (LksCloudEditDialog *self)
{
  if (self->is_new)
    lks_cloud_dialog_show_name (self->name_row, self->name_note, self->kind);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), !self->is_busy);
  gtk_editable_set_editable (GTK_EDITABLE (self->name_row),
                             self->edit == NULL || !self->edit->is_made);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "edit.apply", can_apply (self));
}

static void
name_changed_cb (LksCloudEditDialog *self)
{
  if (!lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    update (self);
}

static void
entry_activated_cb (LksCloudEditDialog *self)
{
  if (can_apply (self))
    gtk_widget_activate_action (GTK_WIDGET (self), "edit.apply", NULL);
}

/* ---- doing it ---- */

static LksCloudEdit *
create_edit (LksCloudEditDialog *self)
{
  LksCloudEdit *edit = lks_cloud_edit_new ();
  const char *description = gtk_editable_get_text (GTK_EDITABLE (self->description_row));
  gboolean is_group = self->kind == LKS_CLOUD_NAME_GROUP;

  if (!self->is_new)
    edit->place = lks_cloud_scope_copy (self->place);
  else if (is_group)
    edit->place = lks_cloud_scope_dup_group (self->place, self->place->product, get_name (self));
  else
    edit->place = lks_cloud_scope_dup_product (self->place, get_name (self));
  edit->is_new = self->is_new;
  edit->is_made = self->edit != NULL && self->edit->is_made;
  edit->makes_groups = self->is_new && !is_group && gtk_switch_get_active (self->groups_switch);
  if (g_strcmp0 (description, self->description) != 0 || !is_group)
    edit->description = g_strdup (description);
  if (is_group)
    lks_cloud_group_form_get_settings (self->group_form, &edit->settings);
  return edit;
}

static void
applied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudEditDialog) self = user_data;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  self->is_busy = FALSE;
  update (self);
  if (data != NULL)
    lks_cloud_dialog_done (LKS_CLOUD_DIALOG (self));
}

static void
apply_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudEditDialog *self = LKS_CLOUD_EDIT_DIALOG (widget);
  LksCloudEdit *edit = create_edit (self);

  g_clear_pointer (&self->edit, lks_cloud_edit_unref);
  self->edit = edit;
  lks_error_note_set_error (self->error_note, NULL);
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), lks_cloud_edit_run, lks_cloud_edit_ref (edit),
                        lks_cloud_edit_unref, applied_cb);
  self->is_busy = TRUE;
  update (self);
}

/* ---- how it is ---- */

typedef struct
{
  LksCloudScope *place;       /* (owned) */
  LksCloudResource *resource; /* (owned) (nullable) */
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  lks_cloud_scope_free (self->place);
  g_clear_pointer (&self->resource, lks_cloud_resource_unref);
  g_free (self);
}

static gboolean
look_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Look *look = data;
  const LksCloudKind *kind =
      look->place->group != NULL ? &lks_cloud_group_kind : &lks_cloud_product_kind;

  look->resource = lks_cloud_resource_get (client, kind, look->place, cancellable, error);
  return look->resource != NULL;
}

static void
show_resource (LksCloudEditDialog *self, const LksCloudResource *resource)
{
  gboolean is_group = self->kind == LKS_CLOUD_NAME_GROUP;
  const char *description = is_group ? ((const LksCloudGroup *) resource)->description
                                     : ((const LksCloudProduct *) resource)->description;

  self->description = g_strdup (description != NULL ? description : "");
  gtk_editable_set_text (GTK_EDITABLE (self->description_row), self->description);
  if (is_group)
    lks_cloud_group_form_set_group (self->group_form, (const LksCloudGroup *) resource);
  gtk_stack_set_visible_child_name (self->stack, "form");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudEditDialog) self = user_data;
  Look *look;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  look = data;
  self->is_busy = FALSE;
  if (look != NULL)
    show_resource (self, look->resource);
  update (self);
}

static void
look (LksCloudEditDialog *self)
{
  Look *look = g_new0 (Look, 1);

  look->place = lks_cloud_scope_copy (self->place);
  self->is_busy = TRUE;
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), look_in_thread, look, look_free, looked_cb);
}

/* ---- the window ---- */

static void
lks_cloud_edit_dialog_finalize (GObject *object)
{
  LksCloudEditDialog *self = LKS_CLOUD_EDIT_DIALOG (object);

  g_clear_pointer (&self->place, lks_cloud_scope_free);
  g_clear_pointer (&self->edit, lks_cloud_edit_unref);
  g_free (self->description);
  G_OBJECT_CLASS (lks_cloud_edit_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-edit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, apply_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, place_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, name_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, description_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, groups_group);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, groups_switch);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, group_form);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudEditDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
}

static void
lks_cloud_edit_dialog_class_init (LksCloudEditDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_edit_dialog_finalize;

  g_type_ensure (LKS_TYPE_CLOUD_GROUP_FORM);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "edit.apply", NULL, apply_action);
}

static void
lks_cloud_edit_dialog_init (LksCloudEditDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_title (LksCloudEditDialog *self)
{
  if (self->kind == LKS_CLOUD_NAME_GROUP)
    return self->is_new ? _ ("New Device Group") : _ ("Change Device Group");
  return self->is_new ? _ ("New Product") : _ ("Change Product");
}

static LksCloudEditDialog *
create (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *place, gboolean is_new)
{
  LksCloudEditDialog *self =
      g_object_new (LKS_TYPE_CLOUD_EDIT_DIALOG, "transient-for", parent, NULL);
  gboolean is_group = is_new ? place->product != NULL : place->group != NULL;
  g_autofree char *where = lks_cloud_scope_to_text (place);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_CHANGE);
  self->place = lks_cloud_scope_copy (place);
  self->kind = is_group ? LKS_CLOUD_NAME_GROUP : LKS_CLOUD_NAME_PRODUCT;
  self->is_new = is_new;
  gtk_window_set_default_size (GTK_WINDOW (self), 560, is_group ? 720 : 480);
  gtk_window_set_title (GTK_WINDOW (self), get_title (self));
  gtk_label_set_label (self->place_label, where);
  gtk_button_set_label (self->apply_button, is_new ? _ ("Create") : _ ("Change"));
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->name_note), is_new);
  gtk_widget_set_visible (self->groups_group, is_new && !is_group);
  gtk_widget_set_visible (GTK_WIDGET (self->group_form), is_group);
  gtk_stack_set_visible_child_name (self->stack, is_new ? "form" : "loading");
  if (!is_new)
    look (self);
  update (self);
  return self;
}

/**
 * lks_cloud_edit_dialog_new_to_create:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @place: a catalog for a new product, or a product for a new device group
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudEditDialog *
lks_cloud_edit_dialog_new_to_create (GtkWindow *parent,
                                     LksCloudDesk *desk,
                                     const LksCloudScope *place)
{
  return create (parent, desk, place, TRUE);
}

/**
 * lks_cloud_edit_dialog_new_to_change:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @place: a product or a device group; it is asked for how it is now
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudEditDialog *
lks_cloud_edit_dialog_new_to_change (GtkWindow *parent,
                                     LksCloudDesk *desk,
                                     const LksCloudScope *place)
{
  return create (parent, desk, place, FALSE);
}
