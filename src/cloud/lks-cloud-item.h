/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudItem:
 *
 * Something of the service's as an item of a list model. Immutable.
 */
#define LKS_TYPE_CLOUD_ITEM (lks_cloud_item_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudItem, lks_cloud_item, LKS, CLOUD_ITEM, GObject)

LksCloudItem           *lks_cloud_item_new          (LksCloudResource       *resource) G_GNUC_WARN_UNUSED_RESULT;

const LksCloudResource *lks_cloud_item_get_resource (LksCloudItem           *self);

gboolean                lks_cloud_resource_matches  (const LksCloudResource *self,
                                                     const char             *folded);

G_END_DECLS
