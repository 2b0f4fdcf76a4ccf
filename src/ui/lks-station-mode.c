/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main window of a station: it fills the screen and is not left by accident. Whatever would
 * close it or make it smaller asks for an engineer first, and waits for runs to end. */
#include "lks-station-mode.h"

#include "lks-finalizer.h"
#include "lks-operator-gate.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#define DATA_KEY "lks-station-mode"

/* What GTK itself does about its Inspector. */
static gboolean (*gtk_enable_debugging) (GtkWindow *window, gboolean toggle);

static void
leave (GtkWindow *window)
{
  g_object_set_data (G_OBJECT (window), DATA_KEY, NULL);
  gtk_window_set_deletable (window, TRUE);
  gtk_window_unfullscreen (window);
}

/* When the question is gone. */
static void
close_cb (gpointer user_data)
{
  g_autoptr (GtkWindow) window = user_data;

  gtk_window_close (window);
}

static void
answered_cb (GtkWindow *window, const char *response)
{
  if (g_strcmp0 (response, "leave") != 0 && g_strcmp0 (response, "quit") != 0)
    return;

  leave (window);
  if (g_str_equal (response, "quit"))
    g_idle_add_once (close_cb, g_object_ref (window));
}

static void
say_busy (GtkWindow *window, guint n_runs)
{
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u board is being worked on. Wait until its run is over; then "
                                 "the station can be left.",
                                 "%u boards are being worked on. Wait until their runs are over; "
                                 "then the station can be left.",
                                 n_runs),
                       n_runs);
  GtkWidget *dialog = adw_message_dialog_new (window, _ ("Not Now"), text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
ask (GtkWindow *window)
{
  GtkWidget *dialog =
      adw_message_dialog_new (window, _ ("Leave the Station Mode?"),
                              _ ("The window no longer fills the screen then, and can be closed. "
                                 "People still have to sign in."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Stay"), "leave",
                                    _ ("_Leave"), "quit", _ ("Leave and _Quit"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "quit",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), window, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
try_to_leave (GtkWindow *window)
{
  const guint n_runs = lks_finalizer_count_busy ();

  if (n_runs > 0)
    say_busy (window, n_runs);
  else if (lks_operator_permit (GTK_WIDGET (window), LKS_OPERATOR_ACT_LEAVE))
    ask (window);
}

static gboolean
close_request_cb (GtkWindow *window)
{
  if (!lks_station_mode_is_on (window))
    return GDK_EVENT_PROPAGATE;

  try_to_leave (window);
  return GDK_EVENT_STOP;
}

/* A window manager has keys of its own. */
static void
fullscreened_cb (GtkWindow *window)
{
  if (lks_station_mode_is_on (window) && !gtk_window_is_fullscreen (window))
    gtk_window_fullscreen (window);
}

static gboolean
full_screen_key_cb (GtkWidget *widget, GVariant *arguments, gpointer unused)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (!lks_station_mode_is_on (window))
    return FALSE;

  try_to_leave (window);
  return TRUE;
}

static void
watch_keys (GtkWindow *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F11, 0),
                        gtk_callback_action_new (full_screen_key_cb, NULL, NULL)));
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}

/* Whoever may leave the station may take the window apart, too. */
static gboolean
enable_debugging (GtkWindow *window, gboolean toggle)
{
  return !lks_operator_may (LKS_OPERATOR_ACT_LEAVE) || gtk_enable_debugging (window, toggle);
}

/**
 * lks_station_mode_guard_inspector:
 *
 * Takes away GTK's Inspector, which opens by a key and presses whatever it is told, from those who
 * may not leave the station mode. To be called once after GTK was initialized, before there is a
 * window of any kind: each kind takes the class of its parent over when its first window is made.
 */
void
lks_station_mode_guard_inspector (void)
{
  GtkWindowClass *klass = g_type_class_ref (GTK_TYPE_WINDOW); /* for ever */

  g_return_if_fail (gtk_enable_debugging == NULL);

  gtk_enable_debugging = klass->enable_debugging;
  klass->enable_debugging = enable_debugging;
}

/**
 * lks_station_mode_is_on:
 * @window: a main window
 *
 * Returns: whether it is in station mode
 */
gboolean
lks_station_mode_is_on (GtkWindow *window)
{
  return g_object_get_data (G_OBJECT (window), DATA_KEY) != NULL;
}

/**
 * lks_station_mode_enter:
 * @window: a main window that was not shown yet
 *
 * Lets it fill the screen until an engineer leaves the station mode.
 */
void
lks_station_mode_enter (GtkWindow *window)
{
  g_return_if_fail (!lks_station_mode_is_on (window));

  g_object_set_data (G_OBJECT (window), DATA_KEY, window);
  g_signal_connect (window, "close-request", G_CALLBACK (close_request_cb), NULL);
  g_signal_connect (window, "notify::fullscreened", G_CALLBACK (fullscreened_cb), NULL);
  watch_keys (window);
  gtk_window_set_deletable (window, FALSE);
  gtk_window_fullscreen (window);
}
