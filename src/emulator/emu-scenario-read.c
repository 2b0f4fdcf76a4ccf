/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-scenario-read.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-guid.h"

#include "emu-identity.h"
#include "emu-scenario-fields.h"
#include "emu-scenario-wifi.h"

#include <string.h>

static gboolean
read_behaviour (LksJson *json, JsonObject *object, EmuBehaviour *self, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuBehaviour, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_COUNT ("refusalStatus", AT (refusal_status), 400, 599),
    { "refusalNumber", EMU_FIELD_LONG, AT (refusal_number), G_MININT32, G_MAXINT32, NULL },
    EMU_FIELD_OF_BOOL ("listHeaderCapabilities", AT (list_header_capabilities)),
    EMU_FIELD_OF_ENUM ("badHeader", AT (bad_header), emu_header_effect_get_type),
    EMU_FIELD_OF_COUNT ("backwardStatus", AT (backward_status), 400, 599),
    { "backwardNumber", EMU_FIELD_LONG, AT (backward_number), G_MININT32, G_MAXINT32, NULL },
    EMU_FIELD_OF_BOOL ("skipToDeviceComplete", AT (skip_to_device_complete)),
    EMU_FIELD_OF_ENUM ("lockEffect", AT (lock_effect), emu_lock_effect_get_type),
    EMU_FIELD_OF_BOOL ("sideloadWithServicing", AT (sideload_with_servicing)),
    EMU_FIELD_OF_BOOL ("deleteWithServicing", AT (delete_with_servicing)),
    EMU_FIELD_OF_BOOL ("deleteWithoutDevelopment", AT (delete_without_development)),
    EMU_FIELD_OF_BOOL ("stageAgainReplaces", AT (stage_again_replaces)),
    EMU_FIELD_OF_BOOL ("stagedSurviveRestart", AT (staged_survive_restart)),
    EMU_FIELD_OF_COUNT ("telemetryClearMs", AT (telemetry_clear_ms), 0, 60000),
    EMU_FIELD_OF_ENUM ("networkIds", AT (network_ids), emu_id_rule_get_type),
    EMU_FIELD_OF_BOOL ("uniqueConfigNames", AT (unique_config_names)),
    EMU_FIELD_OF_ENUM ("certificateDates", AT (certificate_dates), emu_date_rule_get_type),
    EMU_FIELD_OF_BOOL ("installReportsRestart", AT (install_reports_restart)),
    EMU_FIELD_OF_BOOL ("restartResetsConnections", AT (restart_resets_connections)),
    EMU_FIELD_OF_BOOL ("debugWaits", AT (debug_waits)),
    EMU_FIELD_OF_BOOL ("ping", AT (ping)),
    EMU_FIELD_OF_COUNT ("mtuBytes", AT (mtu_bytes), 576, 1500),
    EMU_FIELD_OF_COUNT ("connectionsMax", AT (connections_max), 1, 64),
  };
#undef AT

  return emu_scenario_read_fields (json, object, fields, G_N_ELEMENTS (fields), self, error);
}

/* A GUID of the file, or one made from @name when the file has none. */
static gboolean
settle_guid (LksJson *json,
             JsonNode *node,
             const char *member,
             const char *kind,
             const char *name,
             char **guid,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  char *normal;

  if (*guid == NULL)
    {
      *guid = emu_identity_guid (kind, name);
      return TRUE;
    }

  normal = lks_guid_normalize (*guid, &local);
  if (normal == NULL)
    {
      lks_json_set_error (json, json_object_get_member (json_node_get_object (node), member), error,
                          "“%s”: %s", member, local->message);
      return FALSE;
    }

  g_free (*guid);
  *guid = normal;
  return TRUE;
}

static gboolean
read_component (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuComponentConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_TEXT ("name", AT (name), 1, 31),
    EMU_FIELD_OF_TEXT ("componentId", AT (component_id), 36, 36),
    EMU_FIELD_OF_TEXT ("imageId", AT (image_id), 36, 36),
    EMU_FIELD_OF_COUNT ("type", AT (image_type), 1, 28),
    EMU_FIELD_OF_COUNT ("sizeBytes", AT (size_bytes), 0, 16 * 1024 * 1024),
    EMU_FIELD_OF_COUNT ("storageKib", AT (storage_kib), 0, 64),
    EMU_FIELD_OF_COUNT ("usageKib", AT (usage_kib), 0, 64),
    { "peripherals", EMU_FIELD_TEXTS, AT (peripherals), 0, 0, NULL },
    EMU_FIELD_OF_BOOL ("sdkSigned", AT (sdk_signed)),
    EMU_FIELD_OF_BOOL ("running", AT (running)),
  };
#undef AT
  EmuComponentConfig *self = g_new0 (EmuComponentConfig, 1);

  g_ptr_array_add (config->components, self);
  self->image_type = 10;
  self->size_bytes = 20692;
  self->running = TRUE;

  return emu_scenario_read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields),
                                   self, error) &&
         emu_scenario_require (json, node, self->name, "name", error) &&
         settle_guid (json, node, "componentId", "component", self->name, &self->component_id,
                      error) &&
         settle_guid (json, node, "imageId", "image", self->name, &self->image_id, error);
}

static gboolean
read_fault (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
  JsonObject *object = json_node_get_object (node);
  EmuFault *fault;

  if (!emu_scenario_require (json, node, json_object_get_member (object, "kind"), "kind", error))
    return FALSE;
  fault = emu_fault_parse (json, object, error);
  if (fault == NULL)
    return FALSE;

  g_ptr_array_add (config->faults, fault);
  return TRUE;
}

static gboolean
read_output (LksJson *json, JsonObject *object, EmuOutputConfig *self, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuOutputConfig, member)
  static const EmuField fields[] = {
    { "lines", EMU_FIELD_TEXTS, AT (lines), 0, 0, NULL },
    EMU_FIELD_OF_COUNT ("perSecond", AT (per_second), 0, 100000),
    EMU_FIELD_OF_COUNT ("exitAfterLines", AT (exit_after_lines), 0, G_MAXINT32),
    EMU_FIELD_OF_COUNT ("exitCode", AT (exit_code), 0, 255),
    EMU_FIELD_OF_COUNT ("exitSignal", AT (exit_signal), 0, 255),
  };
#undef AT

  return emu_scenario_read_fields (json, object, fields, G_N_ELEMENTS (fields), self, error);
}

static gboolean
read_capabilities (LksJson *json, JsonObject *object, EmuBoardConfig *config, GError **error)
{
  JsonArray *array;

  if (!lks_json_has (object, "capabilities"))
    return TRUE;
  if (!lks_json_read_array (json, object, "capabilities", &array, error))
    return FALSE;

  g_array_set_size (config->capabilities, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      guint16 number;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
          json_node_get_int (node) < 1 || json_node_get_int (node) > G_MAXUINT16 || i >= 64)
        {
          lks_json_set_error (json, node, error,
                              "“capabilities”: expected at most 64 numbers from 1 to 65535");
          return FALSE;
        }
      number = (guint16) json_node_get_int (node);
      g_array_append_val (config->capabilities, number);
    }

  return TRUE;
}

static gboolean
settle_device_id (LksJson *json, JsonObject *object, const char *member, char **id, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *normal = lks_device_id_normalize (*id, &local);

  if (normal == NULL)
    {
      lks_json_set_error (json, json_object_get_member (object, member), error, "“%s”: %s", member,
                          local->message);
      return FALSE;
    }

  g_free (*id);
  *id = normal;
  return TRUE;
}

static gboolean
is_version (const char *text)
{
  return g_regex_match_simple ("^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}$", text, 0, 0);
}

static gboolean
is_mac (const char *text)
{
  return g_regex_match_simple ("^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$", text, 0, 0);
}

/* What the kinds of the fields cannot say. */
static gboolean
check_board (LksJson *json, JsonObject *object, EmuBoardConfig *self, GError **error)
{
  static const char *const security_states[] = {
    "TEST", "BLANK", "SECURE", "EOL", "UNKNOWN", NULL
  };
  static const char *const time_syncs[] = { "complete", "incomplete", "disabled", NULL };
  static const char *const keystores[] = { "current", "old", NULL };
  g_autofree char *keystore = NULL;
  const struct
  {
    const char *member;
    gboolean good;
    const char *expected;
  } checks[] = {
    { "securityState", g_strv_contains (security_states, self->security_state),
      "TEST, BLANK, SECURE, EOL or UNKNOWN" },
    { "timeSync", g_strv_contains (time_syncs, self->time_sync),
      "complete, incomplete or disabled" },
    { "restApiVersion", is_version (self->rest_version), "three numbers such as 4.6.0" },
    { "wifiAddress", is_mac (self->wifi_address), "six pairs of hex digits, with colons" },
    { "ethernetAddress", self->ethernet_address == NULL || is_mac (self->ethernet_address),
      "six pairs of hex digits, with colons" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (!checks[i].good && lks_json_has (object, checks[i].member))
      {
        lks_json_set_error (json, json_object_get_member (object, checks[i].member), error,
                            "“%s”: expected %s", checks[i].member, checks[i].expected);
        return FALSE;
      }

  if (lks_json_has (object, "keystore"))
    {
      if (!lks_json_read_string (json, object, "keystore", &keystore, error))
        return FALSE;
      if (!g_strv_contains (keystores, keystore))
        {
          lks_json_set_error (json, json_object_get_member (object, "keystore"), error,
                              "“keystore”: expected current or old");
          return FALSE;
        }
      self->keystore_old = g_str_equal (keystore, "old");
    }

  return settle_device_id (json, object, "deviceId", &self->device_id, error) &&
         settle_device_id (json, object, "otherDeviceId", &self->other_device_id, error);
}

/**
 * emu_scenario_read_board:
 * @json: the scenario
 * @object: an object that describes a board
 * @config: (inout): the board; what @object does not mention stays
 * @error: return location for a [error@Lks.ParseError] with name and line
 *
 * Returns: whether @object is a good description
 */
gboolean
emu_scenario_read_board (LksJson *json, JsonObject *object, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuBoardConfig, member)
  static const EmuField fields[] = {
    EMU_FIELD_OF_ENUM ("adapter", AT (adapter), emu_adapter_get_type),
    EMU_FIELD_OF_TEXT ("usbSerial", AT (usb_serial), 1, 32),
    EMU_FIELD_OF_BOOL ("plugged", AT (plugged)),
    EMU_FIELD_OF_COUNT ("lineBytesPerSecond", AT (line_bytes_per_second), 100, 100000000),
    EMU_FIELD_OF_BOOL ("selfPowered", AT (self_powered)),
    EMU_FIELD_OF_BOOL ("claimed", AT (claimed)),
    EMU_FIELD_OF_TEXT ("deviceId", AT (device_id), 128, 128),
    EMU_FIELD_OF_TEXT ("otherDeviceId", AT (other_device_id), 128, 128),
    EMU_FIELD_OF_TEXT ("securityState", AT (security_state), 1, 16),
    EMU_FIELD_OF_ENUM ("manufacturingState", AT (state), emu_manufacturing_state_get_type),
    EMU_FIELD_OF_OTHER ("capabilities"),
    EMU_FIELD_OF_TEXT ("osVersion", AT (os_version), 1, 32),
    EMU_FIELD_OF_TEXT ("restApiVersion", AT (rest_version), 5, 11),
    { "uptimeSeconds", EMU_FIELD_LONG, AT (uptime_s), 0, G_MAXINT32, NULL },
    EMU_FIELD_OF_COUNT ("bootMs", AT (boot_ms), 0, 3600000),
    EMU_FIELD_OF_COUNT ("restartDelayMs", AT (restart_delay_ms), 0, 60000),
    EMU_FIELD_OF_COUNT ("interfaceDelayMs", AT (interface_delay_ms), 0, 60000),
    EMU_FIELD_OF_COUNT ("scanMs", AT (scan_ms), 0, 60000),
    EMU_FIELD_OF_COUNT ("wifiJoinMs", AT (wifi_join_ms), 0, 600000),
    EMU_FIELD_OF_COUNT ("wifiAddressMs", AT (wifi_address_ms), 0, 600000),
    EMU_FIELD_OF_COUNT ("wifiOnlineMs", AT (wifi_online_ms), 0, 600000),
    EMU_FIELD_OF_COUNT ("wifiAuthenticationMs", AT (wifi_authentication_ms), 0, 600000),
    EMU_FIELD_OF_COUNT ("wifiRetryMs", AT (wifi_retry_ms), 100, 600000),
    EMU_FIELD_OF_BOOL ("otaInProgress", AT (ota_in_progress)),
    EMU_FIELD_OF_COUNT ("otaMs", AT (ota_ms), 0, 3600000),
    EMU_FIELD_OF_TEXT ("otaOsVersion", AT (ota_os_version), 1, 32),
    EMU_FIELD_OF_OTHER ("keystore"),
    EMU_FIELD_OF_COUNT ("flashKib", AT (flash_kib), 0, 16384),
    EMU_FIELD_OF_COUNT ("certificateSpaceBytes", AT (cert_space_bytes), 0, 1048576),
    EMU_FIELD_OF_TEXT ("wifiAddress", AT (wifi_address), 17, 17),
    EMU_FIELD_OF_TEXT ("ethernetAddress", AT (ethernet_address), 17, 17),
    EMU_FIELD_OF_BOOL ("ethernetCable", AT (ethernet_cable)),
    EMU_FIELD_OF_TEXT ("timeSync", AT (time_sync), 1, 16),
    EMU_FIELD_OF_BOOL ("deviceAuthenticationReady", AT (device_auth_ready)),
    EMU_FIELD_OF_OTHER ("images"),
    EMU_FIELD_OF_OTHER ("wifiNetworks"),
    EMU_FIELD_OF_OTHER ("wifiScan"),
    EMU_FIELD_OF_OTHER ("wifiFailures"),
    EMU_FIELD_OF_OTHER ("certificates"),
    EMU_FIELD_OF_OTHER ("applicationOutput"),
    EMU_FIELD_OF_OTHER ("behaviour"),
    EMU_FIELD_OF_OTHER ("faults"),
  };
#undef AT
  JsonObject *output;
  JsonObject *behaviour;

  if (!emu_scenario_read_fields (json, object, fields, G_N_ELEMENTS (fields), config, error) ||
      !check_board (json, object, config, error) ||
      !read_capabilities (json, object, config, error))
    return FALSE;
  if (lks_json_has (object, "applicationOutput") &&
      (!lks_json_read_object (json, object, "applicationOutput", &output, error) ||
       !read_output (json, output, &config->output, error)))
    return FALSE;
  if (lks_json_has (object, "behaviour") &&
      (!lks_json_read_object (json, object, "behaviour", &behaviour, error) ||
       !read_behaviour (json, behaviour, &config->behaviour, error)))
    return FALSE;

  return emu_scenario_read_list (json, object, "images", config->components, read_component, config,
                                 error) &&
         emu_scenario_read_wifi (json, object, config, error) &&
         emu_scenario_read_list (json, object, "faults", config->faults, read_fault, config, error);
}
