/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudGroup:
 * @resource: what all have
 * @description: (owned) (nullable): what people wrote about it
 * @os_feed: (owned) (nullable): "Retail", or "RetailEval" for OS versions two weeks early
 * @update_policy: (owned) (nullable): "UpdateAll", or "No3rdPartyAppUpdates" for the OS alone
 * @crash_dumps: (owned) (nullable): "Enabled" or "Disabled"
 * @region: (owned) (nullable): "None" or "EU": where its data may lie
 * @has_deployment: whether images are deployed to it
 *
 * A device group: what its devices get from the cloud.
 */
typedef struct {
  LksCloudResource resource;
  char *description;
  char *os_feed;
  char *update_policy;
  char *crash_dumps;
  char *region;
  LksCloudFlag has_deployment;
} LksCloudGroup;

/**
 * LksCloudGroupSettings:
 * @description: (nullable): what to say about it
 * @os_feed: (nullable): as in [struct@Lks.CloudGroup]
 * @update_policy: (nullable): as there
 * @crash_dumps: (nullable): as there
 * @region: (nullable): as there
 *
 * What is to be set; NULL leaves a setting as it is, or at the service's default.
 */
typedef struct {
  const char *description;
  const char *os_feed;
  const char *update_policy;
  const char *crash_dumps;
  const char *region;
} LksCloudGroupSettings;

extern const LksCloudKind lks_cloud_group_kind;

LksCloudFlag      lks_cloud_group_gets_apps    (const LksCloudGroup          *self);

gboolean          lks_cloud_group_list         (LksCloudClient               *client,
                                                const LksCloudScope          *scope,
                                                const char                   *name,
                                                LksCloudResourceFunc          func,
                                                gpointer                      user_data,
                                                GCancellable                 *cancellable,
                                                GError                      **error);
LksCloudResource *lks_cloud_group_create       (LksCloudClient               *client,
                                                const LksCloudScope          *scope,
                                                const LksCloudGroupSettings  *settings,
                                                GCancellable                 *cancellable,
                                                GError                      **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_group_update       (LksCloudClient               *client,
                                                const LksCloudScope          *scope,
                                                const LksCloudGroupSettings  *settings,
                                                GCancellable                 *cancellable,
                                                GError                      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
