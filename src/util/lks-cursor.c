/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cursor.h"

#include <string.h>

GQuark
lks_parse_error_quark (void)
{
  return g_quark_from_static_string ("lks-parse-error");
}

/* The only function in the project that moves a cursor forward. */
static gboolean
take (LksCursor *self, gsize length, const guint8 **out_start, GError **error)
{
  gsize left = self->size - self->pos;

  if (length > left)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED,
                   "needed %" G_GSIZE_FORMAT " bytes at offset %" G_GSIZE_FORMAT
                   ", only %" G_GSIZE_FORMAT " left",
                   length, self->pos, left);
      return FALSE;
    }

  *out_start = self->data + self->pos;
  self->pos += length;
  return TRUE;
}

/* Reads @length (1 to 8) bytes as one unsigned number, in the byte order asked for. */
static gboolean
take_number (LksCursor *self, gsize length, gboolean big_endian, guint64 *out_value, GError **error)
{
  const guint8 *bytes;
  guint64 value = 0;

  if (!take (self, length, &bytes, error))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    value = (value << 8) | bytes[big_endian ? i : length - 1 - i];

  *out_value = value;
  return TRUE;
}

/**
 * lks_cursor_init:
 * @self: a cursor
 * @data: (nullable): the received bytes; NULL only with @size_bytes 0
 * @size_bytes: how many were received (not the buffer's capacity)
 *
 * Puts the cursor before the first byte. @data must outlive the cursor.
 */
void
lks_cursor_init (LksCursor *self, gconstpointer data, gsize size_bytes)
{
  g_return_if_fail (data != NULL || size_bytes == 0);

  /* Arithmetic on NULL is undefined behaviour even for zero bytes. */
  self->data = data != NULL ? data : (const guint8 *) "";
  self->size = size_bytes;
  self->pos = 0;
}

/**
 * lks_cursor_init_bytes:
 * @self: a cursor
 * @bytes: the received bytes; must outlive the cursor
 *
 * Puts the cursor before the first of @bytes.
 */
void
lks_cursor_init_bytes (LksCursor *self, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  lks_cursor_init (self, data, size);
}

/**
 * lks_cursor_get_left:
 * @self: a cursor
 *
 * Returns: how many bytes are still unread
 */
gsize
lks_cursor_get_left (const LksCursor *self)
{
  return self->size - self->pos;
}

/**
 * lks_cursor_seek:
 * @self: a cursor
 * @offset_bytes: where to read next, counted from the start; at most the size
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @offset_bytes lies within the bytes
 */
gboolean
lks_cursor_seek (LksCursor *self, gsize offset_bytes, GError **error)
{
  if (offset_bytes > self->size)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED,
                   "offset %" G_GSIZE_FORMAT " lies behind the end at %" G_GSIZE_FORMAT,
                   offset_bytes, self->size);
      return FALSE;
    }

  self->pos = offset_bytes;
  return TRUE;
}

/**
 * lks_cursor_skip:
 * @self: a cursor
 * @length_bytes: how many bytes to leave out
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether there were that many
 */
gboolean
lks_cursor_skip (LksCursor *self, gsize length_bytes, GError **error)
{
  const guint8 *ignored;

  return take (self, length_bytes, &ignored, error);
}

/**
 * lks_cursor_read:
 * @self: a cursor
 * @length_bytes: how many bytes to read
 * @out_start: (out) (transfer none): the bytes, inside the cursor's own memory
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether there were that many
 */
gboolean
lks_cursor_read (LksCursor *self, gsize length_bytes, const guint8 **out_start, GError **error)
{
  return take (self, length_bytes, out_start, error);
}

#define DEFINE_READ_NUMBER(name, type, big_endian)                                                 \
  gboolean lks_cursor_read_##name (LksCursor *self, type *out_value, GError **error)               \
  {                                                                                                \
    guint64 value;                                                                                 \
                                                                                                   \
    if (!take_number (self, sizeof (type), big_endian, &value, error))                             \
      return FALSE;                                                                                \
                                                                                                   \
    *out_value = (type) value;                                                                     \
    return TRUE;                                                                                   \
  }

DEFINE_READ_NUMBER (u8, guint8, FALSE)
DEFINE_READ_NUMBER (u16le, guint16, FALSE)
DEFINE_READ_NUMBER (u32le, guint32, FALSE)
DEFINE_READ_NUMBER (u64le, guint64, FALSE)
DEFINE_READ_NUMBER (u16be, guint16, TRUE)
DEFINE_READ_NUMBER (u32be, guint32, TRUE)

/**
 * lks_cursor_read_text:
 * @self: a cursor
 * @field_bytes: size of the field that holds the text
 * @out_text: (out) (transfer full): the text up to the first NUL or the field's end
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a field of fixed size that holds NUL-padded UTF-8.
 *
 * Returns: whether the field was there and was UTF-8
 */
gboolean
lks_cursor_read_text (LksCursor *self, gsize field_bytes, char **out_text, GError **error)
{
  gsize offset = self->pos;
  const guint8 *start;
  gsize length;

  if (!take (self, field_bytes, &start, error))
    return FALSE;

  length = strnlen ((const char *) start, field_bytes);
  if (!g_utf8_validate_len ((const char *) start, length, NULL))
    {
      self->pos = offset;
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "text at offset %" G_GSIZE_FORMAT " is not UTF-8", offset);
      return FALSE;
    }

  *out_text = g_strndup ((const char *) start, length);
  return TRUE;
}

/**
 * lks_cursor_read_sub:
 * @self: a cursor
 * @length_bytes: size of a nested record
 * @out_sub: (out caller-allocates): a cursor over just that record
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether there were that many bytes
 */
gboolean
lks_cursor_read_sub (LksCursor *self, gsize length_bytes, LksCursor *out_sub, GError **error)
{
  const guint8 *start;

  if (!take (self, length_bytes, &start, error))
    return FALSE;

  lks_cursor_init (out_sub, start, length_bytes);
  return TRUE;
}

/**
 * lks_cursor_finish:
 * @self: a cursor
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether everything was read; bytes left over are an error
 */
gboolean
lks_cursor_finish (const LksCursor *self, GError **error)
{
  gsize left = lks_cursor_get_left (self);

  if (left == 0)
    return TRUE;

  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
               "%" G_GSIZE_FORMAT " bytes left over at offset %" G_GSIZE_FORMAT, left, self->pos);
  return FALSE;
}
