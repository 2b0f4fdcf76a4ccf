/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-client.h"
#include "lks-cloud-resource.h"
#include "lks-cloud-scope.h"
#include "lks-secret.h"

G_BEGIN_DECLS

/**
 * LksCloudPlacing:
 * @before: (owned) (nullable): ID of the device group where the device was
 * @from: (owned) (nullable): the same in words
 * @to: (owned) (nullable): where it is now, in words
 * @is_same: it was there already
 * @gets_apps: whether the device group gets updates of applications
 * @has_deployment: whether images are deployed to it
 *
 * What came of putting a device into a device group. Initialise with { 0 }.
 */
typedef struct {
  char *before;
  char *from;
  char *to;
  gboolean is_same;
  LksCloudFlag gets_apps;
  LksCloudFlag has_deployment;
} LksCloudPlacing;

LksCloudScope *lks_cloud_device_find_place (LksCloudClient       *client,
                                            const LksCloudScope  *catalog,
                                            const char           *device_id,
                                            GCancellable         *cancellable,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret     *lks_cloud_preparation_fetch (LksCloudClient       *client,
                                            const LksCloudScope  *device,
                                            guint                 capability,
                                            GCancellable         *cancellable,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_cloud_preparation_place (LksCloudClient       *client,
                                            const LksCloudScope  *device,
                                            const char           *product,
                                            const char           *group,
                                            LksCloudPlacing      *out_placing,
                                            GCancellable         *cancellable,
                                            GError              **error);
gboolean       lks_cloud_preparation_return (LksCloudClient      *client,
                                            const LksCloudScope  *device,
                                            const char           *before,
                                            LksCloudPlacing      *out_placing,
                                            GCancellable         *cancellable,
                                            GError              **error);
void           lks_cloud_placing_clear     (LksCloudPlacing      *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksCloudPlacing, lks_cloud_placing_clear)

G_END_DECLS
