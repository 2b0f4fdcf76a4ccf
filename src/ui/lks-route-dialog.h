/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"

G_BEGIN_DECLS

/**
 * LksRouteDialog:
 *
 * Packs what a day without a network needs: for attached, typed or listed devices the capabilities,
 * images, the list of OS versions; and tells whether one is ready to leave, also without a network
 * and without anybody who is signed in. Closing it ends the work; what was fetched stays.
 */
#define LKS_TYPE_ROUTE_DIALOG (lks_route_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksRouteDialog, lks_route_dialog, LKS, ROUTE_DIALOG, LksCloudDialog)

LksRouteDialog *lks_route_dialog_new (GtkWindow     *parent,
                                      LksCloudDesk  *desk,
                                      const char    *folder,
                                      const char    *os_address);

G_END_DECLS
