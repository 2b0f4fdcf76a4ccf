/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-crc32-private.h"

/* The polynomial 0xEDB88320, four bits at a time. */
static const guint32 table[16] = {
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
  0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

/* CRC-32 as zlib computes it: begin with 0 and feed piece by piece. */
guint32
lks_crc32_update (guint32 crc, const guint8 *data, gsize size_bytes)
{
  crc = ~crc;
  for (gsize i = 0; i < size_bytes; i++)
    {
      crc = table[(crc ^ data[i]) & 0xf] ^ crc >> 4;
      crc = table[(crc ^ data[i] >> 4) & 0xf] ^ crc >> 4;
    }

  return ~crc;
}
