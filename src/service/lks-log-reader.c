/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-reader.h"

#include "lks-cursor.h"
#include "lks-device-diag.h"

/**
 * lks_log_read:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError], a [error@Lks.ParseError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Fetches the diagnostic log of a board and takes it apart. Blocks; worker threads only.
 *
 * Returns: (transfer full): the log, or NULL with @error set
 */
LksLogRing *
lks_log_read (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = lks_device_get_log (device, cancellable, error);

  return bytes != NULL ? lks_log_ring_parse (bytes, error) : NULL;
}

/**
 * lks_log_load:
 * @path: a log that was saved raw, by us or by the vendor's tools
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ParseError] or a `G_IO_ERROR`
 *
 * Reads at most one byte more than a log may have. Blocks.
 *
 * Returns: (transfer full): the log, or NULL with @error set
 */
LksLogRing *
lks_log_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autofree guint8 *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  if (stream == NULL)
    return NULL;

  data = g_malloc (LKS_LOG_RING_MAX_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, LKS_LOG_RING_MAX_BYTES + 1, &size,
                                cancellable, error))
    return NULL;

  bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  return lks_log_ring_parse (bytes, error);
}
