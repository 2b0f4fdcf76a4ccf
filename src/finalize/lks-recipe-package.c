/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The package files of a recipe: from which images are loaded that a board lacks. */
#include "lks-image-inspection.h"
#include "lks-recipe-private.h"

#include <stdlib.h>
#include <string.h>

#define SHA256_DIGITS 64

static JsonNode *
node_of (JsonObject *object, const char *member)
{
  return json_object_get_member (object, member);
}

/* A name that leads down only: the recipe and its files are copied from station to station. */
static gboolean
is_below (const char *file)
{
  g_auto (GStrv) parts = g_strsplit (file, "/", -1);

  for (char **part = parts; *part != NULL; part++)
    if (**part == '\0' || g_str_equal (*part, ".") || g_str_equal (*part, ".."))
      return FALSE;

  return parts[0] != NULL;
}

/* Links are followed, and must not lead out either. Returns the path, (transfer full). */
static char *
find_file (const char *folder, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *real_folder = realpath (folder, NULL);
  g_autofree char *real_path = realpath (path, NULL);

  if (real_path == NULL || real_folder == NULL)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                   "there is no file “%s” beside the recipe", file);
      return NULL;
    }
  if (!g_str_has_prefix (real_path, real_folder) ||
      (real_path[strlen (real_folder)] != '/' && !g_str_has_suffix (real_folder, "/")))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "“%s” is a link that leads out of the folder of the recipe", file);
      return NULL;
    }
  return g_steal_pointer (&real_path);
}

static gboolean
check_hash (GBytes *bytes, const char *expected, GError **error)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  if (g_ascii_strcasecmp (hash, expected) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "it is another file: its SHA-256 is %s",
               hash);
  return FALSE;
}

static gboolean
check_id (const char *what, const char *read, const char *expected, GError **error)
{
  if (expected == NULL || g_ascii_strcasecmp (read, expected) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "its %s is %s, the recipe says %s", what,
               read, expected);
  return FALSE;
}

/* Nothing else is ever loaded by a run: no capability, no keystore, no part of the system. */
static gboolean
check_image (const LksRecipeImage *image, const LksImageInspection *inspection, GError **error)
{
  const LksImageMetadata *metadata = inspection->metadata;

  if (metadata->image_type != LKS_IMAGE_TYPE_APPLICATION &&
      metadata->image_type != LKS_IMAGE_TYPE_BOARD_CONFIG)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "it is neither an application nor a board configuration, but: %s (type %u)",
                   lks_image_type_to_text (metadata->image_type), metadata->image_type);
      return FALSE;
    }
  if (inspection->flaws->len > 0)
    {
      const LksImageFlaw *flaw = g_ptr_array_index (inspection->flaws, 0);

      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "it is not in order: %s", flaw->detail);
      return FALSE;
    }
  return check_id ("image ID", metadata->image_id, image->image_id, error) &&
         check_id ("component ID", metadata->component_id, image->component_id, error);
}

/* The bytes that are checked are those that are sent: the file is read once. */
static gboolean
load_package (LksRecipeImage *image, const char *folder, const char *hash, GError **error)
{
  g_autofree char *path = find_file (folder, image->package_file, error);
  g_autoptr (GBytes) bytes = path != NULL ? lks_image_load (path, error) : NULL;
  g_autoptr (LksImageInspection) inspection = NULL;

  if (bytes == NULL || !check_hash (bytes, hash, error))
    return FALSE;

  inspection = lks_image_inspect (bytes, error);
  if (inspection == NULL || !check_image (image, inspection, error))
    return FALSE;

  if (image->component_id == NULL)
    image->component_id = g_ascii_strdown (inspection->metadata->component_id, -1);
  image->package_sha256 = g_ascii_strdown (hash, -1);
  image->package = g_steal_pointer (&bytes);
  return TRUE;
}

static gboolean
read_hash (LksJson *json, JsonObject *object, char **out_hash, GError **error)
{
  if (!json_object_has_member (object, "packageSha256"))
    {
      lks_json_set_error (json, node_of (object, "package"), error,
                          "“package” needs “packageSha256”: the recipe answers for the very bytes");
      return FALSE;
    }
  if (!lks_json_read_string (json, object, "packageSha256", out_hash, error))
    return FALSE;
  if (strlen (*out_hash) == SHA256_DIGITS &&
      strspn (*out_hash, "0123456789abcdefABCDEF") == SHA256_DIGITS)
    return TRUE;

  lks_json_set_error (json, node_of (object, "packageSha256"), error,
                      "“packageSha256”: expected %d hexadecimal digits", SHA256_DIGITS);
  return FALSE;
}

/* "package" and "packageSha256" of an image, both or none. @folder: (nullable): that of the recipe;
 * without one there is nothing beside it. */
gboolean
lks_recipe_read_package (LksRecipeImage *image,
                         LksJson *json,
                         JsonObject *object,
                         const char *folder,
                         GError **error)
{
  g_autofree char *hash = NULL;
  g_autoptr (GError) local = NULL;

  if (!json_object_has_member (object, "package"))
    {
      if (!json_object_has_member (object, "packageSha256"))
        return TRUE;
      lks_json_set_error (json, node_of (object, "packageSha256"), error,
                          "“packageSha256” has a meaning only with “package”: remove it");
      return FALSE;
    }
  if (!lks_json_read_string (json, object, "package", &image->package_file, error) ||
      !read_hash (json, object, &hash, error))
    return FALSE;
  if (!is_below (image->package_file))
    {
      lks_json_set_error (json, node_of (object, "package"), error,
                          "“package”: expected a file beside the recipe or in a folder below, such "
                          "as “app.imagepackage”");
      return FALSE;
    }
  if (folder == NULL)
    {
      lks_json_set_error (json, node_of (object, "package"), error,
                          "the package “%s” is looked for beside the recipe: save the recipe first",
                          image->package_file);
      return FALSE;
    }
  if (load_package (image, folder, hash, &local))
    return TRUE;

  lks_json_set_error (json, node_of (object, "package"), error,
                      "the package “%s” cannot be used: %s", image->package_file, local->message);
  return FALSE;
}

/**
 * lks_recipe_count_packages:
 * @self: a recipe
 *
 * Returns: how many images it brings along, to be loaded when a board lacks them
 */
guint
lks_recipe_count_packages (LksRecipe *self)
{
  guint n_packages = 0;

  for (guint i = 0; i < self->images->len; i++)
    n_packages += ((const LksRecipeImage *) g_ptr_array_index (self->images, i))->package != NULL;

  return n_packages;
}
