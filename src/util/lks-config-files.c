/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-config-files.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_directory (GPtrArray *paths, const char *config_dir, const char *folder, const char *suffix)
{
  g_autofree char *path = g_build_filename (config_dir, "locksmith", folder, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (found, g_build_filename (path, name, NULL));
  g_ptr_array_sort (found, compare_names);
  g_ptr_array_extend_and_steal (paths, g_steal_pointer (&found));
}

/**
 * lks_config_files_list:
 * @folder: name of a folder in `locksmith` of a configuration directory, such as "trust.d"
 * @suffix: how the names of the files end
 *
 * Lists the files of @folder: the user's first, then the system's, each by name. A folder that
 * does not exist holds none. Any thread.
 *
 * Returns: (transfer full) (element-type filename): their paths
 */
GPtrArray *
lks_config_files_list (const char *folder, const char *suffix)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  add_directory (paths, g_get_user_config_dir (), folder, suffix);
  for (const char *const *dir = g_get_system_config_dirs (); *dir != NULL; dir++)
    add_directory (paths, *dir, folder, suffix);
  return paths;
}
