/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-output-text.h"

#define REPLACEMENT 0xfffd
#define SEQUENCE_MAX_BYTES 4 /* of UTF-8 */

struct _LksOutputText
{
  GString *piece;                  /* (owned): what the last bytes came to */
  guint8 tail[SEQUENCE_MAX_BYTES]; /* the beginning of a character whose rest did not come yet */
  gsize n_tail;
  gboolean was_return; /* the last byte was CR, which means nothing before LF */
  guint n_in_line;     /* characters */
};

/**
 * lks_output_text_new:
 *
 * Returns: (transfer full): a reader of output from its beginning on
 */
LksOutputText *
lks_output_text_new (void)
{
  LksOutputText *self = g_new0 (LksOutputText, 1);

  self->piece = g_string_new (NULL);
  return self;
}

/**
 * lks_output_text_free:
 * @self: (transfer full) (nullable): a reader
 */
void
lks_output_text_free (LksOutputText *self)
{
  if (self == NULL)
    return;

  g_string_free (self->piece, TRUE);
  g_free (self);
}

static void
end_line (LksOutputText *self)
{
  g_string_append_c (self->piece, '\n');
  self->n_in_line = 0;
}

static void
add_to_line (LksOutputText *self, gunichar character)
{
  gboolean is_text = character == '\t' || g_unichar_isprint (character);

  g_string_append_unichar (self->piece, is_text ? character : REPLACEMENT);
  self->n_in_line++;
}

/* Escape sequences stay visible, without the character that makes a terminal obey them. */
static void
append_character (LksOutputText *self, gunichar character)
{
  gboolean was_return = self->was_return;

  self->was_return = character == '\r';
  if (self->was_return)
    return;
  if ((was_return || self->n_in_line >= LKS_OUTPUT_TEXT_LINE_MAX) && character != '\n')
    end_line (self);

  if (character == '\n')
    end_line (self);
  else
    add_to_line (self, character);
}

/* How many bytes a character has by its first one, 0 when none begins with that. */
static gsize
get_length (guint8 first)
{
  if (first < 0x80)
    return 1;
  if (first >= 0xc2 && first <= 0xdf)
    return 2;
  if (first >= 0xe0 && first <= 0xef)
    return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

static void
take_tail (LksOutputText *self)
{
  gunichar character = g_utf8_get_char_validated ((const char *) self->tail, (gssize) self->n_tail);
  gboolean is_valid = character != (gunichar) -1 && character != (gunichar) -2;

  append_character (self, is_valid ? character : REPLACEMENT);
  self->n_tail = 0;
}

static void
feed_byte (LksOutputText *self, guint8 byte)
{
  gboolean is_continuation = (byte & 0xc0) == 0x80;

  if (self->n_tail > 0 && !is_continuation)
    take_tail (self); /* cut short: not a character */
  self->tail[self->n_tail++] = byte;
  if (self->n_tail >= get_length (self->tail[0]))
    take_tail (self);
}

/**
 * lks_output_text_feed:
 * @self: a reader
 * @data: (array length=size_bytes): what came from the board, in pieces of any size
 * @size_bytes: how much
 *
 * Takes more of the output.
 *
 * Returns: the text it came to, valid until the next call: UTF-8 without control characters other
 *   than line ends and tabs, in lines of %LKS_OUTPUT_TEXT_LINE_MAX characters at most. Half a
 * character waits for its rest.
 */
const char *
lks_output_text_feed (LksOutputText *self, const guint8 *data, gsize size_bytes)
{
  g_string_truncate (self->piece, 0);
  for (gsize i = 0; i < size_bytes; i++)
    feed_byte (self, data[i]);
  return self->piece->str;
}
