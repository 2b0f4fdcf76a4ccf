/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-page-slot.h"

struct _LksPageSlot
{
  AdwBin parent_instance;

  GType page_type;
};

G_DEFINE_FINAL_TYPE (LksPageSlot, lks_page_slot, ADW_TYPE_BIN)

typedef enum
{
  PROP_PAGE_TYPE = 1,
  PROP_PAGE,
} LksPageSlotProperty;

static GParamSpec *properties[PROP_PAGE + 1];

/* A stack maps a child when it becomes the visible one, before anything is measured or drawn. */
static void
lks_page_slot_map (GtkWidget *widget)
{
  lks_page_slot_ensure_page (LKS_PAGE_SLOT (widget));
  GTK_WIDGET_CLASS (lks_page_slot_parent_class)->map (widget);
}

static void
lks_page_slot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  LksPageSlot *self = LKS_PAGE_SLOT (object);

  switch ((LksPageSlotProperty) prop_id)
    {
    case PROP_PAGE_TYPE:
      g_value_set_gtype (value, self->page_type);
      break;
    case PROP_PAGE:
      g_value_set_object (value, lks_page_slot_get_page (self));
      break;
    }
}

static void
lks_page_slot_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  LksPageSlot *self = LKS_PAGE_SLOT (object);

  switch ((LksPageSlotProperty) prop_id)
    {
    case PROP_PAGE_TYPE:
      self->page_type = g_value_get_gtype (value);
      break;
    case PROP_PAGE:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
lks_page_slot_class_init (LksPageSlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_page_slot_get_property;
  object_class->set_property = lks_page_slot_set_property;
  GTK_WIDGET_CLASS (klass)->map = lks_page_slot_map;

  properties[PROP_PAGE_TYPE] =
      g_param_spec_gtype ("page-type", NULL, NULL, GTK_TYPE_WIDGET,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PAGE] =
      g_param_spec_object ("page", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_page_slot_init (LksPageSlot *self)
{
}

/**
 * lks_page_slot_get_page:
 * @self: a slot
 *
 * Returns: (transfer none) (nullable): the page, if it has been built
 */
GtkWidget *
lks_page_slot_get_page (LksPageSlot *self)
{
  g_return_val_if_fail (LKS_IS_PAGE_SLOT (self), NULL);

  return adw_bin_get_child (ADW_BIN (self));
}

/**
 * lks_page_slot_ensure_page:
 * @self: a slot
 *
 * Builds the page now if it has not been built yet.
 *
 * Returns: (transfer none): the page
 */
GtkWidget *
lks_page_slot_ensure_page (LksPageSlot *self)
{
  GtkWidget *page = lks_page_slot_get_page (self);

  if (page != NULL)
    return page;

  page = g_object_new (self->page_type, NULL);
  adw_bin_set_child (ADW_BIN (self), page);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAGE]);
  return page;
}
