/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"
#include "lks-cloud-item.h"

G_BEGIN_DECLS

/**
 * LksCloudFindDialog:
 *
 * Finds out which of the catalogs of an account owns a device, attached or typed. Emits "found",
 * with the device as a [class@Lks.CloudItem], when the person wants to see it.
 */
#define LKS_TYPE_CLOUD_FIND_DIALOG (lks_cloud_find_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudFindDialog, lks_cloud_find_dialog, LKS, CLOUD_FIND_DIALOG, LksCloudDialog)

LksCloudFindDialog *lks_cloud_find_dialog_new (GtkWindow    *parent,
                                               LksCloudDesk *desk);

G_END_DECLS
