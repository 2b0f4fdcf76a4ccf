/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-dialog.h"

#include "lks-wifi-add.h"

#include <glib/gi18n-lib.h>

struct _LksWifiDialog
{
  AdwWindow parent_instance;

  AdwEntryRow *ssid_row;        /* template child */
  AdwComboRow *security_row;    /* template child */
  GtkEditable *key_row;         /* template child */
  AdwComboRow *client_cert_row; /* template child */
  AdwComboRow *root_ca_row;     /* template child */
  AdwEntryRow *identity_row;    /* template child */
  AdwEntryRow *config_name_row; /* template child */
  GtkSwitch *hidden_switch;     /* template child */
  GtkSwitch *enabled_switch;    /* template child */
  GtkLabel *problem_label;      /* template child */
  GtkWidget *trust_label;       /* template child */
};

G_DEFINE_FINAL_TYPE (LksWifiDialog, lks_wifi_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_APPLY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* In the order of the choice. */
static const LksWifiSecurity securities[] = { LKS_WIFI_SECURITY_PSK, LKS_WIFI_SECURITY_EAP_TLS,
                                              LKS_WIFI_SECURITY_OPEN };

static LksWifiSecurity
get_security (LksWifiDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->security_row);

  return selected < G_N_ELEMENTS (securities) ? securities[selected] : LKS_WIFI_SECURITY_UNKNOWN;
}

/* Empty is the same as not given. */
static const char *
get_text (gpointer row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  return text[0] != '\0' ? text : NULL;
}

/* The first item stands for none. */
static const char *
get_choice (AdwComboRow *row)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  return item != NULL && adw_combo_row_get_selected (row) > 0 ? gtk_string_object_get_string (item)
                                                              : NULL;
}

/* What is still missing, in the words of a person who has not finished. */
static const char *
find_problem (const LksWifiRequest *request)
{
  if (request->ssid == NULL)
    return _ ("Give the network’s name; upper and lower case count.");
  if (strlen (request->ssid) > LKS_WIFI_SSID_MAX)
    return _ ("The name is longer than 32 bytes.");
  if (request->config_name != NULL && strlen (request->config_name) > LKS_WIFI_CONFIG_NAME_MAX)
    return _ ("The configuration’s name is longer than 16 bytes.");
  if (request->security == LKS_WIFI_SECURITY_PSK &&
      (request->psk == NULL || !lks_wifi_check_key (request->psk, NULL)))
    return _ ("The key has 8 to 63 characters.");
  if (request->security == LKS_WIFI_SECURITY_EAP_TLS && request->client_cert_id == NULL)
    return _ ("Choose a client certificate; store one on the page Certificates first.");

  return lks_wifi_check_request (request, NULL) ? "" : _ ("Something is too long.");
}

static void
changed_cb (LksWifiDialog *self)
{
  LksWifiSecurity security = get_security (self);
  gboolean is_eap_tls = security == LKS_WIFI_SECURITY_EAP_TLS;
  LksWifiRequest request = lks_wifi_dialog_get_request (self);
  const char *problem = find_problem (&request);

  gtk_widget_set_visible (GTK_WIDGET (self->key_row), security == LKS_WIFI_SECURITY_PSK);
  gtk_widget_set_visible (GTK_WIDGET (self->client_cert_row), is_eap_tls);
  gtk_widget_set_visible (GTK_WIDGET (self->root_ca_row), is_eap_tls);
  gtk_widget_set_visible (GTK_WIDGET (self->identity_row), is_eap_tls);
  gtk_widget_set_visible (self->trust_label, is_eap_tls && request.root_ca_cert_id == NULL);
  gtk_label_set_label (self->problem_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem[0] != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "network.add", problem[0] == '\0');
}

static void
add_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksWifiDialog *self = LKS_WIFI_DIALOG (widget);

  g_signal_emit (self, signals[SIGNAL_APPLY], 0);
  gtk_editable_set_text (self->key_row, "");
  gtk_window_close (GTK_WINDOW (self));
}

static void
lks_wifi_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LKS_TYPE_WIFI_DIALOG);
  G_OBJECT_CLASS (lks_wifi_dialog_parent_class)->dispose (object);
}

static void
lks_wifi_dialog_class_init (LksWifiDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_wifi_dialog_dispose;

  /**
   * LksWifiDialog::apply:
   * @self: the dialog
   *
   * The network is to be added; the request is valid during the emission.
   */
  signals[SIGNAL_APPLY] = g_signal_new ("apply", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-wifi-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, ssid_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, security_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, client_cert_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, root_ca_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, identity_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, config_name_row);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, hidden_switch);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, enabled_switch);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LksWifiDialog, trust_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "network.add", NULL, add_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lks_wifi_dialog_init (LksWifiDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  changed_cb (self);
}

static void
offer (AdwComboRow *row, const char *none, const char *const *cert_ids)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, none);
  for (gsize i = 0; cert_ids != NULL && cert_ids[i] != NULL; i++)
    gtk_string_list_append (list, cert_ids[i]);
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

/**
 * lks_wifi_dialog_new:
 * @parent: the window in front of which it is shown
 * @cert_ids: (nullable) (array zero-terminated=1): identifiers in the board's certificate store
 *
 * Creates the dialog.
 *
 * Returns: (transfer none): a window, owned by GTK
 */
LksWifiDialog *
lks_wifi_dialog_new (GtkWindow *parent, const char *const *cert_ids)
{
  LksWifiDialog *self = g_object_new (LKS_TYPE_WIFI_DIALOG, "transient-for", parent, NULL);

  offer (self->client_cert_row, _ ("None"), cert_ids);
  offer (self->root_ca_row, _ ("None: any server is trusted"), cert_ids);
  changed_cb (self);
  return self;
}

/**
 * lks_wifi_dialog_set_network:
 * @self: a dialog
 * @ssid: name of a network in reach
 * @security: its kind of security
 *
 * Fills in what a scan has found.
 */
void
lks_wifi_dialog_set_network (LksWifiDialog *self, const char *ssid, LksWifiSecurity security)
{
  gtk_editable_set_text (GTK_EDITABLE (self->ssid_row), ssid);
  for (guint i = 0; i < G_N_ELEMENTS (securities); i++)
    if (securities[i] == security)
      adw_combo_row_set_selected (self->security_row, i);
  if (security == LKS_WIFI_SECURITY_PSK && ssid[0] != '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->key_row));
}

/**
 * lks_wifi_dialog_get_request:
 * @self: a dialog
 *
 * Returns: what the person asks for; texts are borrowed from the dialog
 */
LksWifiRequest
lks_wifi_dialog_get_request (LksWifiDialog *self)
{
  LksWifiSecurity security = get_security (self);
  gboolean is_eap_tls = security == LKS_WIFI_SECURITY_EAP_TLS;

  return (LksWifiRequest){
    .ssid = get_text (self->ssid_row),
    .security = security,
    .psk = security == LKS_WIFI_SECURITY_PSK ? get_text (self->key_row) : NULL,
    .config_name = get_text (self->config_name_row),
    .is_disabled = !gtk_switch_get_active (self->enabled_switch),
    .is_targeted_scan = gtk_switch_get_active (self->hidden_switch),
    .client_identity = is_eap_tls ? get_text (self->identity_row) : NULL,
    .client_cert_id = is_eap_tls ? get_choice (self->client_cert_row) : NULL,
    .root_ca_cert_id = is_eap_tls ? get_choice (self->root_ca_row) : NULL,
  };
}
