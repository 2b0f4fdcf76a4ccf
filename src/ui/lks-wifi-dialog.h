/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"
#include "lks-secret.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWifiDialog:
 *
 * Asks for everything about a network to add.
 *
 * Signal "apply": the person wants it; ask lks_wifi_dialog_get_request() at once.
 */
#define LKS_TYPE_WIFI_DIALOG (lks_wifi_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksWifiDialog, lks_wifi_dialog, LKS, WIFI_DIALOG, AdwWindow)

LksWifiDialog  *lks_wifi_dialog_new         (GtkWindow          *parent,
                                             const char *const  *cert_ids);
void            lks_wifi_dialog_set_network (LksWifiDialog      *self,
                                             const char         *ssid,
                                             LksWifiSecurity     security);
LksWifiRequest  lks_wifi_dialog_get_request (LksWifiDialog      *self);

G_END_DECLS
