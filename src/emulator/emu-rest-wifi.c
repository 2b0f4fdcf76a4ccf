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

/* Wi-Fi requests follow the request to switch the interface at once, while the interface list
 * shows the change only later. */
gboolean
emu_rest_check_wifi_up (EmuBoard *board, EmuAnswer *answer)
{
  if (board->wlan.wanted_up)
    return TRUE;

  emu_answer_set_error (answer, 500, EMU_ERROR_WIFI_DISABLED);
  return FALSE;
}

static EmuNetwork *
find_network_or_refuse (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuNetwork *network =
      emu_board_find_network (board, g_ascii_strtoll (request->argument, NULL, 10));

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
  emu_wire_text (wire, "configState", emu_network_get_state (network));
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
  return emu_wifi_get_connected (board) == network ? "connected" : "disconnected";
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

  if (!emu_rest_check_wifi_up (board, answer))
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

  if (!emu_rest_check_wifi_up (board, answer))
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
take_psk (JsonObject *object, gboolean needed, char **out_psk)
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

  *out_psk = g_strdup (psk);
  return 0;
}

static gint64
take_security (JsonObject *object, EmuNetwork *network)
{
  if (network->security == NULL)
    return EMU_ERROR_WIFI_INVALID_FORMAT;
  if (g_str_equal (network->security, "psk"))
    return take_psk (object, TRUE, &network->psk);
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

  return take_security (object, network);
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

  if (json == NULL || !emu_rest_check_wifi_up (board, answer))
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
  g_ptr_array_add (board->networks, network);
  emu_wifi_plan (board, network);
  wire = emu_wire_new ();
  write_network (wire, network, "unknown");
  emu_answer_set_wire (answer, wire);
  answer->status = 201;
}

/* A new key or state is tried at once; what changes nothing leaves the connection alone. */
static void
change_network (EmuBoard *board, EmuNetwork *network, gboolean enabled, char *psk)
{
  gboolean changed = network->enabled != enabled || psk != NULL;

  network->enabled = enabled;
  if (psk != NULL)
    {
      g_free (network->psk);
      network->psk = psk;
    }
  if (changed)
    emu_wifi_plan (board, network);
}

/* The key is looked at before the network: a short key for a missing network is a short key. */
void
emu_rest_patch_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  JsonObject *object;
  g_autoptr (LksJson) json = emu_request_parse_json (request, &object, answer);
  g_autofree char *psk = NULL;
  EmuNetwork *network;
  gboolean enabled;
  gint64 number;

  if (json == NULL || !emu_rest_check_wifi_up (board, answer))
    return;
  number = take_psk (object, FALSE, &psk);
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

  change_network (board, network, enabled, g_steal_pointer (&psk));
  answer_network (board, network, answer);
}

void
emu_rest_delete_network (EmuBoard *board, const EmuRequest *request, EmuAnswer *answer)
{
  EmuNetwork *network;

  if (!emu_rest_check_wifi_up (board, answer))
    return;
  network = find_network_or_refuse (board, request, answer);
  if (network == NULL)
    return;

  emu_wifi_forget (board, network);
  emu_answer_set_empty (answer);
}
