/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksCloudEditDialog:
 *
 * Makes a product or a device group, or changes one. Says which role that needs, and what is wrong
 * with a name while it is typed. Emits "done" when the service has done it, and closes.
 */
#define LKS_TYPE_CLOUD_EDIT_DIALOG (lks_cloud_edit_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudEditDialog, lks_cloud_edit_dialog, LKS, CLOUD_EDIT_DIALOG, LksCloudDialog)

LksCloudEditDialog *lks_cloud_edit_dialog_new_to_create (GtkWindow           *parent,
                                                         LksCloudDesk        *desk,
                                                         const LksCloudScope *place);
LksCloudEditDialog *lks_cloud_edit_dialog_new_to_change (GtkWindow           *parent,
                                                         LksCloudDesk        *desk,
                                                         const LksCloudScope *place);

G_END_DECLS
