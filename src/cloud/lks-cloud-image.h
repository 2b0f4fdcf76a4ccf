/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-resource.h"

G_BEGIN_DECLS

/**
 * LksCloudImage:
 * @resource: what all have
 * @image_id: (owned) (nullable): GUID of the image
 * @image_name: (owned) (nullable): its name
 * @component_id: (owned) (nullable): GUID of the component
 * @image_type: (owned) (nullable): the service's word, "Applications"
 * @region: (owned) (nullable): "None" or "EU"
 * @description: (owned) (nullable): what people wrote about it
 * @address: (owned) (nullable): where its bytes are, for some hours; whoever has it can read them
 *
 * An image that was uploaded into a catalog, and signed by the service for its devices.
 */
typedef struct {
  LksCloudResource resource;
  char *image_id;
  char *image_name;
  char *component_id;
  char *image_type;
  char *region;
  char *description;
  char *address;
} LksCloudImage;

extern const LksCloudKind lks_cloud_image_kind;

gboolean          lks_cloud_image_list     (LksCloudClient         *client,
                                            const LksCloudScope    *catalog,
                                            LksCloudResourceFunc    func,
                                            gpointer                user_data,
                                            GCancellable           *cancellable,
                                            GError                **error);
gboolean          lks_cloud_image_check    (GBytes                 *image,
                                            GError                **error);
LksCloudResource *lks_cloud_image_upload   (LksCloudClient         *client,
                                            const LksCloudScope    *catalog,
                                            GBytes                 *image,
                                            const char             *region,
                                            GCancellable           *cancellable,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes           *lks_cloud_image_download (LksCloudClient         *client,
                                            const LksCloudScope    *image,
                                            GCancellable           *cancellable,
                                            GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
