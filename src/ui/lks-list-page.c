/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-list-page.h"

typedef struct
{
  AdwLeaflet *leaflet; /* (unowned) (nullable): of the subclass's template */
} LksListPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (LksListPage, lks_list_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_CAN_GO_BACK = 1,
} LksListPageProperty;

static GParamSpec *properties[PROP_CAN_GO_BACK + 1];

static void
changed_cb (LksListPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_GO_BACK]);
}

static gboolean
can_go_back (LksListPage *self)
{
  LksListPagePrivate *priv = lks_list_page_get_instance_private (self);

  return priv->leaflet != NULL && adw_leaflet_get_folded (priv->leaflet) &&
         g_strcmp0 (adw_leaflet_get_visible_child_name (priv->leaflet), "content") == 0;
}

static void
lks_list_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((LksListPageProperty) prop_id)
    {
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, can_go_back (LKS_LIST_PAGE (object)));
      break;
    }
}

static void
lks_list_page_dispose (GObject *object)
{
  LksListPagePrivate *priv = lks_list_page_get_instance_private (LKS_LIST_PAGE (object));

  g_clear_weak_pointer (&priv->leaflet);
  G_OBJECT_CLASS (lks_list_page_parent_class)->dispose (object);
}

static void
lks_list_page_class_init (LksListPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_list_page_get_property;
  object_class->dispose = lks_list_page_dispose;

  properties[PROP_CAN_GO_BACK] =
      g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_list_page_init (LksListPage *self)
{
}

/**
 * lks_list_page_set_leaflet:
 * @self: a page whose template was just made
 * @leaflet: the leaflet of the template
 *
 * Tells where list and content are. Once, for subclasses.
 */
void
lks_list_page_set_leaflet (LksListPage *self, AdwLeaflet *leaflet)
{
  LksListPagePrivate *priv = lks_list_page_get_instance_private (self);

  g_return_if_fail (LKS_IS_LIST_PAGE (self));
  g_return_if_fail (priv->leaflet == NULL);

  g_set_weak_pointer (&priv->leaflet, leaflet);
  g_signal_connect_object (leaflet, "notify::folded", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (leaflet, "notify::visible-child", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
navigate (LksListPage *self, AdwNavigationDirection direction)
{
  LksListPagePrivate *priv = lks_list_page_get_instance_private (self);

  if (priv->leaflet != NULL)
    adw_leaflet_navigate (priv->leaflet, direction);
}

/**
 * lks_list_page_go_back:
 * @self: a page
 *
 * Goes from what is selected back to the list in a narrow window.
 */
void
lks_list_page_go_back (LksListPage *self)
{
  g_return_if_fail (LKS_IS_LIST_PAGE (self));

  navigate (self, ADW_NAVIGATION_DIRECTION_BACK);
}

/**
 * lks_list_page_go_forward:
 * @self: a page
 *
 * Goes from the list to what is selected in a narrow window.
 */
void
lks_list_page_go_forward (LksListPage *self)
{
  g_return_if_fail (LKS_IS_LIST_PAGE (self));

  navigate (self, ADW_NAVIGATION_DIRECTION_FORWARD);
}
