/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-window-leave.h"

#include "lks-error-text.h"
#include "lks-finalizer.h"
#include "lks-session-background.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

struct _LksWindowLeave
{
  GObject parent_instance;

  GtkWindow *window;        /* (unowned): it owns this */
  LksSessionKeeper *keeper; /* (owned) (nullable) */
  gboolean may_leave_runs;  /* the person has agreed */
  gboolean may_leave;       /* the person has agreed to everything */
  gboolean is_keeping;      /* another program is taking the watch over the session */
  gboolean is_unasked;      /* nobody is there to answer */
};

G_DEFINE_FINAL_TYPE (LksWindowLeave, lks_window_leave, G_TYPE_OBJECT)

static void
say_error (LksWindowLeave *self, const GError *error)
{
  g_autofree char *sentence = lks_error_to_sentence (error);

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-toast", "s", sentence);
}

/* A station's window would ask for an engineer before it closes; a signal is not from a person. */
static void
close_for_good (LksWindowLeave *self)
{
  self->may_leave = TRUE;
  if (self->is_unasked)
    gtk_window_destroy (self->window);
  else
    gtk_window_close (self->window);
}

/* @answered: (scope async): called with @self and the response */
static void
ask (LksWindowLeave *self, GtkWidget *dialog, const char *destructive, GCallback answered)
{
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), destructive,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", answered, self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- boards that are being finalized ---- */

static void
runs_answered_cb (LksWindowLeave *self, const char *response)
{
  if (g_strcmp0 (response, "leave") != 0)
    return;

  self->may_leave_runs = TRUE;
  gtk_window_close (self->window);
}

static void
ask_about_runs (LksWindowLeave *self, guint count)
{
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%u board is being worked on, and has no verdict yet. What was done to it is in "
                   "the journal: when Locksmith runs again and the board is plugged in, the board "
                   "is asked what is true, and nothing is done twice.",
                   "%u boards are being worked on, and have no verdict yet. What was done to them "
                   "is in the journal: when Locksmith runs again and they are plugged in, each "
                   "board is asked what is true, and nothing is done twice.",
                   count),
      count);
  GtkWidget *dialog =
      adw_message_dialog_new (self->window, _ ("Quit in the Middle of Runs?"), text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Stay"), "leave",
                                    _ ("_Quit Anyway"), NULL);
  ask (self, dialog, "leave", G_CALLBACK (runs_answered_cb));
}

/* ---- a servicing session ---- */

static void
end_session (LksWindowLeave *self)
{
  g_autoptr (GError) error = NULL;

  if (lks_session_keeper_get_session (self->keeper) != NULL &&
      !lks_session_keeper_end (self->keeper, LKS_SESSION_END_PROGRAM_CLOSED, &error))
    say_error (self, error);
}

static void ask_about_session (LksWindowLeave *self, const char *heading, const char *text);

/* The window stays, and watches; whoever closes it again is asked again. */
static void
keeping_failed (LksWindowLeave *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  if (self->is_unasked)
    end_session (self);
  if (lks_session_keeper_get_session (self->keeper) == NULL || self->is_unasked)
    {
      close_for_good (self); /* it has ended */
      return;
    }
  lks_session_guard_set_survives (lks_session_keeper_get_guard (self->keeper), FALSE, NULL);
  ask_about_session (self, _ ("The Session Could Not Be Handed Over"), text);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksWindowLeave) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_keeping = FALSE;
  if (lks_session_keep_in_background_finish (result, &error))
    close_for_good (self);
  else
    keeping_failed (self, error);
}

/* A session that nobody watches is over: a program without a window takes the watch. */
static void
keep_and_close (LksWindowLeave *self)
{
  g_autoptr (GError) error = NULL;

  if (lks_session_keeper_get_session (self->keeper) == NULL)
    {
      close_for_good (self);
      return;
    }
  if (!lks_session_guard_set_survives (lks_session_keeper_get_guard (self->keeper), TRUE, &error))
    {
      keeping_failed (self, error);
      return;
    }

  self->is_keeping = TRUE;
  lks_session_keep_in_background_async (NULL, kept_cb, g_object_ref (self));
}

/* A session ends with the window or goes on without it, but neither unasked. */
static void
session_answered_cb (LksWindowLeave *self, const char *response)
{
  self->may_leave_runs = FALSE; /* one answer is for one attempt */
  if (g_strcmp0 (response, "keep") == 0)
    {
      keep_and_close (self);
    }
  else if (g_strcmp0 (response, "end") == 0)
    {
      end_session (self);
      close_for_good (self);
    }
}

static void
ask_about_session (LksWindowLeave *self, const char *heading, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (self->window, heading, text);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "keep",
                                    _ ("_Keep Session and Quit"), "end",
                                    _ ("_End Session and Quit"), NULL);
  ask (self, dialog, "end", G_CALLBACK (session_answered_cb));
}

/**
 * lks_window_leave_request:
 * @self: a door
 *
 * Says whether the window may close now. When not, the person is being asked, and the window is
 * closed when they agree.
 *
 * Returns: whether the window may close now
 */
gboolean
lks_window_leave_request (LksWindowLeave *self)
{
  LksSession *session;
  guint n_runs = lks_finalizer_count_busy ();

  g_return_val_if_fail (LKS_IS_WINDOW_LEAVE (self), TRUE);

  session = self->keeper != NULL ? lks_session_keeper_get_session (self->keeper) : NULL;
  if (self->may_leave)
    return TRUE;
  if (n_runs > 0 && !self->may_leave_runs)
    {
      ask_about_runs (self, n_runs);
      return FALSE;
    }
  if (session == NULL)
    return TRUE;

  if (self->is_keeping)
    gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-toast", "s",
                                _ ("Another program is taking over the session; one moment"));
  else if (lks_session_get_fields (session)->survives_program)
    keep_and_close (self);
  else
    ask_about_session (
        self, _ ("End the Servicing Session?"),
        _ ("A servicing session goes on. Ended, its capability is wiped from memory. Kept, a "
           "program without a window watches over it, and it ends as it would now: when the board "
           "is unplugged, the screen is locked, or its time is over."));
  return FALSE;
}

/**
 * lks_window_leave_unasked:
 * @self: a door
 *
 * Closes the window without a question: for a signal. Runs stop as when the person agrees to quit
 * in the middle of them; a servicing session ends, or is handed over when that was its person's
 * wish, for which the window stays for 15 seconds at most.
 */
void
lks_window_leave_unasked (LksWindowLeave *self)
{
  LksSession *session;

  g_return_if_fail (LKS_IS_WINDOW_LEAVE (self));

  self->is_unasked = TRUE;
  session = self->keeper != NULL ? lks_session_keeper_get_session (self->keeper) : NULL;
  if (self->is_keeping)
    return; /* it closes in a moment */
  if (session != NULL && lks_session_get_fields (session)->survives_program)
    {
      keep_and_close (self);
      return;
    }
  if (session != NULL)
    end_session (self);
  close_for_good (self);
}

/**
 * lks_window_leave_set_keeper:
 * @self: a door
 * @keeper: (nullable): what keeps the servicing session of this user
 *
 * Hands in what knows whether there is a servicing session.
 */
void
lks_window_leave_set_keeper (LksWindowLeave *self, LksSessionKeeper *keeper)
{
  g_return_if_fail (LKS_IS_WINDOW_LEAVE (self));

  g_set_object (&self->keeper, keeper);
}

static void
lks_window_leave_dispose (GObject *object)
{
  LksWindowLeave *self = LKS_WINDOW_LEAVE (object);

  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (lks_window_leave_parent_class)->dispose (object);
}

static void
lks_window_leave_class_init (LksWindowLeaveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_window_leave_dispose;
}

static void
lks_window_leave_init (LksWindowLeave *self)
{
}

/**
 * lks_window_leave_new:
 * @window: the main window, which owns the result and has the action "win.show-toast"
 *
 * Returns: (transfer full): a door of the window
 */
LksWindowLeave *
lks_window_leave_new (GtkWindow *window)
{
  LksWindowLeave *self = g_object_new (LKS_TYPE_WINDOW_LEAVE, NULL);

  self->window = window;
  return self;
}
