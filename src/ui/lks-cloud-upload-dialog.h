/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksCloudUploadDialog:
 *
 * Uploads images into a catalog, after they were inspected. Emits "changed" with each that is
 * there.
 */
#define LKS_TYPE_CLOUD_UPLOAD_DIALOG (lks_cloud_upload_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksCloudUploadDialog, lks_cloud_upload_dialog, LKS, CLOUD_UPLOAD_DIALOG,
                      AdwWindow)

LksCloudUploadDialog *lks_cloud_upload_dialog_new  (GtkWindow            *parent,
                                                    LksCloudDesk         *desk,
                                                    const LksCloudScope  *catalog);

void                  lks_cloud_upload_dialog_load (LksCloudUploadDialog *self,
                                                    const char *const    *paths);

G_END_DECLS
