/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-net.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *lks_firewall_hook_to_words (LksFirewallHook         hook);
char       *lks_firewall_rule_to_text  (const LksFirewallRule  *rule) G_GNUC_WARN_UNUSED_RESULT;
JsonNode   *lks_firewall_to_json       (GPtrArray              *rulesets) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
