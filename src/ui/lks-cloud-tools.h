/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-listing.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudTools:
 *
 * What can be done at a place of the cloud: make something new there, claim devices, change or
 * delete the place itself. Emits "changed" when what is listed there changed, and "place-changed"
 * when the place itself did; its parameter says that it is gone. Emits "found" with a device that
 * somebody looked for and wants to see.
 */
#define LKS_TYPE_CLOUD_TOOLS (lks_cloud_tools_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudTools, lks_cloud_tools, LKS, CLOUD_TOOLS, AdwBin)

void lks_cloud_tools_set_place   (LksCloudTools         *self,
                                  LksCloudDesk          *desk,
                                  const LksCloudScope   *scope);
void lks_cloud_tools_set_listing (LksCloudTools         *self,
                                  const LksCloudListing *listing);

G_END_DECLS
