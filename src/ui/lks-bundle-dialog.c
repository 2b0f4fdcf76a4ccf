/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-bundle-dialog.h"

#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-service-error.h"
#include "lks-service-row.h"
#include "lks-value-item.h"

#include <glib/gi18n-lib.h>

struct _LksBundleDialog
{
  AdwWindow parent_instance;

  GtkStack *stack;             /* template child */
  GtkLabel *problem_label;     /* template child */
  GtkSwitch *names_switch;     /* template child */
  GtkSwitch *addresses_switch; /* template child */
  GtkListBox *list;            /* template child */

  LksBoard *board;           /* (owned) */
  LksBundle *bundle;         /* (owned): the job's while it runs */
  LksLogMessages *messages;  /* (owned) (nullable) */
  GPtrArray *entries;        /* (owned) (nullable) of LksBundleEntry: what is shown */
  GListStore *items;         /* (owned) of LksValueItem with LksBundleEntry */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksBundleDialog, lks_bundle_dialog, ADW_TYPE_WINDOW)

static guint saved_signal;

static LksBundleWish
get_wish (LksBundleDialog *self)
{
  return (LksBundleWish){
    .hide_names = gtk_switch_get_active (self->names_switch),
    .hide_addresses = gtk_switch_get_active (self->addresses_switch),
    .messages = self->messages,
  };
}

/* ---- what it contains ---- */

static char *
holds_to_text (guint holds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint bit = 0; bit < LKS_BUNDLE_N_HOLDS; bit++)
    if (holds & 1u << bit)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                              _ (lks_bundle_holds_get_title (1u << bit)));
  /* Translators: a list of kinds of personal data follows */
  return text->len > 0 ? g_strdup_printf (_ ("Holds %s"), text->str) : g_strdup ("");
}

/* What the bundle leaves out itself is no failure of the board. */
static char *
why_missing (const GError *error)
{
  if (error->domain == LKS_SERVICE_ERROR)
    return g_strdup (_ ("Left out: only the vendor knows what it holds."));
  return lks_error_to_sentence (error);
}

static GtkWidget *
create_row (gpointer item, gpointer unused)
{
  const LksBundleEntry *entry = lks_value_item_get_value (item);
  const LksSign missing = { "lks-skipped-symbolic", _ ("Missing"), "", LKS_TONE_WARNING };
  g_autofree char *size = g_format_size (g_bytes_get_size (entry->bytes));
  g_autofree char *file = lks_service_row_join (" · ", entry->name, size, NULL);
  g_autofree char *holds = holds_to_text (entry->holds);
  g_autofree char *reason = entry->error != NULL ? why_missing (entry->error) : NULL;
  g_autofree char *text = lks_service_row_join ("\n", file, reason != NULL ? reason : holds, NULL);

  return lks_service_row_new (_ (entry->title), text, entry->error != NULL ? &missing : NULL);
}

static void
nothing_to_free (gpointer unused)
{
}

static void
list_entries (LksBundleDialog *self)
{
  const LksBundleWish wish = get_wish (self);

  /* The rows go before what they show. */
  g_list_store_remove_all (self->items);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = lks_bundle_list (self->bundle, &wish);
  for (guint i = 0; i < self->entries->len; i++)
    lks_value_item_append (self->items, g_ptr_array_index (self->entries, i), nothing_to_free);
}

static void
choice_changed_cb (LksBundleDialog *self)
{
  if (self->entries != NULL)
    list_entries (self);
}

/* ---- reading ---- */

static void
show_problem (LksBundleDialog *self, const GError *error, const char *remark)
{
  gboolean is_gone = g_error_matches (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY);
  g_autofree char *sentence =
      is_gone ? g_strdup (_ ("The board was unplugged.")) : lks_error_to_sentence (error);
  g_autofree char *text = lks_service_row_join (" ", sentence, remark, NULL);

  gtk_label_set_label (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

static gboolean
read_job (LksDevice *device, gpointer bundle, GCancellable *cancellable, GError **error)
{
  return lks_bundle_read (bundle, device, cancellable, error);
}

static void
add_what_is_known (LksBundleDialog *self)
{
  LksLinkCounters counters;
  gboolean has_counters = lks_board_get_link_counters (self->board, &counters);

  lks_bundle_set_board (self->bundle, lks_board_get_status (self->board),
                        has_counters ? &counters : NULL);
}

/* Runs whether the dialog is open or not: its reference comes with the job. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksBundleDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (error != NULL)
    show_problem (self, error,
                  lks_bundle_get_read (self->bundle) > 0
                      ? _ ("What was read until then can be saved.")
                      : _ ("Only what was known before can be saved."));
  add_what_is_known (self);
  list_entries (self);
  gtk_stack_set_visible_child_name (self->stack, "contents");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bundle.save", TRUE);
}

/* ---- saving ---- */

typedef struct
{
  LksBundleDialog *dialog; /* (owned): keeps the bundle */
  LksBundleWish wish;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_object_unref (save->dialog);
  g_free (save);
}

static gboolean
save_bundle (GFile *file, gpointer data, GError **error)
{
  Save *save = data;

  return lks_bundle_save (save->dialog->bundle, &save->wish, file, NULL, error);
}

static void
saved_cb (GtkWidget *widget, GFile *file, const GError *error)
{
  LksBundleDialog *self = LKS_BUNDLE_DIALOG (widget);
  g_autofree char *name = g_file_get_basename (file);

  gtk_widget_set_sensitive (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_action_set_enabled (widget, "bundle.save", TRUE);
  if (error != NULL)
    {
      show_problem (self, error, "");
      return;
    }

  g_signal_emit (self, saved_signal, 0, name);
  gtk_window_close (GTK_WINDOW (self));
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksBundleDialog *self = LKS_BUNDLE_DIALOG (widget);
  g_autofree char *name = lks_bundle_dup_file_name (self->bundle);
  Save *save = g_new0 (Save, 1);

  save->dialog = g_object_ref (self);
  save->wish = get_wish (self);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  lks_file_saver_ask (widget, _ ("Save Support Bundle"), name, save_bundle, save, save_free,
                      saved_cb);
}

/* ---- class ---- */

static void
lks_bundle_dialog_dispose (GObject *object)
{
  LksBundleDialog *self = LKS_BUNDLE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->items != NULL)
    g_list_store_remove_all (self->items);
  g_clear_object (&self->items);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_BUNDLE_DIALOG);
  G_OBJECT_CLASS (lks_bundle_dialog_parent_class)->dispose (object);
}

static void
lks_bundle_dialog_finalize (GObject *object)
{
  LksBundleDialog *self = LKS_BUNDLE_DIALOG (object);

  g_clear_object (&self->board);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bundle, lks_bundle_free);
  g_clear_pointer (&self->messages, lks_log_messages_unref);
  G_OBJECT_CLASS (lks_bundle_dialog_parent_class)->finalize (object);
}

static void
lks_bundle_dialog_class_init (LksBundleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_bundle_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_bundle_dialog_finalize;

  /**
   * LksBundleDialog::saved:
   * @self: the dialog
   * @name: name of the file
   */
  saved_signal = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-bundle-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksBundleDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, LksBundleDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksBundleDialog, names_switch);
  gtk_widget_class_bind_template_child (widget_class, LksBundleDialog, addresses_switch);
  gtk_widget_class_bind_template_child (widget_class, LksBundleDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
  gtk_widget_class_install_action (widget_class, "bundle.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static gboolean
close_requested_cb (LksBundleDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  return FALSE;
}

static void
lks_bundle_dialog_init (LksBundleDialog *self)
{
  self->bundle = lks_bundle_new ();
  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->items), create_row, NULL, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bundle.save", FALSE);
  g_signal_connect (self, "close-request", G_CALLBACK (close_requested_cb), NULL);
}

/**
 * lks_bundle_dialog_new:
 * @parent: the window in front of which it is shown
 * @board: the board
 * @messages: (nullable): what the numbers in a log mean
 *
 * Creates the dialog and begins to read.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksBundleDialog *
lks_bundle_dialog_new (GtkWindow *parent, LksBoard *board, LksLogMessages *messages)
{
  LksBundleDialog *self = g_object_new (LKS_TYPE_BUNDLE_DIALOG, "transient-for", parent, NULL);

  self->board = g_object_ref (board);
  self->messages = messages != NULL ? lks_log_messages_ref (messages) : NULL;
  add_what_is_known (self); /* the line's counters go with the board */
  lks_board_run_async (board, read_job, self->bundle, NULL, self->cancellable, read_cb,
                       g_object_ref (self));
  return self;
}
