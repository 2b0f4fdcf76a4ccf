/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service that repeats what it was sent in its error text must not bring it into ours. */
#include "lks-cloud-withhold.h"

#include "lks-secret-form.h"

#include <string.h>

/* So much of a secret is told from chance. Whoever repeats a secret may have cut it, or broken it
 * into lines: any stretch of it that is twice as long has a whole piece in it. */
#define PIECE_BYTES 12

#define HEADER "Authorization: "
#define NUMBER "AADSTS"
#define WITHHELD "(withheld, because it repeats a secret)"

static gboolean
holds_piece (const char *text, const char *secret, gsize n_bytes)
{
  gsize text_bytes = strlen (text);
  gsize piece_bytes = MIN (n_bytes, PIECE_BYTES);

  if (n_bytes == 0)
    return FALSE;
  for (gsize at = 0; at + piece_bytes <= n_bytes; at += piece_bytes)
    if (memmem (text, text_bytes, secret + at, piece_bytes) != NULL)
      return TRUE;
  return memmem (text, text_bytes, secret + n_bytes - piece_bytes, piece_bytes) != NULL;
}

/* Of a header line only what stands behind its scheme is secret. A form sends a secret escaped. */
static gboolean
repeats (const char *text, const LksSecret *secret)
{
  gsize n_bytes;
  const char *bytes = lks_secret_get_data (secret, &n_bytes);
  const char *start = g_str_has_prefix (bytes, HEADER) ? strrchr (bytes, ' ') + 1 : bytes;
  const LksFormField field = { .name = "", .secret = secret };
  g_autoptr (LksSecret) form = NULL;

  if (holds_piece (text, start, n_bytes - (gsize) (start - bytes)))
    return TRUE;
  if (start != bytes)
    return FALSE;
  form = lks_secret_form_new (&field, 1);
  bytes = lks_secret_get_data (form, &n_bytes);
  return holds_piece (text, bytes + strlen ("="), n_bytes - strlen ("="));
}

/**
 * lks_cloud_repeats_secret:
 * @text: a text of a stranger, all of it: what is cut off cannot be recognized
 * @secrets: (nullable) (array zero-terminated=1): what was sent: header lines, fields of a form
 *
 * Any thread.
 *
 * Returns: whether @text repeats one of @secrets, or a good piece of it
 */
gboolean
lks_cloud_repeats_secret (const char *text, const LksSecret *const *secrets)
{
  for (gsize i = 0; secrets != NULL && secrets[i] != NULL; i++)
    if (repeats (text, secrets[i]))
      return TRUE;
  return FALSE;
}

/**
 * lks_cloud_dup_withheld:
 * @text: a text that repeats a secret
 *
 * Returns: (transfer full): what stands in its place; the sign-in service's number stays
 */
char *
lks_cloud_dup_withheld (const char *text)
{
  const char *at = strstr (text, NUMBER);
  guint64 number = at != NULL ? g_ascii_strtoull (at + strlen (NUMBER), NULL, 10) : 0;

  return number > 0 && number <= G_MAXINT32
             ? g_strdup_printf (NUMBER "%" G_GUINT64_FORMAT ": " WITHHELD, number)
             : g_strdup (WITHHELD);
}
