/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of a run, out of the canonical text that the server has. */
#include "lks-share-private.h"

static JsonObject *
get_object (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
lks_share_get_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

/* The record's document, which is JSON in a text of the canonical text.
 * @out_text: (out) (optional) (transfer full) (nullable): byte for byte */
JsonNode *
lks_share_read_document (PGresult *row, int column, char **out_text)
{
  gsize size_bytes = 0;
  guchar *bytes = PQunescapeBytea ((const guchar *) PQgetvalue (row, 0, column), &size_bytes);
  g_autoptr (LksShareEntry) entry = NULL;
  const char *document = NULL;

  if (bytes == NULL)
    return NULL;

  entry = lks_share_entry_new ("", 0, "", (const char *) bytes, size_bytes);
  PQfreemem (bytes);
  if (entry->root != NULL && JSON_NODE_HOLDS_OBJECT (entry->root))
    document =
        lks_share_get_text (get_object (json_node_get_object (entry->root), "record"), "document");
  if (out_text != NULL)
    *out_text = g_strdup (document);
  return document != NULL ? json_from_string (document, NULL) : NULL;
}

JsonArray *
lks_share_find_steps (JsonNode *root)
{
  JsonObject *object;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  if (!json_object_has_member (object, "steps") ||
      !JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "steps")))
    return NULL;
  return json_object_get_array_member (object, "steps");
}

static JsonObject *
get_step (JsonArray *steps, guint index)
{
  JsonNode *node = json_array_get_element (steps, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* What the last step of one of two names has read, as the local ledger tells it. */
const char *
lks_share_find_read (JsonArray *steps, const char *first, const char *second)
{
  for (guint i = steps != NULL ? json_array_get_length (steps) : 0; i > 0; i--)
    {
      JsonObject *step = get_step (steps, i - 1);
      const char *name = lks_share_get_text (step, "name");

      if (step != NULL && (g_strcmp0 (name, first) == 0 || g_strcmp0 (name, second) == 0))
        return lks_share_get_text (get_object (step, "evidence"), "read");
    }
  return NULL;
}

/* The first step that failed, as the local ledger tells it; NULL when none did. */
const char *
lks_share_find_failure (JsonArray *steps)
{
  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = get_step (steps, i);
      const char *result = lks_share_get_text (step, "result");

      if (g_strcmp0 (result, "fail") == 0 || g_strcmp0 (result, "stopped") == 0)
        return lks_share_get_text (step, "name");
    }
  return NULL;
}
