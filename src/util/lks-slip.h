/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The largest packet taken from a line. The link itself sends at most 1500 bytes, but a
 * board may use a larger MTU (reference: device, 2.1: unconfirmed). */
#define LKS_SLIP_PACKET_MAX 2000

/* Every byte may need an escape, and an END stands on either side. */
#define LKS_SLIP_ENCODED_MAX(packet_bytes) (2 * (packet_bytes) + 2)

typedef void (*LksSlipPacketFunc) (const guint8 *packet,
                                   gsize         size_bytes,
                                   gpointer      user_data);

/**
 * LksSlipDecoder:
 *
 * Finds packets in a stream of bytes framed by RFC 1055.
 */
typedef struct {
  guint8 packet[LKS_SLIP_PACKET_MAX];
  gsize size;
  gboolean escaped; /* the byte before was ESC */
  gboolean broken;  /* bad escape or too long: drop everything up to the next END */
  guint64 packets;
  guint64 dropped_packets;
} LksSlipDecoder;

void  lks_slip_decoder_init  (LksSlipDecoder    *self);
void  lks_slip_decoder_feed  (LksSlipDecoder    *self,
                              const guint8      *data,
                              gsize              size_bytes,
                              LksSlipPacketFunc  func,
                              gpointer           user_data);
void  lks_slip_decoder_break (LksSlipDecoder    *self);

gsize lks_slip_encode        (const guint8      *packet,
                              gsize              size_bytes,
                              guint8            *out_encoded);

G_END_DECLS
