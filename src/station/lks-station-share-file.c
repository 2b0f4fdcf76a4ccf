/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file in which the user of this computer names a shared ledger, as the window writes it. What
 * another file says of it wins, and is not touched.
 */
#include "lks-station-share-file.h"

#include "lks-config-files.h"
#include "lks-share.h"
#include "lks-station-share.h"

#include <errno.h>
#include <glib/gstdio.h>

#define GROUP "shared-ledger"
#define FILE_NAME "shared-ledger.conf"
#define FILE_MODE 0600
#define FOLDER_MODE 0700

/**
 * lks_station_share_file_dup_path:
 *
 * Returns: (transfer full): the file that lks_station_share_file_save() writes
 */
char *
lks_station_share_file_dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "locksmith", "station.d", FILE_NAME, NULL);
}

/**
 * lks_station_share_file_find:
 * @error: return location for a #GKeyFileError or a #GFileError
 *
 * Looks for the file that counts, in the order of lks_station_find_share(). Blocks for the time of
 * small files.
 *
 * Returns: (transfer full) (nullable): its path; NULL when none names a shared ledger, or with
 *   @error set
 */
char *
lks_station_share_file_find (GError **error)
{
  g_autoptr (GPtrArray) paths = lks_config_files_list ("station.d", ".conf", error);

  if (paths == NULL)
    return NULL;
  for (guint i = paths->len; i > 0; i--)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();

      if (!g_key_file_load_from_file (file, paths->pdata[i - 1], G_KEY_FILE_NONE, error))
        {
          g_prefix_error (error, "%s: ", (char *) paths->pdata[i - 1]);
          return NULL;
        }
      if (g_key_file_has_group (file, GROUP))
        return g_strdup (paths->pdata[i - 1]);
    }
  return NULL;
}

/**
 * lks_station_share_file_is_fixed:
 * @path: (nullable): the file that counts
 *
 * Returns: whether it is another one than lks_station_share_file_save() writes, so that nothing is
 *   changed by that
 */
gboolean
lks_station_share_file_is_fixed (const char *path)
{
  g_autofree char *own = lks_station_share_file_dup_path ();

  return path != NULL && !g_str_equal (path, own);
}

static gboolean
remove_file (const char *path, GError **error)
{
  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  return FALSE;
}

static void
set_text (GKeyFile *file, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    g_key_file_set_string (file, GROUP, key, text);
}

static char *
write_text (const LksSharePlace *place)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  set_text (file, "host", place->host);
  g_key_file_set_uint64 (file, GROUP, "port", place->port);
  set_text (file, "database", place->database);
  set_text (file, "user", place->user);
  set_text (file, "sslmode", place->ssl_mode);
  set_text (file, "sslrootcert", place->ssl_root_cert);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * lks_station_share_file_save:
 * @place: (nullable): where; NULL: this station shares nothing any more
 * @error: return location for a #GFileError or a [error@Lks.ShareError], INVALID
 *
 * Writes the user's file, which has no password in it. What could not be read again is not written.
 * Blocks for the time of a small file.
 *
 * Returns: whether the file says so
 */
gboolean
lks_station_share_file_save (const LksSharePlace *place, GError **error)
{
  g_autofree char *path = lks_station_share_file_dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = place != NULL ? write_text (place) : NULL;

  if (place == NULL)
    return remove_file (path, error);
  if (!lks_station_check_share (path, text, error))
    return FALSE;
  if (g_mkdir_with_parents (folder, FOLDER_MODE) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "%s: %s", folder,
                   g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   FILE_MODE, error);
}
