/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-find-dialog.h"

#include "lks-attached.h"
#include "lks-cloud-device.h"
#include "lks-cloud-text.h"
#include "lks-device-csv.h"
#include "lks-error-note.h"
#include "lks-service-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksCloudFindDialog
{
  LksCloudDialog parent_instance;

  AdwEntryRow *id_row;      /* template child */
  GtkLabel *id_note;        /* template child */
  GtkWidget *attached;      /* template child */
  GtkListBox *boards_list;  /* template child */
  GtkLabel *role_label;     /* template child */
  GtkSpinner *spinner;      /* template child */
  LksErrorNote *error_note; /* template child */
  GtkLabel *answer;         /* template child */
  GtkWidget *show_button;   /* template child */

  GPtrArray *boards;   /* (owned) of device IDs, in the order of @boards_list */
  LksCloudItem *found; /* (owned) (nullable) */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksCloudFindDialog, lks_cloud_find_dialog, LKS_TYPE_CLOUD_DIALOG)

enum
{
  SIGNAL_FOUND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- which device ---- */

/* What is typed as a device ID in lower case; NULL while it is none. */
static char *
dup_id (LksCloudFindDialog *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->id_row));
  g_autoptr (GPtrArray) rows = lks_device_csv_parse (text, strlen (text), NULL);

  return rows != NULL && rows->len == 1
             ? g_strdup (((LksDeviceRow *) g_ptr_array_index (rows, 0))->device_id)
             : NULL;
}

static void
update (LksCloudFindDialog *self)
{
  g_autofree char *id = dup_id (self);
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;

  if (self->found != NULL)
    {
      place = lks_cloud_scope_to_text (lks_cloud_item_get_resource (self->found)->scope);
      /* Translators: the names of a catalog, a product and a device group */
      text = g_strdup_printf (_ ("It belongs to %s"), place);
    }
  gtk_label_set_label (self->answer, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->answer), text != NULL);
  gtk_widget_set_visible (self->show_button, self->found != NULL);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->id_note), id == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "find.find", id != NULL && !self->is_busy);
}

static void
id_changed_cb (LksCloudFindDialog *self)
{
  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return;
  g_clear_object (&self->found);
  lks_error_note_set_error (self->error_note, NULL);
  update (self);
}

static void
entry_activated_cb (LksCloudFindDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "find.find", NULL);
}

static void
board_activated_cb (LksCloudFindDialog *self, GtkListBoxRow *row)
{
  gtk_editable_set_text (GTK_EDITABLE (self->id_row),
                         g_ptr_array_index (self->boards, gtk_list_box_row_get_index (row)));
  gtk_widget_activate_action (GTK_WIDGET (self), "find.find", NULL);
}

static void
show_boards (LksCloudFindDialog *self)
{
  g_autoptr (LksAttached) attached = lks_attached_ref_default ();

  self->boards = lks_attached_list_ids (attached);
  for (guint i = 0; i < self->boards->len; i++)
    {
      const char *id = g_ptr_array_index (self->boards, i);
      g_autofree char *shown = g_strdup_printf ("%.20s…", id);
      GtkWidget *row = lks_service_row_new (lks_attached_get_place (attached, id), shown, NULL);

      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_list_box_append (self->boards_list, row);
    }
  gtk_widget_set_visible (self->attached, self->boards->len > 0);
}

/* ---- the search ---- */

typedef struct
{
  char *device_id;          /* (owned) */
  LksCloudResource *device; /* (owned) (nullable) */
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_free (self->device_id);
  g_clear_pointer (&self->device, lks_cloud_resource_unref);
  g_free (self);
}

static gboolean
search_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Search *search = data;
  g_autoptr (LksCloudScope) place =
      lks_cloud_device_find_owner (client, NULL, search->device_id, cancellable, error);

  if (place == NULL)
    return FALSE;
  search->device =
      lks_cloud_resource_get (client, &lks_cloud_device_kind, place, cancellable, error);
  return search->device != NULL;
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudFindDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  Search *search = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);

  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return;
  self->is_busy = FALSE;
  gtk_editable_set_editable (GTK_EDITABLE (self->id_row), TRUE);
  lks_error_note_set_error (self->error_note, error);
  if (search != NULL)
    self->found = lks_cloud_item_new (search->device);
  update (self);
}

static void
find_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudFindDialog *self = LKS_CLOUD_FIND_DIALOG (widget);
  Search *search = g_new0 (Search, 1);

  search->device_id = dup_id (self);
  self->is_busy = TRUE;
  g_clear_object (&self->found);
  gtk_editable_set_editable (GTK_EDITABLE (self->id_row), FALSE);
  lks_error_note_set_error (self->error_note, NULL);
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), search_in_thread, search, search_free,
                        searched_cb);
  update (self);
}

static void
show_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudFindDialog *self = LKS_CLOUD_FIND_DIALOG (widget);

  if (self->found != NULL)
    g_signal_emit (self, signals[SIGNAL_FOUND], 0, self->found);
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the window ---- */

static void
lks_cloud_find_dialog_finalize (GObject *object)
{
  LksCloudFindDialog *self = LKS_CLOUD_FIND_DIALOG (object);

  g_clear_object (&self->found);
  g_clear_pointer (&self->boards, g_ptr_array_unref);
  G_OBJECT_CLASS (lks_cloud_find_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-find-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, id_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, attached);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, boards_list);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, answer);
  gtk_widget_class_bind_template_child (widget_class, LksCloudFindDialog, show_button);
  gtk_widget_class_bind_template_callback (widget_class, board_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, id_changed_cb);
}

static void
lks_cloud_find_dialog_class_init (LksCloudFindDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_find_dialog_finalize;

  /**
   * LksCloudFindDialog::found:
   * @self: the dialog
   * @item: a device
   *
   * The device shall be shown.
   */
  signals[SIGNAL_FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, LKS_TYPE_CLOUD_ITEM);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "find.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "find.show", NULL, show_action);
}

static void
lks_cloud_find_dialog_init (LksCloudFindDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_boards (self);
}

/**
 * lks_cloud_find_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudFindDialog *
lks_cloud_find_dialog_new (GtkWindow *parent, LksCloudDesk *desk)
{
  LksCloudFindDialog *self =
      g_object_new (LKS_TYPE_CLOUD_FIND_DIALOG, "transient-for", parent, NULL);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_LOOK);
  update (self);
  return self;
}
