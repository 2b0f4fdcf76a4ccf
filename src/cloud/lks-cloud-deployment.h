/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/* Names the newest one of a device group. */
#define LKS_CLOUD_DEPLOYMENT_CURRENT ".default"

/**
 * LksCloudDeployment:
 * @resource: what all have
 * @deployment_id: (owned) (nullable): its GUID
 * @date: (owned) (nullable): when it was made, ISO 8601
 * @image_ids: (owned) (nullable): GUIDs of its images
 * @image_names: (owned) (nullable): their names, as far as they were told
 * @is_current: lks_cloud_deployment_list_history() found that it is the one in force
 *
 * The images that the devices of a group shall have. The newest one counts; older ones remain as
 * history.
 */
typedef struct {
  LksCloudResource resource;
  char *deployment_id;
  char *date;
  char **image_ids;
  char **image_names;
  gboolean is_current;
} LksCloudDeployment;

extern const LksCloudKind lks_cloud_deployment_kind;

char             *lks_cloud_deployment_dup_images
                                              (const LksCloudDeployment *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean          lks_cloud_deployment_list   (LksCloudClient         *client,
                                               const LksCloudScope    *scope,
                                               LksCloudResourceFunc    func,
                                               gpointer                user_data,
                                               GCancellable           *cancellable,
                                               GError                **error);
gboolean          lks_cloud_deployment_list_history
                                              (LksCloudClient         *client,
                                               const LksCloudScope    *group,
                                               LksCloudResourceFunc    func,
                                               gpointer                user_data,
                                               GCancellable           *cancellable,
                                               GError                **error);
gboolean          lks_cloud_deployment_get_current
                                              (LksCloudClient         *client,
                                               const LksCloudScope    *group,
                                               LksCloudResource      **out_deployment,
                                               GCancellable           *cancellable,
                                               GError                **error);
LksCloudResource *lks_cloud_deployment_create (LksCloudClient         *client,
                                               const LksCloudScope    *group,
                                               const char *const      *image_ids,
                                               GCancellable           *cancellable,
                                               GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
