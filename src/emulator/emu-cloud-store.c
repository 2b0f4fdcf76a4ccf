/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-cloud-store.h"

#include "emu-identity.h"

#include "lks-device-id.h"

#include <string.h>

#define INDEX_DIGITS 8

/* ---- names: the service compares without case ---- */

static gboolean
is_name (const char *a, const char *b)
{
  return g_ascii_strcasecmp (a, b) == 0;
}

/* ---- generated devices: the index of a device can be read off its ID, so that a hundred thousand
 * of them need no memory ---- */

static guint32
get_mask (EmuCatalog *catalog)
{
  return g_str_hash (catalog->name) * 2654435761u;
}

/* Odd factors are invertible modulo 2^32: neighbours look unlike each other. */
static guint32
scatter (guint32 index)
{
  return index * 2654435761u;
}

static guint32
gather (guint32 scattered)
{
  return scattered * 244002641u; /* the inverse of 2654435761 */
}

static void
make_id (EmuCatalog *catalog, guint32 index, char *out_id)
{
  g_autofree char *name = g_strdup_printf ("cloud %s", catalog->name);
  g_autofree char *base = emu_identity_device_id (name, index);

  g_strlcpy (out_id, base, LKS_DEVICE_ID_DIGITS + 1);
  g_snprintf (out_id + LKS_DEVICE_ID_DIGITS - INDEX_DIGITS, INDEX_DIGITS + 1, "%08x",
              scatter (index) ^ get_mask (catalog));
}

/* Whether the ID is that of a generated device, and of which. */
static gboolean
find_index (EmuCatalog *catalog, const char *id, guint32 *out_index)
{
  char generated[LKS_DEVICE_ID_DIGITS + 1];
  guint32 tail = (guint32) g_ascii_strtoull (id + LKS_DEVICE_ID_DIGITS - INDEX_DIGITS, NULL, 16);
  guint32 index = gather (tail ^ get_mask (catalog));

  if (index >= catalog->n_generated)
    return FALSE;
  make_id (catalog, index, generated);
  *out_index = index;
  return g_str_equal (generated, id);
}

static EmuGroup *
get_birth_group (EmuCatalog *catalog, guint32 index)
{
  return catalog->births->len > 0
             ? g_ptr_array_index (catalog->births, index % catalog->births->len)
             : NULL;
}

/* ---- freeing ---- */

static void
device_free (gpointer data)
{
  EmuCloudDevice *self = data;

  g_free (self->id);
  g_free (self);
}

void
emu_deployment_free (EmuDeployment *self)
{
  g_free (self->id);
  g_free (self->date);
  g_ptr_array_unref (self->images);
  g_free (self);
}

static void
deployment_free (gpointer data)
{
  emu_deployment_free (data);
}

static void
group_free (gpointer data)
{
  EmuGroup *self = data;

  g_free (self->name);
  g_free (self->description);
  g_free (self->os_feed);
  g_free (self->update_policy);
  g_free (self->crash_dumps);
  g_free (self->boundary);
  g_ptr_array_unref (self->deployments);
  g_free (self);
}

static void
product_free (gpointer data)
{
  EmuProduct *self = data;

  g_free (self->name);
  g_free (self->description);
  g_ptr_array_unref (self->groups);
  g_free (self);
}

void
emu_image_info_free (EmuImage *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->component_id);
  g_free (self->boundary);
  g_clear_pointer (&self->package, g_bytes_unref);
  g_free (self);
}

static void
image_free (gpointer data)
{
  emu_image_info_free (data);
}

void
emu_catalog_free (EmuCatalog *self)
{
  g_free (self->subscription);
  g_free (self->resource_group);
  g_free (self->name);
  g_free (self->tenant_id);
  g_hash_table_unref (self->tags);
  g_ptr_array_unref (self->claimed);
  g_hash_table_unref (self->devices);
  g_ptr_array_unref (self->births);
  g_ptr_array_unref (self->products);
  g_ptr_array_unref (self->images);
  g_free (self);
}

static void
catalog_free (gpointer data)
{
  emu_catalog_free (data);
}

/* ---- groups ---- */

/* Defaults as the live service has them. */
EmuGroup *
emu_product_add_group (EmuProduct *self, const char *name)
{
  EmuGroup *group = g_new0 (EmuGroup, 1);

  group->product = self;
  group->name = g_strdup (name);
  group->os_feed = g_strdup ("Retail");
  group->update_policy = g_strdup ("UpdateAll");
  group->crash_dumps = g_strdup ("Disabled");
  group->boundary = g_strdup ("None");
  group->deployments = g_ptr_array_new_with_free_func (deployment_free);
  group->slot = -1;
  g_ptr_array_add (self->groups, group);
  return group;
}

/* The five groups that generateDefaultDeviceGroups makes, in its order (recording); those that
 * are there already stay as they are. */
void
emu_product_add_default_groups (EmuProduct *self)
{
  static const struct
  {
    const char *name;
    const char *os_feed;
    const char *update_policy;
  } groups[] = {
    { "Development", "Retail", "No3rdPartyAppUpdates" },
    { "Field Test", "Retail", "UpdateAll" },
    { "Production", "Retail", "UpdateAll" },
    { "Production OS Evaluation", "RetailEval", "UpdateAll" },
    { "Field Test OS Evaluation", "RetailEval", "UpdateAll" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      EmuGroup *group;

      if (emu_product_find_group (self, groups[i].name) != NULL)
        continue;
      group = emu_product_add_group (self, groups[i].name);
      g_free (group->os_feed);
      group->os_feed = g_strdup (groups[i].os_feed);
      g_free (group->update_policy);
      group->update_policy = g_strdup (groups[i].update_policy);
    }
}

EmuGroup *
emu_product_find_group (EmuProduct *self, const char *name)
{
  for (guint i = 0; i < self->groups->len; i++)
    {
      EmuGroup *group = g_ptr_array_index (self->groups, i);

      if (is_name (group->name, name))
        return group;
    }
  return NULL;
}

guint
emu_product_count_devices (EmuProduct *self)
{
  guint n = 0;

  for (guint i = 0; i < self->groups->len; i++)
    n += ((EmuGroup *) g_ptr_array_index (self->groups, i))->n_devices;
  return n;
}

/* ".default" is the current one, a GUID any of them. */
EmuDeployment *
emu_group_get_deployment (EmuGroup *self, const char *name)
{
  if (g_str_equal (name, ".default"))
    return self->deployments->len > 0
               ? g_ptr_array_index (self->deployments, self->deployments->len - 1)
               : NULL;

  for (guint i = 0; i < self->deployments->len; i++)
    {
      EmuDeployment *deployment = g_ptr_array_index (self->deployments, i);

      if (is_name (deployment->id, name))
        return deployment;
    }
  return NULL;
}

/* @images is consumed. */
EmuDeployment *
emu_deployment_new (GPtrArray *images)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  EmuDeployment *deployment = g_new0 (EmuDeployment, 1);

  deployment->id = g_uuid_string_random ();
  deployment->date = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.1234567Z");
  deployment->images = images;
  return deployment;
}

/* ---- catalogs ---- */

EmuProduct *
emu_catalog_find_product (EmuCatalog *self, const char *name)
{
  for (guint i = 0; i < self->products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (self->products, i);

      if (is_name (product->name, name))
        return product;
    }
  return NULL;
}

EmuProduct *
emu_catalog_add_product (EmuCatalog *self, const char *name, const char *description)
{
  EmuProduct *product = g_new0 (EmuProduct, 1);

  product->catalog = self;
  product->name = g_strdup (name);
  product->description = g_strdup (description);
  product->groups = g_ptr_array_new_with_free_func (group_free);
  g_ptr_array_add (self->products, product);
  return product;
}

EmuImage *
emu_catalog_find_image (EmuCatalog *self, const char *id)
{
  for (guint i = 0; i < self->images->len; i++)
    {
      EmuImage *image = g_ptr_array_index (self->images, i);

      if (is_name (image->id, id))
        return image;
    }
  return NULL;
}

guint
emu_catalog_count_devices (EmuCatalog *self)
{
  return self->n_generated + self->claimed->len;
}

static void
set_view (EmuDeviceView *view, const char *id, EmuGroup *group, gint64 index)
{
  g_strlcpy (view->id, id, sizeof view->id);
  view->group = group;
  view->index = index;
}

static void
look_at_generated (EmuCatalog *self, guint32 index, EmuDeviceView *out_view)
{
  char id[LKS_DEVICE_ID_DIGITS + 1];
  EmuCloudDevice *moved;

  make_id (self, index, id);
  moved = g_hash_table_lookup (self->devices, id);
  set_view (out_view, id, moved != NULL ? moved->group : get_birth_group (self, index), index);
}

/* @device_id in lower case. */
gboolean
emu_catalog_find_device (EmuCatalog *self, const char *device_id, EmuDeviceView *out_view)
{
  EmuCloudDevice *device = g_hash_table_lookup (self->devices, device_id);
  guint32 index;

  if (device != NULL)
    {
      set_view (out_view, device->id, device->group, device->index);
      return TRUE;
    }
  if (!find_index (self, device_id, &index))
    return FALSE;
  look_at_generated (self, index, out_view);
  return TRUE;
}

/* Claims a device, or moves one. */
void
emu_catalog_put_device (EmuCatalog *self, const char *device_id, EmuGroup *group)
{
  EmuCloudDevice *device = g_hash_table_lookup (self->devices, device_id);
  EmuDeviceView before = { .index = -1 };
  gboolean is_known = emu_catalog_find_device (self, device_id, &before);

  if (device == NULL)
    {
      device = g_new0 (EmuCloudDevice, 1);
      device->id = g_strdup (device_id);
      device->index = before.index;
      g_hash_table_insert (self->devices, device->id, device);
      if (!is_known)
        g_ptr_array_add (self->claimed, device);
    }
  if (before.group != NULL)
    before.group->n_devices--;
  if (group != NULL)
    group->n_devices++;
  device->group = group;
}

/* What a deletion does to the claim is not known; here a generated device ends in no group, and
 * another one is forgotten. */
void
emu_catalog_remove_device (EmuCatalog *self, const char *device_id)
{
  EmuDeviceView view;
  EmuCloudDevice *device;

  if (!emu_catalog_find_device (self, device_id, &view))
    return;
  emu_catalog_put_device (self, device_id, NULL);
  if (view.index >= 0)
    return;
  device = g_hash_table_lookup (self->devices, device_id);
  g_ptr_array_remove (self->claimed, device);
  g_hash_table_remove (self->devices, device_id);
}

/* One device of the walk; FALSE: the position holds none, EMU_WALK_END is past the last. */
typedef enum
{
  STEP_DEVICE,
  STEP_NONE,
  STEP_END,
} Step;

/* All generated ones, then those that were claimed. */
static Step
step (EmuCatalog *self, guint64 position, EmuDeviceView *out_view)
{
  EmuCloudDevice *device;

  if (position < self->n_generated)
    {
      look_at_generated (self, (guint32) position, out_view);
      return STEP_DEVICE;
    }
  position -= self->n_generated;
  if (position >= self->claimed->len)
    return STEP_END;

  device = g_ptr_array_index (self->claimed, position);
  set_view (out_view, device->id, device->group, -1);
  return STEP_DEVICE;
}

/* Those born in a group come at every so many positions; the others are looked up. */
static guint64
skip_others (EmuCatalog *self, EmuGroup *group, guint64 position)
{
  guint64 stride = self->births->len;

  if (group == NULL || stride == 0 || position >= self->n_generated ||
      g_hash_table_size (self->devices) > self->claimed->len)
    return position;
  if (group->slot < 0)
    return self->n_generated;
  position += (stride + (guint64) group->slot - position % stride) % stride;
  return MIN (position, self->n_generated);
}

/**
 * emu_catalog_walk:
 * @self: a catalog
 * @group: (nullable): whose devices; NULL for those in none
 * @in_group_only: FALSE: all devices, whatever @group says
 * @position: where to begin, 0 at first
 * @func: takes a device; FALSE: this one is not taken and the walk ends before it
 * @user_data: for @func
 *
 * Returns: where to go on, %EMU_WALK_END when there is nothing left
 */
guint64
emu_catalog_walk (EmuCatalog *self,
                  EmuGroup *group,
                  gboolean in_group_only,
                  guint64 position,
                  EmuDeviceFunc func,
                  gpointer user_data)
{
  for (;; position++)
    {
      EmuDeviceView view;

      if (in_group_only)
        position = skip_others (self, group, position);
      if (step (self, position, &view) == STEP_END)
        return EMU_WALK_END;
      if (in_group_only && view.group != group)
        continue;
      if (!func (&view, user_data))
        return position;
    }
}

/* ---- the whole ---- */

EmuCatalog *
emu_cloud_store_find (EmuCloudStore *self,
                      const char *subscription,
                      const char *resource_group,
                      const char *name)
{
  for (guint i = 0; i < self->catalogs->len; i++)
    {
      EmuCatalog *catalog = g_ptr_array_index (self->catalogs, i);

      if (is_name (catalog->name, name) && is_name (catalog->resource_group, resource_group) &&
          is_name (catalog->subscription, subscription))
        return catalog;
    }
  return NULL;
}

void
emu_catalog_get_key (const EmuCatalog *self, EmuCatalogKey *out_key)
{
  out_key->subscription = g_strdup (self->subscription);
  out_key->resource_group = g_strdup (self->resource_group);
  out_key->name = g_strdup (self->name);
}

void
emu_catalog_key_clear (EmuCatalogKey *self)
{
  g_free (self->subscription);
  g_free (self->resource_group);
  g_free (self->name);
}

EmuCatalog *
emu_cloud_store_find_again (EmuCloudStore *self, const EmuCatalogKey *key)
{
  return emu_cloud_store_find (self, key->subscription, key->resource_group, key->name);
}

EmuCatalog *
emu_cloud_store_add (EmuCloudStore *self,
                     const char *subscription,
                     const char *resource_group,
                     const char *name)
{
  EmuCatalog *catalog = g_new0 (EmuCatalog, 1);

  catalog->subscription = g_strdup (subscription);
  catalog->resource_group = g_strdup (resource_group);
  catalog->name = g_strdup (name);
  catalog->tenant_id = emu_identity_guid ("device-tenant", name);
  catalog->tags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  catalog->products = g_ptr_array_new_with_free_func (product_free);
  catalog->images = g_ptr_array_new_with_free_func (image_free);
  catalog->births = g_ptr_array_new ();
  catalog->claimed = g_ptr_array_new ();
  catalog->devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, device_free);
  g_ptr_array_add (self->catalogs, catalog);
  return catalog;
}

EmuCatalog *
emu_cloud_store_find_owner (EmuCloudStore *self, const char *device_id)
{
  for (guint i = 0; i < self->catalogs->len; i++)
    {
      EmuDeviceView view;

      if (emu_catalog_find_device (g_ptr_array_index (self->catalogs, i), device_id, &view))
        return g_ptr_array_index (self->catalogs, i);
    }
  return NULL;
}

static void
spread_devices (EmuCatalog *catalog, guint n_devices)
{
  for (guint i = 0; i < catalog->products->len; i++)
    {
      EmuProduct *product = g_ptr_array_index (catalog->products, i);

      for (guint j = 0; j < product->groups->len; j++)
        {
          EmuGroup *group = g_ptr_array_index (product->groups, j);

          group->slot = (int) catalog->births->len;
          g_ptr_array_add (catalog->births, group);
        }
    }

  catalog->n_generated = n_devices;
  for (guint i = 0; i < catalog->births->len; i++)
    {
      EmuGroup *group = g_ptr_array_index (catalog->births, i);

      group->n_devices =
          n_devices / catalog->births->len + (i < n_devices % catalog->births->len ? 1 : 0);
    }
}

static void
fill_catalog (EmuCatalog *catalog, const EmuCloudCatalogConfig *config, GPtrArray *board_ids)
{
  EmuProduct *first;

  for (guint i = 0; config->products != NULL && config->products[i] != NULL; i++)
    emu_product_add_default_groups (emu_catalog_add_product (catalog, config->products[i], NULL));
  spread_devices (catalog, config->devices);

  first = catalog->products->len > 0 ? g_ptr_array_index (catalog->products, 0) : NULL;
  for (guint i = 0; config->has_boards && i < board_ids->len; i++)
    emu_catalog_put_device (catalog, g_ptr_array_index (board_ids, i),
                            first != NULL ? emu_product_find_group (first, "Production") : NULL);
}

/**
 * emu_cloud_store_new:
 * @config: what there is at the start
 * @board_ids: (element-type utf8): device IDs of the emulated boards that are claimed
 *
 * Returns: (transfer full): the things that the service keeps
 */
EmuCloudStore *
emu_cloud_store_new (const EmuCloudConfig *config, GPtrArray *board_ids)
{
  EmuCloudStore *self = g_new0 (EmuCloudStore, 1);

  self->catalogs = g_ptr_array_new_with_free_func (catalog_free);
  for (guint i = 0; i < config->catalogs->len; i++)
    {
      const EmuCloudCatalogConfig *each = g_ptr_array_index (config->catalogs, i);

      fill_catalog (emu_cloud_store_add (self,
                                         each->subscription != NULL ? each->subscription
                                                                    : config->subscription,
                                         each->resource_group != NULL ? each->resource_group
                                                                      : config->resource_group,
                                         each->name),
                    each, board_ids);
    }
  return self;
}

void
emu_cloud_store_free (EmuCloudStore *self)
{
  g_ptr_array_unref (self->catalogs);
  g_free (self);
}
