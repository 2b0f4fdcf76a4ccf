/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-scanner.h"

/* Scanners send a key every 1 to 30 ms, the slowest radio ones every 50; a fast typist needs 80. */
#define GAP_MAX_MS 60
#define CHARACTERS_MIN 4

/* Codes of the X server and of Wayland: those of the kernel, and 8. */
#define CODE_OFFSET 8

struct _LksScanner
{
  GString *typed; /* (owned): what the keyboard layout of this computer makes of the keys */
  GString *as_us; /* (owned): what the keys mean on the keyboard most scanners pretend to be */
  guint length;   /* characters in both */
  guint32 last_ms;
  gboolean is_overlong;
};

/* The rows of a US keyboard by kernel code, as it is and with Shift. */
static const struct
{
  guint first_code;
  const char *plain, *shifted;
} us_rows[] = {
  { 2, "1234567890-=", "!@#$%^&*()_+" },
  { 16, "qwertyuiop[]", "QWERTYUIOP{}" },
  { 30, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
  { 43, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
  { 57, " ", " " },
};

/* A key of the number pad, or of no US keyboard, means what was typed. */
static gunichar
to_us (guint hardware_code, gboolean is_shifted, gunichar typed)
{
  guint code = hardware_code - CODE_OFFSET;

  for (guint i = 0; i < G_N_ELEMENTS (us_rows); i++)
    {
      const char *row = is_shifted ? us_rows[i].shifted : us_rows[i].plain;
      guint first = us_rows[i].first_code;

      for (guint j = 0; row[j] != '\0'; j++)
        if (code == first + j)
          return (guchar) row[j];
    }
  return typed;
}

/**
 * lks_scanner_new:
 *
 * Returns: (transfer full): a scanner that has seen no key
 */
LksScanner *
lks_scanner_new (void)
{
  LksScanner *self = g_new0 (LksScanner, 1);

  self->typed = g_string_new (NULL);
  self->as_us = g_string_new (NULL);
  return self;
}

/**
 * lks_scanner_free:
 * @self: (transfer full) (nullable): a scanner
 */
void
lks_scanner_free (LksScanner *self)
{
  if (self == NULL)
    return;

  g_string_free (self->typed, TRUE);
  g_string_free (self->as_us, TRUE);
  g_free (self);
}

/**
 * lks_scanner_reset:
 * @self: a scanner
 *
 * Forgets the keys so far.
 */
void
lks_scanner_reset (LksScanner *self)
{
  g_string_truncate (self->typed, 0);
  g_string_truncate (self->as_us, 0);
  self->length = 0;
  self->is_overlong = FALSE;
}

/* Times are those of the events, which wrap round after seven weeks. */
static gboolean
is_late (LksScanner *self, guint32 time_ms)
{
  return self->length > 0 && time_ms - self->last_ms > GAP_MAX_MS;
}

/**
 * lks_scanner_key:
 * @self: a scanner
 * @typed: the character that the key means here
 * @hardware_code: the key itself, as GDK tells it
 * @is_shifted: whether Shift is held
 * @time_ms: the time of the event
 *
 * A key that means a character was pressed. One that comes late begins anew.
 *
 * Returns: whether it belongs to keys that came too fast for a person: they are not the focus's
 */
gboolean
lks_scanner_key (LksScanner *self,
                 gunichar typed,
                 guint hardware_code,
                 gboolean is_shifted,
                 guint32 time_ms)
{
  if (is_late (self, time_ms))
    lks_scanner_reset (self);
  self->last_ms = time_ms;
  self->length++;
  if (self->length > LKS_SCAN_CHARACTERS_MAX)
    {
      self->is_overlong = TRUE;
      self->length = LKS_SCAN_CHARACTERS_MAX;
    }
  else
    {
      g_string_append_unichar (self->typed, typed);
      g_string_append_unichar (self->as_us, to_us (hardware_code, is_shifted, typed));
    }
  return self->length > 1;
}

/**
 * lks_scanner_enter:
 * @self: a scanner
 * @time_ms: the time of the event
 * @out_as_us: (out) (transfer full): the same keys on a US keyboard, which is what most scanners
 *   take every computer for
 *
 * Enter was pressed. What is longer than [const@Lks.SCAN_CHARACTERS_MAX] characters is nothing.
 *
 * Returns: (transfer full) (nullable): what was scanned; NULL when a person pressed Enter
 */
char *
lks_scanner_enter (LksScanner *self, guint32 time_ms, char **out_as_us)
{
  gboolean is_scan = self->length >= CHARACTERS_MIN && !is_late (self, time_ms);
  char *text = NULL;

  *out_as_us = NULL;
  if (is_scan && !self->is_overlong)
    {
      text = g_strdup (self->typed->str);
      *out_as_us = g_strdup (self->as_us->str);
    }
  lks_scanner_reset (self);
  return text;
}

/**
 * lks_scanner_get_length:
 * @self: a scanner
 *
 * Returns: how many characters have come one right behind the other
 */
guint
lks_scanner_get_length (LksScanner *self)
{
  return self->length;
}
