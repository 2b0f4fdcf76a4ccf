/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-file-private.h"
#include "lks-vault-private.h"
#include "lks-whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (const char *path, int code, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", shown,
               g_strerror (code));
  return FALSE;
}

/* A whole file that may be a capability, and nothing of it anywhere else in memory. Blocks. */
LksSecret *
lks_vault_file_load (GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    return lks_secret_load (path, LKS_CAPABILITY_FILE_BYTES_MAX, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "this is not a file of this computer; copy it here first");
  return NULL;
}

/* Deletes a file that is still what was imported. Overwriting it first would prove nothing: an
 * SSD writes elsewhere. */
static gboolean
delete_file (LksVaultImport *import, GError **error)
{
  const char *path = lks_vault_import_get_path (import);
  LksVaultItem *item = lks_vault_import_get_item (import);
  g_autoptr (LksSecret) bytes = lks_secret_load (path, LKS_CAPABILITY_FILE_BYTES_MAX, error);
  g_autofree char *fingerprint = NULL;

  if (bytes == NULL)
    return FALSE;

  fingerprint = lks_secret_dup_fingerprint (bytes);
  if (!g_str_equal (fingerprint, lks_vault_item_get_fingerprint (item)))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG,
                   "%s: is not the file any more that was imported", shown);
      return FALSE;
    }
  return g_unlink (path) == 0 || fail (path, errno, error);
}

static gboolean
delete_files (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < job->files->len; i++)
    {
      LksVaultImport *import = g_ptr_array_index (job->files, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (lks_vault_import_get_item (import) != NULL)
        delete_file (import, first == NULL ? &first : NULL);
    }

  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/**
 * lks_vault_delete_files_async:
 * @self: a vault
 * @imports: (element-type LksVaultImport): what lks_vault_import_finish() returned
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Deletes the files that the vault holds now, and no other ones. A copy may stay in a backup, in
 * the wastebasket of a mail program, or in the memory cells of a disk.
 */
void
lks_vault_delete_files_async (LksVault *self,
                              GPtrArray *imports,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  LksVaultJob *job = lks_vault_job_new ();

  job->files = g_ptr_array_ref (imports);
  lks_vault_run (self, lks_vault_delete_files_async, delete_files, job, cancellable, callback,
                 user_data);
}

/**
 * lks_vault_delete_files_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a `G_IO_ERROR` about the first file that could not be deleted
 *
 * Returns: whether all of them are gone
 */
gboolean
lks_vault_delete_files_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static gboolean
write_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize written = write (fd, data, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      size -= (gsize) written;
    }
  return fsync (fd) == 0;
}

/* A new file for its owner only, whole or not at all. */
static gboolean
write_new_file (const char *path, LksSecret *bytes, GError **error)
{
  gsize size;
  const char *data = lks_secret_get_data (bytes, &size);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  int problem = 0;

  if (fd < 0)
    return fail (path, errno, error);

  if (fchmod (fd, 0600) < 0 || !write_all (fd, data, size))
    problem = errno;
  if (close (fd) < 0 && problem == 0)
    problem = errno;
  if (problem == 0)
    {
      lks_whole_file_sync_folder (path);
      return TRUE;
    }

  g_unlink (path);
  return fail (path, problem, error);
}

/* What is at @path goes only when its successor is complete. */
static gboolean
write_over_file (const char *path, LksSecret *bytes, GError **error)
{
  g_autofree char *draft = g_strdup_printf ("%s.%08x", path, g_random_int ());

  if (!write_new_file (draft, bytes, error))
    return FALSE;
  if (g_rename (draft, path) == 0)
    {
      lks_whole_file_sync_folder (path);
      return TRUE;
    }

  fail (path, errno, error);
  g_unlink (draft);
  return FALSE;
}

static gboolean
export_item (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) bytes = lks_vault_index_fetch (index, job->fingerprint, cancellable, error);

  if (bytes == NULL)
    return FALSE;
  return job->replace ? write_over_file (job->text, bytes, error)
                      : write_new_file (job->text, bytes, error);
}

/**
 * lks_vault_export_async:
 * @self: a vault
 * @item: an item of it
 * @path: (type filename): where to
 * @replace: whether a file that exists there may be replaced; otherwise that is
 *   %G_IO_ERROR_EXISTS
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Writes a capability into a file that only its owner may read. From then on whoever has the
 * file has the key to the board: say so before. May ask for the keyring's password.
 */
void
lks_vault_export_async (LksVault *self,
                        LksVaultItem *item,
                        const char *path,
                        gboolean replace,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  LksVaultJob *job = lks_vault_job_new ();

  job->fingerprint = g_strdup (lks_vault_item_get_fingerprint (item));
  job->text = g_strdup (path);
  job->replace = replace;
  lks_vault_run (self, lks_vault_export_async, export_item, job, cancellable, callback, user_data);
}

/**
 * lks_vault_export_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or a `G_IO_ERROR`
 *
 * Returns: whether the file was written
 */
gboolean
lks_vault_export_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}
