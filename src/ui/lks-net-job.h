/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"
#include "lks-net-facts.h"

G_BEGIN_DECLS

/**
 * LksNetView:
 * @facts: what decides whether the board is online
 * @interfaces: (element-type LksNetInterface): its interfaces
 * @proxy: (nullable): its web proxy; NULL when its system knows of none
 * @rulesets: (element-type LksFirewallRuleset) (nullable): its firewall; NULL likewise
 *
 * What the page Network reads.
 */
typedef struct {
  LksNetFacts *facts;
  GPtrArray *interfaces;
  LksProxy *proxy;
  GPtrArray *rulesets;
} LksNetView;

LksNetView *lks_net_view_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_net_view_free (gpointer          self);
gboolean    lks_net_view_job  (LksDevice        *device,
                               gpointer          view,
                               GCancellable     *cancellable,
                               GError          **error);

/**
 * LksNetJob:
 *
 * A change of a board's network on its way to the board's worker, with its own copies of the
 * texts; the proxy's password is wiped with it.
 */
typedef struct _LksNetJob LksNetJob;

LksNetJob  *lks_net_job_new_switch       (const char             *name,
                                          gboolean                up) G_GNUC_WARN_UNUSED_RESULT;
LksNetJob  *lks_net_job_new_mac          (const char             *name,
                                          const char             *hardware_address) G_GNUC_WARN_UNUSED_RESULT;
LksNetJob  *lks_net_job_new_proxy        (const LksProxyRequest  *request) G_GNUC_WARN_UNUSED_RESULT;
LksNetJob  *lks_net_job_new_remove_proxy (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_net_job_free             (gpointer                self);
gboolean    lks_net_job_run              (LksDevice              *device,
                                          gpointer                self,
                                          GCancellable           *cancellable,
                                          GError                **error);

G_END_DECLS
