/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-software.h"

#include "lks-device-error.h"

static void
item_free (gpointer data)
{
  LksSoftwareItem *self = data;

  g_free (self->component_id);
  g_free (self->image_id);
  g_free (self->name);
  lks_manifest_free (self->manifest);
  g_free (self);
}

/**
 * lks_software_free:
 * @self: (transfer full) (nullable): what is installed
 */
void
lks_software_free (LksSoftware *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->items);
  g_free (self);
}

static LksSoftwareItem *
item_new (const LksComponent *component, LksManifestStore *store)
{
  LksSoftwareItem *self = g_new0 (LksSoftwareItem, 1);
  const LksInstalledImage *image =
      component->images->len > 0 ? g_ptr_array_index (component->images, 0) : NULL;

  self->component_id = g_strdup (component->id);
  self->name = g_strdup (component->name != NULL ? component->name : "");
  self->image_type = (guint) component->image_type;
  self->images = component->images->len;
  self->is_staged = component->is_update_staged;
  self->needs_restart = component->needs_restart;
  if (image == NULL)
    return self;

  self->image_id = g_strdup (image->id);
  self->size_bytes = image->size_bytes;
  self->uncompressed_size_bytes = image->uncompressed_size_bytes;
  if (store != NULL && lks_software_item_is_app (self))
    self->manifest = lks_manifest_store_find (store, image->id);
  return self;
}

/* Applications first: the rest belongs to the system and does not change here. */
static int
compare_items_cb (gconstpointer a, gconstpointer b)
{
  const LksSoftwareItem *one = *(const LksSoftwareItem *const *) a;
  const LksSoftwareItem *other = *(const LksSoftwareItem *const *) b;
  gboolean one_is_app = lks_software_item_is_app (one);
  gboolean other_is_app = lks_software_item_is_app (other);
  int by_name;

  if (one_is_app != other_is_app)
    return one_is_app ? -1 : 1;
  if (one->image_type != other->image_type)
    return one->image_type < other->image_type ? -1 : 1;
  by_name = g_utf8_collate (one->name, other->name);
  return by_name != 0 ? by_name : g_strcmp0 (one->component_id, other->component_id);
}

/**
 * lks_software_new:
 * @components: the answer of `GET /images`
 * @store: (nullable): what is known of packages
 *
 * Returns: (transfer full): what is installed, without what each application would have to be
 *   asked for
 */
LksSoftware *
lks_software_new (LksComponents *components, LksManifestStore *store)
{
  LksSoftware *self = g_new0 (LksSoftware, 1);

  self->is_ota_in_progress = components->is_ota_in_progress;
  self->has_staged_updates = components->has_staged_updates;
  self->is_restart_required = components->is_restart_required;
  self->items = g_ptr_array_new_with_free_func (item_free);
  for (guint i = 0; i < components->components->len; i++)
    g_ptr_array_add (self->items, item_new (g_ptr_array_index (components->components, i), store));
  g_ptr_array_sort (self->items, compare_items_cb);
  return self;
}

/* An old system does not know quotas, and an application may vanish in between: both are no
 * reason to tell nothing. */
static gboolean
is_tolerable (const GError *error)
{
  return g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_UNSUPPORTED) ||
         g_error_matches (error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_NOT_FOUND);
}

static gboolean
read_app (LksSoftwareItem *item, LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksAppStatus) status =
      lks_device_get_app_status (device, item->component_id, cancellable, error);
  g_autoptr (GError) local = NULL;
  LksAppQuota quota = { 0 };

  if (status == NULL)
    return FALSE;

  item->state = status->state;
  item->has_quota =
      lks_device_get_app_quota (device, item->component_id, &quota, cancellable, &local);
  if (local != NULL && !is_tolerable (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  item->storage_used_kib = quota.usage_kib;
  item->storage_limit_kib = quota.limit_kib;
  return TRUE;
}

/**
 * lks_software_read:
 * @device: a board
 * @store: (nullable): what is known of packages
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads what is installed, and state and storage of each application. Blocks; worker threads
 * only.
 *
 * Returns: (transfer full): what is installed, or NULL with @error set
 */
LksSoftware *
lks_software_read (LksDevice *device,
                   LksManifestStore *store,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, error);
  g_autoptr (LksSoftware) self = NULL;

  if (components == NULL)
    return NULL;

  self = lks_software_new (components, store);
  for (guint i = 0; i < self->items->len; i++)
    {
      LksSoftwareItem *item = g_ptr_array_index (self->items, i);

      if (lks_software_item_is_app (item) && !read_app (item, device, cancellable, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * lks_software_find:
 * @self: what is installed
 * @component_id: an ID, in either case
 *
 * Returns: (transfer none) (nullable): the component, %NULL when it is not installed
 */
LksSoftwareItem *
lks_software_find (const LksSoftware *self, const char *component_id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      LksSoftwareItem *item = g_ptr_array_index (self->items, i);

      if (g_ascii_strcasecmp (item->component_id, component_id) == 0)
        return item;
    }

  return NULL;
}

/**
 * lks_software_count_apps:
 * @self: what is installed
 *
 * Returns: how many applications there are, the debug server included
 */
guint
lks_software_count_apps (const LksSoftware *self)
{
  guint apps = 0;

  for (guint i = 0; i < self->items->len; i++)
    apps += lks_software_item_is_app (g_ptr_array_index (self->items, i));
  return apps;
}

/**
 * lks_software_sum_app_bytes:
 * @self: what is installed
 *
 * Returns: what all applications take of the flash, in bytes
 */
guint64
lks_software_sum_app_bytes (const LksSoftware *self)
{
  guint64 bytes = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      const LksSoftwareItem *item = g_ptr_array_index (self->items, i);

      if (lks_software_item_is_app (item))
        bytes += item->size_bytes;
    }
  return bytes;
}

/**
 * lks_software_item_is_app:
 * @self: a component
 *
 * Returns: whether it is an application
 */
gboolean
lks_software_item_is_app (const LksSoftwareItem *self)
{
  return self->image_type == LKS_IMAGE_TYPE_APPLICATION;
}

/**
 * lks_software_item_is_debugger:
 * @self: a component
 *
 * Returns: whether it is the board's debug server, which is not started or stopped by itself
 */
gboolean
lks_software_item_is_debugger (const LksSoftwareItem *self)
{
  return lks_software_item_is_app (self) && g_str_equal (self->name, LKS_DEBUG_SERVER_NAME);
}
