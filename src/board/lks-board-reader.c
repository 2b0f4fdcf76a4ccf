/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-board-reader-private.h"

#include "lks-board.h"
#include "lks-device-images.h"
#include "lks-device-net.h"
#include "lks-device-state.h"
#include "lks-device-wifi.h"

/* What an error of one request says about the fact that was asked for. Errors of the
 * connection say nothing about it: they end the reading. */
static gboolean
judge (LksBoardStatus *status, LksFactId id, GError *answer, GError **error)
{
  LksFactState state = LKS_FACT_STATE_FAILED;

  if (answer->domain != LKS_DEVICE_ERROR || lks_board_reader_is_absence (answer))
    {
      g_propagate_error (error, answer);
      return FALSE;
    }

  if (g_error_matches (answer, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED))
    state = LKS_FACT_STATE_REFUSED;
  else if (g_error_matches (answer, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) ||
           g_error_matches (answer, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    state = LKS_FACT_STATE_UNSUPPORTED;
  lks_board_status_take_error (status, id, state, answer);
  return TRUE;
}

static void
replace_text (char **text, const char *new_text)
{
  g_free (*text);
  *text = g_strdup (new_text);
}

/**
 * lks_board_reader_is_absence:
 * @error: an error of the device room
 *
 * Returns: whether it means that there is no conversation with the board, rather than an
 *   answer of it
 */
gboolean
lks_board_reader_is_absence (const GError *error)
{
  return error->domain == LKS_DEVICE_ERROR &&
         (error->code == LKS_DEVICE_ERROR_UNREACHABLE ||
          error->code == LKS_DEVICE_ERROR_UNTRUSTED || error->code == LKS_DEVICE_ERROR_LOST ||
          error->code == LKS_DEVICE_ERROR_TIMED_OUT);
}

/**
 * lks_board_reader_read_uptime:
 * @device: the board
 * @status: what to write into
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads what shows that the board is alive and whether it restarted. Worker thread.
 *
 * Returns: whether the board answered; what it answered stands in @status
 */
gboolean
lks_board_reader_read_uptime (LksDevice *device,
                              LksBoardStatus *status,
                              GCancellable *cancellable,
                              GError **error)
{
  GError *answer = NULL;
  guint64 uptime_s;
  const char *version;

  if (!lks_device_get_status (device, &uptime_s, cancellable, &answer))
    return judge (status, LKS_FACT_ID_UPTIME, answer, error);

  status->uptime_s = uptime_s;
  lks_board_status_set_known (status, LKS_FACT_ID_UPTIME);
  version = lks_device_get_rest_version (device);
  if (version != NULL)
    {
      replace_text (&status->rest_version, version);
      lks_board_status_set_known (status, LKS_FACT_ID_REST_VERSION);
    }
  return TRUE;
}

static GError *
new_identity_error (const char *first, const char *second)
{
  return g_error_new (LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY,
                      "the board gave two device IDs within one reading: %.16s… and %.16s…", first,
                      second);
}

static gboolean
read_security (LksDevice *device,
               LksBoardStatus *status,
               char **out_device_id,
               GCancellable *cancellable,
               GError **error)
{
  GError *answer = NULL;
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (device, cancellable, &answer);

  if (security == NULL)
    {
      lks_board_status_take_error (status, LKS_FACT_ID_DEVICE_ID, LKS_FACT_STATE_FAILED,
                                   g_error_copy (answer));
      return judge (status, LKS_FACT_ID_SECURITY_STATE, answer, error);
    }

  replace_text (&status->security_state, security->state_text);
  lks_board_status_set_known (status, LKS_FACT_ID_SECURITY_STATE);
  *out_device_id = g_strdup (security->device_id);
  return TRUE;
}

/* The second reading of the ID: everything in between belongs to one board. */
static gboolean
confirm_device_id (LksDevice *device,
                   LksBoardStatus *status,
                   const char *first,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *second = NULL;

  if (!read_security (device, status, &second, cancellable, error))
    return FALSE;
  if (first == NULL || second == NULL)
    {
      if (status->facts[LKS_FACT_ID_SECURITY_STATE].error == NULL)
        lks_board_status_take_error (
            status, LKS_FACT_ID_DEVICE_ID, LKS_FACT_STATE_UNSUPPORTED,
            g_error_new_literal (LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY,
                                 "the board does not say its device ID: its system is too old"));
      return TRUE;
    }
  if (!g_str_equal (first, second))
    {
      g_propagate_error (error, new_identity_error (first, second));
      return FALSE;
    }

  replace_text (&status->device_id, first);
  lks_board_status_set_known (status, LKS_FACT_ID_DEVICE_ID);
  return TRUE;
}

static gboolean
read_manufacturing_state (LksDevice *device,
                          LksBoardStatus *status,
                          GCancellable *cancellable,
                          GError **error)
{
  GError *answer = NULL;
  g_autoptr (LksDeviceManufacturing) manufacturing =
      lks_device_get_manufacturing_state (device, cancellable, &answer);

  if (manufacturing == NULL)
    return judge (status, LKS_FACT_ID_MANUFACTURING_STATE, answer, error);

  replace_text (&status->manufacturing_state, manufacturing->state_text);
  lks_board_status_set_known (status, LKS_FACT_ID_MANUFACTURING_STATE);
  return TRUE;
}

static gboolean
read_capabilities (LksDevice *device,
                   LksBoardStatus *status,
                   GCancellable *cancellable,
                   GError **error)
{
  GError *answer = NULL;
  g_autoptr (GArray) numbers = lks_device_get_capabilities (device, cancellable, &answer);

  if (numbers == NULL)
    return judge (status, LKS_FACT_ID_CAPABILITIES, answer, error);

  g_array_set_size (status->capabilities, 0);
  g_array_append_vals (status->capabilities, numbers->data, numbers->len);
  lks_board_status_set_known (status, LKS_FACT_ID_CAPABILITIES);
  return TRUE;
}

static gboolean
read_os_version (LksDevice *device,
                 LksBoardStatus *status,
                 GCancellable *cancellable,
                 GError **error)
{
  GError *answer = NULL;
  g_autofree char *version = lks_device_get_os_version (device, cancellable, &answer);

  if (version == NULL)
    return judge (status, LKS_FACT_ID_OS_VERSION, answer, error);

  replace_text (&status->os_version, version);
  lks_board_status_set_known (status, LKS_FACT_ID_OS_VERSION);
  return TRUE;
}

static gboolean
read_net_status (LksDevice *device,
                 LksBoardStatus *status,
                 GCancellable *cancellable,
                 GError **error)
{
  GError *answer = NULL;
  g_autoptr (LksNetStatus) net_status = lks_device_get_net_status (device, cancellable, &answer);

  if (net_status == NULL)
    return judge (status, LKS_FACT_ID_NET_STATUS, answer, error);

  status->net_status.device_authentication_is_ready = net_status->is_device_authentication_ready;
  replace_text ((char **) &status->net_status.network_time_sync, net_status->time_sync_text);
  replace_text ((char **) &status->net_status.proxy, net_status->proxy_text);
  lks_board_status_set_known (status, LKS_FACT_ID_NET_STATUS);
  return TRUE;
}

static gboolean
read_abi_versions (LksDevice *device,
                   LksBoardStatus *status,
                   GCancellable *cancellable,
                   GError **error)
{
  GError *answer = NULL;
  LksAbiVersions versions;

  if (!lks_device_get_abi_versions (device, &versions, cancellable, &answer))
    return judge (status, LKS_FACT_ID_ABI_VERSIONS, answer, error);

  status->abi_secure_world = versions.secure_world_runtime;
  status->abi_os = versions.os_runtime;
  status->abi_application = versions.application_runtime;
  lks_board_status_set_known (status, LKS_FACT_ID_ABI_VERSIONS);
  return TRUE;
}

static void
add_image (LksBoardStatus *status, const LksComponent *component)
{
  LksInstalledImage *first =
      component->images->len > 0 ? g_ptr_array_index (component->images, 0) : NULL;
  LksBoardImage image = {
    .component_id = g_strdup (component->id),
    .image_id = first != NULL ? g_strdup (first->id) : NULL,
    .image_type = (guint) component->image_type,
    .name = g_strdup (component->name),
    .size_bytes = first != NULL ? first->size_bytes : 0,
    .is_staged = component->is_update_staged,
  };

  g_array_append_val (status->images, image);
}

static gboolean
read_images (LksDevice *device, LksBoardStatus *status, GCancellable *cancellable, GError **error)
{
  GError *answer = NULL;
  g_autoptr (LksComponents) list = lks_device_get_images (device, cancellable, &answer);

  if (list == NULL)
    return judge (status, LKS_FACT_ID_IMAGES, answer, error);

  lks_board_status_clear_images (status);
  for (guint i = 0; i < list->components->len; i++)
    add_image (status, g_ptr_array_index (list->components, i));
  status->update = lks_components_get_update (list);
  lks_board_status_set_known (status, LKS_FACT_ID_IMAGES);
  return TRUE;
}

static gboolean
read_wifi_networks (LksDevice *device,
                    LksBoardStatus *status,
                    GCancellable *cancellable,
                    GError **error)
{
  GError *answer = NULL;
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, &answer);

  if (networks == NULL)
    return judge (status, LKS_FACT_ID_WIFI_NETWORKS, answer, error);

  status->wifi_networks = networks->len;
  lks_board_status_set_known (status, LKS_FACT_ID_WIFI_NETWORKS);
  return TRUE;
}

/**
 * lks_board_reader_read_all:
 * @device: the board
 * @status: what to write into
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads everything the panel shows, in the order of the vendor's own clients at attachment,
 * and the device ID once more at the end. Worker thread. A refusal or a bad answer to one
 * question stands with that fact; this fails only when the conversation broke
 * ([error@Lks.DeviceError], `G_IO_ERROR_CANCELLED`) or the ID changed under way
 * ([error@Lks.BoardError]).
 *
 * Returns: whether the conversation went to its end
 */
gboolean
lks_board_reader_read_all (LksDevice *device,
                           LksBoardStatus *status,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *device_id = NULL;

  return lks_board_reader_read_uptime (device, status, cancellable, error) &&
         read_security (device, status, &device_id, cancellable, error) &&
         read_manufacturing_state (device, status, cancellable, error) &&
         read_capabilities (device, status, cancellable, error) &&
         read_os_version (device, status, cancellable, error) &&
         read_net_status (device, status, cancellable, error) &&
         read_abi_versions (device, status, cancellable, error) &&
         read_images (device, status, cancellable, error) &&
         read_wifi_networks (device, status, cancellable, error) &&
         confirm_device_id (device, status, device_id, cancellable, error);
}
