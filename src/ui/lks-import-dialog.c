/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-import-dialog.h"

#include "lks-aspect-row.h"
#include "lks-error-text.h"
#include "lks-import-file.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  STEP_READING,
  STEP_READY,
  STEP_IMPORTING,
  STEP_DONE,
  STEP_DELETING,
  STEP_DELETED,
} Step;

struct _LksImportDialog
{
  AdwWindow parent_instance;

  GtkLabel *note;           /* template child */
  GtkListBox *list;         /* template child */
  GtkWidget *work;          /* template child: progress and “Stop” */
  GtkProgressBar *progress; /* template child */
  GtkWidget *stop_button;   /* template child */
  GtkLabel *problem;        /* template child */
  GtkButton *close_button;  /* template child */
  GtkButton *delete_button; /* template child */
  GtkButton *import_button; /* template child */

  LksVault *vault;           /* (owned) */
  GListStore *files;         /* (owned) of LksImportFile */
  GPtrArray *tried;          /* (owned) (nullable) of LksImportFile: in the order of @results */
  GPtrArray *results;        /* (owned) (nullable) of LksVaultImport */
  GCancellable *cancellable; /* (owned) */
  Step step;
};

G_DEFINE_FINAL_TYPE (LksImportDialog, lks_import_dialog, ADW_TYPE_WINDOW)

static LksImportFile *
get_file (LksImportDialog *self, guint position)
{
  g_autoptr (LksImportFile) file = g_list_model_get_item (G_LIST_MODEL (self->files), position);

  return file; /* the list keeps it alive */
}

static guint
count (LksImportDialog *self, LksImportState state)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->files)); i++)
    if (lks_import_file_get_state (get_file (self, i)) == state)
      n++;
  return n;
}

static guint
count_held (LksImportDialog *self)
{
  return count (self, LKS_IMPORT_STATE_DONE) + count (self, LKS_IMPORT_STATE_HELD);
}

static char *
describe_step (LksImportDialog *self)
{
  guint n_done = count (self, LKS_IMPORT_STATE_DONE);
  guint n_held = count_held (self);
  g_autofree char *done = NULL;

  switch (self->step)
    {
    case STEP_READING:
      return g_strdup (_ ("Reading the files…"));
    case STEP_READY:
      return g_strdup (_ ("Each file is the key to one board, for good. Look what it opens before "
                          "it goes into the vault, which is your keyring."));
    case STEP_IMPORTING:
      return g_strdup (_ ("The files go into the vault, one after the other. The keyring may ask "
                          "for its password."));
    case STEP_DONE:
    case STEP_DELETING:
      done = g_strdup_printf (ngettext ("%u file was imported.", "%u files were imported.", n_done),
                              n_done);
      if (n_held == 0)
        return g_steal_pointer (&done);
      /* Translators: a sentence about the files that were imported */
      return g_strdup_printf (
          _ ("%s The files are still there, and whoever has one has the key to its board. They can "
             "be deleted now: the vault gave each of them back unchanged. A copy may stay in a "
             "backup, in a mail program, or in the memory of an SSD, where overwriting would not "
             "reach it either."),
          done);
    case STEP_DELETED:
      break;
    }
  return g_strdup (_ ("The files are deleted. The vault has what was in them."));
}

static void
update_import_button (LksImportDialog *self)
{
  guint n_ready = count (self, LKS_IMPORT_STATE_READY);
  g_autofree char *label =
      g_strdup_printf (ngettext ("Import %u File", "Import %u Files", n_ready), n_ready);

  gtk_button_set_label (self->import_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->import_button),
                            self->step == STEP_READY && n_ready > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->import_button), self->step <= STEP_IMPORTING);
}

static void
update_delete_button (LksImportDialog *self)
{
  guint n_held = count_held (self);
  g_autofree char *label =
      g_strdup_printf (ngettext ("Delete %u File", "Delete %u Files", n_held), n_held);

  gtk_button_set_label (self->delete_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->delete_button), self->step == STEP_DONE);
  gtk_widget_set_visible (GTK_WIDGET (self->delete_button),
                          (self->step == STEP_DONE || self->step == STEP_DELETING) && n_held > 0);
}

static void
update (LksImportDialog *self)
{
  g_autofree char *note = describe_step (self);

  gtk_label_set_label (self->note, note);
  gtk_widget_set_visible (self->work, self->step == STEP_IMPORTING);
  gtk_button_set_label (self->close_button, self->step >= STEP_DONE ? _ ("Close") : _ ("Cancel"));
  gtk_widget_set_visible (GTK_WIDGET (self->close_button), self->step != STEP_IMPORTING);
  update_import_button (self);
  update_delete_button (self);
}

static void
show_problem (LksImportDialog *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static void
set_step (LksImportDialog *self, Step step)
{
  self->step = step;
  update (self);
}

/* ---- rows ---- */

static void
update_row (LksAspectRow *row, LksImportFile *file)
{
  LksSign sign = lks_import_file_get_sign (file);
  g_autofree char *explanation = lks_import_file_to_explanation (file);

  lks_aspect_row_set_sign (row, &sign);
  lks_aspect_row_set_explanation (row, explanation);
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  g_autofree char *title = lks_import_file_to_title (item);
  LksAspectRow *row = lks_aspect_row_new (title);

  update_row (row, item);
  g_signal_connect_object (item, "changed", G_CALLBACK (update_row), row, G_CONNECT_SWAPPED);
  return GTK_WIDGET (row);
}

/* ---- reading ---- */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) previews = lks_capability_preview_load_finish (result, &error);
  LksImportDialog *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  show_problem (self, error);
  for (guint i = 0; previews != NULL && i < previews->len; i++)
    {
      g_autoptr (LksImportFile) file =
          lks_import_file_new (g_ptr_array_index (previews, i), self->vault);

      g_list_store_append (self->files, file);
    }
  set_step (self, STEP_READY);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->import_button));
}

/* ---- importing ---- */

static void
progress_cb (guint done, guint total, gpointer user_data)
{
  LksImportDialog *self = user_data;
  /* Translators: how many files of how many */
  g_autofree char *text = g_strdup_printf (_ ("%u of %u"), done, total);

  if (self->vault == NULL)
    return; /* closed, and only alive until the vault answers */

  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / total : 0);
  gtk_progress_bar_set_text (self->progress, text);
}

static void
show_results (LksImportDialog *self)
{
  for (guint i = 0; i < self->results->len; i++)
    lks_import_file_set_result (g_ptr_array_index (self->tried, i),
                                g_ptr_array_index (self->results, i));
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  self->results = lks_vault_import_finish (LKS_VAULT (source), result, &error);
  if (self->vault == NULL)
    return; /* closed; what is in the vault by now stays there */

  show_problem (self, error);
  if (self->results == NULL)
    {
      set_step (self, STEP_READY);
      return;
    }
  show_results (self);
  set_step (self, STEP_DONE);
  /* Who stops it as it ends presses nothing else with the same key. */
  gtk_window_set_focus (GTK_WINDOW (self), g_cancellable_is_cancelled (self->cancellable)
                                               ? GTK_WIDGET (self->close_button)
                                               : GTK_WIDGET (self->list));
}

static GPtrArray *
collect_ready (LksImportDialog *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  g_clear_pointer (&self->tried, g_ptr_array_unref);
  self->tried = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->files)); i++)
    {
      LksImportFile *file = get_file (self, i);

      if (lks_import_file_get_state (file) != LKS_IMPORT_STATE_READY)
        continue;
      g_ptr_array_add (self->tried, g_object_ref (file));
      g_ptr_array_add (files, g_object_ref (lks_import_file_get_file (file)));
    }
  return files;
}

static void
import_clicked_cb (LksImportDialog *self)
{
  g_autoptr (GPtrArray) files = collect_ready (self);

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  show_problem (self, NULL);
  gtk_progress_bar_set_text (self->progress, _ ("Waiting for the keyring"));
  set_step (self, STEP_IMPORTING);
  gtk_window_set_focus (GTK_WINDOW (self), self->stop_button);
  lks_vault_import_async (self->vault, files, progress_cb, self, self->cancellable, imported_cb,
                          g_object_ref (self));
}

/* ---- deleting ---- */

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  lks_vault_delete_files_finish (LKS_VAULT (source), result, &error);
  if (self->vault == NULL)
    return;

  show_problem (self, error);
  set_step (self, error == NULL ? STEP_DELETED : STEP_DONE);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->close_button));
}

static void
delete_clicked_cb (LksImportDialog *self)
{
  set_step (self, STEP_DELETING);
  lks_vault_delete_files_async (self->vault, self->results, self->cancellable, deleted_cb,
                                g_object_ref (self));
}

static void
stop_clicked_cb (LksImportDialog *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* While files go into the vault, closing means stopping: what became of them must be seen. */
static gboolean
lks_import_dialog_close_request (GtkWindow *window)
{
  LksImportDialog *self = LKS_IMPORT_DIALOG (window);

  if (self->step == STEP_IMPORTING)
    {
      g_cancellable_cancel (self->cancellable);
      return GDK_EVENT_STOP;
    }
  return GTK_WINDOW_CLASS (lks_import_dialog_parent_class)->close_request (window);
}

static void
lks_import_dialog_dispose (GObject *object)
{
  LksImportDialog *self = LKS_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->vault);
  g_clear_object (&self->files);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_IMPORT_DIALOG);
  G_OBJECT_CLASS (lks_import_dialog_parent_class)->dispose (object);
}

static void
lks_import_dialog_finalize (GObject *object)
{
  LksImportDialog *self = LKS_IMPORT_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->tried, g_ptr_array_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  G_OBJECT_CLASS (lks_import_dialog_parent_class)->finalize (object);
}

static void
lks_import_dialog_class_init (LksImportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_import_dialog_dispose;
  object_class->finalize = lks_import_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_import_dialog_close_request;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, note);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, list);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, work);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, delete_button);
  gtk_widget_class_bind_template_child (widget_class, LksImportDialog, import_button);
  gtk_widget_class_bind_template_callback (widget_class, delete_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_import_dialog_init (LksImportDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->files = g_list_store_new (LKS_TYPE_IMPORT_FILE);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->files), create_row_cb, NULL, NULL);
}

/**
 * lks_import_dialog_new:
 * @vault: where the files are to go
 * @files: (element-type GFile): capability files, or what somebody takes for them
 *
 * Creates the dialog, which begins to read the files.
 *
 * Returns: (transfer none): a new window, owned by GTK
 */
LksImportDialog *
lks_import_dialog_new (LksVault *vault, GPtrArray *files)
{
  LksImportDialog *self = g_object_new (LKS_TYPE_IMPORT_DIALOG, NULL);

  self->vault = g_object_ref (vault);
  set_step (self, STEP_READING);
  lks_capability_preview_load_async (files, self->cancellable, read_cb, self);
  return self;
}
