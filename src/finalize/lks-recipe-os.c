/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-recipe-os.h"

#include "lks-guid.h"
#include "lks-json.h"
#include "lks-whole-file.h"

#include <gio/gio.h>

/**
 * lks_recipe_image_free:
 * @self: (transfer full) (nullable): an image
 */
void
lks_recipe_image_free (LksRecipeImage *self)
{
  if (self == NULL)
    return;

  g_free (self->image_id);
  g_free (self->component_id);
  g_free (self->name);
  g_free (self->package_file);
  g_free (self->package_sha256);
  g_clear_pointer (&self->package, g_bytes_unref);
  g_free (self);
}

/**
 * lks_recipe_os_free:
 * @self: (transfer full) (nullable): a version
 */
void
lks_recipe_os_free (LksRecipeOs *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_ptr_array_unref (self->images);
  g_free (self);
}

static LksRecipeImage *
read_pair (LksJson *json, JsonNode *node, GError **error)
{
  g_autofree char *component_id = NULL;
  g_autofree char *image_id = NULL;
  LksRecipeImage *image;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "expected an object with “cid” and “iid”");
      return NULL;
    }
  if (!lks_json_read_string (json, json_node_get_object (node), "cid", &component_id, error) ||
      !lks_json_read_string (json, json_node_get_object (node), "iid", &image_id, error))
    return NULL;
  if (!lks_guid_is_valid (component_id) || !lks_guid_is_valid (image_id))
    {
      lks_json_set_error (json, node, error, "“cid” and “iid” must be GUIDs (8-4-4-4-12 digits)");
      return NULL;
    }

  image = g_new0 (LksRecipeImage, 1);
  image->component_id = g_ascii_strdown (component_id, -1);
  image->image_id = g_ascii_strdown (image_id, -1);
  return image;
}

static LksRecipeOs *
read_version (LksJson *json, JsonNode *node, GError **error)
{
  g_autoptr (GPtrArray) images =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_recipe_image_free);
  g_autofree char *name = NULL;
  JsonArray *pairs;
  LksRecipeOs *os;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "expected an object with “name” and “images”");
      return NULL;
    }
  if (!lks_json_read_string (json, json_node_get_object (node), "name", &name, error) ||
      !lks_json_read_array (json, json_node_get_object (node), "images", &pairs, error))
    return NULL;
  if (*name == '\0' || json_array_get_length (pairs) == 0)
    {
      lks_json_set_error (json, node, error, "a version needs a name and at least one image");
      return NULL;
    }

  for (guint i = 0; i < json_array_get_length (pairs); i++)
    {
      LksRecipeImage *image = read_pair (json, json_array_get_element (pairs, i), error);

      if (image == NULL)
        return NULL;
      g_ptr_array_add (images, image);
    }

  os = g_new0 (LksRecipeOs, 1);
  os->name = g_steal_pointer (&name);
  os->images = g_steal_pointer (&images);
  return os;
}

/**
 * lks_os_list_parse:
 * @name: what the text is, for messages
 * @text: JSON: `versions[]` of `name` and `images[]` of `cid`, `iid`; other members are left
 *   alone, the file is the platform vendor's
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a list of OS versions and of the (component, image) pairs they are made of. Source: the
 * vendor's published versions file, `mt3620an.json`.
 *
 * Returns: (transfer full) (element-type LksRecipeOs): the versions in the order of the file
 */
GPtrArray *
lks_os_list_parse (const char *name, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_recipe_os_free);
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (text, &size_bytes);
  g_autoptr (LksJson) json =
      lks_json_parse (name, data, size_bytes, LKS_OS_LIST_SIZE_MAX_BYTES, error);
  JsonObject *root;
  JsonArray *versions;

  if (json == NULL)
    return NULL;
  root = lks_json_get_root_object (json, error);
  if (root == NULL || !lks_json_read_array (json, root, "versions", &versions, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (versions); i++)
    {
      LksRecipeOs *os = read_version (json, json_array_get_element (versions, i), error);

      if (os == NULL)
        return NULL;
      g_ptr_array_add (list, os);
    }

  return g_steal_pointer (&list);
}

/**
 * lks_os_list_load:
 * @path: a file
 * @out_hash: (out) (transfer full): its SHA-256, 64 digits
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * lks_os_list_parse() from a file.
 *
 * Returns: (transfer full) (element-type LksRecipeOs): the versions, or NULL with @error set
 */
GPtrArray *
lks_os_list_load (const char *path, char **out_hash, GError **error)
{
  g_autoptr (GBytes) text = lks_whole_file_read (path, LKS_OS_LIST_SIZE_MAX_BYTES, NULL, error);
  g_autofree char *name = g_path_get_basename (path);
  GPtrArray *list;

  if (text == NULL)
    return NULL;

  list = lks_os_list_parse (name, text, error);
  if (list != NULL)
    *out_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, text);
  return list;
}

/**
 * lks_os_list_has:
 * @list: (element-type LksRecipeOs): versions
 * @version: a name
 *
 * Returns: whether @list has a version of that name
 */
gboolean
lks_os_list_has (GPtrArray *list, const char *version)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((LksRecipeOs *) g_ptr_array_index (list, i))->name, version))
      return TRUE;

  return FALSE;
}
