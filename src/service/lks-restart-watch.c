/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-restart-watch.h"

#include "lks-board.h"
#include "lks-device-state.h"
#include "lks-restart-wait.h"
#include "lks-service-error.h"
#include "lks-wait.h"

#define POLL_MS 250

/**
 * lks_restart_watch_clear:
 * @self: a watch
 */
void
lks_restart_watch_clear (LksRestartWatch *self)
{
  g_clear_pointer (&self->device_id, g_free);
}

/**
 * lks_restart_watch_begin:
 * @self: (out caller-allocates): a watch
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads who the board is and how long it has run, just before it is told something that may restart
 * it. Blocks; worker threads only.
 *
 * Returns: whether the board answered
 */
gboolean
lks_restart_watch_begin (LksRestartWatch *self,
                         LksDevice *device,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (device, cancellable, error);
  guint64 uptime_s;

  if (security == NULL || !lks_device_get_status (device, &uptime_s, cancellable, error))
    return FALSE;

  self->device_id = g_strdup (security->device_id);
  self->uptime_s = uptime_s;
  self->read_us = g_get_monotonic_time ();
  self->handshakes = lks_device_get_handshakes (device);
  return TRUE;
}

/**
 * lks_restart_watch_has_restarted:
 * @self: what was read before
 * @device: the board
 * @uptime_s: what it says now
 * @asked_us: when it was asked, monotonic microseconds
 *
 * A board that has not restarted counts on: its uptime is at least what it was, plus the time that
 * surely has passed. A board that had just started cannot show its restart so; there a connection
 * that broke, and an uptime shorter than the time since it was told, are enough.
 *
 * Returns: whether the board has restarted since
 */
gboolean
lks_restart_watch_has_restarted (const LksRestartWatch *self,
                                 LksDevice *device,
                                 guint64 uptime_s,
                                 gint64 asked_us)
{
  const LksUptime before = { .uptime_s = self->uptime_s, .read_us = self->read_us };
  guint64 passed_s = (guint64) MAX (asked_us - self->read_us, 0) / G_USEC_PER_SEC;

  if (lks_uptime_proves_restart (&before, uptime_s, asked_us))
    return TRUE;

  return lks_device_get_handshakes (device) != self->handshakes && uptime_s < passed_s;
}

/* Another board at the end of the same cable is not the one that was told to restart. */
static gboolean
check_identity (const LksRestartWatch *self,
                LksDevice *device,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (LksDeviceSecurity) security =
      lks_device_get_security_state (device, cancellable, error);

  if (security == NULL)
    return FALSE;
  if (g_strcmp0 (security->device_id, self->device_id) == 0)
    return TRUE;

  g_set_error_literal (error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY,
                       "another board answers after the restart");
  return FALSE;
}

typedef enum
{
  SEEN_RESTARTED,
  SEEN_RUNNING, /* it answers and has not restarted */
  SEEN_SILENT,
  SEEN_STOPPED, /* we were told to stop */
} Seen;

static Seen
look (const LksRestartWatch *self, LksDevice *device, GCancellable *cancellable, GError **error)
{
  gint64 asked_us = g_get_monotonic_time ();
  g_autoptr (GError) local = NULL;
  guint64 uptime_s;

  if (lks_device_get_status (device, &uptime_s, cancellable, &local))
    return lks_restart_watch_has_restarted (self, device, uptime_s, asked_us) ? SEEN_RESTARTED
                                                                              : SEEN_RUNNING;
  if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SEEN_SILENT; /* that is what a restart looks like */

  g_propagate_error (error, g_steal_pointer (&local));
  return SEEN_STOPPED;
}

/**
 * lks_restart_watch_wait:
 * @self: what was read before the board was told to restart
 * @device: the board
 * @limit_s: how long to wait at most, in seconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Waits until the board has restarted and answers, and checks that it is the same one. Fails with
 * %LKS_SERVICE_ERROR_OVERDUE, %LKS_BOARD_ERROR_IDENTITY, or `G_IO_ERROR_CANCELLED`. Blocks; worker
 * threads only.
 *
 * Returns: whether the restart is proven
 */
gboolean
lks_restart_watch_wait (const LksRestartWatch *self,
                        LksDevice *device,
                        guint limit_s,
                        GCancellable *cancellable,
                        GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + (gint64) limit_s * G_USEC_PER_SEC;
  Seen seen;

  while ((seen = look (self, device, cancellable, error)) != SEEN_RESTARTED)
    {
      if (seen == SEEN_STOPPED)
        return FALSE;
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
                       seen == SEEN_RUNNING
                           ? "the board still runs %u s after it should have restarted"
                           : "the board has not come back within %u s",
                       limit_s);
          return FALSE;
        }
      if (!lks_wait_ms (POLL_MS, cancellable, error))
        return FALSE;
    }

  return check_identity (self, device, cancellable, error);
}

/**
 * lks_restart_watch_settle:
 * @self: what was read before something that may restart the board
 * @device: the board
 * @quiet_ms: how long a board that goes on running is watched, in milliseconds
 * @limit_s: how long to wait for one that falls silent, in seconds
 * @out_restarted: (out): whether it has restarted
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of lks_restart_watch_wait()
 *
 * Finds out whether a board restarts that did not announce it, and waits until it is back. Blocks;
 * worker threads only.
 *
 * Returns: whether the board answers, and is the same one
 */
gboolean
lks_restart_watch_settle (const LksRestartWatch *self,
                          LksDevice *device,
                          guint quiet_ms,
                          guint limit_s,
                          gboolean *out_restarted,
                          GCancellable *cancellable,
                          GError **error)
{
  gint64 begin_us = g_get_monotonic_time ();
  gint64 quiet_us = begin_us + (gint64) quiet_ms * G_TIME_SPAN_MILLISECOND;
  gint64 deadline_us = begin_us + (gint64) limit_s * G_USEC_PER_SEC;
  Seen seen;

  while ((seen = look (self, device, cancellable, error)) != SEEN_RESTARTED)
    {
      if (seen == SEEN_STOPPED)
        return FALSE;
      if (seen == SEEN_RUNNING && g_get_monotonic_time () >= quiet_us)
        break;
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_OVERDUE,
                       "the board has not answered for %u s", limit_s);
          return FALSE;
        }
      if (!lks_wait_ms (POLL_MS, cancellable, error))
        return FALSE;
    }

  *out_restarted = seen == SEEN_RESTARTED;
  return check_identity (self, device, cancellable, error);
}
