/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksCloudCatalogDialog:
 *
 * Makes a catalog, in a subscription and resource group that the cloud tells, or changes the tags of
 * one. Says which role that needs, and what is wrong with a name or a tag while it is typed. Emits
 * "done" when the service has done it, and closes. For accounts of the Integrated service.
 */
#define LKS_TYPE_CLOUD_CATALOG_DIALOG (lks_cloud_catalog_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudCatalogDialog, lks_cloud_catalog_dialog, LKS, CLOUD_CATALOG_DIALOG, LksCloudDialog)

LksCloudCatalogDialog *lks_cloud_catalog_dialog_new_to_create (GtkWindow           *parent,
                                                               LksCloudDesk        *desk);
LksCloudCatalogDialog *lks_cloud_catalog_dialog_new_to_change (GtkWindow           *parent,
                                                               LksCloudDesk        *desk,
                                                               const LksCloudScope *catalog);

G_END_DECLS
