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

/**
 * LksCloudNameFlaw:
 * @LKS_CLOUD_NAME_GOOD: nothing
 * @LKS_CLOUD_NAME_SHORT: it has too few characters
 * @LKS_CLOUD_NAME_LONG: it has too many
 * @LKS_CLOUD_NAME_CHARACTER: it has a character that no such name may have
 * @LKS_CLOUD_NAME_EDGE: it begins or ends with a character that may only be inside
 *
 * What is wrong with a name.
 */
typedef enum {
  LKS_CLOUD_NAME_GOOD,
  LKS_CLOUD_NAME_SHORT,
  LKS_CLOUD_NAME_LONG,
  LKS_CLOUD_NAME_CHARACTER,
  LKS_CLOUD_NAME_EDGE,
} LksCloudNameFlaw;

LksCloudNameFlaw lks_cloud_name_judge      (LksCloudNameKind   kind,
                                            const char        *name);
void             lks_cloud_name_get_bounds (LksCloudNameKind   kind,
                                            guint             *out_min,
                                            guint             *out_max);
gboolean         lks_cloud_name_check      (LksCloudNameKind   kind,
                                            const char        *name,
                                            GError           **error);

G_END_DECLS
