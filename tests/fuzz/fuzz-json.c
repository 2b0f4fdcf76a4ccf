/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "lks-json-text.h"
#include "lks-json.h"

#include <string.h>

#define PATH_MAX_BYTES 200

static void check_values (const char *text, JsonNode *node, const char *path);

/* A value is found where the parser has found it, and can go without harm to the rest. */
static void
check_value (const char *text, JsonNode *node, const char *path)
{
  g_autofree char *found = NULL;
  g_autofree char *same = NULL;
  g_autofree char *shorter = NULL;
  g_autoptr (JsonNode) read = NULL;
  g_autoptr (LksJson) rest = NULL;
  gsize start, end;

  g_assert_true (lks_json_text_find (text, path, &start, &end));
  found = g_strndup (text + start, end - start);
  read = json_from_string (found, NULL);
  g_assert_true (read != NULL && json_node_equal (read, node));

  same = lks_json_text_set (text, path, found);
  g_assert_cmpstr (same, ==, text);
  shorter = lks_json_text_remove (text, path);
  rest = lks_json_parse ("fuzz", shorter, strlen (shorter), 1 << 20, NULL);
  g_assert_nonnull (rest);
  check_values (text, node, path);
}

static void
check_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  const char **text_and_path = user_data;
  g_autofree char *path =
      g_strdup_printf ("%s%s%s", text_and_path[1], *text_and_path[1] != '\0' ? "." : "", name);

  if (*name != '\0' && strchr (name, '.') == NULL && strlen (path) < PATH_MAX_BYTES)
    check_value (text_and_path[0], node, path);
}

static void
check_values (const char *text, JsonNode *node, const char *path)
{
  const char *text_and_path[] = { text, path };
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_foreach_member (json_node_get_object (node), check_member, text_and_path);
  for (guint i = 0; list != NULL && i < MIN (json_array_get_length (list), 8); i++)
    {
      g_autofree char *place = g_strdup_printf ("%s%s%u", path, *path != '\0' ? "." : "", i);

      if (strlen (place) < PATH_MAX_BYTES)
        check_value (text, json_array_get_element (list, i), place);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) value = lks_json_parse ("fuzz", data, size, 1 << 20, &error);
  g_autofree char *text = value != NULL ? g_strndup ((const char *) data, size) : NULL;

  FUZZ_ASSERT_VALUE_OR_ERROR (value, error);
  if (value != NULL && size < 4096)
    check_values (text, lks_json_get_root (value), "");
  return 0;
}
