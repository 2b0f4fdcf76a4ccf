/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-home.h"

#include "lks-cloud-browser.h"
#include "lks-cloud-sign-in.h"
#include "lks-cloud-text.h"
#include "lks-error-text.h"
#include "lks-message-page.h"
#include "lks-network-dialog.h"
#include "lks-shared-desk.h"

#include <glib/gi18n-lib.h>

struct _LksCloudHome
{
  AdwBin parent_instance;

  GtkStack *stack;              /* template child */
  LksMessagePage *problem_page; /* template child */
  LksCloudSignIn *sign_in;      /* template child */
  LksCloudBrowser *browser;     /* template child */
  GtkMenuButton *account_menu;  /* template child */
  GtkLabel *legacy_label;       /* template child */

  LksCloudDesk *desk;        /* (owned) (nullable) */
  GSettings *settings;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned): of what waits for the keyring */
  gboolean is_looked;        /* the keyring has told who is signed in */
  gboolean is_looking;
};

G_DEFINE_FINAL_TYPE (LksCloudHome, lks_cloud_home, ADW_TYPE_BIN)

typedef enum
{
  PROP_CAN_GO_BACK = 1,
} LksCloudHomeProperty;

static GParamSpec *properties[PROP_CAN_GO_BACK + 1];

static void
notify_can_go_back (LksCloudHome *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

static void
show_view (LksCloudHome *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  notify_can_go_back (self);
}

static void
show_problem (LksCloudHome *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  lks_message_page_set_description (self->problem_page, text);
  show_view (self, "problem");
}

/* ---- who is signed in ---- */

/* One person may have an account of either kind. */
static char *
name_account (LksCloudAccount *account)
{
  const char *user = lks_cloud_account_get_user (account);

  /* Translators: who is signed in, to the service that ends */
  return lks_cloud_account_is_legacy (account) ? g_strdup_printf (_ ("%s (Legacy)"), user)
                                               : g_strdup (user);
}

static void
add_account (GMenu *menu, LksCloudAccount *account)
{
  g_autofree char *name = name_account (account);
  g_autoptr (GMenuItem) item = g_menu_item_new (name, NULL);

  g_menu_item_set_action_and_target (item, "cloud.account", "s",
                                     lks_cloud_account_get_id (account));
  g_menu_append_item (menu, item);
}

static void
show_menu (LksCloudHome *self)
{
  LksCloudAccount *account = lks_cloud_desk_get_account (self->desk);
  GListModel *accounts = lks_cloud_desk_get_accounts (self->desk);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) who = g_menu_new ();
  g_autoptr (GMenu) work = g_menu_new ();
  g_autofree char *name = account != NULL ? name_account (account) : NULL;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (LksCloudAccount) one = g_list_model_get_item (accounts, i);

      add_account (who, one);
    }
  g_menu_append (work, _ ("Sign In to Another Account…"), "cloud.sign-in");
  g_menu_append (work, _ ("Sign Out"), "cloud.sign-out");
  g_menu_append (work, _ ("A Day Without Internet…"), "win.show-route");
  g_menu_append (work, _ ("Test the Network…"), "cloud.test");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (who));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (work));
  gtk_menu_button_set_menu_model (self->account_menu, G_MENU_MODEL (menu));
  gtk_menu_button_set_label (self->account_menu, name != NULL ? name : "");
}

/* That its service ends is said wherever a Legacy account is at work. */
static void
show_end (LksCloudHome *self, LksCloudAccount *account)
{
  gboolean is_legacy = account != NULL && lks_cloud_account_is_legacy (account);
  g_autofree char *note =
      is_legacy ? lks_cloud_legacy_to_note (g_get_real_time () / G_USEC_PER_SEC) : NULL;

  gtk_label_set_label (self->legacy_label, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->legacy_label), is_legacy);
}

/* The action's state is the account that is chosen. */
static void
show_account (LksCloudHome *self)
{
  LksCloudAccount *account = lks_cloud_desk_get_account (self->desk);

  show_menu (self);
  show_end (self, account);
  if (account == NULL)
    {
      lks_cloud_browser_end (self->browser);
      show_view (self, "sign-in");
      return;
    }
  lks_cloud_browser_begin (self->browser, self->desk);
  show_view (self, "browser");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudHome) self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_looking = FALSE;
  self->is_looked = lks_cloud_desk_look_finish (LKS_CLOUD_DESK (source), result, &error);
  if (self->desk == NULL)
    return;
  if (!self->is_looked)
    show_problem (self, error);
  else if (lks_cloud_desk_get_account (self->desk) == NULL)
    show_account (self); /* nothing changed, so nothing was notified */
}

static void
look (LksCloudHome *self)
{
  if (self->desk == NULL || self->is_looked || self->is_looking)
    return;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_looking = TRUE;
  show_view (self, "waiting");
  lks_cloud_desk_look_async (self->desk, self->cancellable, looked_cb, g_object_ref (self));
}

static void
retry_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  look (LKS_CLOUD_HOME (widget));
}

static void
stop_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  g_cancellable_cancel (LKS_CLOUD_HOME (widget)->cancellable);
}

static void
account_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudHome *self = LKS_CLOUD_HOME (widget);
  GListModel *accounts = lks_cloud_desk_get_accounts (self->desk);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (LksCloudAccount) account = g_list_model_get_item (accounts, i);

      if (g_str_equal (lks_cloud_account_get_id (account), g_variant_get_string (parameter, NULL)))
        lks_cloud_desk_set_account (self->desk, account);
    }
}

static void
sign_in_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_view (LKS_CLOUD_HOME (widget), "sign-in");
}

static void
signed_in_cb (LksCloudHome *self)
{
  if (lks_cloud_desk_get_account (self->desk) != NULL)
    show_view (self, "browser");
}

static void
signed_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LksCloudHome) self = user_data;
  g_autoptr (GError) error = NULL;

  if (lks_cloud_desk_sign_out_finish (LKS_CLOUD_DESK (source), result, &error) ||
      self->desk == NULL)
    return;
  self->is_looked = FALSE;
  show_problem (self, error);
}

static void
sign_out_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudHome *self = LKS_CLOUD_HOME (widget);

  if (self->desk != NULL && lks_cloud_desk_get_account (self->desk) != NULL)
    lks_cloud_desk_sign_out_async (self->desk, NULL, signed_out_cb, g_object_ref (self));
}

/* The place of an account of @service, the present one first; NULL when there is none. */
static const LksCloudPlace *
find_place (LksCloudHome *self, LksCloudService service)
{
  GListModel *accounts = lks_cloud_desk_get_accounts (self->desk);
  LksCloudAccount *present = lks_cloud_desk_get_account (self->desk);

  if (present != NULL && lks_cloud_account_get_place (present)->service == service)
    return lks_cloud_account_get_place (present);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr (LksCloudAccount) account = g_list_model_get_item (accounts, i);
      const LksCloudPlace *place = lks_cloud_account_get_place (account);

      if (place->service == service)
        return place; /* the list keeps it */
    }
  return NULL;
}

/* The addresses are those of who is signed in, or what the next sign-in will use. */
static void
test_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudHome *self = LKS_CLOUD_HOME (widget);
  GtkWindow *root = GTK_WINDOW (gtk_widget_get_root (widget));
  const LksCloudPlace *place;
  const LksCloudPlace *legacy;
  g_autofree char *sign_in = NULL;
  g_autofree char *resources = NULL;

  if (self->desk == NULL)
    return;
  place = find_place (self, LKS_CLOUD_SERVICE_INTEGRATED);
  legacy = find_place (self, LKS_CLOUD_SERVICE_LEGACY);
  sign_in = place != NULL ? g_strdup (place->sign_in)
                          : g_settings_get_string (self->settings, "cloud-sign-in-address");
  resources = place != NULL ? g_strdup (place->resources)
                            : g_settings_get_string (self->settings, "cloud-resource-address");
  gtk_window_present (
      GTK_WINDOW (lks_network_dialog_new (root, lks_cloud_desk_get_trust (self->desk), sign_in,
                                          resources, legacy != NULL ? legacy->resources : NULL)));
}

/* ---- the widget ---- */

static void
lks_cloud_home_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lks_cloud_home_parent_class)->map (widget);
  look (LKS_CLOUD_HOME (widget));
}

/* A sign-in that nobody looks at is not waited for. */
static void
lks_cloud_home_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (LKS_CLOUD_HOME (widget)->cancellable);
  GTK_WIDGET_CLASS (lks_cloud_home_parent_class)->unmap (widget);
}

static void
lks_cloud_home_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksCloudHome *self = LKS_CLOUD_HOME (object);
  guint depth;

  switch ((LksCloudHomeProperty) prop_id)
    {
    case PROP_CAN_GO_BACK:
      g_object_get (self->browser, "depth", &depth, NULL);
      g_value_set_boolean (value,
                           depth > 1 && gtk_stack_get_visible_child (self->stack) ==
                                            gtk_stack_get_child_by_name (self->stack, "browser"));
      break;
    }
}

static void
lks_cloud_home_dispose (GObject *object)
{
  LksCloudHome *self = LKS_CLOUD_HOME (object);

  g_cancellable_cancel (self->cancellable);
  if (self->desk != NULL)
    g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_object (&self->desk);
  g_clear_object (&self->settings);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_HOME);
  G_OBJECT_CLASS (lks_cloud_home_parent_class)->dispose (object);
}

static void
lks_cloud_home_finalize (GObject *object)
{
  g_clear_object (&LKS_CLOUD_HOME (object)->cancellable);
  G_OBJECT_CLASS (lks_cloud_home_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-home.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, stack);
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, problem_page);
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, sign_in);
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, browser);
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, account_menu);
  gtk_widget_class_bind_template_child (widget_class, LksCloudHome, legacy_label);
  gtk_widget_class_bind_template_callback (widget_class, notify_can_go_back);
  gtk_widget_class_bind_template_callback (widget_class, signed_in_cb);
}

static void
lks_cloud_home_class_init (LksCloudHomeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_cloud_home_get_property;
  object_class->dispose = lks_cloud_home_dispose;
  object_class->finalize = lks_cloud_home_finalize;
  widget_class->map = lks_cloud_home_map;
  widget_class->unmap = lks_cloud_home_unmap;

  properties[PROP_CAN_GO_BACK] =
      g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_CLOUD_BROWSER);
  g_type_ensure (LKS_TYPE_CLOUD_SIGN_IN);
  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "cloud.account", "s", account_action);
  gtk_widget_class_install_action (widget_class, "cloud.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "cloud.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "cloud.sign-out", NULL, sign_out_action);
  gtk_widget_class_install_action (widget_class, "cloud.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "cloud.test", NULL, test_action);
}

static void
lks_cloud_home_init (LksCloudHome *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_cloud_home_set_settings:
 * @self: a new page
 * @settings: the program's settings
 *
 * Lets the page work. The keyring is looked into when somebody looks at the page.
 */
void
lks_cloud_home_set_settings (LksCloudHome *self, GSettings *settings)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (LKS_IS_CLOUD_HOME (self));
  g_return_if_fail (self->desk == NULL);

  self->desk = lks_shared_desk_ref (&error);
  if (self->desk == NULL)
    {
      show_problem (self, error);
      return;
    }
  self->settings = g_object_ref (settings);
  lks_cloud_sign_in_set_up (self->sign_in, self->desk, settings);
  g_signal_connect_swapped (self->desk, "notify::account", G_CALLBACK (show_account), self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    look (self);
}

/**
 * lks_cloud_home_get_desk:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): where the page works with the cloud
 */
LksCloudDesk *
lks_cloud_home_get_desk (LksCloudHome *self)
{
  return self->desk;
}

/**
 * lks_cloud_home_go_back:
 * @self: a page
 *
 * Goes back on the way through the cloud.
 */
void
lks_cloud_home_go_back (LksCloudHome *self)
{
  g_return_if_fail (LKS_IS_CLOUD_HOME (self));

  lks_cloud_browser_go_back (self->browser);
}

/**
 * lks_cloud_home_refresh:
 * @self: a page
 *
 * Fetches what is seen anew.
 */
void
lks_cloud_home_refresh (LksCloudHome *self)
{
  g_return_if_fail (LKS_IS_CLOUD_HOME (self));

  lks_cloud_browser_refresh (self->browser);
}

/**
 * lks_cloud_home_show_search:
 * @self: a page
 *
 * Puts the keyboard into the search entry.
 */
void
lks_cloud_home_show_search (LksCloudHome *self)
{
  g_return_if_fail (LKS_IS_CLOUD_HOME (self));

  lks_cloud_browser_show_search (self->browser);
}
