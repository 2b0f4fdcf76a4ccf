/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-proxy-change.h"

#include "lks-explanation.h"
#include "lks-json-member-private.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-words-private.h"

#include <string.h>

#define PORT_MAX 65535

static gboolean
has_length (const char *text, gsize max_bytes)
{
  return text != NULL && text[0] != '\0' && strlen (text) <= max_bytes &&
         g_utf8_validate (text, -1, NULL);
}

/**
 * lks_proxy_check_request:
 * @request: a proxy to use
 * @error: return location for %LKS_SERVICE_ERROR_INVALID; it never repeats the password
 *
 * Checks what can be checked without a board. Any thread.
 * Source: Azure Sphere device REST API 4.6, POST /net/proxy.
 *
 * Returns: whether a board could accept @request
 */
gboolean
lks_proxy_check_request (const LksProxyRequest *request, GError **error)
{
  if (!lks_service_check (has_length (request->address, LKS_PROXY_ADDRESS_MAX), error,
                          "a proxy’s address has 1 to %d bytes", LKS_PROXY_ADDRESS_MAX) ||
      !lks_service_check (
          strpbrk (request->address, "/ \t") == NULL, error,
          "a proxy’s address is a name or a number like proxy.example or 10.0.0.1, without "
          "http:// and path") ||
      !lks_service_check (request->port >= 1 && request->port <= PORT_MAX, error,
                          "a proxy’s port is a number from 1 to %d", PORT_MAX) ||
      !lks_service_check ((request->username == NULL) == (request->password == NULL), error,
                          "a proxy needs both user name and password, or neither") ||
      !lks_service_check (request->username == NULL ||
                              has_length (request->username, LKS_PROXY_NAME_MAX),
                          error, "a proxy’s user name has 1 to %d bytes", LKS_PROXY_NAME_MAX) ||
      !lks_service_check (request->password == NULL ||
                              has_length (request->password, LKS_PROXY_NAME_MAX),
                          error, "a proxy’s password has 1 to %d bytes", LKS_PROXY_NAME_MAX))
    return FALSE;

  for (gsize i = 0; request->no_proxy_addresses != NULL && request->no_proxy_addresses[i] != NULL;
       i++)
    if (!lks_service_check (has_length (request->no_proxy_addresses[i], LKS_PROXY_ADDRESS_MAX),
                            error, "an address that needs no proxy has 1 to %d bytes",
                            LKS_PROXY_ADDRESS_MAX))
      return FALSE;

  return TRUE;
}

static gboolean
is_applied (const LksProxy *proxy, const LksProxyRequest *request)
{
  return proxy->is_configured && proxy->is_enabled == request->is_enabled &&
         proxy->port == request->port && g_strcmp0 (proxy->address, request->address) == 0 &&
         g_strcmp0 (proxy->username, request->username) == 0;
}

/**
 * lks_proxy_apply:
 * @device: a board
 * @request: the proxy; borrowed, wipe its password yourself
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`; it never repeats the password
 *
 * Stores a web proxy in place of the one before, and reads it back; whether the password is right
 * shows only in the connection. Blocks; worker threads only.
 *
 * Returns: (transfer full): the proxy as the board has it now, or NULL with @error set
 */
LksProxy *
lks_proxy_apply (LksDevice *device,
                 const LksProxyRequest *request,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (LksProxy) repeated = NULL;
  g_autoptr (LksProxy) proxy = NULL;

  if (!lks_proxy_check_request (request, error))
    return NULL;
  repeated = lks_device_set_proxy (device, request, cancellable, error);
  if (repeated == NULL)
    return NULL;
  proxy = lks_device_get_proxy (device, cancellable, error);
  if (proxy == NULL)
    return NULL;
  if (is_applied (proxy, request))
    return g_steal_pointer (&proxy);

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "the board agreed, but shows another proxy");
  return NULL;
}

/**
 * lks_proxy_remove:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Removes the proxy and its password, and sees that it is gone. Blocks; worker threads only.
 *
 * Returns: whether the board has none now
 */
gboolean
lks_proxy_remove (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksProxy) proxy = NULL;

  if (!lks_device_delete_proxy (device, cancellable, error))
    return FALSE;
  proxy = lks_device_get_proxy (device, cancellable, error);
  if (proxy == NULL)
    return FALSE;
  if (!proxy->is_configured)
    return TRUE;

  g_set_error_literal (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "the board agreed, but still has a proxy");
  return FALSE;
}

/**
 * lks_proxy_state_to_words:
 * @state: state of the proxy in the network status
 *
 * Returns: (transfer none): what it means, English for gettext
 */
const char *
lks_proxy_state_to_words (LksProxyState state)
{
  switch (state)
    {
    case LKS_PROXY_STATE_DISABLED:
      return N_ ("Not used");
    case LKS_PROXY_STATE_ENABLED:
      return N_ ("Enabled, waiting for a network");
    case LKS_PROXY_STATE_RESOLVING_NAME:
      return N_ ("Looking up its name");
    case LKS_PROXY_STATE_READY:
      return N_ ("Ready");
    case LKS_PROXY_STATE_UNKNOWN:
      break;
    }
  return N_ ("Unknown");
}

/**
 * lks_proxy_to_json:
 * @proxy: a board's proxy
 *
 * Returns: (transfer full): an object, or null when there is none
 */
JsonNode *
lks_proxy_to_json (const LksProxy *proxy)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!proxy->is_configured)
    return json_node_new (JSON_NODE_NULL);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  lks_json_add_flag (builder, "enabled", proxy->is_enabled);
  lks_json_add_text (builder, "address", proxy->address);
  lks_json_add_int (builder, "port", proxy->port);
  lks_json_add_text (builder, "authenticationType", proxy->authentication_text);
  lks_json_add_text (builder, "username", proxy->username);
  lks_json_add_texts (builder, "noProxyAddresses", proxy->no_proxy_addresses);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
