/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-dialog.h"

#include "lks-capability.h"
#include "lks-catalog-row.h"
#include "lks-device-csv.h"
#include "lks-device-field.h"
#include "lks-error-note.h"
#include "lks-file-opener.h"
#include "lks-os-book.h"
#include "lks-route-job.h"
#include "lks-route-list.h"

#include <glib/gi18n-lib.h>

#define SECONDS_PER_DAY (24 * 60 * 60)

struct _LksRouteDialog
{
  LksCloudDialog parent_instance;

  GtkStack *stack;               /* template child */
  LksDeviceField *devices;       /* template child */
  LksCatalogRow *catalog_row;    /* template child */
  GtkSwitch *servicing_switch;   /* template child */
  GtkSwitch *development_switch; /* template child */
  AdwEntryRow *image_row;        /* template child */
  AdwActionRow *keystore_row;    /* template child */
  GtkSpinButton *days_button;    /* template child */
  GtkLabel *role_label;          /* template child */
  GtkLabel *summary;             /* template child */
  GtkSpinner *spinner;           /* template child */
  LksErrorNote *error_note;      /* template child */
  LksRouteList *list;            /* template child */
  GtkWidget *form_bar;           /* template child */
  GtkWidget *result_bar;         /* template child */

  char *folder;     /* (owned) */
  char *os_address; /* (owned): who publishes the list of OS versions */
  char *keystore;   /* (owned) (nullable) */
  LksRouteJob *job; /* (owned) (nullable) */
  gboolean is_working;
};

G_DEFINE_FINAL_TYPE (LksRouteDialog, lks_route_dialog, LKS_TYPE_CLOUD_DIALOG)

static void
update (LksRouteDialog *self)
{
  GPtrArray *rows = lks_device_field_get_rows (self->devices);
  gboolean has_devices = rows != NULL && rows->len > 0;
  gboolean has_kind = gtk_switch_get_active (self->servicing_switch) ||
                      gtk_switch_get_active (self->development_switch);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "route.pack",
                                 has_devices && has_kind && !self->is_working &&
                                     lks_catalog_row_get_catalog (self->catalog_row) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "route.check",
                                 has_devices && has_kind && !self->is_working);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "route.back", !self->is_working);
}

/* ---- the trusted keystore ---- */

static void
keystore_opened_cb (GtkWidget *owner, const char *const *paths)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (owner);
  g_autofree char *name = g_filename_display_basename (paths[0]);

  g_free (self->keystore);
  self->keystore = g_strdup (paths[0]);
  adw_action_row_set_subtitle (self->keystore_row, name);
}

static void
keystore_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose a Trusted Keystore"), _ ("Images (*.bin)"), "*.bin",
                       FALSE, keystore_opened_cb);
}

/* ---- what came of it ---- */

static void
set_working (LksRouteDialog *self, gboolean is_working)
{
  self->is_working = is_working;
  gtk_spinner_set_spinning (self->spinner, is_working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_working);
  update (self);
}

static void
done_cb (LksRouteDialog *self)
{
  g_autoptr (LksOsBook) book = lks_os_book_ref_default ();
  GPtrArray *findings = lks_route_job_get_findings (self->job);
  const GError *error = lks_route_job_get_error (self->job);

  lks_os_book_reload (book); /* packing fetches the list */
  set_working (self, FALSE);
  lks_error_note_set_error (self->error_note, error);
  if (findings != NULL)
    lks_route_list_show_findings (self->list, lks_route_job_get_route (self->job), findings);
  gtk_label_set_label (self->summary, findings == NULL ? _ ("Nobody knows whether all is there.")
                                      : lks_route_is_ready (findings)
                                          ? _ ("Ready to leave: everything is there.")
                                          : _ ("Not ready to leave: something is missing."));
}

/* ---- what is wanted ---- */

static void
add_capability (LksRoute *route, GtkSwitch *widget, guint capability)
{
  if (gtk_switch_get_active (widget))
    g_array_append_val (route->capabilities, capability);
}

static void
add_wanted (LksRoute *route, const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    if (*g_strstrip (names[i]) != '\0')
      g_ptr_array_add (route->wanted, g_strdup (names[i]));
}

static LksRoute *
create_route (LksRouteDialog *self)
{
  LksRoute *route = lks_route_load (self->folder, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  GPtrArray *rows;

  if (route == NULL)
    route = lks_route_new ();
  g_array_set_size (route->capabilities, 0);
  g_ptr_array_set_size (route->wanted, 0);
  add_capability (route, self->servicing_switch, LKS_CAPABILITY_FIELD_SERVICING);
  add_capability (route, self->development_switch, LKS_CAPABILITY_APP_DEVELOPMENT);
  add_wanted (route, gtk_editable_get_text (GTK_EDITABLE (self->image_row)));
  rows = lks_device_field_get_rows (self->devices);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (ids, ((LksDeviceRow *) g_ptr_array_index (rows, i))->device_id);
  lks_route_set_devices (route, ids);
  return route;
}

static gint64
get_leave (LksRouteDialog *self)
{
  return g_get_real_time () / G_USEC_PER_SEC +
         gtk_spin_button_get_value_as_int (self->days_button) * (gint64) SECONDS_PER_DAY;
}

/* ---- to pack and to look ---- */

static gboolean
begin (LksRouteDialog *self, const char *summary)
{
  LksCloudDesk *desk = lks_cloud_dialog_get_desk (LKS_CLOUD_DIALOG (self));
  LksVault *vault = lks_cloud_desk_get_vault (desk);
  LksRoute *route;

  if (vault == NULL || lks_device_field_get_rows (self->devices) == NULL || self->is_working)
    return FALSE;
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  route = create_route (self);
  lks_route_list_show_waiting (self->list, route);
  self->job = lks_route_job_new (desk, vault, route, self->folder, self->os_address);
  g_signal_connect_object (self->job, "event", G_CALLBACK (lks_route_list_take_event), self->list,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->job, "done", G_CALLBACK (done_cb), self);
  gtk_label_set_label (self->summary, summary);
  lks_error_note_set_error (self->error_note, NULL);
  gtk_stack_set_visible_child_name (self->stack, "results");
  gtk_widget_set_visible (self->form_bar, FALSE);
  gtk_widget_set_visible (self->result_bar, TRUE);
  set_working (self, TRUE);
  return TRUE;
}

static void
pack_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (widget);
  const LksCloudScope *catalog = lks_catalog_row_get_catalog (self->catalog_row);

  if (catalog != NULL && begin (self, _ ("Packing…")))
    lks_route_job_pack (self->job, catalog, self->keystore, get_leave (self));
}

static void
check_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (widget);

  if (begin (self, _ ("Looking what is there…")))
    lks_route_job_check (self->job, get_leave (self));
}

static void
back_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (widget);

  gtk_stack_set_visible_child_name (self->stack, "form");
  gtk_widget_set_visible (self->form_bar, TRUE);
  gtk_widget_set_visible (self->result_bar, FALSE);
}

/* ---- the window ---- */

static gboolean
lks_route_dialog_close_request (GtkWindow *window)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (window);

  if (self->job != NULL)
    lks_route_job_stop (self->job);
  return GTK_WINDOW_CLASS (lks_route_dialog_parent_class)->close_request (window);
}

static void
lks_route_dialog_dispose (GObject *object)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (object);

  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      lks_route_job_stop (self->job);
    }
  g_clear_object (&self->job);
  G_OBJECT_CLASS (lks_route_dialog_parent_class)->dispose (object);
}

static void
lks_route_dialog_finalize (GObject *object)
{
  LksRouteDialog *self = LKS_ROUTE_DIALOG (object);

  g_free (self->folder);
  g_free (self->os_address);
  g_free (self->keystore);
  G_OBJECT_CLASS (lks_route_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (LKS_TYPE_CATALOG_ROW);
  g_type_ensure (LKS_TYPE_DEVICE_FIELD);
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  g_type_ensure (LKS_TYPE_ROUTE_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-route-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, devices);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, catalog_row);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, servicing_switch);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, development_switch);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, image_row);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, keystore_row);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, days_button);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, form_bar);
  gtk_widget_class_bind_template_child (widget_class, LksRouteDialog, result_bar);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
lks_route_dialog_class_init (LksRouteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_route_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_route_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_route_dialog_close_request;
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "route.keystore", NULL, keystore_action);
  gtk_widget_class_install_action (widget_class, "route.pack", NULL, pack_action);
  gtk_widget_class_install_action (widget_class, "route.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "route.back", NULL, back_action);
}

static void
lks_route_dialog_init (LksRouteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lks_device_field_set_limit (self->devices, LKS_ROUTE_DEVICES_MAX);
  lks_catalog_row_set_texts (
      self->catalog_row,
      _ ("Nobody is signed in. Sign in on the page Cloud to pack; what is there can be checked all "
         "the same."),
      _ ("This account sees no catalog. Without one, nothing can be packed."), NULL);
}

/* Goes on with the route of before. */
static void
show_route (LksRouteDialog *self)
{
  g_autoptr (LksRoute) route = lks_route_load (self->folder, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *wanted = NULL;

  if (route != NULL)
    {
      for (guint i = 0; i < route->devices->len; i++)
        g_ptr_array_add (ids,
                         ((LksRouteDevice *) g_ptr_array_index (route->devices, i))->device_id);
      g_ptr_array_add (route->wanted, NULL);
      wanted = g_strjoinv (", ", (char **) route->wanted->pdata);
      gtk_editable_set_text (GTK_EDITABLE (self->image_row), wanted);
    }
  lks_device_field_append (self->devices, ids);
}

/* Each service has roles of its own. */
static void
tell_role (LksRouteDialog *self)
{
  if (!lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label,
                                LKS_CLOUD_ACTION_CAPABILITY);
}

/**
 * lks_route_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud; it has a vault
 * @folder: where the route is
 * @os_address: who publishes the list of OS versions, empty for the vendor
 *
 * Creates the dialog, with the route of before if there is one.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksRouteDialog *
lks_route_dialog_new (GtkWindow *parent,
                      LksCloudDesk *desk,
                      const char *folder,
                      const char *os_address)
{
  LksRouteDialog *self = g_object_new (LKS_TYPE_ROUTE_DIALOG, "transient-for", parent, NULL);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  tell_role (self);
  g_signal_connect_object (desk, "notify::account", G_CALLBACK (tell_role), self,
                           G_CONNECT_SWAPPED);
  self->folder = g_strdup (folder);
  self->os_address = g_strdup (os_address);
  show_route (self);
  lks_catalog_row_set_desk (self->catalog_row, desk);
  return self;
}
