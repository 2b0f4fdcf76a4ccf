/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cloud-tags.h"

#include "lks-cloud-error.h"

#include <string.h>

/* The vendor's page on tags of resources. */
#define TAGS_MAX 50
#define NAME_CHARACTERS_MAX 512
#define VALUE_CHARACTERS_MAX 256
#define NOT_IN_NAMES "<>%&\\?/"

/**
 * lks_cloud_tags_new:
 *
 * Returns: (transfer full) (element-type utf8 utf8): no tags yet
 */
GHashTable *
lks_cloud_tags_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * lks_cloud_tags_add_all:
 * @self: (element-type utf8 utf8): tags
 * @others: (element-type utf8 utf8): more of them, which win over those of the same name
 */
void
lks_cloud_tags_add_all (GHashTable *self, GHashTable *others)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, others);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (self, g_strdup (name), g_strdup (value));
}

/**
 * lks_cloud_tags_copy:
 * @self: (element-type utf8 utf8): tags
 *
 * Returns: (transfer full) (element-type utf8 utf8): the same
 */
GHashTable *
lks_cloud_tags_copy (GHashTable *self)
{
  GHashTable *copy = lks_cloud_tags_new ();

  lks_cloud_tags_add_all (copy, self);
  return copy;
}

/**
 * lks_cloud_tags_read:
 * @json: a document
 * @object: a resource in it
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads the tags of a resource as they are, so that they can be sent back.
 *
 * Returns: (transfer full) (element-type utf8 utf8): its tags, perhaps none, or NULL with @error
 * set
 */
GHashTable *
lks_cloud_tags_read (LksJson *json, JsonObject *object, GError **error)
{
  g_autoptr (GHashTable) self = lks_cloud_tags_new ();
  JsonObject *tags;
  g_autoptr (GList) names = NULL;

  if (!lks_json_has (object, "tags"))
    return g_steal_pointer (&self);
  if (!lks_json_read_object (json, object, "tags", &tags, error))
    return NULL;
  names = json_object_get_members (tags);
  for (GList *at = names; at != NULL; at = at->next)
    {
      char *value = NULL;

      if (lks_json_has (tags, at->data) &&
          !lks_json_read_string (json, tags, at->data, &value, error))
        return NULL;
      g_hash_table_insert (self, g_strdup (at->data), value != NULL ? value : g_strdup (""));
    }
  return g_steal_pointer (&self);
}

static const char *
find_name (GHashTable *self, const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autofree char *other = g_utf8_casefold (key, -1);

      if (g_str_equal (folded, other))
        return key;
    }
  return NULL;
}

static gboolean
has_only_printable (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_isprint (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static gboolean
set_wrong (GError **error, const char *tag, const char *rule)
{
  g_set_error (error, LKS_CLOUD_ERROR, LKS_CLOUD_ERROR_INVALID_ARGUMENT, "“%s” cannot be a tag: %s",
               tag, rule);
  return FALSE;
}

static gboolean
check (const char *tag, const char *name, const char *value, GError **error)
{
  if (name[0] == '\0')
    return set_wrong (error, tag, "it is NAME=VALUE");
  if (strpbrk (name, NOT_IN_NAMES) != NULL)
    return set_wrong (error, tag, "its name has none of < > % & \\ ? /");
  if (!has_only_printable (name) || !has_only_printable (value))
    return set_wrong (error, tag, "it has characters that can be printed");
  if (g_utf8_strlen (name, -1) > NAME_CHARACTERS_MAX)
    return set_wrong (error, tag, "its name has up to 512 characters");
  return g_utf8_strlen (value, -1) <= VALUE_CHARACTERS_MAX ||
         set_wrong (error, tag, "its value has up to 256 characters");
}

/**
 * lks_cloud_tags_set:
 * @self: (element-type utf8 utf8): tags
 * @tag: NAME=VALUE, without blanks around either
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Sets a tag, in place of one of that name.
 *
 * Returns: whether the service takes such a tag, and so many
 */
gboolean
lks_cloud_tags_set (GHashTable *self, const char *tag, GError **error)
{
  g_auto (GStrv) parts = NULL;

  if (!g_utf8_validate (tag, -1, NULL))
    return set_wrong (error, "…", "it is no text");
  parts = g_strsplit (tag, "=", 2);
  if (g_strv_length (parts) != 2)
    return set_wrong (error, tag, "it is NAME=VALUE");
  g_strstrip (parts[0]);
  g_strstrip (parts[1]);
  if (!check (tag, parts[0], parts[1], error))
    return FALSE;

  lks_cloud_tags_remove (self, parts[0]);
  if (g_hash_table_size (self) >= TAGS_MAX)
    return set_wrong (error, tag, "a catalog has up to 50 tags");
  g_hash_table_insert (self, g_strdup (parts[0]), g_strdup (parts[1]));
  return TRUE;
}

/**
 * lks_cloud_tags_remove:
 * @self: (element-type utf8 utf8): tags
 * @name: the name of one
 *
 * Returns: whether there was one
 */
gboolean
lks_cloud_tags_remove (GHashTable *self, const char *name)
{
  const char *found = find_name (self, name);

  return found != NULL && g_hash_table_remove (self, found);
}

/**
 * lks_cloud_tags_parse:
 * @lines: NAME=VALUE on each line; empty lines are passed over
 * @error: return location for a [error@Lks.CloudError], INVALID_ARGUMENT
 *
 * Returns: (transfer full) (element-type utf8 utf8): the tags, or NULL with @error set
 */
GHashTable *
lks_cloud_tags_parse (const char *lines, GError **error)
{
  g_autoptr (GHashTable) self = lks_cloud_tags_new ();
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);

  for (gsize i = 0; each[i] != NULL; i++)
    {
      guint n_before = g_hash_table_size (self);

      if (g_strstrip (each[i])[0] == '\0')
        continue;
      if (!lks_cloud_tags_set (self, each[i], error))
        return NULL;
      if (g_hash_table_size (self) == n_before)
        {
          set_wrong (error, each[i], "another one has the same name");
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}

/**
 * lks_cloud_tags_equal:
 * @self: (element-type utf8 utf8): tags
 * @other: (element-type utf8 utf8): tags
 *
 * Returns: whether both have the same names and values
 */
gboolean
lks_cloud_tags_equal (GHashTable *self, GHashTable *other)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  if (g_hash_table_size (self) != g_hash_table_size (other))
    return FALSE;
  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const char *found = find_name (other, name);

      if (found == NULL || !g_str_equal (g_hash_table_lookup (other, found), value))
        return FALSE;
    }
  return TRUE;
}

/**
 * lks_cloud_tag_is_plain:
 * @name: of a tag
 * @value: of it
 *
 * Returns: whether it can be written as NAME=VALUE and read again
 */
gboolean
lks_cloud_tag_is_plain (const char *name, const char *value)
{
  g_autofree char *tag = g_strdup_printf ("%s=%s", name, value);
  g_autoptr (GHashTable) tags = lks_cloud_tags_new ();

  return lks_cloud_tags_set (tags, tag, NULL) &&
         g_strcmp0 (g_hash_table_lookup (tags, name), value) == 0;
}

static int
compare_names (gconstpointer one, gconstpointer other)
{
  return strcmp (one, other);
}

/**
 * lks_cloud_tags_to_list:
 * @self: (element-type utf8 utf8): tags
 *
 * Returns: (transfer full) (array zero-terminated=1): NAME=VALUE of each, by name
 */
char **
lks_cloud_tags_to_list (GHashTable *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (self), compare_names);

  for (GList *at = names; at != NULL; at = at->next)
    {
      g_autofree char *tag = g_strdup_printf ("%s=%s", (char *) at->data,
                                              (char *) g_hash_table_lookup (self, at->data));

      g_strv_builder_add (list, tag);
    }
  return g_strv_builder_end (list);
}

/**
 * lks_cloud_tags_to_json:
 * @self: (element-type utf8 utf8): tags
 *
 * Returns: (transfer full): them as the service takes them
 */
JsonObject *
lks_cloud_tags_to_json (GHashTable *self)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  return object;
}
