/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-sideload-facts.h"

#include "lks-capability.h"
#include "lks-device-error.h"

/**
 * lks_sideload_facts_free:
 * @self: (transfer full) (nullable): facts
 */
void
lks_sideload_facts_free (LksSideloadFacts *self)
{
  if (self == NULL)
    return;

  g_free (self->device_id);
  g_free (self->os_version);
  lks_software_free (self->software);
  g_free (self);
}

static gboolean
has_number (const GArray *numbers, gint32 wanted)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, gint32, i) == wanted)
      return TRUE;

  return FALSE;
}

/**
 * lks_capabilities_read:
 * @device: a board
 * @out_development: (out): whether it lists appDevelopment
 * @out_servicing: (out): whether it lists fieldServicing
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads the two capabilities that can be stored on a board. Blocks; worker threads only.
 *
 * Returns: whether the board answered
 */
gboolean
lks_capabilities_read (LksDevice *device,
                       gboolean *out_development,
                       gboolean *out_servicing,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GArray) numbers = lks_device_get_capabilities (device, cancellable, error);

  if (numbers == NULL)
    return FALSE;

  *out_development = has_number (numbers, LKS_CAPABILITY_APP_DEVELOPMENT);
  *out_servicing = has_number (numbers, LKS_CAPABILITY_FIELD_SERVICING);
  return TRUE;
}

static gboolean
read_identity (LksSideloadFacts *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (device, cancellable, error);
  g_autoptr (LksDeviceManufacturing) manufacturing = NULL;
  LksCapabilityKey *key = lks_device_get_key (device);

  if (security == NULL)
    return FALSE;
  manufacturing = lks_device_get_manufacturing_state (device, cancellable, error);
  if (manufacturing == NULL || !lks_capabilities_read (device, &self->stored_development,
                                                       &self->stored_servicing, cancellable, error))
    return FALSE;

  self->device_id = g_strdup (security->device_id);
  self->state = manufacturing->state;
  self->session_development =
      key != NULL && self->device_id != NULL && lks_capability_key_is_for (key, self->device_id) &&
      lks_capability_file_has (lks_capability_key_get_file (key), LKS_CAPABILITY_APP_DEVELOPMENT);
  return TRUE;
}

/* An old system does not tell these; then they are not known, and nothing else is wrong. */
static gboolean
clear_unsupported (GError **error)
{
  if (*error != NULL && !g_error_matches (*error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) &&
      !g_error_matches (*error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND))
    return FALSE;

  g_clear_error (error);
  return TRUE;
}

static gboolean
read_system (LksSideloadFacts *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->os_version = lks_device_get_os_version (device, cancellable, &local);
  if (clear_unsupported (&local))
    self->has_abi = lks_device_get_abi_versions (device, &self->abi, cancellable, &local);
  if (clear_unsupported (&local))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * lks_sideload_facts_read:
 * @device: a board
 * @store: (nullable): what is known of packages
 * @lock: whether its peripheral configuration is locked, as derived from what was seen of it
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads what decides about an installation. A board that is locked for it refuses. Blocks; worker
 * threads only.
 *
 * Returns: (transfer full): the facts, or NULL with @error set
 */
LksSideloadFacts *
lks_sideload_facts_read (LksDevice *device,
                         LksManifestStore *store,
                         LksPeripheralLock lock,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (LksSideloadFacts) self = g_new0 (LksSideloadFacts, 1);
  g_autoptr (LksComponents) components = NULL;

  self->lock = lock;
  if (!read_identity (self, device, cancellable, error) ||
      !read_system (self, device, cancellable, error))
    return NULL;

  components = lks_device_get_images (device, cancellable, error);
  if (components == NULL)
    return NULL;

  self->software = lks_software_new (components, store);
  return g_steal_pointer (&self);
}
