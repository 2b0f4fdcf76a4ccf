/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-support-page.h"

#include "lks-aspect-row.h"
#include "lks-bundle-dialog.h"
#include "lks-error-text.h"
#include "lks-file-saver.h"
#include "lks-log-view.h"
#include "lks-log-writer.h"
#include "lks-service-row.h"
#include "lks-support-text.h"
#include "lks-support-view.h"
#include "lks-whole-file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _LksSupportPage
{
  LksServicePage parent_instance;

  LksAspectRow *update_row;    /* template child */
  AdwActionRow *restart_row;   /* template child */
  LksAspectRow *telemetry_row; /* template child */
  GtkWidget *log_box;          /* template child */
  LksLogView *log_view;        /* template child */
  GtkLabel *log_note;          /* template child */
  AdwActionRow *words_row;     /* template child */

  LksSupportView *view;          /* (owned) (nullable): what is shown */
  char *restarted;               /* (owned) (nullable): how the last restart went */
  LksLogMessages *messages;      /* (owned) (nullable): for all boards */
  GtkFileChooserNative *chooser; /* (owned) (nullable) while it is open */
};

G_DEFINE_FINAL_TYPE (LksSupportPage, lks_support_page, LKS_TYPE_SERVICE_PAGE)

/* ---- what is shown ---- */

static void
show_update (LksSupportPage *self)
{
  LksSign sign = lks_sign_for_update (self->view->update);
  g_autofree char *text = lks_update_to_text (self->view->update);

  lks_aspect_row_set_sign (self->update_row, &sign);
  lks_aspect_row_set_explanation (self->update_row, text);
}

static void
show_telemetry (LksSupportPage *self)
{
  LksSign sign = lks_sign_for_telemetry (self->view->telemetry, self->view->telemetry_error);
  g_autofree char *text =
      lks_telemetry_to_text (self->view->telemetry, self->view->telemetry_error);
  gboolean has_data = self->view->telemetry != NULL && self->view->telemetry->data_bytes > 0;

  lks_aspect_row_set_sign (self->telemetry_row, &sign);
  lks_aspect_row_set_explanation (self->telemetry_row, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "support.save-telemetry",
                                 self->view->telemetry != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "support.clear-telemetry", has_data);
}

static void
show_log (LksSupportPage *self)
{
  gboolean has_log = self->view->ring != NULL;
  g_autofree char *note = lks_log_to_note (self->view->ring, self->view->log_error);

  lks_log_view_take_entries (self->log_view, g_steal_pointer (&self->view->entries));
  gtk_widget_set_visible (self->log_box, has_log);
  gtk_label_set_label (self->log_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->log_note), note[0] != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "support.copy-log", has_log);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "support.save-log", has_log);
}

/* What a locked board refuses without a session would be refused, too. */
static void
show_restart (LksSupportPage *self)
{
  gboolean is_refused =
      g_error_matches (self->view->log_error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);

  g_autofree char *text = lks_service_row_join (
      "\n",
      is_refused
          ? _ ("A locked board restarts only in a servicing session, or when it is switched off "
               "and on.")
          : _ ("System, network and all applications start anew. The board is silent for some "
               "seconds."),
      self->restarted != NULL ? self->restarted : "", NULL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "support.restart", !is_refused);
  g_object_set (self->restart_row, "subtitle", text, NULL);
}

static void
viewed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (page);
  LksSupportView *view = job_data;
  LksSupportView nothing = { NULL };

  if (!is_ok)
    return;

  g_clear_pointer (&self->view, lks_support_view_free);
  self->view = lks_support_view_new (NULL);
  *self->view = *view;
  *view = nothing;
  show_update (self);
  show_restart (self);
  show_telemetry (self);
  show_log (self);
}

static void
lks_support_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, lks_support_view_job,
                         lks_support_view_new (LKS_SUPPORT_PAGE (page)->messages),
                         lks_support_view_free, viewed_cb);
}

static void
lks_support_page_clear (LksServicePage *page)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (page);

  lks_log_view_take_entries (self->log_view, NULL);
  g_clear_pointer (&self->view, lks_support_view_free);
  g_clear_pointer (&self->restarted, g_free);
}

/* ---- files ---- */

static void
tell_saved (LksServicePage *page, const char *name)
{
  /* Translators: the name of a file */
  g_autofree char *text = g_strdup_printf (_ ("Saved “%s”"), name);

  lks_service_page_toast (page, text);
}

static void
saved_cb (GtkWidget *owner, GFile *file, const GError *error)
{
  g_autofree char *name = g_file_get_basename (file);

  if (error != NULL)
    lks_service_page_show_error (LKS_SERVICE_PAGE (owner), error);
  else
    tell_saved (LKS_SERVICE_PAGE (owner), name);
}

/* For their owner only: logs tell about networks and people. */
static gboolean
save_bytes (GFile *file, gpointer bytes, GError **error)
{
  return lks_whole_file_write_bytes (file, G_FILE_CREATE_PRIVATE, bytes, NULL, error);
}

static void
unref_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

static void
ask_for_file (LksSupportPage *self,
              const char *title,
              const char *kind,
              const char *suffix,
              GBytes *bytes)
{
  const char *id = lks_board_get_device_id (lks_service_page_get_board (LKS_SERVICE_PAGE (self)));
  gsize length = id != NULL ? strlen (id) : 0;
  g_autofree char *name =
      g_strdup_printf ("%s-%s.%s", kind, length >= 6 ? id + length - 6 : "board", suffix);

  lks_file_saver_ask (GTK_WIDGET (self), title, name, save_bytes, bytes, unref_bytes, saved_cb);
}

static GBytes *
log_to_text (LksSupportPage *self)
{
  const LksLogWish wish = { .messages = self->messages };
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();

  lks_log_write (self->view->ring, &wish, LKS_LOG_FORMAT_TEXT, stream, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
save_log_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);

  if (self->view == NULL || self->view->ring == NULL)
    return;

  if (g_str_equal (g_variant_get_string (parameter, NULL), "raw"))
    ask_for_file (self, _ ("Save the Raw Log"), "log", "bin",
                  g_bytes_ref (lks_log_ring_get_bytes (self->view->ring)));
  else
    ask_for_file (self, _ ("Save the Log as Text"), "log", "txt", log_to_text (self));
}

static void
save_telemetry_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);

  if (self->view != NULL && self->view->telemetry != NULL)
    ask_for_file (self, _ ("Save the Error Reports"), "telemetry", "bin",
                  g_bytes_ref (self->view->telemetry->bytes));
}

static void
copy_log_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);
  guint n = lks_log_view_get_shown (self->log_view);
  g_autofree char *text = lks_log_view_dup_text (self->log_view);
  g_autofree char *told =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Copied %u record", "Copied %u records", n),
                       n);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  lks_service_page_toast (LKS_SERVICE_PAGE (self), told);
}

/* ---- bundle ---- */

static void
bundle_saved_cb (LksSupportPage *self, const char *name)
{
  tell_saved (LKS_SERVICE_PAGE (self), name);
}

static void
bundle_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);
  LksBoard *board = lks_service_page_get_board (LKS_SERVICE_PAGE (self));
  LksBundleDialog *dialog;

  if (board == NULL)
    return;

  dialog = lks_bundle_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), board, self->messages);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (bundle_saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- message definitions ---- */

static void
show_words (LksSupportPage *self)
{
  g_autofree char *text = lks_messages_to_text (self->messages);

  g_object_set (self->words_row, "subtitle", text, NULL);
}

static void
words_chosen_cb (LksSupportPage *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  LksLogMessages *messages;

  if (response != GTK_RESPONSE_ACCEPT)
    return;

  folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = g_file_get_path (folder);
  messages = lks_log_messages_load (path != NULL ? path : "", &error);
  if (messages == NULL)
    {
      lks_service_page_show_error (LKS_SERVICE_PAGE (self), error);
      return;
    }

  g_clear_pointer (&self->messages, lks_log_messages_unref);
  self->messages = messages;
  show_words (self);
  lks_service_page_refresh (LKS_SERVICE_PAGE (self));
}

static void
words_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Folder With Message Definitions"),
                                               GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (words_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- changes ---- */

/* A question; the answer may come when another board is selected. */
typedef struct
{
  LksSupportPage *page; /* (owned) */
  LksBoard *board;      /* (owned) */
} Question;

static void
question_free (gpointer data, GClosure *unused)
{
  Question *question = data;

  g_object_unref (question->page);
  g_object_unref (question->board);
  g_free (question);
}

static void
restarted_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (page);
  const LksRestart *restart = job_data;

  g_clear_pointer (&self->restarted, g_free);
  if (is_ok)
    self->restarted = lks_restart_to_text (restart);
  else if (restart->has_answered) /* nobody waits for it any more, and it still restarts */
    lks_board_expect_restart (lks_service_page_get_board (page));
}

static void
restart_free (gpointer restart)
{
  lks_restart_clear (restart);
  g_free (restart);
}

static gboolean
restart_job (LksDevice *device, gpointer restart, GCancellable *cancellable, GError **error)
{
  return lks_restart_order (device, restart, cancellable, error) &&
         lks_restart_prove (device, restart, LKS_RESTART_WATCH_LIMIT_S, cancellable, error);
}

static void
cleared_cb (LksServicePage *page, gpointer unused, gboolean is_ok)
{
  if (is_ok)
    lks_service_page_toast (page, _ ("The error reports are cleared"));
}

static gboolean
clear_job (LksDevice *device, gpointer cleared_bytes, GCancellable *cancellable, GError **error)
{
  return lks_telemetry_clear (device, cleared_bytes, cancellable, error);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;
  LksServicePage *page = LKS_SERVICE_PAGE (question->page);

  if (lks_service_page_get_board (page) != question->board)
    return;

  if (g_str_equal (response, "restart"))
    lks_service_page_change (page, _ ("Restarting the board and waiting until it is back…"),
                             restart_job, g_new0 (LksRestart, 1), restart_free, restarted_cb);
  if (g_str_equal (response, "clear"))
    lks_service_page_change (page, _ ("Clearing the error reports…"), clear_job, g_new0 (guint, 1),
                             g_free, cleared_cb);
}

static void
ask (LksSupportPage *self,
     const char *heading,
     const char *body,
     const char *response,
     const char *label)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *widget = adw_message_dialog_new (GTK_WINDOW (root), heading, body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (self);
  question->board = g_object_ref (lks_service_page_get_board (LKS_SERVICE_PAGE (self)));
  adw_message_dialog_add_response (dialog, "cancel", _ ("Cancel"));
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_add_response (dialog, response, label);
  adw_message_dialog_set_response_appearance (dialog, response, ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
restart_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (widget);

  if (self->view != NULL)
    ask (self, _ ("Restart the Board?"), lks_restart_get_warning (self->view->update), "restart",
         _ ("Restart Board"));
}

static void
clear_telemetry_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ask (LKS_SUPPORT_PAGE (widget), _ ("Clear the Error Reports?"),
       _ ("They are lost, also for the vendor. Save them before if somebody may want them."),
       "clear", _ ("Clear Error Reports"));
}

/* ---- class ---- */

static void
lks_support_page_dispose (GObject *object)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->view, lks_support_view_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_SUPPORT_PAGE);
  G_OBJECT_CLASS (lks_support_page_parent_class)->dispose (object);
}

static void
lks_support_page_finalize (GObject *object)
{
  LksSupportPage *self = LKS_SUPPORT_PAGE (object);

  g_clear_pointer (&self->messages, lks_log_messages_unref);
  g_free (self->restarted);
  G_OBJECT_CLASS (lks_support_page_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "support.bundle", NULL, bundle_action);
  gtk_widget_class_install_action (widget_class, "support.restart", NULL, restart_action);
  gtk_widget_class_install_action (widget_class, "support.save-telemetry", NULL,
                                   save_telemetry_action);
  gtk_widget_class_install_action (widget_class, "support.clear-telemetry", NULL,
                                   clear_telemetry_action);
  gtk_widget_class_install_action (widget_class, "support.copy-log", NULL, copy_log_action);
  gtk_widget_class_install_action (widget_class, "support.save-log", "s", save_log_action);
  gtk_widget_class_install_action (widget_class, "support.words", NULL, words_action);
}

static void
lks_support_page_class_init (LksSupportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_support_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_support_page_finalize;
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = lks_support_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = lks_support_page_clear;

  g_type_ensure (LKS_TYPE_ASPECT_ROW);
  g_type_ensure (LKS_TYPE_LOG_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-support-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, update_row);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, restart_row);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, telemetry_row);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, log_box);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, log_view);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, log_note);
  gtk_widget_class_bind_template_child (widget_class, LksSupportPage, words_row);
  install_actions (widget_class);
}

static void
lks_support_page_init (LksSupportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_words (self);
}
