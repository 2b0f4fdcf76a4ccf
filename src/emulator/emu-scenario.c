/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-scenario.h"

#include "emu-identity.h"
#include "emu-scenario-read.h"

/* clang-format off */
G_DEFINE_ENUM_TYPE (EmuAdapter, emu_adapter,
  G_DEFINE_ENUM_VALUE (EMU_ADAPTER_BOARD, "board"),
  G_DEFINE_ENUM_VALUE (EMU_ADAPTER_UNPROGRAMMED, "unprogrammed"))

G_DEFINE_ENUM_TYPE (EmuManufacturingState, emu_manufacturing_state,
  G_DEFINE_ENUM_VALUE (EMU_STATE_UNKNOWN, "Unknown"),
  G_DEFINE_ENUM_VALUE (EMU_STATE_BLANK, "Blank"),
  G_DEFINE_ENUM_VALUE (EMU_STATE_MODULE1_COMPLETE, "Module1Complete"),
  G_DEFINE_ENUM_VALUE (EMU_STATE_DEVICE_COMPLETE, "DeviceComplete"))

G_DEFINE_ENUM_TYPE (EmuLockEffect, emu_lock_effect,
  G_DEFINE_ENUM_VALUE (EMU_LOCK_ALL_BUT_RESTART, "all-but-restart"),
  G_DEFINE_ENUM_VALUE (EMU_LOCK_ALL, "all"),
  G_DEFINE_ENUM_VALUE (EMU_LOCK_AT_RESTART, "at-restart"))

G_DEFINE_ENUM_TYPE (EmuHeaderEffect, emu_header_effect,
  G_DEFINE_ENUM_VALUE (EMU_HEADER_IGNORE, "ignore"),
  G_DEFINE_ENUM_VALUE (EMU_HEADER_REFUSE, "refuse"))

G_DEFINE_ENUM_TYPE (EmuIdRule, emu_id_rule,
  G_DEFINE_ENUM_VALUE (EMU_IDS_AFTER_HIGHEST, "after-highest"),
  G_DEFINE_ENUM_VALUE (EMU_IDS_LOWEST_FREE, "lowest-free"),
  G_DEFINE_ENUM_VALUE (EMU_IDS_NEVER_AGAIN, "never-again"))

G_DEFINE_ENUM_TYPE (EmuDateRule, emu_date_rule,
  G_DEFINE_ENUM_VALUE (EMU_DATES_WHEN_CLOCK_IS_SET, "when-clock-is-set"),
  G_DEFINE_ENUM_VALUE (EMU_DATES_ALWAYS, "always"))

G_DEFINE_ENUM_TYPE (EmuInternet, emu_internet,
  G_DEFINE_ENUM_VALUE (EMU_INTERNET_YES, "yes"),
  G_DEFINE_ENUM_VALUE (EMU_INTERNET_NO, "no"),
  G_DEFINE_ENUM_VALUE (EMU_INTERNET_PROXY, "proxy"))
/* clang-format on */

struct _EmuScenario
{
  grefcount refs;
  GPtrArray *boards;     /* (owned) (element-type EmuBoardConfig) */
  EmuCloudConfig *cloud; /* (owned) (nullable): NULL: as if nothing was said */
};

static const EmuBehaviour default_behaviour = {
  .refusal_status = 403,
  .refusal_number = 10485778,
  .backward_status = 400,
  .backward_number = 10485762,
  .skip_to_device_complete = TRUE,
  .sideload_with_servicing = TRUE,
  .delete_without_development = TRUE,
  .stage_again_replaces = TRUE,
  .install_reports_restart = TRUE,
  .restart_resets_connections = TRUE,
  .debug_waits = TRUE,
  .ping = TRUE,
  .mtu_bytes = 1500,
  .connections_max = 8,
};

static const char *const default_lines[] = { "Line {n} of the application", NULL };

static void
component_config_free (gpointer data)
{
  EmuComponentConfig *self = data;

  g_free (self->component_id);
  g_free (self->image_id);
  g_free (self->name);
  g_strfreev (self->peripherals);
  g_free (self);
}

static void
network_config_free (gpointer data)
{
  EmuNetworkConfig *self = data;

  g_free (self->ssid);
  g_free (self->config_name);
  g_free (self->security);
  g_free (self->key);
  g_free (self->client_cert_id);
  g_free (self->client_identity);
  g_free (self->root_ca_id);
  g_free (self);
}

static void
scan_config_free (gpointer data)
{
  EmuScanConfig *self = data;

  g_free (self->ssid);
  g_free (self->bssid);
  g_free (self->security);
  g_free (self->key);
  g_free (self->failure);
  g_free (self->server_cert_error);
  g_free (self->server_subject);
  g_free (self->client_identity);
  g_free (self);
}

EmuFailureConfig *
emu_failure_config_copy (const EmuFailureConfig *self)
{
  EmuFailureConfig *copy = g_new0 (EmuFailureConfig, 1);

  copy->timestamp = g_strdup (self->timestamp);
  copy->ssid = g_strdup (self->ssid);
  copy->error = g_strdup (self->error);
  copy->cert_subject = g_strdup (self->cert_subject);
  copy->cert_error = g_strdup (self->cert_error);
  copy->cert_depth = self->cert_depth;
  copy->network_id = self->network_id;
  return copy;
}

void
emu_failure_config_free (EmuFailureConfig *self)
{
  g_free (self->timestamp);
  g_free (self->ssid);
  g_free (self->error);
  g_free (self->cert_subject);
  g_free (self->cert_error);
  g_free (self);
}

static void
cert_config_free (gpointer data)
{
  EmuCertConfig *self = data;

  g_free (self->id);
  g_free (self->public_cert);
  g_free (self);
}

static void
board_config_free (gpointer data)
{
  EmuBoardConfig *self = data;

  g_free (self->usb_serial);
  g_free (self->device_id);
  g_free (self->other_device_id);
  g_free (self->security_state);
  g_array_unref (self->capabilities);
  g_free (self->os_version);
  g_free (self->ota_os_version);
  g_free (self->rest_version);
  g_free (self->wifi_address);
  g_free (self->ethernet_address);
  g_free (self->time_sync);
  g_ptr_array_unref (self->components);
  g_ptr_array_unref (self->networks);
  g_ptr_array_unref (self->scan);
  g_ptr_array_unref (self->failures);
  g_ptr_array_unref (self->certs);
  g_ptr_array_unref (self->faults);
  g_strfreev (self->output.lines);
  g_free (self);
}

/* The components of the operating system, in the order in which a board lists them. Their
 * IDs are made from the names, so every emulated board of one OS version has the same. */
static const struct
{
  const char *name;
  guint image_type;
  guint size_bytes;
} system_components[] = {
  { "1BL", 1, 16384 },
  { "PlutonRuntime", 2, 27448 },
  { "N9WiFiFirmware", 3, 291664 },
  { "SecurityMonitor", 4, 27352 },
  { "NW Loader", 5, 11072 },
  { "NW Device Tree", 6, 33392 },
  { "NW Kernel", 7, 2544816 },
  { "NW Root Filesystem", 8, 270356 },
  { "networkd", 9, 466964 },
  { "azured", 9, 524308 },
  { "gatewayd", 9, 147476 },
  { "azcore", 9, 20500 },
  { "NW Boot Manifest", 16, 1680 },
  { "TrustedKeystore", 19, 764 },
  { "UpdateCertStore", 22, 9716 },
};

static void
add_system_components (EmuBoardConfig *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (system_components); i++)
    {
      EmuComponentConfig *component = g_new0 (EmuComponentConfig, 1);
      g_autofree char *of_version =
          g_strdup_printf ("%s %s", system_components[i].name, self->os_version);

      component->component_id = emu_identity_guid ("component", system_components[i].name);
      component->image_id = emu_identity_guid ("image", of_version);
      component->name = g_strdup (system_components[i].name);
      component->image_type = system_components[i].image_type;
      component->size_bytes = system_components[i].size_bytes;
      g_ptr_array_insert (self->components, (int) i, component);
    }
}

static void
add_scan (EmuBoardConfig *self,
          const char *ssid,
          const char *bssid,
          const char *security,
          guint freq_mhz,
          int signal_dbm)
{
  EmuScanConfig *scan = g_new0 (EmuScanConfig, 1);

  scan->ssid = g_strdup (ssid);
  scan->bssid = g_strdup (bssid);
  scan->security = g_strdup (security);
  scan->freq_mhz = freq_mhz;
  scan->signal_dbm = signal_dbm;
  scan->address = TRUE;
  scan->time_server = TRUE;
  scan->device_authentication = TRUE;
  g_ptr_array_add (self->scan, scan);
}

static EmuBoardConfig *
board_config_new (guint index)
{
  EmuBoardConfig *self = g_new0 (EmuBoardConfig, 1);

  self->index = index;
  self->usb_serial = emu_identity_usb_serial (index);
  self->plugged = TRUE;
  self->claimed = TRUE;
  self->line_bytes_per_second = EMU_LINE_BYTES_PER_SECOND;
  self->device_id = emu_identity_device_id ("board", index);
  self->other_device_id = emu_identity_device_id ("other board", index);
  self->security_state = g_strdup ("SECURE");
  self->state = EMU_STATE_MODULE1_COMPLETE;
  self->capabilities = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->os_version = g_strdup ("24.06");
  self->rest_version = g_strdup ("4.6.0");
  self->uptime_s = 600 + 7 * (guint64) index;
  self->boot_ms = 4000;
  self->restart_delay_ms = 100;
  self->interface_delay_ms = 300;
  self->scan_ms = 1200;
  self->wifi_join_ms = 1500;
  self->wifi_address_ms = 400;
  self->wifi_online_ms = 900;
  self->wifi_authentication_ms = 1600;
  self->wifi_retry_ms = 10000;
  self->flash_kib = 8192;
  self->cert_space_bytes = 24514;
  self->wifi_address = emu_identity_mac ("wlan0", index);
  self->time_sync = g_strdup ("incomplete");
  self->components = g_ptr_array_new_with_free_func (component_config_free);
  self->networks = g_ptr_array_new_with_free_func (network_config_free);
  self->scan = g_ptr_array_new_with_free_func (scan_config_free);
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_failure_config_free);
  self->certs = g_ptr_array_new_with_free_func (cert_config_free);
  self->output.lines = g_strdupv ((char **) default_lines);
  self->output.per_second = 4;
  self->behaviour = default_behaviour;
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) emu_fault_free);
  add_scan (self, "Factory", "02:5a:10:00:00:01", "psk", 2437, -48);
  add_scan (self, "Factory-EAP", "02:5a:10:00:00:02", "eaptls", 5220, -61);
  add_scan (self, "Guest", "02:5a:10:00:00:03", "open", 2412, -77);
  return self;
}

static gboolean
read_boards (EmuScenario *self, LksJson *json, guint n_boards, GError **error)
{
  JsonObject *root = lks_json_get_root_object (json, error);
  static const char *const known[] = { "$schema", "count", "defaults", "boards", "cloud", NULL };
  JsonObject *defaults = NULL;
  JsonArray *boards = NULL;
  gint64 count;

  if (root == NULL || !lks_json_check_members (json, root, known, error))
    return FALSE;
  if (lks_json_has (root, "defaults") &&
      !lks_json_read_object (json, root, "defaults", &defaults, error))
    return FALSE;
  if (lks_json_has (root, "boards") && !lks_json_read_array (json, root, "boards", &boards, error))
    return FALSE;
  count = boards != NULL ? json_array_get_length (boards) : 1;
  if (lks_json_has (root, "count") &&
      !lks_json_read_int (json, root, "count", 0, EMU_SCENARIO_BOARDS_MAX, &count, error))
    return FALSE;
  if (boards != NULL && json_array_get_length (boards) > MAX (count, n_boards))
    {
      lks_json_set_error (json, json_object_get_member (root, "boards"), error,
                          "“boards” lists %u boards, but there are %" G_GINT64_FORMAT,
                          json_array_get_length (boards), MAX (count, n_boards));
      return FALSE;
    }

  for (guint i = 0; i < (n_boards > 0 ? n_boards : count); i++)
    {
      EmuBoardConfig *config = board_config_new (i);
      gboolean listed = boards != NULL && i < json_array_get_length (boards);
      JsonNode *node = listed ? json_array_get_element (boards, i) : NULL;

      g_ptr_array_add (self->boards, config);
      if (defaults != NULL && !emu_scenario_read_board (json, defaults, config, error))
        return FALSE;
      if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
        {
          lks_json_set_error (json, node, error, "“boards”: expected a list of objects");
          return FALSE;
        }
      if (node != NULL &&
          !emu_scenario_read_board (json, json_node_get_object (node), config, error))
        return FALSE;
      add_system_components (config);
    }

  return TRUE;
}

static EmuScenario *
scenario_new (void)
{
  EmuScenario *self = g_new0 (EmuScenario, 1);

  g_ref_count_init (&self->refs);
  self->boards = g_ptr_array_new_with_free_func (board_config_free);
  return self;
}

/**
 * emu_scenario_new:
 * @n_boards: how many, at most %EMU_SCENARIO_BOARDS_MAX
 *
 * Returns: (transfer full): a scenario of @n_boards healthy boards in Module1Complete
 */
EmuScenario *
emu_scenario_new (guint n_boards)
{
  EmuScenario *self = scenario_new ();

  for (guint i = 0; i < MIN (n_boards, EMU_SCENARIO_BOARDS_MAX); i++)
    {
      g_ptr_array_add (self->boards, board_config_new (i));
      add_system_components (g_ptr_array_index (self->boards, i));
    }
  return self;
}

static gboolean
read_cloud (EmuScenario *self, LksJson *json, GError **error)
{
  JsonObject *root = lks_json_get_root_object (json, NULL);
  JsonObject *object;

  if (!lks_json_has (root, "cloud"))
    return TRUE;
  if (!lks_json_read_object (json, root, "cloud", &object, error))
    return FALSE;

  self->cloud = emu_cloud_config_parse (json, object, error);
  return self->cloud != NULL;
}

/**
 * emu_scenario_parse:
 * @name: what the text is called in messages
 * @data: the text of a scenario, see data/scenario.schema.json
 * @size_bytes: its size
 * @n_boards: how many boards there shall be whatever the scenario says, 0: as it says
 * @error: return location for a [error@Lks.ParseError] with name and line
 *
 * Returns: (transfer full): the scenario, or NULL with @error set
 */
EmuScenario *
emu_scenario_parse (const char *name,
                    gconstpointer data,
                    gsize size_bytes,
                    guint n_boards,
                    GError **error)
{
  g_autoptr (LksJson) json =
      lks_json_parse (name, data, size_bytes, EMU_SCENARIO_SIZE_MAX_BYTES, error);
  g_autoptr (EmuScenario) self = scenario_new ();

  if (json == NULL || !read_boards (self, json, MIN (n_boards, EMU_SCENARIO_BOARDS_MAX), error) ||
      !read_cloud (self, json, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * emu_scenario_load:
 * @path: (type filename): a scenario file
 * @n_boards: how many boards there shall be whatever the scenario says, 0: as it says
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR`
 *
 * Returns: (transfer full): the scenario, or NULL with @error set
 */
EmuScenario *
emu_scenario_load (const char *path, guint n_boards, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  gsize size_bytes;

  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return NULL;

  return emu_scenario_parse (name, text, size_bytes, n_boards, error);
}

/**
 * emu_scenario_ref:
 * @self: a scenario
 *
 * Returns: (transfer full): @self
 */
EmuScenario *
emu_scenario_ref (EmuScenario *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

/**
 * emu_scenario_unref:
 * @self: (transfer full): a scenario
 */
void
emu_scenario_unref (EmuScenario *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;

  g_ptr_array_unref (self->boards);
  g_clear_pointer (&self->cloud, emu_cloud_config_free);
  g_free (self);
}

/**
 * emu_scenario_get_n_boards:
 * @self: a scenario
 *
 * Returns: how many boards there are
 */
guint
emu_scenario_get_n_boards (EmuScenario *self)
{
  return self->boards->len;
}

/**
 * emu_scenario_get_board:
 * @self: a scenario
 * @index: a board, below emu_scenario_get_n_boards()
 *
 * Returns: (transfer none): what the scenario says about it
 */
const EmuBoardConfig *
emu_scenario_get_board (EmuScenario *self, guint index)
{
  g_return_val_if_fail (index < self->boards->len, NULL);

  return g_ptr_array_index (self->boards, index);
}

/**
 * emu_scenario_steal_cloud:
 * @self: a scenario
 *
 * Returns: (transfer full): what the scenario says about the cloud, or the defaults; the second
 *   call gets the defaults
 */
EmuCloudConfig *
emu_scenario_steal_cloud (EmuScenario *self)
{
  return self->cloud != NULL ? g_steal_pointer (&self->cloud) : emu_cloud_config_new ();
}
