/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-error.h"
#include "emu-rest.h"

#include <string.h>

#define ADDRESS_MAX_BYTES 255
#define CREDENTIAL_MAX_BYTES 63
#define ETHERNET_IP_ADDRESS "192.168.1.21"

typedef enum
{
  INTERFACE_SERVICE,
  INTERFACE_ETHERNET,
  INTERFACE_LOOPBACK,
  INTERFACE_WIFI,
} Interface;

static const char *const interface_names[] = {
  [INTERFACE_SERVICE] = "azspheresvc",
  [INTERFACE_ETHERNET] = "eth0",
  [INTERFACE_LOOPBACK] = "lo",
  [INTERFACE_WIFI] = "wlan0",
};

static gboolean
has_interface (EmuBoard *board, Interface which)
{
  return which != INTERFACE_ETHERNET || board->ethernet_address != NULL;
}

static gboolean
find_interface (EmuBoard *board, const char *name, Interface *out_which)
{
  for (guint i = 0; i < G_N_ELEMENTS (interface_names); i++)
    if (g_str_equal (interface_names[i], name) && has_interface (board, i))
      {
        *out_which = i;
        return TRUE;
      }

  return FALSE;
}

/* The two interfaces inside the board always have their address; the others never show both an
 * absent address and an empty list of them. */
static void
write_fixed_interface (EmuWire *wire, Interface which, const char *address)
{
  const char *const addresses[] = { address, NULL };

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "interfaceName", interface_names[which]);
  emu_wire_bool (wire, "interfaceUp", TRUE);
  emu_wire_bool (wire, "connectedToNetwork", FALSE);
  emu_wire_bool (wire, "ipAcquired", FALSE);
  emu_wire_bool (wire, "connectedToInternet", FALSE);
  emu_wire_texts (wire, "ipAddresses", addresses);
  emu_wire_close (wire, '}');
}

static void
write_network_interface (EmuBoard *board, EmuWire *wire, Interface which)
{
  gboolean wifi = which == INTERFACE_WIFI;
  EmuUplink uplink = wifi ? emu_wifi_get_uplink (board) : emu_ethernet_get_uplink (board);
  gboolean has_address = emu_uplink_has_address (board, &uplink);
  const char *const addresses[] = { wifi ? EMU_WIFI_IP_ADDRESS : ETHERNET_IP_ADDRESS, NULL };

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "interfaceName", interface_names[which]);
  emu_wire_bool (wire, "interfaceUp", emu_switch_is_up (wifi ? &board->wlan : &board->eth));
  emu_wire_bool (wire, "connectedToNetwork", uplink.associated);
  emu_wire_bool (wire, "ipAcquired", has_address);
  emu_wire_bool (wire, "connectedToInternet", emu_uplink_has_internet (board, &uplink));
  if (board->version >= EMU_VERSION (4, 3))
    emu_wire_text (wire, "hardwareAddress",
                   wifi ? board->config->wifi_address : board->ethernet_address);
  emu_wire_text (wire, "ipAssignment", "dynamic");
  if (has_address)
    emu_wire_texts (wire, "ipAddresses", addresses);
  emu_wire_close (wire, '}');
}

static void
write_interface (EmuBoard *board, EmuWire *wire, Interface which)
{
  switch (which)
    {
    case INTERFACE_SERVICE:
      write_fixed_interface (wire, which, "192.168.35.2");
      break;
    case INTERFACE_LOOPBACK:
      write_fixed_interface (wire, which, "127.0.0.1");
      break;
    case INTERFACE_ETHERNET:
    case INTERFACE_WIFI:
      write_network_interface (board, wire, which);
      break;
    }
}

void
emu_rest_get_interfaces (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "interfaces", '[');
  for (guint i = 0; i < G_N_ELEMENTS (interface_names); i++)
    if (has_interface (board, i))
      write_interface (board, wire, i);
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  Interface which;
  EmuWire *wire;

  if (!find_interface (board, request->argument, &which))
    {
      emu_answer_set_error (answer, 404, EMU_ERROR_URI);
      return;
    }

  wire = emu_wire_new ();
  write_interface (board, wire, which);
  emu_answer_set_wire (answer, wire);
}

static gint64
check_hardware_address (Interface which, const char *address)
{
  if (address == NULL)
    return 0;
  if (which != INTERFACE_ETHERNET)
    return EMU_ERROR_INTERFACE_NOT_PERMITTED;
  if (!g_regex_match_simple ("^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$", address,
                             G_REGEX_DOLLAR_ENDONLY, 0))
    return EMU_ERROR_MAC_INVALID;

  return 0;
}

static void
switch_interface (EmuBoard *board, Interface which, gboolean up)
{
  guint delay_ms = board->config->interface_delay_ms;

  if (which == INTERFACE_ETHERNET)
    emu_switch_set (&board->eth, up, delay_ms);
  if (which != INTERFACE_WIFI)
    return;

  emu_switch_set (&board->wlan, up, delay_ms);
  emu_log_add (board->log, emu_board_get_uptime_ms (board), EMU_LOG_INFO, EMU_LOG_NETWORKD, 121,
               "u", (guint32) up);
  emu_wifi_reload (board);
}

void
emu_rest_patch_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  const char *address = NULL;
  gboolean up = TRUE;
  Interface which;
  gint64 number;

  if (json == NULL)
    return;
  if (!find_interface (board, request->argument, &which))
    {
      emu_answer_set_error (answer, 404, EMU_ERROR_INTERFACE_INVALID);
      return;
    }
  if (!emu_json_get_bool (object, "interfaceUp", &up) ||
      !emu_json_get_text (object, "hardwareAddress", &address))
    {
      emu_answer_set_error (answer, 400, EMU_ERROR_INVALID_JSON_DATA);
      return;
    }
  number = check_hardware_address (which, address);
  if (number == 0 && json_object_has_member (object, "interfaceUp") &&
      (which == INTERFACE_SERVICE || which == INTERFACE_LOOPBACK))
    number = EMU_ERROR_INTERFACE_NOT_PERMITTED;
  if (number != 0)
    {
      emu_answer_set_error (answer, 400, number);
      return;
    }

  if (address != NULL)
    {
      g_free (board->ethernet_address);
      board->ethernet_address = g_strdup (address);
    }
  if (json_object_has_member (object, "interfaceUp"))
    switch_interface (board, which, up);
  emu_answer_set_empty (answer);
}

static void
write_proxy (EmuWire *wire, const EmuProxy *proxy, gboolean with_password)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "address", proxy->address);
  emu_wire_bool (wire, "enabled", proxy->enabled);
  emu_wire_number (wire, "port", proxy->port);
  emu_wire_text (wire, "authenticationType", proxy->authentication);
  if (proxy->username != NULL)
    emu_wire_text (wire, "username", proxy->username);
  if (proxy->password != NULL && with_password)
    emu_wire_text (wire, "password", proxy->password);
  emu_wire_texts (wire, "noProxyAddresses", (const char *const *) proxy->no_proxy);
  emu_wire_close (wire, '}');
}

void
emu_rest_get_proxy (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (board->proxy == NULL)
    {
      emu_answer_set_empty (answer);
      return;
    }

  wire = emu_wire_new ();
  write_proxy (wire, board->proxy, FALSE);
  emu_answer_set_wire (answer, wire);
}

static gint64
read_no_proxy (JsonObject *object, EmuProxy *proxy)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  JsonNode *node = json_object_get_member (object, "noProxyAddresses");
  JsonArray *array;

  if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
    {
      if (!JSON_NODE_HOLDS_ARRAY (node))
        return EMU_ERROR_PROXY_NO_PROXY;
      array = json_node_get_array (node);
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);

          if (!JSON_NODE_HOLDS_VALUE (element) ||
              json_node_get_value_type (element) != G_TYPE_STRING ||
              strlen (json_node_get_string (element)) > ADDRESS_MAX_BYTES)
            return EMU_ERROR_PROXY_NO_PROXY;
          g_ptr_array_add (addresses, json_node_dup_string (element));
        }
    }

  proxy->no_proxy = (char **) g_ptr_array_steal (addresses, NULL);
  return 0;
}

static gint64
read_proxy_place (JsonObject *object, EmuProxy *proxy)
{
  JsonNode *port = json_object_get_member (object, "port");
  const char *address;

  if (!emu_json_get_text (object, "address", &address))
    return EMU_ERROR_PROXY_ADDRESS;
  if (address == NULL)
    return EMU_ERROR_PROXY_ADDRESS_MISSING;
  if (address[0] == '\0' || strlen (address) > ADDRESS_MAX_BYTES)
    return EMU_ERROR_PROXY_ADDRESS;
  if (port == NULL)
    return EMU_ERROR_PROXY_PORT_MISSING;
  if (!JSON_NODE_HOLDS_VALUE (port) || json_node_get_value_type (port) != G_TYPE_INT64 ||
      json_node_get_int (port) < 0 || json_node_get_int (port) > G_MAXUINT16)
    return EMU_ERROR_PROXY_PORT;

  proxy->address = g_strdup (address);
  proxy->port = (guint) json_node_get_int (port);
  return 0;
}

static gboolean
is_credential (const char *text)
{
  return text != NULL && text[0] != '\0' && strlen (text) <= CREDENTIAL_MAX_BYTES;
}

static gint64
read_proxy_credentials (JsonObject *object, EmuProxy *proxy)
{
  const char *authentication;
  const char *username;
  const char *password;
  gboolean basic;

  if (!emu_json_get_text (object, "authenticationType", &authentication))
    return EMU_ERROR_PROXY_AUTHENTICATION;
  if (authentication == NULL)
    return EMU_ERROR_PROXY_AUTHENTICATION_MISSING;
  basic = g_str_equal (authentication, "basic");
  if (!basic && !g_str_equal (authentication, "anonymous"))
    return EMU_ERROR_PROXY_AUTHENTICATION;
  if (!emu_json_get_text (object, "username", &username) || is_credential (username) != basic)
    return EMU_ERROR_PROXY_USERNAME;
  if (!emu_json_get_text (object, "password", &password) || is_credential (password) != basic)
    return EMU_ERROR_PROXY_PASSWORD;

  proxy->authentication = g_strdup (authentication);
  if (basic)
    {
      proxy->username = g_strdup (username);
      proxy->password = g_strdup (password);
    }
  return 0;
}

void
emu_rest_post_proxy (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  EmuProxy *proxy;
  EmuWire *wire;
  gint64 number = 0;

  if (json == NULL)
    return;

  proxy = g_new0 (EmuProxy, 1);
  proxy->enabled = TRUE;
  if (!emu_json_get_bool (object, "enabled", &proxy->enabled))
    number = EMU_ERROR_PROXY_ENABLED;
  if (number == 0)
    number = read_proxy_place (object, proxy);
  if (number == 0)
    number = read_proxy_credentials (object, proxy);
  if (number == 0)
    number = read_no_proxy (object, proxy);
  if (number != 0)
    {
      emu_proxy_free (proxy);
      emu_answer_set_error (answer, 400, number);
      return;
    }

  g_clear_pointer (&board->proxy, emu_proxy_free);
  board->proxy = proxy;
  wire = emu_wire_new ();
  write_proxy (wire, proxy, TRUE);
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_delete_proxy (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  g_clear_pointer (&board->proxy, emu_proxy_free);
  emu_answer_set_empty (answer);
}

/* A proxy is looked up by name once there is an address, and is ready a moment later. */
static const char *
get_proxy_state (EmuBoard *board, const EmuUplink *uplink)
{
  if (board->proxy == NULL || !board->proxy->enabled)
    return "disabled";
  if (!emu_uplink_has_address (board, uplink))
    return "enabled";
  if (!g_hostname_is_ip_address (board->proxy->address) && !emu_uplink_has_internet (board, uplink))
    return "resolvingProxyName";

  return "ready";
}

void
emu_rest_get_net_status (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuUplink wifi = emu_wifi_get_uplink (board);
  EmuUplink ethernet = emu_ethernet_get_uplink (board);
  gboolean authenticated =
      emu_uplink_is_authenticated (board, &wifi) || emu_uplink_is_authenticated (board, &ethernet);
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_bool (wire, "deviceAuthenticationIsReady",
                 authenticated || board->config->device_auth_ready);
  emu_wire_text (wire, "networkTimeSync",
                 board->wifi.clock_set ? "complete" : board->config->time_sync);
  emu_wire_text (wire, "proxy", get_proxy_state (board, ethernet.associated ? &ethernet : &wifi));
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

typedef struct
{
  const char *source_ip;
  const char *source_mask;
  const char *destination_ip;
  const char *destination_mask;
  guint32 uid;
  const char *action;
  const char *in_name;
  const char *state;
  const char *protocol;
  guint port;
} Rule;

/* A rule for every uid; the largest number stands for "any". */
#define ANY_UID 4294967295u

static const Rule input_rules[] = {
  { "0.0.0.0", "0.0.0.0", "127.0.0.1", "255.255.255.255", ANY_UID, "accept", "", "none", "any", 0 },
  { "192.168.35.1", "255.255.255.255", "192.168.35.2", "255.255.255.255", ANY_UID, "accept",
    "azspheresvc", "none", "tcp", 443 },
  { "0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0", ANY_UID, "accept", "", "established", "any", 0 },
  { "0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0", ANY_UID, "drop", "", "none", "any", 0 },
};

static void
write_range (EmuWire *wire, const char *name, guint port)
{
  emu_wire_open (wire, name, '{');
  emu_wire_number (wire, "min", port);
  emu_wire_number (wire, "max", port != 0 ? port : G_MAXUINT16);
  emu_wire_close (wire, '}');
}

static void
write_rule (EmuWire *wire, const Rule *rule, guint packets)
{
  gboolean tcp = g_str_equal (rule->protocol, "tcp");
  static const char *const mask[] = { "syn", "rst", "ack", NULL };
  static const char *const compare[] = { "syn", NULL };

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "sourceIP", rule->source_ip);
  emu_wire_text (wire, "sourceMask", rule->source_mask);
  emu_wire_text (wire, "destinationIP", rule->destination_ip);
  emu_wire_text (wire, "destinationMask", rule->destination_mask);
  emu_wire_number (wire, "uid", rule->uid);
  emu_wire_text (wire, "action", rule->action);
  emu_wire_text (wire, "interfaceInName", rule->in_name);
  emu_wire_text (wire, "interfaceOutName", "");
  emu_wire_text (wire, "state", rule->state);
  emu_wire_texts (wire, "tcpMask", tcp ? mask : NULL);
  emu_wire_texts (wire, "tcpCmp", tcp ? compare : NULL);
  emu_wire_bool (wire, "tcpInv", FALSE);
  emu_wire_text (wire, "protocol", rule->protocol);
  write_range (wire, "sourcePortRange", 0);
  write_range (wire, "destinationPortRange", rule->port);
  emu_wire_number (wire, "packets", packets);
  emu_wire_number (wire, "bytes", 83 * (gint64) packets);
  emu_wire_close (wire, '}');
}

static void
write_ruleset (EmuWire *wire, const char *hook, const Rule *rules, gsize n_rules)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "hook", hook);
  emu_wire_bool (wire, "isValid", n_rules > 0);
  emu_wire_open (wire, "rules", '[');
  for (gsize i = 0; i < n_rules; i++)
    write_rule (wire, &rules[i], (guint) (3 * (n_rules - i)));
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
}

void
emu_rest_get_firewall (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "rulesets", '[');
  write_ruleset (wire, "PREROUTING", NULL, 0);
  write_ruleset (wire, "INPUT", input_rules, G_N_ELEMENTS (input_rules));
  write_ruleset (wire, "FORWARD", NULL, 0);
  write_ruleset (wire, "OUTPUT", input_rules, 1);
  write_ruleset (wire, "POSTROUTING", NULL, 0);
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}
