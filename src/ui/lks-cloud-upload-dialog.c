/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-upload-dialog.h"

#include "lks-cloud-image.h"
#include "lks-error-note.h"
#include "lks-file-opener.h"
#include "lks-package-row.h"
#include "lks-sideload-plan.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>

struct _LksCloudUploadDialog
{
  LksCloudDialog parent_instance;

  GtkLabel *place_label;    /* template child */
  GtkListBox *list;         /* template child */
  GtkWidget *choose_button; /* template child */
  GtkWidget *settings;      /* template child */
  AdwComboRow *region_row;  /* template child */
  GtkWidget *force_row;     /* template child */
  GtkSwitch *force_switch;  /* template child */
  GtkLabel *role_label;     /* template child */
  GtkLabel *status;         /* template child */
  LksErrorNote *error_note; /* template child */
  GtkSpinner *spinner;      /* template child */
  GtkButton *close_button;  /* template child */

  LksCloudScope *catalog; /* (owned) */
  GPtrArray *packages;    /* (owned) of LksSideloadPackage */
  guint n_uploaded;       /* the first of them */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksCloudUploadDialog, lks_cloud_upload_dialog, LKS_TYPE_CLOUD_DIALOG)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- what is shown ---- */

static gboolean
has_flaws (LksCloudUploadDialog *self)
{
  for (guint i = self->n_uploaded; i < self->packages->len; i++)
    if (((LksSideloadPackage *) g_ptr_array_index (self->packages, i))->inspection->flaws->len > 0)
      return TRUE;
  return FALSE;
}

static gboolean
can_upload (LksCloudUploadDialog *self)
{
  return !self->is_busy && self->n_uploaded < self->packages->len &&
         (!has_flaws (self) || gtk_switch_get_active (self->force_switch));
}

static char *
describe_status (LksCloudUploadDialog *self)
{
  if (self->packages->len == 0)
    return g_strdup (self->is_busy ? _ ("Reading the files…") : "");
  if (self->is_busy)
    /* Translators: the number of an image, how many there are */
    return g_strdup_printf (_ ("Uploading image %u of %u…"), self->n_uploaded + 1,
                            self->packages->len);
  if (self->n_uploaded == self->packages->len)
    return g_strdup_printf (ngettext ("%u image is in the catalog.",
                                      "%u images are in the catalog.", self->n_uploaded),
                            self->n_uploaded);
  if (self->n_uploaded > 0)
    /* Translators: how many images are uploaded, of how many */
    return g_strdup_printf (_ ("%u of %u are in the catalog."), self->n_uploaded,
                            self->packages->len);
  return g_strdup (_ ("Nothing was sent yet. Look what the images are."));
}

static void
update (LksCloudUploadDialog *self)
{
  g_autofree char *status = describe_status (self);
  gboolean is_done = self->packages->len > 0 && self->n_uploaded == self->packages->len;

  gtk_label_set_label (self->status, status);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  gtk_widget_set_visible (self->choose_button, self->packages->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->list), self->packages->len > 0);
  gtk_widget_set_visible (self->settings, self->packages->len > 0 && !is_done);
  gtk_widget_set_sensitive (self->settings, !self->is_busy);
  gtk_widget_set_visible (self->force_row, has_flaws (self));
  gtk_button_set_label (self->close_button, is_done ? _ ("Close") : _ ("Cancel"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "upload.choose", !self->is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "upload.begin", can_upload (self));
}

static void
force_changed_cb (LksCloudUploadDialog *self)
{
  update (self);
}

/* ---- the files ---- */

static gboolean
load_package (GPtrArray *packages, const char *path, GError **error)
{
  g_autoptr (LksSideloadPackage) package = lks_sideload_package_load (path, error);

  if (package == NULL)
    return FALSE;
  if (!lks_cloud_image_check (package->bytes, error))
    {
      g_prefix_error (error, "%s: ", package->name);
      return FALSE;
    }
  g_ptr_array_add (packages, g_steal_pointer (&package));
  return TRUE;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  char **paths = data;
  g_autoptr (GPtrArray) packages =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_sideload_package_free);
  GError *error = NULL;

  for (guint i = 0; paths[i] != NULL; i++)
    if (!load_package (packages, paths[i], &error))
      {
        g_task_return_error (task, error);
        return;
      }
  g_task_return_pointer (task, g_steal_pointer (&packages), (GDestroyNotify) g_ptr_array_unref);
}

static void
show_packages (LksCloudUploadDialog *self)
{
  for (guint i = 0; i < self->packages->len; i++)
    gtk_list_box_append (self->list,
                         lks_package_row_new (g_ptr_array_index (self->packages, i), FALSE, NULL));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksCloudUploadDialog *self = LKS_CLOUD_UPLOAD_DIALOG (source);
  g_autoptr (GError) error = NULL;
  GPtrArray *packages = g_task_propagate_pointer (G_TASK (result), &error);

  if (packages != NULL)
    {
      g_ptr_array_unref (self->packages);
      self->packages = packages;
    }
  if (lks_cloud_dialog_is_gone (LKS_CLOUD_DIALOG (self)))
    return;
  self->is_busy = FALSE;
  lks_error_note_set_error (self->error_note, error);
  show_packages (self);
  update (self);
}

/**
 * lks_cloud_upload_dialog_load:
 * @self: a dialog that has no images yet
 * @paths: (array zero-terminated=1): files that were chosen
 *
 * Inspects the files and shows what they are. One that is no image for a catalog is refused, and
 * the others with it.
 */
void
lks_cloud_upload_dialog_load (LksCloudUploadDialog *self, const char *const *paths)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (LKS_IS_CLOUD_UPLOAD_DIALOG (self));

  if (self->is_busy || self->packages->len > 0)
    return;
  task = g_task_new (self, NULL, loaded_cb, NULL);
  g_task_set_task_data (task, g_strdupv ((char **) paths), (GDestroyNotify) g_strfreev);
  self->is_busy = TRUE;
  lks_error_note_set_error (self->error_note, NULL);
  update (self);
  lks_worker_run_alone (task, load_in_thread);
}

static void
opened_cb (GtkWidget *owner, const char *const *paths)
{
  lks_cloud_upload_dialog_load (LKS_CLOUD_UPLOAD_DIALOG (owner), paths);
}

static void
choose_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose Images"), _ ("Image packages (*.imagepackage)"),
                       "*.imagepackage", TRUE, opened_cb);
}

/* ---- uploading ---- */

typedef struct
{
  LksCloudScope *catalog; /* (owned) */
  GBytes *bytes;          /* (owned) */
  const char *region;
} Upload;

static void
upload_free (gpointer data)
{
  Upload *self = data;

  lks_cloud_scope_free (self->catalog);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static gboolean
upload_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Upload *upload = data;
  g_autoptr (LksCloudResource) resource =
      lks_cloud_image_upload (client, upload->catalog, upload->bytes, upload->region, cancellable,
                              error);

  return resource != NULL;
}

static void upload_next (LksCloudUploadDialog *self);

static void
uploaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudUploadDialog) self = user_data;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  self->is_busy = FALSE;
  if (data != NULL)
    {
      self->n_uploaded++;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
    }
  if (data != NULL && self->n_uploaded < self->packages->len)
    upload_next (self);
  update (self);
}

/* One after the other: what is there already is not sent again after a failure. */
static void
upload_next (LksCloudUploadDialog *self)
{
  const LksSideloadPackage *package = g_ptr_array_index (self->packages, self->n_uploaded);
  Upload *upload = g_new0 (Upload, 1);

  upload->catalog = lks_cloud_scope_copy (self->catalog);
  upload->bytes = g_bytes_ref (package->bytes);
  upload->region = adw_combo_row_get_selected (self->region_row) == 1 ? "EU" : "None";
  self->is_busy = TRUE;
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), upload_in_thread, upload, upload_free,
                        uploaded_cb);
}

static void
begin_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudUploadDialog *self = LKS_CLOUD_UPLOAD_DIALOG (widget);

  lks_error_note_set_error (self->error_note, NULL);
  upload_next (self);
  update (self);
}

/* ---- the window ---- */

static void
lks_cloud_upload_dialog_finalize (GObject *object)
{
  LksCloudUploadDialog *self = LKS_CLOUD_UPLOAD_DIALOG (object);

  g_clear_pointer (&self->catalog, lks_cloud_scope_free);
  g_ptr_array_unref (self->packages);
  G_OBJECT_CLASS (lks_cloud_upload_dialog_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-upload-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, place_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, choose_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, settings);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, region_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, force_row);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, force_switch);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, role_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, status);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksCloudUploadDialog, close_button);
  gtk_widget_class_bind_template_callback (widget_class, force_changed_cb);
}

static void
lks_cloud_upload_dialog_class_init (LksCloudUploadDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_upload_dialog_finalize;

  /**
   * LksCloudUploadDialog::changed:
   * @self: the dialog
   *
   * One more image is in the catalog.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "upload.choose", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "upload.begin", NULL, begin_action);
}

static void
lks_cloud_upload_dialog_init (LksCloudUploadDialog *self)
{
  self->packages = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_sideload_package_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  lks_file_opener_accept_drop (GTK_WIDGET (self), opened_cb);
}

/**
 * lks_cloud_upload_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @catalog: where images shall go
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudUploadDialog *
lks_cloud_upload_dialog_new (GtkWindow *parent, LksCloudDesk *desk, const LksCloudScope *catalog)
{
  LksCloudUploadDialog *self =
      g_object_new (LKS_TYPE_CLOUD_UPLOAD_DIALOG, "transient-for", parent, NULL);
  /* Translators: the name of a catalog */
  g_autofree char *text = g_strdup_printf (
      _ ("The images go into the catalog %s. The service signs them for its devices; a device gets "
         "one when it is deployed to its group."),
      catalog->catalog);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role_label, LKS_CLOUD_ACTION_PUBLISH);
  self->catalog = lks_cloud_scope_copy (catalog);
  gtk_label_set_label (self->place_label, text);
  update (self);
  return self;
}
