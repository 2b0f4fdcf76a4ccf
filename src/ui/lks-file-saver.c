/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-file-saver.h"

#include "lks-worker.h"

#include <glib/gi18n-lib.h>

/* A question for a file, until it is written. */
typedef struct
{
  GtkFileChooserNative *chooser; /* (owned) */
  GtkWidget *owner;              /* (owned) */
  GFile *file;                   /* (owned) (nullable) once it is chosen */
  LksSaveFunc save;
  LksSavedFunc saved;
  gpointer data; /* (owned) */
  GDestroyNotify data_free;
} Ask;

static void
ask_free (Ask *self)
{
  g_clear_object (&self->chooser);
  g_clear_object (&self->file);
  g_object_unref (self->owner);
  if (self->data_free != NULL)
    self->data_free (self->data);
  g_free (self);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Ask *self = task_data;
  GError *error = NULL;

  if (self->save (self->file, self->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *self = user_data;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->saved (self->owner, self->file, error);
  ask_free (self);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  Ask *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    {
      ask_free (self);
      return;
    }

  self->file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_clear_object (&self->chooser);
  task = g_task_new (NULL, NULL, saved_cb, self);
  g_task_set_task_data (task, self, NULL);
  lks_worker_run_alone (task, save_in_thread);
}

/**
 * lks_file_saver_open:
 * @owner: the widget that asks
 * @title: what is being saved, translated
 * @name: a name to begin with
 *
 * Makes the question for a place, for whoever saves in a way of its own; connect to its signal
 * "response", then show it.
 *
 * Returns: (transfer full): a file chooser that is not shown yet
 */
GtkFileChooserNative *
lks_file_saver_open (GtkWidget *owner, const char *title, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (owner);
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (title, GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                   NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

/**
 * lks_file_saver_ask:
 * @owner: the widget that asks; kept until the file is written
 * @title: what is being saved, translated
 * @name: a name to begin with
 * @save: writes the file, in a thread
 * @data: for @save, which alone uses it
 * @data_free: (nullable): frees @data, also when the person gives up
 * @saved: told how it went; not called when the person gives up
 *
 * Asks for a place and saves something there.
 */
void
lks_file_saver_ask (GtkWidget *owner,
                    const char *title,
                    const char *name,
                    LksSaveFunc save,
                    gpointer data,
                    GDestroyNotify data_free,
                    LksSavedFunc saved)
{
  Ask *self = g_new0 (Ask, 1);

  self->owner = g_object_ref (owner);
  self->save = save;
  self->saved = saved;
  self->data = data;
  self->data_free = data_free;
  self->chooser = lks_file_saver_open (owner, title, name);
  g_signal_connect (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}
