/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudBrowser:
 *
 * The way through the cloud: catalogs, products, device groups, devices, each as a view on a stack,
 * with the names of the way above it. Property: "depth", how many views there are.
 */
#define LKS_TYPE_CLOUD_BROWSER (lks_cloud_browser_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudBrowser, lks_cloud_browser, LKS, CLOUD_BROWSER, AdwBin)

void lks_cloud_browser_begin       (LksCloudBrowser *self,
                                    LksCloudDesk    *desk);
void lks_cloud_browser_end         (LksCloudBrowser *self);
void lks_cloud_browser_go_back     (LksCloudBrowser *self);
void lks_cloud_browser_refresh     (LksCloudBrowser *self);
void lks_cloud_browser_show_search (LksCloudBrowser *self);

G_END_DECLS
