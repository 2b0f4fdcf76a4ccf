/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-browser.h"

#include "lks-board-row.h"

#include <glib/gi18n-lib.h>

struct _LksBoardBrowser
{
  AdwBin parent_instance;

  AdwLeaflet *leaflet;           /* template child */
  GtkSingleSelection *selection; /* template child */
  LksBoardView *view;            /* template child */

  GListModel *boards; /* (owned) (nullable) of LksBoard */
  gboolean is_chosen; /* the user has selected a board; until then it is the first */
  gpointer shown;     /* (unowned) (nullable) the selected item as last seen, only compared */
  guint select_id;    /* idle */
};

G_DEFINE_FINAL_TYPE (LksBoardBrowser, lks_board_browser, ADW_TYPE_BIN)

typedef enum
{
  PROP_BOARDS = 1,
  PROP_CAN_GO_BACK,
} LksBoardBrowserProperty;

static GParamSpec *properties[PROP_CAN_GO_BACK + 1];

static char *
count_text (gpointer unused, guint n_boards)
{
  return g_strdup_printf (ngettext ("%u board attached", "%u boards attached", n_boards), n_boards);
}

static gboolean
can_go_back (LksBoardBrowser *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "content") == 0;
}

static void
leaflet_changed_cb (LksBoardBrowser *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

static void
row_activated_cb (LksBoardBrowser *self)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
selected_cb (LksBoardBrowser *self)
{
  gpointer selected = gtk_single_selection_get_selected_item (self->selection);

  /* Boards that arrive at earlier places move the position; only another item is a choice. */
  if (self->shown != selected && gtk_single_selection_get_selected (self->selection) > 0)
    self->is_chosen = TRUE;
  self->shown = selected;
}

static void
select_first_cb (gpointer user_data)
{
  LksBoardBrowser *self = user_data;

  self->select_id = 0;
  if (!self->is_chosen)
    gtk_single_selection_set_selected (self->selection, 0);
}

/* The boards come in any order; afterwards, because the selection learns of it later. */
static void
boards_changed_cb (LksBoardBrowser *self)
{
  if (!self->is_chosen && self->select_id == 0)
    self->select_id = g_idle_add_once (select_first_cb, self);
}

static void
set_boards (LksBoardBrowser *self, GListModel *boards)
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
lks_board_browser_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksBoardBrowser *self = LKS_BOARD_BROWSER (object);

  switch ((LksBoardBrowserProperty) prop_id)
    {
    case PROP_BOARDS:
      g_value_set_object (value, self->boards);
      break;
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, can_go_back (self));
      break;
    }
}

static void
lks_board_browser_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  LksBoardBrowser *self = LKS_BOARD_BROWSER (object);

  switch ((LksBoardBrowserProperty) prop_id)
    {
    case PROP_BOARDS:
      set_boards (self, g_value_get_object (value));
      break;
    case PROP_CAN_GO_BACK:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_board_browser_dispose (GObject *object)
{
  LksBoardBrowser *self = LKS_BOARD_BROWSER (object);

  g_clear_handle_id (&self->select_id, g_source_remove);
  adw_bin_set_child (ADW_BIN (self), NULL); /* the template would unparent it behind its back */
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_BOARD_BROWSER);
  g_clear_object (&self->boards);
  G_OBJECT_CLASS (lks_board_browser_parent_class)->dispose (object);
}

static void
lks_board_browser_class_init (LksBoardBrowserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_board_browser_get_property;
  object_class->set_property = lks_board_browser_set_property;
  object_class->dispose = lks_board_browser_dispose;

  properties[PROP_BOARDS] =
      g_param_spec_object ("boards", NULL, NULL, G_TYPE_LIST_MODEL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CAN_GO_BACK] =
      g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (LKS_TYPE_BOARD);
  g_type_ensure (LKS_TYPE_BOARD_ROW);
  g_type_ensure (LKS_TYPE_BOARD_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-board-browser.ui");
  gtk_widget_class_bind_template_child (widget_class, LksBoardBrowser, leaflet);
  gtk_widget_class_bind_template_child (widget_class, LksBoardBrowser, selection);
  gtk_widget_class_bind_template_child (widget_class, LksBoardBrowser, view);
  gtk_widget_class_bind_template_callback (widget_class, count_text);
  gtk_widget_class_bind_template_callback (widget_class, leaflet_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lks_board_browser_init (LksBoardBrowser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lks_board_browser_get_selected:
 * @self: a browser
 *
 * Returns: (transfer none) (nullable): the board that the view shows
 */
LksBoard *
lks_board_browser_get_selected (LksBoardBrowser *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_BROWSER (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}

/**
 * lks_board_browser_get_view:
 * @self: a browser
 *
 * Returns: (transfer none): the pages of the selected board
 */
LksBoardView *
lks_board_browser_get_view (LksBoardBrowser *self)
{
  g_return_val_if_fail (LKS_IS_BOARD_BROWSER (self), NULL);

  return self->view;
}

/**
 * lks_board_browser_go_back:
 * @self: a browser
 *
 * Goes from the board back to the list in a narrow window.
 */
void
lks_board_browser_go_back (LksBoardBrowser *self)
{
  g_return_if_fail (LKS_IS_BOARD_BROWSER (self));

  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}
