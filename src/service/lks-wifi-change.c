/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wifi-change.h"

#include "lks-service-check-private.h"
#include "lks-service-error.h"
#include "lks-wifi-add.h"

/**
 * lks_wifi_set_enabled:
 * @device: a board
 * @network_id: the board's number for a stored network
 * @enabled: whether the board shall use it
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * The connection follows later: lks_wifi_wait(). Blocks; worker threads only.
 *
 * Returns: whether the board shows the change
 */
gboolean
lks_wifi_set_enabled (LksDevice *device,
                      int network_id,
                      gboolean enabled,
                      GCancellable *cancellable,
                      GError **error)
{
  const LksWifiChange change = {
    .config_state = enabled ? LKS_WIFI_CONFIG_STATE_ENABLED : LKS_WIFI_CONFIG_STATE_DISABLED,
  };
  g_autoptr (LksWifiNetwork) network =
      lks_device_change_wifi_network (device, network_id, &change, cancellable, error);

  if (network == NULL)
    return FALSE;
  if (enabled == (network->config_state != LKS_WIFI_CONFIG_STATE_DISABLED))
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed, but shows network %d as “%s”", network_id,
               network->config_state_text);
  return FALSE;
}

static gboolean
check_takes_key (LksDevice *device, int network_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksWifiNetwork) network =
      lks_device_get_wifi_network (device, network_id, cancellable, error);

  if (network == NULL)
    return FALSE;

  return lks_service_check (network->security == LKS_WIFI_SECURITY_PSK, error,
                            "network %d has no key: its security is “%s”", network_id,
                            network->security_text);
}

/**
 * lks_wifi_set_key:
 * @device: a board
 * @network_id: the board's number for a stored network with key
 * @psk: the new key, 8 to 63 bytes; borrowed, wipe it yourself
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`; it never repeats the key
 *
 * A board never tells a key, so whether it is right shows only in the connection:
 * lks_wifi_wait(). Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_wifi_set_key (LksDevice *device,
                  int network_id,
                  const char *psk,
                  GCancellable *cancellable,
                  GError **error)
{
  const LksWifiChange change = { .psk = psk };
  g_autoptr (LksWifiNetwork) network = NULL;

  if (!lks_wifi_check_key (psk, error) || !check_takes_key (device, network_id, cancellable, error))
    return FALSE;

  network = lks_device_change_wifi_network (device, network_id, &change, cancellable, error);
  return network != NULL;
}

static gboolean
check_forgotten (LksDevice *device, int network_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, error);

  for (guint i = 0; networks != NULL && i < networks->len; i++)
    if (((const LksWifiNetwork *) g_ptr_array_index (networks, i))->id == network_id)
      {
        g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                     "the board agreed, but still has network %d", network_id);
        return FALSE;
      }

  return networks != NULL;
}

/**
 * lks_wifi_forget:
 * @device: a board
 * @network_id: the board's number for a stored network
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Removes a network and its key from the board, and sees that it is gone. The number may be
 * given to another network afterwards. Blocks; worker threads only.
 *
 * Returns: whether it is gone
 */
gboolean
lks_wifi_forget (LksDevice *device, int network_id, GCancellable *cancellable, GError **error)
{
  return lks_device_delete_wifi_network (device, network_id, cancellable, error) &&
         check_forgotten (device, network_id, cancellable, error);
}

/**
 * lks_wifi_reload:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Lets the board read networks and certificates anew; it connects again. Needed after a change in
 * the certificate store. Blocks; worker threads only.
 *
 * Returns: whether the board accepted
 */
gboolean
lks_wifi_reload (LksDevice *device, GCancellable *cancellable, GError **error)
{
  const LksWifiInterfaceChange change = { .reload_config = TRUE };

  return lks_device_change_wifi_interface (device, &change, cancellable, error);
}

/**
 * lks_wifi_set_power_saving:
 * @device: a board
 * @enabled: whether the radio shall save power
 * @cancellable: (nullable): a cancellable
 * @error: return location for [error@Lks.ServiceError], [error@Lks.DeviceError] (unsupported
 *   before REST 4.6.0) or `G_IO_ERROR_CANCELLED`
 *
 * Blocks; worker threads only.
 *
 * Returns: whether the board shows the change
 */
gboolean
lks_wifi_set_power_saving (LksDevice *device,
                           gboolean enabled,
                           GCancellable *cancellable,
                           GError **error)
{
  const LksWifiInterfaceChange change = {
    .power_savings = enabled ? LKS_WIFI_POWER_SAVINGS_ENABLED : LKS_WIFI_POWER_SAVINGS_DISABLED,
  };
  g_autoptr (LksWifiInterface) radio = NULL;

  if (!lks_device_change_wifi_interface (device, &change, cancellable, error))
    return FALSE;
  radio = lks_device_get_wifi_interface (device, cancellable, error);
  if (radio == NULL)
    return FALSE;
  if (radio->power_savings == change.power_savings)
    return TRUE;

  g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
               "the board agreed, but shows power saving as “%s”",
               radio->power_savings_text != NULL ? radio->power_savings_text : "unknown");
  return FALSE;
}
