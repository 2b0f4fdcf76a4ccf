/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-config-files.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_directory (GPtrArray *paths,
               const char *config_dir,
               const char *folder,
               const char *suffix,
               GError **error)
{
  g_autofree char *path = g_build_filename (config_dir, "locksmith", folder, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &reason);
  const char *name;

  if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (dir == NULL)
    {
      g_set_error (error, G_FILE_ERROR, reason->code,
                   "what an administrator put into %s cannot be looked at: %s", path,
                   reason->message);
      return FALSE;
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (found, g_build_filename (path, name, NULL));
  g_ptr_array_sort (found, compare_names);
  g_ptr_array_extend_and_steal (paths, g_steal_pointer (&found));
  return TRUE;
}

/**
 * lks_config_files_list:
 * @folder: name of a folder in `locksmith` of a configuration directory, such as "trust.d"
 * @suffix: how the names of the files end
 * @error: return location for a #GFileError
 *
 * Lists the files of @folder: the user's first, then the system's, each by name. A folder that
 * does not exist holds none; one that cannot be looked at may hold what would be missed. Any
 * thread.
 *
 * Returns: (transfer full) (element-type filename): their paths, or NULL with @error set
 */
GPtrArray *
lks_config_files_list (const char *folder, const char *suffix, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (!add_directory (paths, g_get_user_config_dir (), folder, suffix, error))
    return NULL;
  for (const char *const *dir = g_get_system_config_dirs (); *dir != NULL; dir++)
    if (!add_directory (paths, *dir, folder, suffix, error))
      return NULL;
  return g_steal_pointer (&paths);
}

/**
 * lks_config_files_is_of_user:
 * @path: (type filename): one of the paths
 *
 * Returns: whether it is the user's, and not the system's. Any thread
 */
gboolean
lks_config_files_is_of_user (const char *path)
{
  g_autofree char *prefix = g_build_filename (g_get_user_config_dir (), "locksmith", "", NULL);

  return g_str_has_prefix (path, prefix);
}
