/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-add.h"

#include "lks-device-cert.h"
#include "lks-service-check-private.h"

#include <string.h>

/* The length may be told, the text may not: it may be a key. */
static gboolean
check_length (const char *what, const char *text, gsize min_bytes, gsize max_bytes, GError **error)
{
  gsize size = text != NULL ? strlen (text) : 0;

  return lks_service_check (size >= min_bytes && size <= max_bytes, error,
                            "%s has %" G_GSIZE_FORMAT " bytes, but must have %" G_GSIZE_FORMAT
                            " to %" G_GSIZE_FORMAT,
                            what, size, min_bytes, max_bytes) &&
         lks_service_check (text == NULL || g_utf8_validate (text, -1, NULL), error,
                            "%s is no UTF-8 text", what);
}

static gboolean
check_cert_id (const char *what, const char *id, GError **error)
{
  return lks_service_check (
      id == NULL || lks_cert_id_is_valid (id), error,
      "%s: an identifier of the certificate store has 1 to %d letters, digits, dots, "
      "hyphens and underscores",
      what, LKS_CERT_ID_MAX);
}

/**
 * lks_wifi_check_key:
 * @psk: a key
 * @error: return location for %LKS_SERVICE_ERROR_INVALID; it never repeats the key
 *
 * Any thread.
 *
 * Returns: whether it may be the key of a network: 8 to 63 bytes
 */
gboolean
lks_wifi_check_key (const char *psk, GError **error)
{
  return check_length ("the key", psk, LKS_WIFI_KEY_MIN, LKS_WIFI_KEY_MAX, error);
}

static gboolean
check_psk (const LksWifiRequest *request, GError **error)
{
  if (request->security != LKS_WIFI_SECURITY_PSK)
    return lks_service_check (request->psk == NULL, error, "only a network with key has a key");

  return lks_service_check (request->psk != NULL, error, "a network with key needs its key") &&
         lks_wifi_check_key (request->psk, error);
}

static gboolean
check_eap_tls (const LksWifiRequest *request, GError **error)
{
  gboolean has_any = request->client_cert_id != NULL || request->root_ca_cert_id != NULL ||
                     request->client_identity != NULL;

  if (request->security != LKS_WIFI_SECURITY_EAP_TLS)
    return lks_service_check (!has_any, error,
                              "only an EAP-TLS network has certificates and an identity");

  return lks_service_check (request->client_cert_id != NULL, error,
                            "an EAP-TLS network needs the identifier of a client certificate") &&
         check_cert_id ("the client certificate", request->client_cert_id, error) &&
         check_cert_id ("the root CA", request->root_ca_cert_id, error) &&
         check_length ("the client identity", request->client_identity, 0, LKS_WIFI_IDENTITY_MAX,
                       error);
}

/**
 * lks_wifi_check_request:
 * @request: a network to add
 * @error: return location for %LKS_SERVICE_ERROR_INVALID; it never repeats the key
 *
 * Checks what can be checked without a board. Any thread.
 * Source: Azure Sphere device REST API 4.6, POST /wifi/config/networks.
 *
 * Returns: whether a board could accept @request
 */
gboolean
lks_wifi_check_request (const LksWifiRequest *request, GError **error)
{
  return check_length ("the network’s name", request->ssid, 1, LKS_WIFI_SSID_MAX, error) &&
         check_length ("the configuration’s name", request->config_name, 0,
                       LKS_WIFI_CONFIG_NAME_MAX, error) &&
         lks_service_check (request->security != LKS_WIFI_SECURITY_UNKNOWN, error,
                            "a network is open, or has a key, or uses EAP-TLS") &&
         check_psk (request, error) && check_eap_tls (request, error);
}

static gboolean
check_stored_cert (char **ids, const char *what, const char *id, GError **error)
{
  return lks_service_check (id == NULL || g_strv_contains ((const char *const *) ids, id), error,
                            "%s “%s” is not in the board’s certificate store", what, id);
}

static gboolean
check_certs (LksDevice *device,
             const LksWifiRequest *request,
             GCancellable *cancellable,
             GError **error)
{
  g_auto (GStrv) ids = NULL;

  if (request->security != LKS_WIFI_SECURITY_EAP_TLS)
    return TRUE;

  ids = lks_device_get_certs (device, cancellable, error);
  return ids != NULL &&
         check_stored_cert (ids, "the client certificate", request->client_cert_id, error) &&
         check_stored_cert (ids, "the root CA", request->root_ca_cert_id, error);
}

/* Two entries for one network are nearly always an accident. */
static gboolean
check_not_stored (LksDevice *device,
                  const LksWifiRequest *request,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, error);

  for (guint i = 0; networks != NULL && i < networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (networks, i);

      if (!lks_service_check (
              g_strcmp0 (network->ssid, request->ssid) != 0 ||
                  network->security != request->security,
              error,
              "“%s” is stored already, as network %d: change its key, enable it, or forget "
              "it first",
              request->ssid, network->id))
        return FALSE;
    }

  return networks != NULL;
}

/**
 * lks_wifi_add:
 * @device: a board
 * @request: the network
 * @again: whether a second entry for a network that is stored already is meant so
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Stores a network after checking the request, that its certificates are on the board, and that
 * it is not there yet. Blocks; worker threads only.
 *
 * Returns: (transfer full): the network with its number, or NULL with @error set
 */
LksWifiNetwork *
lks_wifi_add (LksDevice *device,
              const LksWifiRequest *request,
              gboolean again,
              GCancellable *cancellable,
              GError **error)
{
  if (!lks_wifi_check_request (request, error) ||
      !check_certs (device, request, cancellable, error) ||
      (!again && !check_not_stored (device, request, cancellable, error)))
    return NULL;

  return lks_device_add_wifi_network (device, request, cancellable, error);
}

static gboolean
is_named (const LksWifiNetwork *network, const char *number_or_ssid, gboolean by_number)
{
  g_autofree char *number = g_strdup_printf ("%d", network->id);

  return g_strcmp0 (by_number ? number : network->ssid, number_or_ssid) == 0;
}

static LksWifiNetwork *
steal_named (GPtrArray *networks,
             const char *number_or_ssid,
             gboolean by_number,
             guint *out_n_found)
{
  guint found = 0;

  *out_n_found = 0;
  for (guint i = 0; i < networks->len; i++)
    if (is_named (g_ptr_array_index (networks, i), number_or_ssid, by_number))
      {
        found = i;
        ++*out_n_found;
      }

  return *out_n_found == 1 ? g_ptr_array_steal_index (networks, found) : NULL;
}

/**
 * lks_wifi_find:
 * @device: a board
 * @number_or_ssid: the board's number for a stored network, or else its name
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the one network that is meant, or NULL with @error set
 */
LksWifiNetwork *
lks_wifi_find (LksDevice *device,
               const char *number_or_ssid,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, error);
  LksWifiNetwork *network;
  guint n_found;

  if (networks == NULL)
    return NULL;

  network = steal_named (networks, number_or_ssid, TRUE, &n_found);
  if (network == NULL)
    network = steal_named (networks, number_or_ssid, FALSE, &n_found);
  if (network == NULL)
    lks_service_check (FALSE, error,
                       n_found == 0 ? "no stored network has the number or the name “%s”"
                                    : "several stored networks are called “%s”: give the number",
                       number_or_ssid);
  return network;
}
