/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-file-opener.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWidget *owner;              /* (owned) */
  GtkFileChooserNative *chooser; /* (owned) */
  LksOpenedFunc opened;
} Ask;

static void
ask_free (Ask *self)
{
  g_object_unref (self->owner);
  g_object_unref (self->chooser);
  g_free (self);
}

/* A file that this computer cannot read by a path is left out; portals give paths, too. */
static void
add_path (GStrvBuilder *builder, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    g_strv_builder_add (builder, path);
}

static gboolean
tell (GtkWidget *owner, GStrvBuilder *builder, LksOpenedFunc opened)
{
  g_auto (GStrv) paths = g_strv_builder_end (builder);

  if (paths[0] == NULL)
    return FALSE;

  opened (owner, (const char *const *) paths);
  return TRUE;
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  Ask *self = user_data;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      add_path (builder, file);
    }
  if (response == GTK_RESPONSE_ACCEPT)
    tell (self->owner, builder, self->opened);
  ask_free (self);
}

static void
add_filter (GtkFileChooserNative *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
}

/**
 * lks_file_opener_ask:
 * @owner: the widget that asks; kept until the person has answered
 * @title: what the files are for, translated
 * @kind: what kind they usually are, translated
 * @pattern: how their names usually end, such as "*.cap"
 * @is_multiple: whether there may be more than one
 * @opened: told which files were chosen; not called when the person gives up
 *
 * Asks for files.
 */
void
lks_file_opener_ask (GtkWidget *owner,
                     const char *title,
                     const char *kind,
                     const char *pattern,
                     gboolean is_multiple,
                     LksOpenedFunc opened)
{
  Ask *self = g_new0 (Ask, 1);
  GtkRoot *root = gtk_widget_get_root (owner);

  self->owner = g_object_ref (owner);
  self->opened = opened;
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), is_multiple);
  add_filter (self->chooser, kind, pattern);
  add_filter (self->chooser, _ ("All files"), "*");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, gpointer opened)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (GSList *file = g_value_get_boxed (value); file != NULL; file = file->next)
    add_path (builder, file->data);
  return tell (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)), builder,
               (LksOpenedFunc) opened);
}

/**
 * lks_file_opener_accept_drop:
 * @owner: a widget
 * @opened: told which files were dropped on it
 *
 * Lets files be dropped on a widget.
 */
void
lks_file_opener_accept_drop (GtkWidget *owner, LksOpenedFunc opened)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (dropped_cb), (gpointer) opened);
  gtk_widget_add_controller (owner, GTK_EVENT_CONTROLLER (target));
}
