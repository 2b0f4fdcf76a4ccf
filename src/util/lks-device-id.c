/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-device-id.h"

#include "lks-cursor.h"

#include <string.h>

/**
 * lks_device_id_is_valid:
 * @text: (nullable): what claims to be a device ID
 *
 * Returns: whether @text is 128 hexadecimal digits, in either case
 */
gboolean
lks_device_id_is_valid (const char *text)
{
  if (text == NULL || strlen (text) != LKS_DEVICE_ID_DIGITS)
    return FALSE;

  return strspn (text, "0123456789abcdefABCDEF") == LKS_DEVICE_ID_DIGITS;
}

/**
 * lks_device_id_normalize:
 * @text: a device ID in either case
 * @error: return location for a [error@Lks.ParseError]
 *
 * Brings a device ID into the one spelling used everywhere in Locksmith: lower case.
 *
 * Returns: (transfer full): the ID, 128 digits, or NULL with @error set
 */
char *
lks_device_id_normalize (const char *text, GError **error)
{
  if (!lks_device_id_is_valid (text))
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "a device ID has %d hexadecimal digits", LKS_DEVICE_ID_DIGITS);
      return NULL;
    }

  return g_ascii_strdown (text, -1);
}

/**
 * lks_device_id_get_short:
 * @device_id: a valid device ID
 *
 * The end of an ID is what people compare and type.
 *
 * Returns: (transfer none): the last six digits, inside @device_id
 */
const char *
lks_device_id_get_short (const char *device_id)
{
  gsize length = strlen (device_id);

  return device_id +
         (length > LKS_DEVICE_ID_SHORT_DIGITS ? length - LKS_DEVICE_ID_SHORT_DIGITS : 0);
}

/**
 * lks_device_id_from_bytes:
 * @bytes: (array fixed-size=64): the raw ID in the order of its text
 *
 * Returns: (transfer full): 128 lower-case digits
 */
char *
lks_device_id_from_bytes (const guint8 *bytes)
{
  GString *text = g_string_sized_new (LKS_DEVICE_ID_DIGITS + 1);

  for (gsize i = 0; i < LKS_DEVICE_ID_BYTES; i++)
    g_string_append_printf (text, "%02x", bytes[i]);

  return g_string_free (text, FALSE);
}

/**
 * lks_device_id_matches:
 * @device_id: (nullable): a device ID, lower case
 * @end: what a person typed or scanned: the whole ID or at least its last four digits
 *
 * Returns: whether @device_id ends with @end, case ignored
 */
gboolean
lks_device_id_matches (const char *device_id, const char *end)
{
  g_autofree char *lower = g_ascii_strdown (end, -1);

  return device_id != NULL && strlen (lower) >= 4 && g_str_has_suffix (device_id, lower);
}
