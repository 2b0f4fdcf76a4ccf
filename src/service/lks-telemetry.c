/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-telemetry.h"

#include "lks-cursor.h"
#include "lks-device-diag.h"
#include "lks-service-error.h"
#include "lks-wait.h"

/* Bytes 3 and 4 hold the length of the data, big-endian; the data follows behind them (tests of
 * the vendor's client libraries). */
#define LENGTH_OFFSET_BYTES 3

/* A board reads as empty a second after it was told to clear, at most. */
#define CLEAR_LIMIT_MS 3000
#define CLEAR_POLL_MS 200

/**
 * lks_telemetry_parse:
 * @bytes: what `GET /telemetry` returned
 * @error: return location for a [error@Lks.ParseError]
 *
 * An empty answer is telemetry without data. Pure; any thread.
 *
 * Returns: (transfer full): the telemetry, or NULL with @error set when there is no length in it
 */
LksTelemetry *
lks_telemetry_parse (GBytes *bytes, GError **error)
{
  LksTelemetry *self;
  LksCursor cursor;
  guint16 length = 0;

  lks_cursor_init_bytes (&cursor, bytes);
  if (cursor.size > 0 && (!lks_cursor_skip (&cursor, LENGTH_OFFSET_BYTES, error) ||
                          !lks_cursor_read_u16be (&cursor, &length, error)))
    {
      g_prefix_error_literal (error, "telemetry: ");
      return NULL;
    }

  self = g_new0 (LksTelemetry, 1);
  self->bytes = g_bytes_ref (bytes);
  self->data_bytes = length;
  self->missing_bytes = length - (guint) MIN (length, lks_cursor_get_left (&cursor));
  return self;
}

/**
 * lks_telemetry_free:
 * @self: (transfer full) (nullable): telemetry
 */
void
lks_telemetry_free (LksTelemetry *self)
{
  if (self == NULL)
    return;

  g_bytes_unref (self->bytes);
  g_free (self);
}

/**
 * lks_telemetry_read:
 * @device: a board
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError], a [error@Lks.ParseError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Blocks; worker threads only.
 *
 * Returns: (transfer full): the telemetry, or NULL with @error set
 */
LksTelemetry *
lks_telemetry_read (LksDevice *device, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) bytes = lks_device_get_telemetry (device, cancellable, error);

  return bytes != NULL ? lks_telemetry_parse (bytes, error) : NULL;
}

/* What is left; whether it could be read. */
static gboolean
read_left (LksDevice *device, guint *out_data_bytes, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksTelemetry) left = lks_telemetry_read (device, cancellable, error);

  if (left == NULL)
    return FALSE;

  *out_data_bytes = left->data_bytes;
  return TRUE;
}

static gboolean
wait_until_empty (LksDevice *device, guint before_bytes, GCancellable *cancellable, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + CLEAR_LIMIT_MS * G_TIME_SPAN_MILLISECOND;
  guint left_bytes = before_bytes;

  while (read_left (device, &left_bytes, cancellable, error))
    {
      if (left_bytes == 0)
        return TRUE;
      if (g_get_monotonic_time () >= deadline_us)
        {
          g_set_error (error, LKS_SERVICE_ERROR, LKS_SERVICE_ERROR_NOT_APPLIED,
                       "the board agreed to clear its telemetry and still holds %u of %u bytes",
                       left_bytes, before_bytes);
          return FALSE;
        }
      if (!lks_wait_ms (CLEAR_POLL_MS, cancellable, error))
        return FALSE;
    }
  return FALSE;
}

/**
 * lks_telemetry_clear:
 * @device: a board
 * @out_cleared_bytes: (out): how much data there was before
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.DeviceError], a [error@Lks.ServiceError] or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Clears the telemetry and proves it: reads until the board says that there is none. Waits at most
 * three seconds for that. Blocks; worker threads only.
 *
 * Returns: whether the telemetry is gone
 */
gboolean
lks_telemetry_clear (LksDevice *device,
                     guint *out_cleared_bytes,
                     GCancellable *cancellable,
                     GError **error)
{
  guint before_bytes;

  if (!read_left (device, &before_bytes, cancellable, error) ||
      !lks_device_clear_telemetry (device, cancellable, error) ||
      !wait_until_empty (device, before_bytes, cancellable, error))
    return FALSE;

  *out_cleared_bytes = before_bytes;
  return TRUE;
}
