/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-page.h"

#include "lks-aspect-row.h"
#include "lks-firewall-text.h"
#include "lks-net-interface.h"
#include "lks-net-job.h"
#include "lks-net-question.h"
#include "lks-net-text.h"
#include "lks-proxy-dialog.h"
#include "lks-service-row.h"
#include "lks-value-item.h"
#include "lks-widget.h"

#include <glib/gi18n-lib.h>

/* While a lamp waits, or an interface for the internet, the page looks again. */
#define LOOK_AGAIN_S 3

struct _LksNetPage
{
  LksServicePage parent_instance;

  AdwPreferencesGroup *lamps_group; /* template child */
  GtkListBox *interfaces_list;      /* template child */
  GtkWidget *proxy_group;           /* template child */
  GtkListBox *proxy_list;           /* template child */
  GtkWidget *firewall_group;        /* template child */
  GtkListBox *rules_list;           /* template child */
  GtkWidget *no_rules_label;        /* template child */

  LksAspectRow *lamps[LKS_N_LAMPS]; /* (unowned): in lamps_group */
  GListStore *interfaces;           /* (owned) of LksValueItem with LksNetInterface */
  GListStore *rules;                /* (owned) of LksValueItem with ShownRule */
  LksNetView *view;                 /* (owned) (nullable): what is shown */
  char *shown;                      /* (owned) (nullable): what the lists show, as text */
  guint look_again_id;              /* source */
};

G_DEFINE_FINAL_TYPE (LksNetPage, lks_net_page, LKS_TYPE_SERVICE_PAGE)

/* A rule with the set that it is in; both of the view. */
typedef struct
{
  const LksFirewallRuleset *ruleset;
  const LksFirewallRule *rule;
} ShownRule;

static void
nothing_to_free (gpointer unused)
{
}

/* ---- the lamps ---- */

static gboolean
look_again_cb (gpointer user_data)
{
  LksNetPage *self = user_data;

  self->look_again_id = 0;
  lks_service_page_refresh (LKS_SERVICE_PAGE (self));
  return G_SOURCE_REMOVE;
}

/* Returns whether one of them waits for something. */
static gboolean
show_lamps (LksNetPage *self)
{
  gboolean is_waiting = FALSE;

  for (guint i = 0; i < LKS_N_LAMPS; i++)
    {
      LksLamp lamp = lks_lamp_judge (self->view->facts, i);
      LksSign sign = lks_sign_for_lamp (&lamp);
      g_autofree char *text = lks_lamp_to_text (&lamp);

      lks_aspect_row_set_sign (self->lamps[i], &sign);
      lks_aspect_row_set_explanation (self->lamps[i], text);
      is_waiting |= lamp.state == LKS_LAMP_STATE_WAITING;
    }
  return is_waiting;
}

static gboolean
is_interface_waiting (const LksNetView *view)
{
  for (guint i = 0; i < view->interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (view->interfaces, i);
      LksNetInterfaceKind kind = lks_net_interface_get_kind (interface->name);

      if ((kind == LKS_NET_INTERFACE_KIND_WIFI || kind == LKS_NET_INTERFACE_KIND_ETHERNET) &&
          interface->is_up && !interface->is_connected_to_internet)
        return TRUE;
    }
  return FALSE;
}

static void
look_again_when_waiting (LksNetPage *self, gboolean is_lamp_waiting)
{
  g_clear_handle_id (&self->look_again_id, g_source_remove);
  if (is_lamp_waiting || is_interface_waiting (self->view))
    self->look_again_id = g_timeout_add_seconds (LOOK_AGAIN_S, look_again_cb, self);
}

static void
create_lamps (LksNetPage *self)
{
  for (guint i = 0; i < LKS_N_LAMPS; i++)
    {
      self->lamps[i] = lks_aspect_row_new (_ (lks_lamp_get_title (i)));
      adw_preferences_group_add (self->lamps_group, GTK_WIDGET (self->lamps[i]));
    }
}

/* ---- the lists ---- */

static GtkWidget *
create_interface_row (gpointer item, gpointer unused)
{
  const LksNetInterface *interface = lks_value_item_get_value (item);
  LksNetInterfaceKind kind = lks_net_interface_get_kind (interface->name);
  LksSign sign = lks_sign_for_net_interface (interface);
  g_autofree char *text = lks_net_interface_to_text (interface);
  g_autofree char *toggle =
      g_strdup_printf (interface->is_up ? _ ("Take %s down") : _ ("Bring %s up"), interface->name);
  g_autofree char *mac = g_strdup_printf (_ ("Change the MAC address of %s"), interface->name);
  GtkWidget *row = lks_service_row_new (interface->name, text, &sign);

  if (kind == LKS_NET_INTERFACE_KIND_LOOPBACK || kind == LKS_NET_INTERFACE_KIND_SERVICE)
    return row;

  lks_service_row_add_button (row, interface->is_up ? _ ("Take Down") : _ ("Bring Up"), toggle,
                              interface->is_up ? "net.down" : "net.up",
                              g_variant_new_string (interface->name));
  if (kind == LKS_NET_INTERFACE_KIND_ETHERNET)
    lks_service_row_add_button (row, _ ("MAC…"), mac, "net.set-mac",
                                g_variant_new_string (interface->name));
  return row;
}

static GtkWidget *
create_rule_row (gpointer item, gpointer unused)
{
  const ShownRule *shown = lks_value_item_get_value (item);
  g_autofree char *title = lks_firewall_rule_to_text (shown->rule);
  g_autofree char *text = lks_firewall_counters_to_text (shown->ruleset, shown->rule);

  return lks_service_row_new (title, text, NULL);
}

static void
show_proxy (LksNetPage *self)
{
  const LksProxy *proxy = self->view->proxy;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  LksSign sign;
  GtkWidget *row;

  lks_widget_clear_list (self->proxy_list);
  gtk_widget_set_visible (self->proxy_group, proxy != NULL);
  if (proxy == NULL)
    return;

  title = proxy->is_configured ? g_strdup_printf ("%s:%u", proxy->address, proxy->port)
                               : g_strdup (_ ("No proxy"));
  text = lks_proxy_to_text (proxy);
  sign = lks_sign_for_proxy (proxy, self->view->facts);
  row = lks_service_row_new (title, text, &sign);
  lks_service_row_add_button (row, proxy->is_configured ? _ ("Change…") : _ ("Use…"),
                              proxy->is_configured ? _ ("Change the proxy") : _ ("Use a proxy"),
                              "net.set-proxy", NULL);
  if (proxy->is_configured)
    lks_service_row_add_button (row, _ ("Remove…"), _ ("Remove the proxy"), "net.remove-proxy",
                                NULL);
  gtk_list_box_append (self->proxy_list, row);
}

static void
show_rules (LksNetPage *self)
{
  GPtrArray *rulesets = self->view->rulesets;
  gboolean has_rules;

  for (guint i = 0; rulesets != NULL && i < rulesets->len; i++)
    {
      const LksFirewallRuleset *ruleset = g_ptr_array_index (rulesets, i);

      for (guint k = 0; k < ruleset->rules->len; k++)
        {
          ShownRule *shown = g_new (ShownRule, 1);

          *shown = (ShownRule){ ruleset, g_ptr_array_index (ruleset->rules, k) };
          lks_value_item_append (self->rules, shown, g_free);
        }
    }
  has_rules = g_list_model_get_n_items (G_LIST_MODEL (self->rules)) > 0;
  gtk_widget_set_visible (self->firewall_group, rulesets != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->rules_list), has_rules);
  gtk_widget_set_visible (self->no_rules_label, !has_rules);
}

static void
clear_lists (LksNetPage *self)
{
  g_list_store_remove_all (self->interfaces);
  g_list_store_remove_all (self->rules);
  lks_widget_clear_list (self->proxy_list);
}

/* What the lists would say: the interfaces and the proxy as a person reads them. */
static char *
dup_summary (const LksNetView *view)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < view->interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (view->interfaces, i);
      g_autofree char *line = lks_net_interface_to_text (interface);

      g_string_append_printf (text, "%s %d %s\n", interface->name, interface->is_up, line);
    }
  if (view->proxy != NULL)
    {
      LksSign sign = lks_sign_for_proxy (view->proxy, view->facts);
      g_autofree char *line = lks_proxy_to_text (view->proxy);

      g_string_append_printf (text, "%s:%u %s %s\n", view->proxy->address, view->proxy->port,
                              sign.word, line);
    }
  for (guint i = 0; view->rulesets != NULL && i < view->rulesets->len; i++)
    {
      const LksFirewallRuleset *ruleset = g_ptr_array_index (view->rulesets, i);

      for (guint k = 0; k < ruleset->rules->len; k++)
        {
          g_autofree char *line = lks_firewall_rule_to_text (g_ptr_array_index (ruleset->rules, k));

          g_string_append_printf (text, "%s %s\n", ruleset->hook_text, line);
        }
    }
  return g_string_free (text, FALSE);
}

/* Rows that say the same stay: somebody may be on one of their buttons. */
static void
show_lists (LksNetPage *self, LksNetView *view, char *summary)
{
  clear_lists (self);
  g_clear_pointer (&self->view, lks_net_view_free);
  self->view = view;
  g_free (self->shown);
  self->shown = summary;
  for (guint i = 0; i < view->interfaces->len; i++)
    lks_value_item_append (self->interfaces, g_ptr_array_index (view->interfaces, i),
                           nothing_to_free);
  show_proxy (self);
  show_rules (self);
}

static void
viewed_cb (LksServicePage *page, gpointer job_data, gboolean is_ok)
{
  LksNetPage *self = LKS_NET_PAGE (page);
  LksNetView *read = job_data;
  g_autofree char *summary = NULL;

  if (!is_ok)
    return;

  summary = dup_summary (read);
  if (g_strcmp0 (summary, self->shown) == 0)
    {
      g_clear_pointer (&self->view->facts, lks_net_facts_free);
      self->view->facts = g_steal_pointer (&read->facts);
    }
  else
    {
      LksNetView *view = lks_net_view_new ();

      *view = *read;
      *read = (LksNetView){ 0 };
      show_lists (self, view, g_steal_pointer (&summary));
    }
  look_again_when_waiting (self, show_lamps (self));
}

static void
lks_net_page_refresh (LksServicePage *page)
{
  lks_service_page_read (page, lks_net_view_job, lks_net_view_new (), lks_net_view_free, viewed_cb);
}

static void
lks_net_page_clear (LksServicePage *page)
{
  LksNetPage *self = LKS_NET_PAGE (page);

  g_clear_handle_id (&self->look_again_id, g_source_remove);
  clear_lists (self);
  g_clear_pointer (&self->view, lks_net_view_free);
  g_clear_pointer (&self->shown, g_free);
}

/* ---- changes ---- */

static void
start (LksNetPage *self, const char *what, LksNetJob *job)
{
  lks_service_page_change (LKS_SERVICE_PAGE (self), what, lks_net_job_run, job, lks_net_job_free,
                           NULL);
}

static void
switch_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gboolean up = g_str_equal (action_name, "net.up");

  start (LKS_NET_PAGE (widget),
         up ? _ ("Bringing the interface up…") : _ ("Taking the interface down…"),
         lks_net_job_new_switch (g_variant_get_string (parameter, NULL), up));
}

static void
apply_cb (LksNetPage *self, const LksProxyRequest *request, LksProxyDialog *dialog)
{
  if (lks_service_page_get_board (LKS_SERVICE_PAGE (self)) ==
      g_object_get_data (G_OBJECT (dialog), "lks-board"))
    start (self, _ ("Setting the proxy…"), lks_net_job_new_proxy (request));
}

static void
set_proxy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksNetPage *self = LKS_NET_PAGE (widget);
  LksProxyDialog *dialog;

  if (self->view == NULL || self->view->proxy == NULL)
    return;

  dialog = lks_proxy_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->view->proxy);
  g_object_set_data_full (G_OBJECT (dialog), "lks-board",
                          g_object_ref (lks_service_page_get_board (LKS_SERVICE_PAGE (self))),
                          g_object_unref);
  g_signal_connect_object (dialog, "apply", G_CALLBACK (apply_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_proxy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_net_question_remove_proxy (LKS_SERVICE_PAGE (widget));
}

static void
set_mac_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_net_question_mac (LKS_SERVICE_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
lks_net_page_dispose (GObject *object)
{
  LksNetPage *self = LKS_NET_PAGE (object);

  if (self->interfaces != NULL)
    lks_net_page_clear (LKS_SERVICE_PAGE (self));
  g_clear_object (&self->interfaces);
  g_clear_object (&self->rules);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_NET_PAGE);
  G_OBJECT_CLASS (lks_net_page_parent_class)->dispose (object);
}

static void
lks_net_page_class_init (LksNetPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lks_net_page_dispose;
  LKS_SERVICE_PAGE_CLASS (klass)->refresh = lks_net_page_refresh;
  LKS_SERVICE_PAGE_CLASS (klass)->clear = lks_net_page_clear;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/locksmith/Locksmith/ui/lks-net-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, lamps_group);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, interfaces_list);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, proxy_group);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, proxy_list);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, firewall_group);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, rules_list);
  gtk_widget_class_bind_template_child (widget_class, LksNetPage, no_rules_label);
  gtk_widget_class_install_action (widget_class, "net.up", "s", switch_action);
  gtk_widget_class_install_action (widget_class, "net.down", "s", switch_action);
  gtk_widget_class_install_action (widget_class, "net.set-mac", "s", set_mac_action);
  gtk_widget_class_install_action (widget_class, "net.set-proxy", NULL, set_proxy_action);
  gtk_widget_class_install_action (widget_class, "net.remove-proxy", NULL, remove_proxy_action);
}

static void
lks_net_page_init (LksNetPage *self)
{
  self->interfaces = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  self->rules = g_list_store_new (LKS_TYPE_VALUE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  create_lamps (self);
  gtk_list_box_bind_model (self->interfaces_list, G_LIST_MODEL (self->interfaces),
                           create_interface_row, self, NULL);
  gtk_list_box_bind_model (self->rules_list, G_LIST_MODEL (self->rules), create_rule_row, self,
                           NULL);
}
