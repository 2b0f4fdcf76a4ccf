/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudCatalog:
 * @resource: what all have
 * @tenant_id: (owned) (nullable): GUID of the tenant beneath, which owns the devices
 * @tag_list: (owned): NAME=VALUE of each tag, to be shown
 * @tags: (owned) (element-type utf8 utf8): the tags as they are
 *
 * A catalog owns devices, for ever.
 */
typedef struct {
  LksCloudResource resource;
  char *tenant_id;
  char **tag_list;
  GHashTable *tags;
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
                                               GHashTable             *tags,
                                               GCancellable           *cancellable,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_catalog_update    (LksCloudClient         *client,
                                               const LksCloudScope    *scope,
                                               GHashTable             *tags,
                                               GCancellable           *cancellable,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
