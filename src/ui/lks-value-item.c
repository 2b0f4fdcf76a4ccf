/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-value-item.h"

struct _LksValueItem
{
  GObject parent_instance;

  gpointer value; /* (owned) */
  GDestroyNotify value_free;
};

G_DEFINE_FINAL_TYPE (LksValueItem, lks_value_item, G_TYPE_OBJECT)

static void
lks_value_item_finalize (GObject *object)
{
  LksValueItem *self = LKS_VALUE_ITEM (object);

  self->value_free (self->value);
  G_OBJECT_CLASS (lks_value_item_parent_class)->finalize (object);
}

static void
lks_value_item_class_init (LksValueItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_value_item_finalize;
}

static void
lks_value_item_init (LksValueItem *self)
{
}

/**
 * lks_value_item_append:
 * @store: a list of [class@Lks.ValueItem]
 * @value: (transfer full): a value
 * @value_free: frees it
 *
 * Appends a value to a list.
 */
void
lks_value_item_append (GListStore *store, gpointer value, GDestroyNotify value_free)
{
  g_autoptr (LksValueItem) item = g_object_new (LKS_TYPE_VALUE_ITEM, NULL);

  item->value = value;
  item->value_free = value_free;
  g_list_store_append (store, item);
}

/**
 * lks_value_item_get_value:
 * @self: an item
 *
 * Returns: (transfer none): its value
 */
gconstpointer
lks_value_item_get_value (LksValueItem *self)
{
  g_return_val_if_fail (LKS_IS_VALUE_ITEM (self), NULL);

  return self->value;
}
