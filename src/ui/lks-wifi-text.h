/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-wifi-join.h"
#include "lks-wifi-report.h"
#include "lks-wifi-scan.h"

G_BEGIN_DECLS

LksSign lks_sign_for_wifi_radio   (const LksWifiReport   *report);
LksSign lks_sign_for_wifi_network (const LksWifiReport   *report,
                                   const LksWifiNetwork  *network);
LksSign lks_sign_for_wifi_seen    (const LksWifiSeen     *seen);

char   *lks_wifi_radio_to_text    (const LksWifiReport   *report) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_wifi_network_to_text  (const LksWifiReport   *report,
                                   const LksWifiNetwork  *network) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_wifi_seen_to_text     (const LksWifiSeen     *seen) G_GNUC_WARN_UNUSED_RESULT;
char   *lks_wifi_join_to_text     (const LksWifiJoin     *join) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
