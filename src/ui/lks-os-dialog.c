/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-os-dialog.h"

#include "lks-error-note.h"
#include "lks-file-opener.h"
#include "lks-os-book.h"
#include "lks-recipe-os.h"

#include <glib/gi18n-lib.h>

struct _LksOsDialog
{
  LksCloudDialog parent_instance;

  GtkLabel *summary;        /* template child */
  GtkLabel *age_label;      /* template child */
  GtkLabel *version_label;  /* template child */
  LksErrorNote *error_note; /* template child */
  GtkSpinner *spinner;      /* template child */

  LksOsBook *book; /* (owned) (nullable) */
  char *address;   /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksOsDialog, lks_os_dialog, LKS_TYPE_CLOUD_DIALOG)

static char *
join_names (const LksOsShelf *shelf)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < shelf->versions->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((LksRecipeOs *) g_ptr_array_index (shelf->versions, i))->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static char *
describe_age (const LksOsShelf *shelf)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (shelf->kept_unix_s);
  g_autofree char *day = g_date_time_format (time, "%x");
  gint64 days = lks_os_shelf_get_age (shelf, g_get_real_time () / G_USEC_PER_SEC);

  /* Translators: a date, and how many days ago that is */
  return g_strdup_printf (ngettext ("Kept since %s, for %" G_GINT64_FORMAT " day. An old list does "
                                    "not know the newest versions.",
                                    "Kept since %s, for %" G_GINT64_FORMAT " days. An old list "
                                    "does not know the newest versions.",
                                    (gulong) days),
                          day, days);
}

static void
show_shelf (LksOsDialog *self)
{
  const LksOsShelf *shelf = lks_os_book_get_shelf (self->book);
  const char *newest = shelf != NULL ? lks_os_shelf_get_newest (shelf) : NULL;
  g_autofree char *names = shelf != NULL ? join_names (shelf) : g_strdup ("");
  g_autofree char *age =
      shelf != NULL ? describe_age (shelf)
                    : g_strdup (_ ("Without it, no board is told to have an old system. Fetch it, "
                                   "or import it from a file that was fetched elsewhere."));
  /* Translators: the name of an OS version */
  g_autofree char *summary = newest != NULL
                                 ? g_strdup_printf (_ ("The newest version is %s"), newest)
                             : shelf != NULL ? g_strdup (_ ("Which version is newest is not known"))
                                             : g_strdup (_ ("There is no list yet"));

  gtk_label_set_label (self->summary, summary);
  gtk_label_set_label (self->age_label, age);
  gtk_label_set_label (self->version_label, names);
  gtk_widget_set_visible (GTK_WIDGET (self->version_label), shelf != NULL);
}

static void
set_working (LksOsDialog *self, gboolean is_working)
{
  gtk_spinner_set_spinning (self->spinner, is_working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_working);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "os.fetch", !is_working);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "os.import", !is_working);
  if (is_working)
    lks_error_note_set_error (self->error_note, NULL);
}

/* The list of before stays when this one is not understood. */
static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksOsDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  lks_os_book_finish (LKS_OS_BOOK (source), result, &error);
  if (self->book == NULL)
    return; /* closed */

  set_working (self, FALSE);
  lks_error_note_set_error (self->error_note, error);
}

static void
fetch_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksOsDialog *self = LKS_OS_DIALOG (widget);

  set_working (self, TRUE);
  lks_os_book_fetch_async (self->book, self->address,
                           lks_cloud_dialog_get_cancellable (LKS_CLOUD_DIALOG (self)), worked_cb,
                           g_object_ref (self));
}

static void
opened_cb (GtkWidget *owner, const char *const *paths)
{
  lks_os_dialog_import (LKS_OS_DIALOG (owner), paths[0]);
}

static void
import_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_file_opener_ask (widget, _ ("Choose a List of OS Versions"), _ ("Lists (*.json)"), "*.json",
                       FALSE, opened_cb);
}

/* ---- the window ---- */

static void
lks_os_dialog_dispose (GObject *object)
{
  LksOsDialog *self = LKS_OS_DIALOG (object);

  g_clear_object (&self->book);
  G_OBJECT_CLASS (lks_os_dialog_parent_class)->dispose (object);
}

static void
lks_os_dialog_finalize (GObject *object)
{
  LksOsDialog *self = LKS_OS_DIALOG (object);

  g_free (self->address);
  G_OBJECT_CLASS (lks_os_dialog_parent_class)->finalize (object);
}

static void
lks_os_dialog_class_init (LksOsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_os_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_os_dialog_finalize;
  g_type_ensure (LKS_TYPE_ERROR_NOTE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-os-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksOsDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, LksOsDialog, age_label);
  gtk_widget_class_bind_template_child (widget_class, LksOsDialog, version_label);
  gtk_widget_class_bind_template_child (widget_class, LksOsDialog, error_note);
  gtk_widget_class_bind_template_child (widget_class, LksOsDialog, spinner);

  gtk_widget_class_install_action (widget_class, "os.fetch", NULL, fetch_action);
  gtk_widget_class_install_action (widget_class, "os.import", NULL, import_action);
}

static void
lks_os_dialog_init (LksOsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_os_dialog_new:
 * @parent: (nullable): the window in front of which it is shown
 * @address: who publishes the list, empty for the vendor
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksOsDialog *
lks_os_dialog_new (GtkWindow *parent, const char *address)
{
  LksOsDialog *self = g_object_new (LKS_TYPE_OS_DIALOG, "transient-for", parent, NULL);

  self->address = g_strdup (address);
  self->book = lks_os_book_ref_default ();
  g_signal_connect_object (self->book, "changed", G_CALLBACK (show_shelf), self, G_CONNECT_SWAPPED);
  show_shelf (self);
  return self;
}

/**
 * lks_os_dialog_import:
 * @self: a dialog
 * @path: a file
 *
 * Keeps the list that is in a file, if it is one.
 */
void
lks_os_dialog_import (LksOsDialog *self, const char *path)
{
  g_return_if_fail (LKS_IS_OS_DIALOG (self));

  set_working (self, TRUE);
  lks_os_book_import_async (self->book, path,
                            lks_cloud_dialog_get_cancellable (LKS_CLOUD_DIALOG (self)), worked_cb,
                            g_object_ref (self));
}
