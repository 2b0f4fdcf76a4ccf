/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-console-window.h"

#include "lks-console-job.h"
#include "lks-console-text.h"
#include "lks-console-view.h"
#include "lks-file-saver.h"
#include "lks-service-row.h"
#include "lks-sign-label.h"
#include "lks-whole-file.h"

#include <glib/gi18n-lib.h>

struct _LksConsoleWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;          /* template child */
  GtkButton *stop_button;         /* template child */
  GtkButton *run_button;          /* template child */
  LksSignLabel *sign_label;       /* template child */
  GtkLabel *state_label;          /* template child */
  GtkLabel *ports_label;          /* template child */
  GtkLabel *problem_label;        /* template child */
  LksConsoleView *view;           /* template child */
  AdwToastOverlay *toast_overlay; /* template child */

  LksConsoleJob *job;  /* (owned) */
  LksBoard *board;     /* (unowned): the job's, to compare */
  char *component_id;  /* (owned): of the application */
  char *name;          /* (owned): of the application */
  gboolean is_closing; /* once the application is put back */
};

G_DEFINE_FINAL_TYPE (LksConsoleWindow, lks_console_window, ADW_TYPE_WINDOW)

/* ---- the text ---- */

static void
output_cb (LksConsoleWindow *self, const char *text)
{
  lks_console_view_append (self->view, text);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.copy", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.save", TRUE);
}

static void
toast (LksConsoleWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (text));
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (widget);
  g_autofree char *text = lks_console_view_dup_text (self->view);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  toast (self, _ ("Copied"));
}

/* For its owner only: nobody knows what an application writes. */
static gboolean
save_text (GFile *file, gpointer text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return lks_whole_file_write_bytes (file, G_FILE_CREATE_PRIVATE, bytes, NULL, error);
}

static void
saved_cb (GtkWidget *widget, GFile *file, const GError *error)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (widget);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *text = error != NULL ? g_strdup_printf (_ ("Not saved: %s"), error->message)
                                        : g_strdup_printf (_ ("Saved as %s"), name);

  toast (self, text);
}

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (widget);
  g_autofree char *name = g_strdup_printf ("%s.txt", self->name);

  g_strdelimit (name, G_DIR_SEPARATOR_S, '-');
  lks_file_saver_ask (widget, _ ("Save Output"), name, save_text,
                      lks_console_view_dup_text (self->view), g_free, saved_cb);
}

/* ---- the state ---- */

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

static void
show_state (LksConsoleWindow *self)
{
  LksConsoleState state = lks_console_job_get_state (self->job);
  gboolean is_active = lks_console_job_is_active (self->job);
  LksSign sign = lks_sign_for_console (state);
  g_autofree char *text = lks_console_to_text (self->job);
  g_autofree char *ports = lks_console_ports_to_text (self->job);
  gboolean is_failed = state == LKS_CONSOLE_STATE_FAILED;

  lks_sign_label_set_sign (self->sign_label, &sign);
  show_text (self->state_label, is_failed ? "" : text);
  show_text (self->problem_label, is_failed ? text : "");
  show_text (self->ports_label, ports);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.stop",
                                 is_active && state != LKS_CONSOLE_STATE_PUTTING_BACK);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.run", !is_active);
  gtk_widget_set_visible (GTK_WIDGET (self->stop_button), is_active);
  gtk_widget_set_visible (GTK_WIDGET (self->run_button), !is_active);
}

static void
state_cb (LksConsoleWindow *self)
{
  show_state (self);

  /* What went wrong is told before the window goes. */
  if (self->is_closing && lks_console_job_get_state (self->job) == LKS_CONSOLE_STATE_OVER)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_console_job_stop (LKS_CONSOLE_WINDOW (widget)->job);
}

static void
run_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (widget);

  self->is_closing = FALSE;
  lks_console_view_clear (self->view);
  lks_console_job_start (self->job);
}

/* The window stays until the application is put back. */
static gboolean
lks_console_window_close_request (GtkWindow *window)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (window);

  if (!lks_console_job_is_active (self->job))
    return GTK_WINDOW_CLASS (lks_console_window_parent_class)->close_request (window);

  self->is_closing = TRUE;
  lks_console_job_stop (self->job);
  return TRUE;
}

/* ---- class ---- */

static void
lks_console_window_dispose (GObject *object)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (object);

  if (self->job != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->job, self);
      lks_console_job_stop (self->job); /* and puts it back, with references of its own */
    }
  g_clear_object (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CONSOLE_WINDOW);
  G_OBJECT_CLASS (lks_console_window_parent_class)->dispose (object);
}

static void
lks_console_window_finalize (GObject *object)
{
  LksConsoleWindow *self = LKS_CONSOLE_WINDOW (object);

  g_free (self->component_id);
  g_free (self->name);
  G_OBJECT_CLASS (lks_console_window_parent_class)->finalize (object);
}

static void
lks_console_window_class_init (LksConsoleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_console_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = lks_console_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = lks_console_window_close_request;

  g_type_ensure (LKS_TYPE_CONSOLE_VIEW);
  g_type_ensure (LKS_TYPE_SIGN_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, sign_label);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, state_label);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, ports_label);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, view);
  gtk_widget_class_bind_template_child (widget_class, LksConsoleWindow, toast_overlay);
  gtk_widget_class_install_action (widget_class, "console.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "console.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "console.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "console.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "console.save",
                                       NULL);
}

static void
lks_console_window_init (LksConsoleWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.copy", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "console.save", FALSE);
}

/**
 * lks_console_window_new:
 * @parent: (nullable): the window in front of which it is shown
 * @board: a board
 * @component_id: an application on it
 * @name: the application's name
 *
 * Creates the window and starts the application anew under the debug server. The window goes when
 * it is closed and the application is put back.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksConsoleWindow *
lks_console_window_new (GtkWindow *parent,
                        LksBoard *board,
                        const char *component_id,
                        const char *name)
{
  LksConsoleWindow *self =
      g_object_new (LKS_TYPE_CONSOLE_WINDOW, "transient-for", parent, "application",
                    parent != NULL ? gtk_window_get_application (parent) : NULL, NULL);
  /* Translators: the name of an application; the window shows what it writes */
  g_autofree char *title = g_strdup_printf (_ ("Output of %s"), name);
  /* Translators: where a board is plugged in, such as 1-1.4 */
  g_autofree char *place = g_strdup_printf (_ ("Board at %s"), lks_board_get_path (board));

  self->board = board;
  self->component_id = g_strdup (component_id);
  self->name = g_strdup (name);
  self->job = lks_console_job_new (board, component_id);
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, place);
  g_signal_connect_object (self->job, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  /* The work may fail before it is known that the board is gone. */
  g_signal_connect_object (board, "notify::state", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->job, "output", G_CALLBACK (output_cb), self, G_CONNECT_SWAPPED);
  lks_console_job_start (self->job);
  return self;
}

/**
 * lks_console_window_find:
 * @board: a board
 * @component_id: an application on it
 *
 * Returns: (transfer none) (nullable): the window that shows its output already; a second one would
 *   take the application from it
 */
LksConsoleWindow *
lks_console_window_find (LksBoard *board, const char *component_id)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      LksConsoleWindow *self = LKS_IS_CONSOLE_WINDOW (window) ? LKS_CONSOLE_WINDOW (window) : NULL;

      if (self != NULL && self->board == board && g_str_equal (self->component_id, component_id))
        return self; /* GTK keeps it alive */
    }

  return NULL;
}
