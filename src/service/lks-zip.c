/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <sys/stat.h>

/* For their owner only, also after they were taken out. */
#define ENTRY_MODE 0600

struct _LksZip
{
  struct archive *archive;   /* (owned) */
  GOutputStream *stream;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  GError *stream_error;      /* (owned) (nullable): the first one */
  gint64 time_s;
};

static la_ssize_t
write_cb (struct archive *archive, void *user_data, const void *data, size_t size)
{
  LksZip *self = user_data;

  if (self->stream_error != NULL ||
      !g_output_stream_write_all (self->stream, data, size, NULL, self->cancellable,
                                  &self->stream_error))
    {
      archive_set_error (archive, EIO, "the stream failed");
      return -1;
    }
  return (la_ssize_t) size;
}

/* The only place that knows libarchive's numbers; what the stream said is better than EIO. */
static gboolean
check (LksZip *self, int code, GError **error)
{
  if (code == ARCHIVE_OK)
    return TRUE;

  if (self->stream_error != NULL)
    g_propagate_error (error, g_error_copy (self->stream_error));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "writing the archive: %s",
                 archive_error_string (self->archive));
  return FALSE;
}

/**
 * lks_zip_new:
 * @stream: where the archive goes; stays open
 * @time_s: the time of all its entries, seconds since 1970
 * @cancellable: (nullable): ends every write
 * @error: return location for an error of the stream or `G_IO_ERROR_FAILED`
 *
 * Begins an archive whose entries are deflated. Blocks where the stream does.
 *
 * Returns: (transfer full): the archive, or NULL with @error set
 */
LksZip *
lks_zip_new (GOutputStream *stream, gint64 time_s, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksZip) self = g_new0 (LksZip, 1);

  self->archive = archive_write_new ();
  self->stream = g_object_ref (stream);
  g_set_object (&self->cancellable, cancellable);
  self->time_s = time_s;
  archive_write_set_bytes_in_last_block (self->archive, 1); /* no padding behind the end */
  if (!check (self, archive_write_set_format_zip (self->archive), error) ||
      !check (self, archive_write_zip_set_compression_deflate (self->archive), error) ||
      !check (self, archive_write_open (self->archive, self, NULL, write_cb, NULL), error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * lks_zip_add:
 * @self: an archive
 * @name: name of the entry
 * @bytes: what it holds
 * @error: return location for an error of the stream or `G_IO_ERROR_FAILED`
 *
 * Returns: whether the entry was written
 */
gboolean
lks_zip_add (LksZip *self, const char *name, GBytes *bytes, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  gboolean is_done;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) size);
  archive_entry_set_filetype (entry, S_IFREG);
  archive_entry_set_perm (entry, ENTRY_MODE);
  archive_entry_set_mtime (entry, self->time_s, 0);
  is_done = check (self, archive_write_header (self->archive, entry), error);
  archive_entry_free (entry);
  if (!is_done || size == 0)
    return is_done;
  if (archive_write_data (self->archive, data, size) == (la_ssize_t) size)
    return TRUE;

  return check (self, ARCHIVE_FATAL, error);
}

/**
 * lks_zip_finish:
 * @self: an archive
 * @error: return location for an error of the stream or `G_IO_ERROR_FAILED`
 *
 * Writes the directory at the end.
 *
 * Returns: whether the archive is whole
 */
gboolean
lks_zip_finish (LksZip *self, GError **error)
{
  return check (self, archive_write_close (self->archive), error);
}

/**
 * lks_zip_free:
 * @self: (transfer full) (nullable): an archive; without lks_zip_finish() it stays incomplete
 */
void
lks_zip_free (LksZip *self)
{
  if (self == NULL)
    return;

  archive_write_free (self->archive);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->stream_error);
  g_object_unref (self->stream);
  g_free (self);
}
