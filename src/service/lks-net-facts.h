/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"
#include "lks-device-wifi.h"
#include "lks-wifi-report.h"

G_BEGIN_DECLS

/**
 * LksNetFacts:
 * @is_refused: the board is locked and tells only what is open to everybody
 * @knows_wifi: the six that follow were read
 * @n_enabled: how many stored networks the board may use
 * @ssid: (nullable): while associated
 * @has_failure: the newest failure of an enabled network; @has_cert_error: with a certificate
 * @knows_interfaces: the four that follow were read
 * @has_cable: an Ethernet interface is connected
 * @address: (nullable): the first address of an interface that leads outside
 * @knows_status: the three that follow were read
 *
 * What decides whether a board is online.
 */
typedef struct {
  gboolean is_refused;

  gboolean knows_wifi;
  gboolean is_radio_off;
  guint n_networks;
  guint n_enabled;
  gboolean is_associated;
  LksWifiWpaState wpa_state;
  char *ssid;
  gboolean has_failure;
  LksWifiFailureReason failure;
  gboolean has_cert_error;
  LksWifiCertError cert_error;

  gboolean knows_interfaces;
  gboolean has_cable;
  gboolean has_address;
  char *address;
  gboolean has_internet;

  gboolean knows_status;
  LksTimeSync time_sync;
  gboolean is_authenticated;
  LksProxyState proxy;
} LksNetFacts;

LksNetFacts *lks_net_facts_read            (LksDevice             *device,
                                            GCancellable          *cancellable,
                                            GError               **error) G_GNUC_WARN_UNUSED_RESULT;
void         lks_net_facts_free            (LksNetFacts           *self);

void         lks_net_facts_take_wifi       (LksNetFacts           *self,
                                            const LksWifiReport   *report);
void         lks_net_facts_take_interfaces (LksNetFacts           *self,
                                            GPtrArray             *interfaces);
void         lks_net_facts_take_status     (LksNetFacts           *self,
                                            const LksNetStatus    *status);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksNetFacts, lks_net_facts_free)

G_END_DECLS
