/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-log.h"

#include "lks-guid.h"

#include <string.h>

/* Layout, as the vendor's open-source log parser reads it: banks of 4096 bytes, each ending
 * with a u16 counter and a u16 status; records of a 12-byte header (u16 length with the header,
 * u8, u8 priority, u16 category, u16 message, u32 milliseconds since start) and parameters; none
 * begins in the last 16 bytes of a bank; length 0xFFFF: the rest of the bank is empty. The bank
 * with the smallest counter is first. */
#define HEADER_BYTES 12
#define FOOTER_BYTES 4
#define ROOM_BYTES (EMU_LOG_BANK_BYTES - FOOTER_BYTES)
#define NO_START (EMU_LOG_BANK_BYTES - HEADER_BYTES - FOOTER_BYTES)
#define TEXT_MAX_BYTES 255

struct _EmuLog
{
  guint8 banks[EMU_LOG_BANKS][EMU_LOG_BANK_BYTES];
  guint n_banks;   /* written at least once */
  guint current;   /* the bank being written */
  gsize used;      /* bytes of it */
  guint16 counter; /* of the bank being written */
};

static void
put_u16 (guint8 *at, guint16 value)
{
  at[0] = (guint8) value;
  at[1] = (guint8) (value >> 8);
}

static void
put_u32 (guint8 *at, guint32 value)
{
  put_u16 (at, (guint16) value);
  put_u16 (at + 2, (guint16) (value >> 16));
}

static void
open_bank (EmuLog *self, guint bank)
{
  memset (self->banks[bank], 0xff, EMU_LOG_BANK_BYTES);
  put_u16 (self->banks[bank] + ROOM_BYTES, self->counter);
  put_u16 (self->banks[bank] + ROOM_BYTES + 2, 0);
  self->current = bank;
  self->used = 0;
  self->n_banks = MAX (self->n_banks, bank + 1);
}

/**
 * emu_log_new:
 *
 * Returns: (transfer full): an empty log
 */
EmuLog *
emu_log_new (void)
{
  EmuLog *self = g_new0 (EmuLog, 1);

  self->counter = 1;
  open_bank (self, 0);
  return self;
}

/**
 * emu_log_free:
 * @self: (transfer full): a log
 */
void
emu_log_free (EmuLog *self)
{
  g_free (self);
}

static void
append_u32 (GByteArray *parameters, guint32 value)
{
  guint8 bytes[4];

  put_u32 (bytes, value);
  g_byte_array_append (parameters, bytes, sizeof bytes);
}

static void
append_guid (GByteArray *parameters, const char *text)
{
  guint8 bytes[LKS_GUID_BYTES] = { 0 };

  lks_guid_to_bytes (text, bytes, NULL);
  g_byte_array_append (parameters, bytes, sizeof bytes);
}

static GByteArray *
build_parameters (const char *format, va_list values)
{
  GByteArray *parameters = g_byte_array_new ();

  for (const char *kind = format; *kind != '\0'; kind++)
    switch (*kind)
      {
      case 'u':
        append_u32 (parameters, va_arg (values, guint32));
        break;
      case 's':
        {
          const char *text = va_arg (values, const char *);

          g_byte_array_append (parameters, (const guint8 *) text, strnlen (text, TEXT_MAX_BYTES));
          g_byte_array_append (parameters, (const guint8 *) "", 1);
          break;
        }
      case 'g':
        append_guid (parameters, va_arg (values, const char *));
        break;
      default:
        g_assert_not_reached ();
      }

  return parameters;
}

/**
 * emu_log_add:
 * @self: a log
 * @time_ms: milliseconds since the system started
 * @priority: how important
 * @category: which service says it
 * @message: the number of its message
 * @format: one letter per parameter: u (number), s (text), g (GUID as text)
 * @...: the parameters
 *
 * Adds a record; the oldest bank is given up when the ring is full.
 */
void
emu_log_add (EmuLog *self,
             guint64 time_ms,
             EmuLogPriority priority,
             guint category,
             guint message,
             const char *format,
             ...)
{
  g_autoptr (GByteArray) parameters = NULL;
  va_list values;
  guint8 *at;
  gsize length;

  va_start (values, format);
  parameters = build_parameters (format, values);
  va_end (values);

  length = HEADER_BYTES + parameters->len;
  if (self->used >= NO_START || length > ROOM_BYTES - self->used)
    {
      self->counter++;
      open_bank (self, (self->current + 1) % EMU_LOG_BANKS);
    }

  at = self->banks[self->current] + self->used;
  put_u16 (at, (guint16) length);
  at[2] = 0;
  at[3] = (guint8) priority;
  put_u16 (at + 4, (guint16) category);
  put_u16 (at + 6, (guint16) message);
  put_u32 (at + 8, (guint32) time_ms);
  if (parameters->len > 0)
    memcpy (at + HEADER_BYTES, parameters->data, parameters->len);
  self->used += length;
}

/**
 * emu_log_read:
 * @self: a log
 *
 * Returns: (transfer full): the whole ring, a multiple of %EMU_LOG_BANK_BYTES
 */
GBytes *
emu_log_read (EmuLog *self)
{
  return g_bytes_new (self->banks, (gsize) self->n_banks * EMU_LOG_BANK_BYTES);
}
