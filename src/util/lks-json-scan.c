/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json-glib recurses without a limit, takes comments and C numbers, and forgets lines. The scan
 * looks at the text first: it holds it to RFC 8259's tokens, bounds the depth and notes the line of
 * every value in the order in which a walk of the tree meets them. */
#include "lks-json-scan.h"

#include "lks-cursor.h"
#include "lks-json.h"
#include "lks-number.h"

#include <string.h>

#define INSIDE_A_STRING "the text ends inside a string"

typedef struct
{
  const char *name;
  const char *at;
  const char *end;
  guint line;
  guint depth;
  GArray *lines; /* (element-type guint) */
} Scan;

static gboolean
scan_error (Scan *scan, GError **error, LksParseError code, const char *message)
{
  g_set_error (error, LKS_PARSE_ERROR, code, "%s:%u: %s", scan->name, scan->line, message);
  return FALSE;
}

/* The four digits behind "\u". */
static gboolean
scan_unit (Scan *scan, guint *out_unit, GError **error)
{
  *out_unit = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      if (scan->at >= scan->end)
        return scan_error (scan, error, LKS_PARSE_ERROR_TRUNCATED, INSIDE_A_STRING);
      if (!g_ascii_isxdigit (*scan->at))
        return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                           "“\\u” in a text needs four hexadecimal digits, such as “\\u00e9”");
      *out_unit = *out_unit << 4 | (guint) g_ascii_xdigit_value (*scan->at);
    }
  return TRUE;
}

static gboolean
is_surrogate (guint unit, guint first)
{
  return unit >= first && unit < first + 0x400;
}

/* Characters beyond U+FFFF are written as two units, RFC 8259, 7. */
static gboolean
scan_unicode (Scan *scan, GError **error)
{
  guint unit, second = 0;

  if (!scan_unit (scan, &unit, error))
    return FALSE;
  if (unit == 0)
    return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                       "a text holds the character NUL: remove “\\u0000”");
  if (is_surrogate (unit, 0xd800) && scan->end - scan->at >= 2 && strncmp (scan->at, "\\u", 2) == 0)
    {
      scan->at += 2;
      if (!scan_unit (scan, &second, error))
        return FALSE;
    }
  if (is_surrogate (unit, 0xd800) ? is_surrogate (second, 0xdc00) : !is_surrogate (unit, 0xdc00))
    return TRUE;

  return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                     "a text holds half a character: write the character itself, or “\\ud800” to "
                     "“\\udbff” with “\\udc00” to “\\udfff” behind it");
}

static gboolean
scan_escape (Scan *scan, GError **error)
{
  scan->at++;
  if (scan->at >= scan->end)
    return scan_error (scan, error, LKS_PARSE_ERROR_TRUNCATED, INSIDE_A_STRING);
  if (*scan->at == 'u')
    {
      scan->at++;
      return scan_unicode (scan, error);
    }
  if (memchr ("\"\\/bfnrt", *scan->at, 8) == NULL)
    return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                       "a backslash in a text begins no escape of JSON: write “\\\\” for the "
                       "backslash itself; the others are \\\" \\/ \\b \\f \\n \\r \\t and \\u with "
                       "four digits");
  scan->at++;
  return TRUE;
}

static gboolean
scan_string (Scan *scan, GError **error)
{
  scan->at++;
  while (scan->at < scan->end && *scan->at != '"')
    {
      if ((guchar) *scan->at < 0x20)
        return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                           "a text is not closed on its line, or holds a control character: close "
                           "it, or write “\\n”, “\\t” or “\\u00” and two digits");
      if (*scan->at != '\\')
        scan->at++;
      else if (!scan_escape (scan, error))
        return FALSE;
    }

  if (scan->at >= scan->end)
    return scan_error (scan, error, LKS_PARSE_ERROR_TRUNCATED, INSIDE_A_STRING);

  scan->at++;
  return TRUE;
}

static gboolean
is_number (const char *text, gsize length)
{
  gsize i = 0;

  if (i < length && text[i] == '-')
    i++;
  if (i + 1 < length && text[i] == '0' && g_ascii_isdigit (text[i + 1]))
    return FALSE;
  if (i >= length || !g_ascii_isdigit (text[i]))
    return FALSE;
  while (i < length && g_ascii_isdigit (text[i]))
    i++;
  if (i < length && text[i] == '.')
    {
      i++;
      if (i >= length || !g_ascii_isdigit (text[i]))
        return FALSE;
      while (i < length && g_ascii_isdigit (text[i]))
        i++;
    }
  if (i < length && (text[i] == 'e' || text[i] == 'E'))
    {
      i++;
      if (i < length && (text[i] == '+' || text[i] == '-'))
        i++;
      if (i >= length || !g_ascii_isdigit (text[i]))
        return FALSE;
      while (i < length && g_ascii_isdigit (text[i]))
        i++;
    }

  return i == length;
}

/* Of a number with a fraction or an exponent json-glib makes a double. */
static guint
get_mark (const char *text, gsize length)
{
  g_autofree char *number = g_strndup (text, length);

  if (strpbrk (number, ".eE") != NULL ||
      lks_number_read_signed (number, G_MININT64, G_MAXINT64, NULL))
    return 0;
  return lks_number_read_unsigned (number, 0, G_MAXUINT64, NULL) ? LKS_JSON_SCAN_UNSIGNED
                                                                 : LKS_JSON_SCAN_WRAPS;
}

static gboolean
scan_word (Scan *scan, GError **error)
{
  const char *start = scan->at;
  gsize length;

  while (scan->at < scan->end && (g_ascii_isalnum (*scan->at) || memchr ("+-.", *scan->at, 3)))
    scan->at++;
  length = scan->at - start;

  if ((length == 4 && (strncmp (start, "true", 4) == 0 || strncmp (start, "null", 4) == 0)) ||
      (length == 5 && strncmp (start, "false", 5) == 0))
    return TRUE;
  if (is_number (start, length))
    {
      g_array_index (scan->lines, guint, scan->lines->len - 1) |= get_mark (start, length);
      return TRUE;
    }

  return scan_error (scan, error, LKS_PARSE_ERROR_INVALID,
                     "expected a value: text, number, true, false, null, list or object");
}

static void
skip_space (Scan *scan)
{
  for (; scan->at < scan->end && memchr (" \t\r\n", *scan->at, 4) != NULL; scan->at++)
    if (*scan->at == '\n')
      scan->line++;
}

/* A string is a value unless a colon follows it. */
static gboolean
scan_string_or_key (Scan *scan, GError **error)
{
  guint line = scan->line;

  if (!scan_string (scan, error))
    return FALSE;

  skip_space (scan);
  if (scan->at >= scan->end || *scan->at != ':')
    g_array_append_val (scan->lines, line);
  return TRUE;
}

static gboolean
scan_one (Scan *scan, GError **error)
{
  switch (*scan->at)
    {
    case '{':
    case '[':
      if (++scan->depth > LKS_JSON_DEPTH_MAX)
        return scan_error (scan, error, LKS_PARSE_ERROR_TOO_LARGE, "nested too deeply");
      g_array_append_val (scan->lines, scan->line);
      scan->at++;
      return TRUE;
    case '}':
    case ']':
      if (scan->depth == 0)
        return scan_error (scan, error, LKS_PARSE_ERROR_INVALID, "a bracket closes nothing");
      scan->depth--;
      scan->at++;
      return TRUE;
    case ',':
    case ':':
      scan->at++;
      return TRUE;
    case '"':
      return scan_string_or_key (scan, error);
    default:
      g_array_append_val (scan->lines, scan->line);
      return scan_word (scan, error);
    }
}

/* Whether @text keeps to the tokens of JSON and to the limits; fills @lines. json-glib checks the
 * grammar afterwards. */
gboolean
lks_json_scan (const char *name, const char *text, gsize size_bytes, GArray *lines, GError **error)
{
  Scan scan = { .name = name, .at = text, .end = text + size_bytes, .line = 1, .lines = lines };

  for (skip_space (&scan); scan.at < scan.end; skip_space (&scan))
    {
      /* json-glib would parse on, and forget the first value without freeing it. */
      if (scan.depth == 0 && lines->len > 0)
        return scan_error (&scan, error, LKS_PARSE_ERROR_INVALID, "text follows after the end");
      if (!scan_one (&scan, error))
        return FALSE;
    }

  if (scan.depth > 0)
    return scan_error (&scan, error, LKS_PARSE_ERROR_TRUNCATED, "the text ends too early");

  return TRUE;
}
