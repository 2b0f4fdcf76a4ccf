/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-scenario-read.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-guid.h"

#include "emu-identity.h"

#include <string.h>

#define LIST_MAX 256u

/* One member of an object: how to read it and where it goes. */
typedef enum
{
  FIELD_TEXT,
  FIELD_COUNT, /* guint */
  FIELD_LONG,  /* guint64 or gint64 */
  FIELD_SIGNED,
  FIELD_BOOL,
  FIELD_ENUM,
  FIELD_TEXTS,
  FIELD_OTHER, /* read by code of its own */
} FieldKind;

typedef struct
{
  const char *name;
  FieldKind kind;
  gsize offset;
  gint64 min; /* of a text: its fewest characters */
  gint64 max; /* of a text: its most characters */
  GType (*get_type) (void);
} Field;

static gboolean
read_text (LksJson *json, JsonObject *object, const Field *field, char **text, GError **error)
{
  g_autofree char *value = NULL;

  if (!lks_json_read_string (json, object, field->name, &value, error))
    return FALSE;
  if ((gint64) strlen (value) < field->min || (gint64) strlen (value) > field->max)
    {
      lks_json_set_error (json, json_object_get_member (object, field->name), error,
                          "“%s”: expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                          " bytes of text",
                          field->name, field->min, field->max);
      return FALSE;
    }

  g_free (*text);
  *text = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_field (LksJson *json, JsonObject *object, const Field *field, guint8 *base, GError **error)
{
  void *place = base + field->offset;
  gint64 number;

  switch (field->kind)
    {
    case FIELD_TEXT:
      return read_text (json, object, field, place, error);
    case FIELD_COUNT:
      if (!lks_json_read_int (json, object, field->name, field->min, field->max, &number, error))
        return FALSE;
      *(guint *) place = (guint) number;
      return TRUE;
    case FIELD_LONG:
      return lks_json_read_int (json, object, field->name, field->min, field->max, place, error);
    case FIELD_SIGNED:
      if (!lks_json_read_int (json, object, field->name, field->min, field->max, &number, error))
        return FALSE;
      *(int *) place = (int) number;
      return TRUE;
    case FIELD_BOOL:
      return lks_json_read_boolean (json, object, field->name, place, error);
    case FIELD_ENUM:
      return lks_json_read_enum (json, object, field->name, field->get_type (), place, error);
    case FIELD_TEXTS:
      g_clear_pointer ((char ***) place, g_strfreev);
      return lks_json_read_string_list (json, object, field->name, place, error);
    case FIELD_OTHER:
      break;
    }

  return TRUE;
}

/* Reads every member that is there; refuses one that no field names. */
static gboolean
read_fields (LksJson *json,
             JsonObject *object,
             const Field *fields,
             gsize n_fields,
             gpointer base,
             GError **error)
{
  g_autofree const char **names = g_new0 (const char *, n_fields + 1);

  for (gsize i = 0; i < n_fields; i++)
    names[i] = fields[i].name;
  if (!lks_json_check_members (json, object, names, error))
    return FALSE;

  for (gsize i = 0; i < n_fields; i++)
    if (lks_json_has (object, fields[i].name) &&
        !read_field (json, object, &fields[i], base, error))
      return FALSE;

  return TRUE;
}

static gboolean
require (LksJson *json, JsonNode *node, gconstpointer value, const char *member, GError **error)
{
  if (value != NULL)
    return TRUE;

  lks_json_set_error (json, node, error, "“%s” is missing", member);
  return FALSE;
}

#define COUNT(member, place, low, high)                                                            \
  {                                                                                                \
    .name = member, .kind = FIELD_COUNT, .offset = place, .min = low, .max = high                  \
  }
#define TEXT(member, place, low, high)                                                             \
  {                                                                                                \
    .name = member, .kind = FIELD_TEXT, .offset = place, .min = low, .max = high                   \
  }
#define BOOL(member, place)                                                                        \
  {                                                                                                \
    .name = member, .kind = FIELD_BOOL, .offset = place                                            \
  }
#define ENUM(member, place, type)                                                                  \
  {                                                                                                \
    .name = member, .kind = FIELD_ENUM, .offset = place, .get_type = type                          \
  }
#define OTHER(member)                                                                              \
  {                                                                                                \
    .name = member, .kind = FIELD_OTHER                                                            \
  }

static gboolean
read_behaviour (LksJson *json, JsonObject *object, EmuBehaviour *self, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuBehaviour, member)
  static const Field fields[] = {
    COUNT ("refusalStatus", AT (refusal_status), 400, 599),
    { "refusalNumber", FIELD_LONG, AT (refusal_number), G_MININT32, G_MAXINT32, NULL },
    BOOL ("listHeaderCapabilities", AT (list_header_capabilities)),
    ENUM ("badHeader", AT (bad_header), emu_header_effect_get_type),
    COUNT ("backwardStatus", AT (backward_status), 400, 599),
    { "backwardNumber", FIELD_LONG, AT (backward_number), G_MININT32, G_MAXINT32, NULL },
    BOOL ("skipToDeviceComplete", AT (skip_to_device_complete)),
    ENUM ("lockEffect", AT (lock_effect), emu_lock_effect_get_type),
    BOOL ("sideloadWithServicing", AT (sideload_with_servicing)),
    BOOL ("deleteWithServicing", AT (delete_with_servicing)),
    BOOL ("deleteWithoutDevelopment", AT (delete_without_development)),
    BOOL ("stageAgainReplaces", AT (stage_again_replaces)),
    BOOL ("stagedSurviveRestart", AT (staged_survive_restart)),
    ENUM ("networkIds", AT (network_ids), emu_id_rule_get_type),
    BOOL ("uniqueConfigNames", AT (unique_config_names)),
    BOOL ("installReportsRestart", AT (install_reports_restart)),
    BOOL ("restartResetsConnections", AT (restart_resets_connections)),
    BOOL ("ping", AT (ping)),
    COUNT ("mtuBytes", AT (mtu_bytes), 576, 1500),
    COUNT ("connectionsMax", AT (connections_max), 1, 64),
  };
#undef AT

  return read_fields (json, object, fields, G_N_ELEMENTS (fields), self, error);
}

/* Calls @read for each object of the list @member, if there is one. */
typedef gboolean (*ReadFunc) (LksJson *json,
                              JsonNode *node,
                              EmuBoardConfig *config,
                              GError **error);

static gboolean
read_list (LksJson *json,
           JsonObject *object,
           const char *member,
           GPtrArray *list,
           ReadFunc read,
           EmuBoardConfig *config,
           GError **error)
{
  JsonArray *array;

  if (!lks_json_has (object, member))
    return TRUE;
  if (!lks_json_read_array (json, object, member, &array, error))
    return FALSE;
  if (json_array_get_length (array) > LIST_MAX)
    {
      lks_json_set_error (json, json_object_get_member (object, member), error,
                          "“%s”: at most %u are possible", member, LIST_MAX);
      return FALSE;
    }

  g_ptr_array_set_size (list, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "“%s”: expected a list of objects", member);
          return FALSE;
        }
      if (!read (json, node, config, error))
        return FALSE;
    }

  return TRUE;
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
  static const Field fields[] = {
    TEXT ("name", AT (name), 1, 31),
    TEXT ("componentId", AT (component_id), 36, 36),
    TEXT ("imageId", AT (image_id), 36, 36),
    COUNT ("type", AT (image_type), 1, 28),
    COUNT ("sizeBytes", AT (size_bytes), 0, 16 * 1024 * 1024),
    COUNT ("storageKib", AT (storage_kib), 0, 64),
    COUNT ("usageKib", AT (usage_kib), 0, 64),
    { "peripherals", FIELD_TEXTS, AT (peripherals), 0, 0, NULL },
    BOOL ("sdkSigned", AT (sdk_signed)),
    BOOL ("running", AT (running)),
  };
#undef AT
  EmuComponentConfig *self = g_new0 (EmuComponentConfig, 1);

  g_ptr_array_add (config->components, self);
  self->image_type = 10;
  self->size_bytes = 20692;
  self->running = TRUE;

  return read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields), self,
                      error) &&
         require (json, node, self->name, "name", error) &&
         settle_guid (json, node, "componentId", "component", self->name, &self->component_id,
                      error) &&
         settle_guid (json, node, "imageId", "image", self->name, &self->image_id, error);
}

static gboolean
check_word (LksJson *json,
            JsonNode *node,
            const char *member,
            const char *value,
            const char *const *words,
            GError **error)
{
  g_autofree char *list = NULL;

  if (g_strv_contains (words, value))
    return TRUE;

  list = g_strjoinv (", ", (char **) words);
  lks_json_set_error (json, json_object_get_member (json_node_get_object (node), member), error,
                      "“%s”: “%s” is none of %s", member, value, list);
  return FALSE;
}

static const char *const wifi_securities[] = { "open", "psk", "eaptls", NULL };

static gboolean
read_network (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuNetworkConfig, member)
  static const Field fields[] = {
    TEXT ("ssid", AT (ssid), 1, 32),
    TEXT ("configName", AT (config_name), 1, 16),
    TEXT ("security", AT (security), 1, 16),
    TEXT ("clientCertId", AT (client_cert_id), 1, 16),
    TEXT ("clientIdentity", AT (client_identity), 1, 254),
    TEXT ("rootCaId", AT (root_ca_id), 1, 16),
    BOOL ("enabled", AT (enabled)),
    BOOL ("connected", AT (connected)),
    BOOL ("targetedScan", AT (targeted_scan)),
  };
#undef AT
  EmuNetworkConfig *self = g_new0 (EmuNetworkConfig, 1);

  g_ptr_array_add (config->networks, self);
  self->security = g_strdup ("psk");
  self->enabled = TRUE;

  return read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields), self,
                      error) &&
         require (json, node, self->ssid, "ssid", error) &&
         check_word (json, node, "security", self->security, wifi_securities, error);
}

static gboolean
read_scan (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuScanConfig, member)
  static const Field fields[] = {
    TEXT ("ssid", AT (ssid), 0, 32),
    TEXT ("bssid", AT (bssid), 17, 17),
    TEXT ("security", AT (security), 1, 16),
    COUNT ("freqMhz", AT (freq_mhz), 2400, 6000),
    { "signalDbm", FIELD_SIGNED, AT (signal_dbm), -120, 0, NULL },
  };
#undef AT
  EmuScanConfig *self = g_new0 (EmuScanConfig, 1);

  g_ptr_array_add (config->scan, self);
  self->bssid = emu_identity_mac ("access point", config->scan->len);
  self->security = g_strdup ("psk");
  self->freq_mhz = 2437;
  self->signal_dbm = -60;

  return read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields), self,
                      error) &&
         require (json, node, self->ssid, "ssid", error) &&
         check_word (json, node, "security", self->security, wifi_securities, error);
}

static gboolean
read_failure (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuFailureConfig, member)
  static const Field fields[] = {
    TEXT ("timestamp", AT (timestamp), 1, 40),
    TEXT ("ssid", AT (ssid), 1, 32),
    TEXT ("error", AT (error), 1, 40),
    TEXT ("certSubject", AT (cert_subject), 1, 255),
    TEXT ("certError", AT (cert_error), 1, 40),
    COUNT ("certDepth", AT (cert_depth), 0, 16),
    COUNT ("networkId", AT (network_id), 0, G_MAXINT32),
  };
#undef AT
  EmuFailureConfig *self = g_new0 (EmuFailureConfig, 1);

  g_ptr_array_add (config->failures, self);
  self->timestamp = g_strdup ("2000-01-01t00:04:37+0000");
  self->error = g_strdup ("NetworkNotFound");

  return read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields), self,
                      error) &&
         require (json, node, self->ssid, "ssid", error);
}

static gboolean
read_cert (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
#define AT(member) G_STRUCT_OFFSET (EmuCertConfig, member)
  static const Field fields[] = {
    TEXT ("id", AT (id), 1, 16),
    TEXT ("publicCert", AT (public_cert), 1, 8192),
    BOOL ("rootCa", AT (root_ca)),
  };
#undef AT
  EmuCertConfig *self = g_new0 (EmuCertConfig, 1);

  g_ptr_array_add (config->certs, self);
  return read_fields (json, json_node_get_object (node), fields, G_N_ELEMENTS (fields), self,
                      error) &&
         require (json, node, self->id, "id", error) &&
         require (json, node, self->public_cert, "publicCert", error);
}

static gboolean
read_fault (LksJson *json, JsonNode *node, EmuBoardConfig *config, GError **error)
{
  JsonObject *object = json_node_get_object (node);
  EmuFault *fault;

  if (!require (json, node, json_object_get_member (object, "kind"), "kind", error))
    return FALSE;
  fault = emu_fault_parse (json, object, error);
  if (fault == NULL)
    return FALSE;

  g_ptr_array_add (config->faults, fault);
  return TRUE;
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
  static const Field fields[] = {
    ENUM ("adapter", AT (adapter), emu_adapter_get_type),
    TEXT ("usbSerial", AT (usb_serial), 1, 32),
    BOOL ("plugged", AT (plugged)),
    COUNT ("lineBytesPerSecond", AT (line_bytes_per_second), 100, 100000000),
    BOOL ("selfPowered", AT (self_powered)),
    TEXT ("deviceId", AT (device_id), 128, 128),
    TEXT ("otherDeviceId", AT (other_device_id), 128, 128),
    TEXT ("securityState", AT (security_state), 1, 16),
    ENUM ("manufacturingState", AT (state), emu_manufacturing_state_get_type),
    OTHER ("capabilities"),
    TEXT ("osVersion", AT (os_version), 1, 32),
    TEXT ("restApiVersion", AT (rest_version), 5, 11),
    { "uptimeSeconds", FIELD_LONG, AT (uptime_s), 0, G_MAXINT32, NULL },
    COUNT ("bootMs", AT (boot_ms), 0, 3600000),
    COUNT ("restartDelayMs", AT (restart_delay_ms), 0, 60000),
    COUNT ("interfaceDelayMs", AT (interface_delay_ms), 0, 60000),
    COUNT ("scanMs", AT (scan_ms), 0, 60000),
    BOOL ("otaInProgress", AT (ota_in_progress)),
    OTHER ("keystore"),
    COUNT ("flashKib", AT (flash_kib), 0, 16384),
    COUNT ("certificateSpaceBytes", AT (cert_space_bytes), 0, 1048576),
    TEXT ("wifiAddress", AT (wifi_address), 17, 17),
    TEXT ("ethernetAddress", AT (ethernet_address), 17, 17),
    TEXT ("timeSync", AT (time_sync), 1, 16),
    BOOL ("deviceAuthenticationReady", AT (device_auth_ready)),
    OTHER ("images"),
    OTHER ("wifiNetworks"),
    OTHER ("wifiScan"),
    OTHER ("wifiFailures"),
    OTHER ("certificates"),
    OTHER ("behaviour"),
    OTHER ("faults"),
  };
#undef AT
  JsonObject *behaviour;

  if (!read_fields (json, object, fields, G_N_ELEMENTS (fields), config, error) ||
      !check_board (json, object, config, error) ||
      !read_capabilities (json, object, config, error))
    return FALSE;
  if (lks_json_has (object, "behaviour") &&
      (!lks_json_read_object (json, object, "behaviour", &behaviour, error) ||
       !read_behaviour (json, behaviour, &config->behaviour, error)))
    return FALSE;

  return read_list (json, object, "images", config->components, read_component, config, error) &&
         read_list (json, object, "wifiNetworks", config->networks, read_network, config, error) &&
         read_list (json, object, "wifiScan", config->scan, read_scan, config, error) &&
         read_list (json, object, "wifiFailures", config->failures, read_failure, config, error) &&
         read_list (json, object, "certificates", config->certs, read_cert, config, error) &&
         read_list (json, object, "faults", config->faults, read_fault, config, error);
}
