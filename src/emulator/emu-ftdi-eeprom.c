/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ftdi-eeprom.h"

#include <string.h>

#define EEPROM_BYTES (2 * EMU_FTDI_EEPROM_WORDS)
#define STRINGS_AT 0x9a
#define CHECKSUM_AT (EEPROM_BYTES - 2)
#define CHIP_93C56 0x56
#define HAS_SERIAL 0x08
#define BUS_POWERED 0x80
#define MAX_POWER_2MA 0xfa
#define STRING_DESCRIPTOR 3

/**
 * emu_ftdi_eeprom_erase:
 * @self: a memory
 *
 * Makes it blank, as on an adapter that was never programmed.
 */
void
emu_ftdi_eeprom_erase (EmuFtdiEeprom *self)
{
  memset (self->words, 0xff, sizeof self->words);
}

/* Strings are kept as USB string descriptors. Returns where the next one goes. */
static gsize
put_string (guint8 *bytes, gsize at, gsize directory, const char *text)
{
  gsize size = 2 + 2 * strlen (text);

  bytes[directory] = at;
  bytes[directory + 1] = size;
  bytes[at] = size;
  bytes[at + 1] = STRING_DESCRIPTOR;
  for (gsize i = 0; text[i] != '\0'; i++)
    bytes[at + 2 + 2 * i] = text[i];
  return at + size;
}

/**
 * emu_ftdi_eeprom_program:
 * @self: a memory
 * @manufacturer: ASCII
 * @product: ASCII
 * @serial: ASCII
 *
 * Writes what the board maker's template says: VID 0403, PID 6011, bus powered, 500 mA, all
 * ports on the D2XX driver. Public origin of the layout: libftdi (ftdi_eeprom_build).
 *
 * Returns: whether the strings fit; otherwise the memory is as it was
 */
gboolean
emu_ftdi_eeprom_program (EmuFtdiEeprom *self,
                         const char *manufacturer,
                         const char *product,
                         const char *serial)
{
  guint8 bytes[EEPROM_BYTES] = { 0 };
  gsize at = STRINGS_AT;

  if (STRINGS_AT + 6 + 2 * (strlen (manufacturer) + strlen (product) + strlen (serial)) >
      CHECKSUM_AT)
    return FALSE;

  bytes[0x02] = 0x03;
  bytes[0x03] = 0x04;
  bytes[0x04] = 0x11;
  bytes[0x05] = 0x60;
  bytes[0x07] = 0x08;
  bytes[0x08] = BUS_POWERED;
  bytes[0x09] = MAX_POWER_2MA;
  bytes[0x0a] = HAS_SERIAL;
  bytes[0x18] = CHIP_93C56;
  at = put_string (bytes, at, 0x0e, manufacturer);
  at = put_string (bytes, at, 0x10, product);
  put_string (bytes, at, 0x12, serial);

  for (gsize i = 0; i < EMU_FTDI_EEPROM_WORDS; i++)
    self->words[i] = bytes[2 * i] | bytes[2 * i + 1] << 8;
  self->words[EMU_FTDI_EEPROM_WORDS - 1] = emu_ftdi_eeprom_get_checksum (self);
  return TRUE;
}

/**
 * emu_ftdi_eeprom_get_checksum:
 * @self: a memory
 *
 * Starts with 0xAAAA; each word but the last is XORed in and the sum rotated left by one.
 * Public origin: libftdi.
 *
 * Returns: what the last word should be
 */
guint16
emu_ftdi_eeprom_get_checksum (const EmuFtdiEeprom *self)
{
  guint16 sum = 0xaaaa;

  for (gsize i = 0; i < EMU_FTDI_EEPROM_WORDS - 1; i++)
    {
      sum ^= self->words[i];
      sum = (guint16) (sum << 1) | sum >> 15;
    }
  return sum;
}
