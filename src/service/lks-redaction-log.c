/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-guid.h"
#include "lks-log-entry.h"
#include "lks-redaction-private.h"

#include <string.h>

#define HEADER_BYTES 12
#define FOOTER_BYTES 4
#define NOTHING 0xff
#define MASK 'x'

/* From how many readable bytes in a row on they are taken for a text. Fewer are as likely part of
 * a number, and without the message's definition nobody can tell. */
#define TEXT_MIN_BYTES 3

/* How many bytes of a printable character stand at @data; 0: none. */
static gsize
measure_character (const guint8 *data, gsize left)
{
  gunichar character = g_utf8_get_char_validated ((const char *) data, (gssize) left);

  if (character == (gunichar) -1 || character == (gunichar) -2 || character == 0 ||
      !g_unichar_isprint (character))
    return 0;
  return (gsize) g_unichar_to_utf8 (character, NULL);
}

static gboolean
is_known_name (const LksRedaction *self, const guint8 *text, gsize length)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);

      if (strlen (name) == length && memcmp (name, text, length) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Longer than any name of a network, and worth keeping: it says which component is meant. */
static gboolean
is_guid (const guint8 *text, gsize length)
{
  g_autofree char *copy =
      length == LKS_GUID_CHARACTERS ? g_strndup ((const char *) text, length) : NULL;

  return copy != NULL && lks_guid_is_valid (copy);
}

/* A log may tell names that the board has forgotten: every text goes. */
static void
mask_texts (const LksRedaction *self, guint8 *data, gsize size)
{
  for (gsize start = 0; start < size;)
    {
      gsize end = start;
      gsize width;

      while (end < size && (width = measure_character (data + end, size - end)) > 0)
        end += width;
      if ((end - start >= TEXT_MIN_BYTES && !is_guid (data + start, end - start)) ||
          is_known_name (self, data + start, end - start))
        memset (data + start, MASK, end - start);
      start = end + 1;
    }
}

static gboolean
is_known_address (const LksRedaction *self, const guint8 *data, gsize left)
{
  g_autofree char *text = NULL;

  if (left < LKS_MAC_BYTES)
    return FALSE;

  text = g_strdup_printf ("%02x:%02x:%02x:%02x:%02x:%02x", data[0], data[1], data[2], data[3],
                          data[4], data[5]);
  return g_ptr_array_find_with_equal_func (self->addresses, text, g_str_equal, NULL);
}

static void
mask_addresses (const LksRedaction *self, guint8 *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      if (lks_redaction_is_address ((const char *) data + i, size - i))
        memset (data + i, MASK, LKS_MAC_TEXT_BYTES);
      else if (is_known_address (self, data + i, size - i))
        memset (data + i, MASK, LKS_MAC_BYTES);
    }
}

/* ---- the ring ---- */

static void
clean_record (const LksRedaction *self, guint8 *parameters, gsize size)
{
  if (lks_log_holds_secret (parameters, size))
    memset (parameters, MASK, size);
  if (self->hide_names)
    mask_texts (self, parameters, size);
  if (self->hide_addresses)
    mask_addresses (self, parameters, size);
}

/* Records and the ends of banks; everything between them is left empty. */
static void
copy_what_is_understood (LksLogRing *ring, guint8 *to, const guint8 *from, gsize size)
{
  memset (to, NOTHING, size);
  for (gsize end = LKS_LOG_BANK_BYTES; end <= size; end += LKS_LOG_BANK_BYTES)
    memcpy (to + end - FOOTER_BYTES, from + end - FOOTER_BYTES, FOOTER_BYTES);
  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (ring, i);

      memcpy (to + record->offset_bytes, from + record->offset_bytes,
              HEADER_BYTES + record->n_parameter_bytes);
    }
}

static void
clean_records (const LksRedaction *self, LksLogRing *ring, guint8 *data)
{
  for (guint i = 0; i < lks_log_ring_get_length (ring); i++)
    {
      const LksLogRecord *record = lks_log_ring_get_record (ring, i);

      clean_record (self, data + record->offset_bytes + HEADER_BYTES, record->n_parameter_bytes);
    }
}

/**
 * lks_redaction_clean_log:
 * @self: a redaction
 * @ring: a log
 *
 * Takes out of a log what nobody else may see. Sizes, times, services and numbers of messages
 * stay, so that it can be decoded as before. What may hold a key or a password always goes. With
 * names hidden every text but a GUID goes, because a log may tell names that the board does not
 * know any more; and with anything hidden, what could not be read as a record goes, too.
 *
 * Returns: (transfer full): the log's bytes, as many as before
 */
GBytes *
lks_redaction_clean_log (LksRedaction *self, LksLogRing *ring)
{
  gsize size;
  const guint8 *original = g_bytes_get_data (lks_log_ring_get_bytes (ring), &size);
  guint8 *data = g_memdup2 (original, size);

  if (size == 0)
    return g_bytes_new (NULL, 0);
  if (self->hide_names || self->hide_addresses)
    copy_what_is_understood (ring, data, original, size);
  clean_records (self, ring, data);
  if (lks_log_holds_secret (data, size)) /* outside of all records */
    {
      copy_what_is_understood (ring, data, original, size);
      clean_records (self, ring, data);
    }
  return g_bytes_new_take (data, size);
}
