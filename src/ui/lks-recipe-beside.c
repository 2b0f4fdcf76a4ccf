/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that lie beside a recipe, as the recipe names them. */
#include "lks-recipe-beside.h"

#include "lks-image-inspection.h"
#include "lks-json-text.h"
#include "lks-worker.h"

#include <stdlib.h>
#include <string.h>

/**
 * lks_recipe_beside_find_name:
 * @path: a file
 * @folder: where the recipe lies
 * @error: return location for a `G_FILE_ERROR`
 *
 * Links are followed, as the checker of recipes follows them.
 *
 * Returns: (transfer full): what a recipe calls the file; NULL with @error set when it lies
 * elsewhere
 */
char *
lks_recipe_beside_find_name (const char *path, const char *folder, GError **error)
{
  g_autofree char *real_path = realpath (path, NULL);
  g_autofree char *real_folder = realpath (folder, NULL);
  g_autofree char *prefix = real_folder != NULL ? g_build_filename (real_folder, "/", NULL) : NULL;
  g_autofree char *name = g_path_get_basename (path);

  if (real_path != NULL && !g_utf8_validate (real_path, -1, NULL))
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                           "the name of the file is not UTF-8, so that no recipe can have it: give "
                           "it another one");
      return NULL;
    }
  if (real_path != NULL && prefix != NULL && g_str_has_prefix (real_path, prefix))
    return g_strdup (real_path + strlen (prefix));

  g_set_error (
      error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
      "“%s” lies elsewhere: a package lies beside the recipe or in a folder below it; copy "
      "it to %s first",
      name, folder);
  return NULL;
}

static void
append (GString *json, const char *member, const char *words)
{
  g_autofree char *quoted = words != NULL ? lks_json_text_quote (words) : NULL;

  if (quoted != NULL)
    g_string_append_printf (json, "%s \"%s\": %s", json->len > 1 ? "," : "", member, quoted);
}

/**
 * lks_recipe_beside_image_to_json:
 * @path: an image package
 * @folder: where the recipe lies
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR`
 *
 * Reads a package and says of it what a recipe says of an image that is loaded when it is missing.
 * Whether such an image may be loaded is asked of the checker of recipes. Blocks.
 *
 * Returns: (transfer full): a JSON object, or NULL with @error set
 */
char *
lks_recipe_beside_image_to_json (const char *path, const char *folder, GError **error)
{
  g_autofree char *name = lks_recipe_beside_find_name (path, folder, error);
  g_autoptr (GBytes) bytes = name != NULL ? lks_image_load (path, error) : NULL;
  g_autoptr (LksImageInspection) inspection =
      bytes != NULL ? lks_image_inspect (bytes, error) : NULL;
  g_autofree char *hash = NULL;
  GString *json;

  if (inspection == NULL)
    return NULL;

  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  json = g_string_new ("{");
  append (json, "imageId", inspection->metadata->image_id);
  append (json, "componentId", inspection->metadata->component_id);
  append (json, "name", lks_image_inspection_get_name (inspection));
  append (json, "package", name);
  append (json, "packageSha256", hash);
  g_string_append (json, " }");
  return g_string_free (json, FALSE);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  char **path_and_folder = task_data;
  GError *error = NULL;
  char *json = lks_recipe_beside_image_to_json (path_and_folder[0], path_and_folder[1], &error);

  if (json != NULL)
    g_task_return_pointer (task, json, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * lks_recipe_beside_read_image_async:
 * @path: an image package
 * @folder: where the recipe lies
 * @cancellable: (nullable): a cancellable
 * @callback: told when it is read
 * @user_data: for @callback
 *
 * lks_recipe_beside_image_to_json() on a thread of its own.
 */
void
lks_recipe_beside_read_image_async (const char *path,
                                    const char *folder,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const char *path_and_folder[] = { path, folder, NULL };

  g_task_set_source_tag (task, lks_recipe_beside_read_image_async);
  g_task_set_task_data (task, g_strdupv ((char **) path_and_folder), (GDestroyNotify) g_strfreev);
  lks_worker_run_alone (task, read_in_thread);
}

/**
 * lks_recipe_beside_read_image_finish:
 * @result: what the callback was given
 * @error: return location for the error of lks_recipe_beside_image_to_json()
 *
 * Returns: (transfer full): a JSON object, or NULL with @error set
 */
char *
lks_recipe_beside_read_image_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
