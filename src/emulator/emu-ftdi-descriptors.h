/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* USB 2.0, table 9-5. */
#define EMU_USB_DESCRIPTOR_DEVICE 1
#define EMU_USB_DESCRIPTOR_CONFIGURATION 2
#define EMU_USB_DESCRIPTOR_STRING 3
#define EMU_USB_DESCRIPTOR_QUALIFIER 6
#define EMU_USB_DESCRIPTOR_OTHER_SPEED 7

#define EMU_FTDI_CONFIGURATION_BYTES 101
#define EMU_USB_STRING_MAX_CHARS 126

/* The texts of string descriptors 1, 2, 3; a missing one has index 0 and cannot be read. */
typedef struct {
  const char *manufacturer;
  const char *product;
  const char *serial; /* (nullable) */
} EmuFtdiStrings;

gboolean emu_ftdi_descriptors_append (GByteArray           *array,
                                      const EmuFtdiStrings *strings,
                                      guint8                type,
                                      guint8                index);

G_END_DECLS
