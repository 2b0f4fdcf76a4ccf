/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "bench-wire.h"

G_BEGIN_DECLS

typedef struct _BenchStream BenchStream;

/* One whole message. The payload is valid during the call only. */
typedef void (*BenchStreamFrameFunc)  (const BenchWireHeader *header,
                                       const guint8          *payload,
                                       gsize                  payload_bytes,
                                       gpointer               user_data);

/* The other end is gone, or sent what it may not. Called once, never after bench_stream_free(). */
typedef void (*BenchStreamClosedFunc) (gpointer               user_data);

/* How many bytes follow a header; G_MAXSIZE refuses it and closes the stream. */
typedef gsize (*BenchStreamSizeFunc)  (const BenchWireHeader *header,
                                       gpointer               user_data);

typedef struct {
  BenchStreamSizeFunc size;
  BenchStreamFrameFunc frame;
  BenchStreamClosedFunc closed;
} BenchStreamCallbacks;

BenchStream *bench_stream_new              (int                         fd,
                                            const BenchStreamCallbacks *callbacks,
                                            gpointer                    user_data) G_GNUC_WARN_UNUSED_RESULT;
void         bench_stream_free             (BenchStream                *self);

void         bench_stream_send             (BenchStream                *self,
                                            const BenchWireHeader      *header,
                                            gconstpointer               payload,
                                            gsize                       payload_bytes);
void         bench_stream_finish           (BenchStream                *self);
gsize        bench_stream_get_queued_bytes (BenchStream                *self);

G_END_DECLS
