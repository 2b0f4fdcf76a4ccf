/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-boards-page.h"

#include "lks-board-browser.h"
#include "lks-message-page.h"
#include "lks-page-slot.h"

struct _LksBoardsPage
{
  AdwBin parent_instance;

  LksPageSlot *browser_slot; /* template child */

  GListModel *boards; /* (owned) (nullable) of LksBoard */
  guint n_boards;     /* as last announced */
  char *problem;      /* (owned) (nullable) */

  LksSessionKeeper *keeper; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksBoardsPage, lks_boards_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_BOARDS = 1,
  PROP_N_BOARDS,
  PROP_PROBLEM,
  PROP_CAN_GO_BACK,
} LksBoardsPageProperty;

static GParamSpec *properties[PROP_CAN_GO_BACK + 1];

static char *
page_name (gpointer unused, guint n_boards, const char *problem)
{
  if (n_boards > 0)
    return g_strdup ("boards");
  return g_strdup (problem != NULL ? "problem" : "empty");
}

/* NULL before there was a board. */
static LksBoardBrowser *
get_browser (LksBoardsPage *self)
{
  return (LksBoardBrowser *) lks_page_slot_get_page (self->browser_slot);
}

static gboolean
can_go_back (LksBoardsPage *self)
{
  LksBoardBrowser *browser = get_browser (self);
  gboolean can = FALSE;

  if (browser != NULL)
    g_object_get (browser, "can-go-back", &can, NULL);
  return can;
}

static void
can_go_back_changed_cb (LksBoardsPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

static void
browser_built_cb (LksBoardsPage *self)
{
  LksBoardBrowser *browser = get_browser (self);

  g_object_bind_property (self, "boards", browser, "boards", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (browser, "notify::can-go-back", G_CALLBACK (can_go_back_changed_cb),
                           self, G_CONNECT_SWAPPED);
  if (self->keeper != NULL)
    lks_board_view_set_keeper (lks_board_browser_get_view (browser), self->keeper);
}

static void
boards_changed_cb (LksBoardsPage *self)
{
  guint n_boards = self->boards != NULL ? g_list_model_get_n_items (self->boards) : 0;

  if (self->n_boards == n_boards)
    return;

  self->n_boards = n_boards;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_BOARDS]);
}

static void
set_boards (LksBoardsPage *self, GListModel *boards)
{
  if (self->boards == boards)
    return;

  if (self->boards != NULL)
    g_signal_handlers_disconnect_by_func (self->boards, boards_changed_cb, self);
  g_set_object (&self->boards, boards);
  if (boards != NULL)
    g_signal_connect_object (boards, "items-changed", G_CALLBACK (boards_changed_cb), self,
                             G_CONNECT_SWAPPED);
  boards_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOARDS]);
}

static void
set_problem (LksBoardsPage *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;

  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROBLEM]);
}

static void
lks_boards_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksBoardsPage *self = LKS_BOARDS_PAGE (object);

  switch ((LksBoardsPageProperty) prop_id)
    {
    case PROP_BOARDS:
      g_value_set_object (value, self->boards);
      break;
    case PROP_N_BOARDS:
      g_value_set_uint (value, self->n_boards);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, can_go_back (self));
      break;
    }
}

static void
lks_boards_page_set_property (GObject *object,
                              guint prop_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  LksBoardsPage *self = LKS_BOARDS_PAGE (object);

  switch ((LksBoardsPageProperty) prop_id)
    {
    case PROP_BOARDS:
      set_boards (self, g_value_get_object (value));
      break;
    case PROP_PROBLEM:
      set_problem (self, g_value_get_string (value));
      break;
    case PROP_N_BOARDS:
    case PROP_CAN_GO_BACK:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_boards_page_dispose (GObject *object)
{
  LksBoardsPage *self = LKS_BOARDS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_BOARDS_PAGE);
  g_clear_object (&self->keeper);
  g_clear_object (&self->boards);
  G_OBJECT_CLASS (lks_boards_page_parent_class)->dispose (object);
}

static void
lks_boards_page_finalize (GObject *object)
{
  g_free (LKS_BOARDS_PAGE (object)->problem);
  G_OBJECT_CLASS (lks_boards_page_parent_class)->finalize (object);
}

static void
lks_boards_page_class_init (LksBoardsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_boards_page_get_property;
  object_class->set_property = lks_boards_page_set_property;
  object_class->dispose = lks_boards_page_dispose;
  object_class->finalize = lks_boards_page_finalize;

  properties[PROP_BOARDS] =
      g_param_spec_object ("boards", NULL, NULL, G_TYPE_LIST_MODEL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_N_BOARDS] =
      g_param_spec_uint ("n-boards", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * LksBoardsPage:problem:
   *
   * Why no board can be found at all, as a translated sentence; NULL when all is well.
   */
  properties[PROP_PROBLEM] =
      g_param_spec_string ("problem", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CAN_GO_BACK] =
      g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_BOARD_BROWSER);
  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  g_type_ensure (LKS_TYPE_PAGE_SLOT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-boards-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LksBoardsPage, browser_slot);
  gtk_widget_class_bind_template_callback (widget_class, browser_built_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_name);
}

static void
lks_boards_page_init (LksBoardsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_boards_page_get_selected:
 * @self: a page
 *
 * Gets the board that the panel shows.
 *
 * Returns: (transfer none) (nullable): the selected board
 */
LksBoard *
lks_boards_page_get_selected (LksBoardsPage *self)
{
  LksBoardBrowser *browser;

  g_return_val_if_fail (LKS_IS_BOARDS_PAGE (self), NULL);

  browser = get_browser (self);
  return browser != NULL ? lks_board_browser_get_selected (browser) : NULL;
}

/**
 * lks_boards_page_activate_board_action:
 * @self: a page
 * @action_name: an action of the status panel, such as "board.refresh"
 *
 * Acts on the selected board; without one nothing happens.
 */
void
lks_boards_page_activate_board_action (LksBoardsPage *self, const char *action_name)
{
  LksBoardBrowser *browser;

  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));

  browser = get_browser (self);
  if (browser != NULL)
    lks_board_view_activate_action (lks_board_browser_get_view (browser), action_name);
}

/**
 * lks_boards_page_refresh:
 * @self: a page
 *
 * Reads again what is shown of the selected board.
 */
void
lks_boards_page_refresh (LksBoardsPage *self)
{
  LksBoardBrowser *browser;

  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));

  browser = get_browser (self);
  if (browser != NULL)
    lks_board_view_refresh (lks_board_browser_get_view (browser));
}

/**
 * lks_boards_page_show_board_page:
 * @self: a page
 * @name: "status" or the name of a page of servicing work
 *
 * Shows that page of the selected board; before there was a board nothing happens.
 */
void
lks_boards_page_show_board_page (LksBoardsPage *self, const char *name)
{
  LksBoardBrowser *browser;

  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));

  browser = get_browser (self);
  if (browser != NULL)
    g_object_set (lks_board_browser_get_view (browser), "page-name", name, NULL);
}

/**
 * lks_boards_page_go_back:
 * @self: a page
 *
 * Goes from the board back to the list in a narrow window.
 */
void
lks_boards_page_go_back (LksBoardsPage *self)
{
  LksBoardBrowser *browser;

  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));

  browser = get_browser (self);
  if (browser != NULL)
    lks_board_browser_go_back (browser);
}

/**
 * lks_boards_page_set_keeper:
 * @self: a page
 * @keeper: what keeps the servicing session of this user
 *
 * Lets the page offer a servicing session for a locked board.
 */
void
lks_boards_page_set_keeper (LksBoardsPage *self, LksSessionKeeper *keeper)
{
  LksBoardBrowser *browser;

  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));
  g_return_if_fail (self->keeper == NULL);

  self->keeper = g_object_ref (keeper);
  browser = get_browser (self);
  if (browser != NULL)
    lks_board_view_set_keeper (lks_board_browser_get_view (browser), keeper);
}

/**
 * lks_boards_page_build_ahead:
 * @self: a page
 *
 * Builds the list and the status panel before there is a board to show in them.
 */
void
lks_boards_page_build_ahead (LksBoardsPage *self)
{
  g_return_if_fail (LKS_IS_BOARDS_PAGE (self));

  lks_page_slot_ensure_page (self->browser_slot);
}
