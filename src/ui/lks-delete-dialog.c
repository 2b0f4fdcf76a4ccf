/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-delete-dialog.h"

#include "lks-aspect-row.h"
#include "lks-service-row.h"
#include "lks-software-delete.h"
#include "lks-software-text.h"

#include <glib/gi18n-lib.h>

struct _LksDeleteDialog
{
  AdwWindow parent_instance;

  GtkListBox *apps_list;      /* template child */
  GtkLabel *note_label;       /* template child */
  LksAspectRow *forecast_row; /* template child */
  GtkButton *delete_button;   /* template child */

  LksSoftwareView *view; /* (owned) (nullable) until it is disposed of */
  LksPeripheralLock lock;
  GPtrArray *checks; /* (owned) of GtkCheckButton (unowned): one for each application */
  GPtrArray *ids;    /* (owned) of component IDs (unowned): of @view, in the order of @checks */
};

G_DEFINE_FINAL_TYPE (LksDeleteDialog, lks_delete_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_APPLY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/**
 * lks_delete_dialog_dup_ids:
 * @self: a dialog
 *
 * Returns: (transfer full) (array zero-terminated=1): the components that are to be deleted
 */
char **
lks_delete_dialog_dup_ids (LksDeleteDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->checks, i)))
      g_strv_builder_add (builder, g_ptr_array_index (self->ids, i));
  return g_strv_builder_end (builder);
}

static const char *
find_reason (const LksDeletePlan *plan)
{
  for (guint i = 0; i < plan->deletions->len; i++)
    {
      const LksDeletion *deletion = g_ptr_array_index (plan->deletions, i);

      if (deletion->forecast == plan->forecast)
        return _ (deletion->forecast_reason);
    }

  return "";
}

static void
show_forecast (LksDeleteDialog *self, const LksDeletePlan *plan)
{
  LksSign sign = lks_sign_for_restart_forecast (plan->forecast);

  lks_aspect_row_set_sign (self->forecast_row, &sign);
  lks_aspect_row_set_explanation (self->forecast_row, find_reason (plan));
}

static void
update (LksDeleteDialog *self)
{
  g_auto (GStrv) ids = lks_delete_dialog_dup_ids (self);
  guint n = g_strv_length (ids);
  guint n_kept = self->ids->len - n;
  g_autoptr (LksDeletePlan) plan = NULL;
  g_autofree char *label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Delete %u Application",
                                                         "Delete %u Applications", n),
                                            n);
  g_autofree char *note =
      n_kept > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u application stays.",
                                                 "%u applications stay.", n_kept),
                                    n_kept)
                 : g_strdup (_ ("No application stays."));

  gtk_button_set_label (self->delete_button, label);
  gtk_label_set_label (self->note_label, note);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "delete.apply", n > 0);
  if (n > 0)
    plan = lks_delete_plan_new (self->view->software, self->lock, (const char *const *) ids, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->forecast_row), plan != NULL);
  if (plan != NULL)
    show_forecast (self, plan);
}

static void
add_row (LksDeleteDialog *self, const LksSoftwareItem *item, gboolean is_chosen)
{
  LksSign sign = lks_sign_for_app_state (item->state);
  g_autofree char *title = lks_software_item_to_title (item);
  g_autofree char *text = g_strdup_printf (_ ("component %s"), item->component_id);
  GtkWidget *row = lks_service_row_new (title, text, &sign);
  GtkWidget *check = gtk_check_button_new ();

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_chosen);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->checks, check);
  g_ptr_array_add (self->ids, item->component_id);
  gtk_list_box_append (self->apps_list, row);
}

static void
apply_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_APPLY], 0);
  gtk_window_close (GTK_WINDOW (widget));
}

static void
lks_delete_dialog_dispose (GObject *object)
{
  LksDeleteDialog *self = LKS_DELETE_DIALOG (object);

  g_ptr_array_set_size (self->checks, 0);
  g_ptr_array_set_size (self->ids, 0);
  g_clear_pointer (&self->view, lks_software_view_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_DELETE_DIALOG);
  G_OBJECT_CLASS (lks_delete_dialog_parent_class)->dispose (object);
}

static void
lks_delete_dialog_finalize (GObject *object)
{
  LksDeleteDialog *self = LKS_DELETE_DIALOG (object);

  g_ptr_array_unref (self->checks);
  g_ptr_array_unref (self->ids);
  G_OBJECT_CLASS (lks_delete_dialog_parent_class)->finalize (object);
}

static void
lks_delete_dialog_class_init (LksDeleteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_delete_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_delete_dialog_finalize;

  /**
   * LksDeleteDialog::apply:
   * @self: the dialog
   *
   * The chosen applications are to be deleted.
   */
  signals[SIGNAL_APPLY] = g_signal_new ("apply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_ASPECT_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-delete-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksDeleteDialog, apps_list);
  gtk_widget_class_bind_template_child (widget_class, LksDeleteDialog, note_label);
  gtk_widget_class_bind_template_child (widget_class, LksDeleteDialog, forecast_row);
  gtk_widget_class_bind_template_child (widget_class, LksDeleteDialog, delete_button);
  gtk_widget_class_install_action (widget_class, "delete.apply", NULL, apply_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_delete_dialog_init (LksDeleteDialog *self)
{
  self->checks = g_ptr_array_new ();
  self->ids = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_delete_dialog_new:
 * @parent: the window in front of which it is shown
 * @view: what is installed on the board
 * @lock: whether its peripheral configuration is locked
 * @component_id: (nullable): the application that is chosen at first
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksDeleteDialog *
lks_delete_dialog_new (GtkWindow *parent,
                       LksSoftwareView *view,
                       LksPeripheralLock lock,
                       const char *component_id)
{
  LksDeleteDialog *self = g_object_new (LKS_TYPE_DELETE_DIALOG, "transient-for", parent, NULL);

  self->view = lks_software_view_ref (view);
  self->lock = lock;
  for (guint i = 0; i < view->software->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (view->software->items, i);

      if (lks_software_item_is_app (item))
        add_row (self, item, g_strcmp0 (item->component_id, component_id) == 0);
    }
  update (self);
  return self;
}
