/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudSiteRows:
 *
 * Where a person chooses a subscription and a resource group in it, as the cloud tells them. The
 * signal "changed" says that the choice is another one.
 */
#define LKS_TYPE_CLOUD_SITE_ROWS (lks_cloud_site_rows_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudSiteRows, lks_cloud_site_rows, LKS, CLOUD_SITE_ROWS, AdwBin)

void        lks_cloud_site_rows_set_desk         (LksCloudSiteRows  *self,
                                                  LksCloudDesk      *desk);
const char *lks_cloud_site_rows_get_subscription (LksCloudSiteRows  *self);
const char *lks_cloud_site_rows_get_group        (LksCloudSiteRows  *self);

G_END_DECLS
