/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 2 KiB per direction and port (FTDI FT4232H data sheet). A power of two. */
#define EMU_FIFO_BYTES 2048

/**
 * EmuFifo:
 *
 * One on-chip buffer. All zero is empty.
 */
typedef struct {
  guint8 bytes[EMU_FIFO_BYTES];
  guint head; /* where the next byte goes; both only ever grow and wrap together */
  guint tail;
} EmuFifo;

static inline gsize
emu_fifo_get_used (const EmuFifo *self)
{
  return self->head - self->tail;
}

static inline gsize
emu_fifo_get_room (const EmuFifo *self)
{
  return EMU_FIFO_BYTES - emu_fifo_get_used (self);
}

static inline void
emu_fifo_clear (EmuFifo *self)
{
  self->tail = self->head;
}

/* Takes what fits; returns how much that was. */
static inline gsize
emu_fifo_put (EmuFifo *self, const guint8 *data, gsize size_bytes)
{
  gsize n = MIN (size_bytes, emu_fifo_get_room (self));

  for (gsize i = 0; i < n; i++)
    self->bytes[self->head++ % EMU_FIFO_BYTES] = data[i];
  return n;
}

/* Gives what is there, at most @size_bytes; returns how much that was. */
static inline gsize
emu_fifo_take (EmuFifo *self, guint8 *data, gsize size_bytes)
{
  gsize n = MIN (size_bytes, emu_fifo_get_used (self));

  for (gsize i = 0; i < n; i++)
    data[i] = self->bytes[self->tail++ % EMU_FIFO_BYTES];
  return n;
}

G_END_DECLS
