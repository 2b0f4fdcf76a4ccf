/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-slip.h"

/* RFC 1055 */
#define SLIP_END 0xC0
#define SLIP_ESC 0xDB
#define SLIP_ESC_END 0xDC
#define SLIP_ESC_ESC 0xDD

/**
 * lks_slip_decoder_init:
 * @self: a decoder
 *
 * Makes the decoder ready for the first byte of a line.
 */
void
lks_slip_decoder_init (LksSlipDecoder *self)
{
  *self = (LksSlipDecoder){ 0 };
}

static void
end_packet (LksSlipDecoder *self, LksSlipPacketFunc func, gpointer user_data)
{
  if (self->broken || self->escaped)
    self->dropped_packets++;
  else if (self->size > 0) /* END also stands before a packet, so empty frames are normal */
    {
      self->packets++;
      func (self->packet, self->size, user_data);
    }

  self->size = 0;
  self->escaped = FALSE;
  self->broken = FALSE;
}

static void
take_byte (LksSlipDecoder *self, guint8 byte)
{
  if (self->escaped)
    {
      self->escaped = FALSE;
      if (byte == SLIP_ESC_END)
        byte = SLIP_END;
      else if (byte == SLIP_ESC_ESC)
        byte = SLIP_ESC;
      else
        self->broken = TRUE;
    }
  else if (byte == SLIP_ESC)
    {
      self->escaped = TRUE;
      return;
    }

  if (self->size == LKS_SLIP_PACKET_MAX)
    self->broken = TRUE;
  else
    self->packet[self->size++] = byte;
}

/**
 * lks_slip_decoder_feed:
 * @self: a decoder
 * @data: bytes from the line
 * @size_bytes: how many
 * @func: (scope call): called for every complete packet, 1 to 2000 bytes; must not feed @self
 * @user_data: for @func
 *
 * Takes bytes from the line. A packet with an illegal escape, or longer than
 * %LKS_SLIP_PACKET_MAX, is dropped and counted; the next END starts afresh.
 */
void
lks_slip_decoder_feed (LksSlipDecoder *self,
                       const guint8 *data,
                       gsize size_bytes,
                       LksSlipPacketFunc func,
                       gpointer user_data)
{
  for (gsize i = 0; i < size_bytes; i++)
    {
      if (data[i] == SLIP_END)
        end_packet (self, func, user_data);
      else if (!self->broken)
        take_byte (self, data[i]);
    }
}

/**
 * lks_slip_decoder_break:
 * @self: a decoder
 *
 * Says that bytes were lost here: the packet in progress is dropped at its END.
 */
void
lks_slip_decoder_break (LksSlipDecoder *self)
{
  if (self->size > 0 || self->escaped)
    self->broken = TRUE;
}

/**
 * lks_slip_encode:
 * @packet: an IP packet
 * @size_bytes: its size
 * @out_encoded: (out caller-allocates): room for %LKS_SLIP_ENCODED_MAX (@size_bytes)
 *
 * Frames one packet, with an END on either side so that line noise before it stays apart.
 *
 * Returns: how many bytes of @out_encoded were written
 */
gsize
lks_slip_encode (const guint8 *packet, gsize size_bytes, guint8 *out_encoded)
{
  gsize n = 0;

  out_encoded[n++] = SLIP_END;
  for (gsize i = 0; i < size_bytes; i++)
    {
      if (packet[i] == SLIP_END || packet[i] == SLIP_ESC)
        {
          out_encoded[n++] = SLIP_ESC;
          out_encoded[n++] = packet[i] == SLIP_END ? SLIP_ESC_END : SLIP_ESC_ESC;
        }
      else
        out_encoded[n++] = packet[i];
    }
  out_encoded[n++] = SLIP_END;

  return n;
}
