/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ftdi-speed.h"

#define FAST_CLOCK_HZ 12000000
#define SLOW_CLOCK_HZ 3000000
#define FAST_CLOCK_BIT 0x0200
#define CODE_HIGH_BIT 0x0100

/**
 * emu_ftdi_speed_decode:
 * @value: wValue of the speed request
 * @index: its wIndex
 *
 * Undoes the divisor encoding of the H chips: bits 0 to 13 of @value are the integer part,
 * bits 14, 15 and bit 8 of @index the code of the eighths, bit 9 of @index chooses the fast
 * clock. Divisors 0 and 1 mean 1 and 1.5. Public origin: FTDI AN_120, libftdi.
 *
 * Returns: baud
 */
guint
emu_ftdi_speed_decode (guint16 value, guint16 index)
{
  static const guint8 eighths[] = { 0, 4, 2, 1, 3, 5, 6, 7 };
  guint clock_hz = (index & FAST_CLOCK_BIT) != 0 ? FAST_CLOCK_HZ : SLOW_CLOCK_HZ;
  guint code = (value >> 14) | ((index & CODE_HIGH_BIT) != 0 ? 4 : 0);
  guint divisor = (value & 0x3fff) * 8 + eighths[code];

  if (divisor == 0)
    divisor = 8;
  else if (divisor == 8)
    divisor = 12;
  return (guint64) clock_hz * 8 / divisor;
}
