/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-byte-stream.h"

G_DEFINE_INTERFACE (LksByteStream, lks_byte_stream, G_TYPE_OBJECT)

static void
lks_byte_stream_default_init (LksByteStreamInterface *iface)
{
}

/**
 * lks_byte_stream_set_handler:
 * @self: a byte stream
 * @handler: (nullable): whom to tell; must stay valid until replaced; NULL for nobody
 * @user_data: for the functions of @handler
 *
 * Sets who is told about bytes, room and the end. I/O thread only. Bytes that arrive while
 * nobody listens are dropped.
 */
void
lks_byte_stream_set_handler (LksByteStream *self,
                             const LksByteStreamHandler *handler,
                             gpointer user_data)
{
  LKS_BYTE_STREAM_GET_IFACE (self)->set_handler (self, handler, user_data);
}

/**
 * lks_byte_stream_write:
 * @self: a byte stream
 * @data: the bytes to send
 * @size_bytes: how many
 *
 * Takes as many bytes as the line has room for (about 4 KiB in flight, so that a small
 * request never waits behind a large upload). After a short count `writable` follows.
 * I/O thread only.
 *
 * Returns: how many of @size_bytes were taken, 0 when there is no room or no line
 */
gsize
lks_byte_stream_write (LksByteStream *self, const guint8 *data, gsize size_bytes)
{
  return LKS_BYTE_STREAM_GET_IFACE (self)->write (self, data, size_bytes);
}

/**
 * lks_byte_stream_close:
 * @self: a byte stream
 *
 * Ends the line and gives the adapter back. `closed` is not called for it. I/O thread only;
 * may be called again.
 */
void
lks_byte_stream_close (LksByteStream *self)
{
  LKS_BYTE_STREAM_GET_IFACE (self)->close (self);
}
