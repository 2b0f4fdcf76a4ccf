/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-firewall-text.h"

#include "lks-explanation.h"
#include "lks-json-member-private.h"
#include "lks-words-private.h"

#include <string.h>

#define ANY_UID G_MAXUINT32
#define PORT_MAX 65535

/**
 * lks_firewall_hook_to_words:
 * @hook: where a set of rules is applied
 *
 * Returns: (transfer none): to which traffic it applies, English for gettext
 */
const char *
lks_firewall_hook_to_words (LksFirewallHook hook)
{
  switch (hook)
    {
    case LKS_FIREWALL_HOOK_PREROUTING:
      return N_ ("Everything that arrives");
    case LKS_FIREWALL_HOOK_INPUT:
      return N_ ("To the board");
    case LKS_FIREWALL_HOOK_FORWARD:
      return N_ ("Through the board");
    case LKS_FIREWALL_HOOK_OUTPUT:
      return N_ ("From the board");
    case LKS_FIREWALL_HOOK_POSTROUTING:
      return N_ ("Everything that leaves");
    case LKS_FIREWALL_HOOK_UNKNOWN:
      break;
    }
  return N_ ("Elsewhere");
}

static gboolean
is_any_address (const char *address, const char *mask)
{
  return address == NULL ||
         (g_strcmp0 (address, "0.0.0.0") == 0 && (mask == NULL || strcmp (mask, "0.0.0.0") == 0));
}

/* A range of zeros and one of all ports both mean that ports do not matter. */
static gboolean
is_any_port (const LksPortRange *ports)
{
  return ports->min == 0 && (ports->max == 0 || ports->max == PORT_MAX);
}

/* "from 10.0.0.1/255.0.0.0 port 80–90": one end of what a rule is about. */
static void
add_end (GString *text,
         const char *word,
         const char *address,
         const char *mask,
         const LksPortRange *ports)
{
  gboolean any_address = is_any_address (address, mask);

  if (any_address && is_any_port (ports))
    return;

  g_string_append_printf (text, " %s", word);
  if (!any_address)
    g_string_append_printf (text, " %s", address);
  if (!any_address && mask != NULL && strcmp (mask, "255.255.255.255") != 0)
    g_string_append_printf (text, "/%s", mask);
  if (!is_any_port (ports) && ports->min == ports->max)
    g_string_append_printf (text, " port %u", ports->min);
  else if (!is_any_port (ports))
    g_string_append_printf (text, " port %u–%u", ports->min, ports->max);
}

static void
add_flags (GString *text, const LksFirewallRule *rule)
{
  g_autofree char *mask = NULL;
  g_autofree char *compare = NULL;

  if (rule->tcp_mask == NULL || rule->tcp_mask[0] == NULL)
    return;

  mask = g_strjoinv (",", rule->tcp_mask);
  compare = rule->tcp_compare != NULL ? g_strjoinv (",", rule->tcp_compare) : g_strdup ("");
  g_string_append_printf (text, " %s %s of %s", rule->is_tcp_inverted ? "flags not" : "flags",
                          compare[0] != '\0' ? compare : "none", mask);
}

/**
 * lks_firewall_rule_to_text:
 * @rule: a rule
 *
 * Writes a rule as one line, without what does not restrict it:
 * "accept tcp from 192.168.35.1 to 192.168.35.2 port 443 in azspheresvc".
 *
 * Returns: (transfer full): the line, in the words of firewalls
 */
char *
lks_firewall_rule_to_text (const LksFirewallRule *rule)
{
  GString *text = g_string_new (rule->action_text);

  g_string_append_printf (text, " %s", rule->protocol_text != NULL ? rule->protocol_text : "any");
  add_end (text, "from", rule->source_ip, rule->source_mask, &rule->source_ports);
  add_end (text, "to", rule->destination_ip, rule->destination_mask, &rule->destination_ports);
  if (rule->interface_in != NULL && rule->interface_in[0] != '\0')
    g_string_append_printf (text, " in %s", rule->interface_in);
  if (rule->interface_out != NULL && rule->interface_out[0] != '\0')
    g_string_append_printf (text, " out %s", rule->interface_out);
  if (rule->state_text != NULL && rule->state != LKS_FIREWALL_STATE_NONE)
    g_string_append_printf (text, " if %s", rule->state_text);
  add_flags (text, rule);
  if (rule->uid != ANY_UID)
    g_string_append_printf (text, " uid %u", rule->uid);
  return g_string_free (text, FALSE);
}

static void
add_rule (JsonBuilder *builder, const LksFirewallRule *rule)
{
  g_autofree char *text = lks_firewall_rule_to_text (rule);

  json_builder_begin_object (builder);
  lks_json_add_text (builder, "text", text);
  lks_json_add_text (builder, "action", rule->action_text);
  lks_json_add_text (builder, "protocol", rule->protocol_text);
  lks_json_add_text (builder, "sourceIP", rule->source_ip);
  lks_json_add_text (builder, "sourceMask", rule->source_mask);
  lks_json_add_int (builder, "sourcePortMin", rule->source_ports.min);
  lks_json_add_int (builder, "sourcePortMax", rule->source_ports.max);
  lks_json_add_text (builder, "destinationIP", rule->destination_ip);
  lks_json_add_text (builder, "destinationMask", rule->destination_mask);
  lks_json_add_int (builder, "destinationPortMin", rule->destination_ports.min);
  lks_json_add_int (builder, "destinationPortMax", rule->destination_ports.max);
  lks_json_add_text (builder, "interfaceIn", rule->interface_in);
  lks_json_add_text (builder, "interfaceOut", rule->interface_out);
  lks_json_add_text (builder, "state", rule->state_text);
  lks_json_add_texts (builder, "tcpMask", rule->tcp_mask);
  lks_json_add_texts (builder, "tcpCompare", rule->tcp_compare);
  lks_json_add_flag (builder, "tcpInverted", rule->is_tcp_inverted);
  lks_json_add_int (builder, "uid", rule->uid);
  lks_json_add_int (builder, "packets", (gint64) MIN (rule->packets, (guint64) G_MAXINT64));
  lks_json_add_int (builder, "bytes", (gint64) MIN (rule->bytes, (guint64) G_MAXINT64));
  json_builder_end_object (builder);
}

/**
 * lks_firewall_to_json:
 * @rulesets: (element-type LksFirewallRuleset): a board's sets of rules
 *
 * Returns: (transfer full): an array of objects
 */
JsonNode *
lks_firewall_to_json (GPtrArray *rulesets)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < rulesets->len; i++)
    {
      const LksFirewallRuleset *ruleset = g_ptr_array_index (rulesets, i);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "hook", ruleset->hook_text);
      lks_json_add_flag (builder, "valid", ruleset->is_valid);
      json_builder_set_member_name (builder, "rules");
      json_builder_begin_array (builder);
      for (guint k = 0; k < ruleset->rules->len; k++)
        add_rule (builder, g_ptr_array_index (ruleset->rules, k));
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}
