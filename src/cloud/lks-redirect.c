/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-redirect.h"

#include "lks-cloud-problem.h"

#include <string.h>

#define TEXT_MAX_BYTES 500
#define VERSION "HTTP/1."

/* A stretch of the request, not ended by a NUL. */
typedef struct
{
  const char *at;
  gsize size;
} Part;

/* ---- stretches ---- */

/* The first stretch up to @separator; it is taken off @rest together with the separator. */
static Part
cut (Part *rest, char separator)
{
  const char *end = rest->size > 0 ? memchr (rest->at, separator, rest->size) : NULL;
  Part part = { rest->at, end != NULL ? (gsize) (end - rest->at) : rest->size };
  gsize taken = part.size + (end != NULL ? 1 : 0);

  rest->at += taken;
  rest->size -= taken;
  return part;
}

static gboolean
is_text (Part part, const char *text)
{
  return part.size == strlen (text) && memcmp (part.at, text, part.size) == 0;
}

/* What is percent-encoded in it; NULL when it is not encoded rightly, or holds a NUL. */
static LksSecret *
decode (Part part)
{
  char *text = lks_secret_heap_alloc_zero (1, part.size + 1);
  LksSecret *secret = NULL;
  gboolean is_good = text != NULL;
  gsize n = 0;

  for (gsize i = 0; is_good && i < part.size; i++)
    {
      char character = part.at[i] == '+' ? ' ' : part.at[i];

      if (character == '%')
        {
          int high = i + 2 < part.size ? g_ascii_xdigit_value (part.at[i + 1]) : -1;
          int low = high >= 0 ? g_ascii_xdigit_value (part.at[i + 2]) : -1;

          is_good = low >= 0;
          character = is_good ? (char) (high * 16 + low) : '\0';
          i += 2;
        }
      is_good = is_good && character != '\0';
      if (is_good)
        text[n++] = character;
    }
  if (is_good)
    secret = lks_secret_new (text, n);
  lks_secret_heap_free (text);
  return secret;
}

static char *
decode_line (Part part)
{
  g_autoptr (LksSecret) text = decode (part);

  return text != NULL ? lks_cloud_clean_text (lks_secret_get_text (text), TEXT_MAX_BYTES) : NULL;
}

/* ---- the request ---- */

typedef struct
{
  Part code;
  Part state;
  Part problem;
  Part text;
} Query;

static void
read_query (Part rest, Query *query)
{
  while (rest.size > 0)
    {
      Part value = cut (&rest, '&');
      Part name = cut (&value, '=');

      if (is_text (name, "code"))
        query->code = value;
      else if (is_text (name, "state"))
        query->state = value;
      else if (is_text (name, "error"))
        query->problem = value;
      else if (is_text (name, "error_description"))
        query->text = value;
    }
}

/* Anybody on this computer can come here; only the sign-in service was told the state. */
static gboolean
is_state (Part part, const char *state)
{
  g_autoptr (LksSecret) told = part.size > 0 ? decode (part) : NULL;
  g_autoptr (LksSecret) expected = lks_secret_new (state, strlen (state));

  return told != NULL && lks_secret_equal (told, expected);
}

static void
judge (LksRedirect *self, const Query *query, const char *state)
{
  self->kind = LKS_REDIRECT_STRANGE;
  if (!is_state (query->state, state))
    return;
  if (query->problem.size > 0)
    {
      self->kind = LKS_REDIRECT_REFUSED;
      self->problem = decode_line (query->problem);
      self->text = query->text.size > 0 ? decode_line (query->text) : NULL;
      return;
    }
  self->code = query->code.size > 0 ? decode (query->code) : NULL;
  if (self->code != NULL)
    self->kind = LKS_REDIRECT_CODE;
}

/**
 * lks_redirect_parse:
 * @self: zeroed
 * @request: what a browser sent, as far as it came
 * @size_bytes: how much
 * @state: what the sign-in service was told to send back
 *
 * Reads the request with which a browser comes back from the sign-in service (RFC 6749, 4.1.2). Its
 * first line says all; cookies of everything that ever ran at localhost may stand below it. The
 * code is copied into wiped memory only; that of @request is the caller's.
 */
void
lks_redirect_parse (LksRedirect *self, const char *request, gsize size_bytes, const char *state)
{
  Part rest = { request, size_bytes };
  Query query = { 0 };
  Part line;
  Part path;

  self->kind = LKS_REDIRECT_INCOMPLETE;
  if (g_strstr_len (request, (gssize) size_bytes, "\r\n") == NULL)
    return;

  self->kind = LKS_REDIRECT_OTHER;
  line = cut (&rest, '\r');
  if (!is_text (cut (&line, ' '), "GET"))
    return;
  rest = cut (&line, ' ');
  if (line.size < strlen (VERSION) || memcmp (line.at, VERSION, strlen (VERSION)) != 0)
    return;
  path = cut (&rest, '?');
  if (!is_text (path, "/") || rest.size == 0)
    return;
  read_query (rest, &query);
  judge (self, &query, state);
}

/**
 * lks_redirect_clear:
 * @self: used
 */
void
lks_redirect_clear (LksRedirect *self)
{
  g_clear_pointer (&self->code, lks_secret_unref);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->text, g_free);
}
