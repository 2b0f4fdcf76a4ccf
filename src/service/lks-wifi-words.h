/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"
#include "lks-explanation.h"

G_BEGIN_DECLS

LksExplanation lks_wifi_failure_explain      (LksWifiFailureReason    reason);
LksExplanation lks_wifi_cert_error_explain   (LksWifiCertError        cert_error);
LksExplanation lks_wifi_wpa_state_explain    (LksWifiWpaState         state);
const char    *lks_wifi_security_to_words    (LksWifiSecurity         security);
const char    *lks_wifi_config_state_to_words (LksWifiConfigState     state);

gboolean       lks_board_time_parse          (const char             *text,
                                              gint64                 *out_unix_s);
gboolean       lks_board_time_is_unset       (gint64                  unix_s);

G_END_DECLS
