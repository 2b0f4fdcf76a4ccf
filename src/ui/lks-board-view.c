/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-view.h"

#include "lks-cert-page.h"
#include "lks-labels.h"
#include "lks-net-page.h"
#include "lks-service-page.h"
#include "lks-software-page.h"
#include "lks-status-panel.h"
#include "lks-support-page.h"
#include "lks-wifi-page.h"

#include <glib/gi18n-lib.h>

#define STATUS_PAGE "status"
#define SOFTWARE_PAGE "software"

struct _LksBoardView
{
  AdwBin parent_instance;

  GtkWidget *switcher;   /* template child */
  GtkStack *stack;       /* template child */
  LksStatusPanel *panel; /* template child */
  GtkRevealer *offer;    /* template child */
  GtkLabel *offer_text;  /* template child */
  GtkWidget *start;      /* template child */
  GtkWidget *show_key;   /* template child */
  GtkWidget *import_key; /* template child */
  GtkRevealer *danger;   /* template child */
  GtkLabel *danger_text; /* template child */

  LksBoard *board;        /* (owned) (nullable) */
  LksBoardStatus *status; /* (owned) (nullable) */

  LksSessionKeeper *keeper;  /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) */
};

G_DEFINE_FINAL_TYPE (LksBoardView, lks_board_view, ADW_TYPE_BIN)

typedef enum
{
  PROP_BOARD = 1,
  PROP_STATUS,
  PROP_PAGE_NAME,
} LksBoardViewProperty;

static GParamSpec *properties[PROP_PAGE_NAME + 1];

/* The pages in the order of the switcher. Each is a subclass of LksServicePage. */
static const struct
{
  const char *name;
  const char *title;
  GType (*get_type) (void);
} service_pages[] = {
  { "wifi", N_ ("Wi-Fi"), lks_wifi_page_get_type },
  { "network", N_ ("Network"), lks_net_page_get_type },
  { "certificates", N_ ("Certificates"), lks_cert_page_get_type },
  { SOFTWARE_PAGE, N_ ("Software"), lks_software_page_get_type },
  { "support", N_ ("Support"), lks_support_page_get_type },
  { NULL, NULL, NULL },
};

/* Each place in the stack is an empty bin until somebody looks. */
static LksServicePage *
ensure_page (LksBoardView *self, GtkWidget *place)
{
  GType type = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (place), "lks-page-type"));
  GtkWidget *page = adw_bin_get_child (ADW_BIN (place));

  if (page == NULL)
    {
      page = g_object_new (type, NULL);
      g_object_bind_property (self, "board", page, "board", G_BINDING_SYNC_CREATE);
      adw_bin_set_child (ADW_BIN (place), page);
    }
  return LKS_SERVICE_PAGE (page);
}

static LksServicePage *
get_visible_service_page (LksBoardView *self)
{
  GtkWidget *place = gtk_stack_get_visible_child (self->stack);

  return place != NULL && place != GTK_WIDGET (self->panel) ? ensure_page (self, place) : NULL;
}

static void
visible_child_cb (LksBoardView *self)
{
  get_visible_service_page (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE_NAME]);
}

static gboolean
is_finished (LksBoardView *self)
{
  return self->status != NULL &&
         lks_board_status_get_state (self->status) == LKS_BOARD_STATE_READY &&
         g_strcmp0 (lks_board_status_get_manufacturing_state (self->status), "DeviceComplete") == 0;
}

/* A finished board that answers and refuses what needs a capability, without a session. */
static gboolean
is_locked (LksBoardView *self)
{
  return is_finished (self) && lks_board_status_get_key (self->status) == NULL &&
         lks_board_status_get_fact (self->status, LKS_FACT_ID_IMAGES).state ==
             LKS_FACT_STATE_REFUSED;
}

static char *
describe_items (GPtrArray *items)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      LksVaultItem *item = g_ptr_array_index (items, i);
      const GArray *numbers = lks_vault_item_get_capabilities (item);
      g_autofree char *names =
          lks_capabilities_to_text ((const guint32 *) numbers->data, numbers->len);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names);
    }
  return g_string_free (text, FALSE);
}

/* What there is to do: use the key, look for it, or get it. While nobody knows what the vault has,
 * starting asks for its password. */
static void
offer_next_step (LksBoardView *self, LksVault *vault, gboolean has_key)
{
  gboolean has_none = !has_key && lks_vault_get_state (vault) == LKS_VAULT_STATE_OPEN;

  if (has_key)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->show_key), "s",
                                      lks_board_status_get_device_id (self->status));
  gtk_widget_set_visible (self->start, !has_none);
  gtk_widget_set_visible (self->show_key, has_key);
  gtk_widget_set_visible (self->import_key, has_none);
}

static void
update_offer (LksBoardView *self)
{
  gboolean is_offered = self->keeper != NULL && is_locked (self);
  LksVault *vault;
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->offer, is_offered);
  gtk_widget_set_visible (GTK_WIDGET (self->offer), is_offered);
  if (!is_offered)
    return;

  vault = lks_session_keeper_get_vault (self->keeper);
  if (lks_vault_get_state (vault) == LKS_VAULT_STATE_UNKNOWN && !lks_vault_is_busy (vault))
    lks_vault_open_async (vault, self->cancellable, NULL, NULL); /* the state tells */
  items = lks_vault_find (vault, lks_board_status_get_device_id (self->status));
  offer_next_step (self, vault, items->len > 0);
  names = describe_items (items);
  if (items->len > 0)
    /* Translators: what the capabilities grant, such as “fieldServicing · number 13” */
    text = g_strdup_printf (_ ("Finished and locked: this board answers only what every board "
                               "answers. Your vault has a capability for it: %s."),
                            names);
  else if (lks_vault_get_state (vault) == LKS_VAULT_STATE_OPEN)
    text = g_strdup (_ ("Finished and locked: this board answers only what every board answers. "
                        "Your vault has no capability for it: whoever manages the board in the "
                        "vendor’s cloud can download one."));
  else
    text = g_strdup (_ ("Finished and locked: this board answers only what every board answers. A "
                        "capability made for it opens it for a session."));
  gtk_label_set_label (self->offer_text, text);
}

/* A finished board on which a capability was forgotten. */
static void
update_danger (LksBoardView *self)
{
  gsize n_numbers = 0;
  const guint32 *numbers =
      is_finished (self) ? lks_board_status_get_capabilities (self->status, &n_numbers) : NULL;
  g_autofree char *names = NULL;
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (self->danger, n_numbers > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->danger), n_numbers > 0);
  if (n_numbers == 0)
    return;

  names = lks_capabilities_to_text (numbers, n_numbers);
  /* Translators: what the capabilities grant, such as “appDevelopment · number 11” */
  text = g_strdup_printf (_ ("Finished, but not closed: %s is stored on this board and opens it to "
                             "whoever has a cable. Do not ship it."),
                          names);
  gtk_label_set_label (self->danger_text, text);
}

static void
set_status (LksBoardView *self, LksBoardStatus *status)
{
  if (self->status == status)
    return;

  g_clear_pointer (&self->status, lks_board_status_unref);
  self->status = status != NULL ? lks_board_status_ref (status) : NULL;
  update_offer (self);
  update_danger (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
lks_board_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksBoardView *self = LKS_BOARD_VIEW (object);

  switch ((LksBoardViewProperty) prop_id)
    {
    case PROP_BOARD:
      g_value_set_object (value, self->board);
      break;
    case PROP_STATUS:
      g_value_set_boxed (value, self->status);
      break;
    case PROP_PAGE_NAME:
      g_value_set_string (value, gtk_stack_get_visible_child_name (self->stack));
      break;
    }
}

static void
lks_board_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksBoardView *self = LKS_BOARD_VIEW (object);

  switch ((LksBoardViewProperty) prop_id)
    {
    case PROP_BOARD:
      if (g_set_object (&self->board, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_STATUS:
      set_status (self, g_value_get_boxed (value));
      break;
    case PROP_PAGE_NAME:
      gtk_stack_set_visible_child_name (self->stack, g_value_get_string (value));
      break;
    }
}

static void
lks_board_view_dispose (GObject *object)
{
  LksBoardView *self = LKS_BOARD_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_BOARD_VIEW);
  g_clear_object (&self->board);
  g_clear_pointer (&self->status, lks_board_status_unref);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->keeper);
  G_OBJECT_CLASS (lks_board_view_parent_class)->dispose (object);
}

static void
lks_board_view_finalize (GObject *object)
{
  g_object_unref (LKS_BOARD_VIEW (object)->cancellable);
  G_OBJECT_CLASS (lks_board_view_parent_class)->finalize (object);
}

static void
show_software_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_stack_set_visible_child_name (LKS_BOARD_VIEW (widget)->stack, SOFTWARE_PAGE);
}

static void
lks_board_view_class_init (LksBoardViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = lks_board_view_get_property;
  object_class->set_property = lks_board_view_set_property;
  object_class->dispose = lks_board_view_dispose;
  object_class->finalize = lks_board_view_finalize;

  properties[PROP_BOARD] = g_param_spec_object ("board", NULL, NULL, LKS_TYPE_BOARD, flags);
  properties[PROP_STATUS] = g_param_spec_boxed ("status", NULL, NULL, LKS_TYPE_BOARD_STATUS, flags);
  properties[PROP_PAGE_NAME] = g_param_spec_string ("page-name", NULL, NULL, STATUS_PAGE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_STATUS_PANEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-board-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, switcher);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, stack);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, panel);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, offer);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, offer_text);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, start);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, show_key);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, import_key);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, danger);
  gtk_widget_class_bind_template_child (widget_class, LksBoardView, danger_text);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_cb);
  gtk_widget_class_install_action (widget_class, "view.show-software", NULL, show_software_action);
}

static void
lks_board_view_init (LksBoardView *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; service_pages[i].name != NULL; i++)
    lks_board_view_add_page (self, service_pages[i].name, _ (service_pages[i].title),
                             service_pages[i].get_type ());
}

/**
 * lks_board_view_add_page:
 * @self: a view
 * @name: the page's name, for the actions that show it
 * @title: its title, translated
 * @page_type: a subclass of [class@Lks.ServicePage]
 *
 * Adds a page, which is built when it is first shown.
 */
void
lks_board_view_add_page (LksBoardView *self, const char *name, const char *title, GType page_type)
{
  GtkWidget *place = adw_bin_new ();

  g_return_if_fail (g_type_is_a (page_type, LKS_TYPE_SERVICE_PAGE));

  g_object_set_data (G_OBJECT (place), "lks-page-type", GSIZE_TO_POINTER (page_type));
  gtk_stack_add_titled (self->stack, place, name, title);
  gtk_widget_set_visible (self->switcher, TRUE);
}

/**
 * lks_board_view_activate_action:
 * @self: a view
 * @action_name: an action of the status panel, such as "board.identify"
 *
 * Acts on the selected board; without one nothing happens.
 */
void
lks_board_view_activate_action (LksBoardView *self, const char *action_name)
{
  gtk_widget_activate_action (GTK_WIDGET (self->panel), action_name, NULL);
}

/**
 * lks_board_view_refresh:
 * @self: a view
 *
 * Reads what is shown again: the status, or the visible page.
 */
void
lks_board_view_refresh (LksBoardView *self)
{
  LksServicePage *page = get_visible_service_page (self);

  if (page != NULL)
    lks_service_page_refresh (page);
  else
    lks_board_view_activate_action (self, "board.refresh");
}

/**
 * lks_board_view_get_vault:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): the vault of this user, NULL before it is known
 */
LksVault *
lks_board_view_get_vault (LksBoardView *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_VIEW (self), NULL);

  return self->keeper != NULL ? lks_session_keeper_get_vault (self->keeper) : NULL;
}

/**
 * lks_board_view_set_keeper:
 * @self: a view
 * @keeper: what keeps the servicing session of this user
 *
 * Lets the view say whether the vault opens a locked board, and offer a session.
 */
void
lks_board_view_set_keeper (LksBoardView *self, LksSessionKeeper *keeper)
{
  LksVault *vault = lks_session_keeper_get_vault (keeper);

  g_return_if_fail (LKS_IS_BOARD_VIEW (self));
  g_return_if_fail (self->keeper == NULL);

  self->keeper = g_object_ref (keeper);
  g_signal_connect_object (vault, "notify::state", G_CALLBACK (update_offer), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lks_vault_get_items (vault), "items-changed", G_CALLBACK (update_offer),
                           self, G_CONNECT_SWAPPED);
  update_offer (self);
}
