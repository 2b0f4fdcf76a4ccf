/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-json.h"

#include "lks-cursor.h"

#include <string.h>

/* A JSON text on its way from wiped memory to one copy without its secrets. */
typedef struct
{
  const char *name;
  const char *at;
  const char *end;
  guint depth;
  gboolean expects_key;
  const char *const *members;
  LksSecret **secrets;
  GString *rest; /* the copy */
} Split;

static gboolean
fail (const Split *split, GError **error)
{
  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "%s: not valid JSON", split->name);
  return FALSE;
}

/* The end of the string that begins at @at, or NULL. */
static const char *
find_string_end (const char *at, const char *end)
{
  for (at++; at < end; at++)
    {
      if (*at == '"')
        return at;
      if (*at == '\\')
        at++;
    }
  return NULL;
}

/* Reads the four digits of \uXXXX; tokens and base64 are ASCII, nothing else can be meant. */
static gboolean
decode_unicode (const char *digits, const char *end, char *out)
{
  int value = 0;

  if (end - digits < 4)
    return FALSE;
  for (int i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (digits[i]))
        return FALSE;
      value = value << 4 | g_ascii_xdigit_value (digits[i]);
    }
  *out = (char) value;
  return value > 0 && value < 0x80;
}

/* Undoes the escapes between @at and @end in memory that is wiped. */
static LksSecret *
decode (const char *at, const char *end)
{
  static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  gsize room = (gsize) (end - at) + 1;
  char *text = lks_secret_heap_alloc_zero (1, room);
  gboolean is_good = text != NULL;
  LksSecret *secret = NULL;
  gsize size = 0;

  for (; is_good && at < end; at++)
    {
      const char *escape;

      if (*at != '\\')
        {
          text[size++] = *at;
          is_good = (guchar) *at >= 0x20;
          continue;
        }
      at++;
      if (at < end && *at == 'u')
        {
          is_good = decode_unicode (at + 1, end, &text[size++]);
          at += 4;
          continue;
        }
      is_good = FALSE;
      for (escape = escapes; at < end && *escape != '\0'; escape += 2)
        if (*escape == *at)
          {
            text[size++] = escape[1];
            is_good = TRUE;
            break;
          }
    }

  if (is_good)
    secret = lks_secret_new (text, size);
  lks_secret_heap_free (text);
  return secret;
}

static int
find_member (const Split *split, const char *at, const char *end)
{
  g_autoptr (LksSecret) key = decode (at, end);

  for (int i = 0; key != NULL && split->members[i] != NULL; i++)
    if (g_str_equal (lks_secret_get_text (key), split->members[i]))
      return i;
  return -1;
}

static void
copy (Split *split, const char *end)
{
  g_string_append_len (split->rest, split->at, end - split->at);
  split->at = end;
}

static void
copy_space (Split *split)
{
  while (split->at < split->end && strchr (" \t\r\n", *split->at) != NULL && *split->at != '\0')
    copy (split, split->at + 1);
}

/* A key of the outermost object and the colon; then its value, if that is a secret text. */
static gboolean
take_key (Split *split, const char *key_end, GError **error)
{
  int member = find_member (split, split->at + 1, key_end);
  const char *value_end;

  copy (split, key_end + 1);
  copy_space (split);
  if (split->at >= split->end || *split->at != ':')
    return fail (split, error);
  copy (split, split->at + 1);
  copy_space (split);
  split->expects_key = FALSE;
  if (member < 0 || split->at >= split->end || *split->at != '"')
    return TRUE;

  value_end = find_string_end (split->at, split->end);
  if (value_end == NULL || split->secrets[member] != NULL)
    return fail (split, error);
  split->secrets[member] = decode (split->at + 1, value_end);
  g_string_append (split->rest, "\"\"");
  split->at = value_end + 1;
  return split->secrets[member] != NULL || fail (split, error);
}

static gboolean
take_one (Split *split, GError **error)
{
  const char *string_end;

  switch (*split->at)
    {
    case '"':
      string_end = find_string_end (split->at, split->end);
      if (string_end == NULL)
        return fail (split, error);
      if (split->depth == 1 && split->expects_key)
        return take_key (split, string_end, error);
      copy (split, string_end + 1);
      return TRUE;
    case '{':
      split->expects_key = split->depth == 0;
      split->depth++;
      break;
    case '[':
      split->expects_key = FALSE;
      split->depth++;
      break;
    case '}':
    case ']':
      split->depth -= split->depth > 0 ? 1 : 0;
      split->expects_key = FALSE;
      break;
    case ',':
      split->expects_key = split->depth == 1;
      break;
    default:
      break;
    }

  copy (split, split->at + 1);
  return TRUE;
}

static gboolean
split_text (Split *split, GError **error)
{
  while (split->at < split->end)
    if (!take_one (split, error))
      return FALSE;
  return TRUE;
}

/**
 * lks_secret_json_parse:
 * @name: what the text is, for messages
 * @text: a JSON text whose memory is wiped when it is freed
 * @size_max_bytes: the most that is accepted
 * @members: (array zero-terminated=1): names of members of the outermost object
 * @out_secrets: (out caller-allocates): for each of @members its text, NULL when it is not there
 *   or no text; zeroed by the caller, set on success only
 * @error: return location for a [error@Lks.ParseError]
 *
 * Parses a text that holds secrets without leaving a copy of them in memory that is not wiped, as
 * json-glib would. In the document their place is taken by empty texts.
 *
 * Returns: (transfer full): the document, or NULL with @error set
 */
LksJson *
lks_secret_json_parse (const char *name,
                       GBytes *text,
                       gsize size_max_bytes,
                       const char *const *members,
                       LksSecret **out_secrets,
                       GError **error)
{
  gsize size_bytes;
  const char *data = g_bytes_get_data (text, &size_bytes);
  g_autoptr (GString) rest = g_string_new (NULL);
  Split split = {
    .name = name, .at = data, .end = data, .members = members, .secrets = out_secrets, .rest = rest
  };
  LksJson *json = NULL;

  if (size_bytes > size_max_bytes)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%s: %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT " are accepted", name,
                   size_bytes, size_max_bytes);
      return NULL;
    }

  split.end += size_bytes;
  if (split_text (&split, error))
    json = lks_json_parse (name, rest->str, rest->len, size_max_bytes, error);
  for (guint i = 0; json == NULL && members[i] != NULL; i++)
    g_clear_pointer (&out_secrets[i], lks_secret_unref);
  return json;
}
