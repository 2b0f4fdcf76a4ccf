/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-ftdi.h"

#include <string.h>

#define LINE_STATUS_OVERRUN 0x02

/* FT2232H, FT4232H and FT232H divide 12 MHz when the bit in wIndex is set (FTDI AN_120). */
#define BASE_CLOCK_HZ 12000000u
#define INDEX_BASE_12_MHZ 0x0200
#define DIVISOR_EIGHTHS 8u
#define BAUD_MIN 1000u
#define BAUD_MAX 12000000u

/**
 * lks_ftdi_next_run:
 * @data: what one transfer brought; payload is moved together in place
 * @size_bytes: how much it brought
 * @packet_bytes: the endpoint's maximal packet size: 512, or 64 at full speed
 * @pos: (inout): 0 at first; where the next call goes on
 * @out_run: (out): the next piece, written only when there is one
 *
 * Takes the status bytes out, packet by packet, up to the next packet before which the chip
 * lost bytes. A transfer of nothing but status gives one empty run. Pure; any thread.
 *
 * Source: FTDI AN232B-04, chapter 3: each packet of an IN transfer begins with two status
 * bytes, not only the first; line status bit 1 is "overrun".
 *
 * Returns: whether there was another run
 */
gboolean
lks_ftdi_next_run (guint8 *data,
                   gsize size_bytes,
                   gsize packet_bytes,
                   gsize *pos,
                   LksFtdiRun *out_run)
{
  gsize start = *pos;
  gsize filled = start;

  g_return_val_if_fail (packet_bytes > LKS_FTDI_STATUS_BYTES, FALSE);

  /* A tail too short for a status is not a packet. */
  if (start >= size_bytes || size_bytes - start < LKS_FTDI_STATUS_BYTES)
    return FALSE;

  out_run->overrun = (data[start + 1] & LINE_STATUS_OVERRUN) != 0;
  do
    {
      gsize packet = MIN (packet_bytes, size_bytes - *pos);
      gsize payload = packet - LKS_FTDI_STATUS_BYTES;

      memmove (data + filled, data + *pos + LKS_FTDI_STATUS_BYTES, payload);
      filled += payload;
      *pos += packet;
    }
  while (size_bytes - *pos >= LKS_FTDI_STATUS_BYTES && (data[*pos + 1] & LINE_STATUS_OVERRUN) == 0);

  out_run->data = data + start;
  out_run->size_bytes = filled - start;
  return TRUE;
}

/**
 * lks_ftdi_build_baud:
 * @baud: bits per second, 1,000 to 12,000,000
 * @port_number: 1 to 4 for ports A to D
 * @out_value: (out): wValue
 * @out_index: (out): wIndex
 *
 * Builds the arguments of LKS_FTDI_BAUD_RATE. Pure; any thread.
 *
 * Source: FTDI AN_120 (divisor in eighths, the eighths coded in three bits of which two are
 * the top of wValue and one is bit 8 of wIndex).
 */
void
lks_ftdi_build_baud (guint baud, guint port_number, guint16 *out_value, guint16 *out_index)
{
  static const guint8 eighths_code[DIVISOR_EIGHTHS] = { 0, 3, 2, 4, 1, 5, 6, 7 };
  guint eighths, whole, code;

  g_return_if_fail (baud >= BAUD_MIN && baud <= BAUD_MAX);

  eighths = (BASE_CLOCK_HZ * DIVISOR_EIGHTHS + baud / 2) / baud;
  whole = eighths / DIVISOR_EIGHTHS;
  code = eighths_code[eighths % DIVISOR_EIGHTHS];

  /* 12 and 8 MBd have codes of their own. */
  if (eighths == DIVISOR_EIGHTHS || eighths == DIVISOR_EIGHTHS * 3 / 2)
    {
      whole = eighths == DIVISOR_EIGHTHS ? 0 : 1;
      code = 0;
    }

  *out_value = (guint16) (whole | (code & 3u) << 14);
  *out_index = (guint16) (port_number | (code & 4u) << 6 | INDEX_BASE_12_MHZ);
}
