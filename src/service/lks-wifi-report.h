/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksWifiReport:
 * @radio: what the radio does
 * @is_radio_off: wlan0 is down: the board tells neither networks nor failures then
 * @networks: (element-type LksWifiNetwork): the stored networks; empty when @is_radio_off
 * @failures: (element-type LksWifiFailure): the last failure of each; empty when @is_radio_off
 *
 * Everything a board tells about its Wi-Fi.
 */
typedef struct {
  LksWifiInterface *radio;
  gboolean is_radio_off;
  GPtrArray *networks;
  GPtrArray *failures;
} LksWifiReport;

LksWifiReport        *lks_wifi_report_read         (LksDevice             *device,
                                                    GCancellable          *cancellable,
                                                    GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void                  lks_wifi_report_free         (LksWifiReport         *self);
const LksWifiFailure *lks_wifi_report_find_failure (const LksWifiReport   *self,
                                                    int                    network_id);

JsonNode             *lks_wifi_radio_to_json       (const LksWifiReport   *report) G_GNUC_WARN_UNUSED_RESULT;
JsonNode             *lks_wifi_network_to_json     (const LksWifiNetwork  *network) G_GNUC_WARN_UNUSED_RESULT;
JsonNode             *lks_wifi_networks_to_json    (const LksWifiReport   *report) G_GNUC_WARN_UNUSED_RESULT;
JsonNode             *lks_wifi_failure_to_json     (const LksWifiFailure  *failure) G_GNUC_WARN_UNUSED_RESULT;
JsonNode             *lks_wifi_failures_to_json    (const LksWifiReport   *report) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiReport, lks_wifi_report_free)

G_END_DECLS
