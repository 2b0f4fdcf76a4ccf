/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-browser.h"

#include "lks-cloud-detail.h"
#include "lks-cloud-list-view.h"
#include "lks-cloud-text.h"

#include <glib/gi18n-lib.h>

struct _LksCloudBrowser
{
  AdwBin parent_instance;

  GtkBox *way;     /* template child */
  GtkStack *stack; /* template child */

  LksCloudDesk *desk; /* (owned) (nullable) */
  GPtrArray *views;   /* (unowned) the children of @stack, from the first to the deepest */
  GPtrArray *names;   /* (owned) of each view */
};

G_DEFINE_FINAL_TYPE (LksCloudBrowser, lks_cloud_browser, ADW_TYPE_BIN)

typedef enum
{
  PROP_DEPTH = 1,
} LksCloudBrowserProperty;

static GParamSpec *properties[PROP_DEPTH + 1];

/* ---- the way ---- */

static void
step_clicked_cb (LksCloudBrowser *self, GtkButton *button)
{
  guint depth = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "lks-depth"));

  while (self->views->len > depth)
    lks_cloud_browser_go_back (self);
}

static void
add_step (LksCloudBrowser *self, guint depth)
{
  const char *name = g_ptr_array_index (self->names, depth - 1);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *button = gtk_button_new ();

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_sensitive (button, depth < self->views->len);
  gtk_widget_set_tooltip_text (button, name);
  g_object_set_data (G_OBJECT (button), "lks-depth", GUINT_TO_POINTER (depth));
  g_signal_connect_object (button, "clicked", G_CALLBACK (step_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  if (depth > 1)
    gtk_box_append (self->way, gtk_label_new ("›"));
  gtk_box_append (self->way, button);
}

static void
show_way (LksCloudBrowser *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->way))) != NULL)
    gtk_box_remove (self->way, child);
  for (guint depth = 1; depth <= self->views->len; depth++)
    add_step (self, depth);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEPTH]);
}

/* ---- the views ---- */

static void
push (LksCloudBrowser *self, GtkWidget *view, const char *name)
{
  gtk_stack_add_child (self->stack, view);
  g_ptr_array_add (self->views, view);
  g_ptr_array_add (self->names, g_strdup (name));
  gtk_stack_set_visible_child (self->stack, view);
  show_way (self);
}

static void opened_cb (LksCloudBrowser *self, LksCloudItem *item, gboolean is_level);
static void place_changed_cb (LksCloudBrowser *self, gboolean is_gone);

static void
push_list (LksCloudBrowser *self, const LksCloudScope *scope, const char *name)
{
  GtkWidget *view = lks_cloud_list_view_new (self->desk, scope);

  g_signal_connect_object (view, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "place-changed", G_CALLBACK (place_changed_cb), self,
                           G_CONNECT_SWAPPED);
  push (self, view, name);
}

static void
gone_cb (LksCloudBrowser *self)
{
  place_changed_cb (self, TRUE);
}

static void
push_detail (LksCloudBrowser *self, LksCloudItem *item, const char *name)
{
  GtkWidget *view = lks_cloud_detail_new (self->desk, item);

  g_signal_connect_object (view, "gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  push (self, view, name);
}

static void
opened_cb (LksCloudBrowser *self, LksCloudItem *item, gboolean is_level)
{
  const LksCloudResource *resource = lks_cloud_item_get_resource (item);
  g_autofree char *name = lks_cloud_resource_to_title (resource);

  if (is_level)
    push_list (self, resource->scope, name);
  else
    push_detail (self, item, name);
}

static void
pop (LksCloudBrowser *self)
{
  GtkWidget *view = g_ptr_array_steal_index (self->views, self->views->len - 1);

  g_ptr_array_remove_index (self->names, self->names->len - 1);
  if (self->views->len > 0)
    gtk_stack_set_visible_child (self->stack,
                                 g_ptr_array_index (self->views, self->views->len - 1));
  gtk_stack_remove (self->stack, view);
}

/**
 * lks_cloud_browser_go_back:
 * @self: a browser
 *
 * Leaves the deepest view; what it fetches ends.
 */
void
lks_cloud_browser_go_back (LksCloudBrowser *self)
{
  g_return_if_fail (LKS_IS_CLOUD_BROWSER (self));

  if (self->views->len < 2)
    return;
  pop (self);
  show_way (self);
}

/* What was changed is listed one level up. */
static void
place_changed_cb (LksCloudBrowser *self, gboolean is_gone)
{
  guint n_views = self->views->len;

  if (n_views < 2)
    return;
  lks_cloud_list_view_refresh (g_ptr_array_index (self->views, n_views - 2));
  if (is_gone)
    lks_cloud_browser_go_back (self);
}

/**
 * lks_cloud_browser_end:
 * @self: a browser
 *
 * Leaves all views.
 */
void
lks_cloud_browser_end (LksCloudBrowser *self)
{
  g_return_if_fail (LKS_IS_CLOUD_BROWSER (self));

  while (self->views->len > 0)
    pop (self);
  g_clear_object (&self->desk);
  show_way (self);
}

/**
 * lks_cloud_browser_begin:
 * @self: a browser
 * @desk: where somebody is signed in
 *
 * Begins at the catalogs that the present account sees.
 */
void
lks_cloud_browser_begin (LksCloudBrowser *self, LksCloudDesk *desk)
{
  g_return_if_fail (LKS_IS_CLOUD_BROWSER (self));

  lks_cloud_browser_end (self);
  self->desk = g_object_ref (desk);
  push_list (self, NULL, _ ("Catalogs"));
}

static LksCloudListView *
get_list_view (LksCloudBrowser *self)
{
  GtkWidget *view = gtk_stack_get_visible_child (self->stack);

  return LKS_IS_CLOUD_LIST_VIEW (view) ? LKS_CLOUD_LIST_VIEW (view) : NULL;
}

/**
 * lks_cloud_browser_refresh:
 * @self: a browser
 *
 * Fetches the list that is seen anew.
 */
void
lks_cloud_browser_refresh (LksCloudBrowser *self)
{
  LksCloudListView *view = get_list_view (self);

  if (view != NULL)
    lks_cloud_list_view_refresh (view);
}

/**
 * lks_cloud_browser_show_search:
 * @self: a browser
 *
 * Puts the keyboard into the search entry of the list that is seen.
 */
void
lks_cloud_browser_show_search (LksCloudBrowser *self)
{
  LksCloudListView *view = get_list_view (self);

  if (view != NULL)
    lks_cloud_list_view_show_search (view);
}

/* ---- the widget ---- */

static void
lks_cloud_browser_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksCloudBrowserProperty) prop_id)
    {
    case PROP_DEPTH:
      g_value_set_uint (value, LKS_CLOUD_BROWSER (object)->views->len);
      break;
    }
}

static void
lks_cloud_browser_dispose (GObject *object)
{
  LksCloudBrowser *self = LKS_CLOUD_BROWSER (object);

  g_clear_object (&self->desk);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), LKS_TYPE_CLOUD_BROWSER);
  G_OBJECT_CLASS (lks_cloud_browser_parent_class)->dispose (object);
}

static void
lks_cloud_browser_finalize (GObject *object)
{
  LksCloudBrowser *self = LKS_CLOUD_BROWSER (object);

  g_ptr_array_unref (self->views);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (lks_cloud_browser_parent_class)->finalize (object);
}

static void
lks_cloud_browser_class_init (LksCloudBrowserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lks_cloud_browser_get_property;
  object_class->dispose = lks_cloud_browser_dispose;
  object_class->finalize = lks_cloud_browser_finalize;

  properties[PROP_DEPTH] =
      g_param_spec_uint ("depth", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/locksmith/Locksmith/ui/lks-cloud-browser.ui");
  gtk_widget_class_bind_template_child (widget_class, LksCloudBrowser, way);
  gtk_widget_class_bind_template_child (widget_class, LksCloudBrowser, stack);
}

static void
lks_cloud_browser_init (LksCloudBrowser *self)
{
  self->views = g_ptr_array_new ();
  self->names = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
