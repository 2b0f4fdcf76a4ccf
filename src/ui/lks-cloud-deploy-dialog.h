/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksCloudDeployDialog:
 *
 * Deploys images of the catalog to a device group, and says before what that replaces. Emits "done"
 * when the service has done it, and closes.
 */
#define LKS_TYPE_CLOUD_DEPLOY_DIALOG (lks_cloud_deploy_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudDeployDialog, lks_cloud_deploy_dialog, LKS, CLOUD_DEPLOY_DIALOG,
                      AdwWindow)

LksCloudDeployDialog *lks_cloud_deploy_dialog_new (GtkWindow           *parent,
                                                   LksCloudDesk        *desk,
                                                   const LksCloudScope *group);

G_END_DECLS
