/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-dialog.h"

#include "lks-cloud-text.h"

typedef struct
{
  LksCloudDesk *desk;        /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): cancelled once the dialog is closed */
  gboolean is_gone;
} LksCloudDialogPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LksCloudDialog, lks_cloud_dialog, ADW_TYPE_WINDOW)

static guint done_signal;

static LksCloudDialogPrivate *
get_private (LksCloudDialog *self)
{
  return lks_cloud_dialog_get_instance_private (self);
}

static gboolean
lks_cloud_dialog_close_request (GtkWindow *window)
{
  g_cancellable_cancel (get_private (LKS_CLOUD_DIALOG (window))->cancellable);
  return GTK_WINDOW_CLASS (lks_cloud_dialog_parent_class)->close_request (window);
}

/* The children may tell that they change while they go: it is gone before they are. GTK 4.8 takes
 * the template of the instance's own class only. */
static void
lks_cloud_dialog_dispose (GObject *object)
{
  LksCloudDialogPrivate *priv = get_private (LKS_CLOUD_DIALOG (object));

  priv->is_gone = TRUE;
  g_cancellable_cancel (priv->cancellable);
  g_clear_object (&priv->desk);
  gtk_widget_dispose_template (GTK_WIDGET (object), G_OBJECT_TYPE (object));
  G_OBJECT_CLASS (lks_cloud_dialog_parent_class)->dispose (object);
}

static void
lks_cloud_dialog_finalize (GObject *object)
{
  g_clear_object (&get_private (LKS_CLOUD_DIALOG (object))->cancellable);
  G_OBJECT_CLASS (lks_cloud_dialog_parent_class)->finalize (object);
}

static void
lks_cloud_dialog_class_init (LksCloudDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_cloud_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_cloud_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_cloud_dialog_close_request;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);

  /**
   * LksCloudDialog::done:
   * @self: the dialog
   *
   * The service has done it.
   */
  done_signal = g_signal_new ("done", LKS_TYPE_CLOUD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
lks_cloud_dialog_init (LksCloudDialog *self)
{
  get_private (self)->cancellable = g_cancellable_new ();
}

/**
 * lks_cloud_dialog_set_desk:
 * @self: a new dialog
 * @desk: where to work with the cloud
 *
 * Sets where lks_cloud_dialog_run() works.
 */
void
lks_cloud_dialog_set_desk (LksCloudDialog *self, LksCloudDesk *desk)
{
  g_return_if_fail (LKS_IS_CLOUD_DIALOG (self));

  g_set_object (&get_private (self)->desk, desk);
}

/**
 * lks_cloud_dialog_get_desk:
 * @self: a dialog
 *
 * Returns: (transfer none) (nullable): where it works with the cloud; NULL once it is gone
 */
LksCloudDesk *
lks_cloud_dialog_get_desk (LksCloudDialog *self)
{
  return get_private (self)->desk;
}

/**
 * lks_cloud_dialog_is_gone:
 * @self: a dialog that somebody still holds
 *
 * Returns: whether its widgets are not there any more
 */
gboolean
lks_cloud_dialog_is_gone (LksCloudDialog *self)
{
  return get_private (self)->is_gone;
}

/**
 * lks_cloud_dialog_get_cancellable:
 * @self: a dialog
 *
 * Returns: (transfer none): what is cancelled when the dialog is closed
 */
GCancellable *
lks_cloud_dialog_get_cancellable (LksCloudDialog *self)
{
  return get_private (self)->cancellable;
}

/**
 * lks_cloud_dialog_tell_role:
 * @self: a dialog with a desk
 * @label: where it is told
 * @action: what it is for
 *
 * Tells before which role is needed, in the words of the service that the account is of.
 */
void
lks_cloud_dialog_tell_role (LksCloudDialog *self, GtkLabel *label, LksCloudAction action)
{
  LksCloudDesk *desk = lks_cloud_dialog_get_desk (self);

  g_return_if_fail (desk != NULL);

  gtk_label_set_label (label, lks_cloud_action_to_role (action, lks_cloud_desk_get_account (desk)));
}

/**
 * lks_cloud_dialog_show_name:
 * @row: where a name is typed
 * @note: where it is told what is wrong with it
 * @kind: what the name is for
 *
 * Tells what is wrong with a name while it is typed. Nothing is wrong with one that nobody has
 * begun to type: then the rule is told.
 */
void
lks_cloud_dialog_show_name (AdwEntryRow *row, GtkLabel *note, LksCloudNameKind kind)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autofree char *problem = lks_cloud_name_to_problem (kind, name);
  gboolean is_wrong = problem != NULL && name[0] != '\0';

  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  gtk_label_set_label (note, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (note), problem != NULL);
}

/**
 * lks_cloud_dialog_run:
 * @self: a dialog with a desk
 * @func: (scope notified): the work
 * @data: for @func
 * @data_free: (nullable): frees @data, on the main thread
 * @callback: called when it is done or the dialog was closed, with the desk and (transfer full) the
 *   dialog
 *
 * Works with the service as lks_cloud_desk_run_async() does.
 */
void
lks_cloud_dialog_run (LksCloudDialog *self,
                      LksCloudJobFunc func,
                      gpointer data,
                      GDestroyNotify data_free,
                      GAsyncReadyCallback callback)
{
  LksCloudDialogPrivate *priv = get_private (self);

  g_return_if_fail (LKS_IS_CLOUD_DIALOG (self));
  g_return_if_fail (priv->desk != NULL);

  lks_cloud_desk_run_async (priv->desk, func, data, data_free, priv->cancellable, callback,
                            g_object_ref (self));
}

/**
 * lks_cloud_dialog_run_finish:
 * @self: the dialog that the callback was given
 * @result: the result
 * @note: where it is told what went wrong, or that nothing did
 * @out_data: (out) (transfer none) (nullable): the data of lks_cloud_dialog_run(), which lives as
 *   long as @result; NULL: it came to nothing
 *
 * Takes what the work came to.
 *
 * Returns: FALSE when the dialog was closed meanwhile: there is nothing to show it in
 */
gboolean
lks_cloud_dialog_run_finish (LksCloudDialog *self,
                             GAsyncResult *result,
                             LksErrorNote *note,
                             gpointer *out_data)
{
  g_autoptr (GObject) desk = g_async_result_get_source_object (result);
  g_autoptr (GError) error = NULL;

  *out_data = lks_cloud_desk_run_finish (LKS_CLOUD_DESK (desk), result, &error);
  if (lks_cloud_dialog_is_gone (self))
    return FALSE;

  lks_error_note_set_error (note, error);
  return TRUE;
}

/**
 * lks_cloud_dialog_done:
 * @self: a dialog whose work is done
 *
 * Tells so, and closes it.
 */
void
lks_cloud_dialog_done (LksCloudDialog *self)
{
  g_signal_emit (self, done_signal, 0);
  gtk_window_close (GTK_WINDOW (self));
}
