/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-whole-file.h"

#include "lks-cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <glib/gstdio.h>
#include <unistd.h>

static GFile *
create_beside (GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *beside = g_strdup_printf (".%s.%08x", name, g_random_int ());

  return folder != NULL ? g_file_get_child (folder, beside) : g_object_ref (file);
}

/* What would take the place of a device or a pipe would ruin it. */
static gboolean
check_place (GFile *file, GCancellable *cancellable, GError **error)
{
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable);

  if (type == G_FILE_TYPE_UNKNOWN || type == G_FILE_TYPE_REGULAR ||
      type == G_FILE_TYPE_SYMBOLIC_LINK)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                       "there is something that is not a file");
  return FALSE;
}

/* What has no descriptor is not on a disk of this computer, and what says EINVAL has no disk. */
static gboolean
sync_content (GFileOutputStream *stream, GError **error)
{
  int problem;

  if (!G_IS_FILE_DESCRIPTOR_BASED (stream) ||
      g_fsync (g_file_descriptor_based_get_fd (G_FILE_DESCRIPTOR_BASED (stream))) == 0 ||
      errno == EINVAL)
    return TRUE;

  problem = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (problem),
               "it cannot be brought to the disk: %s", g_strerror (problem));
  return FALSE;
}

/**
 * lks_whole_file_sync_folder:
 * @path: a file that was made, moved or renamed
 *
 * Waits until the disk knows its name: a file whose content is on the disk can still be gone after
 * a power cut. Where that is not possible nothing happens. Blocks; any thread.
 */
void
lks_whole_file_sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  g_fsync (fd);
  close (fd);
}

static gboolean
write_beside (GFile *beside,
              GFileCreateFlags flags,
              LksWholeFileFunc func,
              gpointer user_data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GFileOutputStream) stream = g_file_create (beside, flags, cancellable, error);

  return stream != NULL && func (G_OUTPUT_STREAM (stream), user_data, cancellable, error) &&
         sync_content (stream, error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
}

/**
 * lks_whole_file_write:
 * @file: where to; a file that is there is replaced, anything else is refused
 * @flags: %G_FILE_CREATE_PRIVATE when its owner alone may read it, else %G_FILE_CREATE_NONE
 * @func: (scope call): writes the content
 * @user_data: for @func
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of @func or of the file
 *
 * Writes a file that is there whole or, when anything fails, as it was before, which may be not at
 * all; that is so after a power cut, too. It is written beside its place, brought to the disk and
 * moved there in the end: g_file_replace() writes a file that is new in its place from the
 * beginning, and takes its place also when the stream is only dropped. Blocks; any thread.
 *
 * Returns: whether the file is there, on the disk
 */
gboolean
lks_whole_file_write (GFile *file,
                      GFileCreateFlags flags,
                      LksWholeFileFunc func,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GFile) beside = create_beside (file);

  if (!check_place (file, cancellable, error))
    return FALSE;
  if (!write_beside (beside, flags, func, user_data, cancellable, error) ||
      !g_file_move (beside, file, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error))
    {
      g_file_delete (beside, NULL, NULL);
      return FALSE;
    }

  if (g_file_peek_path (file) != NULL)
    lks_whole_file_sync_folder (g_file_peek_path (file));
  return TRUE;
}

static gboolean
write_bytes (GOutputStream *stream, gpointer bytes, GCancellable *cancellable, GError **error)
{
  gsize size_bytes;
  const void *data = g_bytes_get_data (bytes, &size_bytes);

  return size_bytes == 0 ||
         g_output_stream_write_all (stream, data, size_bytes, NULL, cancellable, error);
}

/**
 * lks_whole_file_write_bytes:
 * @file: where to
 * @flags: as for lks_whole_file_write()
 * @bytes: the content
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of the file
 *
 * The same, for a content that is there already. Blocks; any thread.
 *
 * Returns: whether the file is there
 */
gboolean
lks_whole_file_write_bytes (GFile *file,
                            GFileCreateFlags flags,
                            GBytes *bytes,
                            GCancellable *cancellable,
                            GError **error)
{
  return lks_whole_file_write (file, flags, write_bytes, bytes, cancellable, error);
}

/**
 * lks_whole_file_read:
 * @path: a file, or anything else that can be read
 * @size_max_bytes: the most that is accepted
 * @cancellable: (nullable): a cancellable
 * @error: return location for a `G_IO_ERROR`, or [error@Lks.ParseError] TOO_LARGE
 *
 * Never takes more than that into memory, however large the file says it is. Blocks; any thread.
 *
 * Returns: (transfer full): what is in it, or NULL with @error set
 */
GBytes *
lks_whole_file_read (const char *path,
                     gsize size_max_bytes,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autofree char *text = NULL;
  gsize size_bytes = 0;

  if (stream == NULL)
    return NULL;

  text = g_malloc (size_max_bytes + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), text, size_max_bytes + 1, &size_bytes,
                                cancellable, error))
    return NULL;
  if (size_bytes > size_max_bytes)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%s: more than %" G_GSIZE_FORMAT " bytes: this is some other file", path,
                   size_max_bytes);
      return NULL;
    }

  return g_bytes_new (text, size_bytes);
}
