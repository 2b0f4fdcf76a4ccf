/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksByteStream:
 *
 * The seam between USB and the link: a serial line with back-pressure. Everything, callbacks
 * included, happens on the I/O thread.
 */
#define LKS_TYPE_BYTE_STREAM (lks_byte_stream_get_type ())
G_DECLARE_INTERFACE (LksByteStream, lks_byte_stream, LKS, BYTE_STREAM, GObject)

/**
 * LksByteStreamHandler:
 * @received: bytes came from the line; @data is valid during the call
 * @writable: after a short write: there is room again
 * @closed: the line is gone for good (unplugged, or its transfers failed); comes once, last
 * @overrun: the hardware says that bytes were lost before the next @received
 */
typedef struct {
  void (*received) (gpointer user_data, const guint8 *data, gsize size_bytes);
  void (*writable) (gpointer user_data);
  void (*closed)   (gpointer user_data, const GError *error);
  void (*overrun)  (gpointer user_data);
} LksByteStreamHandler;

struct _LksByteStreamInterface {
  GTypeInterface g_iface;

  void  (*set_handler) (LksByteStream              *self,
                        const LksByteStreamHandler *handler,
                        gpointer                    user_data);
  gsize (*write)       (LksByteStream              *self,
                        const guint8               *data,
                        gsize                       size_bytes);
  void  (*close)       (LksByteStream              *self);
};

void  lks_byte_stream_set_handler (LksByteStream              *self,
                                   const LksByteStreamHandler *handler,
                                   gpointer                    user_data);
gsize lks_byte_stream_write       (LksByteStream              *self,
                                   const guint8               *data,
                                   gsize                       size_bytes);
void  lks_byte_stream_close       (LksByteStream              *self);

G_END_DECLS
