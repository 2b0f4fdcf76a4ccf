/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-quit.h"

#include "lks-console-window.h"
#include "lks-window.h"

/* How long boards may take to get back what was debugged on them. */
#define CONSOLES_LIMIT_MS (10 * 1000)

typedef struct
{
  GtkApplication *application; /* (owned) */
  gulong removed_handler;
  guint timer_id;
} Quit;

/* (transfer none) (nullable): the first window of a kind */
static gpointer
find_window (GtkApplication *application, GType type)
{
  for (GList *window = gtk_application_get_windows (application); window != NULL;
       window = window->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (window->data, type))
      return window->data;
  return NULL;
}

/* What else is open goes with the main window. */
static void
close_main (GtkApplication *application)
{
  LksWindow *window = find_window (application, LKS_TYPE_WINDOW);

  if (window == NULL)
    {
      g_application_quit (G_APPLICATION (application));
      return;
    }
  g_signal_connect_object (window, "destroy", G_CALLBACK (g_application_quit), application,
                           G_CONNECT_SWAPPED);
  lks_window_close_unasked (window);
}

static void
go_on (Quit *quit)
{
  g_autoptr (GtkApplication) application = quit->application;

  g_signal_handler_disconnect (application, quit->removed_handler);
  g_source_remove (quit->timer_id);
  g_free (quit);
  close_main (application);
}

static void
removed_cb (Quit *quit)
{
  if (find_window (quit->application, LKS_TYPE_CONSOLE_WINDOW) == NULL)
    go_on (quit);
}

static gboolean
too_late_cb (gpointer user_data)
{
  go_on (user_data);
  return G_SOURCE_CONTINUE; /* it is removed already */
}

static void
close_consoles (GtkApplication *application)
{
  GList *windows = g_list_copy_deep (gtk_application_get_windows (application),
                                     (GCopyFunc) (void (*) (void)) g_object_ref, NULL);

  for (GList *window = windows; window != NULL; window = window->next)
    if (LKS_IS_CONSOLE_WINDOW (window->data))
      gtk_window_close (window->data);
  g_list_free_full (windows, g_object_unref);
}

/**
 * lks_quit_unasked:
 * @application: an application that runs
 *
 * Ends the program in order, but without a question: for a signal. What is debugged on a board is
 * put back first, for 10 seconds at most and while the servicing session that opened the board goes
 * on; then the main window closes, see lks_window_leave_unasked(), and whatever else is open.
 */
void
lks_quit_unasked (GtkApplication *application)
{
  Quit *quit;

  if (find_window (application, LKS_TYPE_CONSOLE_WINDOW) == NULL)
    {
      close_main (application);
      return;
    }

  quit = g_new0 (Quit, 1);
  quit->application = g_object_ref (application);
  quit->removed_handler =
      g_signal_connect_data (application, "window-removed", G_CALLBACK (removed_cb), quit, NULL,
                             G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  quit->timer_id = g_timeout_add (CONSOLES_LIMIT_MS, too_late_cb, quit);
  close_consoles (application);
}
