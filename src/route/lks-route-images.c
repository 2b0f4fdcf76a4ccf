/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-route-private.h"

#include "lks-cloud-deployment.h"
#include "lks-cloud-error.h"
#include "lks-cloud-image.h"
#include "lks-guid.h"
#include "lks-image-inspection.h"

#include <glib/gstdio.h>

/**
 * lks_route_hash_file:
 * @path: a file
 *
 * Returns: (transfer full) (nullable): its SHA-256, NULL when it cannot be read or is no image's
 */
char *
lks_route_hash_file (const char *path)
{
  g_autoptr (GBytes) bytes = lks_image_load (path, NULL);

  return bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
}

static void
set_text (char **text, const char *value)
{
  char *old = *text;

  *text = g_strdup (value);
  g_free (old);
}

/* ---- which ---- */

static LksRouteImage *
add_image (LksRouteWork *self, const char *id, GError **error)
{
  LksRouteImage *image = lks_route_find_image (self->route, id);

  if (image != NULL || self->route->images->len < LKS_ROUTE_IMAGES_MAX)
    return image != NULL ? image : lks_route_add_image (self->route, id);
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT,
               "more than %d images cannot be taken along", LKS_ROUTE_IMAGES_MAX);
  return NULL;
}

static gboolean
take_deployment (LksRouteWork *self,
                 const LksCloudDeployment *deployment,
                 GPtrArray *ids,
                 GError **error)
{
  for (guint i = 0; deployment->image_ids != NULL && deployment->image_ids[i] != NULL; i++)
    {
      LksRouteImage *image = add_image (self, deployment->image_ids[i], error);

      if (image == NULL)
        return FALSE;
      if (deployment->image_names[i][0] != '\0')
        set_text (&image->name, deployment->image_names[i]);
      g_ptr_array_add (ids, g_strdup (image->image_id));
    }
  return TRUE;
}

/* What the devices of a group shall have. */
typedef struct
{
  GPtrArray *ids; /* (owned) (element-type utf8) */
  char *problem;  /* (owned) (nullable): why that is not known */
} GroupImages;

static GroupImages *
group_images_new (void)
{
  GroupImages *self = g_new0 (GroupImages, 1);

  self->ids = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
group_images_free (GroupImages *self)
{
  g_ptr_array_unref (self->ids);
  g_free (self->problem);
  g_free (self);
}

/* Asked once for each group. NULL when all has to end. */
static const GroupImages *
get_group_images (LksRouteWork *self,
                  GHashTable *groups,
                  const LksCloudScope *place,
                  GError **error)
{
  g_autoptr (LksCloudScope) group = lks_cloud_scope_dup_group (place, place->product, place->group);
  g_autofree char *id = lks_cloud_scope_dup_id (group);
  GroupImages *images = g_hash_table_lookup (groups, id);
  g_autoptr (LksCloudResource) deployment = NULL;
  GError *reason = NULL;

  if (images != NULL)
    return images;
  images = group_images_new ();
  g_hash_table_insert (groups, g_steal_pointer (&id), images);
  /* Nothing was ever deployed to many groups. */
  if (lks_cloud_deployment_get_current (self->how->client, group, &deployment, self->cancellable,
                                        &reason) &&
      deployment != NULL)
    take_deployment (self, (LksCloudDeployment *) deployment, images->ids, &reason);
  if (reason != NULL)
    {
      const LksRouteEvent event = { .thing = LKS_ROUTE_THING_IMAGES, .subject = place->group };

      images->problem = g_strdup (reason->message);
      return lks_route_work_tell (self, event, reason, error) ? images : NULL;
    }
  return images;
}

static void
set_images (LksRouteDevice *device, const GroupImages *images)
{
  g_ptr_array_set_size (device->image_ids, 0);
  for (guint i = 0; images != NULL && i < images->ids->len; i++)
    g_ptr_array_add (device->image_ids, g_strdup (g_ptr_array_index (images->ids, i)));
  device->are_images_known = TRUE;
  set_text (&device->images_problem, NULL);
}

/* What it had to have before is still taken along; an image too many is found by the check. */
static void
keep_images (LksRouteWork *self, LksRouteDevice *device, const GroupImages *images)
{
  for (guint i = 0; i < device->image_ids->len; i++)
    add_image (self, g_ptr_array_index (device->image_ids, i), NULL);
  device->are_images_known = FALSE;
  set_text (&device->images_problem, images->problem);
}

static gboolean
choose_for_groups (LksRouteWork *self, GError **error)
{
  g_autoptr (GHashTable) groups =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) group_images_free);

  for (guint i = 0; i < self->route->devices->len; i++)
    {
      LksRouteDevice *device = g_ptr_array_index (self->route->devices, i);
      const LksCloudScope *place = g_hash_table_lookup (self->places, device->device_id);
      const GroupImages *images = NULL;

      if (place != NULL && lks_cloud_scope_is_assigned (place) &&
          (images = get_group_images (self, groups, place, error)) == NULL)
        return FALSE;
      if (images != NULL && images->problem != NULL)
        keep_images (self, device, images);
      else
        set_images (device, images);
    }
  return TRUE;
}

/* ---- by name ---- */

typedef struct
{
  const char *name;
  char *found; /* (owned) (nullable): the ID of one that is called so */
  gboolean is_ambiguous;
} NameSearch;

static gboolean
compare_name (LksCloudResource *resource, gpointer user_data, GError **error)
{
  NameSearch *search = user_data;
  const LksCloudImage *image = (const LksCloudImage *) resource;

  if (image->image_id == NULL || g_strcmp0 (image->image_name, search->name) != 0)
    return TRUE;
  search->is_ambiguous = search->found != NULL;
  set_text (&search->found, image->image_id);
  return TRUE;
}

/* The list does not tell which of two is the newer one: nothing is guessed. */
static gboolean
find_by_name (LksRouteWork *self, const char *name, char **out_id, GError **error)
{
  NameSearch search = { .name = name };
  gboolean is_read = lks_cloud_image_list (self->how->client, self->how->catalog, compare_name,
                                           &search, self->cancellable, error);
  g_autofree char *found = search.found;

  if (!is_read)
    return FALSE;
  if (found == NULL)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_NOT_FOUND,
                 "the catalog has no image called “%s”", name);
  else if (search.is_ambiguous)
    g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_CONFLICT,
                 "several images are called “%s”: name one by its ID", name);
  else
    *out_id = g_steal_pointer (&found);
  return *out_id != NULL;
}

static gboolean
choose_wanted (LksRouteWork *self, const char *wanted, GError **error)
{
  const LksRouteEvent event = { .thing = LKS_ROUTE_THING_IMAGE, .subject = wanted };
  gboolean is_id = lks_guid_is_valid (wanted);
  g_autofree char *id = is_id ? g_strdup (wanted) : NULL;
  GError *reason = NULL;
  LksRouteImage *image;

  if (id == NULL && !find_by_name (self, wanted, &id, &reason))
    return lks_route_work_tell (self, event, reason, error);
  image = add_image (self, id, &reason);
  if (image == NULL)
    return lks_route_work_tell (self, event, reason, error);
  if (!is_id)
    set_text (&image->name, wanted);
  return TRUE;
}

static gboolean
choose (LksRouteWork *self, GError **error)
{
  if (!choose_for_groups (self, error))
    return FALSE;
  for (guint i = 0; i < self->route->wanted->len; i++)
    if (!choose_wanted (self, g_ptr_array_index (self->route->wanted, i), error))
      return FALSE;
  return TRUE;
}

/* ---- fetching ---- */

static gboolean
fetch (LksRouteWork *self, LksRouteImage *image, const char *path, GError **error)
{
  g_autoptr (LksCloudScope) scope =
      lks_cloud_scope_dup_leaf (self->how->catalog, "images", image->image_id);
  g_autoptr (GBytes) bytes =
      lks_cloud_image_download (self->how->client, scope, self->cancellable, error);
  gsize size_bytes;
  const char *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size_bytes);
  if (!g_file_set_contents_full (path, data, (gssize) size_bytes,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 error))
    return FALSE;
  g_free (image->sha256);
  image->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  return TRUE;
}

static gboolean
pack_image (LksRouteWork *self, LksRouteImage *image, GError **error)
{
  LksRouteEvent event = { .thing = LKS_ROUTE_THING_IMAGE,
                          .subject = image->name != NULL ? image->name : image->image_id };
  g_autofree char *path = lks_route_dup_image_path (self->how->folder, image->image_id);
  g_autofree char *hash = lks_route_hash_file (path);
  GError *reason = NULL;

  if (hash != NULL && g_strcmp0 (hash, image->sha256) == 0)
    event.result = LKS_ROUTE_RESULT_KEPT;
  else
    fetch (self, image, path, &reason);
  return lks_route_work_tell (self, event, reason, error);
}

static void
swap_images (LksRoute *a, LksRoute *b)
{
  GPtrArray *images = a->images;

  a->images = b->images;
  b->images = images;
}

/* What was fetched before is known of all of them, also when not all are looked at now. */
static void
remember_images (LksRoute *route, const LksRoute *before)
{
  for (guint i = 0; i < route->images->len; i++)
    {
      LksRouteImage *image = g_ptr_array_index (route->images, i);
      const LksRouteImage *known = lks_route_find_image (before, image->image_id);

      if (known == NULL)
        continue;
      set_text (&image->sha256, known->sha256);
      if (image->name == NULL)
        set_text (&image->name, known->name);
    }
}

/**
 * lks_route_work_pack_images:
 * @self: packing; the devices were located
 * @error: return location for an error that ends all
 *
 * Finds out which images are to be taken along, and fetches those that are not there.
 *
 * Returns: whether to go on
 */
gboolean
lks_route_work_pack_images (LksRouteWork *self, GError **error)
{
  g_autoptr (LksRoute) before = lks_route_new ();

  swap_images (self->route, before);
  if (!choose (self, error))
    {
      swap_images (self->route, before); /* what is there is still known */
      return FALSE;
    }
  remember_images (self->route, before);
  for (guint i = 0; i < self->route->images->len; i++)
    if (!pack_image (self, g_ptr_array_index (self->route->images, i), error))
      return FALSE;
  return TRUE;
}

/* ---- the trusted keystore ---- */

static LksImageInspection *
inspect_keystore (GBytes *bytes, GError **error)
{
  g_autoptr (LksImageInspection) inspection = lks_image_inspect (bytes, error);

  if (inspection == NULL)
    return NULL;
  if (inspection->metadata->image_type != LKS_IMAGE_TYPE_TRUSTED_KEYSTORE)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "this is no trusted keystore but an image of the kind “%s”",
                 lks_image_type_to_text (inspection->metadata->image_type));
  else if (inspection->flaws->len > 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         ((LksImageFlaw *) g_ptr_array_index (inspection->flaws, 0))->detail);
  else
    return g_steal_pointer (&inspection);
  return NULL;
}

static guint64
get_build_time (const char *path)
{
  g_autoptr (GBytes) bytes = lks_image_load (path, NULL);
  g_autoptr (LksImageInspection) inspection = bytes != NULL ? inspect_keystore (bytes, NULL) : NULL;

  return inspection != NULL ? inspection->metadata->built_unix_s : 0;
}

/**
 * lks_route_take_keystore:
 * @self: a route
 * @folder: where it is
 * @path: an image with a trusted keystore
 * @out_taken: (out): whether it was taken; the route may have a newer one
 * @error: return location for an error of the file, or `G_IO_ERROR_INVALID_ARGUMENT` when it is
 *   no trusted keystore
 *
 * Takes a trusted keystore along, for boards that were offline while the vendor changed the keys
 * that sign. The vendor's cloud offers none: it comes from the recovery images of a newer OS. Of
 * several the newest one stays. Blocks; any thread.
 *
 * Returns: whether the route has one
 */
gboolean
lks_route_take_keystore (LksRoute *self,
                         const char *folder,
                         const char *path,
                         gboolean *out_taken,
                         GError **error)
{
  g_autofree char *place = lks_route_dup_keystore_path (folder);
  g_autoptr (GBytes) bytes = lks_image_load (path, error);
  g_autoptr (LksImageInspection) inspection =
      bytes != NULL ? inspect_keystore (bytes, error) : NULL;
  gsize size_bytes;
  const char *data;
  char *hash;

  if (inspection == NULL)
    return FALSE;
  *out_taken = inspection->metadata->built_unix_s >= get_build_time (place);
  if (*out_taken)
    {
      data = g_bytes_get_data (bytes, &size_bytes);
      g_mkdir_with_parents (folder, 0700);
      if (!g_file_set_contents_full (place, data, (gssize) size_bytes,
                                     G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                     0600, error))
        return FALSE;
    }
  hash = *out_taken ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes)
                    : lks_route_hash_file (place);
  g_free (self->keystore_sha256);
  self->keystore_sha256 = hash;
  return TRUE;
}
