/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudArrivalView:
 *
 * Why an application does not arrive on a device: what must be true for it, and the images that the
 * device shall have beside those that it has, when its board is attached.
 */
#define LKS_TYPE_CLOUD_ARRIVAL_VIEW (lks_cloud_arrival_view_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudArrivalView, lks_cloud_arrival_view, LKS, CLOUD_ARRIVAL_VIEW, AdwBin)

void lks_cloud_arrival_view_set_device (LksCloudArrivalView *self,
                                        LksCloudDesk        *desk,
                                        const LksCloudScope *place,
                                        const char          *device_id);

G_END_DECLS
