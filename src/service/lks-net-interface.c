/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-interface.h"

#include "lks-enums.h"
#include "lks-json-member-private.h"
#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-wait.h"
#include "lks-words-private.h"

#include <string.h>

/* "Takes effect asynchronously: poll up to five seconds" (tests of the official client
 * libraries), and some more for a board that is busy. */
#define SWITCH_LIMIT_US (8 * G_TIME_SPAN_SECOND)
#define SWITCH_INTERVAL_MS 250

#define MAC_CHARACTERS 17

G_DEFINE_ENUM_TYPE (LksNetInterfaceKind,
                    lks_net_interface_kind,
                    G_DEFINE_ENUM_VALUE (LKS_NET_INTERFACE_KIND_OTHER, "other"),
                    G_DEFINE_ENUM_VALUE (LKS_NET_INTERFACE_KIND_LOOPBACK, "loopback"),
                    G_DEFINE_ENUM_VALUE (LKS_NET_INTERFACE_KIND_SERVICE, "service"),
                    G_DEFINE_ENUM_VALUE (LKS_NET_INTERFACE_KIND_WIFI, "wifi"),
                    G_DEFINE_ENUM_VALUE (LKS_NET_INTERFACE_KIND_ETHERNET, "ethernet"))

/**
 * lks_net_interface_get_kind:
 * @name: a board's name for an interface
 *
 * Source: Azure Sphere device REST API 4.6: "lo", "azspheresvc", "wlan0", "eth0".
 *
 * Returns: what it is
 */
LksNetInterfaceKind
lks_net_interface_get_kind (const char *name)
{
  if (strcmp (name, "lo") == 0)
    return LKS_NET_INTERFACE_KIND_LOOPBACK;
  if (strcmp (name, "azspheresvc") == 0)
    return LKS_NET_INTERFACE_KIND_SERVICE;
  if (g_str_has_prefix (name, "wlan"))
    return LKS_NET_INTERFACE_KIND_WIFI;
  if (g_str_has_prefix (name, "eth"))
    return LKS_NET_INTERFACE_KIND_ETHERNET;
  return LKS_NET_INTERFACE_KIND_OTHER;
}

/**
 * lks_net_interface_kind_to_words:
 * @kind: a kind of interface
 *
 * Returns: (transfer none): what it is, English for gettext
 */
const char *
lks_net_interface_kind_to_words (LksNetInterfaceKind kind)
{
  switch (kind)
    {
    case LKS_NET_INTERFACE_KIND_LOOPBACK:
      return N_ ("Inside the board");
    case LKS_NET_INTERFACE_KIND_SERVICE:
      return N_ ("Service port, over this USB cable");
    case LKS_NET_INTERFACE_KIND_WIFI:
      return N_ ("Wi-Fi");
    case LKS_NET_INTERFACE_KIND_ETHERNET:
      return N_ ("Ethernet");
    case LKS_NET_INTERFACE_KIND_OTHER:
      break;
    }
  return N_ ("Other interface");
}

/**
 * lks_net_interface_explain:
 * @self: an interface
 *
 * Returns: in which state it is, and what to do to get further
 */
LksExplanation
lks_net_interface_explain (const LksNetInterface *self)
{
  LksNetInterfaceKind kind = lks_net_interface_get_kind (self->name);

  if (kind == LKS_NET_INTERFACE_KIND_LOOPBACK)
    return (LksExplanation){ N_ ("For the board’s own programs among themselves."), "" };
  if (kind == LKS_NET_INTERFACE_KIND_SERVICE)
    return (LksExplanation){ N_ ("The line over which this computer talks to the board."), "" };
  if (!self->is_up)
    return (LksExplanation){ N_ ("Switched off."), N_ ("Bring it up to use it.") };
  if (!self->is_connected_to_network)
    return (LksExplanation){ N_ ("Up, but not connected to a network."),
                             kind == LKS_NET_INTERFACE_KIND_ETHERNET
                                 ? N_ ("Plug its cable in.")
                                 : N_ ("See the stored Wi-Fi networks.") };
  if (!self->has_ip_address)
    return (LksExplanation){ N_ ("Connected to a network, but without an address."),
                             N_ ("Check the network’s DHCP server.") };
  if (!self->is_connected_to_internet)
    return (LksExplanation){ N_ ("Connected to a network, but not to the internet."),
                             N_ ("Check the network’s firewall, DNS and proxy.") };
  return (LksExplanation){ N_ ("Connected to the internet."), "" };
}

/**
 * lks_net_interfaces_to_json:
 * @interfaces: (element-type LksNetInterface): a board's interfaces
 *
 * Returns: (transfer full): an array of objects
 */
JsonNode *
lks_net_interfaces_to_json (GPtrArray *interfaces)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (interfaces, i);
      LksNetInterfaceKind kind = lks_net_interface_get_kind (interface->name);
      LksExplanation state = lks_net_interface_explain (interface);

      json_builder_begin_object (builder);
      lks_json_add_text (builder, "name", interface->name);
      lks_json_add_text (builder, "kind",
                         lks_enum_to_nick (LKS_TYPE_NET_INTERFACE_KIND, (int) kind));
      lks_json_add_flag (builder, "up", interface->is_up);
      lks_json_add_flag (builder, "connectedToNetwork", interface->is_connected_to_network);
      lks_json_add_flag (builder, "ipAcquired", interface->has_ip_address);
      lks_json_add_flag (builder, "connectedToInternet", interface->is_connected_to_internet);
      lks_json_add_texts (builder, "ipAddresses", interface->ip_addresses);
      lks_json_add_text (builder, "ipAssignment", interface->ip_assignment_text);
      lks_json_add_text (builder, "hardwareAddress", interface->hardware_address);
      lks_json_add_text (builder, "meaning", state.meaning);
      lks_json_add_text (builder, "advice", state.advice);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* Why a board answers 404 for a name it does not know cannot be told from an old system. */
static LksNetInterface *
find (LksDevice *device, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) interfaces = lks_device_get_interfaces (device, cancellable, error);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; interfaces != NULL && i < interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (interfaces, i);

      if (strcmp (interface->name, name) == 0)
        return g_ptr_array_steal_index (interfaces, i);
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", interface->name);
    }
  if (interfaces != NULL)
    lks_service_check (FALSE, error, "the board has no interface “%s”; it has %s", name,
                       names->str);

  return NULL;
}

static gboolean
check_may_switch (const char *name, GError **error)
{
  LksNetInterfaceKind kind = lks_net_interface_get_kind (name);

  if (kind != LKS_NET_INTERFACE_KIND_LOOPBACK && kind != LKS_NET_INTERFACE_KIND_SERVICE)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_UNSAFE, "“%s” stays up: %s", name,
               kind == LKS_NET_INTERFACE_KIND_SERVICE
                   ? "it is the line over which this computer talks to the board; switch wlan0 or "
                     "eth0"
                   : "the board’s own programs need it; switch wlan0 or eth0");
  return FALSE;
}

static gboolean
wait_switched (LksDevice *device,
               const char *name,
               gboolean up,
               GCancellable *cancellable,
               GError **error)
{
  gint64 end_us = g_get_monotonic_time () + SWITCH_LIMIT_US;

  for (;;)
    {
      g_autoptr (LksNetInterface) interface =
          lks_device_get_interface (device, name, cancellable, error);

      if (interface == NULL)
        return FALSE;
      if (interface->is_up == up)
        return TRUE;
      if (g_get_monotonic_time () >= end_us)
        break;
      if (!lks_wait_ms (SWITCH_INTERVAL_MS, cancellable, error))
        return FALSE;
    }

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
               "“%s” was told to go %s and has not done so for %d seconds", name,
               up ? "up" : "down", (int) (SWITCH_LIMIT_US / G_TIME_SPAN_SECOND));
  return FALSE;
}

/**
 * lks_net_interface_switch:
 * @device: a board
 * @name: such as "wlan0" or "eth0"
 * @up: whether it shall be up
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Switches an interface and waits until the board shows it, for at most eight seconds. Blocks;
 * worker threads only.
 *
 * Returns: whether the board shows the change
 */
gboolean
lks_net_interface_switch (LksDevice *device,
                          const char *name,
                          gboolean up,
                          GCancellable *cancellable,
                          GError **error)
{
  const LksNetInterfaceChange change = { .set_up = TRUE, .is_up = up };
  g_autoptr (LksNetInterface) interface = NULL;

  if (!check_may_switch (name, error))
    return FALSE;
  interface = find (device, name, cancellable, error);
  return interface != NULL &&
         lks_device_change_interface (device, name, &change, cancellable, error) &&
         wait_switched (device, name, up, cancellable, error);
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
 * lks_mac_address_check:
 * @text: what claims to be a hardware address
 * @error: return location for %LKS_SERVICE_ERROR_INVALID
 *
 * Any thread.
 *
 * Returns: whether one device can have it: six pairs of hexadecimal digits with colons, neither
 *   zero nor a group address
 */
gboolean
lks_mac_address_check (const char *text, GError **error)
{
  return lks_service_check (is_mac_address (text), error,
                            "a hardware address is written like a1:b2:c3:4d:e5:6f") &&
         lks_service_check (strspn (text, "0:") != MAC_CHARACTERS, error,
                            "00:00:00:00:00:00 is no device’s address") &&
         lks_service_check (g_ascii_xdigit_value (text[1]) % 2 == 0, error,
                            "%s is the address of a group of devices: its first pair must be even",
                            text);
}

static gboolean
check_mac_applied (LksDevice *device,
                   const char *name,
                   const char *hardware_address,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (LksNetInterface) interface =
      lks_device_get_interface (device, name, cancellable, error);

  if (interface == NULL)
    return FALSE;
  if (interface->hardware_address != NULL &&
      g_ascii_strcasecmp (interface->hardware_address, hardware_address) == 0)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed, but “%s” shows the address %s", name,
               interface->hardware_address != NULL ? interface->hardware_address : "of nobody");
  return FALSE;
}

/**
 * lks_net_interface_set_mac:
 * @device: a board
 * @name: such as "eth0"
 * @hardware_address: such as "a1:b2:c3:4d:e5:6f"
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Gives an Ethernet interface another hardware address; no other kind has one that can be
 * changed (Azure Sphere device REST API 4.6). Blocks; worker threads only.
 *
 * Returns: whether the board shows the change
 */
gboolean
lks_net_interface_set_mac (LksDevice *device,
                           const char *name,
                           const char *hardware_address,
                           GCancellable *cancellable,
                           GError **error)
{
  const LksNetInterfaceChange change = { .hardware_address = hardware_address };
  g_autoptr (LksNetInterface) interface = NULL;

  if (!lks_mac_address_check (hardware_address, error) ||
      !lks_service_check (lks_net_interface_get_kind (name) == LKS_NET_INTERFACE_KIND_ETHERNET,
                          error,
                          "“%s” is no Ethernet interface; only those have an address that can be "
                          "changed",
                          name))
    return FALSE;

  interface = find (device, name, cancellable, error);
  return interface != NULL &&
         lks_device_change_interface (device, name, &change, cancellable, error) &&
         check_mac_applied (device, name, hardware_address, cancellable, error);
}
