/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"
#include "lks-cloud-image.h"

G_BEGIN_DECLS

/**
 * LksCloudDeployLook:
 * @group: (owned): a device group
 * @images: (owned) (element-type LksCloudImage): what could be deployed to it
 * @current: (owned) (nullable): what is deployed to it, once it was asked for
 *
 * What must be known before something is deployed. Whoever holds it does not look into it while
 * lks_cloud_deploy_look_run() does.
 */
typedef struct {
  LksCloudScope *group;
  GPtrArray *images;
  LksCloudResource *current;
} LksCloudDeployLook;

LksCloudDeployLook *lks_cloud_deploy_look_new         (const LksCloudScope       *group) G_GNUC_WARN_UNUSED_RESULT;
LksCloudDeployLook *lks_cloud_deploy_look_ref         (LksCloudDeployLook        *self);
void                lks_cloud_deploy_look_unref       (gpointer                   data);

gboolean            lks_cloud_deploy_look_run         (LksCloudClient            *client,
                                                       gpointer                   data,
                                                       GCancellable              *cancellable,
                                                       GError                   **error);

gboolean            lks_cloud_deploy_look_is_deployed (const LksCloudDeployLook  *self,
                                                       const char                *image_id);
void                lks_cloud_deploy_look_add_lost    (const LksCloudDeployLook  *self,
                                                       GStrvBuilder              *names);

G_END_DECLS
