/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudDevice:
 * @resource: what all have; its name is the device ID in lower case
 * @device_id: (owned): 128 digits, lower case
 * @chip: (owned) (nullable): "MT3620AN"
 * @os_available: (owned) (nullable): the newest OS version meant for it
 * @os_installed: (owned) (nullable): the OS version it told last
 * @os_updated: (owned) (nullable): when its OS changed, ISO 8601
 * @asked: (owned) (nullable): when it last asked for updates, ISO 8601
 *
 * A device that the catalog owns. Its product and device group are in the resource's scope.
 */
typedef struct {
  LksCloudResource resource;
  char *device_id;
  char *chip;
  char *os_available;
  char *os_installed;
  char *os_updated;
  char *asked;
} LksCloudDevice;

extern const LksCloudKind lks_cloud_device_kind;

gboolean          lks_cloud_device_list        (LksCloudClient         *client,
                                                const LksCloudScope    *scope,
                                                guint                   devices_max,
                                                LksCloudResourceFunc    func,
                                                gpointer                user_data,
                                                GCancellable           *cancellable,
                                                GError                **error);
GHashTable       *lks_cloud_device_locate      (LksCloudClient         *client,
                                                const LksCloudScope    *catalog,
                                                GPtrArray              *device_ids,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope    *lks_cloud_device_find_in     (LksCloudClient         *client,
                                                const LksCloudScope    *catalog,
                                                const char             *device_id,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudScope    *lks_cloud_device_find_owner  (LksCloudClient         *client,
                                                const char             *subscription,
                                                const char             *device_id,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;
LksCloudResource *lks_cloud_device_move        (LksCloudClient         *client,
                                                const LksCloudScope    *device,
                                                const LksCloudScope    *group,
                                                GCancellable           *cancellable,
                                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
