/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudGroupFacts:
 *
 * What the device group of a device says about its updates and OS versions, as the cloud has it
 * now.
 */
#define LKS_TYPE_CLOUD_GROUP_FACTS (lks_cloud_group_facts_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudGroupFacts, lks_cloud_group_facts, LKS, CLOUD_GROUP_FACTS, AdwBin)

void lks_cloud_group_facts_show (LksCloudGroupFacts  *self,
                                 LksCloudDesk        *desk,
                                 const LksCloudScope *device);

G_END_DECLS
