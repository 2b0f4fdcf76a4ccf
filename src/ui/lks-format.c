/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MINUTE_S 60
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)

#define DEVICE_ID_GROUP_DIGITS 8

/**
 * lks_format_age:
 * @read_at_us: when a fact was read, as a monotonic time in microseconds; 0 for never
 * @now_us: the monotonic time now
 *
 * Says how long ago a fact was read.
 *
 * Returns: (transfer full): a few words
 */
char *
lks_format_age (gint64 read_at_us, gint64 now_us)
{
  gint64 age_s = (now_us - read_at_us) / G_USEC_PER_SEC;

  if (read_at_us <= 0)
    return g_strdup (_ ("never read"));
  if (age_s < 2)
    return g_strdup (_ ("just now"));
  if (age_s < MINUTE_S)
    /* Translators: %d is a number of seconds */
    return g_strdup_printf (_ ("%d s ago"), (int) age_s);
  if (age_s < HOUR_S)
    /* Translators: %d is a number of minutes */
    return g_strdup_printf (_ ("%d min ago"), (int) (age_s / MINUTE_S));

  /* Translators: %d is a number of hours */
  return g_strdup_printf (_ ("%d h ago"), (int) MIN (age_s / HOUR_S, G_MAXINT));
}

/**
 * lks_format_duration:
 * @seconds: a length of time
 *
 * Writes a length of time in its two largest units.
 *
 * Returns: (transfer full): for example "2 h 5 min"
 */
char *
lks_format_duration (guint64 seconds)
{
  if (seconds < MINUTE_S)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%d s"), (int) seconds);
  if (seconds < HOUR_S)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_ ("%d min %d s"), (int) (seconds / MINUTE_S),
                            (int) (seconds % MINUTE_S));
  if (seconds < DAY_S)
    /* Translators: hours and minutes */
    return g_strdup_printf (_ ("%d h %d min"), (int) (seconds / HOUR_S),
                            (int) (seconds % HOUR_S / MINUTE_S));

  /* Translators: days and hours */
  return g_strdup_printf (_ ("%d d %d h"), (int) MIN (seconds / DAY_S, G_MAXINT),
                          (int) (seconds % DAY_S / HOUR_S));
}

/**
 * lks_format_latency:
 * @microseconds: a time; 0 or less for not measured
 *
 * Writes a short time.
 *
 * Returns: (transfer full): for example "3.4 ms"
 */
char *
lks_format_latency (gint64 microseconds)
{
  if (microseconds <= 0)
    return g_strdup (_ ("not measured"));
  if (microseconds < 10000)
    /* Translators: milliseconds */
    return g_strdup_printf (_ ("%.1f ms"), microseconds / 1000.0);

  /* Translators: milliseconds */
  return g_strdup_printf (_ ("%d ms"), (int) MIN (microseconds / 1000, G_MAXINT));
}

/**
 * lks_format_device_id:
 * @device_id: (nullable): a device ID of 128 hexadecimal digits
 *
 * Groups a device ID so that an eye can follow it.
 *
 * Returns: (transfer full): the digits in groups of eight; empty without an ID
 */
char *
lks_format_device_id (const char *device_id)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; device_id != NULL && device_id[i] != '\0'; i++)
    {
      if (i > 0 && i % DEVICE_ID_GROUP_DIGITS == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, device_id[i]);
    }
  return g_string_free (text, FALSE);
}

/**
 * lks_format_sentence:
 * @text: (nullable): a message as errors and steps carry it: lower case, no full stop
 *
 * Makes a sentence of it.
 *
 * Returns: (transfer full): with a capital letter and a full stop; empty for nothing
 */
char *
lks_format_sentence (const char *text)
{
  g_autofree char *first = NULL;
  const char *rest;

  if (text == NULL || *text == '\0')
    return g_strdup ("");

  rest = g_utf8_next_char (text);
  first = g_utf8_strup (text, rest - text);
  return g_strconcat (first, rest, strchr (".!?", text[strlen (text) - 1]) != NULL ? "" : ".",
                      NULL);
}

/**
 * lks_format_waived:
 * @n_waived: how many checks were waived
 *
 * Returns: (transfer full): a sentence that says so
 */
char *
lks_format_waived (guint n_waived)
{
  return g_strdup_printf (ngettext ("%u check failed and was waived.",
                                    "%u checks failed and were waived.", n_waived),
                          n_waived);
}
