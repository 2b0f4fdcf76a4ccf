/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-byte-stream.h"
#include "lks-connector.h"
#include "lks-io-thread.h"

G_BEGIN_DECLS

#define LKS_LINK_PORT_HTTPS 443
#define LKS_LINK_PORT_APP_OUTPUT 2342
#define LKS_LINK_PORT_DEBUGGER 2345

/**
 * LksLinkCounters:
 * @received_bytes: bytes taken from the line, framing included
 * @sent_bytes: bytes the line has taken, framing included
 * @received_packets: whole IP packets from the line
 * @sent_packets: IP packets queued for the line
 * @dropped_packets: packets from the line with an illegal escape or too long
 * @refused_packets: packets from the line that were not from the board to this link
 * @overruns: times the adapter said that it had lost bytes
 * @retransmissions: TCP segments that were sent more than once
 * @stalls: times a packet had to wait because the line's queue was full
 * @connections: TCP connections open now
 * @round_trip_us: the last round trip TCP measured, in microseconds; 0 before the first
 * @uptime_us: how long the line has been open, in microseconds
 * @is_open: %FALSE after the line ended (unplugged or closed)
 *
 * What one line did so far.
 */
typedef struct {
  guint64 received_bytes;
  guint64 sent_bytes;
  guint64 received_packets;
  guint64 sent_packets;
  guint64 dropped_packets;
  guint64 refused_packets;
  guint64 overruns;
  guint64 retransmissions;
  guint64 stalls;
  guint connections;
  guint round_trip_us;
  gint64 uptime_us;
  gboolean is_open;
} LksLinkCounters;

/**
 * LksLink:
 *
 * A private IP stack on one serial line: 192.168.35.1 here, the board at 192.168.35.2.
 */
#define LKS_TYPE_LINK (lks_link_get_type ())
G_DECLARE_FINAL_TYPE (LksLink, lks_link, LKS, LINK, GObject)

LksLink *lks_link_new          (LksIoThread      *io_thread,
                                LksByteStream    *stream,
                                GError          **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean lks_link_is_open      (LksLink          *self);
void     lks_link_get_counters (LksLink          *self,
                                LksLinkCounters  *out_counters);

int      lks_link_connect      (LksLink          *self,
                                guint16           port,
                                guint             timeout_ms,
                                GCancellable     *cancellable,
                                GError          **error);
void     lks_link_identify     (LksLink          *self);
void     lks_link_close        (LksLink          *self);

G_END_DECLS
