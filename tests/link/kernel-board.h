/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-byte-stream.h"
#include "lks-io-thread.h"

G_BEGIN_DECLS

/**
 * KernelBoard:
 *
 * The far end of a line: Linux's own TCP/IP as 192.168.35.2 in a network namespace of its
 * own, behind SLIP at a chosen speed, as an LksByteStream. An implementation of TCP that
 * shares nothing with ours.
 */
#define KERNEL_TYPE_BOARD (kernel_board_get_type ())
G_DECLARE_FINAL_TYPE (KernelBoard, kernel_board, KERNEL, BOARD, GObject)

#define KERNEL_BOARD_RATE_REAL 92160

gboolean     kernel_board_can_run    (void);

KernelBoard *kernel_board_new        (LksIoThread  *io_thread,
                                      guint         rate_bytes_per_s) G_GNUC_WARN_UNUSED_RESULT;

int          kernel_board_listen     (KernelBoard  *self,
                                      guint16       port);
int          kernel_board_bind_udp   (KernelBoard  *self,
                                      guint16       port);

void         kernel_board_set_silent (KernelBoard  *self,
                                      gboolean      silent);
void         kernel_board_set_noise  (KernelBoard  *self,
                                      double        byte_errors);
void         kernel_board_inject     (KernelBoard  *self,
                                      const guint8 *data,
                                      gsize         size_bytes);
void         kernel_board_overrun    (KernelBoard  *self);
void         kernel_board_unplug     (KernelBoard  *self);
guint        kernel_board_get_packets_to_board (KernelBoard *self);

G_END_DECLS
