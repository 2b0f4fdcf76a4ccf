/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksOsDialog:
 *
 * The list of OS versions that is kept on this computer, and how old it is; fetches another one, or
 * takes it from a file.
 */
#define LKS_TYPE_OS_DIALOG (lks_os_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksOsDialog, lks_os_dialog, LKS, OS_DIALOG, LksCloudDialog)

LksOsDialog *lks_os_dialog_new    (GtkWindow   *parent,
                                   const char  *address);

void         lks_os_dialog_import (LksOsDialog *self,
                                   const char  *path);

G_END_DECLS
