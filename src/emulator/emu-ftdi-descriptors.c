/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-ftdi-descriptors.h"

#include "emu-ft4232h.h"

#include <string.h>

#define LANGUAGE_US_ENGLISH 0x0409
#define FULL_SPEED_PACKET_BYTES 64

static void
append_u16 (GByteArray *array, guint16 value)
{
  guint8 bytes[] = { value & 0xff, value >> 8 };

  g_byte_array_append (array, bytes, sizeof bytes);
}

static void
append_device (GByteArray *array, const EmuFtdiStrings *strings)
{
  const guint8 head[] = { 18, EMU_USB_DESCRIPTOR_DEVICE, 0x00, 0x02, 0, 0, 0, 64 };
  const guint8 tail[] = { 1, 2, strings->serial != NULL ? 3 : 0, 1 };

  g_byte_array_append (array, head, sizeof head);
  append_u16 (array, EMU_FT4232H_VENDOR);
  append_u16 (array, EMU_FT4232H_PRODUCT);
  append_u16 (array, EMU_FT4232H_RELEASE);
  g_byte_array_append (array, tail, sizeof tail);
}

static void
append_endpoint (GByteArray *array, guint8 address, guint16 packet_bytes)
{
  const guint8 head[] = { 7, 5, address, 2 };

  g_byte_array_append (array, head, sizeof head);
  append_u16 (array, packet_bytes);
  g_byte_array_append (array, (const guint8[]){ 0 }, 1);
}

/* Bus powered, 500 mA, four vendor interfaces of two bulk endpoints each. */
static void
append_configuration (GByteArray *array, guint8 type, guint16 packet_bytes)
{
  const guint8 head[] = { 9,    type, EMU_FTDI_CONFIGURATION_BYTES, 0, EMU_FT4232H_PORTS, 1, 0,
                          0x80, 0xfa };

  g_byte_array_append (array, head, sizeof head);
  for (guint i = 0; i < EMU_FT4232H_PORTS; i++)
    {
      const guint8 interface[] = { 9, 4, i, 0, 2, 0xff, 0xff, 0xff, 2 };

      g_byte_array_append (array, interface, sizeof interface);
      append_endpoint (array, 0x81 + 2 * i, packet_bytes);
      append_endpoint (array, 0x02 + 2 * i, packet_bytes);
    }
}

static void
append_string (GByteArray *array, const char *text)
{
  gsize n = MIN (strlen (text), EMU_USB_STRING_MAX_CHARS);
  const guint8 head[] = { 2 + 2 * n, EMU_USB_DESCRIPTOR_STRING };

  g_byte_array_append (array, head, sizeof head);
  for (gsize i = 0; i < n; i++)
    append_u16 (array, (guint8) text[i]);
}

static const char *
get_string (const EmuFtdiStrings *strings, guint8 index)
{
  switch (index)
    {
    case 1:
      return strings->manufacturer;
    case 2:
      return strings->product;
    case 3:
      return strings->serial;
    default:
      return NULL;
    }
}

static gboolean
append_string_at (GByteArray *array, const EmuFtdiStrings *strings, guint8 index)
{
  const char *text = get_string (strings, index);

  if (index == 0)
    {
      g_byte_array_append (array, (const guint8[]){ 4, EMU_USB_DESCRIPTOR_STRING }, 2);
      append_u16 (array, LANGUAGE_US_ENGLISH);
    }
  else if (text != NULL)
    append_string (array, text);
  return index == 0 || text != NULL;
}

/* The other speed of a high-speed device is full speed. */
static void
append_qualifier (GByteArray *array)
{
  const guint8 bytes[] = { 10, EMU_USB_DESCRIPTOR_QUALIFIER, 0x00, 0x02, 0, 0, 0, 64, 1, 0 };

  g_byte_array_append (array, bytes, sizeof bytes);
}

/**
 * emu_ftdi_descriptors_append:
 * @array: where the descriptor goes
 * @strings: the device's texts
 * @type: descriptor type
 * @index: descriptor index
 *
 * Builds a descriptor of a high-speed FT4232H (USB 2.0, 9.6).
 *
 * Returns: whether the device has it; if not, it answers the request with a stall
 */
gboolean
emu_ftdi_descriptors_append (GByteArray *array,
                             const EmuFtdiStrings *strings,
                             guint8 type,
                             guint8 index)
{
  if (type == EMU_USB_DESCRIPTOR_STRING)
    return append_string_at (array, strings, index);
  if (index != 0)
    return FALSE;

  switch (type)
    {
    case EMU_USB_DESCRIPTOR_DEVICE:
      append_device (array, strings);
      return TRUE;
    case EMU_USB_DESCRIPTOR_CONFIGURATION:
      append_configuration (array, type, EMU_FTDI_PACKET_BYTES);
      return TRUE;
    case EMU_USB_DESCRIPTOR_QUALIFIER:
      append_qualifier (array);
      return TRUE;
    case EMU_USB_DESCRIPTOR_OTHER_SPEED:
      append_configuration (array, type, FULL_SPEED_PACKET_BYTES);
      return TRUE;
    default:
      return FALSE;
    }
}
