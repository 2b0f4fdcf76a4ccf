/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-guid.h"

#include "lks-cursor.h"

#include <string.h>

/* Where each byte of the binary form stands in the text: the first three groups are
 * little-endian, the last two are in reading order (reference: image metadata, ID section). */
static const guint8 text_position[LKS_GUID_BYTES] = { 6,  4,  2,  0,  11, 9,  16, 14,
                                                      19, 21, 24, 26, 28, 30, 32, 34 };

/**
 * lks_guid_is_valid:
 * @text: (nullable): what claims to be a component or image ID
 *
 * Returns: whether @text is 8-4-4-4-12 hexadecimal digits, in either case
 */
gboolean
lks_guid_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != LKS_GUID_CHARACTERS)
    return FALSE;

  for (gsize i = 0; i < LKS_GUID_CHARACTERS; i++)
    {
      gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;

      if (dash ? text[i] != '-' : !g_ascii_isxdigit (text[i]))
        return FALSE;
    }

  return TRUE;
}

/**
 * lks_guid_normalize:
 * @text: an ID in either case
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer full): the ID in lower case, or NULL with @error set
 */
char *
lks_guid_normalize (const char *text, GError **error)
{
  if (!lks_guid_is_valid (text))
    {
      g_set_error_literal (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                           "an ID is written as 8-4-4-4-12 hexadecimal digits");
      return NULL;
    }

  return g_ascii_strdown (text, -1);
}

/**
 * lks_guid_from_bytes:
 * @bytes: (array fixed-size=16): the mixed-endian binary form
 *
 * Returns: (transfer full): the text, lower case
 */
char *
lks_guid_from_bytes (const guint8 *bytes)
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_strdup ("00000000-0000-0000-0000-000000000000");

  for (gsize i = 0; i < LKS_GUID_BYTES; i++)
    {
      text[text_position[i]] = digits[bytes[i] >> 4];
      text[text_position[i] + 1] = digits[bytes[i] & 0xf];
    }

  return text;
}

/**
 * lks_guid_to_bytes:
 * @text: an ID in either case
 * @out_bytes: (out caller-allocates) (array fixed-size=16): the mixed-endian binary form
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @text was an ID
 */
gboolean
lks_guid_to_bytes (const char *text, guint8 *out_bytes, GError **error)
{
  g_autofree char *lower = lks_guid_normalize (text, error);

  if (lower == NULL)
    return FALSE;

  for (gsize i = 0; i < LKS_GUID_BYTES; i++)
    out_bytes[i] = (guint8) (g_ascii_xdigit_value (lower[text_position[i]]) << 4 |
                             g_ascii_xdigit_value (lower[text_position[i] + 1]));

  return TRUE;
}
