/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cli-network.h"

#include "lks-cli-output.h"
#include "lks-cli-work.h"
#include "lks-enums.h"
#include "lks-firewall-text.h"
#include "lks-lamps.h"
#include "lks-net-interface.h"

#include <stdio.h>

/* ---- status: the five lamps ---- */

static gboolean
facts_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  LksNetFacts **facts = user_data;

  *facts = lks_net_facts_read (device, cancellable, error);
  return *facts != NULL;
}

static void
print_lamp (const LksNetFacts *facts, LksLampId id)
{
  LksLamp lamp = lks_lamp_judge (facts, id);
  g_autofree char *detail = lks_cli_clean (lamp.detail);

  printf ("%-15s %-8s %s", lks_lamp_get_title (id),
          lks_enum_to_nick (LKS_TYPE_LAMP_STATE, (int) lamp.state), lamp.reason);
  if (lamp.detail != NULL)
    printf (" (%s)", detail);
  putchar ('\n');
  if (lamp.advice[0] != '\0')
    printf ("%-24s %s\n", "", lamp.advice);
}

static int
status (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (LksNetFacts) facts = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network status",
                           "Tells how far the board has come on the way to the cloud: radio, "
                           "address, time, internet, authentication; and what to do next.",
                           0, &argc, &argv, &error) ||
      !lks_cli_work_run (&work, facts_in_thread, &facts, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "lamps", lks_lamps_to_json (facts));
  for (guint id = 0; !work.json && id < LKS_N_LAMPS; id++)
    print_lamp (facts, id);
  return LKS_CLI_EXIT_DONE;
}

/* ---- interfaces ---- */

static gboolean
interfaces_in_thread (LksDevice *device,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  GPtrArray **interfaces = user_data;

  *interfaces = lks_device_get_interfaces (device, cancellable, error);
  return *interfaces != NULL;
}

static void
print_interfaces (GPtrArray *interfaces)
{
  static const char *const headings[] = { "NAME",    "KIND", "UP",
                                          "ADDRESS", "BY",   "HARDWARE ADDRESS",
                                          "STATE",   NULL };
  g_autoptr (LksCliTable) table = lks_cli_table_new (headings);
  g_autofree char *text = NULL;

  for (guint i = 0; i < interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (interfaces, i);
      LksNetInterfaceKind kind = lks_net_interface_get_kind (interface->name);
      g_autofree char *addresses =
          interface->ip_addresses != NULL ? g_strjoinv (", ", interface->ip_addresses) : NULL;
      const char *const cells[] = {
        interface->name,
        lks_net_interface_kind_to_words (kind),
        interface->is_up ? "yes" : "no",
        addresses,
        interface->ip_assignment_text,
        interface->hardware_address,
        lks_net_interface_explain (interface).meaning,
        NULL,
      };

      lks_cli_table_add (table, cells);
    }

  text = lks_cli_table_format (table);
  fputs (text, stdout);
}

static int
interfaces (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network interfaces", "Lists the board's interfaces.", 0,
                           &argc, &argv, &error) ||
      !lks_cli_work_run (&work, interfaces_in_thread, &list, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "interfaces", lks_net_interfaces_to_json (list));
  else
    print_interfaces (list);
  return LKS_CLI_EXIT_DONE;
}

/* ---- up, down, set-mac ---- */

typedef struct
{
  const char *name;
  const char *hardware_address;
  gboolean is_up;
} Switch;

static gboolean
switch_in_thread (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Switch *self = user_data;

  if (self->hardware_address != NULL)
    return lks_net_interface_set_mac (device, self->name, self->hardware_address, cancellable,
                                      error);
  return lks_net_interface_switch (device, self->name, self->is_up, cancellable, error);
}

static int
run_switch (LksCliWork *work, Switch *wish, const char *done)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = lks_cli_clean (wish->name);

  if (!lks_cli_work_run (work, switch_in_thread, wish, &error))
    return lks_cli_work_fail (work, error);

  if (work->json)
    lks_cli_work_print_json (work, NULL, NULL);
  else
    printf ("%s %s.\n", name, done);
  return LKS_CLI_EXIT_DONE;
}

static int
up (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  Switch wish = { .is_up = TRUE };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network up INTERFACE",
                           "Brings an interface up and waits until the board shows it.", 1, &argc,
                           &argv, &error))
    return lks_cli_work_fail (&work, error);

  wish.name = argv[1];
  return run_switch (&work, &wish, "is up");
}

static int
down (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  Switch wish = { .is_up = FALSE };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network down INTERFACE",
                           "Takes an interface down and waits until the board shows it.", 1, &argc,
                           &argv, &error))
    return lks_cli_work_fail (&work, error);

  wish.name = argv[1];
  return run_switch (&work, &wish, "is down");
}

static int
set_mac (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  Switch wish = { NULL };
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network set-mac INTERFACE ADDRESS",
                           "Gives an Ethernet interface another hardware address, such as "
                           "a2:b2:c3:4d:e5:6f.",
                           2, &argc, &argv, &error) ||
      !lks_mac_address_check (argv[2], &error))
    return lks_cli_work_fail (&work, error);

  wish.name = argv[1];
  wish.hardware_address = argv[2];
  return run_switch (&work, &wish, "has the new address");
}

/* ---- firewall ---- */

static gboolean
firewall_in_thread (LksDevice *device,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error)
{
  GPtrArray **rulesets = user_data;

  *rulesets = lks_device_get_firewall_rulesets (device, cancellable, error);
  return *rulesets != NULL;
}

static void
print_ruleset (const LksFirewallRuleset *ruleset)
{
  g_autofree char *hook = lks_cli_clean (ruleset->hook_text);

  printf ("%s (%s)%s\n", lks_firewall_hook_to_words (ruleset->hook), hook,
          ruleset->rules->len == 0 ? ": no rules" : "");
  for (guint i = 0; i < ruleset->rules->len; i++)
    {
      const LksFirewallRule *rule = g_ptr_array_index (ruleset->rules, i);
      g_autofree char *text = lks_firewall_rule_to_text (rule);
      g_autofree char *clean = lks_cli_clean (text);

      printf ("  %2u  %s  [%" G_GUINT64_FORMAT " packets]\n", i + 1, clean, rule->packets);
    }
}

static int
firewall (int argc, char **argv)
{
  g_auto (LksCliWork) work = { NULL };
  g_autoptr (GPtrArray) rulesets = NULL;
  g_autoptr (GError) error = NULL;

  if (!lks_cli_work_parse (&work, NULL, "network firewall", "Lists the board's firewall rules.", 0,
                           &argc, &argv, &error) ||
      !lks_cli_work_run (&work, firewall_in_thread, &rulesets, &error))
    return lks_cli_work_fail (&work, error);

  if (work.json)
    lks_cli_work_print_json (&work, "rulesets", lks_firewall_to_json (rulesets));
  for (guint i = 0; !work.json && i < rulesets->len; i++)
    print_ruleset (g_ptr_array_index (rulesets, i));
  return LKS_CLI_EXIT_DONE;
}

/**
 * lks_cli_network:
 * @argc: how many arguments
 * @argv: the arguments; the first is the command, the second what to do
 *
 * The network of a board.
 *
 * Returns: the exit status
 */
int
lks_cli_network (int argc, char **argv)
{
  static const LksCliCommand verbs[] = {
    { "status", NULL, "How far the board has come to the cloud, and what is next", status },
    { "interfaces", NULL, "Interfaces with state and addresses", interfaces },
    { "up", "INTERFACE", "Bring an interface up", up },
    { "down", "INTERFACE", "Take an interface down", down },
    { "set-mac", "INTERFACE ADDRESS", "Change an Ethernet address", set_mac },
    { "proxy", "show|set|delete", "The web proxy", lks_cli_network_proxy },
    { "firewall", NULL, "Firewall rules", firewall },
  };

  return lks_cli_run_verb ("network", verbs, G_N_ELEMENTS (verbs),
                           "Network of a board. INTERFACE is such as wlan0 or eth0.", argc, argv);
}
