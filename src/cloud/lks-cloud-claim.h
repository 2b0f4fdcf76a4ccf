/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudClaimResult:
 * @device_id: which device
 * @place: (nullable): where it is in the catalog, NULL when it is not
 * @was_there: the catalog owned it before
 * @is_unknown: without a @place: the service may have claimed it all the same; to claim it again
 *   finds out
 * @error: (nullable): why it is not in the catalog, or why nobody knows
 *
 * What became of one device.
 */
typedef struct {
  const char *device_id;
  const LksCloudScope *place;
  gboolean was_there;
  gboolean is_unknown;
  const GError *error;
} LksCloudClaimResult;

/**
 * LksCloudClaimFunc:
 * @result: what became of a device
 * @user_data: as given
 *
 * Takes the results as they come.
 *
 * Returns: FALSE when no further device may be claimed, with @error set
 */
typedef gboolean (*LksCloudClaimFunc) (const LksCloudClaimResult  *result,
                                       gpointer                    user_data,
                                       GError                    **error);

gboolean lks_cloud_claim (LksCloudClient       *client,
                          const LksCloudScope  *group,
                          GPtrArray            *device_ids,
                          GHashTable           *places,
                          LksCloudClaimFunc     func,
                          gpointer              user_data,
                          GCancellable         *cancellable,
                          GError              **error);

G_END_DECLS
