/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-number.h"

/**
 * lks_number_prepare:
 *
 * Makes what the process needs to read its first number. GLib makes the C locale when it first
 * reads a number, between clearing errno and looking at it: where another thread holds the lock it
 * needs, EAGAIN stays behind, and g_ascii_string_to_signed(), GtkBuilder and others that look at
 * errno refuse a good number. Any thread, any number of times; cheap once it is done.
 */
void
lks_number_prepare (void)
{
  g_ascii_strtoll ("0", NULL, 10);
}

/**
 * lks_number_read_signed:
 * @text: decimal digits, perhaps with a sign before them, and nothing else
 * @min: the smallest number accepted
 * @max: the largest number accepted
 * @out_number: (out): the number; not touched when @text is none
 *
 * Returns: whether @text is a number from @min to @max
 */
gboolean
lks_number_read_signed (const char *text, gint64 min, gint64 max, gint64 *out_number)
{
  lks_number_prepare ();
  return g_ascii_string_to_signed (text, 10, min, max, out_number, NULL);
}

/**
 * lks_number_read_unsigned:
 * @text: decimal digits and nothing else
 * @min: the smallest number accepted
 * @max: the largest number accepted
 * @out_number: (out): the number; not touched when @text is none
 *
 * Returns: whether @text is a number from @min to @max
 */
gboolean
lks_number_read_unsigned (const char *text, guint64 min, guint64 max, guint64 *out_number)
{
  lks_number_prepare ();
  return g_ascii_string_to_unsigned (text, 10, min, max, out_number, NULL);
}
