/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-wifi.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksWifiOutcome:
 * @LKS_WIFI_OUTCOME_CONNECTED: the board is connected by this network
 * @LKS_WIFI_OUTCOME_FAILED: the board names a failure
 * @LKS_WIFI_OUTCOME_ELSEWHERE: the board stays with another network and does not try this one
 * @LKS_WIFI_OUTCOME_NOT_ENABLED: the network is stored but not used
 * @LKS_WIFI_OUTCOME_OVERDUE: neither came within the time
 *
 * What became of a network. Nicks: "connected", "failed", "elsewhere", "not-enabled", "overdue".
 */
typedef enum {
  LKS_WIFI_OUTCOME_CONNECTED,
  LKS_WIFI_OUTCOME_FAILED,
  LKS_WIFI_OUTCOME_ELSEWHERE,
  LKS_WIFI_OUTCOME_NOT_ENABLED,
  LKS_WIFI_OUTCOME_OVERDUE,
} LksWifiOutcome;

#define LKS_TYPE_WIFI_OUTCOME (lks_wifi_outcome_get_type ())
GType        lks_wifi_outcome_get_type (void);

/**
 * LksWifiPatience:
 * @limit_ms: the longest time to wait
 * @grace_ms: how long a failure that may pass, or another connection, is watched before it counts
 * @interval_ms: from one look to the next
 *
 * How long to wait for a connection.
 */
typedef struct {
  guint limit_ms;
  guint grace_ms;
  guint interval_ms;
} LksWifiPatience;

/* A board looks for a network for some seconds and tries several times. */
#define LKS_WIFI_PATIENCE_DEFAULT ((LksWifiPatience) { 45000, 10000, 500 })

/**
 * LksWifiJoin:
 * @network: the network as it was seen last
 * @failure: (nullable): with %LKS_WIFI_OUTCOME_FAILED
 * @other_ssid: (nullable): with %LKS_WIFI_OUTCOME_ELSEWHERE
 * @waited_ms: how long it took
 *
 * What became of a network.
 */
typedef struct {
  LksWifiOutcome outcome;
  LksWifiNetwork *network;
  LksWifiFailure *failure;
  char *other_ssid;
  guint waited_ms;
} LksWifiJoin;

/* Called on the worker thread whenever the radio does something else. */
typedef void (*LksWifiProgress) (LksWifiWpaState  state,
                                 gpointer         user_data);

void         lks_wifi_join_free    (LksWifiJoin            *self);
JsonNode    *lks_wifi_join_to_json (const LksWifiJoin      *self) G_GNUC_WARN_UNUSED_RESULT;

LksWifiJoin *lks_wifi_wait         (LksDevice              *device,
                                    int                     network_id,
                                    GPtrArray              *known_failures,
                                    const LksWifiPatience  *patience,
                                    LksWifiProgress         progress,
                                    gpointer                progress_data,
                                    GCancellable           *cancellable,
                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiJoin, lks_wifi_join_free)

G_END_DECLS
