/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-place.h"

G_BEGIN_DECLS

/**
 * LksCloudAction:
 * @LKS_CLOUD_ACTION_LOOK: lists, single things, counts
 * @LKS_CLOUD_ACTION_LIST_DEPLOYMENTS: the deployments of a whole catalog
 * @LKS_CLOUD_ACTION_PUBLISH: upload an image
 * @LKS_CLOUD_ACTION_PROVE: proof of possession of a catalog's certificate
 * @LKS_CLOUD_ACTION_CHANGE: make, change or delete catalogs, products, groups, images
 * @LKS_CLOUD_ACTION_CLAIM: claim devices
 * @LKS_CLOUD_ACTION_MOVE: put a device into another device group
 * @LKS_CLOUD_ACTION_CAPABILITY: make a capability file
 * @LKS_CLOUD_ACTION_DEPLOY: deploy images to a device group
 *
 * What somebody may want to do, as far as roles tell it apart.
 */
typedef enum {
  LKS_CLOUD_ACTION_LOOK,
  LKS_CLOUD_ACTION_LIST_DEPLOYMENTS,
  LKS_CLOUD_ACTION_PUBLISH,
  LKS_CLOUD_ACTION_PROVE,
  LKS_CLOUD_ACTION_CHANGE,
  LKS_CLOUD_ACTION_CLAIM,
  LKS_CLOUD_ACTION_MOVE,
  LKS_CLOUD_ACTION_CAPABILITY,
  LKS_CLOUD_ACTION_DEPLOY,
} LksCloudAction;

const char *lks_cloud_action_get_role (LksCloudAction  action,
                                       LksCloudService service);

G_END_DECLS
