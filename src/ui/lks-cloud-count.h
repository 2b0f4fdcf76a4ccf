/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudCount:
 *
 * How many devices a place of the cloud has, in one line. Nothing is shown for the whole cloud, and
 * for no device group.
 */
#define LKS_TYPE_CLOUD_COUNT (lks_cloud_count_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudCount, lks_cloud_count, LKS, CLOUD_COUNT, AdwBin)

void lks_cloud_count_show (LksCloudCount       *self,
                           LksCloudDesk        *desk,
                           const LksCloudScope *place);

G_END_DECLS
