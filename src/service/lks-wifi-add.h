/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"

G_BEGIN_DECLS

gboolean        lks_wifi_check_key     (const char            *psk,
                                        GError               **error);
gboolean        lks_wifi_check_request (const LksWifiRequest  *request,
                                        GError               **error);
LksWifiNetwork *lks_wifi_add           (LksDevice             *device,
                                        const LksWifiRequest  *request,
                                        gboolean               again,
                                        GCancellable          *cancellable,
                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;
LksWifiNetwork *lks_wifi_find          (LksDevice             *device,
                                        const char            *number_or_ssid,
                                        GCancellable          *cancellable,
                                        GError               **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
