/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudCatalog:
 * @resource: what all have
 * @tenant_id: (owned) (nullable): GUID of the tenant beneath, which owns the devices
 *
 * A catalog owns devices, for ever.
 */
typedef struct {
  LksCloudResource resource;
  char *tenant_id;
} LksCloudCatalog;

extern const LksCloudKind lks_cloud_catalog_kind;

gboolean          lks_cloud_catalog_list      (LksCloudClient         *client,
                                               const char             *subscription,
                                               const char             *resource_group,
                                               LksCloudResourceFunc    func,
                                               gpointer                user_data,
                                               GCancellable           *cancellable,
                                               GError                **error);
LksCloudScope    *lks_cloud_catalog_find      (LksCloudClient         *client,
                                               const char             *subscription,
                                               const char             *resource_group,
                                               const char             *name,
                                               GCancellable           *cancellable,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_catalog_create    (LksCloudClient         *client,
                                               const LksCloudScope    *scope,
                                               GCancellable           *cancellable,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
