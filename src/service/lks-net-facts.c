/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-net-facts.h"

#include "lks-net-interface.h"
#include "lks-wifi-words.h"

/**
 * lks_net_facts_free:
 * @self: (transfer full): facts
 */
void
lks_net_facts_free (LksNetFacts *self)
{
  g_free (self->ssid);
  g_free (self->address);
  g_free (self);
}

static const LksWifiNetwork *
find_enabled (const LksWifiReport *report, int network_id)
{
  for (guint i = 0; i < report->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (report->networks, i);

      if (network->id == network_id && network->config_state != LKS_WIFI_CONFIG_STATE_DISABLED)
        return network;
    }

  return NULL;
}

/* Of several failures the newest explains why there is no connection now. */
static void
take_failures (LksNetFacts *self, const LksWifiReport *report)
{
  gint64 newest_s = G_MININT64;

  for (guint i = 0; i < report->failures->len; i++)
    {
      const LksWifiFailure *failure = g_ptr_array_index (report->failures, i);
      gint64 when_s = G_MININT64;

      lks_board_time_parse (failure->timestamp, &when_s);
      if (find_enabled (report, failure->network_id) == NULL || when_s < newest_s)
        continue;
      newest_s = when_s;
      self->has_failure = TRUE;
      self->failure = failure->reason;
      self->has_cert_error = failure->has_cert_info;
      self->cert_error = failure->cert_error;
    }
}

/**
 * lks_net_facts_take_wifi:
 * @self: facts
 * @report: what the board tells about its Wi-Fi
 *
 * Pure.
 */
void
lks_net_facts_take_wifi (LksNetFacts *self, const LksWifiReport *report)
{
  self->knows_wifi = TRUE;
  self->is_radio_off = report->is_radio_off;
  self->is_associated = report->radio->connection_state == LKS_WIFI_CONNECTION_STATE_CONNECTED;
  self->wpa_state = report->radio->wpa_state;
  self->ssid = self->is_associated ? g_strdup (report->radio->ssid) : NULL;
  self->n_networks = report->networks->len;
  for (guint i = 0; i < report->networks->len; i++)
    {
      const LksWifiNetwork *network = g_ptr_array_index (report->networks, i);

      if (network->config_state != LKS_WIFI_CONFIG_STATE_DISABLED)
        self->n_enabled++;
    }
  if (!self->is_associated)
    take_failures (self, report);
}

/**
 * lks_net_facts_take_interfaces:
 * @self: facts
 * @interfaces: (element-type LksNetInterface): all interfaces of the board
 *
 * Pure.
 */
void
lks_net_facts_take_interfaces (LksNetFacts *self, GPtrArray *interfaces)
{
  self->knows_interfaces = TRUE;
  for (guint i = 0; i < interfaces->len; i++)
    {
      const LksNetInterface *interface = g_ptr_array_index (interfaces, i);
      LksNetInterfaceKind kind = lks_net_interface_get_kind (interface->name);

      if (kind == LKS_NET_INTERFACE_KIND_LOOPBACK || kind == LKS_NET_INTERFACE_KIND_SERVICE)
        continue;
      self->has_cable |=
          kind == LKS_NET_INTERFACE_KIND_ETHERNET && interface->is_connected_to_network;
      self->has_internet |= interface->is_connected_to_internet;
      self->has_address |= interface->has_ip_address;
      if (self->address == NULL && interface->ip_addresses != NULL)
        self->address = g_strdup (interface->ip_addresses[0]);
    }
}

/**
 * lks_net_facts_take_status:
 * @self: facts
 * @status: the board's network status
 *
 * Pure.
 */
void
lks_net_facts_take_status (LksNetFacts *self, const LksNetStatus *status)
{
  self->knows_status = TRUE;
  self->time_sync = status->time_sync;
  self->is_authenticated = status->is_device_authentication_ready;
  self->proxy = status->proxy;
}

/* A refusal and an old system leave a gap; anything else ends the reading. */
static gboolean
forgive (LksNetFacts *self, GError *local, GError **error)
{
  if (g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    self->is_refused = TRUE;
  else if (!g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) &&
           !g_error_matches (local, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, local);
      return FALSE;
    }

  g_error_free (local);
  return TRUE;
}

static gboolean
read_status (LksNetFacts *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;
  g_autoptr (LksNetStatus) status = lks_device_get_net_status (device, cancellable, &local);

  if (status == NULL)
    return forgive (self, local, error);

  lks_net_facts_take_status (self, status);
  return TRUE;
}

static gboolean
read_interfaces (LksNetFacts *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;
  g_autoptr (GPtrArray) interfaces = lks_device_get_interfaces (device, cancellable, &local);

  if (interfaces == NULL)
    return forgive (self, local, error);

  lks_net_facts_take_interfaces (self, interfaces);
  return TRUE;
}

static gboolean
read_wifi (LksNetFacts *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;
  g_autoptr (LksWifiReport) report = lks_wifi_report_read (device, cancellable, &local);

  if (report == NULL)
    return forgive (self, local, error);

  lks_net_facts_take_wifi (self, report);
  return TRUE;
}

/**
 * lks_net_facts_read:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads what a board tells about its way to the internet; a locked one tells less. Blocks;
 * worker threads only.
 *
 * Returns: (transfer full): the facts, or NULL with @error set
 */
LksNetFacts *
lks_net_facts_read (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksNetFacts) self = g_new0 (LksNetFacts, 1);

  if (!read_status (self, device, cancellable, error) ||
      !read_interfaces (self, device, cancellable, error) ||
      !read_wifi (self, device, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}
