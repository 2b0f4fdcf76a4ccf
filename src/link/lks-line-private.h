/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-link.h"
#include "lks-slip.h"

#include <lwip/netif.h>

G_BEGIN_DECLS

#define LKS_LINE_MTU_BYTES 1500

/* More would make small requests wait behind an upload (4 KiB are 44 ms of the line), less
 * changes nothing. One packet always fits into an empty queue. */
#define LKS_LINE_QUEUE_BYTES 4096

/**
 * LksLine:
 *
 * The network interface of one board: packets on the stack's side, framed bytes on the
 * other. Every field is guarded by the stack's core lock.
 */
typedef struct {
  struct netif netif;
  LksSlipDecoder decoder;
  guint8 queue[LKS_LINE_QUEUE_BYTES + LKS_SLIP_ENCODED_MAX (LKS_LINE_MTU_BYTES)];
  gsize queue_bytes;
  gboolean is_blocked; /* the stack waits for room */
  gboolean is_added;
  gboolean is_up;
  LksLinkCounters counters;

  /* Bytes wait for the line: called on whichever thread sends, with the lock held. */
  void (*wake) (gpointer user_data);
  /* A TCP segment goes out: first sequence number, and how many it occupies. */
  void (*segment_sent) (gpointer user_data, guint16 local_port, guint32 sequence, guint32 length);
  gpointer user_data;
} LksLine;

void     lks_line_add     (LksLine      *self);
void     lks_line_remove  (LksLine      *self);

void     lks_line_receive (LksLine      *self,
                           const guint8 *data,
                           gsize         size_bytes);
gsize    lks_line_peek    (LksLine      *self,
                           guint8       *out_bytes,
                           gsize         size_bytes);
gboolean lks_line_consume (LksLine      *self,
                           gsize         size_bytes);
void     lks_line_set_down (LksLine     *self);

G_END_DECLS
