/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-signer-files.h"

#include <gio/gio.h>
#include <string.h>

static gboolean
add_file (LksSigners *signers, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *shown_name = g_filename_display_name (name);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) pem = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, error))
    return FALSE;

  pem = g_bytes_new_take (g_steal_pointer (&text), size);
  if (lks_signers_add_pem (signers, shown_name, pem, error))
    return TRUE;
  g_prefix_error (error, "%s: ", shown);
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A directory that does not exist holds no signers. */
static gboolean
add_directory (LksSigners *signers, const char *config_dir, GError **error)
{
  g_autofree char *path = g_build_filename (config_dir, "locksmith", "signers.d", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  if (dir == NULL)
    return TRUE;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".pem"))
      g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    if (!add_file (signers, g_ptr_array_index (names, i), error))
      return FALSE;

  return TRUE;
}

/**
 * lks_signers_load_default:
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR` that names the file
 *
 * The SDK and every `*.pem` in `locksmith/signers.d` of the user's configuration directory and
 * the system's. An unreadable file is an error, so that nobody believes a signature was checked
 * that was not.
 *
 * Returns: (transfer full): signers, or NULL with @error set
 */
LksSigners *
lks_signers_load_default (GError **error)
{
  g_autoptr (LksSigners) signers = lks_signers_new ();

  if (!add_directory (signers, g_get_user_config_dir (), error))
    return NULL;
  for (const char *const *dir = g_get_system_config_dirs (); *dir != NULL; dir++)
    if (!add_directory (signers, *dir, error))
      return NULL;

  return g_steal_pointer (&signers);
}
