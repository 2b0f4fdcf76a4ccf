/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-text.h"

#include "lks-firewall-text.h"
#include "lks-net-interface.h"
#include "lks-proxy-change.h"
#include "lks-service-row.h"

#include <glib/gi18n-lib.h>

/* The sentences of the servicing room; an empty one must not become the catalogue's header. */
static const char *
translate (const char *text)
{
  return text[0] != '\0' ? _ (text) : "";
}

/**
 * lks_sign_for_lamp:
 * @lamp: a lamp
 *
 * Returns: its state: each has a shape, a word and a tone of its own
 */
LksSign
lks_sign_for_lamp (const LksLamp *lamp)
{
  switch (lamp->state)
    {
    case LKS_LAMP_STATE_ON:
      /* Translators: state of a lamp */
      return (LksSign){ "lks-pass-symbolic", _ ("On"), "", LKS_TONE_GOOD };
    case LKS_LAMP_STATE_WAITING:
      return (LksSign){ "lks-pending-symbolic", _ ("Waiting"), "", LKS_TONE_NOTICE };
    case LKS_LAMP_STATE_FAULT:
      return (LksSign){ "lks-fail-symbolic", _ ("Fault"), "", LKS_TONE_BAD };
    case LKS_LAMP_STATE_OFF:
      /* Translators: state of a lamp */
      return (LksSign){ "lks-skipped-symbolic", _ ("Off"), "", LKS_TONE_PLAIN };
    case LKS_LAMP_STATE_UNKNOWN:
      break;
    }
  return (LksSign){ "lks-unknown-symbolic", _ ("Not told"), "", LKS_TONE_PLAIN };
}

/**
 * lks_lamp_to_text:
 * @lamp: a lamp
 *
 * Returns: (transfer full): name or address, why it is so, and what to do next
 */
char *
lks_lamp_to_text (const LksLamp *lamp)
{
  g_autofree char *why =
      lks_service_row_join (" ", translate (lamp->reason), translate (lamp->advice), NULL);

  return lks_service_row_join ("\n", why, lamp->detail != NULL ? lamp->detail : "", NULL);
}

/**
 * lks_sign_for_net_interface:
 * @self: an interface
 *
 * Returns: its state in a word
 */
LksSign
lks_sign_for_net_interface (const LksNetInterface *self)
{
  LksNetInterfaceKind kind = lks_net_interface_get_kind (self->name);

  if (!self->is_up)
    return (LksSign){ "lks-skipped-symbolic", _ ("Down"), "", LKS_TONE_PLAIN };
  if (kind == LKS_NET_INTERFACE_KIND_LOOPBACK || kind == LKS_NET_INTERFACE_KIND_SERVICE)
    return (LksSign){ "lks-pass-symbolic", _ ("Up"), "", LKS_TONE_PLAIN };
  if (self->is_connected_to_internet)
    return (LksSign){ "lks-pass-symbolic", _ ("Internet"), "", LKS_TONE_GOOD };
  if (self->is_connected_to_network && self->has_ip_address)
    return (LksSign){ "lks-warning-symbolic", _ ("No internet"), "", LKS_TONE_WARNING };
  if (self->is_connected_to_network)
    return (LksSign){ "lks-pending-symbolic", _ ("No address"), "", LKS_TONE_NOTICE };

  return (LksSign){ "lks-pending-symbolic", _ ("No network"), "", LKS_TONE_NOTICE };
}

static const char *
assignment_to_words (const LksNetInterface *self)
{
  switch (self->ip_assignment)
    {
    case LKS_IP_ASSIGNMENT_DYNAMIC:
      return _ ("address by DHCP");
    case LKS_IP_ASSIGNMENT_STATIC:
      return _ ("fixed address");
    case LKS_IP_ASSIGNMENT_UNKNOWN:
      break;
    }
  return "";
}

/**
 * lks_net_interface_to_text:
 * @self: an interface
 *
 * Returns: (transfer full): what it is for, in which state it is, and its addresses
 */
char *
lks_net_interface_to_text (const LksNetInterface *self)
{
  LksNetInterfaceKind kind = lks_net_interface_get_kind (self->name);
  LksExplanation state = lks_net_interface_explain (self);
  g_autofree char *why =
      lks_service_row_join (" ", translate (state.meaning), translate (state.advice), NULL);
  g_autofree char *addresses =
      self->ip_addresses != NULL ? g_strjoinv (", ", self->ip_addresses) : g_strdup ("");
  g_autofree char *mac = self->hardware_address != NULL && self->hardware_address[0] != '\0'
                             ? g_strdup_printf (_ ("MAC %s"), self->hardware_address)
                             : g_strdup ("");
  g_autofree char *facts =
      lks_service_row_join (" · ", _ (lks_net_interface_kind_to_words (kind)), addresses,
                            addresses[0] != '\0' ? assignment_to_words (self) : "", mac, NULL);

  return lks_service_row_join ("\n", facts, why, NULL);
}

/**
 * lks_sign_for_proxy:
 * @proxy: a board's proxy
 * @facts: what is known about its network
 *
 * Returns: its state in a word
 */
LksSign
lks_sign_for_proxy (const LksProxy *proxy, const LksNetFacts *facts)
{
  if (!proxy->is_configured)
    return (LksSign){ "lks-skipped-symbolic", _ ("None"), "", LKS_TONE_PLAIN };
  if (!proxy->is_enabled)
    return (LksSign){ "lks-skipped-symbolic", _ ("Disabled"), "", LKS_TONE_PLAIN };
  if (!facts->knows_status || facts->proxy == LKS_PROXY_STATE_UNKNOWN)
    return (LksSign){ "lks-unknown-symbolic", _ ("Enabled"), "", LKS_TONE_PLAIN };
  if (facts->proxy == LKS_PROXY_STATE_READY)
    return (LksSign){ "lks-pass-symbolic", _ (lks_proxy_state_to_words (facts->proxy)), "",
                      LKS_TONE_GOOD };

  return (LksSign){ "lks-pending-symbolic", _ (lks_proxy_state_to_words (facts->proxy)), "",
                    LKS_TONE_NOTICE };
}

/**
 * lks_proxy_to_text:
 * @proxy: a board's proxy
 *
 * Returns: (transfer full): who logs in, and what is reached without it
 */
char *
lks_proxy_to_text (const LksProxy *proxy)
{
  g_autofree char *direct = proxy->no_proxy_addresses != NULL
                                ? g_strjoinv (", ", proxy->no_proxy_addresses)
                                : g_strdup ("");
  g_autofree char *user = NULL;
  g_autofree char *except = NULL;

  if (!proxy->is_configured)
    return g_strdup (_ ("The board goes to the internet directly."));

  user = proxy->username != NULL && proxy->username[0] != '\0'
             ? g_strdup_printf (_ ("logs in as %s"), proxy->username)
             : g_strdup (_ ("without a password"));
  except = direct[0] != '\0' ? g_strdup_printf (_ ("directly: %s"), direct) : g_strdup ("");
  return lks_service_row_join (" · ", user, except, NULL);
}

/**
 * lks_firewall_counters_to_text:
 * @ruleset: a set of rules
 * @rule: one of them
 *
 * Returns: (transfer full): to which traffic it applies, and how much it has met
 */
char *
lks_firewall_counters_to_text (const LksFirewallRuleset *ruleset, const LksFirewallRule *rule)
{
  g_autofree char *packets =
      g_strdup_printf (ngettext ("%lu packet", "%lu packets", (gulong) rule->packets),
                       (gulong) rule->packets);
  g_autofree char *size = g_format_size (rule->bytes);

  return lks_service_row_join (" · ", _ (lks_firewall_hook_to_words (ruleset->hook)), packets, size,
                               ruleset->is_valid ? "" : _ ("not in force"), NULL);
}
