/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-status.h"
#include "lks-cloud-deployment.h"

G_BEGIN_DECLS

/**
 * LksTargetMatch:
 * @LKS_TARGET_MATCH_UNKNOWN: the device shall have it; what it has is not known
 * @LKS_TARGET_MATCH_INSTALLED: the device shall have it, and has it
 * @LKS_TARGET_MATCH_MISSING: the device shall have it, and has it not yet
 * @LKS_TARGET_MATCH_OTHER: an application that the device has and that is not deployed
 *
 * How what a device has fits to what it shall have. Nicks: "unknown", "installed", "missing",
 * "not-deployed".
 */
typedef enum {
  LKS_TARGET_MATCH_UNKNOWN,
  LKS_TARGET_MATCH_INSTALLED,
  LKS_TARGET_MATCH_MISSING,
  LKS_TARGET_MATCH_OTHER,
} LksTargetMatch;

#define LKS_TYPE_TARGET_MATCH (lks_target_match_get_type ())
GType lks_target_match_get_type (void);

/**
 * LksTargetImage:
 * @name: (owned) (nullable): its name, NULL when nobody tells one
 * @image_id: (owned) (nullable): its GUID
 * @match: what is known of it
 *
 * An image that a device shall have, or has.
 */
typedef struct {
  char *name;
  char *image_id;
  LksTargetMatch match;
} LksTargetImage;

GPtrArray *lks_target_images_compare (const LksCloudDeployment  *deployment,
                                      const LksBoardStatus      *status) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
