/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-lamps.h"

G_BEGIN_DECLS

LksSign     lks_sign_for_lamp              (const LksLamp           *lamp);
char       *lks_lamp_to_text               (const LksLamp           *lamp) G_GNUC_WARN_UNUSED_RESULT;

LksSign     lks_sign_for_net_interface     (const LksNetInterface   *self);
char       *lks_net_interface_to_text      (const LksNetInterface   *self) G_GNUC_WARN_UNUSED_RESULT;

LksSign     lks_sign_for_proxy             (const LksProxy          *proxy,
                                            const LksNetFacts       *facts);
char       *lks_proxy_to_text              (const LksProxy          *proxy) G_GNUC_WARN_UNUSED_RESULT;

char       *lks_firewall_counters_to_text  (const LksFirewallRuleset *ruleset,
                                            const LksFirewallRule    *rule) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
