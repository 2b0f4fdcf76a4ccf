/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksValueItem:
 *
 * A value of a room that knows no objects, as an item of a list model; immutable.
 */
#define LKS_TYPE_VALUE_ITEM (lks_value_item_get_type ())
G_DECLARE_FINAL_TYPE (LksValueItem, lks_value_item, LKS, VALUE_ITEM, GObject)

void          lks_value_item_append    (GListStore      *store,
                                        gpointer         value,
                                        GDestroyNotify   value_free);
gconstpointer lks_value_item_get_value (LksValueItem    *self);

G_END_DECLS
