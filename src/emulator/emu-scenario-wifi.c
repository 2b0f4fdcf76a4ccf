/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario says about Wi-Fi and the certificates for it. */
#include "emu-scenario-wifi.h"

#include "emu-identity.h"
#include "emu-scenario-fields.h"

static const char *const wifi_securities[] = { "open", "psk", "eaptls", NULL };

/* An access point may also be of a kind that no board can use. */
static const char *const point_securities[] = { "open", "psk", "eaptls", "unknown", NULL };

static gboolean
read_network (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuNetworkConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("ssid", AT (ssid), 1, 32),
    EMU_FIELD_OF_TEXT ("configName", AT (config_name), 1, 16),
    EMU_FIELD_OF_TEXT ("security", AT (security), 1, 16),
    EMU_FIELD_OF_TEXT ("key", AT (key), 8, 63),
    EMU_FIELD_OF_TEXT ("clientCertId", AT (client_cert_id), 1, 16),
    EMU_FIELD_OF_TEXT ("clientIdentity", AT (client_identity), 1, 254),
    EMU_FIELD_OF_TEXT ("rootCaId", AT (root_ca_id), 1, 16),
    EMU_FIELD_OF_BOOL ("enabled", AT (enabled)),
    EMU_FIELD_OF_BOOL ("connected", AT (connected)),
    EMU_FIELD_OF_BOOL ("targetedScan", AT (targeted_scan)),
  };
#undef AT
  EmuNetworkConfig *self = g_new0 (EmuNetworkConfig, 1);

  g_ptr_array_add (config->networks, self);
  self->security = g_strdup ("psk");
  self->enabled = TRUE;

  return emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                   self, error) &&
         emu_scenario_require (json, node, self->ssid, "ssid", error) &&
         emu_scenario_check_word (json, node, "security", self->security, wifi_securities, error);
}

static gboolean
read_scan (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuScanConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("ssid", AT (ssid), 0, 32),
    EMU_FIELD_OF_TEXT ("bssid", AT (bssid), 17, 17),
    EMU_FIELD_OF_TEXT ("security", AT (security), 1, 16),
    EMU_FIELD_OF_COUNT ("freqMhz", AT (freq_mhz), 2400, 6000),
    { "signalDbm", EMU_FIELD_SIGNED, AT (signal_dbm), -120, 0, NULL },
    EMU_FIELD_OF_BOOL ("hidden", AT (hidden)),
    EMU_FIELD_OF_TEXT ("key", AT (key), 8, 63),
    EMU_FIELD_OF_TEXT ("failure", AT (failure), 1, 40),
    EMU_FIELD_OF_TEXT ("serverCertError", AT (server_cert_error), 1, 40),
    EMU_FIELD_OF_TEXT ("serverSubject", AT (server_subject), 1, 255),
    EMU_FIELD_OF_TEXT ("clientIdentity", AT (client_identity), 1, 254),
    EMU_FIELD_OF_BOOL ("address", AT (address)),
    EMU_FIELD_OF_ENUM ("internet", AT (internet), emu_internet_get_type),
    EMU_FIELD_OF_BOOL ("timeServer", AT (time_server)),
    EMU_FIELD_OF_BOOL ("deviceAuthentication", AT (device_authentication)),
  };
#undef AT
  EmuScanConfig *self = g_new0 (EmuScanConfig, 1);

  g_ptr_array_add (config->scan, self);
  self->bssid = emu_identity_mac ("access point", config->scan->len);
  self->security = g_strdup ("psk");
  self->freq_mhz = 2437;
  self->signal_dbm = -60;
  self->address = TRUE;
  self->time_server = TRUE;
  self->device_authentication = TRUE;

  return emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                   self, error) &&
         emu_scenario_require (json, node, self->ssid, "ssid", error) &&
         emu_scenario_check_word (json, node, "security", self->security, point_securities, error);
}

static gboolean
read_failure (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuFailureConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("timestamp", AT (timestamp), 1, 40),
    EMU_FIELD_OF_TEXT ("ssid", AT (ssid), 1, 32),
    EMU_FIELD_OF_TEXT ("error", AT (error), 1, 40),
    EMU_FIELD_OF_TEXT ("certSubject", AT (cert_subject), 1, 255),
    EMU_FIELD_OF_TEXT ("certError", AT (cert_error), 1, 40),
    EMU_FIELD_OF_COUNT ("certDepth", AT (cert_depth), 0, 16),
    EMU_FIELD_OF_COUNT ("networkId", AT (network_id), 0, G_MAXINT32),
  };
#undef AT
  EmuFailureConfig *self = g_new0 (EmuFailureConfig, 1);

  g_ptr_array_add (config->failures, self);
  self->timestamp = g_strdup ("2000-01-01t00:04:37+0000");
  self->error = g_strdup ("NetworkNotFound");

  return emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                   self, error) &&
         emu_scenario_require (json, node, self->ssid, "ssid", error);
}

static gboolean
read_cert (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuCertConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("id", AT (id), 1, 16),
    EMU_FIELD_OF_TEXT ("publicCert", AT (public_cert), 1, 8192),
    EMU_FIELD_OF_BOOL ("rootCa", AT (root_ca)),
  };
#undef AT
  EmuCertConfig *self = g_new0 (EmuCertConfig, 1);

  g_ptr_array_add (config->certs, self);
  return emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                   self, error) &&
         emu_scenario_require (json, node, self->id, "id", error) &&
         emu_scenario_require (json, node, self->public_cert, "publicCert", error);
}

/**
 * emu_scenario_read_wifi:
 * @json: the scenario
 * @object: an object that describes a board
 * @config: (inout): the board; what @object does not mention stays
 * @error: return location for a [error@Lks.ParseError] with name and line
 *
 * Returns: whether what @object says about networks, access points and certificates is good
 */
gboolean
emu_scenario_read_wifi (LksJson *json, JsonObject *object, EmuBoardConfig *config, GError **error)
{
  const struct
  {
    const char *member;
    GPtrArray *list;
    EmuReadFunc read;
  } lists[] = {
    { "wifiNetworks", config->networks, read_network },
    { "wifiScan", config->scan, read_scan },
    { "wifiFailures", config->failures, read_failure },
    { "certificates", config->certs, read_cert },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!emu_scenario_read_list (json, object, lists[i].member, lists[i].list, lists[i].read,
                                 config, error))
      return FALSE;

  return TRUE;
}
