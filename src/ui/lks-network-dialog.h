/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-dialog.h"
#include "lks-network-test.h"

G_BEGIN_DECLS

/**
 * LksNetworkDialog:
 *
 * Tests whether the network lets online work through, and says what to do where it does not. Ends
 * its test when it is closed.
 */
#define LKS_TYPE_NETWORK_DIALOG (lks_network_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksNetworkDialog, lks_network_dialog, LKS, NETWORK_DIALOG, LksCloudDialog)

LksNetworkDialog *lks_network_dialog_new (GtkWindow     *parent,
                                          LksCloudTrust *trust,
                                          const char    *sign_in,
                                          const char    *resources,
                                          const char    *legacy);

G_END_DECLS
