/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-usbip.h"
#include "bench-wire.h"

G_BEGIN_DECLS

typedef struct _BenchBoard BenchBoard;
typedef struct _BenchFile BenchFile;

/* The device is gone: its connection closed and every program knows (or did not listen in time). */
typedef void (*BenchBoardGoneFunc)  (BenchBoard            *board,
                                     gpointer               user_data);

BenchBoard *bench_board_new         (BenchImport           *import,
                                     BenchBoardGoneFunc     unplugged,
                                     BenchBoardGoneFunc     gone,
                                     gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
void        bench_board_free        (BenchBoard            *self);

const BenchDescription *
            bench_board_get_description (BenchBoard        *self);
gboolean    bench_board_is_plugged  (BenchBoard            *self);
void        bench_board_get_layout  (BenchBoard            *self,
                                     BenchWireLayout       *out_layout);

void        bench_board_add_file    (BenchBoard            *self,
                                     BenchFile             *file);
void        bench_board_remove_file (BenchBoard            *self,
                                     BenchFile             *file);
void        bench_board_submit      (BenchBoard            *self,
                                     BenchFile             *file,
                                     const BenchWireHeader *header,
                                     const guint8          *payload,
                                     gsize                  payload_bytes);
void        bench_board_unlink      (BenchBoard            *self,
                                     BenchFile             *file,
                                     const BenchWireHeader *header);
int         bench_board_request     (BenchBoard            *self,
                                     BenchFile             *file,
                                     const BenchWireHeader *header,
                                     guint32               *out_value);

G_END_DECLS
