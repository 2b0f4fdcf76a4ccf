/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudDetail:
 *
 * Everything that the cloud tells about one thing.
 */
#define LKS_TYPE_CLOUD_DETAIL (lks_cloud_detail_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudDetail, lks_cloud_detail, LKS, CLOUD_DETAIL, AdwBin)

GtkWidget *lks_cloud_detail_new (LksCloudDesk *desk,
                                 LksCloudItem *item) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
