/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-share-dialog.h"

#include "lks-error-note.h"
#include "lks-number.h"
#include "lks-station-share-file.h"
#include "lks-station-share.h"
#include "lks-widget.h"
#include "lks-worker.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the order of the template. */
static const char *const ssl_modes[] = { "verify-full", "verify-ca", "require", "disable" };

struct _LksShareDialog
{
  AdwWindow parent_instance;

  LksErrorNote *error_note;      /* template child */
  GtkLabel *verdict;             /* template child */
  AdwEntryRow *host;             /* template child */
  AdwEntryRow *port;             /* template child */
  AdwEntryRow *database;         /* template child */
  AdwEntryRow *user;             /* template child */
  AdwComboRow *ssl_mode;         /* template child */
  AdwEntryRow *ssl_root_cert;    /* template child */
  AdwPasswordEntryRow *password; /* template child */
  GtkWidget *place_group;        /* template child */
  GtkWidget *trust_group;        /* template child */
  GtkWidget *stop_group;         /* template child */
  GtkSpinner *spinner;           /* template child */

  GCancellable *cancellable; /* (owned) */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (LksShareDialog, lks_share_dialog, ADW_TYPE_WINDOW)

typedef enum
{
  SIGNAL_SAVED,
  N_SIGNALS,
} LksShareDialogSignal;

static guint signals[N_SIGNALS];

/* ---- what is entered ---- */

static const char *
get_text (gpointer row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static guint
read_port (LksShareDialog *self)
{
  guint64 port;

  return lks_number_read_unsigned (get_text (self->port), 1, 65535, &port) ? (guint) port : 0;
}

static LksSharePlace *
read_place (LksShareDialog *self)
{
  LksSharePlace *place = lks_share_place_new (get_text (self->host), read_port (self),
                                              get_text (self->database), get_text (self->user));
  const char *cert = get_text (self->ssl_root_cert);

  g_free (place->ssl_mode);
  place->ssl_mode = g_strdup (ssl_modes[adw_combo_row_get_selected (self->ssl_mode)]);
  place->ssl_root_cert = *cert != '\0' ? g_strdup (cert) : NULL;
  return place;
}

static void
mark (gpointer row, gboolean is_wrong)
{
  if (is_wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

static void
update (LksShareDialog *self)
{
  gboolean has_port = read_port (self) != 0;
  gboolean is_whole = has_port && *get_text (self->host) != '\0' &&
                      *get_text (self->database) != '\0' && *get_text (self->user) != '\0';

  mark (self->port, !has_port);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "share.try", is_whole && !self->is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "share.save", is_whole && !self->is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "share.stop", !self->is_busy);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);

  /* What is tried is what stands there. */
  if (self->is_busy)
    lks_widget_drop_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->place_group, !self->is_busy);
  gtk_widget_set_sensitive (self->trust_group, !self->is_busy);
}

/* What was said of another place does not hold for this one. */
static void
changed_cb (LksShareDialog *self)
{
  lks_error_note_set_error (self->error_note, NULL);
  gtk_label_set_label (self->verdict, "");
  update (self);
}

/* ---- on a thread ---- */

typedef struct
{
  LksSharePlace *place; /* (owned) */
  LksSecret *password;  /* (owned) (nullable): NULL: the one that is kept for this place */
  guint version;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  lks_share_place_free (self->place);
  g_clear_pointer (&self->password, lks_secret_unref);
  g_free (self);
}

static void
return_result (GTask *task, gboolean is_done, GError *error)
{
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
try_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  gboolean is_done =
      lks_station_try_share (job->place, job->password, &job->version, cancellable, &error);

  return_result (task, is_done, error);
}

/* Without its password the place would be of no use: the password goes first. */
static void
save_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  gboolean is_done =
      (job->password == NULL ||
       lks_station_keep_share_password (job->place, job->password, cancellable, &error)) &&
      lks_station_share_file_save (job->place, &error);

  return_result (task, is_done, error);
}

static void
start (LksShareDialog *self, GTaskThreadFunc func, GAsyncReadyCallback done_cb)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, done_cb, NULL);
  const char *password = get_text (self->password);
  Job *job = g_new0 (Job, 1);

  job->place = read_place (self);
  if (*password != '\0')
    job->password = lks_secret_new (password, strlen (password));
  g_task_set_task_data (task, job, job_free);
  changed_cb (self);
  self->is_busy = TRUE;
  update (self);
  lks_worker_run_alone (task, func);
}

/* Returns FALSE when the dialog has gone, or when there is an error to be shown. */
static gboolean
finish (LksShareDialog *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  self->is_busy = FALSE;
  update (self);
  lks_error_note_set_error (self->error_note, error);
  return is_done;
}

/* ---- what a person does ---- */

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksShareDialog *self = LKS_SHARE_DIALOG (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = lks_share_place_dup_name (job->place);
  g_autofree char *text = NULL;

  if (!finish (self, result))
    return;
  /* Translators: a server and its database, then a number */
  text = g_strdup_printf (_ ("%s answers and takes the records of this station. The shared ledger "
                             "has version %u."),
                          name, job->version);
  gtk_label_set_label (self->verdict, text);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer unused)
{
  LksShareDialog *self = LKS_SHARE_DIALOG (source);

  if (!finish (self, result))
    return;
  g_signal_emit (self, signals[SIGNAL_SAVED], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
try_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  start (LKS_SHARE_DIALOG (widget), try_in_thread, tried_cb);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  start (LKS_SHARE_DIALOG (widget), save_in_thread, saved_cb);
}

static void
stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  LksShareDialog *self = LKS_SHARE_DIALOG (widget);
  g_autoptr (GError) error = NULL;

  if (!lks_station_share_file_save (NULL, &error))
    {
      lks_error_note_set_error (self->error_note, error);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_SAVED], 0);
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- the class ---- */

static void
lks_share_dialog_dispose (GObject *object)
{
  LksShareDialog *self = LKS_SHARE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SHARE_DIALOG);
  G_OBJECT_CLASS (lks_share_dialog_parent_class)->dispose (object);
}

static void
lks_share_dialog_finalize (GObject *object)
{
  g_object_unref (LKS_SHARE_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (lks_share_dialog_parent_class)->finalize (object);
}

static void
lks_share_dialog_class_init (LksShareDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  object_class->dispose = lks_share_dialog_dispose;
  object_class->finalize = lks_share_dialog_finalize;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", LKS_TYPE_SHARE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-share-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, place_group);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, trust_group);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, verdict);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, host);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, port);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, database);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, user);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, ssl_mode);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, ssl_root_cert);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, password);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, stop_group);
  gtk_widget_class_bind_template_child (widget_class, LksShareDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "share.try", NULL, try_cb);
  gtk_widget_class_install_action (widget_class, "share.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "share.stop", NULL, stop_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_share_dialog_init (LksShareDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_place (LksShareDialog *self, const LksSharePlace *place)
{
  g_autofree char *port = g_strdup_printf ("%u", place->port);

  gtk_editable_set_text (GTK_EDITABLE (self->host), place->host);
  gtk_editable_set_text (GTK_EDITABLE (self->port), port);
  gtk_editable_set_text (GTK_EDITABLE (self->database), place->database);
  gtk_editable_set_text (GTK_EDITABLE (self->user), place->user);
  gtk_editable_set_text (GTK_EDITABLE (self->ssl_root_cert),
                         place->ssl_root_cert != NULL ? place->ssl_root_cert : "");
  for (guint i = 0; i < G_N_ELEMENTS (ssl_modes); i++)
    if (g_strcmp0 (ssl_modes[i], place->ssl_mode) == 0)
      adw_combo_row_set_selected (self->ssl_mode, i);
}

/**
 * lks_share_dialog_new:
 * @place: (nullable): where the shared ledger is now; NULL: there is none
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksShareDialog *
lks_share_dialog_new (const LksSharePlace *place)
{
  LksShareDialog *self = g_object_new (LKS_TYPE_SHARE_DIALOG, NULL);

  if (place != NULL)
    show_place (self, place);
  gtk_widget_set_visible (self->stop_group, place != NULL);
  changed_cb (self);
  return self;
}
