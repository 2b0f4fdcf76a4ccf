/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-board.h"

G_BEGIN_DECLS

/* What a program may ask on a fresh connection; the hub decides. Returns 0 or an errno. */
typedef struct {
  int (*open)   (guint        bus,
                 guint        device,
                 BenchBoard **out_board,
                 gpointer     user_data);
  int (*permit) (const char  *place,
                 gboolean     is_allowed,
                 gpointer     user_data);
} BenchFileCallbacks;

BenchFile *bench_file_new      (int                       fd,
                                const BenchFileCallbacks *callbacks,
                                gpointer                  user_data);

void       bench_file_complete (BenchFile                *self,
                                const BenchWireHeader    *header,
                                gsize                     submitted_bytes,
                                const guint8             *payload,
                                gsize                     payload_bytes);
void       bench_file_send     (BenchFile                *self,
                                const BenchWireHeader    *header);
void       bench_file_unplug   (BenchFile                *self);
void       bench_file_abandon  (BenchFile                *self);

G_END_DECLS
