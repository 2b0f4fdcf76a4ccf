/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-manifest-store.h"

#include <glib/gstdio.h>

#define MANIFEST_NAME "app_manifest.json"
#define SUFFIX ".json"

struct _LksManifestStore
{
  char *folder;          /* (owned) */
  GHashTable *manifests; /* (owned): image ID → GBytes, of this run of the program */
};

/**
 * lks_manifest_store_dup_default_path:
 *
 * Returns: (transfer full) (type filename): where the user's store is
 */
char *
lks_manifest_store_dup_default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith", "manifests", NULL);
}

/**
 * lks_manifest_store_new:
 * @folder: (type filename): where the manifests are kept; it is made when it is needed
 *
 * Returns: (transfer full): a store
 */
LksManifestStore *
lks_manifest_store_new (const char *folder)
{
  LksManifestStore *self = g_new0 (LksManifestStore, 1);

  self->folder = g_strdup (folder);
  self->manifests =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  return self;
}

/**
 * lks_manifest_store_free:
 * @self: (transfer full) (nullable): a store
 */
void
lks_manifest_store_free (LksManifestStore *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->manifests);
  g_free (self->folder);
  g_free (self);
}

static char *
build_path (LksManifestStore *self, const char *image_id)
{
  g_autofree char *name = g_strconcat (image_id, SUFFIX, NULL);

  return g_build_filename (self->folder, name, NULL);
}

/* Deletes the file that was written first. */
static void
remove_oldest (const char *folder, guint *out_files)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *oldest = NULL;
  gint64 oldest_s = G_MAXINT64;
  const char *name;

  *out_files = 0;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (!g_str_has_suffix (name, SUFFIX) || g_stat (path, &status) != 0)
        continue;
      (*out_files)++;
      if (status.st_mtime < oldest_s)
        {
          oldest_s = status.st_mtime;
          g_free (oldest);
          oldest = g_steal_pointer (&path);
        }
    }
  if (*out_files > LKS_MANIFEST_STORE_MAX)
    g_unlink (oldest);
}

/* What cannot be kept is not known next time, which the forecast says. */
static void
write_manifest (LksManifestStore *self, const char *image_id, GBytes *json)
{
  g_autofree char *path = build_path (self, image_id);
  g_autoptr (GError) error = NULL;
  guint files;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return;

  g_mkdir_with_parents (self->folder, 0700);
  if (!g_file_set_contents_full (path, g_bytes_get_data (json, NULL),
                                 (gssize) g_bytes_get_size (json), G_FILE_SET_CONTENTS_CONSISTENT,
                                 0600, &error))
    {
      g_info ("manifest not kept: %s", error->message);
      return;
    }

  do
    remove_oldest (self->folder, &files);
  while (files > LKS_MANIFEST_STORE_MAX + 1);
}

/**
 * lks_manifest_store_add:
 * @self: a store
 * @package: the whole package
 * @inspection: what was found in it
 *
 * Remembers what an application uses. Does nothing for other images and for packages whose manifest
 * cannot be read. Blocks shortly.
 */
void
lks_manifest_store_add (LksManifestStore *self,
                        GBytes *package,
                        const LksImageInspection *inspection)
{
  const LksImageMetadata *metadata = inspection->metadata;
  g_autoptr (GBytes) json = NULL;

  if (inspection->manifest == NULL)
    return;
  json = lks_image_package_read_file (package, metadata->metadata_offset, MANIFEST_NAME, NULL);
  if (json == NULL)
    return;

  write_manifest (self, metadata->image_id, json);
  g_hash_table_replace (self->manifests, g_strdup (metadata->image_id),
                        g_bytes_new (g_bytes_get_data (json, NULL), g_bytes_get_size (json)));
}

static GBytes *
load_manifest (LksManifestStore *self, const char *image_id)
{
  g_autofree char *path = build_path (self, image_id);
  GStatBuf status;
  char *text;
  gsize size_bytes;

  if (!lks_guid_is_valid (image_id) || g_stat (path, &status) != 0 || !S_ISREG (status.st_mode) ||
      status.st_size > LKS_MANIFEST_BYTES_MAX ||
      !g_file_get_contents (path, &text, &size_bytes, NULL))
    return NULL;

  return g_bytes_new_take (text, size_bytes);
}

/**
 * lks_manifest_store_find:
 * @self: a store
 * @image_id: an image, lower case
 *
 * Blocks shortly.
 *
 * Returns: (transfer full) (nullable): what that image uses, %NULL when no package of it was seen
 */
LksManifest *
lks_manifest_store_find (LksManifestStore *self, const char *image_id)
{
  GBytes *known = g_hash_table_lookup (self->manifests, image_id);
  g_autoptr (GBytes) json = known != NULL ? g_bytes_ref (known) : load_manifest (self, image_id);

  return json != NULL ? lks_manifest_parse (json, NULL) : NULL;
}
