/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-cloud-export.h"
#include "lks-cloud-listing.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksCloudExportBar:
 *
 * Writes a list of the service's into a file, and tells how far it is; hidden while there is
 * nothing to tell. Ends when it is taken out of the window.
 */
#define LKS_TYPE_CLOUD_EXPORT_BAR (lks_cloud_export_bar_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudExportBar, lks_cloud_export_bar, LKS, CLOUD_EXPORT_BAR, AdwBin)

/**
 * LksCloudExportWish:
 * @desk: where somebody is signed in
 * @listing: what to list
 * @scope: (nullable): where
 * @search: (nullable): what the rows must contain
 * @format: CSV or JSON
 *
 * What somebody wants to have in a file.
 */
typedef struct {
  LksCloudDesk *desk;
  const LksCloudListing *listing;
  const LksCloudScope *scope;
  const char *search;
  LksCloudExportFormat format;
} LksCloudExportWish;

void lks_cloud_export_bar_ask   (LksCloudExportBar        *self,
                                 const LksCloudExportWish *wish);
void lks_cloud_export_bar_begin (LksCloudExportBar        *self,
                                 const LksCloudExportWish *wish,
                                 GFile                    *file);

G_END_DECLS
