/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-image-inspection.h"

#include "lks-cursor.h"
#include "lks-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  guint8 *data;
  gsize size_bytes;
} Buffer;

/* Any small image may be a capability file, which is a key to a board. The larger ones have no
 * room on the heap of secrets and need none. */
static Buffer *
buffer_new (gsize size_bytes)
{
  Buffer *self = g_new0 (Buffer, 1);

  self->size_bytes = size_bytes;
  self->data = size_bytes <= LKS_CAPABILITY_FILE_BYTES_MAX ? lks_secret_heap_alloc (size_bytes)
                                                           : g_malloc (size_bytes);
  return self;
}

/* Wipes both. */
static void
buffer_free (gpointer data)
{
  Buffer *self = data;

  lks_secret_heap_free (self->data);
  g_free (self);
}

static void
set_file_error (GError **error, const char *path, int code)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s: %s", name,
               g_strerror (code));
}

static gboolean
check_file (int fd, const char *path, gsize *out_size_bytes, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  struct stat status;

  if (fstat (fd, &status) < 0)
    {
      set_file_error (error, path, errno);
      return FALSE;
    }
  if (S_ISDIR (status.st_mode))
    {
      set_file_error (error, path, EISDIR);
      return FALSE;
    }
  if (!S_ISREG (status.st_mode) || status.st_size < 0 ||
      status.st_size > LKS_IMAGE_PACKAGE_BYTES_MAX)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%s: an image is a file of at most %d bytes", name, LKS_IMAGE_PACKAGE_BYTES_MAX);
      return FALSE;
    }

  *out_size_bytes = (gsize) status.st_size;
  return TRUE;
}

/* What is there, if the file shrinks meanwhile; not more, if it grows. */
static gboolean
read_all (int fd, Buffer *buffer, const char *path, GError **error)
{
  gsize got_bytes = 0;

  while (got_bytes < buffer->size_bytes)
    {
      gssize n = read (fd, buffer->data + got_bytes, buffer->size_bytes - got_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_file_error (error, path, errno);
          return FALSE;
        }
      if (n == 0)
        break;
      got_bytes += (gsize) n;
    }

  buffer->size_bytes = got_bytes;
  return TRUE;
}

/**
 * lks_image_load:
 * @path: (type filename): a file
 * @error: return location for a `G_FILE_ERROR` or a [error@Lks.ParseError]
 *
 * Reads an image file of any kind, at most %LKS_IMAGE_PACKAGE_BYTES_MAX. Its bytes are wiped when
 * the last reference goes; those of a file that may be a capability lie on the heap of secrets.
 * Blocks.
 *
 * Returns: (transfer full): the bytes, or NULL with @error set
 */
GBytes *
lks_image_load (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  Buffer *buffer;
  gsize size_bytes;
  gboolean is_read;

  if (fd < 0)
    {
      set_file_error (error, path, errno);
      return NULL;
    }
  if (!check_file (fd, path, &size_bytes, error))
    {
      close (fd);
      return NULL;
    }

  buffer = buffer_new (size_bytes);
  is_read = read_all (fd, buffer, path, error);
  close (fd);
  if (!is_read)
    {
      buffer_free (buffer);
      return NULL;
    }

  return g_bytes_new_with_free_func (buffer->data, buffer->size_bytes, buffer_free, buffer);
}
