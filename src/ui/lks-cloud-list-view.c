/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-list-view.h"

#include "lks-cloud-count.h"
#include "lks-cloud-export-bar.h"
#include "lks-cloud-listing.h"
#include "lks-cloud-row.h"
#include "lks-cloud-text.h"
#include "lks-cloud-tools.h"
#include "lks-error-text.h"
#include "lks-message-page.h"

#include <glib/gi18n-lib.h>

/* More is wanted when less than so many heights of the view are below what is seen. */
#define HEIGHTS_AHEAD 2

struct _LksCloudListView
{
  AdwBin parent_instance;

  GtkStack *stack;              /* template child */
  LksCloudExportBar *export;    /* template child */
  GtkSearchEntry *search_entry; /* template child */
  GtkDropDown *listing_choice;  /* template child */
  LksCloudTools *tools;         /* template child */
  LksCloudCount *count;         /* template child */
  GtkScrolledWindow *scrolled;  /* template child */
  GtkListView *list_view;       /* template child */
  GtkNoSelection *selection;    /* template child */
  LksMessagePage *message;      /* template child */
  GtkButton *message_button;    /* template child */
  GtkWidget *footer;            /* template child */
  GtkLabel *footer_label;       /* template child */
  GtkButton *footer_button;     /* template child */

  LksCloudDesk *desk;   /* (owned) (nullable) */
  LksCloudScope *scope; /* (owned) (nullable) */
  const LksCloudListing *listings;
  guint n_listings;
  LksCloudList *list; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (LksCloudListView, lks_cloud_list_view, ADW_TYPE_BIN)

enum
{
  SIGNAL_OPENED,
  SIGNAL_PLACE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const LksCloudListing *
get_listing (LksCloudListView *self)
{
  guint selected = gtk_drop_down_get_selected (self->listing_choice);

  return &self->listings[MIN (selected, self->n_listings - 1)];
}

static const char *
get_search (LksCloudListView *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
}

/* ---- what is shown ---- */

static void
show_message (LksCloudListView *self, const char *icon_name, const char *title, const char *text)
{
  g_object_set (self->message, "icon-name", icon_name, "title", title, NULL);
  lks_message_page_set_description (self->message, text);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

/* @text is consumed. */
static char *
append_gaps (LksCloudListView *self, char *text)
{
  g_autofree char *note = lks_cloud_gaps_to_note (lks_cloud_list_get_gaps (self->list));
  g_autofree char *whole = text;

  return note != NULL ? g_strdup_printf ("%s\n%s", whole, note) : g_steal_pointer (&whole);
}

static void
show_nothing (LksCloudListView *self, LksCloudListState state)
{
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->message_button), state == LKS_CLOUD_LIST_FAILED);
  if (state == LKS_CLOUD_LIST_FAILED)
    {
      text = lks_error_to_text (lks_cloud_list_get_error (self->list));
      show_message (self, "lks-warning-symbolic", _ ("The List Could Not Be Fetched"), text);
    }
  else if (state == LKS_CLOUD_LIST_LOADING)
    {
      guint seen = lks_cloud_list_get_seen (self->list);

      text = seen > 0 ? g_strdup_printf (ngettext ("%u looked at", "%u looked at", seen), seen)
                      : g_strdup (_ ("It takes a moment."));
      show_message (self, "lks-pending-symbolic",
                    seen > 0 ? _ ("Searching") : _ ("Asking the Cloud"), text);
    }
  else if (get_search (self)[0] != '\0')
    show_message (self, "edit-find-symbolic", _ ("Nothing Found"),
                  _ ("Neither a name nor anything else that the cloud tells about them contains "
                     "this."));
  else
    {
      text = append_gaps (self, g_strdup (_ (get_listing (self)->empty)));
      show_message (self, "lks-board-symbolic", _ (get_listing (self)->title), text);
    }
}

static char *
describe_state (LksCloudListView *self, LksCloudListState state, guint n_rows)
{
  switch (state)
    {
    case LKS_CLOUD_LIST_LOADING:
      return g_strdup_printf (ngettext ("%u so far…", "%u so far…", n_rows), n_rows);
    case LKS_CLOUD_LIST_PAUSED:
      return g_strdup_printf (ngettext ("The first %u; more come when you scroll down.",
                                        "The first %u; more come when you scroll down.", n_rows),
                              n_rows);
    case LKS_CLOUD_LIST_COMPLETE:
      return append_gaps (self,
                          g_strdup_printf (ngettext ("%u in all", "%u in all", n_rows), n_rows));
    case LKS_CLOUD_LIST_CUT:
      return g_strdup_printf (_ ("The first %u. Search to find the others."), n_rows);
    case LKS_CLOUD_LIST_FAILED:
      break;
    }
  return lks_error_to_text (lks_cloud_list_get_error (self->list));
}

static void
show_rows (LksCloudListView *self, LksCloudListState state, guint n_rows)
{
  g_autofree char *text = describe_state (self, state, n_rows);

  gtk_label_set_label (self->footer_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->footer_button), state == LKS_CLOUD_LIST_FAILED);
  if (state == LKS_CLOUD_LIST_FAILED || lks_cloud_list_get_gaps (self->list)->len > 0)
    gtk_widget_add_css_class (self->footer, "note-warning");
  else
    gtk_widget_remove_css_class (self->footer, "note-warning");
  gtk_stack_set_visible_child_name (self->stack, "rows");
}

static void
update (LksCloudListView *self)
{
  LksCloudListState state = lks_cloud_list_get_state (self->list);
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (n_rows > 0)
    show_rows (self, state, n_rows);
  else
    show_nothing (self, state);
}

/* Also when the rows do not fill the view yet. */
static void
scrolled_cb (LksCloudListView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  double height = gtk_adjustment_get_page_size (adjustment);
  double below =
      gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment) - height;

  if (self->list != NULL && height > 0 && below < HEIGHTS_AHEAD * height)
    lks_cloud_list_want_more (self->list);
}

static void
state_changed_cb (LksCloudListView *self)
{
  update (self);
  if (lks_cloud_list_get_state (self->list) == LKS_CLOUD_LIST_PAUSED)
    scrolled_cb (self);
}

/* ---- the list ---- */

static void
drop_list (LksCloudListView *self)
{
  if (self->list == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->list, self);
  gtk_no_selection_set_model (self->selection, NULL);
  g_clear_object (&self->list);
}

static void
show_no_client (LksCloudListView *self, const GError *error)
{
  g_autofree char *text = lks_error_to_text (error);

  gtk_widget_set_visible (GTK_WIDGET (self->message_button), TRUE);
  show_message (self, "lks-warning-symbolic", _ ("The List Could Not Be Fetched"), text);
}

static void
fetch (LksCloudListView *self)
{
  g_autoptr (GError) error = NULL;
  LksCloudClient *client;

  if (self->desk == NULL)
    return; /* it is being left */
  drop_list (self);
  client = lks_cloud_desk_create_client (self->desk, &error);
  if (client == NULL)
    {
      show_no_client (self, error);
      return;
    }
  self->list =
      lks_cloud_list_new (client, get_listing (self)->func, self->scope, get_search (self));
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->list));
  g_signal_connect_swapped (self->list, "notify::state", G_CALLBACK (state_changed_cb), self);
  update (self);
}

/**
 * lks_cloud_list_view_refresh:
 * @self: a view
 *
 * Fetches the list anew, and lets the devices of the place be counted.
 */
void
lks_cloud_list_view_refresh (LksCloudListView *self)
{
  g_return_if_fail (LKS_IS_CLOUD_LIST_VIEW (self));

  fetch (self);
  if (self->desk != NULL)
    lks_cloud_count_show (self->count, self->desk, self->scope);
}

static void
refresh_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  lks_cloud_list_view_refresh (LKS_CLOUD_LIST_VIEW (widget));
}

/* What is seen goes into the file, all of it: also what nobody has scrolled to. */
static void
export_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LksCloudListView *self = LKS_CLOUD_LIST_VIEW (widget);
  const LksCloudExportWish wish = {
    .desk = self->desk,
    .listing = get_listing (self),
    .scope = self->scope,
    .search = get_search (self),
    .format = g_str_equal (g_variant_get_string (parameter, NULL), "json") ? LKS_CLOUD_EXPORT_JSON
                                                                           : LKS_CLOUD_EXPORT_CSV,
  };

  lks_cloud_export_bar_ask (self->export, &wish);
}

static void
begin_anew_cb (LksCloudListView *self)
{
  if (self->desk == NULL)
    return;
  lks_cloud_tools_set_listing (self->tools, get_listing (self));
  fetch (self);
}

static void
found_cb (LksCloudListView *self, LksCloudItem *item)
{
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, item, FALSE);
}

static void
place_changed_cb (LksCloudListView *self, gboolean is_gone)
{
  g_signal_emit (self, signals[SIGNAL_PLACE_CHANGED], 0, is_gone);
}

static void
activated_cb (LksCloudListView *self, guint position)
{
  g_autoptr (LksCloudItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item != NULL)
    g_signal_emit (self, signals[SIGNAL_OPENED], 0, item, get_listing (self)->is_level);
}

/* ---- the widget ---- */

static void
lks_cloud_list_view_dispose (GObject *object)
{
  LksCloudListView *self = LKS_CLOUD_LIST_VIEW (object);

  if (self->list != NULL)
    drop_list (self);
  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_LIST_VIEW);
  G_OBJECT_CLASS (lks_cloud_list_view_parent_class)->dispose (object);
}

static void
lks_cloud_list_view_finalize (GObject *object)
{
  g_clear_pointer (&LKS_CLOUD_LIST_VIEW (object)->scope, lks_cloud_scope_free);
  G_OBJECT_CLASS (lks_cloud_list_view_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-list-view.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, stack);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, export);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, listing_choice);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, tools);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, count);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, list_view);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, selection);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, message);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, message_button);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, footer);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, footer_label);
  gtk_widget_class_bind_template_child (widget_class, LksCloudListView, footer_button);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, begin_anew_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
  gtk_widget_class_bind_template_callback (widget_class, lks_cloud_list_view_refresh);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
}

static void
lks_cloud_list_view_class_init (LksCloudListViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lks_cloud_list_view_dispose;
  object_class->finalize = lks_cloud_list_view_finalize;

  g_type_ensure (LKS_TYPE_CLOUD_COUNT);
  g_type_ensure (LKS_TYPE_CLOUD_EXPORT_BAR);
  g_type_ensure (LKS_TYPE_CLOUD_ROW);
  g_type_ensure (LKS_TYPE_CLOUD_TOOLS);
  g_type_ensure (LKS_TYPE_MESSAGE_PAGE);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "list.export", "s", export_action);
  gtk_widget_class_install_action (widget_class, "list.refresh", NULL, refresh_action);

  signals[SIGNAL_OPENED] =
      g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, LKS_TYPE_CLOUD_ITEM, G_TYPE_BOOLEAN);

  /**
   * LksCloudListView::place-changed:
   * @self: the view
   * @is_gone: there is no such place any more
   *
   * The place whose things are listed was changed.
   */
  signals[SIGNAL_PLACE_CHANGED] =
      g_signal_new ("place-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
lks_cloud_list_view_init (LksCloudListView *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self));
}

static GListModel *
create_titles (LksCloudListView *self)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->n_listings; i++)
    gtk_string_list_append (titles, _ (self->listings[i].title));
  return G_LIST_MODEL (titles);
}

/**
 * lks_cloud_list_view_new:
 * @desk: where to work with the cloud
 * @scope: (nullable): a place, NULL for the whole cloud
 *
 * Returns: (transfer floating): a view that begins to fetch its list
 */
GtkWidget *
lks_cloud_list_view_new (LksCloudDesk *desk, const LksCloudScope *scope)
{
  LksCloudListView *self = g_object_new (LKS_TYPE_CLOUD_LIST_VIEW, NULL);
  g_autoptr (GListModel) titles = NULL;

  self->scope = scope != NULL ? lks_cloud_scope_copy (scope) : NULL;
  self->listings = lks_cloud_listings_get (scope, &self->n_listings);
  titles = create_titles (self);
  gtk_drop_down_set_model (self->listing_choice, titles);
  gtk_widget_set_visible (GTK_WIDGET (self->listing_choice), self->n_listings > 1);
  lks_cloud_tools_set_place (self->tools, desk, scope);
  self->desk = g_object_ref (desk);
  begin_anew_cb (self);
  lks_cloud_count_show (self->count, desk, scope);
  return GTK_WIDGET (self);
}

/**
 * lks_cloud_list_view_get_scope:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): the place whose things are listed
 */
const LksCloudScope *
lks_cloud_list_view_get_scope (LksCloudListView *self)
{
  return self->scope;
}

/**
 * lks_cloud_list_view_show_search:
 * @self: a view
 *
 * Puts the keyboard into the search entry.
 */
void
lks_cloud_list_view_show_search (LksCloudListView *self)
{
  g_return_if_fail (LKS_IS_CLOUD_LIST_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
