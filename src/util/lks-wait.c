/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-wait.h"

/**
 * lks_wait_ms:
 * @time_ms: how long, in milliseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Waits for a time, or until cancelled. Blocks; worker threads only.
 *
 * Returns: FALSE when @cancellable was cancelled, before or meanwhile
 */
gboolean
lks_wait_ms (guint time_ms, GCancellable *cancellable, GError **error)
{
  GPollFD cancel_fd = { .fd = -1, .events = G_IO_IN };
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &cancel_fd);

  g_poll (&cancel_fd, has_fd ? 1 : 0, (int) MIN (time_ms, (guint) G_MAXINT));
  if (has_fd)
    g_cancellable_release_fd (cancellable);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
