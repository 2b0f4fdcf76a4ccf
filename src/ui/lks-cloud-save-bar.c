/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-save-bar.h"

#include "lks-error-note.h"
#include "lks-file-saver.h"
#include "lks-whole-file.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  LksCloudDesk *desk; /* (owned) */
  LksCloudFetchFunc func;
  gpointer data; /* (owned) */
  GDestroyNotify data_free;
  GFile *file; /* (owned) (nullable) until it is chosen */
} Job;

struct _LksCloudSaveBar
{
  AdwBin parent_instance;

  GtkLabel *label;          /* template child */
  LksErrorNote *error_note; /* template child */
  GtkSpinner *spinner;      /* template child */
  GtkWidget *stop_button;   /* template child */

  GtkFileChooserNative *chooser; /* (owned) (nullable) */
  Job *wanted;                   /* (owned) (nullable) of the question */
  GCancellable *cancellable;     /* (owned) (nullable) of what is under way */
};

G_DEFINE_FINAL_TYPE (LksCloudSaveBar, lks_cloud_save_bar, ADW_TYPE_BIN)

static Job *
job_new (const LksCloudSave *save)
{
  Job *self = g_new0 (Job, 1);

  self->desk = g_object_ref (save->desk);
  self->func = save->func;
  self->data = save->data;
  self->data_free = save->data_free;
  return self;
}

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_object (&self->desk);
  g_clear_object (&self->file);
  self->data_free (self->data);
  g_free (self);
}

static void
tell (LksCloudSaveBar *self, const char *text, const GError *error)
{
  gboolean is_busy = self->cancellable != NULL;

  gtk_label_set_label (self->label, text);
  lks_error_note_set_error (self->error_note, error);
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_widget_set_visible (self->stop_button, is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
tell_outcome (LksCloudSaveBar *self, GFile *file, const GError *error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  gboolean is_stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *text = error == NULL ? g_strdup_printf (_ ("%s was written."), shown)
                          : is_stopped ? g_strdup_printf (_ ("Stopped. %s was not written."), shown)
                                       : g_strdup_printf (_ ("%s was not written."), shown);

  tell (self, text, is_stopped ? NULL : error);
}

/* ---- fetching ---- */

static gboolean
save_in_thread (LksCloudClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Job *job = data;
  g_autoptr (GBytes) bytes = job->func (client, job->data, cancellable, error);

  return bytes != NULL &&
         lks_whole_file_write_bytes (job->file, G_FILE_CREATE_NONE, bytes, cancellable, error);
}

/* What the callback needs, whatever becomes of the work. */
typedef struct
{
  LksCloudSaveBar *bar; /* (owned) */
  GFile *file;          /* (owned) */
} Wait;

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Wait *wait = user_data;
  g_autoptr (LksCloudSaveBar) self = wait->bar;
  g_autoptr (GFile) file = wait->file;
  g_autoptr (GError) error = NULL;

  lks_cloud_desk_run_finish (LKS_CLOUD_DESK (source), result, &error);
  g_clear_object (&self->cancellable);
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    tell_outcome (self, file, error);
}

static void
begin (LksCloudSaveBar *self, Job *job)
{
  Wait *wait = g_new (Wait, 1);

  wait->bar = g_object_ref (self);
  wait->file = g_object_ref (job->file);
  self->cancellable = g_cancellable_new ();
  tell (self, _ ("Fetching it from the cloud…"), NULL);
  lks_cloud_desk_run_async (job->desk, save_in_thread, job, job_free, self->cancellable, saved_cb,
                            wait);
}

/**
 * lks_cloud_save_bar_begin:
 * @self: a bar that does nothing at present
 * @save: what to save; its data belongs to the bar from now on
 * @file: where to; replaced when it is there
 *
 * Fetches it and writes the file.
 */
void
lks_cloud_save_bar_begin (LksCloudSaveBar *self, const LksCloudSave *save, GFile *file)
{
  Job *job = job_new (save);

  g_return_if_fail (LKS_IS_CLOUD_SAVE_BAR (self));
  g_return_if_fail (self->cancellable == NULL);

  job->file = g_object_ref (file);
  begin (self, job);
}

/* ---- where to ---- */

static void
forget_question (LksCloudSaveBar *self)
{
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->wanted, job_free);
}

static void
chosen_cb (LksCloudSaveBar *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT && self->cancellable == NULL)
    {
      self->wanted->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      begin (self, g_steal_pointer (&self->wanted));
    }
  forget_question (self);
}

/**
 * lks_cloud_save_bar_ask:
 * @self: a bar
 * @save: what to save; its data belongs to the bar from now on
 *
 * Asks for a file, then fetches and writes it. Does nothing while something is under way.
 */
void
lks_cloud_save_bar_ask (LksCloudSaveBar *self, const LksCloudSave *save)
{
  Job *job = job_new (save);

  g_return_if_fail (LKS_IS_CLOUD_SAVE_BAR (self));

  if (self->chooser != NULL || self->cancellable != NULL)
    {
      job_free (job);
      return;
    }
  self->wanted = job;
  self->chooser = lks_file_saver_open (GTK_WIDGET (self), save->title, save->name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- the widget ---- */

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (LKS_CLOUD_SAVE_BAR (widget)->cancellable);
}

/* Who leaves does not want the file any more. */
static void
lks_cloud_save_bar_unroot (GtkWidget *widget)
{
  LksCloudSaveBar *self = LKS_CLOUD_SAVE_BAR (widget);

  g_cancellable_cancel (self->cancellable);
  forget_question (self);
  GTK_WIDGET_CLASS (lks_cloud_save_bar_parent_class)->unroot (widget);
}

static void
lks_cloud_save_bar_dispose (GObject *object)
{
  LksCloudSaveBar *self = LKS_CLOUD_SAVE_BAR (object);

  forget_question (self);
  g_clear_object (&self->cancellable);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_SAVE_BAR);
  G_OBJECT_CLASS (lks_cloud_save_bar_parent_class)->dispose (object);
}

static void
lks_cloud_save_bar_class_init (LksCloudSaveBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_save_bar_dispose;
  widget_class->unroot = lks_cloud_save_bar_unroot;
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-save-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudSaveBar, label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSaveBar, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSaveBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, LksCloudSaveBar, stop_button);
  gtk_widget_class_install_action (widget_class, "save.stop", NULL, stop_action);
}

static void
lks_cloud_save_bar_init (LksCloudSaveBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
