/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-output-text.h"

static gboolean
is_clean (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character != '\n' && character != '\t' && character != 0xfffd &&
          !g_unichar_isprint (character))
        return FALSE;
    }

  return TRUE;
}

/* The same text, however the bytes come; never anything a terminal obeys. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (LksOutputText) whole = lks_output_text_new ();
  g_autoptr (LksOutputText) pieces = lks_output_text_new ();
  g_autoptr (GString) joined = g_string_new (NULL);
  const char *text = lks_output_text_feed (whole, data, size);

  for (gsize i = 0; i < size; i++)
    g_string_append (joined, lks_output_text_feed (pieces, data + i, 1));

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (is_clean (text));
  g_assert_cmpstr (text, ==, joined->str);
  return 0;
}
