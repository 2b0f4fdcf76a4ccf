/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LksCloudNameKind:
 * @LKS_CLOUD_NAME_RESOURCE_GROUP: of the subscription
 * @LKS_CLOUD_NAME_CATALOG: a catalog
 * @LKS_CLOUD_NAME_PRODUCT: a product
 * @LKS_CLOUD_NAME_GROUP: a device group
 *
 * What a name is for.
 */
typedef enum {
  LKS_CLOUD_NAME_RESOURCE_GROUP,
  LKS_CLOUD_NAME_CATALOG,
  LKS_CLOUD_NAME_PRODUCT,
  LKS_CLOUD_NAME_GROUP,
} LksCloudNameKind;

gboolean lks_cloud_name_check (LksCloudNameKind   kind,
                               const char        *name,
                               GError           **error);

G_END_DECLS
