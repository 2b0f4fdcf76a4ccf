/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudSubscription:
 * @resource: what all have; it has no place
 * @id: (owned): its GUID
 * @title: (owned) (nullable): what people call it
 * @status: (owned) (nullable): the service's word for whether it can be used, "Enabled"
 *
 * What catalogs are paid for by, and in which they are.
 */
typedef struct {
  LksCloudResource resource;
  char *id;
  char *title;
  char *status;
} LksCloudSubscription;

extern const LksCloudKind lks_cloud_subscription_kind;

/**
 * LksCloudResourceGroup:
 * @resource: what all have; it has no place
 * @title: (owned): its name
 *
 * Where in a subscription catalogs are.
 */
typedef struct {
  LksCloudResource resource;
  char *title;
} LksCloudResourceGroup;

extern const LksCloudKind lks_cloud_resource_group_kind;

gboolean lks_cloud_subscription_list   (LksCloudClient        *client,
                                        LksCloudResourceFunc   func,
                                        gpointer               user_data,
                                        GCancellable          *cancellable,
                                        GError               **error);
gboolean lks_cloud_resource_group_list (LksCloudClient        *client,
                                        const char            *subscription,
                                        LksCloudResourceFunc   func,
                                        gpointer               user_data,
                                        GCancellable          *cancellable,
                                        GError               **error);

G_END_DECLS
