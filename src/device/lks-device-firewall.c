/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-firewall.h"

#include "lks-device-private.h"

#define PORT_MAX 65535

G_DEFINE_ENUM_TYPE (LksFirewallHook,
                    lks_firewall_hook,
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_PREROUTING, "PREROUTING"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_INPUT, "INPUT"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_FORWARD, "FORWARD"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_OUTPUT, "OUTPUT"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_HOOK_POSTROUTING, "POSTROUTING"))

G_DEFINE_ENUM_TYPE (LksFirewallAction,
                    lks_firewall_action,
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_ACTION_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_ACTION_DROP, "drop"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_ACTION_ACCEPT, "accept"))

G_DEFINE_ENUM_TYPE (LksFirewallState,
                    lks_firewall_state,
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_STATE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_STATE_ESTABLISHED, "established"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_STATE_RELATED, "related"))

G_DEFINE_ENUM_TYPE (LksFirewallProtocol,
                    lks_firewall_protocol,
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_ANY, "any"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_ICMP, "icmp"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_IGMP, "igmp"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_TCP, "tcp"),
                    G_DEFINE_ENUM_VALUE (LKS_FIREWALL_PROTOCOL_UDP, "udp"))

typedef struct
{
  GPtrArray *rulesets;
} Rulesets;

static const LksDeviceShapeField port_range_fields[] = {
  LKS_FIELD (LksPortRange, UINT, "min", min, .max = PORT_MAX),
  LKS_FIELD (LksPortRange, UINT, "max", max, .max = PORT_MAX),
  LKS_FIELD_END,
};
static const LksDeviceShape port_range_record = {
  .size = sizeof (LksPortRange),
  .fields = port_range_fields,
};

static void rule_free (gpointer rule);

#define RULE_TEXT(member, field)                                                                   \
  LKS_FIELD (LksFirewallRule, TEXT, member, field, .is_optional = TRUE)
#define RULE_WORD(member, field, type)                                                             \
  LKS_FIELD_WORD_OF (LksFirewallRule, member, field, type, .is_optional = TRUE)

static const LksDeviceShapeField rule_fields[] = {
  RULE_TEXT ("sourceIP", source_ip),
  RULE_TEXT ("sourceMask", source_mask),
  RULE_TEXT ("destinationIP", destination_ip),
  RULE_TEXT ("destinationMask", destination_mask),
  LKS_FIELD (LksFirewallRule, UINT, "uid", uid, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksFirewallRule, "action", action, lks_firewall_action_get_type),
  RULE_TEXT ("interfaceInName", interface_in),
  RULE_TEXT ("interfaceOutName", interface_out),
  RULE_WORD ("state", state, lks_firewall_state_get_type),
  LKS_FIELD (LksFirewallRule, TEXTS, "tcpMask", tcp_mask, .is_optional = TRUE),
  LKS_FIELD (LksFirewallRule, TEXTS, "tcpCmp", tcp_compare, .is_optional = TRUE),
  LKS_FIELD (LksFirewallRule, FLAG, "tcpInv", is_tcp_inverted, .is_optional = TRUE),
  RULE_WORD ("protocol", protocol, lks_firewall_protocol_get_type),
  LKS_FIELD (LksFirewallRule,
             RECORD,
             "sourcePortRange",
             source_ports,
             .is_optional = TRUE,
             .record = &port_range_record),
  LKS_FIELD (LksFirewallRule,
             RECORD,
             "destinationPortRange",
             destination_ports,
             .is_optional = TRUE,
             .record = &port_range_record),
  LKS_FIELD (LksFirewallRule, UINT64, "packets", packets, .is_optional = TRUE),
  LKS_FIELD (LksFirewallRule, UINT64, "bytes", bytes, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape rule_record = {
  .size = sizeof (LksFirewallRule),
  .free_func = rule_free,
  .fields = rule_fields,
};

static void
rule_free (gpointer rule)
{
  lks_device_shape_free (&rule_record, rule);
}

static void ruleset_free (gpointer ruleset);

static const LksDeviceShapeField ruleset_fields[] = {
  LKS_FIELD_WORD_OF (LksFirewallRuleset, "hook", hook, lks_firewall_hook_get_type),
  LKS_FIELD (LksFirewallRuleset, FLAG, "isValid", is_valid),
  LKS_FIELD (LksFirewallRuleset, LIST, "rules", rules, .record = &rule_record),
  LKS_FIELD_END,
};
static const LksDeviceShape ruleset_record = {
  .size = sizeof (LksFirewallRuleset),
  .free_func = ruleset_free,
  .fields = ruleset_fields,
};

static void
ruleset_free (gpointer ruleset)
{
  lks_device_shape_free (&ruleset_record, ruleset);
}

static void
rulesets_free (gpointer data)
{
  Rulesets *self = data;

  g_ptr_array_unref (self->rulesets);
  g_free (self);
}

static const LksDeviceShapeField rulesets_fields[] = {
  LKS_FIELD (Rulesets, LIST, "rulesets", rulesets, .record = &ruleset_record),
  LKS_FIELD_END,
};
const LksDeviceShape lks_firewall_record = {
  .size = sizeof (Rulesets),
  .free_func = rulesets_free,
  .fields = rulesets_fields,
};

/**
 * lks_device_get_firewall_rulesets:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /net/firewall/rulesets`, REST 4.1.0. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksFirewallRuleset): the rule sets, or NULL with @error
 *   set
 */
GPtrArray *
lks_device_get_firewall_rulesets (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/net/firewall/rulesets",
    .since = LKS_REST_VERSION (4, 1, 0),
  };
  Rulesets answer = { 0 };

  if (!lks_device_call_read (self, &call, &lks_firewall_record, &answer, cancellable, error))
    return NULL;

  return answer.rulesets;
}
