/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EMU_FTDI_EEPROM_WORDS 128

/**
 * EmuFtdiEeprom:
 *
 * The configuration memory beside the chip, as the vendor requests read and write it.
 */
typedef struct {
  guint16 words[EMU_FTDI_EEPROM_WORDS];
} EmuFtdiEeprom;

void     emu_ftdi_eeprom_erase        (EmuFtdiEeprom       *self);
gboolean emu_ftdi_eeprom_program      (EmuFtdiEeprom       *self,
                                       const char          *manufacturer,
                                       const char          *product,
                                       const char          *serial);
guint16  emu_ftdi_eeprom_get_checksum (const EmuFtdiEeprom *self);

G_END_DECLS
