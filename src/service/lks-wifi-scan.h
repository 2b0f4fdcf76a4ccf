/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"
#include "lks-explanation.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksWifiUse:
 * @LKS_WIFI_USE_YES: the board can use it
 * @LKS_WIFI_USE_WITH_CERTIFICATE: with a client certificate in the board's store
 * @LKS_WIFI_USE_BY_NAME: it hides its name, which one must know
 * @LKS_WIFI_USE_NO: its kind of security is none that the board has
 *
 * Whether a board can use a network that it hears. Nicks: "yes", "with-certificate", "by-name",
 * "no".
 */
typedef enum {
  LKS_WIFI_USE_YES,
  LKS_WIFI_USE_WITH_CERTIFICATE,
  LKS_WIFI_USE_BY_NAME,
  LKS_WIFI_USE_NO,
} LksWifiUse;

#define LKS_TYPE_WIFI_USE (lks_wifi_use_get_type ())
GType          lks_wifi_use_get_type (void);

/**
 * LksWifiSeen:
 * @ssid: name of the network, empty when it hides it
 * @security_text: the board's word
 * @signal_dbm: strength of its strongest access point
 * @freq_mhz: frequency of that access point
 * @n_points: how many access points were heard
 *
 * A network in reach of a board: all access points with one name and one kind of security.
 */
typedef struct {
  char *ssid;
  LksWifiSecurity security;
  char *security_text;
  int signal_dbm;
  guint freq_mhz;
  guint n_points;
  LksWifiUse use;
} LksWifiSeen;

LksWifiSeen   *lks_wifi_seen_copy    (const LksWifiSeen  *self) G_GNUC_WARN_UNUSED_RESULT;
void           lks_wifi_seen_free    (LksWifiSeen        *self);
guint          lks_wifi_seen_get_bars (const LksWifiSeen *self);

GPtrArray     *lks_wifi_scan         (LksDevice          *device,
                                      GCancellable       *cancellable,
                                      GError            **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray     *lks_wifi_scan_merge   (GPtrArray          *scans) G_GNUC_WARN_UNUSED_RESULT;
LksExplanation lks_wifi_use_explain  (LksWifiUse          use);
JsonNode      *lks_wifi_scan_to_json (GPtrArray          *seen) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiSeen, lks_wifi_seen_free)

G_END_DECLS
