/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes one value of a JSON text and leaves every other byte of it as it is. All texts here were
 * found to be valid by lks_json_parse() before: nothing is checked twice.
 *
 * A path names a value from the root on, "wifiNetworks.0.ssid": members and places in lists with
 * dots between them. A member that has a dot in its name cannot be named.
 */
#include "lks-json-text.h"

#include "lks-number.h"

#include <string.h>

/* Where a value stands, and where what it is called begins: the key, or the value itself. */
typedef struct
{
  gsize name;
  gsize start;
  gsize end;
} Span;

/* ---- reading ---- */

static gsize
skip_space (const char *text, gsize at)
{
  return at + strspn (text + at, " \t\r\n");
}

static gsize
skip_string (const char *text, gsize at)
{
  for (at++; text[at] != '\0' && text[at] != '"'; at++)
    if (text[at] == '\\' && text[at + 1] != '\0')
      at++;
  return text[at] == '"' ? at + 1 : at;
}

static gsize
skip_value (const char *text, gsize at)
{
  guint depth = 0;

  do
    {
      if (text[at] == '"')
        {
          at = skip_string (text, at);
          continue;
        }
      if (text[at] == '{' || text[at] == '[')
        depth++;
      else if (text[at] == '}' || text[at] == ']')
        depth--;
      else if (depth == 0)
        return at + strcspn (text + at, " \t\r\n,]}");
      at++;
    }
  while (depth > 0 && text[at] != '\0');

  return at;
}

/* Goes on to the next thing in the object or list; @span is all zero before the first one. */
static gboolean
next_thing (const char *text, gsize container, Span *span)
{
  gsize at = skip_space (text, span->end == 0 ? container + 1 : span->end);

  if (span->end != 0 && text[at] == ',')
    at = skip_space (text, at + 1);
  if (text[at] == '}' || text[at] == ']' || text[at] == '\0')
    return FALSE;

  span->name = at;
  if (text[container] == '{')
    {
      at = skip_space (text, skip_string (text, at));
      if (text[at] != ':')
        return FALSE;
      at = skip_space (text, at + 1);
    }
  span->start = at;
  span->end = skip_value (text, at);
  return TRUE;
}

/* The name of a member may be written with escapes. */
static char *
read_key (const char *text, gsize at)
{
  g_autofree char *quoted = g_strndup (text + at, skip_string (text, at) - at);
  g_autoptr (JsonNode) node = json_from_string (quoted, NULL);

  return node != NULL ? json_node_dup_string (node) : NULL;
}

static gboolean
find_in (const char *text, gsize container, const char *name, Span *out_span)
{
  Span span = { 0 };
  gboolean is_object = text[container] == '{';
  guint64 place = 0;

  if (!is_object &&
      (text[container] != '[' || !lks_number_read_unsigned (name, 0, G_MAXUINT, &place)))
    return FALSE;

  for (guint64 i = 0; next_thing (text, container, &span); i++)
    {
      g_autofree char *key = is_object ? read_key (text, span.name) : NULL;

      if (is_object ? g_strcmp0 (key, name) == 0 : i == place)
        {
          *out_span = span;
          return TRUE;
        }
    }
  return FALSE;
}

/* How far of the path there is; *@out_container is where the last but one of that stands. */
static guint
follow (const char *text, char **names, gsize *out_container, Span *out_span)
{
  guint n = 0;

  *out_container = 0;
  out_span->name = out_span->start = skip_space (text, 0);
  out_span->end = skip_value (text, out_span->start);
  while (names[n] != NULL)
    {
      Span inner;

      if (!find_in (text, out_span->start, names[n], &inner))
        break;
      *out_container = out_span->start;
      *out_span = inner;
      n++;
    }
  return n;
}

/**
 * lks_json_text_find:
 * @text: a valid JSON text
 * @path: a value in it; "" is the root
 * @out_start: (out): its first byte
 * @out_end: (out): the byte behind its last one
 *
 * Returns: whether there is such a value
 */
gboolean
lks_json_text_find (const char *text, const char *path, gsize *out_start, gsize *out_end)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  gsize container;
  Span span;

  if (follow (text, names, &container, &span) != g_strv_length (names))
    return FALSE;
  *out_start = span.start;
  *out_end = span.end;
  return TRUE;
}

/* ---- changing ---- */

static char *
splice (const char *text, gsize start, gsize end, const char *middle)
{
  return g_strdup_printf ("%.*s%s%s", (int) start, text, middle, text + end);
}

/* What is not there yet and leads to the value. */
static char *
wrap (char **names, const char *value)
{
  char *result = g_strdup (value);

  for (guint i = g_strv_length (names); i > 0; i--)
    {
      g_autofree char *inner = result;
      g_autofree char *quoted = lks_json_text_quote (names[i - 1]);

      result = g_ascii_isdigit (*names[i - 1]) ? g_strdup_printf ("[%s]", inner)
                                               : g_strdup_printf ("{ %s: %s }", quoted, inner);
    }
  return result;
}

/* Only a root of several lines gets another line: the text stays as it was laid out. */
static char *
insert_first (const char *text, gsize container, const char *thing)
{
  gsize end = skip_value (text, container);
  g_autofree char *inside = NULL;

  if (container == skip_space (text, 0) && strchr (text + container, '\n') != NULL)
    inside = g_strdup_printf ("%c\n  %s\n%c", text[container], thing, text[end - 1]);
  else if (text[container] == '[')
    inside = g_strdup_printf ("[%s]", thing);
  else
    inside = g_strdup_printf ("{ %s }", thing);
  return splice (text, container, end, inside);
}

static char *
insert (const char *text, gsize container, const char *thing)
{
  Span span = { 0 }, last = { 0 };
  gsize space_start;
  g_autofree char *space = NULL;
  g_autofree char *inside = NULL;

  while (next_thing (text, container, &span))
    last = span;
  if (last.end == 0)
    return insert_first (text, container, thing);

  /* The space before the last one, once more. */
  for (space_start = last.name; strchr (" \t\r\n", text[space_start - 1]) != NULL; space_start--)
    ;
  if (space_start == last.name && text[space_start - 1] == '[')
    space = g_strdup (" "); /* "[1]" goes on as "[1, 2]" */
  else
    space = g_strndup (text + space_start, last.name - space_start);
  inside = g_strdup_printf (",%s%s", space, thing);
  return splice (text, last.end, last.end, inside);
}

/**
 * lks_json_text_set:
 * @text: a valid JSON text
 * @path: which value; one behind the last of a list adds to it
 * @value: its new JSON text
 *
 * Objects and lists that lead to the value are added when they are not there.
 *
 * Returns: (transfer full) (nullable): the new text; NULL when something on the way is neither an
 *   object nor a list
 */
char *
lks_json_text_set (const char *text, const char *path, const char *value)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  gsize container;
  Span span;
  guint n_found = follow (text, names, &container, &span);
  g_autofree char *wrapped = NULL;
  g_autofree char *quoted = NULL;
  g_autofree char *thing = NULL;

  if (names[n_found] == NULL)
    return splice (text, span.start, span.end, value);
  if (text[span.start] != (g_ascii_isdigit (*names[n_found]) ? '[' : '{'))
    return NULL;

  wrapped = wrap (names + n_found + 1, value);
  quoted = lks_json_text_quote (names[n_found]);
  thing =
      text[span.start] == '{' ? g_strdup_printf ("%s: %s", quoted, wrapped) : g_strdup (wrapped);
  return insert (text, span.start, thing);
}

static char *
remove_span (const char *text, gsize container, const Span *gone)
{
  Span span = { 0 };
  gsize before = 0;
  gsize after;

  while (next_thing (text, container, &span) && span.start != gone->start)
    before = span.end;
  if (before != 0)
    return splice (text, before, gone->end, "");

  after = skip_space (text, gone->end);
  if (text[after] == ',')
    return splice (text, gone->name, skip_space (text, after + 1), "");
  return splice (text, container + 1, after, "");
}

/**
 * lks_json_text_remove:
 * @text: a valid JSON text
 * @path: which value
 *
 * Removes a member, or one of a list: those behind it move up.
 *
 * Returns: (transfer full): the new text; the same one when there is no such value
 */
char *
lks_json_text_remove (const char *text, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  gsize container;
  Span span;

  if (names[0] == NULL || follow (text, names, &container, &span) != g_strv_length (names))
    return g_strdup (text);
  return remove_span (text, container, &span);
}

/**
 * lks_json_text_quote:
 * @words: UTF-8
 *
 * Returns: (transfer full): @words as a JSON text
 */
char *
lks_json_text_quote (const char *words)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), words);

  return json_to_string (node, FALSE);
}

/* ---- what is where ---- */

static gboolean
find_line (const char *text, const Span *span, gsize wanted, GString *path)
{
  gsize length = path->len;
  Span inner = { 0 };

  /* The first value that begins on the line is meant. */
  if (span->start >= wanted)
    return TRUE;
  if (span->end <= wanted || (text[span->start] != '{' && text[span->start] != '['))
    return FALSE;

  for (guint i = 0; next_thing (text, span->start, &inner); i++)
    {
      g_autofree char *key =
          text[span->start] == '{' ? read_key (text, inner.name) : g_strdup_printf ("%u", i);

      g_string_append_printf (path, "%s%s", length > 0 ? "." : "", key != NULL ? key : "");
      if (find_line (text, &inner, wanted, path))
        return TRUE;
      g_string_truncate (path, length);
    }
  return FALSE;
}

/**
 * lks_json_text_path_at_line:
 * @text: a valid JSON text
 * @line: a line of it, from 1
 *
 * Returns: (transfer full): the path of the first value that begins on the line or below; "" when
 *   it is the root, or none
 */
char *
lks_json_text_path_at_line (const char *text, guint line)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Span root = { .start = skip_space (text, 0) };
  const char *at = text;

  root.end = skip_value (text, root.start);
  for (guint i = 1; i < line && at != NULL; i++)
    if ((at = strchr (at, '\n')) != NULL)
      at++;
  if (at != NULL)
    find_line (text, &root, (gsize) (at - text), path);
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/**
 * lks_json_text_follow:
 * @root: a tree
 * @path: a value in it; "" is @root
 *
 * Returns: (transfer none) (nullable): the value, if there is one
 */
JsonNode *
lks_json_text_follow (JsonNode *root, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  JsonNode *node = root;

  for (char **name = names; *name != NULL && node != NULL; name++)
    {
      guint64 place;

      if (JSON_NODE_HOLDS_OBJECT (node))
        node = json_object_get_member (json_node_get_object (node), *name);
      else if (JSON_NODE_HOLDS_ARRAY (node) &&
               lks_number_read_unsigned (*name, 0, G_MAXUINT, &place) &&
               place < json_array_get_length (json_node_get_array (node)))
        node = json_array_get_element (json_node_get_array (node), (guint) place);
      else
        node = NULL;
    }
  return node;
}
