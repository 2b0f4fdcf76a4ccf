/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudProduct:
 * @resource: what all have
 * @description: (owned) (nullable): what people wrote about it
 *
 * A product has device groups.
 */
typedef struct {
  LksCloudResource resource;
  char *description;
} LksCloudProduct;

extern const LksCloudKind lks_cloud_product_kind;

gboolean          lks_cloud_product_list        (LksCloudClient         *client,
                                                 const LksCloudScope    *catalog,
                                                 LksCloudResourceFunc    func,
                                                 gpointer                user_data,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
LksCloudResource *lks_cloud_product_create      (LksCloudClient         *client,
                                                 const LksCloudScope    *scope,
                                                 const char             *description,
                                                 GCancellable           *cancellable,
                                                 GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_product_update      (LksCloudClient         *client,
                                                 const LksCloudScope    *scope,
                                                 const char             *description,
                                                 GCancellable           *cancellable,
                                                 GError                **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          lks_cloud_product_make_groups (LksCloudClient         *client,
                                                 const LksCloudScope    *scope,
                                                 LksCloudResourceFunc    func,
                                                 gpointer                user_data,
                                                 GCancellable           *cancellable,
                                                 GError                **error);

G_END_DECLS
