/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-net.h"

#include "lks-device-firewall.h"
#include "lks-device-private.h"
#include "lks-enums.h"

#include <string.h>

#define PORT_MAX 65535
#define MAC_CHARACTERS 17

G_DEFINE_ENUM_TYPE (LksTimeSync,
                    lks_time_sync,
                    G_DEFINE_ENUM_VALUE (LKS_TIME_SYNC_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_TIME_SYNC_COMPLETE, "complete"),
                    G_DEFINE_ENUM_VALUE (LKS_TIME_SYNC_INCOMPLETE, "incomplete"),
                    G_DEFINE_ENUM_VALUE (LKS_TIME_SYNC_DISABLED, "disabled"))

G_DEFINE_ENUM_TYPE (LksProxyState,
                    lks_proxy_state,
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_STATE_DISABLED, "disabled"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_STATE_ENABLED, "enabled"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_STATE_RESOLVING_NAME, "resolvingProxyName"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_STATE_READY, "ready"))

G_DEFINE_ENUM_TYPE (LksProxyAuthentication,
                    lks_proxy_authentication,
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_AUTHENTICATION_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_AUTHENTICATION_ANONYMOUS, "anonymous"),
                    G_DEFINE_ENUM_VALUE (LKS_PROXY_AUTHENTICATION_BASIC, "basic"))

G_DEFINE_ENUM_TYPE (LksIpAssignment,
                    lks_ip_assignment,
                    G_DEFINE_ENUM_VALUE (LKS_IP_ASSIGNMENT_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_IP_ASSIGNMENT_STATIC, "static"),
                    G_DEFINE_ENUM_VALUE (LKS_IP_ASSIGNMENT_DYNAMIC, "dynamic"))

typedef struct
{
  GPtrArray *interfaces;
} Interfaces;

static const LksDeviceShapeField net_status_fields[] = {
  LKS_FIELD (LksNetStatus, FLAG, "deviceAuthenticationIsReady", is_device_authentication_ready),
  LKS_FIELD_WORD_OF (LksNetStatus,
                     "networkTimeSync",
                     time_sync,
                     lks_time_sync_get_type,
                     .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksNetStatus, "proxy", proxy, lks_proxy_state_get_type, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape net_status_record = {
  .size = sizeof (LksNetStatus),
  .free_func = (GDestroyNotify) lks_net_status_free,
  .fields = net_status_fields,
};

static const LksDeviceShapeField interface_fields[] = {
  LKS_FIELD (LksNetInterface, TEXT, "interfaceName", name),
  LKS_FIELD (LksNetInterface, FLAG, "interfaceUp", is_up),
  LKS_FIELD (LksNetInterface, FLAG, "connectedToNetwork", is_connected_to_network),
  LKS_FIELD (LksNetInterface, FLAG, "ipAcquired", has_ip_address),
  LKS_FIELD (LksNetInterface, FLAG, "connectedToInternet", is_connected_to_internet),
  LKS_FIELD (LksNetInterface, TEXTS, "ipAddresses", ip_addresses, .is_optional = TRUE),
  LKS_FIELD_WORD_OF (LksNetInterface,
                     "ipAssignment",
                     ip_assignment,
                     lks_ip_assignment_get_type,
                     .is_optional = TRUE),
  LKS_FIELD (LksNetInterface, TEXT, "hardwareAddress", hardware_address, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape interface_record = {
  .size = sizeof (LksNetInterface),
  .free_func = (GDestroyNotify) lks_net_interface_free,
  .fields = interface_fields,
};

static void
interfaces_free (gpointer data)
{
  Interfaces *self = data;

  g_ptr_array_unref (self->interfaces);
  g_free (self);
}

static const LksDeviceShapeField interfaces_fields[] = {
  LKS_FIELD (Interfaces, LIST, "interfaces", interfaces, .record = &interface_record),
  LKS_FIELD_END,
};
static const LksDeviceShape interfaces_record = {
  .size = sizeof (Interfaces),
  .free_func = interfaces_free,
  .fields = interfaces_fields,
};

/* A board without a proxy answers {}; with one, "address" is always there. */
static const LksDeviceShapeField proxy_fields[] = {
  LKS_FIELD (LksProxy, TEXT, "address", address, .is_optional = TRUE),
  LKS_FIELD (LksProxy, FLAG, "enabled", is_enabled, .is_optional = TRUE),
  LKS_FIELD (LksProxy, UINT, "port", port, .is_optional = TRUE, .max = PORT_MAX),
  LKS_FIELD_WORD_OF (LksProxy,
                     "authenticationType",
                     authentication,
                     lks_proxy_authentication_get_type,
                     .is_optional = TRUE),
  LKS_FIELD (LksProxy, TEXT, "username", username, .is_optional = TRUE),
  LKS_FIELD (LksProxy, TEXTS, "noProxyAddresses", no_proxy_addresses, .is_optional = TRUE),
  LKS_FIELD_END,
};
static const LksDeviceShape proxy_record = {
  .size = sizeof (LksProxy),
  .free_func = (GDestroyNotify) lks_proxy_free,
  .fields = proxy_fields,
};

const LksAnswerType lks_answer_types_net[] = {
  { "GET /net/status", &net_status_record },
  { "GET /net/interfaces", &interfaces_record },
  { "GET /net/interfaces/{name}", &interface_record },
  { "GET /net/proxy", &proxy_record },
  { "GET /net/firewall/rulesets", &lks_firewall_record },
  { NULL, NULL },
};

/**
 * lks_net_status_free:
 * @self: (transfer full) (nullable): a network status
 */
void
lks_net_status_free (LksNetStatus *self)
{
  lks_device_shape_free (&net_status_record, self);
}

/**
 * lks_net_interface_free:
 * @self: (transfer full) (nullable): a network interface
 */
void
lks_net_interface_free (LksNetInterface *self)
{
  lks_device_shape_free (&interface_record, self);
}

/**
 * lks_proxy_free:
 * @self: (transfer full) (nullable): a proxy
 */
void
lks_proxy_free (LksProxy *self)
{
  lks_device_shape_free (&proxy_record, self);
}

/**
 * lks_device_get_net_status:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /net/status`, REST 3.1.0. Open also on a locked board. Blocks; worker threads only.
 *
 * Returns: (transfer full): the status, or NULL with @error set
 */
LksNetStatus *
lks_device_get_net_status (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/net/status",
    .since = LKS_REST_VERSION (3, 1, 0),
  };

  return lks_device_call_new (self, &call, &net_status_record, cancellable, error);
}

/**
 * lks_device_get_interfaces:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /net/interfaces`, REST 3.1.0. Blocks; worker threads only.
 *
 * Returns: (transfer full) (element-type LksNetInterface): all interfaces, or NULL with @error
 *   set
 */
GPtrArray *
lks_device_get_interfaces (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = {
    .method = "GET",
    .path = "/net/interfaces",
    .since = LKS_REST_VERSION (3, 1, 0),
  };
  Interfaces answer = { 0 };

  if (!lks_device_call_read (self, &call, &interfaces_record, &answer, cancellable, error))
    return NULL;

  return answer.interfaces;
}

static char *
build_interface_path (const char *name, GError **error)
{
  g_autofree char *escaped = NULL;

  if (!lks_device_check (name != NULL && name[0] != '\0' && strlen (name) < 64 &&
                             g_utf8_validate (name, -1, NULL) && strcmp (name, ".") != 0 &&
                             strcmp (name, "..") != 0,
                         error, "a network interface is named like “wlan0” or “eth0”"))
    return NULL;

  escaped = g_uri_escape_string (name, NULL, FALSE);
  return g_strconcat ("/net/interfaces/", escaped, NULL);
}

/**
 * lks_device_get_interface:
 * @self: a device
 * @name: such as "wlan0", "eth0", "azspheresvc"
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /net/interfaces/{name}`, REST 3.1.0. Blocks; worker threads only.
 *
 * Returns: (transfer full): the interface, or NULL with @error set
 */
LksNetInterface *
lks_device_get_interface (LksDevice *self,
                          const char *name,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *path = build_interface_path (name, error);
  const LksCall call = { .method = "GET", .path = path, .since = LKS_REST_VERSION (3, 1, 0) };

  if (path == NULL)
    return NULL;

  return lks_device_call_new (self, &call, &interface_record, cancellable, error);
}

static gboolean
is_mac_address (const char *text)
{
  if (strlen (text) != MAC_CHARACTERS)
    return FALSE;

  for (gsize i = 0; i < MAC_CHARACTERS; i++)
    if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
      return FALSE;

  return TRUE;
}

/**
 * lks_device_change_interface:
 * @self: a device
 * @name: such as "wlan0" or "eth0"
 * @change: what to change; at least one thing
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `PATCH /net/interfaces/{name}`, REST 4.3.0. The board acts after it has answered: read the
 * interface for up to five seconds to see it. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_change_interface (LksDevice *self,
                             const char *name,
                             const LksNetInterfaceChange *change,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *path = build_interface_path (name, error);
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = {
    .method = "PATCH",
    .path = path,
    .since = LKS_REST_VERSION (4, 3, 0),
    .body = &body,
  };

  if (path == NULL ||
      !lks_device_check (change->set_up || change->hardware_address != NULL, error,
                         "nothing to change: give a state or a hardware address") ||
      !lks_device_check (change->hardware_address == NULL ||
                             is_mac_address (change->hardware_address),
                         error, "a hardware address is written like a1:b2:c3:4d:e5:6f"))
    return FALSE;

  if (change->set_up)
    lks_device_body_add_flag (&body, "interfaceUp", change->is_up);
  if (change->hardware_address != NULL)
    lks_device_body_add_text (&body, "hardwareAddress", change->hardware_address);
  lks_device_body_end (&body);

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}

static LksProxy *
call_proxy (LksDevice *self, const LksCall *call, GCancellable *cancellable, GError **error)
{
  LksProxy *proxy = lks_device_call_new (self, call, &proxy_record, cancellable, error);

  if (proxy != NULL)
    proxy->is_configured = proxy->address != NULL;
  return proxy;
}

/**
 * lks_device_get_proxy:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `GET /net/proxy`. Blocks; worker threads only.
 *
 * Returns: (transfer full): the proxy, maybe none, or NULL with @error set
 */
LksProxy *
lks_device_get_proxy (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "GET", .path = "/net/proxy" };

  return call_proxy (self, &call, cancellable, error);
}

static gboolean
check_proxy (const LksProxyRequest *request, GError **error)
{
  if (!lks_device_check_text ("the proxy's address", request->address, 1, LKS_PROXY_ADDRESS_MAX,
                              error) ||
      !lks_device_check (request->port <= PORT_MAX, error, "a port is 0 to %d", PORT_MAX) ||
      !lks_device_check ((request->username == NULL) == (request->password == NULL), error,
                         "a proxy needs both user name and password, or neither"))
    return FALSE;

  if (request->username != NULL &&
      (!lks_device_check_text ("the proxy's user name", request->username, 1, LKS_PROXY_NAME_MAX,
                               error) ||
       !lks_device_check_text ("the proxy's password", request->password, 1, LKS_PROXY_NAME_MAX,
                               error)))
    return FALSE;

  for (gsize i = 0; request->no_proxy_addresses != NULL && request->no_proxy_addresses[i] != NULL;
       i++)
    if (!lks_device_check_text ("an address without proxy", request->no_proxy_addresses[i], 1,
                                LKS_PROXY_ADDRESS_MAX, error))
      return FALSE;

  return TRUE;
}

/**
 * lks_device_set_proxy:
 * @self: a device
 * @request: the proxy
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `POST /net/proxy`. The board repeats the configuration with the password in clear text; it
 * is neither kept nor shown. Blocks; worker threads only.
 *
 * Returns: (transfer full): the proxy as the board repeats it; not configured when the board
 *   only said "done"; or NULL with @error set
 */
LksProxy *
lks_device_set_proxy (LksDevice *self,
                      const LksProxyRequest *request,
                      GCancellable *cancellable,
                      GError **error)
{
  gboolean is_basic = request->username != NULL;
  g_auto (LksDeviceBody) body = { 0 };
  const LksCall call = { .method = "POST", .path = "/net/proxy", .body = &body, .is_secret = TRUE };

  if (!check_proxy (request, error))
    return NULL;

  lks_device_body_add_text (&body, "address", request->address);
  lks_device_body_add_flag (&body, "enabled", request->is_enabled);
  lks_device_body_add_int (&body, "port", request->port);
  lks_device_body_add_text (&body, "authenticationType", is_basic ? "basic" : "anonymous");
  if (is_basic)
    {
      lks_device_body_add_text (&body, "username", request->username);
      lks_device_body_add_text (&body, "password", request->password);
    }
  lks_device_body_add_texts (&body, "noProxyAddresses", request->no_proxy_addresses);
  lks_device_body_end (&body);

  return call_proxy (self, &call, cancellable, error);
}

/**
 * lks_device_delete_proxy:
 * @self: a device
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * `DELETE /net/proxy`. Removing none succeeds. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_device_delete_proxy (LksDevice *self, GCancellable *cancellable, GError **error)
{
  const LksCall call = { .method = "DELETE", .path = "/net/proxy" };

  return lks_device_call_done (self, &call, NULL, cancellable, error);
}
