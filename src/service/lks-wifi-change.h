/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"

G_BEGIN_DECLS

gboolean lks_wifi_set_enabled      (LksDevice     *device,
                                    int            network_id,
                                    gboolean       enabled,
                                    GCancellable  *cancellable,
                                    GError       **error);
gboolean lks_wifi_set_key          (LksDevice     *device,
                                    int            network_id,
                                    const char    *psk,
                                    GCancellable  *cancellable,
                                    GError       **error);
gboolean lks_wifi_forget           (LksDevice     *device,
                                    int            network_id,
                                    GCancellable  *cancellable,
                                    GError       **error);
gboolean lks_wifi_reload           (LksDevice     *device,
                                    GCancellable  *cancellable,
                                    GError       **error);
gboolean lks_wifi_set_power_saving (LksDevice     *device,
                                    gboolean       enabled,
                                    GCancellable  *cancellable,
                                    GError       **error);

G_END_DECLS
