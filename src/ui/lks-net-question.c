/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-question.h"

#include "lks-net-interface.h"
#include "lks-net-job.h"

#include <glib/gi18n-lib.h>

/* A question; the answer may come when another board is selected. */
typedef struct
{
  LksServicePage *page; /* (owned) */
  LksBoard *board;      /* (owned) */
  GtkEditable *mac_row; /* (unowned) (nullable): of the dialog */
  char *name;           /* (owned) (nullable): of an interface */
} Question;

static void
question_free (gpointer data, GClosure *unused)
{
  Question *question = data;

  g_object_unref (question->page);
  g_object_unref (question->board);
  g_free (question->name);
  g_free (question);
}

static void
start (LksServicePage *page, const char *what, LksNetJob *job)
{
  lks_service_page_change (page, what, lks_net_job_run, job, lks_net_job_free, NULL);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;

  if (lks_service_page_get_board (question->page) != question->board)
    return;

  if (g_str_equal (response, "remove"))
    start (question->page, _ ("Removing the proxy…"), lks_net_job_new_remove_proxy ());
  if (g_str_equal (response, "change"))
    start (question->page, _ ("Changing the MAC address…"),
           lks_net_job_new_mac (question->name, gtk_editable_get_text (question->mac_row)));
}

static GtkWidget *
new_question (LksServicePage *page, const char *heading, const char *body, Question **out_question)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (page));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, body);
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (page);
  question->board = g_object_ref (lks_service_page_get_board (page));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  *out_question = question;
  return dialog;
}

/**
 * lks_net_question_remove_proxy:
 * @page: a page with a board
 *
 * Asks whether the board shall forget its web proxy, and lets it do so.
 */
void
lks_net_question_remove_proxy (LksServicePage *page)
{
  Question *question;
  GtkWidget *dialog =
      new_question (page, _ ("Remove the Proxy?"),
                    _ ("The board forgets it with its password and goes to the internet directly."),
                    &question);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "remove", _ ("Remove Proxy"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
mac_changed_cb (GtkEditable *row, AdwMessageDialog *dialog)
{
  adw_message_dialog_set_response_enabled (dialog, "change",
                                           lks_mac_address_check (gtk_editable_get_text (row),
                                                                  NULL));
}

/**
 * lks_net_question_mac:
 * @page: a page with a board
 * @name: one of its Ethernet interfaces
 *
 * Asks for another hardware address, and gives it to the interface.
 */
void
lks_net_question_mac (LksServicePage *page, const char *name)
{
  g_autofree char *heading = g_strdup_printf (_ ("New MAC Address of %s"), name);
  Question *question;
  GtkWidget *dialog = new_question (page, heading,
                                    _ ("Six pairs of hexadecimal digits like a2:b2:c3:4d:e5:6f; "
                                       "the first pair is even."),
                                    &question);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("New MAC address"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), group);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "change", _ ("Change Address"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "change",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "change", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "change");
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (row, "changed", G_CALLBACK (mac_changed_cb), dialog, 0);
  question->mac_row = GTK_EDITABLE (row);
  question->name = g_strdup (name);
  gtk_window_present (GTK_WINDOW (dialog));
}
