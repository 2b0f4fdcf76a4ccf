/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-export-bar.h"

#include "lks-cloud-text.h"
#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>

/* So often the bar tells how far it is. */
#define TELL_MS 200

/* An export, from the question for a file until it is written. */
typedef struct
{
  LksCloudDesk *desk;     /* (owned) */
  LksCloudClient *client; /* (owned) (nullable): of the thread */
  LksCloudScope *scope;   /* (owned) (nullable) */
  char *search;           /* (owned) */
  GFile *file;            /* (owned) (nullable) */
  char *nick;             /* (owned): begins the file's name */
  LksCloudExport export;
} Job;

struct _LksCloudExportBar
{
  AdwBin parent_instance;

  GtkWidget *box;            /* template child */
  GtkLabel *label;           /* template child */
  GtkWidget *stop_button;    /* template child */
  GtkWidget *dismiss_button; /* template child */

  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
  Job *wanted;                   /* (owned) (nullable): what @chooser is for */
  Job *job;                      /* (unowned) (nullable): what is being written */
  GCancellable *cancellable;     /* (owned) (nullable): of @job */
  guint timer;                   /* while @job is there */
};

G_DEFINE_FINAL_TYPE (LksCloudExportBar, lks_cloud_export_bar, ADW_TYPE_BIN)

static void
job_free (gpointer data)
{
  Job *self = data;

  g_object_unref (self->desk);
  g_clear_pointer (&self->client, lks_cloud_client_free);
  g_clear_pointer (&self->scope, lks_cloud_scope_free);
  g_clear_object (&self->file);
  g_free (self->search);
  g_free (self->nick);
  g_free (self);
}

static Job *
job_new (const LksCloudExportWish *wish)
{
  Job *self = g_new0 (Job, 1);

  self->desk = g_object_ref (wish->desk);
  self->scope = wish->scope != NULL ? lks_cloud_scope_copy (wish->scope) : NULL;
  self->search = g_strdup (wish->search);
  self->nick = g_strdup (wish->listing->nick);
  self->export.func = wish->listing->func;
  self->export.kind = wish->listing->kind;
  self->export.member = self->nick;
  self->export.scope = self->scope;
  self->export.search = self->search;
  self->export.format = wish->format;
  return self;
}

/* ---- what is told ---- */

static void
tell (LksCloudExportBar *self, const char *text, gboolean is_problem)
{
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->stop_button, self->job != NULL);
  gtk_widget_set_visible (self->dismiss_button, self->job == NULL);
  if (is_problem)
    gtk_widget_add_css_class (self->box, "note-warning");
  else
    gtk_widget_remove_css_class (self->box, "note-warning");
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static gboolean
tell_progress_cb (gpointer user_data)
{
  LksCloudExportBar *self = user_data;
  guint n_rows = (guint) g_atomic_int_get (&self->job->export.n_rows);
  g_autofree char *text =
      g_strdup_printf (ngettext ("Exporting: %u row so far…", "Exporting: %u rows so far…", n_rows),
                       n_rows);

  tell (self, text, FALSE);
  return G_SOURCE_CONTINUE;
}

static void
tell_outcome (LksCloudExportBar *self, const Job *job, const GError *error)
{
  g_autofree char *name = g_file_get_basename (job->file);
  g_autofree char *shown = g_filename_display_name (name);
  guint n_rows = (guint) job->export.n_rows;
  g_autofree char *text = NULL;
  g_autofree char *why = NULL;
  g_autofree char *gaps =
      job->client != NULL ? lks_cloud_gaps_to_note (lks_cloud_client_get_gaps (job->client)) : NULL;

  if (error == NULL)
    {
      g_autofree char *done = g_strdup_printf (ngettext ("%u row was written into %s.",
                                                         "%u rows were written into %s.", n_rows),
                                               n_rows, shown);

      text = gaps != NULL ? g_strdup_printf ("%s\n%s", done, gaps) : g_steal_pointer (&done);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup_printf (_ ("Stopped. %s was not written."), shown);
  else
    {
      why = lks_error_to_text (error);
      text = g_strdup_printf (_ ("%s was not written. %s"), shown, why);
    }
  tell (self, text, error != NULL || gaps != NULL);
}

/* ---- writing ---- */

static void
export_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (lks_cloud_export_to_file (&job->export, job->client, job->file, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LksCloudExportBar *self = LKS_CLOUD_EXPORT_BAR (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->job = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    tell_outcome (self, job, error);
}

static void
begin (LksCloudExportBar *self, Job *job)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, exported_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_set_check_cancellable (task, FALSE); /* the file may be there already */
  job->client = lks_cloud_desk_create_client (job->desk, &error);
  self->job = job;
  self->timer = g_timeout_add (TELL_MS, tell_progress_cb, self);
  tell_progress_cb (self);
  if (job->client != NULL)
    lks_worker_run_alone (task, export_in_thread);
  else
    g_task_return_error (task, error);
}

/**
 * lks_cloud_export_bar_begin:
 * @self: a bar that exports nothing at present
 * @wish: what to export
 * @file: where to; replaced when it is there
 *
 * Lists anew, on a thread of its own, and writes what comes.
 */
void
lks_cloud_export_bar_begin (LksCloudExportBar *self, const LksCloudExportWish *wish, GFile *file)
{
  Job *job;

  g_return_if_fail (LKS_IS_CLOUD_EXPORT_BAR (self));
  g_return_if_fail (self->job == NULL);

  job = job_new (wish);
  job->file = g_object_ref (file);
  begin (self, job);
}

/* ---- where to ---- */

static void
forget_question (LksCloudExportBar *self)
{
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->wanted, job_free);
}

static void
chosen_cb (LksCloudExportBar *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT && self->job == NULL)
    {
      self->wanted->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      begin (self, g_steal_pointer (&self->wanted));
    }
  forget_question (self);
}

/**
 * lks_cloud_export_bar_ask:
 * @self: a bar
 * @wish: what to export
 *
 * Asks for a file, and exports into it. Does nothing while something is being exported.
 */
void
lks_cloud_export_bar_ask (LksCloudExportBar *self, const LksCloudExportWish *wish)
{
  g_autofree char *name = NULL;

  g_return_if_fail (LKS_IS_CLOUD_EXPORT_BAR (self));

  if (self->chooser != NULL || self->job != NULL)
    return;
  name = g_strdup_printf ("%s.%s", wish->listing->nick,
                          wish->format == LKS_CLOUD_EXPORT_JSON ? "json" : "csv");
  self->wanted = job_new (wish);
  self->chooser = lks_file_saver_open (GTK_WIDGET (self), _ ("Export the List"), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- the widget ---- */

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (LKS_CLOUD_EXPORT_BAR (widget)->cancellable);
}

static void
dismiss_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_set_visible (widget, LKS_CLOUD_EXPORT_BAR (widget)->job != NULL);
}

/* Who leaves the list does not want its file any more. */
static void
lks_cloud_export_bar_unroot (GtkWidget *widget)
{
  LksCloudExportBar *self = LKS_CLOUD_EXPORT_BAR (widget);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  forget_question (self);
  GTK_WIDGET_CLASS (lks_cloud_export_bar_parent_class)->unroot (widget);
}

static void
lks_cloud_export_bar_dispose (GObject *object)
{
  LksCloudExportBar *self = LKS_CLOUD_EXPORT_BAR (object);

  forget_question (self);
  g_clear_object (&self->cancellable);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_EXPORT_BAR);
  G_OBJECT_CLASS (lks_cloud_export_bar_parent_class)->dispose (object);
}

static void
lks_cloud_export_bar_class_init (LksCloudExportBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_cloud_export_bar_dispose;
  widget_class->unroot = lks_cloud_export_bar_unroot;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-export-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudExportBar, box);
  gtk_widget_class_bind_template_child (widget_class, LksCloudExportBar, label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudExportBar, stop_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudExportBar, dismiss_button);
  gtk_widget_class_install_action (widget_class, "export.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "export.dismiss", NULL, dismiss_action);
}

static void
lks_cloud_export_bar_init (LksCloudExportBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
