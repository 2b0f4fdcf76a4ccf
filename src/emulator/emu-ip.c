/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ip.h"

#define IP_CHECKSUM_AT 10
#define TCP_CHECKSUM_AT 16
#define UDP_CHECKSUM_AT 6

static guint16
get_u16 (const guint8 *at)
{
  return at[0] << 8 | at[1];
}

static void
put_u16 (guint8 *at, guint16 value)
{
  at[0] = value >> 8;
  at[1] = value & 0xff;
}

static gsize
get_header_bytes (const guint8 *packet)
{
  return (packet[0] & 0x0f) * 4u;
}

/**
 * emu_ip_is_packet:
 * @packet: bytes from a line
 * @size_bytes: how many
 *
 * Returns: whether the bytes hold at least a whole IPv4 header
 */
gboolean
emu_ip_is_packet (const guint8 *packet, gsize size_bytes)
{
  return size_bytes >= EMU_IP_HEADER_BYTES && packet[0] >> 4 == 4 &&
         get_header_bytes (packet) >= EMU_IP_HEADER_BYTES &&
         get_header_bytes (packet) <= size_bytes;
}

/**
 * emu_ip_get_protocol:
 * @packet: a packet
 *
 * Returns: its protocol
 */
guint8
emu_ip_get_protocol (const guint8 *packet)
{
  return packet[9];
}

/**
 * emu_ip_get_address:
 * @packet: a packet
 * @at: %EMU_IP_SOURCE_AT or %EMU_IP_DESTINATION_AT
 *
 * Returns: the address as a number, 192.168.35.2 is 0xC0A82302
 */
guint32
emu_ip_get_address (const guint8 *packet, gsize at)
{
  return (guint32) get_u16 (packet + at) << 16 | get_u16 (packet + at + 2);
}

/* RFC 1624, equation 3: the checksum after one 32-bit field changed. A wrong one stays wrong. */
static void
update_checksum (guint8 *at, guint32 before, guint32 after)
{
  guint32 sum = (guint16) ~get_u16 (at);

  sum += (guint16) ~(before >> 16);
  sum += (guint16) ~before;
  sum += after >> 16;
  sum += after & 0xffff;
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  put_u16 (at, ~sum);
}

static gboolean
is_first_fragment (const guint8 *packet)
{
  return (get_u16 (packet + 6) & 0x1fff) == 0;
}

/**
 * emu_ip_set_address:
 * @packet: a packet for which emu_ip_is_packet() holds
 * @size_bytes: its size
 * @at: %EMU_IP_SOURCE_AT or %EMU_IP_DESTINATION_AT
 * @address: the new address
 *
 * Rewrites an address and the checksums it is part of.
 */
void
emu_ip_set_address (guint8 *packet, gsize size_bytes, gsize at, guint32 address)
{
  guint32 before = emu_ip_get_address (packet, at);
  gsize payload = get_header_bytes (packet);

  put_u16 (packet + at, address >> 16);
  put_u16 (packet + at + 2, address & 0xffff);
  update_checksum (packet + IP_CHECKSUM_AT, before, address);
  if (!is_first_fragment (packet))
    return;

  if (emu_ip_get_protocol (packet) == EMU_IP_PROTOCOL_TCP &&
      size_bytes - payload >= TCP_CHECKSUM_AT + 2)
    update_checksum (packet + payload + TCP_CHECKSUM_AT, before, address);
  if (emu_ip_get_protocol (packet) == EMU_IP_PROTOCOL_UDP &&
      size_bytes - payload >= UDP_CHECKSUM_AT + 2 &&
      get_u16 (packet + payload + UDP_CHECKSUM_AT) != 0)
    update_checksum (packet + payload + UDP_CHECKSUM_AT, before, address);
}
