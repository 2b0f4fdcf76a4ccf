/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "long-token.h"

#include <string.h>

#define SHOWN_BYTES 24

/* As long as one may be, and no piece of it comes twice. */
char *
test_make_token (gsize n_bytes)
{
  g_autoptr (GString) token = g_string_new (NULL);

  while (token->len < n_bytes)
    {
      g_autofree char *seed = g_strdup_printf ("token %" G_GSIZE_FORMAT, token->len);
      g_autofree char *part = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

      g_string_append (token, part);
    }
  g_string_truncate (token, n_bytes);
  return g_string_free (g_steal_pointer (&token), FALSE);
}

/* Whether a stretch of @token is in @text (nullable). */
gboolean
test_shows_token (const char *text, const char *token)
{
  gsize text_bytes = text != NULL ? strlen (text) : 0;

  for (gsize at = 0; at + SHOWN_BYTES <= strlen (token); at++)
    if (text_bytes > 0 && memmem (text, text_bytes, token + at, SHOWN_BYTES) != NULL)
      return TRUE;
  return FALSE;
}
