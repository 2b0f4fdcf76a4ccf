/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

#define LKS_WIFI_SSID_MAX 32
#define LKS_WIFI_KEY_MIN 8
#define LKS_WIFI_KEY_MAX 63
#define LKS_WIFI_CONFIG_NAME_MAX 16
#define LKS_WIFI_IDENTITY_MAX 254

typedef enum {
  LKS_WIFI_CONFIG_STATE_UNKNOWN,
  LKS_WIFI_CONFIG_STATE_ENABLED,
  LKS_WIFI_CONFIG_STATE_DISABLED,
  LKS_WIFI_CONFIG_STATE_TEMP_DISABLED,
} LksWifiConfigState;

typedef enum {
  LKS_WIFI_CONNECTION_STATE_UNKNOWN,
  LKS_WIFI_CONNECTION_STATE_DISCONNECTED,
  LKS_WIFI_CONNECTION_STATE_CONNECTED,
} LksWifiConnectionState;

typedef enum {
  LKS_WIFI_SECURITY_UNKNOWN,
  LKS_WIFI_SECURITY_OPEN,
  LKS_WIFI_SECURITY_PSK,
  LKS_WIFI_SECURITY_EAP_TLS,
} LksWifiSecurity;

typedef enum {
  LKS_WIFI_POWER_SAVINGS_UNKNOWN,
  LKS_WIFI_POWER_SAVINGS_ENABLED,
  LKS_WIFI_POWER_SAVINGS_DISABLED,
} LksWifiPowerSavings;

typedef enum {
  LKS_WIFI_KEY_MANAGEMENT_UNKNOWN,
  LKS_WIFI_KEY_MANAGEMENT_NONE,
  LKS_WIFI_KEY_MANAGEMENT_WPA2_PSK,
  LKS_WIFI_KEY_MANAGEMENT_WPA_EAP,
} LksWifiKeyManagement;

typedef enum {
  LKS_WIFI_WPA_STATE_UNKNOWN,
  LKS_WIFI_WPA_STATE_DISCONNECTED,
  LKS_WIFI_WPA_STATE_INTERFACE_DISABLED,
  LKS_WIFI_WPA_STATE_INACTIVE,
  LKS_WIFI_WPA_STATE_SCANNING,
  LKS_WIFI_WPA_STATE_AUTHENTICATING,
  LKS_WIFI_WPA_STATE_ASSOCIATING,
  LKS_WIFI_WPA_STATE_ASSOCIATED,
  LKS_WIFI_WPA_STATE_FOUR_WAY_HANDSHAKE,
  LKS_WIFI_WPA_STATE_GROUP_HANDSHAKE,
  LKS_WIFI_WPA_STATE_COMPLETED,
} LksWifiWpaState;

typedef enum {
  LKS_WIFI_MODE_UNKNOWN,
  LKS_WIFI_MODE_STATION,
} LksWifiMode;

typedef enum {
  LKS_WIFI_FAILURE_UNKNOWN,
  LKS_WIFI_FAILURE_NETWORK_NOT_FOUND,
  LKS_WIFI_FAILURE_WRONG_KEY,
  LKS_WIFI_FAILURE_NO_PSK_INCLUDED,
  LKS_WIFI_FAILURE_AUTHENTICATION_FAILED,
  LKS_WIFI_FAILURE_CONNECTION_FAILED,
  LKS_WIFI_FAILURE_SECURITY_TYPE_MISMATCH,
  LKS_WIFI_FAILURE_NETWORK_FREQUENCY_NOT_ALLOWED,
  LKS_WIFI_FAILURE_NETWORK_NOT_ESS_PBSS_MBSS,
  LKS_WIFI_FAILURE_NETWORK_NOT_SUPPORTED,
  LKS_WIFI_FAILURE_NETWORK_NON_WPA,
} LksWifiFailureReason;

typedef enum {
  LKS_WIFI_CERT_ERROR_UNKNOWN,
  LKS_WIFI_CERT_ERROR_UNSPECIFIED,
  LKS_WIFI_CERT_ERROR_UNTRUSTED,
  LKS_WIFI_CERT_ERROR_REVOKED,
  LKS_WIFI_CERT_ERROR_NOT_YET_VALID,
  LKS_WIFI_CERT_ERROR_EXPIRED,
  LKS_WIFI_CERT_ERROR_SUBJECT_MISMATCH,
  LKS_WIFI_CERT_ERROR_ALT_SUBJECT_MISMATCH,
  LKS_WIFI_CERT_ERROR_BAD_CERTIFICATE,
  LKS_WIFI_CERT_ERROR_SERVER_CHAIN_PROBE_FAILED,
  LKS_WIFI_CERT_ERROR_DOMAIN_SUFFIX_MISMATCH,
  LKS_WIFI_CERT_ERROR_DOMAIN_MISMATCH,
  LKS_WIFI_CERT_ERROR_INSUFFICIENT_KEY_LENGTH,
  LKS_WIFI_CERT_ERROR_CERTIFICATE_NOT_FOUND,
  LKS_WIFI_CERT_ERROR_INVALID_ROOT_CA,
  LKS_WIFI_CERT_ERROR_INVALID_CLIENT_AUTH,
  LKS_WIFI_CERT_ERROR_UNKNOWN_CLIENT_ID,
} LksWifiCertError;

#define LKS_TYPE_WIFI_CONFIG_STATE (lks_wifi_config_state_get_type ())
#define LKS_TYPE_WIFI_CONNECTION_STATE (lks_wifi_connection_state_get_type ())
#define LKS_TYPE_WIFI_SECURITY (lks_wifi_security_get_type ())
#define LKS_TYPE_WIFI_POWER_SAVINGS (lks_wifi_power_savings_get_type ())
#define LKS_TYPE_WIFI_KEY_MANAGEMENT (lks_wifi_key_management_get_type ())
#define LKS_TYPE_WIFI_WPA_STATE (lks_wifi_wpa_state_get_type ())
#define LKS_TYPE_WIFI_MODE (lks_wifi_mode_get_type ())
#define LKS_TYPE_WIFI_FAILURE_REASON (lks_wifi_failure_reason_get_type ())
#define LKS_TYPE_WIFI_CERT_ERROR (lks_wifi_cert_error_get_type ())

GType lks_wifi_config_state_get_type     (void);
GType lks_wifi_connection_state_get_type (void);
GType lks_wifi_security_get_type         (void);
GType lks_wifi_power_savings_get_type    (void);
GType lks_wifi_key_management_get_type   (void);
GType lks_wifi_wpa_state_get_type        (void);
GType lks_wifi_mode_get_type             (void);
GType lks_wifi_failure_reason_get_type   (void);
GType lks_wifi_cert_error_get_type       (void);

/**
 * LksWifiNetwork:
 * @id: the board's number for it, from 0
 * @ssid: (nullable): name of the network
 * @config_name: (nullable): name given to this configuration
 * @client_identity: (nullable): for EAP-TLS
 * @client_cert_id: (nullable): identifier in the certificate store
 * @root_ca_cert_id: (nullable): identifier in the certificate store
 *
 * A configured network. Its key is never told. Each word comes with the text the board used.
 */
typedef struct {
  int id;
  char *ssid;
  char *config_name;
  LksWifiConfigState config_state;
  char *config_state_text;
  LksWifiConnectionState connection_state;
  char *connection_state_text;
  LksWifiSecurity security;
  char *security_text;
  gboolean is_targeted_scan;
  char *client_identity;
  char *client_cert_id;
  char *root_ca_cert_id;
} LksWifiNetwork;

/**
 * LksWifiFailure:
 * @timestamp: (nullable): when, as the board writes it
 * @reason: why the connection failed; unknown with @reason_text NULL when the board says none
 * @has_cert_info: whether the three last fields are set
 */
typedef struct {
  char *timestamp;
  int network_id;
  char *ssid;
  LksWifiConfigState config_state;
  char *config_state_text;
  LksWifiConnectionState connection_state;
  char *connection_state_text;
  LksWifiFailureReason reason;
  char *reason_text;
  gboolean has_cert_info;
  char *cert_subject;
  int cert_depth;
  LksWifiCertError cert_error;
  char *cert_error_text;
} LksWifiFailure;

/**
 * LksWifiInterface:
 * @mac_address: (nullable): the radio's address
 * @has_network_id: whether the board names the network in use
 * @network_id: its number
 * @ssid: (nullable): set while connected
 * @freq_mhz: 0 unless connected
 * @ip_address: (nullable): set while connected
 * @config_name: (nullable): set while connected
 * @power_savings: unknown with @power_savings_text NULL from boards before REST 4.6.0
 */
typedef struct {
  LksWifiConfigState config_state;
  char *config_state_text;
  LksWifiConnectionState connection_state;
  char *connection_state_text;
  LksWifiSecurity security;
  char *security_text;
  LksWifiMode mode;
  char *mode_text;
  LksWifiKeyManagement key_management;
  char *key_management_text;
  LksWifiWpaState wpa_state;
  char *wpa_state_text;
  char *mac_address;
  gboolean has_network_id;
  int network_id;
  char *ssid;
  guint freq_mhz;
  char *ip_address;
  char *config_name;
  LksWifiPowerSavings power_savings;
  char *power_savings_text;
} LksWifiInterface;

/**
 * LksWifiScan:
 * @bssid: address of the access point
 * @signal_dbm: strength, negative
 */
typedef struct {
  char *bssid;
  guint freq_mhz;
  LksWifiSecurity security;
  char *security_text;
  int signal_dbm;
  char *ssid;
} LksWifiScan;

/**
 * LksWifiRequest:
 * @ssid: 1 to 32 bytes
 * @security: open, PSK or EAP-TLS
 * @psk: (nullable): 8 to 63 characters, with PSK only
 * @config_name: (nullable): at most 16 bytes
 * @is_disabled: add it without using it
 * @is_targeted_scan: the network hides its name
 * @client_identity: (nullable): at most 254 bytes, EAP-TLS only
 * @client_cert_id: (nullable): identifier in the certificate store, needed for EAP-TLS
 * @root_ca_cert_id: (nullable): identifier in the certificate store, EAP-TLS only
 *
 * A network to add. Borrowed texts; wipe the key yourself.
 */
typedef struct {
  const char *ssid;
  LksWifiSecurity security;
  const char *psk;
  const char *config_name;
  gboolean is_disabled;
  gboolean is_targeted_scan;
  const char *client_identity;
  const char *client_cert_id;
  const char *root_ca_cert_id;
} LksWifiRequest;

/**
 * LksWifiChange:
 * @config_state: enabled or disabled; unknown leaves it as it is
 * @psk: (nullable): a new key of 8 to 63 characters; NULL leaves it as it is
 */
typedef struct {
  LksWifiConfigState config_state;
  const char *psk;
} LksWifiChange;

/**
 * LksWifiInterfaceChange:
 * @reload_config: read the stored networks anew
 * @power_savings: enabled or disabled (REST 4.6.0 on); unknown leaves it as it is
 */
typedef struct {
  gboolean reload_config;
  LksWifiPowerSavings power_savings;
} LksWifiInterfaceChange;

void              lks_wifi_network_free            (LksWifiNetwork                *self);
void              lks_wifi_failure_free            (LksWifiFailure                *self);
void              lks_wifi_interface_free          (LksWifiInterface              *self);

GPtrArray        *lks_device_get_wifi_networks     (LksDevice                     *self,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
LksWifiNetwork   *lks_device_get_wifi_network      (LksDevice                     *self,
                                                    int                            id,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
LksWifiNetwork   *lks_device_add_wifi_network      (LksDevice                     *self,
                                                    const LksWifiRequest          *request,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
LksWifiNetwork   *lks_device_change_wifi_network   (LksDevice                     *self,
                                                    int                            id,
                                                    const LksWifiChange           *change,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
gboolean          lks_device_delete_wifi_network   (LksDevice                     *self,
                                                    int                            id,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
GPtrArray        *lks_device_get_wifi_failures     (LksDevice                     *self,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
LksWifiFailure   *lks_device_get_wifi_failure      (LksDevice                     *self,
                                                    int                            network_id,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
LksWifiInterface *lks_device_get_wifi_interface    (LksDevice                     *self,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
gboolean          lks_device_change_wifi_interface (LksDevice                     *self,
                                                    const LksWifiInterfaceChange  *change,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);
GPtrArray        *lks_device_scan_wifi             (LksDevice                     *self,
                                                    GCancellable                  *cancellable,
                                                    GError                       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiNetwork, lks_wifi_network_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiFailure, lks_wifi_failure_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksWifiInterface, lks_wifi_interface_free)

G_END_DECLS
