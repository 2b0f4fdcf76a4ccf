/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-act-dialog.h"

#include "lks-error-note.h"

/* What is done, shared with the worker thread that does it. */
typedef struct
{
  LksCloudJobFunc func;
  gpointer data; /* (owned) */
  GDestroyNotify data_free;
} Work;

struct _LksCloudActDialog
{
  LksCloudDialog parent_instance;

  GtkLabel *heading;        /* template child */
  GtkLabel *text;           /* template child */
  GtkLabel *role;           /* template child */
  LksErrorNote *error_note; /* template child */
  GtkSpinner *spinner;      /* template child */
  GtkButton *act_button;    /* template child */

  Work *work; /* (owned) (nullable): an atomic box */
};

G_DEFINE_FINAL_TYPE (LksCloudActDialog, lks_cloud_act_dialog, LKS_TYPE_CLOUD_DIALOG)

static void
work_clear (gpointer data)
{
  Work *self = data;

  if (self->data_free != NULL)
    self->data_free (self->data);
}

static void
work_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, work_clear);
}

static void
set_busy (LksCloudActDialog *self, gboolean is_busy)
{
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "act.do", !is_busy);
}

static gboolean
act_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  return work->func (client, work->data, cancellable, error);
}

static void
acted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudActDialog) self = user_data;
  gpointer data;

  if (!lks_cloud_dialog_run_finish (LKS_CLOUD_DIALOG (self), result, self->error_note, &data))
    return;
  set_busy (self, FALSE);
  if (data != NULL)
    lks_cloud_dialog_done (LKS_CLOUD_DIALOG (self));
}

static void
do_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudActDialog *self = LKS_CLOUD_ACT_DIALOG (widget);

  set_busy (self, TRUE);
  lks_error_note_set_error (self->error_note, NULL);
  lks_cloud_dialog_run (LKS_CLOUD_DIALOG (self), act_in_thread,
                        g_atomic_rc_box_acquire (self->work), work_release, acted_cb);
}

/* ---- the window ---- */

static void
lks_cloud_act_dialog_finalize (GObject *object)
{
  LksCloudActDialog *self = LKS_CLOUD_ACT_DIALOG (object);

  g_clear_pointer (&self->work, work_release);
  G_OBJECT_CLASS (lks_cloud_act_dialog_parent_class)->finalize (object);
}

static void
lks_cloud_act_dialog_class_init (LksCloudActDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = lks_cloud_act_dialog_finalize;

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-act-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, text);
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, role);
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksCloudActDialog, act_button);
  gtk_widget_class_install_action (widget_class, "act.do", NULL, do_action);
}

static void
lks_cloud_act_dialog_init (LksCloudActDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_act_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @desk: where to work with the cloud
 * @act: what to do; its data belongs to the dialog from now on
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksCloudActDialog *
lks_cloud_act_dialog_new (GtkWindow *parent, LksCloudDesk *desk, const LksCloudAct *act)
{
  LksCloudActDialog *self = g_object_new (LKS_TYPE_CLOUD_ACT_DIALOG, "transient-for", parent, NULL);

  lks_cloud_dialog_set_desk (LKS_CLOUD_DIALOG (self), desk);
  self->work = g_atomic_rc_box_new (Work);
  *self->work = (Work){ act->func, act->data, act->data_free };
  gtk_window_set_title (GTK_WINDOW (self), act->title);
  gtk_label_set_label (self->heading, act->title);
  gtk_label_set_label (self->text, act->text);
  lks_cloud_dialog_tell_role (LKS_CLOUD_DIALOG (self), self->role, act->action);
  gtk_button_set_label (self->act_button, act->button);
  gtk_widget_add_css_class (GTK_WIDGET (self->act_button),
                            act->is_destructive ? "destructive-action" : "suggested-action");
  return self;
}
