/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-board-private.h"
#include "emu-error.h"
#include "emu-rest.h"

#include <string.h>

#define SSID_MAX_BYTES 32
#define CONFIG_NAME_MAX_BYTES 16
#define CERT_ID_MAX_BYTES 16
#define IDENTITY_MAX_BYTES 254
#define PSK_MIN_BYTES 8
#define PSK_MAX_BYTES 63
#define NETWORKS_MAX 37
#define CONNECT_MS 1500

/* Wi-Fi requests follow the request to switch the interface at once, while the interface list
 * shows the change only later. */
static gboolean
check_wifi_up (EmuBoard *board, EmuAnswer *answer)
{
  if (board->wlan.wanted_up)
    return TRUE;

  emu_answer_set_error (answer, 500, EMU_ERROR_WIFI_DISABLED);
  return FALSE;
}

/* Decides whether and when @network gets a connection: it does when the scan knows it. */
void
emu_network_plan (EmuBoard *board, EmuNetwork *network)
{
  network->connects_at_us = G_MAXINT64;
  for (guint i = 0; network->enabled && i < board->config->scan->len; i++)
    {
      const EmuScanConfig *scan = g_ptr_array_index (board->config->scan, i);

      if (g_str_equal (scan->ssid, network->ssid) &&
          g_str_equal (scan->security, network->security))
        network->connects_at_us =
            emu_board_now_us () + (gint64) CONNECT_MS * G_TIME_SPAN_MILLISECOND;
    }
}

/* The network that is connected now; the first one wins. */
EmuNetwork *
emu_board_get_connected (EmuBoard *self)
{
  if (!self->wlan.wanted_up || !emu_switch_is_up (&self->wlan))
    return NULL;

  for (guint i = 0; i < self->networks->len; i++)
    {
      EmuNetwork *network = g_ptr_array_index (self->networks, i);

      if (network->enabled && emu_board_now_us () >= network->connects_at_us)
        return network;
    }

  return NULL;
}

static EmuNetwork *
find_network (EmuBoard *board, const char *id)
{
  gint64 number = g_ascii_strtoll (id, NULL, 10);

  for (guint i = 0; i < board->networks->len; i++)
    {
      EmuNetwork *network = g_ptr_array_index (board->networks, i);

      if (network->id == number)
        return network;
    }

  return NULL;
}

static EmuNetwork *
find_network_or_refuse (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuNetwork *network = find_network (board, request->argument);

  if (network == NULL)
    emu_answer_set_error (answer, 404, EMU_ERROR_WIFI_NETWORK_NOT_FOUND);
  return network;
}

static void
write_optional (EmuWire *wire, const char *name, const char *value)
{
  if (value != NULL)
    emu_wire_text (wire, name, value);
}

static void
write_network (EmuWire *wire, const EmuNetwork *network, const char *connection)
{
  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "ssid", network->ssid);
  emu_wire_text (wire, "configState", network->enabled ? "enabled" : "disabled");
  emu_wire_text (wire, "connectionState", connection);
  emu_wire_number (wire, "id", network->id);
  emu_wire_text (wire, "securityState", network->security);
  emu_wire_bool (wire, "targetedScan", network->targeted_scan);
  write_optional (wire, "configName", network->config_name);
  write_optional (wire, "clientCertStoreIdentifier", network->client_cert_id);
  write_optional (wire, "clientIdentity", network->client_identity);
  write_optional (wire, "rootCaCertStoreIdentifier", network->root_ca_id);
  emu_wire_close (wire, '}');
}

static const char *
get_connection (EmuBoard *board, const EmuNetwork *network)
{
  return emu_board_get_connected (board) == network ? "connected" : "disconnected";
}

static void
answer_network (EmuBoard *board, const EmuNetwork *network, EmuAnswer *answer)
{
  EmuWire *wire = emu_wire_new ();

  write_network (wire, network, get_connection (board, network));
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_networks (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (!check_wifi_up (board, answer))
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "values", '[');
  for (guint i = 0; i < board->networks->len; i++)
    {
      const EmuNetwork *network = g_ptr_array_index (board->networks, i);

      write_network (wire, network, get_connection (board, network));
    }
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuNetwork *network;

  if (!check_wifi_up (board, answer))
    return;
  network = find_network_or_refuse (board, request, answer);
  if (network != NULL)
    answer_network (board, network, answer);
}

/* Reads an optional text; the number of the error when it is none or too long. */
static gint64
take_text (JsonObject *object, const char *member, gsize max_bytes, gint64 number, char **out_text)
{
  const char *text;

  if (!emu_json_get_text (object, member, &text))
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (text != NULL && strlen (text) > max_bytes)
    return number;

  *out_text = g_strdup (text);
  return 0;
}

static gint64
take_config_state (JsonObject *object, gboolean *enabled)
{
  const char *word;

  if (!emu_json_get_text (object, "configState", &word))
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (word == NULL)
    return 0;
  if (!g_str_equal (word, "enabled") && !g_str_equal (word, "disabled"))
    return EMU_ERROR_WIFI_INVALID_FORMAT;

  *enabled = g_str_equal (word, "enabled");
  return 0;
}

static gint64
check_psk (JsonObject *object, gboolean needed)
{
  const char *psk;

  if (!emu_json_get_text (object, "psk", &psk))
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (psk == NULL)
    return needed ? EMU_ERROR_WIFI_PSK_TOO_SHORT : 0;
  if (strlen (psk) < PSK_MIN_BYTES)
    return EMU_ERROR_WIFI_PSK_TOO_SHORT;
  if (strlen (psk) > PSK_MAX_BYTES)
    return EMU_ERROR_WIFI_PSK_TOO_LONG;

  return 0;
}

static gint64
check_security (JsonObject *object, const EmuNetwork *network)
{
  if (network->security == NULL)
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (g_str_equal (network->security, "psk"))
    return check_psk (object, TRUE);
  if (g_str_equal (network->security, "eaptls"))
    return network->client_cert_id != NULL ? 0 : EMU_ERROR_WIFI_CLIENT_CERT_MISSING;

  return g_str_equal (network->security, "open") ? 0 : EMU_ERROR_WIFI_INVALID_FORMAT;
}

static gint64
read_network_texts (JsonObject *object, EmuNetwork *network)
{
  const struct
  {
    const char *member;
    gsize max_bytes;
    gint64 number;
    char **place;
  } texts[] = {
    { "ssid", SSID_MAX_BYTES, EMU_ERROR_WIFI_SSID_TOO_LONG, &network->ssid },
    { "configName", CONFIG_NAME_MAX_BYTES, EMU_ERROR_CONFIG_NAME_TOO_LONG, &network->config_name },
    { "securityState", 16, EMU_ERROR_WIFI_INVALID_FORMAT, &network->security },
    { "clientCertStoreIdentifier", CERT_ID_MAX_BYTES, EMU_ERROR_CLIENT_CERT_ID_TOO_LONG,
      &network->client_cert_id },
    { "rootCaCertStoreIdentifier", CERT_ID_MAX_BYTES, EMU_ERROR_CA_ID_TOO_LONG,
      &network->root_ca_id },
    { "clientIdentity", IDENTITY_MAX_BYTES, EMU_ERROR_CLIENT_IDENTITY_TOO_LONG,
      &network->client_identity },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 number =
          take_text (object, texts[i].member, texts[i].max_bytes, texts[i].number, texts[i].place);

      if (number != 0)
        return number;
    }

  return 0;
}

static gint64
read_network (JsonObject *object, EmuNetwork *network)
{
  gint64 number = read_network_texts (object, network);

  network->enabled = TRUE;
  if (number == 0)
    number = take_config_state (object, &network->enabled);
  if (number != 0)
    return number;
  if (network->ssid == NULL || network->ssid[0] == '\0')
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (!emu_json_get_bool (object, "targetedScan", &network->targeted_scan))
    return EMU_ERROR_TARGETED_SCAN;

  return check_security (object, network);
}

static gboolean
is_config_name_taken (EmuBoard *board, const char *config_name)
{
  for (guint i = 0; config_name != NULL && i < board->networks->len; i++)
    {
      const EmuNetwork *network = g_ptr_array_index (board->networks, i);

      if (g_strcmp0 (network->config_name, config_name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_id_taken (EmuBoard *board, int id)
{
  for (guint i = 0; i < board->networks->len; i++)
    if (((EmuNetwork *) g_ptr_array_index (board->networks, i))->id == id)
      return TRUE;

  return FALSE;
}

static int
choose_id (EmuBoard *board)
{
  int id = 0;

  switch (board->config->behaviour.network_ids)
    {
    case EMU_IDS_NEVER_AGAIN:
      return board->next_network_id++;
    case EMU_IDS_LOWEST_FREE:
      while (is_id_taken (board, id))
        id++;
      return id;
    case EMU_IDS_AFTER_HIGHEST:
      break;
    }

  for (guint i = 0; i < board->networks->len; i++)
    id = MAX (id, ((EmuNetwork *) g_ptr_array_index (board->networks, i))->id + 1);
  return id;
}

void
emu_rest_post_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  EmuNetwork *network;
  EmuWire *wire;
  gint64 number;

  if (json == NULL || !check_wifi_up (board, answer))
    return;

  network = g_new0 (EmuNetwork, 1);
  number = read_network (object, network);
  if (number == 0 && board->networks->len >= NETWORKS_MAX)
    number = EMU_ERROR_WIFI_LIMIT;
  if (number == 0 && board->config->behaviour.unique_config_names &&
      is_config_name_taken (board, network->config_name))
    number = EMU_ERROR_WIFI_CONFIG_NAME_NOT_UNIQUE;
  if (number != 0)
    {
      emu_network_free (network);
      emu_answer_set_error (answer, 400, number);
      return;
    }

  network->id = choose_id (board);
  emu_network_plan (board, network);
  g_ptr_array_add (board->networks, network);
  wire = emu_wire_new ();
  write_network (wire, network, "unknown");
  emu_answer_set_wire (answer, wire);
  answer->status = 201;
}

/* The key is looked at before the network: a short key for a missing network is a short key. */
void
emu_rest_patch_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  EmuNetwork *network;
  gboolean enabled;
  gint64 number;

  if (json == NULL || !check_wifi_up (board, answer))
    return;
  number = check_psk (object, FALSE);
  if (number != 0)
    {
      emu_answer_set_error (answer, 400, number);
      return;
    }
  network = find_network_or_refuse (board, request, answer);
  if (network == NULL)
    return;
  enabled = network->enabled;
  number = take_config_state (object, &enabled);
  if (number != 0)
    {
      emu_answer_set_error (answer, 400, number);
      return;
    }

  if (network->enabled != enabled)
    {
      network->enabled = enabled;
      emu_network_plan (board, network);
    }
  answer_network (board, network, answer);
}

void
emu_rest_delete_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuNetwork *network;

  if (!check_wifi_up (board, answer))
    return;
  network = find_network_or_refuse (board, request, answer);
  if (network == NULL)
    return;

  g_ptr_array_remove (board->networks, network);
  emu_answer_set_empty (answer);
}

static void
write_failure (EmuBoard *board, EmuWire *wire, const EmuFailureConfig *failure)
{
  g_autofree char *id = g_strdup_printf ("%u", failure->network_id);
  const EmuNetwork *network = find_network (board, id);

  emu_wire_open (wire, NULL, '{');
  emu_wire_text (wire, "timestamp", failure->timestamp);
  emu_wire_number (wire, "networkId", failure->network_id);
  emu_wire_text (wire, "ssid", failure->ssid);
  emu_wire_text (wire, "error", failure->error);
  emu_wire_text (wire, "configState", network != NULL && network->enabled ? "enabled" : "disabled");
  emu_wire_text (wire, "connectionState", "disconnected");
  if (failure->cert_error != NULL)
    {
      emu_wire_open (wire, "certInfo", '{');
      emu_wire_text (wire, "certSubject",
                     failure->cert_subject != NULL ? failure->cert_subject : "");
      emu_wire_number (wire, "certDepth", failure->cert_depth);
      emu_wire_text (wire, "certError", failure->cert_error);
      emu_wire_close (wire, '}');
    }
  emu_wire_close (wire, '}');
}

void
emu_rest_get_failures (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (!check_wifi_up (board, answer))
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "values", '[');
  for (guint i = 0; i < board->config->failures->len; i++)
    write_failure (board, wire, g_ptr_array_index (board->config->failures, i));
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_get_failure (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  gint64 id = g_ascii_strtoll (request->argument, NULL, 10);

  if (!check_wifi_up (board, answer))
    return;

  for (guint i = 0; i < board->config->failures->len; i++)
    {
      const EmuFailureConfig *failure = g_ptr_array_index (board->config->failures, i);

      if (failure->network_id == id)
        {
          EmuWire *wire = emu_wire_new ();

          write_failure (board, wire, failure);
          emu_answer_set_wire (answer, wire);
          return;
        }
    }

  emu_answer_set_error (answer, 404, EMU_ERROR_WIFI_NETWORK_NOT_FOUND);
}

static const char *
get_key_management (const EmuNetwork *network)
{
  if (network == NULL)
    return "UNKNOWN";
  if (g_str_equal (network->security, "psk"))
    return "WPA2-PSK";
  if (g_str_equal (network->security, "eaptls"))
    return "WPA-EAP";

  return "NONE";
}

static guint
get_frequency (EmuBoard *board, const EmuNetwork *network)
{
  for (guint i = 0; i < board->config->scan->len; i++)
    {
      const EmuScanConfig *scan = g_ptr_array_index (board->config->scan, i);

      if (g_str_equal (scan->ssid, network->ssid))
        return scan->freq_mhz;
    }

  return 2437;
}

static const char *
get_wpa_state (EmuBoard *board, const EmuNetwork *connected)
{
  if (connected != NULL)
    return "COMPLETED";
  if (!board->wlan.wanted_up)
    return "INTERFACE_DISABLED";

  return board->networks->len > 0 ? "SCANNING" : "INACTIVE";
}

void
emu_rest_get_wifi_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  const EmuNetwork *connected = emu_board_get_connected (board);
  EmuWire *wire = emu_wire_new ();

  emu_wire_open (wire, NULL, '{');
  if (connected != NULL)
    emu_wire_text (wire, "ssid", connected->ssid);
  emu_wire_text (wire, "configState", connected != NULL ? "enabled" : "unknown");
  emu_wire_text (wire, "connectionState", connected != NULL ? "connected" : "disconnected");
  emu_wire_text (wire, "securityState", connected != NULL ? connected->security : "unknown");
  emu_wire_text (wire, "mode", "station");
  emu_wire_text (wire, "key_mgmt", get_key_management (connected));
  emu_wire_text (wire, "wpa_state", get_wpa_state (board, connected));
  emu_wire_text (wire, "address", board->config->wifi_address);
  if (connected != NULL)
    {
      emu_wire_number (wire, "freq", get_frequency (board, connected));
      emu_wire_text (wire, "ip_address", "192.168.1.20");
    }
  emu_wire_number (wire, "id", connected != NULL ? connected->id : -1);
  if (connected != NULL)
    write_optional (wire, "configName", connected->config_name);
  if (board->version >= EMU_VERSION (4, 6))
    emu_wire_text (wire, "powerSavingsState", board->power_savings ? "enabled" : "disabled");
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
}

void
emu_rest_patch_wifi_interface (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  gboolean power_savings = board->power_savings;
  gboolean reload = FALSE;

  if (json == NULL)
    return;
  if (!emu_json_get_bool (object, "reloadConfig", &reload))
    emu_answer_set_error (answer, 400, EMU_ERROR_RELOAD_CONFIG);
  else if (board->version >= EMU_VERSION (4, 6) &&
           !emu_json_get_bool (object, "enablePowerSavings", &power_savings))
    emu_answer_set_error (answer, 400, EMU_ERROR_POWER_SAVINGS);
  else
    {
      board->power_savings = power_savings;
      for (guint i = 0; reload && i < board->networks->len; i++)
        emu_network_plan (board, g_ptr_array_index (board->networks, i));
      emu_answer_set_empty (answer);
    }
}

void
emu_rest_get_scan (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuWire *wire;

  if (!check_wifi_up (board, answer))
    return;

  wire = emu_wire_new ();
  emu_wire_open (wire, NULL, '{');
  emu_wire_open (wire, "values", '[');
  for (guint i = 0; i < board->config->scan->len; i++)
    {
      const EmuScanConfig *scan = g_ptr_array_index (board->config->scan, i);

      emu_wire_open (wire, NULL, '{');
      emu_wire_text (wire, "bssid", scan->bssid);
      emu_wire_number (wire, "freq", scan->freq_mhz);
      emu_wire_number (wire, "signal_level", scan->signal_dbm);
      emu_wire_text (wire, "ssid", scan->ssid);
      emu_wire_text (wire, "securityState", scan->security);
      emu_wire_close (wire, '}');
    }
  emu_wire_close (wire, ']');
  emu_wire_close (wire, '}');
  emu_answer_set_wire (answer, wire);
  answer->delay_ms = board->config->scan_ms;
}
