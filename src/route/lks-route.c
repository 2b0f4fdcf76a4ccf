/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route.h"

#include "lks-capability.h"

/* The service makes no others. */
static const guint capabilities[] = { LKS_CAPABILITY_FIELD_SERVICING,
                                      LKS_CAPABILITY_APP_DEVELOPMENT };

/**
 * lks_route_capability_from_name:
 * @name: "fieldServicing" or "appDevelopment", in either case
 * @out_capability: (out): its number
 *
 * Returns: whether the service makes one of that name
 */
gboolean
lks_route_capability_from_name (const char *name, guint *out_capability)
{
  for (gsize i = 0; i < G_N_ELEMENTS (capabilities); i++)
    if (g_ascii_strcasecmp (name, lks_capability_get_name (capabilities[i])) == 0)
      {
        *out_capability = capabilities[i];
        return TRUE;
      }
  return FALSE;
}

static void
device_free (LksRouteDevice *self)
{
  g_free (self->device_id);
  g_free (self->product);
  g_free (self->group);
  g_free (self->os_version);
  g_ptr_array_unref (self->image_ids);
  g_free (self->images_problem);
  g_free (self);
}

static void
image_free (LksRouteImage *self)
{
  g_free (self->image_id);
  g_free (self->name);
  g_free (self->sha256);
  g_free (self);
}

/**
 * lks_route_new:
 *
 * Returns: (transfer full): a route without devices
 */
LksRoute *
lks_route_new (void)
{
  LksRoute *self = g_new0 (LksRoute, 1);

  self->capabilities = g_array_new (FALSE, FALSE, sizeof (guint));
  self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) device_free);
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) image_free);
  self->wanted = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * lks_route_free:
 * @self: (transfer full) (nullable): a route
 *
 * Forgets it; what was packed stays.
 */
void
lks_route_free (LksRoute *self)
{
  if (self == NULL)
    return;

  g_free (self->catalog);
  g_array_unref (self->capabilities);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->wanted);
  g_free (self->keystore_sha256);
  g_free (self);
}

/**
 * lks_route_add_device:
 * @self: a route
 * @device_id: a device ID, 128 digits, lower case, which is not in it yet
 *
 * Returns: (transfer none): the device in the route
 */
LksRouteDevice *
lks_route_add_device (LksRoute *self, const char *device_id)
{
  LksRouteDevice *device = g_new0 (LksRouteDevice, 1);

  device->device_id = g_strdup (device_id);
  device->image_ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->devices, device);
  return device;
}

static gboolean
has_device (GPtrArray *devices, const char *device_id)
{
  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((LksRouteDevice *) g_ptr_array_index (devices, i))->device_id, device_id))
      return TRUE;
  return FALSE;
}

/**
 * lks_route_set_devices:
 * @self: a route
 * @ids: (element-type utf8): device IDs, 128 digits, lower case, each once
 *
 * Sets for which devices the route is. What was packed for the same ones stays known; for others it
 * is to be packed anew.
 */
void
lks_route_set_devices (LksRoute *self, GPtrArray *ids)
{
  gboolean is_same = self->devices->len == ids->len;

  for (guint i = 0; i < ids->len; i++)
    is_same = is_same && has_device (self->devices, g_ptr_array_index (ids, i));
  if (is_same)
    return;

  g_ptr_array_set_size (self->devices, 0);
  for (guint i = 0; i < ids->len; i++)
    lks_route_add_device (self, g_ptr_array_index (ids, i));
  self->made_unix_s = 0;
}

/**
 * lks_route_find_image:
 * @self: a route
 * @image_id: GUID of an image, in either case
 *
 * Returns: (transfer none) (nullable): the image in the route
 */
LksRouteImage *
lks_route_find_image (const LksRoute *self, const char *image_id)
{
  for (guint i = 0; i < self->images->len; i++)
    {
      LksRouteImage *image = g_ptr_array_index (self->images, i);

      if (g_ascii_strcasecmp (image->image_id, image_id) == 0)
        return image;
    }
  return NULL;
}

/**
 * lks_route_add_image:
 * @self: a route
 * @image_id: GUID of an image, in either case
 *
 * Returns: (transfer none): the image in the route, which may have been there
 */
LksRouteImage *
lks_route_add_image (LksRoute *self, const char *image_id)
{
  LksRouteImage *image = lks_route_find_image (self, image_id);

  if (image != NULL)
    return image;
  image = g_new0 (LksRouteImage, 1);
  image->image_id = g_ascii_strdown (image_id, -1);
  g_ptr_array_add (self->images, image);
  return image;
}

/**
 * lks_route_dup_folder:
 *
 * Returns: (transfer full): where a route is when nobody names another folder
 */
char *
lks_route_dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith", "route", NULL);
}

/**
 * lks_route_dup_image_path:
 * @folder: where a route is
 * @image_id: GUID of an image, lower case
 *
 * Returns: (transfer full): where its file is
 */
char *
lks_route_dup_image_path (const char *folder, const char *image_id)
{
  g_autofree char *name = g_strconcat (image_id, ".imagepackage", NULL);

  return g_build_filename (folder, name, NULL);
}

/**
 * lks_route_dup_keystore_path:
 * @folder: where a route is
 *
 * Returns: (transfer full): where its trusted keystore is, if it has one
 */
char *
lks_route_dup_keystore_path (const char *folder)
{
  return g_build_filename (folder, "trusted-keystore.bin", NULL);
}
