/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudHome:
 *
 * The page of the cloud: who is signed in, and what that account sees. The keyring is looked into
 * when the page is first shown. Property: "can-go-back".
 */
#define LKS_TYPE_CLOUD_HOME (lks_cloud_home_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudHome, lks_cloud_home, LKS, CLOUD_HOME, AdwBin)

void          lks_cloud_home_set_settings (LksCloudHome *self,
                                           GSettings    *settings);
LksCloudDesk *lks_cloud_home_get_desk     (LksCloudHome *self);
void          lks_cloud_home_go_back      (LksCloudHome *self);
void          lks_cloud_home_refresh      (LksCloudHome *self);
void          lks_cloud_home_show_search  (LksCloudHome *self);

G_END_DECLS
