/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-wifi.h"

#include "lks-device-cert.h"
#include "lks-device-private.h"
#include "lks-enums.h"

#define SCAN_LIMIT_MS 30000

typedef struct
{
  GPtrArray *values;
} Values;

static const LksDeviceShapeField network_fields[] = {
  LKS_FIELD (LksWifiNetwork, INT, "id", id),
  LKS_FIELD (LksWifiNetwork, TEXT, "ssid", ssid, .is_optional = TRUE),
  LKS_FIELD (LksWifiNetwork, TEXT, "configName", config_name, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiNetwork, "configState", config_state, lks_wifi_config_state_get_type),
  LKS_FIELD_WORD_OF (LksWifiNetwork,
                     "connectionState",
                     connection_state,
                     lks_wifi_connection_state_get_type),
  LKS_FIELD_WORD_OF (LksWifiNetwork, "securityState", security, lks_wifi_security_get_type),
  LKS_FIELD (LksWifiNetwork, FLAG, "targetedScan", is_targeted_scan),
  LKS_FIELD (LksWifiNetwork, TEXT, "clientIdentity", client_identity, .is_optional = TRUE),
  LKS_FIELD (LksWifiNetwork,
             TEXT,
             "clientCertStoreIdentifier",
             client_cert_id,
             .is_optional = TRUE),
  LKS_FIELD (LksWifiNetwork,
             TEXT,
             "rootCaCertStoreIdentifier",
             root_ca_cert_id,
             .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape network_record = {
  .size = sizeof (LksWifiNetwork),
  .free_func = (GDestroyNotify) lks_wifi_network_free,
  .fields = network_fields,
};

static const LksDeviceShapeField cert_info_fields[] = {
  LKS_FIELD (LksWifiFailure, TEXT, "certSubject", cert_subject, .is_optional = TRUE),
  LKS_FIELD (LksWifiFailure, INT, "certDepth", cert_depth, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiFailure,
                     "certError",
                     cert_error,
                     lks_wifi_cert_error_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape cert_info_record = {
  .size = sizeof (LksWifiFailure),
  .fields = cert_info_fields,
};

static const LksDeviceShapeField failure_fields[] = {
  LKS_FIELD (LksWifiFailure, TEXT, "timestamp", timestamp, .is_optional = TRUE),
  LKS_FIELD (LksWifiFailure, INT, "networkId", network_id),
  LKS_FIELD (LksWifiFailure, TEXT, "ssid", ssid, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiFailure,
                     "configState",
                     config_state,
                     lks_wifi_config_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiFailure,
                     "connectionState",
                     connection_state,
                     lks_wifi_connection_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiFailure,
                     "error",
                     reason,
                     lks_wifi_failure_reason_get_type,
                     .is_optional = TRUE),
  { .member = "certInfo",
    .kind = LKS_FIELD_RECORD,
    .offset = 0,
    .is_optional = TRUE,
    .has_offset = G_STRUCT_OFFSET (LksWifiFailure, has_cert_info),
    .record = &cert_info_record },
  LKS_FIELD_END,
};
static const LksDeviceShape failure_record = {
  .size = sizeof (LksWifiFailure),
  .free_func = (GDestroyNotify) lks_wifi_failure_free,
  .fields = failure_fields,
};

static const LksDeviceShapeField interface_fields[] = {
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "configState",
                     config_state,
                     lks_wifi_config_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "connectionState",
                     connection_state,
                     lks_wifi_connection_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "securityState",
                     security,
                     lks_wifi_security_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface, "mode", mode, lks_wifi_mode_get_type, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "key_mgmt",
                     key_management,
                     lks_wifi_key_management_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "wpa_state",
                     wpa_state,
                     lks_wifi_wpa_state_get_type,
                     .is_optional = TRUE),
  LKS_FIELD (LksWifiInterface, TEXT, "address", mac_address, .is_optional = TRUE),
  LKS_FIELD (LksWifiInterface,
             INT,
             "id",
             network_id,
             .is_optional = TRUE,
             .has_offset = G_STRUCT_OFFSET (LksWifiInterface, has_network_id)),
  LKS_FIELD (LksWifiInterface, TEXT, "ssid", ssid, .is_optional = TRUE),
  LKS_FIELD (LksWifiInterface, UINT, "freq", freq_mhz, .is_optional = TRUE),
  LKS_FIELD (LksWifiInterface, TEXT, "ip_address", ip_address, .is_optional = TRUE),
  LKS_FIELD (LksWifiInterface, TEXT, "configName", config_name, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksWifiInterface,
                     "powerSavingsState",
                     power_savings,
                     lks_wifi_power_savings_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape interface_record = {
  .size = sizeof (LksWifiInterface),
  .free_func = (GDestroyNotify) lks_wifi_interface_free,
  .fields = interface_fields,
};

static void scan_free (gpointer scan);

static const LksDeviceShapeField scan_fields[] = {
  LKS_FIELD (LksWifiScan, TEXT, "bssid", bssid),
  LKS_FIELD (LksWifiScan, UINT, "freq", freq_mhz),
  LKS_FIELD_WORD_OF (LksWifiScan, "securityState", security, lks_wifi_security_get_type),
  LKS_FIELD (LksWifiScan, INT, "signal_level", signal_dbm),
  LKS_FIELD (LksWifiScan, TEXT, "ssid", ssid),
  LKS_FIELD_END,
};
static const LksDeviceShape scan_record = {
  .size = sizeof (LksWifiScan),
  .free_func = scan_free,
  .fields = scan_fields,
};

static void
scan_free (gpointer scan)
{
  lks_device_shape_free (&scan_record, scan);
}

static void
values_free (gpointer data)
{
  Values *self = data;

  g_ptr_array_unref (self->values);
  g_free (self);
}

#define VALUES_RECORD(name_, record_)                                                              \
  static const LksDeviceShapeField name_##_fields[] = {                                            \
    LKS_FIELD (Values, LIST, "values", values, .record = &record_),                                \
    LKS_FIELD_END,                                                                                 \
  };                                                                                               \
  static const LksDeviceShape name_##_record = {                                                   \
    .size = sizeof (Values),                                                                       \
    .free_func = values_free,                                                                      \
    .fields = name_##_fields,                                                                      \
  };

VALUES_RECORD (networks, network_record)
VALUES_RECORD (failures, failure_record)
VALUES_RECORD (scans, scan_record)

const LksAnswerType lks_answer_types_wifi[] = {
  { "GET /wifi/config/networks", &networks_record },
  { "GET /wifi/config/networks/{n}", &network_record },
  { "GET /wifi/diagnostics/networks", &failures_record },
  { "GET /wifi/diagnostics/networks/{n}", &failure_record },
  { "GET /wifi/interface", &interface_record },
  { "GET /wifi/scan", &scans_record },
  { NULL, NULL },
};

/**
 * lks_wifi_network_free:
 * @self: (transfer full) (nullable): a network
 */
void
lks_wifi_network_free (LksWifiNetwork *self)
{
  lks_device_shape_free (&network_record, self);
}

/**
 * lks_wifi_failure_free:
 * @self: (transfer full) (nullable): a failed connection
 */
void
lks_wifi_failure_free (LksWifiFailure *self)
{
  lks_device_shape_free (&failure_record, self);
}

/**
 * lks_wifi_interface_free:
 * @self: (transfer full) (nullable): state of the Wi-Fi interface
 */
void
lks_wifi_interface_free (LksWifiInterface *self)
{
  lks_device_shape_free (&interface_record, self);
}

static GPtrArray *
call_values (LksDevice *self,
             const LksCall *call,
             const LksDeviceShape *record,
             GCancellable *cancellable,
             GError **error)
{
  Values answer = { 0 };

  if (!lks_device_call_read (self, call, record, &answer, cancellable, error))
    return NULL;

  return answer.values;
}

static char *
build_path (const char *prefix, int id, GError **error)
{
  if (!lks_device_check (id >= 0, error, "a network has a number from 0"))
    return NULL;

  return g_strdup_printf ("%s%d", prefix, id);
}

/**
 * lks_device_get_wifi_networks:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/config/networks`. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksWifiNetwork): the configured networks, or NULL with
 *   @error set
 */
GPtrArray *
lks_device_get_wifi_networks (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/wifi/config/networks" };

  return call_values (self, &call, &networks_record, cancellable, error);
}

/**
 * lks_device_get_wifi_network:
 * @self: a device
 * @id: the board's number for the network
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/config/networks/{id}`. Blocks; worker threads only.
 *
 * Returns: (transfer full): the network, or NULL with @error set
 */
LksWifiNetwork *
lks_device_get_wifi_network (LksDevice *self, int id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = build_path ("/wifi/config/networks/", id, error);
  const LksCall call = { .method = "GET", .path = path };

  if (path == NULL)
    return NULL;

  return lks_device_call_new (self, &call, &network_record, cancellable, error);
}

static gboolean
check_cert_id (const char *id, GError **error)
{
  return lks_device_check (id == NULL || lks_cert_id_is_valid (id), error,
                           "a certificate identifier has 1 to %d letters, digits, dots, hyphens "
                           "and underscores",
                           LKS_CERT_ID_MAX);
}

static gboolean
check_network (const LksWifiRequest *request, GError **error)
{
  gboolean is_psk = request->security == LKS_WIFI_SECURITY_PSK;
  gboolean is_eap_tls = request->security == LKS_WIFI_SECURITY_EAP_TLS;
  gboolean has_cert = request->client_cert_id != NULL || request->root_ca_cert_id != NULL ||
                      request->client_identity != NULL;

  return lks_device_check_text ("the network's name", request->ssid, 1, LKS_WIFI_SSID_MAX, error) &&
         lks_device_check_text ("the configuration name", request->config_name, 0,
                                LKS_WIFI_CONFIG_NAME_MAX, error) &&
         lks_device_check (is_psk || is_eap_tls || request->security == LKS_WIFI_SECURITY_OPEN,
                           error, "a network is open, or uses a key or EAP-TLS") &&
         lks_device_check (is_psk == (request->psk != NULL), error,
                           "a key is needed for a network with key, and for no other") &&
         (!is_psk || lks_device_check_text ("the key", request->psk, LKS_WIFI_KEY_MIN,
                                            LKS_WIFI_KEY_MAX, error)) &&
         lks_device_check (is_eap_tls || !has_cert, error,
                           "certificates and identity belong to EAP-TLS only") &&
         lks_device_check (!is_eap_tls || request->client_cert_id != NULL, error,
                           "EAP-TLS needs the identifier of a client certificate") &&
         check_cert_id (request->client_cert_id, error) &&
         check_cert_id (request->root_ca_cert_id, error) &&
         lks_device_check_text ("the client identity", request->client_identity, 0,
                                LKS_WIFI_IDENTITY_MAX, error);
}

static void
add_optional (LksDeviceBody *body, const char *member, const char *text)
{
  if (text != NULL)
    lks_device_body_add_text (body, member, text);
}

/**
 * lks_device_add_wifi_network:
 * @self: a device
 * @request: the network
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `POST /wifi/config/networks`. Blocks; worker threads only.
 *
 * Returns: (transfer full): the network with its number, or NULL with @error set
 */
LksWifiNetwork *
lks_device_add_wifi_network (LksDevice *self,
                             const LksWifiRequest *request,
                             GCancellable *cancellable,
                             GError **error)
{
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = { .method = "POST", .path = "/wifi/config/networks", .body = &body };

  if (!check_network (request, error))
    return NULL;

  lks_device_body_add_text (&body, "ssid", request->ssid);
  lks_device_body_add_text (&body, "securityState",
                            lks_enum_to_nick (LKS_TYPE_WIFI_SECURITY, (int) request->security));
  add_optional (&body, "psk", request->psk);
  add_optional (&body, "clientIdentity", request->client_identity);
  add_optional (&body, "clientCertStoreIdentifier", request->client_cert_id);
  add_optional (&body, "rootCaCertStoreIdentifier", request->root_ca_cert_id);
  add_optional (&body, "configName", request->config_name);
  lks_device_body_add_text (&body, "configState", request->is_disabled ? "disabled" : "enabled");
  lks_device_body_add_flag (&body, "targetedScan", request->is_targeted_scan);
  lks_device_body_end (&body);

  return lks_device_call_new (self, &call, &network_record, cancellable, error);
}

/**
 * lks_device_change_wifi_network:
 * @self: a device
 * @id: the board's number for the network
 * @change: what to change; at least one thing
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `PATCH /wifi/config/networks/{id}`. Blocks; worker threads only.
 *
 * Returns: (transfer full): the network afterwards, or NULL with @error set
 */
LksWifiNetwork *
lks_device_change_wifi_network (LksDevice *self,
                                int id,
                                const LksWifiChange *change,
                                GCancellable *cancellable,
                                GError **error)
{
  g_autofree char *path = build_path ("/wifi/config/networks/", id, error);
  gboolean set_state = change->config_state != LKS_WIFI_CONFIG_STATE_UNKNOWN;
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = { .method = "PATCH", .path = path, .body = &body };

  if (path == NULL ||
      !lks_device_check (set_state || change->psk != NULL, error,
                         "nothing to change: give a state or a key") ||
      !lks_device_check (change->config_state != LKS_WIFI_CONFIG_STATE_TEMP_DISABLED, error,
                         "a network can be set to enabled or disabled") ||
      (change->psk != NULL &&
       !lks_device_check_text ("the key", change->psk, LKS_WIFI_KEY_MIN, LKS_WIFI_KEY_MAX, error)))
    return NULL;

  if (set_state)
    lks_device_body_add_text (&body, "configState",
                              lks_enum_to_nick (LKS_TYPE_WIFI_CONFIG_STATE,
                                                (int) change->config_state));
  add_optional (&body, "psk", change->psk);
  lks_device_body_end (&body);

  return lks_device_call_new (self, &call, &network_record, cancellable, error);
}

/**
 * lks_device_delete_wifi_network:
 * @self: a device
 * @id: the board's number for the network
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `DELETE /wifi/config/networks/{id}`, REST 3.0.0. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_delete_wifi_network (LksDevice *self, int id, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = build_path ("/wifi/config/networks/", id, error);
  const LksCall call = { .method = "DELETE", .path = path, .since = LKS_REST_VERSION (3, 0, 0) };

  if (path == NULL)
    return FALSE;

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_get_wifi_failures:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/diagnostics/networks`. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksWifiFailure): the last failure of each network that
 *   had one, or NULL with @error set
 */
GPtrArray *
lks_device_get_wifi_failures (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/wifi/diagnostics/networks" };

  return call_values (self, &call, &failures_record, cancellable, error);
}

/**
 * lks_device_get_wifi_failure:
 * @self: a device
 * @network_id: the board's number for the network
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/diagnostics/networks/{id}`. Blocks; worker threads only.
 *
 * Returns: (transfer full): its last failure, or NULL with @error set
 */
LksWifiFailure *
lks_device_get_wifi_failure (LksDevice *self,
                             int network_id,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *path = build_path ("/wifi/diagnostics/networks/", network_id, error);
  const LksCall call = { .method = "GET", .path = path };

  if (path == NULL)
    return NULL;

  return lks_device_call_new (self, &call, &failure_record, cancellable, error);
}

/**
 * lks_device_get_wifi_interface:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/interface`. Blocks; worker threads only.
 *
 * Returns: (transfer full): its state, or NULL with @error set
 */
LksWifiInterface *
lks_device_get_wifi_interface (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/wifi/interface" };

  return lks_device_call_new (self, &call, &interface_record, cancellable, error);
}

/**
 * lks_device_change_wifi_interface:
 * @self: a device
 * @change: what to change; at least one thing
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `PATCH /wifi/interface`; power saving needs REST 4.6.0. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_change_wifi_interface (LksDevice *self,
                                  const LksWifiInterfaceChange *change,
                                  GCancellable *cancellable,
                                  GError **error)
{
  gboolean set_power = change->power_savings != LKS_WIFI_POWER_SAVINGS_UNKNOWN;
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = {
    .method = "PATCH",
    .path = "/wifi/interface",
    .since = set_power ? LKS_REST_VERSION (4, 6, 0) : 0,
    .body = &body,
  };

  if (!lks_device_check (set_power || change->reload_config, error,
                         "nothing to change: ask for a reload or give a power saving state"))
    return FALSE;

  if (change->reload_config)
    lks_device_body_add_flag (&body, "reloadConfig", TRUE);
  if (set_power)
    lks_device_body_add_flag (&body, "enablePowerSavings",
                              change->power_savings == LKS_WIFI_POWER_SAVINGS_ENABLED);
  lks_device_body_end (&body);

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

/**
 * lks_device_scan_wifi:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /wifi/scan`. Takes seconds. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksWifiScan): networks in reach, or NULL with @error set
 */
GPtrArray *
lks_device_scan_wifi (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/wifi/scan",
    .limit_ms = SCAN_LIMIT_MS,
    .quiet_ms = SCAN_LIMIT_MS,
  };

  return call_values (self, &call, &scans_record, cancellable, error);
}
