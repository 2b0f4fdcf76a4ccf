/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudInsight:
 * @resource: what all have; it has no place of its own
 * @device_id: (owned) (nullable): on which device
 * @category: (owned) (nullable): "AppCrash"
 * @event_class: (owned) (nullable): the service's word
 * @event_type: (owned) (nullable): the service's word
 * @description: (owned) (nullable): with exit code, signal and so on
 * @start: (owned) (nullable): since when it was counted, ISO 8601
 * @end: (owned) (nullable): until when, ISO 8601
 * @count: how often, -1 when it was not told
 *
 * What went wrong on a device, as the service collected it.
 */
typedef struct {
  LksCloudResource resource;
  char *device_id;
  char *category;
  char *event_class;
  char *event_type;
  char *description;
  char *start;
  char *end;
  gint64 count;
} LksCloudInsight;

extern const LksCloudKind lks_cloud_insight_kind;

gboolean lks_cloud_insight_list (LksCloudClient         *client,
                                 const LksCloudScope    *catalog,
                                 LksCloudResourceFunc    func,
                                 gpointer                user_data,
                                 GCancellable           *cancellable,
                                 GError                **error);

G_END_DECLS
