/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-os-shelf.h"

#include "lks-recipe-os.h"

#include <glib/gstdio.h>

#define FILE_NAME "mt3620an.json"

/**
 * lks_os_shelf_dup_path:
 *
 * Returns: (transfer full): where the list is kept when nobody names another place
 */
char *
lks_os_shelf_dup_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "locksmith", FILE_NAME, NULL);
}

static LksOsShelf *
shelf_new (const char *path, GPtrArray *versions)
{
  LksOsShelf *self = g_new0 (LksOsShelf, 1);
  GStatBuf info = { 0 };

  g_stat (path, &info);
  self->versions = versions;
  self->kept_unix_s = (gint64) info.st_mtime;
  return self;
}

/**
 * lks_os_shelf_load:
 * @path: where the list is kept
 * @error: return location for an error of lks_os_list_load()
 *
 * Reads the list that is kept. Blocks; any thread.
 *
 * Returns: (transfer full): the list, or NULL with @error set
 */
LksOsShelf *
lks_os_shelf_load (const char *path, GError **error)
{
  g_autofree char *hash = NULL;
  GPtrArray *versions = lks_os_list_load (path, &hash, error);

  return versions != NULL ? shelf_new (path, versions) : NULL;
}

/**
 * lks_os_shelf_keep:
 * @path: where to
 * @text: a list as it came
 * @error: return location for an error of lks_os_list_parse() or a `G_FILE_ERROR`
 *
 * Keeps a list: what is not understood does not take the place of the last good one. Blocks; any
 * thread.
 *
 * Returns: (transfer full): the list, or NULL with @error set
 */
LksOsShelf *
lks_os_shelf_keep (const char *path, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) versions = lks_os_list_parse ("list of OS versions", text, error);
  g_autofree char *folder = g_path_get_dirname (path);
  gsize size_bytes;
  const char *data = g_bytes_get_data (text, &size_bytes);

  if (versions == NULL)
    return NULL;
  g_mkdir_with_parents (folder, 0700);
  return g_file_set_contents_full (path, data, (gssize) size_bytes, G_FILE_SET_CONTENTS_CONSISTENT,
                                   0666, error)
             ? shelf_new (path, g_steal_pointer (&versions))
             : NULL;
}

/**
 * lks_os_shelf_free:
 * @self: (transfer full) (nullable): a list
 *
 * Forgets it; the file stays.
 */
void
lks_os_shelf_free (LksOsShelf *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->versions);
  g_free (self);
}

/**
 * lks_os_shelf_get_age:
 * @self: a list
 * @now_unix_s: the time that is asked about, Unix seconds
 *
 * Returns: how old the list is then, in whole days; 0 when it is not there yet at that time
 */
gint64
lks_os_shelf_get_age (const LksOsShelf *self, gint64 now_unix_s)
{
  return MAX (0, now_unix_s - self->kept_unix_s) / (24 * 60 * 60);
}

/* ---- which version is newer ---- */

/* Versions are named after the month of their release, 24.03, and what follows counts up. */
static gboolean
is_understood (const char *version)
{
  return g_ascii_isdigit (version[0]) && g_ascii_isdigit (version[1]) && version[2] == '.' &&
         g_ascii_isdigit (version[3]) && g_ascii_isdigit (version[4]) &&
         !g_ascii_isdigit (version[5]);
}

/* The next number, 0 when there is none any more: 24.03 is 24.03.0. */
static guint64
take_number (const char **text)
{
  char *end;
  guint64 number;

  while (**text != '\0' && !g_ascii_isdigit (**text))
    (*text)++;
  number = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  return number;
}

/**
 * lks_os_version_is_older:
 * @version: the name of an OS version
 * @other: that of another
 *
 * Compares by the month in the name and the numbers behind it. Names of another form are not
 * guessed at: none of them is older.
 *
 * Returns: whether @version is surely older than @other
 */
gboolean
lks_os_version_is_older (const char *version, const char *other)
{
  if (!is_understood (version) || !is_understood (other))
    return FALSE;

  while (*version != '\0' || *other != '\0')
    {
      guint64 a = take_number (&version);
      guint64 b = take_number (&other);

      if (a != b)
        return a < b;
    }
  return FALSE;
}

/**
 * lks_os_shelf_get_newest:
 * @self: a list
 *
 * Returns: (nullable): the name of the newest version in it; NULL when no name is understood
 */
const char *
lks_os_shelf_get_newest (const LksOsShelf *self)
{
  const char *newest = NULL;

  for (guint i = 0; i < self->versions->len; i++)
    {
      const char *name = ((const LksRecipeOs *) g_ptr_array_index (self->versions, i))->name;

      if (is_understood (name) && (newest == NULL || lks_os_version_is_older (newest, name)))
        newest = name;
    }
  return newest;
}

/**
 * lks_os_shelf_get_newer:
 * @self: (nullable): a list, NULL when there is none
 * @version: (nullable): the OS version of a board
 *
 * Returns: (nullable): the name of the newest version when @version is surely older; never without
 *   a list, nor when the board has not told its version
 */
const char *
lks_os_shelf_get_newer (const LksOsShelf *self, const char *version)
{
  const char *newest = self != NULL ? lks_os_shelf_get_newest (self) : NULL;

  return version != NULL && newest != NULL && lks_os_version_is_older (version, newest) ? newest
                                                                                        : NULL;
}
