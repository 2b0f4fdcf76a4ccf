/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-pace.h"

#define UNLIMITED_BYTES (64 * 1024)

/* A machine that was asleep or stopped must not empty its wire in one blow. */
#define CATCH_UP_MAX_US (100 * 1000)

/**
 * emu_pace_set_rate:
 * @self: a pace
 * @bytes_per_second: 0 for no limit
 *
 * Changes the rate from now on.
 */
void
emu_pace_set_rate (EmuPace *self, guint bytes_per_second)
{
  if (self->bytes_per_second == bytes_per_second)
    return;

  self->bytes_per_second = bytes_per_second;
  self->credit = 0;
}

/**
 * emu_pace_begin:
 * @self: a pace
 * @now_us: monotonic time
 *
 * Says that bytes are waiting. The time of the first of them begins now.
 */
void
emu_pace_begin (EmuPace *self, gint64 now_us)
{
  if (self->busy)
    return;

  self->busy = TRUE;
  self->since_us = now_us;
  self->credit = 0;
}

/**
 * emu_pace_end:
 * @self: a pace
 *
 * Says that no byte is waiting.
 */
void
emu_pace_end (EmuPace *self)
{
  self->busy = FALSE;
}

/**
 * emu_pace_get_room:
 * @self: a pace
 * @now_us: monotonic time
 *
 * Returns: how many bytes may arrive now; 0 when none was waiting
 */
gsize
emu_pace_get_room (EmuPace *self, gint64 now_us)
{
  gint64 elapsed_us = MIN (now_us - self->since_us, CATCH_UP_MAX_US);

  if (!self->busy)
    return 0;
  if (self->bytes_per_second == 0)
    return UNLIMITED_BYTES;

  self->since_us = now_us;
  if (elapsed_us > 0)
    self->credit += elapsed_us * self->bytes_per_second;
  return self->credit / G_USEC_PER_SEC;
}

/**
 * emu_pace_spend:
 * @self: a pace
 * @size_bytes: how many bytes arrived, at most the room there was
 */
void
emu_pace_spend (EmuPace *self, gsize size_bytes)
{
  if (self->bytes_per_second != 0)
    self->credit -= (gint64) size_bytes * G_USEC_PER_SEC;
}
