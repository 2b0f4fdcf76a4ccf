/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-page.h"

#include "lks-aspect-row.h"
#include "lks-device-wifi.h"
#include "lks-service-row.h"
#include "lks-value-item.h"
#include "lks-wifi-add.h"
#include "lks-wifi-change.h"
#include "lks-wifi-dialog.h"
#include "lks-wifi-job.h"
#include "lks-wifi-scan.h"
#include "lks-wifi-text.h"

#include <glib/gi18n-lib.h>

struct _LksWifiPage
{
  LksServicePage parent_instance;

  LksAspectRow *radio_row;     /* template child */
  GtkWidget *power_row;        /* template child */
  GtkSwitch *power_switch;     /* template child */
  GtkListBox *networks_list;   /* template child */
  GtkLabel *no_networks_label; /* template child */
  GtkListBox *seen_list;       /* template child */
  GtkWidget *seen_hint;        /* template child */

  GListStore *networks; /* (owned) of LksValueItem with LksWifiNetwork */
  GListStore *seen;     /* (owned) of LksValueItem with LksWifiSeen */
  LksWifiView *view;    /* (owned) (nullable): what is shown */
  gboolean is_showing;  /* the switch moves because of the board, not of a person */
};

G_DEFINE_FINAL_TYPE (LksWifiPage, lks_wifi_page, LKS_TYPE_SERVICE_PAGE)

static const LksWifiNetwork *
find_network (LksWifiPage *self, int id)
{
  for (guint i = 0; self->view != NULL && i < self->view->report->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (self->view->report->networks, i);

      if (network->id == id)
        return network;
    }

  return NULL;
}

/* ---- what is shown ---- */

static void
nothing_to_free (gpointer unused)
{
}

static void
add_network_buttons (GtkWidget *row, const LksWifiNetwork *network)
{
  const char *ssid = network->ssid != NULL ? network->ssid : "";
  gboolean is_enabled = network->config_state != LKS_WIFI_CONFIG_STATE_DISABLED;
  g_autofree char *toggle = g_strdup_printf (is_enabled ? _ ("Disable %s") : _ ("Enable %s"), ssid);
  g_autofree char *key = g_strdup_printf (_ ("Change the key of %s"), ssid);
  g_autofree char *forget = g_strdup_printf (_ ("Forget %s"), ssid);

  lks_service_row_add_button (row, is_enabled ? _ ("Disable") : _ ("Enable"), toggle,
                              is_enabled ? "wifi.disable" : "wifi.enable",
                              g_variant_new_int32 (network->id));
  if (network->security == LKS_WIFI_SECURITY_PSK)
    lks_service_row_add_button (row, _ ("Key…"), key, "wifi.change-key",
                                g_variant_new_int32 (network->id));
  lks_service_row_add_button (row, _ ("Forget…"), forget, "wifi.forget",
                              g_variant_new_int32 (network->id));
}

static GtkWidget *
create_network_row (gpointer item, gpointer user_data)
{
  LksWifiPage *self = user_data;
  const LksWifiNetwork *network = lks_value_item_get_value (item);
  LksSign sign = lks_sign_for_wifi_network (self->view->report, network);
  g_autofree char *text = lks_wifi_network_to_text (self->view->report, network);
  GtkWidget *row = lks_service_row_new (network->ssid != NULL ? network->ssid : "", text, &sign);

  add_network_buttons (row, network);
  return row;
}

static GtkWidget *
create_seen_row (gpointer item, gpointer user_data)
{
  const LksWifiSeen *seen = lks_value_item_get_value (item);
  LksSign sign = lks_sign_for_wifi_seen (seen);
  g_autofree char *text = lks_wifi_seen_to_text (seen);
  gboolean is_hidden = seen->ssid[0] == '\0';
  GtkWidget *row = lks_service_row_new (is_hidden ? _ ("Hidden network") : seen->ssid, text, &sign);
  g_autofree char *spoken = g_strdup_printf (_ ("Add %s"), seen->ssid);

  if (seen->use != LKS_WIFI_USE_NO && !is_hidden)
    lks_service_row_add_button (row, _ ("Add…"), spoken, "wifi.add-seen",
                                g_variant_new ("(si)", seen->ssid, (gint32) seen->security));
  return row;
}

static void
show_radio (LksWifiPage *self)
{
  const LksWifiReport *report = self->view->report;
  LksSign sign = lks_sign_for_wifi_radio (report);
  g_autofree char *text = lks_wifi_radio_to_text (report);

  lks_aspect_row_set_sign (self->radio_row, &sign);
  lks_aspect_row_set_explanation (self->radio_row, text);
  self->is_showing = TRUE;
  gtk_widget_set_visible (self->power_row, report->radio->power_savings_text != NULL);
  gtk_switch_set_active (self->power_switch,
                         report->radio->power_savings == LKS_WIFI_POWER_SAVINGS_ENABLED);
  self->is_showing = FALSE;
}

static void
show_networks (LksWifiPage *self)
{
  GPtrArray *networks = self->view->report->networks;

  g_list_store_remove_all (self->networks);
  for (guint i = 0; i < networks->len; i++)
    lks_value_item_append (self->networks, g_ptr_array_index (networks, i), nothing_to_free);
  gtk_widget_set_visible (GTK_WIDGET (self->networks_list), networks->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->no_networks_label), networks->len == 0);
  gtk_label_set_label (self->no_networks_label,
                       self->view->report->is_radio_off
                           ? _ ("The radio is off, so the board tells nothing about its networks. "
                                "Bring the interface wlan0 up.")
                           : _ ("No network is stored on this board."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wifi.add", !self->view->report->is_radio_off);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wifi.scan", !self->view->report->is_radio_off);
}

static void
viewed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksWifiPage *self = LKS_WIFI_PAGE (page);
  LksWifiView *view = job_data;

  if (!is_ok)
    return;

  /* The rows of the old view go before what they show. */
  g_list_store_remove_all (self->networks);
  g_clear_pointer (&self->view, lks_wifi_view_free);
  self->view = lks_wifi_view_new ();
  self->view->report = g_steal_pointer (&view->report);
  self->view->cert_ids = g_steal_pointer (&view->cert_ids);
  show_radio (self);
  show_networks (self);
}

static void
lks_wifi_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, lks_wifi_view_job, lks_wifi_view_new (), lks_wifi_view_free,
                         viewed_cb);
}

static void
lks_wifi_page_clear (LksServicePage *page)
{
  LksWifiPage *self = LKS_WIFI_PAGE (page);

  g_list_store_remove_all (self->networks);
  g_list_store_remove_all (self->seen);
  gtk_widget_set_visible (GTK_WIDGET (self->seen_list), FALSE);
  gtk_widget_set_visible (self->seen_hint, TRUE);
  g_clear_pointer (&self->view, lks_wifi_view_free);
}

/* ---- scan ---- */

typedef struct
{
  GPtrArray *seen; /* (owned) (nullable) */
} Scan;

static void
scan_free (gpointer data)
{
  Scan *scan = data;

  g_clear_pointer (&scan->seen, g_ptr_array_unref);
  g_free (scan);
}

static gboolean
scan_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  Scan *scan = data;

  scan->seen = lks_wifi_scan (device, cancellable, error);
  return scan->seen != NULL;
}

static void
scanned_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksWifiPage *self = LKS_WIFI_PAGE (page);
  Scan *scan = job_data;

  if (!is_ok)
    return;

  g_list_store_remove_all (self->seen);
  for (guint i = 0; i < scan->seen->len; i++)
    lks_value_item_append (self->seen, lks_wifi_seen_copy (g_ptr_array_index (scan->seen, i)),
                           (GDestroyNotify) lks_wifi_seen_free);
  gtk_widget_set_visible (GTK_WIDGET (self->seen_list), scan->seen->len > 0);
  gtk_widget_set_visible (self->seen_hint, scan->seen->len == 0);
}

static void
scan_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_service_page_change (LKS_SERVICE_PAGE (widget), _ ("Listening for networks…"), scan_job,
                           g_new0 (Scan, 1), scan_free, scanned_cb);
}

/* ---- changes ---- */

static void
changed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  const LksWifiJoin *join = lks_wifi_job_get_join (job_data);
  g_autofree char *text = is_ok && join != NULL ? lks_wifi_join_to_text (join) : NULL;

  if (text != NULL)
    lks_service_page_toast (page, text);
}

static void
start (LksWifiPage *self, const char *what, LksWifiJob *job)
{
  lks_service_page_change (LKS_SERVICE_PAGE (self), what, lks_wifi_job_run, job, lks_wifi_job_free,
                           changed_cb);
}

static void
apply_cb (LksWifiPage *self, LksWifiDialog *dialog)
{
  LksWifiRequest request = lks_wifi_dialog_get_request (dialog);

  if (lks_service_page_get_board (LKS_SERVICE_PAGE (self)) != NULL)
    start (self, _ ("Adding the network and waiting for the connection…"),
           lks_wifi_job_new_add (&request));
}

static LksWifiDialog *
open_dialog (LksWifiPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  LksWifiDialog *dialog =
      lks_wifi_dialog_new (GTK_WINDOW (root),
                           self->view != NULL ? (const char *const *) self->view->cert_ids : NULL);

  g_signal_connect_object (dialog, "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  return dialog;
}

static void
add_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (open_dialog (LKS_WIFI_PAGE (widget))));
}

static void
add_seen_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWifiDialog *dialog = open_dialog (LKS_WIFI_PAGE (widget));
  const char *ssid;
  gint32 security;

  g_variant_get (parameter, "(&si)", &ssid, &security);
  lks_wifi_dialog_set_network (dialog, ssid, (LksWifiSecurity) security);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
enable_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gboolean enable = g_str_equal (action_name, "wifi.enable");

  start (LKS_WIFI_PAGE (widget),
         enable ? _ ("Enabling the network and waiting for the connection…")
                : _ ("Disabling the network…"),
         lks_wifi_job_new_enabled (g_variant_get_int32 (parameter), enable));
}

/* A question about one network; the answer may come when another board is selected. */
typedef struct
{
  LksWifiPage *page;    /* (owned) */
  LksBoard *board;      /* (owned) */
  GtkEditable *key_row; /* (unowned) (nullable): of the dialog */
  int network_id;
} Question;

static Question *
question_new (LksWifiPage *page, int network_id)
{
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (page);
  question->board = g_object_ref (lks_service_page_get_board (LKS_SERVICE_PAGE (page)));
  question->network_id = network_id;
  return question;
}

static void
question_free (gpointer data, GClosure *unused)
{
  Question *question = data;

  g_object_unref (question->page);
  g_object_unref (question->board);
  g_free (question);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;
  LksServicePage *page = LKS_SERVICE_PAGE (question->page);

  if (lks_service_page_get_board (page) != question->board)
    return;

  if (g_str_equal (response, "forget"))
    start (question->page, _ ("Forgetting the network…"),
           lks_wifi_job_new_forget (question->network_id));
  if (g_str_equal (response, "change"))
    start (question->page, _ ("Changing the key and waiting for the connection…"),
           lks_wifi_job_new_key (question->network_id, gtk_editable_get_text (question->key_row)));
}

static GtkWidget *
new_question (LksWifiPage *self, const char *heading, const char *body)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  return dialog;
}

static void
ask (GtkWidget *dialog, Question *question)
{
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
forget_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWifiPage *self = LKS_WIFI_PAGE (widget);
  const LksWifiNetwork *network = find_network (self, g_variant_get_int32 (parameter));
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  if (network == NULL)
    return;

  heading = g_strdup_printf (_ ("Forget “%s”?"), network->ssid != NULL ? network->ssid : "");
  dialog = new_question (self, heading,
                         _ ("The board loses the network and its key. To use it again, it has to "
                            "be added again."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "forget", _ ("Forget Network"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "forget",
                                              ADW_RESPONSE_DESTRUCTIVE);
  ask (dialog, question_new (self, network->id));
}

static void
key_changed_cb (GtkEditable *row, AdwMessageDialog *dialog)
{
  adw_message_dialog_set_response_enabled (dialog, "change",
                                           lks_wifi_check_key (gtk_editable_get_text (row), NULL));
}

static void
change_key_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWifiPage *self = LKS_WIFI_PAGE (widget);
  const LksWifiNetwork *network = find_network (self, g_variant_get_int32 (parameter));
  g_autofree char *heading = NULL;
  GtkWidget *dialog, *group, *row;
  Question *question;

  if (network == NULL)
    return;

  heading = g_strdup_printf (_ ("New Key of “%s”"), network->ssid != NULL ? network->ssid : "");
  dialog = new_question (self, heading, _ ("8 to 63 characters; upper and lower case count."));
  group = adw_preferences_group_new ();
  row = adw_password_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("New key"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), group);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "change", _ ("Change Key"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "change",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "change", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "change");
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  g_signal_connect_object (row, "changed", G_CALLBACK (key_changed_cb), dialog, 0);
  question = question_new (self, network->id);
  question->key_row = GTK_EDITABLE (row);
  ask (dialog, question);
}

static gboolean
reload_job (LksDevice *device, gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_wifi_reload (device, cancellable, error);
}

static void
reload_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_service_page_change (LKS_SERVICE_PAGE (widget), _ ("Reading the configuration anew…"),
                           reload_job, NULL, NULL, NULL);
}

static gboolean
power_job (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_wifi_set_power_saving (device, GPOINTER_TO_INT (data), cancellable, error);
}

static void
power_changed_cb (LksWifiPage *self)
{
  if (self->is_showing || lks_service_page_get_board (LKS_SERVICE_PAGE (self)) == NULL)
    return;

  lks_service_page_change (LKS_SERVICE_PAGE (self), _ ("Changing the power saving…"), power_job,
                           GINT_TO_POINTER (gtk_switch_get_active (self->power_switch)), NULL,
                           NULL);
}

static void
lks_wifi_page_dispose (GObject *object)
{
  LksWifiPage *self = LKS_WIFI_PAGE (object);

  if (self->networks != NULL)
    lks_wifi_page_clear (LKS_SERVICE_PAGE (self));
  g_clear_object (&self->networks);
  g_clear_object (&self->seen);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_WIFI_PAGE);
  G_OBJECT_CLASS (lks_wifi_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "wifi.scan", NULL, scan_action);
  gtk_widget_class_install_action (widget_class, "wifi.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "wifi.add-seen", "(si)", add_seen_action);
  gtk_widget_class_install_action (widget_class, "wifi.enable", "i", enable_action);
  gtk_widget_class_install_action (widget_class, "wifi.disable", "i", enable_action);
  gtk_widget_class_install_action (widget_class, "wifi.change-key", "i", change_key_action);
  gtk_widget_class_install_action (widget_class, "wifi.forget", "i", forget_action);
  gtk_widget_class_install_action (widget_class, "wifi.reload", NULL, reload_action);
}

static void
lks_wifi_page_class_init (LksWifiPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_wifi_page_dispose;
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = lks_wifi_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = lks_wifi_page_clear;

  g_type_ensure (LKS_TYPE_ASPECT_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-wifi-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, radio_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, power_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, power_switch);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, networks_list);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, no_networks_label);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, seen_list);
  gtk_widget_class_bind_template_child (widget_class, LksWifiPage, seen_hint);
  gtk_widget_class_bind_template_callback (widget_class, power_changed_cb);
  install_actions (widget_class);
}

static void
lks_wifi_page_init (LksWifiPage *self)
{
  self->networks = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  self->seen = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->networks_list, G_LIST_MODEL (self->networks), create_network_row,
                           self, NULL);
  gtk_list_box_bind_model (self->seen_list, G_LIST_MODEL (self->seen), create_seen_row, self, NULL);
}
