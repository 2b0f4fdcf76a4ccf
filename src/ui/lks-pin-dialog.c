/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-pin-dialog.h"

#include "lks-error-note.h"
#include "lks-operator-error.h"
#include "lks-pin-store.h"
#include "lks-worker.h"

#include <string.h>

struct _LksPinDialog
{
  AdwWindow parent_instance;

  LksErrorNote *error_note;     /* template child */
  AdwPasswordEntryRow *present; /* template child */
  AdwPasswordEntryRow *pin;     /* template child */
  AdwPasswordEntryRow *again;   /* template child */
  GtkLabel *different;          /* template child */
  GtkWidget *set_button;        /* template child */
  GtkSpinner *spinner;          /* template child */

  LksStationConfig *config;  /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksPinDialog, lks_pin_dialog, ADW_TYPE_WINDOW)

/* What the thread works on. */
typedef struct
{
  LksStationConfig *config; /* (owned) */
  LksSecret *present;       /* (owned) */
  LksSecret *pin;           /* (owned) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  lks_station_config_unref (job->config);
  lks_secret_unref (job->present);
  lks_secret_unref (job->pin);
  g_free (job);
}

static const char *
get_text (AdwPasswordEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static LksSecret *
read_row (AdwPasswordEntryRow *row)
{
  return lks_secret_new (get_text (row), strlen (get_text (row)));
}

static void
update (LksPinDialog *self)
{
  const gboolean is_same = g_str_equal (get_text (self->pin), get_text (self->again));

  gtk_widget_set_visible (GTK_WIDGET (self->different),
                          !is_same && *get_text (self->again) != '\0');
  gtk_widget_set_sensitive (self->set_button,
                            !self->is_busy && is_same && *get_text (self->pin) != '\0');
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
}

static gboolean
check_present (Job *job, GCancellable *cancellable, GError **error)
{
  g_autofree char *tries_path = lks_pin_store_dup_default_tries_path ();
  GError *reason = NULL;

  if (lks_pin_store_check (job->config, tries_path, job->present, g_get_real_time (), cancellable,
                           &reason))
    return TRUE;
  if (g_error_matches (reason, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NO_PIN))
    {
      g_error_free (reason);
      return TRUE;
    }
  g_propagate_error (error, reason);
  return FALSE;
}

static void
set_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (check_present (job, cancellable, &error) &&
      lks_pin_store_set (job->config, job->pin, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksPinDialog *self = LKS_PIN_DIALOG (source);
  g_autoptr (GError) error = NULL;
  const gboolean is_set = g_task_propagate_boolean (G_TASK (result), &error);

  if (self->config == NULL) /* the dialog has gone */
    return;
  self->is_busy = FALSE;
  if (is_set)
    gtk_window_close (GTK_WINDOW (self));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lks_error_note_set_error (self->error_note, error);
  update (self);
}

static void
set_clicked_cb (LksPinDialog *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (!gtk_widget_get_sensitive (self->set_button))
    return;

  job = g_new0 (Job, 1);
  job->config = lks_station_config_ref (self->config);
  job->present = read_row (self->present);
  job->pin = read_row (self->pin);
  lks_error_note_set_error (self->error_note, NULL);
  self->is_busy = TRUE;
  update (self);
  task = g_task_new (self, self->cancellable, set_cb, NULL);
  g_task_set_task_data (task, job, job_free);
  lks_worker_run_alone (task, set_in_thread);
}

static void
lks_pin_dialog_dispose (GObject *object)
{
  LksPinDialog *self = LKS_PIN_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_PIN_DIALOG);
  g_clear_pointer (&self->config, lks_station_config_unref);
  G_OBJECT_CLASS (lks_pin_dialog_parent_class)->dispose (object);
}

static void
lks_pin_dialog_finalize (GObject *object)
{
  g_object_unref (LKS_PIN_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (lks_pin_dialog_parent_class)->finalize (object);
}

static void
lks_pin_dialog_class_init (LksPinDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  object_class->dispose = lks_pin_dialog_dispose;
  object_class->finalize = lks_pin_dialog_finalize;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-pin-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, present);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, pin);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, again);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, different);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, set_button);
  gtk_widget_class_bind_template_child (widget_class, LksPinDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, set_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_pin_dialog_init (LksPinDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * lks_pin_dialog_new:
 * @config: what holds for this station
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksPinDialog *
lks_pin_dialog_new (LksStationConfig *config)
{
  LksPinDialog *self = g_object_new (LKS_TYPE_PIN_DIALOG, NULL);

  self->config = lks_station_config_ref (config);
  return self;
}
