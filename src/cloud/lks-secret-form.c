/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-form.h"

#include <string.h>

/* A text that grows in wiped memory; its room is known beforehand. */
typedef struct
{
  char *text;
  gsize size;
} Draft;

static void
put (Draft *draft, const char *text, gsize n_bytes)
{
  memcpy (draft->text + draft->size, text, n_bytes);
  draft->size += n_bytes;
}

static void
put_escaped (Draft *draft, const char *value, gsize n_bytes)
{
  static const char digits[] = "0123456789ABCDEF";

  for (gsize i = 0; i < n_bytes; i++)
    {
      guchar byte = (guchar) value[i];
      char escaped[] = { '%', digits[byte >> 4], digits[byte & 15] };

      if (g_ascii_isalnum (value[i]) || memchr ("-._~", value[i], 4) != NULL)
        put (draft, value + i, 1);
      else
        put (draft, escaped, sizeof escaped);
    }
}

static const char *
get_value (const LksFormField *field, gsize *out_bytes)
{
  if (field->secret != NULL)
    return lks_secret_get_data (field->secret, out_bytes);
  *out_bytes = strlen (field->text);
  return field->text;
}

/**
 * lks_secret_form_new:
 * @fields: (array length=n_fields): the fields; one without a value is left out
 * @n_fields: how many
 *
 * Writes a form as application/x-www-form-urlencoded without leaving its secrets in memory that is
 * not wiped.
 *
 * Returns: (transfer full): the form
 */
LksSecret *
lks_secret_form_new (const LksFormField *fields, gsize n_fields)
{
  Draft draft = { 0 };
  LksSecret *form;
  gsize room = 1;
  gsize n_bytes;

  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].text != NULL || fields[i].secret != NULL)
      {
        get_value (&fields[i], &n_bytes);
        room += strlen (fields[i].name) + 2 + 3 * n_bytes;
      }
  draft.text = lks_secret_heap_alloc_zero (1, room);
  if (draft.text == NULL)
    g_error ("no memory for a form of %" G_GSIZE_FORMAT " bytes", room);

  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].text != NULL || fields[i].secret != NULL)
      {
        const char *value = get_value (&fields[i], &n_bytes);

        if (draft.size > 0)
          put (&draft, "&", 1);
        put (&draft, fields[i].name, strlen (fields[i].name));
        put (&draft, "=", 1);
        put_escaped (&draft, value, n_bytes);
      }

  form = lks_secret_new (draft.text, draft.size);
  lks_secret_heap_free (draft.text);
  return form;
}

/**
 * lks_secret_new_joined:
 * @prefix: what stands before it
 * @secret: a secret that is text
 *
 * Returns: (transfer full): both, one after the other
 */
LksSecret *
lks_secret_new_joined (const char *prefix, const LksSecret *secret)
{
  gsize prefix_bytes = strlen (prefix);
  gsize n_bytes;
  const char *bytes = lks_secret_get_data (secret, &n_bytes);
  Draft draft = { .text = lks_secret_heap_alloc_zero (1, prefix_bytes + n_bytes + 1) };
  LksSecret *joined;

  if (draft.text == NULL)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", n_bytes);
  put (&draft, prefix, prefix_bytes);
  put (&draft, bytes, n_bytes);
  joined = lks_secret_new (draft.text, draft.size);
  lks_secret_heap_free (draft.text);
  return joined;
}
