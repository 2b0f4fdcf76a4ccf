/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-json.h"

#include "lks-compat.h"
#include "lks-cursor.h"
#include "lks-enums.h"
#include "lks-json-scan.h"

/* Up to here a double tells every whole number from the next one. */
#define WHOLE_DOUBLE_MAX 9007199254740992.0 /* 2^53 */

struct _LksJson
{
  char *name;          /* (owned): file name or what the text is, for messages */
  JsonNode *root;      /* (owned) */
  GHashTable *line_of; /* (owned) (element-type JsonNode guint): nodes borrowed from @root; a line
                        * may have one of LKS_JSON_SCAN_MARKS */
};

/* Gives every node of the tree its line, in the order in which the scan met them. */
static void
number_nodes (LksJson *self, JsonNode *node, GArray *lines, guint *next)
{
  if (*next < lines->len)
    g_hash_table_insert (self->line_of, node,
                         GUINT_TO_POINTER (g_array_index (lines, guint, *next)));
  (*next)++;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *member; /* json-glib 1.6 needs it even when the caller does not */
      JsonNode *child;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &member, &child))
        number_nodes (self, child, lines, next);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        number_nodes (self, json_array_get_element (array, i), lines, next);
    }
}

static JsonNode *
parse_tree (const char *name, const char *text, gsize size_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) local = NULL;

  if (!json_parser_load_from_data (parser, text, (gssize) size_bytes, &local))
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "%s:%u: not valid JSON", name,
                   json_parser_get_current_line (parser));
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TRUNCATED, "%s: the text is empty",
                   name);
      return NULL;
    }

  return json_parser_steal_root (parser);
}

/**
 * lks_json_parse:
 * @name: what the text is, for messages: a file name, or for example "GET /status"
 * @data: the text; need not end with NUL
 * @size_bytes: its size
 * @size_max_bytes: the most that is accepted
 * @error: return location for a [error@Lks.ParseError]
 *
 * Parses RFC 8259 JSON: UTF-8, no comments, at most %LKS_JSON_DEPTH_MAX levels, no member twice
 * in one object, no NUL and no half of a character inside a text. Messages begin with
 * "@name:LINE: ".
 *
 * Returns: (transfer full): the document, or NULL with @error set
 */
LksJson *
lks_json_parse (const char *name,
                gconstpointer data,
                gsize size_bytes,
                gsize size_max_bytes,
                GError **error)
{
  const char *text = size_bytes > 0 ? data : "";
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (LksJson) self = NULL;
  JsonNode *root;
  guint count = 0;

  if (size_bytes > size_max_bytes)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE,
                   "%s: %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT " are accepted", name,
                   size_bytes, size_max_bytes);
      return NULL;
    }
  if (!g_utf8_validate_len (text, size_bytes, NULL))
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "%s: not UTF-8 text", name);
      return NULL;
    }
  if (!lks_json_scan (name, text, size_bytes, lines, error))
    return NULL;

  root = parse_tree (name, text, size_bytes, error);
  if (root == NULL)
    return NULL;

  self = g_new0 (LksJson, 1);
  self->name = g_strdup (name);
  self->root = root;
  self->line_of = g_hash_table_new (NULL, NULL);
  number_nodes (self, root, lines, &count);
  if (count != lines->len)
    {
      g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID,
                   "%s: an object has the same member twice", name);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * lks_json_load:
 * @path: a file
 * @size_max_bytes: the most that is accepted
 * @error: return location for a [error@Lks.ParseError] or a `G_FILE_ERROR`
 *
 * Like lks_json_parse(), from a file; messages name it by its last path element.
 *
 * Returns: (transfer full): the document, or NULL with @error set
 */
LksJson *
lks_json_load (const char *path, gsize size_max_bytes, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  gsize size_bytes;

  if (!g_file_get_contents (path, &text, &size_bytes, error))
    return NULL;

  return lks_json_parse (name, text, size_bytes, size_max_bytes, error);
}

/**
 * lks_json_free:
 * @self: (transfer full) (nullable): a document
 */
void
lks_json_free (LksJson *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->line_of);
  json_node_unref (self->root);
  g_free (self->name);
  g_free (self);
}

/**
 * lks_json_get_root:
 * @self: a document
 *
 * Returns: (transfer none): the root value
 */
JsonNode *
lks_json_get_root (LksJson *self)
{
  return self->root;
}

/**
 * lks_json_get_root_object:
 * @self: a document
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: (transfer none): the root, or NULL with @error set when it is not an object
 */
JsonObject *
lks_json_get_root_object (LksJson *self, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (self->root))
    return json_node_get_object (self->root);

  lks_json_set_error (self, self->root, error, "expected an object");
  return NULL;
}

/**
 * lks_json_get_line:
 * @self: a document
 * @node: a value of it
 *
 * Returns: the line on which @node begins, from 1
 */
guint
lks_json_get_line (LksJson *self, JsonNode *node)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->line_of, node)) & ~LKS_JSON_SCAN_MARKS;
}

/**
 * lks_json_set_error:
 * @self: a document
 * @node: the value that is wrong
 * @error: return location for a [error@Lks.ParseError], code INVALID
 * @format: what is wrong with it
 * @...: for @format
 *
 * Sets an error that names the document and the line.
 */
void
lks_json_set_error (LksJson *self, JsonNode *node, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "%s:%u: %s", self->name,
               lks_json_get_line (self, node), message);
}

/**
 * lks_json_has:
 * @object: an object
 * @member: a name
 *
 * Returns: whether @object has @member with a value other than null
 */
gboolean
lks_json_has (JsonObject *object, const char *member)
{
  return json_object_has_member (object, member) && !json_object_get_null_member (object, member);
}

/**
 * lks_json_check_members:
 * @self: a document
 * @object: an object of it
 * @known: (array zero-terminated=1): the names that may occur
 * @error: return location for a [error@Lks.ParseError]
 *
 * For files that people write: a misspelt name is an error, not silently ignored.
 *
 * Returns: whether @object has only members named in @known
 */
gboolean
lks_json_check_members (LksJson *self, JsonObject *object, const char *const *known, GError **error)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, &node))
    if (!g_strv_contains (known, member))
      {
        g_autofree char *names = g_strjoinv (", ", (char **) known);

        lks_json_set_error (self, node, error, "“%s” is not known here; known are: %s", member,
                            names);
        return FALSE;
      }

  return TRUE;
}

/* Asked only when something is wrong: the tree is not made for it. */
static JsonNode *
find_node_of (LksJson *self, JsonObject *object)
{
  GHashTableIter iter;
  gpointer node;

  g_hash_table_iter_init (&iter, self->line_of);
  while (g_hash_table_iter_next (&iter, &node, NULL))
    if (JSON_NODE_HOLDS_OBJECT ((JsonNode *) node) && json_node_get_object (node) == object)
      return node;

  return self->root;
}

/* Of a whole document no line is to blame. */
static void
set_missing (LksJson *self,
             JsonObject *object,
             const char *member,
             const char *expected,
             GError **error)
{
  JsonNode *node = find_node_of (self, object);

  if (node == self->root)
    g_set_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID, "%s: “%s” is missing (%s)",
                 self->name, member, expected);
  else
    lks_json_set_error (self, node, error, "“%s” is missing (%s)", member, expected);
}

/* The node of @member, or NULL with @error set when it is absent or of another type. */
static JsonNode *
find (LksJson *self,
      JsonObject *object,
      const char *member,
      JsonNodeType type,
      const char *expected,
      GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    {
      set_missing (self, object, member, expected, error);
      return NULL;
    }
  if (json_node_get_node_type (node) != type)
    {
      lks_json_set_error (self, node, error, "“%s”: expected %s", member, expected);
      return NULL;
    }

  return node;
}

static JsonNode *
find_value (LksJson *self,
            JsonObject *object,
            const char *member,
            GType type,
            const char *expected,
            GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_VALUE, expected, error);

  if (node != NULL && json_node_get_value_type (node) != type)
    {
      lks_json_set_error (self, node, error, "“%s”: expected %s", member, expected);
      return NULL;
    }

  return node;
}

/**
 * lks_json_read_string:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_text: (out) (transfer full): its text
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is a text
 */
gboolean
lks_json_read_string (LksJson *self,
                      JsonObject *object,
                      const char *member,
                      char **out_text,
                      GError **error)
{
  JsonNode *node = find_value (self, object, member, G_TYPE_STRING, "a text", error);

  if (node == NULL)
    return FALSE;

  *out_text = json_node_dup_string (node);
  return TRUE;
}

/**
 * lks_json_read_string_list:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_texts: (out) (transfer full) (array zero-terminated=1): its texts
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is a list of texts
 */
gboolean
lks_json_read_string_list (LksJson *self,
                           JsonObject *object,
                           const char *member,
                           char ***out_texts,
                           GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_ARRAY, "a list of texts", error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  JsonArray *array;

  if (node == NULL)
    return FALSE;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
        {
          lks_json_set_error (self, element, error, "“%s”: expected a list of texts", member);
          return FALSE;
        }
      g_ptr_array_add (texts, json_node_dup_string (element));
    }

  *out_texts = lks_strv_take (g_steal_pointer (&texts));
  return TRUE;
}

/**
 * lks_json_read_enum:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @enum_type: a registered enum
 * @out_value: (out): the value
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is a text that is a nick of @enum_type
 */
gboolean
lks_json_read_enum (LksJson *self,
                    JsonObject *object,
                    const char *member,
                    GType enum_type,
                    int *out_value,
                    GError **error)
{
  JsonNode *node = find_value (self, object, member, G_TYPE_STRING, "a text", error);
  g_autoptr (GTypeClass) enum_class = NULL;
  g_autoptr (GString) nicks = NULL;

  if (node == NULL)
    return FALSE;
  if (lks_enum_from_nick (enum_type, json_node_get_string (node), out_value))
    return TRUE;

  enum_class = g_type_class_ref (enum_type);
  nicks = g_string_new (NULL);
  for (guint i = 0; i < G_ENUM_CLASS (enum_class)->n_values; i++)
    g_string_append_printf (nicks, "%s%s", i > 0 ? ", " : "",
                            G_ENUM_CLASS (enum_class)->values[i].value_nick);
  lks_json_set_error (self, node, error, "“%s”: “%s” is none of %s", member,
                      json_node_get_string (node), nicks->str);
  return FALSE;
}

static guint
get_mark (LksJson *self, JsonNode *node)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->line_of, node)) & LKS_JSON_SCAN_MARKS;
}

/* JSON knows one kind of number: 5.0 is as whole as 5. */
static gboolean
get_whole (LksJson *self, JsonNode *node, gint64 *out_value)
{
  double value = json_node_get_double (node);

  if (get_mark (self, node) != 0)
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      *out_value = json_node_get_int (node);
      return TRUE;
    }
  if (json_node_get_value_type (node) != G_TYPE_DOUBLE || value < -WHOLE_DOUBLE_MAX ||
      value > WHOLE_DOUBLE_MAX)
    return FALSE;

  *out_value = (gint64) value;
  return (double) *out_value == value;
}

/**
 * lks_json_read_int:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @min: the smallest value accepted
 * @max: the largest value accepted
 * @out_value: (out): the value
 * @error: return location for a [error@Lks.ParseError]
 *
 * A whole number may be written with a fraction of zeros or an exponent, as 5.0 or 1e2.
 *
 * Returns: whether @member is a whole number from @min to @max
 */
gboolean
lks_json_read_int (LksJson *self,
                   JsonObject *object,
                   const char *member,
                   gint64 min,
                   gint64 max,
                   gint64 *out_value,
                   GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_VALUE, "a whole number", error);
  gint64 value;

  if (node == NULL)
    return FALSE;
  if (!get_whole (self, node, &value))
    {
      lks_json_set_error (self, node, error, "“%s”: expected a whole number", member);
      return FALSE;
    }
  if (value < min || value > max)
    {
      lks_json_set_error (self, node, error,
                          "“%s”: %" G_GINT64_FORMAT " is not between %" G_GINT64_FORMAT
                          " and %" G_GINT64_FORMAT,
                          member, value, min, max);
      return FALSE;
    }

  *out_value = value;
  return TRUE;
}

/**
 * lks_json_read_uint64:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_value: (out): the value
 * @error: return location for a [error@Lks.ParseError]
 *
 * For counters that go beyond lks_json_read_int().
 *
 * Returns: whether @member is a whole number that is not negative and fits in 64 bits
 */
gboolean
lks_json_read_uint64 (LksJson *self,
                      JsonObject *object,
                      const char *member,
                      guint64 *out_value,
                      GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_VALUE, "a whole number", error);
  gint64 value;

  if (node == NULL)
    return FALSE;
  if (get_mark (self, node) == LKS_JSON_SCAN_UNSIGNED)
    {
      *out_value = (guint64) json_node_get_int (node); /* json-glib kept its bits */
      return TRUE;
    }
  if (!lks_json_read_int (self, object, member, 0, G_MAXINT64, &value, error))
    return FALSE;

  *out_value = (guint64) value;
  return TRUE;
}

/**
 * lks_json_read_double:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @min: the smallest value accepted
 * @max: the largest value accepted
 * @out_value: (out): the value
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is a number, whole or not, from @min to @max
 */
gboolean
lks_json_read_double (LksJson *self,
                      JsonObject *object,
                      const char *member,
                      double min,
                      double max,
                      double *out_value,
                      GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_VALUE, "a number", error);
  double value;

  if (node == NULL)
    return FALSE;

  value = json_node_get_double (node);
  if ((json_node_get_value_type (node) != G_TYPE_DOUBLE &&
       json_node_get_value_type (node) != G_TYPE_INT64) ||
      get_mark (self, node) != 0 || !(value >= min && value <= max))
    {
      lks_json_set_error (self, node, error, "“%s”: expected a number between %g and %g", member,
                          min, max);
      return FALSE;
    }

  *out_value = value;
  return TRUE;
}

/**
 * lks_json_read_boolean:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_value: (out): the value
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is true or false
 */
gboolean
lks_json_read_boolean (LksJson *self,
                       JsonObject *object,
                       const char *member,
                       gboolean *out_value,
                       GError **error)
{
  JsonNode *node = find_value (self, object, member, G_TYPE_BOOLEAN, "true or false", error);

  if (node == NULL)
    return FALSE;

  *out_value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * lks_json_read_object:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_object: (out) (transfer none): the object
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is an object
 */
gboolean
lks_json_read_object (LksJson *self,
                      JsonObject *object,
                      const char *member,
                      JsonObject **out_object,
                      GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_OBJECT, "an object", error);

  if (node == NULL)
    return FALSE;

  *out_object = json_node_get_object (node);
  return TRUE;
}

/**
 * lks_json_read_array:
 * @self: a document
 * @object: an object of it
 * @member: the member to read; must be there
 * @out_array: (out) (transfer none): the list
 * @error: return location for a [error@Lks.ParseError]
 *
 * Returns: whether @member is a list
 */
gboolean
lks_json_read_array (LksJson *self,
                     JsonObject *object,
                     const char *member,
                     JsonArray **out_array,
                     GError **error)
{
  JsonNode *node = find (self, object, member, JSON_NODE_ARRAY, "a list", error);

  if (node == NULL)
    return FALSE;

  *out_array = json_node_get_array (node);
  return TRUE;
}

/**
 * lks_json_set_text:
 * @object: an object that is being written
 * @member: name of the member
 * @text: (nullable): its value
 *
 * Sets a member to a string, or to null where there is none, so that it is always there.
 */
void
lks_json_set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}
