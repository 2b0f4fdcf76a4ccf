/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-line-private.h"

#include "lks-cursor.h"

#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>
#include <string.h>

/* The service interface's fixed addresses, the same on every board (Azure Sphere
 * documentation, "Connect device"). */
#define HOST_ADDRESS 0xC0A82301u  /* 192.168.35.1 */
#define BOARD_ADDRESS 0xC0A82302u /* 192.168.35.2 */
#define NETMASK 0xFFFFFF00u

#define IP_HEADER_MIN_BYTES 20
#define IP_FRAGMENT_MASK 0x3FFF /* "more fragments" and the offset */
#define TIME_WAITS_MAX 16

/* The line whose packet the stack is processing right now (core lock). */
static LksLine *feeding;

/* Counts what a segment occupies in the sequence (RFC 9293, 3.4), SYN aside: repeating that is
 * asking, not a sign of a bad line. */
static void
note_segment (LksLine *self, const guint8 *packet, gsize size_bytes)
{
  LksCursor cursor;
  guint8 version_and_length;
  guint8 protocol;
  guint16 local_port;
  guint32 sequence;
  guint8 offset;
  guint8 flags;
  gsize ip_bytes;
  guint32 length;

  lks_cursor_init (&cursor, packet, size_bytes);
  if (!lks_cursor_read_u8 (&cursor, &version_and_length, NULL))
    return;

  ip_bytes = (version_and_length & 0x0F) * 4;
  if (!lks_cursor_seek (&cursor, 9, NULL) || !lks_cursor_read_u8 (&cursor, &protocol, NULL) ||
      protocol != IP_PROTO_TCP || !lks_cursor_seek (&cursor, ip_bytes, NULL) ||
      !lks_cursor_read_u16be (&cursor, &local_port, NULL) || !lks_cursor_skip (&cursor, 2, NULL) ||
      !lks_cursor_read_u32be (&cursor, &sequence, NULL) || !lks_cursor_skip (&cursor, 4, NULL) ||
      !lks_cursor_read_u8 (&cursor, &offset, NULL) || !lks_cursor_read_u8 (&cursor, &flags, NULL) ||
      !lks_cursor_seek (&cursor, ip_bytes + (offset >> 4) * 4, NULL))
    return;

  length =
      (guint32) lks_cursor_get_left (&cursor) + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
  if (length > 0)
    self->segment_sent (self->user_data, local_port, sequence, length);
}

/* lwIP chooses the interface of a reset for an unknown segment by address alone, which with
 * equal subnets is some other board's. While a packet of one line is being processed, all
 * answers go there. */
static err_t
output_cb (struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
  LksLine *self = feeding != NULL ? feeding : netif->state;
  guint8 packet[LKS_LINE_MTU_BYTES];

  if (!self->is_up)
    return ERR_IF;
  if (p->tot_len > sizeof packet)
    return ERR_BUF;
  if (self->queue_bytes > 0 && self->queue_bytes + p->tot_len > LKS_LINE_QUEUE_BYTES)
    {
      self->is_blocked = TRUE; /* TCP keeps the segment and is told when there is room */
      self->counters.stalls++;
      return ERR_MEM;
    }

  pbuf_copy_partial (p, packet, p->tot_len, 0);
  self->queue_bytes += lks_slip_encode (packet, p->tot_len, self->queue + self->queue_bytes);
  self->counters.sent_packets++;
  note_segment (self, packet, p->tot_len);
  self->wake (self->user_data);
  return ERR_OK;
}

static err_t
init_netif_cb (struct netif *netif)
{
  netif->name[0] = 's';
  netif->name[1] = 'l';
  netif->output = output_cb;
  netif->mtu = LKS_LINE_MTU_BYTES;
  return ERR_OK;
}

/* Only whole packets of the one conversation there is on this line. lwIP would forward
 * between boards, and reassemble fragments of different boards into one packet. */
static gboolean
is_acceptable (const guint8 *packet, gsize size_bytes)
{
  LksCursor cursor;
  guint8 version_and_length;
  guint16 fragment;
  guint8 protocol;
  guint32 from;
  guint32 to;

  lks_cursor_init (&cursor, packet, size_bytes);
  return size_bytes >= IP_HEADER_MIN_BYTES &&
         lks_cursor_read_u8 (&cursor, &version_and_length, NULL) &&
         (version_and_length >> 4) == 4 && lks_cursor_seek (&cursor, 6, NULL) &&
         lks_cursor_read_u16be (&cursor, &fragment, NULL) && (fragment & IP_FRAGMENT_MASK) == 0 &&
         lks_cursor_seek (&cursor, 9, NULL) && lks_cursor_read_u8 (&cursor, &protocol, NULL) &&
         (protocol == IP_PROTO_TCP || protocol == IP_PROTO_ICMP || protocol == IP_PROTO_UDP) &&
         lks_cursor_seek (&cursor, 12, NULL) && lks_cursor_read_u32be (&cursor, &from, NULL) &&
         lks_cursor_read_u32be (&cursor, &to, NULL) && from == BOARD_ADDRESS && to == HOST_ADDRESS;
}

static void
packet_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  LksLine *self = user_data;
  struct pbuf *p;

  self->counters.received_packets++;
  if (!is_acceptable (packet, size_bytes))
    {
      self->counters.refused_packets++;
      return;
    }

  p = pbuf_alloc (PBUF_RAW, (u16_t) size_bytes, PBUF_RAM);
  if (p == NULL)
    return;
  pbuf_take (p, packet, (u16_t) size_bytes);

  feeding = self;
  if (self->netif.input (p, &self->netif) != ERR_OK)
    pbuf_free (p);
  feeding = NULL;
}

/* Aborts the connections in TIME_WAIT of this interface, the oldest first, until only @keep
 * are left: lwIP would keep them for two minutes and without number, while the wait guards
 * against late packets of a network, which a serial line does not have. */
static void
trim_time_waits (LksLine *self, guint keep)
{
  guint8 index = netif_get_index (&self->netif);
  guint seen = 0;

  for (struct tcp_pcb *pcb = tcp_tw_pcbs, *next; pcb != NULL; pcb = next)
    {
      next = pcb->next;
      if (pcb->netif_idx == index && ++seen > keep)
        tcp_abandon (pcb, 0);
    }
}

/* What was closed properly may still be sending its last bytes. */
static void
abort_leftovers (LksLine *self)
{
  guint8 index = netif_get_index (&self->netif);
  struct tcp_pcb *pcb = tcp_active_pcbs;

  while (pcb != NULL)
    {
      if (pcb->netif_idx != index)
        {
          pcb = pcb->next;
          continue;
        }
      tcp_abort (pcb);
      pcb = tcp_active_pcbs; /* the list has changed */
    }
}

/**
 * lks_line_add:
 * @self: a line whose callbacks are set and everything else is zero
 *
 * Gives the line to the stack, which has room for 254: see `is_added`. Core lock held.
 */
void
lks_line_add (LksLine *self)
{
  ip4_addr_t address = { .addr = lwip_htonl (HOST_ADDRESS) };
  ip4_addr_t netmask = { .addr = lwip_htonl (NETMASK) };
  ip4_addr_t gateway = { .addr = 0 };

  lks_slip_decoder_init (&self->decoder);
  if (netif_add (&self->netif, &address, &netmask, &gateway, self, init_netif_cb, ip_input) == NULL)
    return;

  netif_set_link_up (&self->netif);
  netif_set_up (&self->netif);
  self->is_added = self->is_up = TRUE;
}

/**
 * lks_line_remove:
 * @self: a line without connections
 *
 * Takes the line from the stack. Core lock held.
 */
void
lks_line_remove (LksLine *self)
{
  if (!self->is_added)
    return;

  lks_line_set_down (self);
  /* With an address on it, netif_remove() would abort the connections of every interface
   * that has the same address: those of all other boards. */
  ip_addr_set_zero_ip4 (&self->netif.ip_addr);
  netif_remove (&self->netif);
  self->is_added = FALSE;
}

/**
 * lks_line_receive:
 * @self: a line
 * @data: bytes from the line
 * @size_bytes: how many
 *
 * Hands the packets among the bytes to the stack. I/O thread, core lock held.
 */
void
lks_line_receive (LksLine *self, const guint8 *data, gsize size_bytes)
{
  self->counters.received_bytes += size_bytes;
  lks_slip_decoder_feed (&self->decoder, data, size_bytes, packet_cb, self);
  self->counters.dropped_packets = self->decoder.dropped_packets;
  trim_time_waits (self, TIME_WAITS_MAX);
}

/**
 * lks_line_peek:
 * @self: a line
 * @out_bytes: (out caller-allocates): room for @size_bytes
 * @size_bytes: how many bytes are wanted at most
 *
 * Copies bytes that wait for the line. Core lock held.
 *
 * Returns: how many were copied
 */
gsize
lks_line_peek (LksLine *self, guint8 *out_bytes, gsize size_bytes)
{
  gsize n = MIN (size_bytes, self->queue_bytes);

  memcpy (out_bytes, self->queue, n);
  return n;
}

/**
 * lks_line_consume:
 * @self: a line
 * @size_bytes: how many of the waiting bytes the line has taken
 *
 * Core lock held.
 *
 * Returns: whether connections that wait for room may go on
 */
gboolean
lks_line_consume (LksLine *self, gsize size_bytes)
{
  self->queue_bytes -= size_bytes;
  memmove (self->queue, self->queue + size_bytes, self->queue_bytes);
  self->counters.sent_bytes += size_bytes;

  if (!self->is_blocked || self->queue_bytes > LKS_LINE_QUEUE_BYTES / 2)
    return FALSE;
  self->is_blocked = FALSE;
  return TRUE;
}

/**
 * lks_line_set_down:
 * @self: a line
 *
 * The line is gone: nothing more is sent. Every connection of it must be over. Core lock
 * held.
 */
void
lks_line_set_down (LksLine *self)
{
  self->is_up = FALSE;
  self->queue_bytes = 0;
  abort_leftovers (self);
  trim_time_waits (self, 0);
  netif_set_link_down (&self->netif);
}
