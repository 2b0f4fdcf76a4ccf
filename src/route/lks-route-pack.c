/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-private.h"

#include "lks-capability.h"
#include "lks-cloud-capability.h"
#include "lks-cloud-device.h"
#include "lks-cloud-error.h"
#include "lks-os-shelf.h"
#include "lks-os-versions.h"

/* clang-format off */
G_DEFINE_ENUM_TYPE (LksRouteThing, lks_route_thing,
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_VAULT, "vault"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_DEVICE, "device"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_CAPABILITY, "capability"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_IMAGES, "images"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_IMAGE, "image"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_OS_VERSIONS, "os-versions"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_THING_KEYSTORE, "keystore"))

G_DEFINE_ENUM_TYPE (LksRouteResult, lks_route_result,
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_RESULT_FETCHED, "fetched"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_RESULT_KEPT, "kept"),
  G_DEFINE_ENUM_VALUE (LKS_ROUTE_RESULT_FAILED, "failed"))
/* clang-format on */

/**
 * lks_route_work_tell:
 * @self: packing
 * @event: what became of something; its error is @reason
 * @reason: (transfer full) (nullable): why it could not be had
 * @error: return location for a @reason that ends all
 *
 * Tells a result. One thing that cannot be had keeps no other from being fetched.
 *
 * Returns: whether to go on
 */
gboolean
lks_route_work_tell (LksRouteWork *self, LksRouteEvent event, GError *reason, GError **error)
{
  g_autoptr (GError) local = reason;

  if (local != NULL && lks_cloud_error_concerns_all (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (local != NULL)
    event.result = LKS_ROUTE_RESULT_FAILED;
  event.error = local;
  if (self->how->func != NULL)
    self->how->func (&event, self->how->user_data);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* ---- where the devices are ---- */

typedef struct
{
  LksRouteWork *work;
  GHashTable *wanted; /* (owned) (element-type utf8 LksRouteDevice) */
} Search;

static char *
dup_told (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
forget_place (LksRouteDevice *device)
{
  device->is_owned = FALSE;
  g_clear_pointer (&device->product, g_free);
  g_clear_pointer (&device->group, g_free);
  g_clear_pointer (&device->os_version, g_free);
}

/* What was said of the images of another device group says nothing of this one's. */
static void
note_images_unknown (LksRouteDevice *device)
{
  device->are_images_known = FALSE;
  g_clear_pointer (&device->images_problem, g_free);
}

static gboolean
is_in_group (const LksRouteDevice *device, const LksCloudScope *scope)
{
  return g_strcmp0 (device->product, scope->product) == 0 &&
         g_strcmp0 (device->group, scope->group) == 0;
}

static void
note_place (LksRouteWork *self, LksRouteDevice *device, const LksCloudDevice *seen)
{
  const LksCloudScope *scope = seen->resource.scope;
  gboolean is_assigned = lks_cloud_scope_is_assigned (scope);

  if (!is_assigned || !is_in_group (device, scope))
    note_images_unknown (device);
  forget_place (device);
  device->is_owned = TRUE;
  device->product = is_assigned ? g_strdup (scope->product) : NULL;
  device->group = is_assigned ? g_strdup (scope->group) : NULL;
  device->os_version = dup_told (seen->os_installed);
  g_hash_table_insert (self->places, device->device_id, lks_cloud_scope_copy (scope));
}

static gboolean
compare (LksCloudResource *resource, gpointer user_data, GError **error)
{
  Search *search = user_data;
  const LksCloudDevice *seen = (const LksCloudDevice *) resource;
  LksRouteDevice *device = g_hash_table_lookup (search->wanted, seen->device_id);

  if (device != NULL && g_hash_table_remove (search->wanted, seen->device_id))
    note_place (search->work, device, seen);
  if (g_hash_table_size (search->wanted) > 0)
    return TRUE;

  /* The rest of the list need not be fetched. */
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "all are found");
  return FALSE;
}

/* Those that were looked for in the whole list in vain. */
static void
forget_places (GHashTable *wanted)
{
  GHashTableIter iter;
  gpointer device;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, NULL, &device))
    forget_place (device);
}

/* What was known of the places stays when the list cannot be read. */
static gboolean
locate (LksRouteWork *self, GError **error)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  Search search = { self, wanted };
  g_autoptr (GError) reason = NULL;

  for (guint i = 0; i < self->route->devices->len; i++)
    {
      LksRouteDevice *device = g_ptr_array_index (self->route->devices, i);

      g_hash_table_insert (wanted, device->device_id, device);
    }
  if (lks_cloud_device_list (self->how->client, self->how->catalog, 0, compare, &search,
                             self->cancellable, &reason) ||
      g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CLOSED))
    {
      forget_places (wanted);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* ---- capabilities ---- */

static gboolean
fetch_capability (LksRouteWork *self, const LksCloudScope *place, guint capability, GError **error)
{
  g_autoptr (LksCapabilityKey) key =
      lks_cloud_capability_fetch (self->how->client, place, capability, self->cancellable, error);
  g_autoptr (LksVaultKept) kept = NULL;

  if (key == NULL)
    return FALSE;
  kept =
      lks_vault_door_add (self->how->door, key, LKS_VAULT_SOURCE_CLOUD, self->cancellable, error);
  return kept != NULL;
}

/* What an interrupted route had fetched is in the vault, and not fetched again. */
static gboolean
pack_capability (LksRouteWork *self, const LksRouteDevice *device, guint capability, GError **error)
{
  const LksCloudScope *place = g_hash_table_lookup (self->places, device->device_id);
  LksRouteEvent event = { .thing = LKS_ROUTE_THING_CAPABILITY,
                          .device_id = device->device_id,
                          .subject = lks_capability_get_name (capability) };
  g_autoptr (LksVaultKept) kept = NULL;
  GError *reason = NULL;

  if (!lks_vault_door_find (self->how->door, device->device_id, capability, &kept,
                            self->cancellable, error))
    return FALSE;
  if (kept != NULL)
    event.result = LKS_ROUTE_RESULT_KEPT;
  else if (place == NULL)
    g_set_error (&reason, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the catalog %s does not own this device", self->how->catalog->catalog);
  else
    fetch_capability (self, place, capability, &reason);
  return lks_route_work_tell (self, event, reason, error);
}

static gboolean
pack_capabilities (LksRouteWork *self, GError **error)
{
  for (guint i = 0; i < self->route->devices->len; i++)
    for (guint j = 0; j < self->route->capabilities->len; j++)
      if (!pack_capability (self, g_ptr_array_index (self->route->devices, i),
                            g_array_index (self->route->capabilities, guint, j), error))
        return FALSE;
  return TRUE;
}

/* ---- the list of OS versions ---- */

static gboolean
pack_os_versions (LksRouteWork *self, GError **error)
{
  const LksRouteEvent event = { .thing = LKS_ROUTE_THING_OS_VERSIONS };
  GError *reason = NULL;
  g_autoptr (GBytes) text =
      lks_os_versions_fetch (self->how->os_address, self->how->trust, self->cancellable, &reason);
  g_autoptr (LksOsShelf) shelf =
      text != NULL ? lks_os_shelf_keep (self->how->os_path, text, &reason) : NULL;

  if (reason != NULL && !g_cancellable_is_cancelled (self->cancellable))
    {
      /* Another host than that of the devices: its trouble concerns nothing else. */
      const LksRouteEvent failed = { .thing = LKS_ROUTE_THING_OS_VERSIONS,
                                     .result = LKS_ROUTE_RESULT_FAILED,
                                     .error = reason };

      if (self->how->func != NULL)
        self->how->func (&failed, self->how->user_data);
      g_error_free (reason);
      return TRUE;
    }
  return lks_route_work_tell (self, event, reason, error);
}

/* ---- all ---- */

static gboolean
pack_all (LksRouteWork *self, GError **error)
{
  return locate (self, error) && lks_route_save (self->route, self->how->folder, error) &&
         pack_capabilities (self, error) && lks_route_work_pack_images (self, error) &&
         pack_os_versions (self, error);
}

/**
 * lks_route_pack:
 * @self: which devices, capabilities and images; completed by what is found
 * @packing: with what
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error that ends all: of the sign-in, the way to the service, the
 *   vault, the folder
 *
 * Fetches what a day without a network needs: for each device where it is and the capabilities,
 * straight into the vault; the images that are deployed to the device groups and those that are
 * wanted beside them; the list of OS versions. What is there already is not fetched again, so that
 * packing goes on where it ended. What cannot be had for one device is told, and does not stop the
 * others. Blocks; worker threads only.
 *
 * Returns: whether everything was tried; lks_route_check() tells what is there
 */
gboolean
lks_route_pack (LksRoute *self,
                const LksRoutePacking *packing,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GHashTable) places =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) lks_cloud_scope_free);
  LksRouteWork work = { self, packing, cancellable, places };
  GError *reason = NULL;
  gboolean is_whole;

  g_free (self->catalog);
  self->catalog = g_strdup (packing->catalog->catalog);
  is_whole = pack_all (&work, &reason);
  if (is_whole)
    self->made_unix_s = g_get_real_time () / G_USEC_PER_SEC;

  /* Also what an interruption left behind must be found again. */
  if (!lks_route_save (self, packing->folder, reason == NULL ? &reason : NULL))
    is_whole = FALSE;
  if (reason != NULL)
    g_propagate_error (error, reason);
  return is_whole;
}
