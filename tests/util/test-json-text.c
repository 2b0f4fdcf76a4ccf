/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing one value of a text: everything else stays, byte for byte. */
#include "lks-json-text.h"

#include <string.h>

#define LAID_OUT                                                                                   \
  "{\n"                                                                                            \
  "  \"name\" : \"a \\\"}\\\" b\",\n"                                                              \
  "  \"l\\u0069st\": [1,2 , {\"x\": null}],\n"                                                     \
  "\t\"deep\": { \"er\": { \"est\": true } }\n"                                                    \
  "}\n"

static void
test_set (void)
{
  static const struct
  {
    const char *text;
    const char *path;
    const char *value;
    const char *expected;
  } rows[] = {
    { "{\"a\":1}", "a", "2", "{\"a\":2}" },
    { "{\"a\":1}", "b", "2", "{\"a\":1,\"b\": 2}" },
    { "{ \"a\": 1 }", "b", "2", "{ \"a\": 1, \"b\": 2 }" },
    { "{\n  \"a\": 1\n}\n", "b", "2", "{\n  \"a\": 1,\n  \"b\": 2\n}\n" },
    { "{}", "a", "1", "{ \"a\": 1 }" },
    { "{\n}\n", "a", "1", "{\n  \"a\": 1\n}\n" },
    { "{ \"a\": {} }", "a.b", "1", "{ \"a\": { \"b\": 1 } }" },
    { "{ \"z\": 1 }", "a.b", "1", "{ \"z\": 1, \"a\": { \"b\": 1 } }" },
    { "{ \"z\": 1 }", "a.0.b", "1", "{ \"z\": 1, \"a\": [{ \"b\": 1 }] }" },
    { "{ \"a\": [] }", "a.0", "1", "{ \"a\": [1] }" },
    { "{ \"a\": [1] }", "a.1", "2", "{ \"a\": [1, 2] }" },
    { "{ \"a\": [\n 1,\n 2\n] }", "a.2", "3", "{ \"a\": [\n 1,\n 2,\n 3\n] }" },
    { "{ \"a\": [1, 2, 3] }", "a.1", "9", "{ \"a\": [1, 9, 3] }" },
    { "{ \"a\": 5 }", "a.b", "1", NULL },
    { "{ \"a\": [] }", "a.b", "1", NULL },
    { "{ \"a\": {} }", "a.0", "1", NULL },
    { "{ \"k\\u0065y\": 5 }", "key", "6", "{ \"k\\u0065y\": 6 }" },
    { "{ \"a\\/\\ud83d\\ude00\": 5 }", "a/\xf0\x9f\x98\x80", "6", "{ \"a\\/\\ud83d\\ude00\": 6 }" },
    { "{ \"a\": \"]}\\\\\", \"b\": 1 }", "b", "2", "{ \"a\": \"]}\\\\\", \"b\": 2 }" },
    { " 7 ", "", "8", " 8 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_json_text_set (rows[i].text, rows[i].path, rows[i].value);

      g_test_message ("%s: %s", rows[i].text, rows[i].path);
      g_assert_cmpstr (text, ==, rows[i].expected);
    }
}

static void
test_remove (void)
{
  static const struct
  {
    const char *text;
    const char *path;
    const char *expected;
  } rows[] = {
    { "{ \"a\": 1, \"b\": 2, \"c\": 3 }", "a", "{ \"b\": 2, \"c\": 3 }" },
    { "{ \"a\": 1, \"b\": 2, \"c\": 3 }", "b", "{ \"a\": 1, \"c\": 3 }" },
    { "{ \"a\": 1, \"b\": 2, \"c\": 3 }", "c", "{ \"a\": 1, \"b\": 2 }" },
    { "{ \"a\": 1 }", "a", "{}" },
    { "{ \"a\": [1, 2] }", "a.0", "{ \"a\": [2] }" },
    { "{ \"a\": [1, 2] }", "a.1", "{ \"a\": [1] }" },
    { "{ \"a\": [1] }", "a.0", "{ \"a\": [] }" },
    { "{\n  \"a\": 1,\n  \"b\": 2\n}\n", "b", "{\n  \"a\": 1\n}\n" },
    { "{ \"a\": 1 }", "b", "{ \"a\": 1 }" },
    { "{ \"a\": 1 }", "a.b", "{ \"a\": 1 }" },
    { "{ \"a\": 1 }", "", "{ \"a\": 1 }" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = lks_json_text_remove (rows[i].text, rows[i].path);

      g_test_message ("%s: %s", rows[i].text, rows[i].path);
      g_assert_cmpstr (text, ==, rows[i].expected);
    }
}

static void
assert_found (const char *path, const char *expected)
{
  g_autofree char *found = NULL;
  gsize start, end;

  g_assert_true (lks_json_text_find (LAID_OUT, path, &start, &end));
  found = g_strndup (LAID_OUT + start, end - start);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_find (void)
{
  gsize start, end;

  assert_found ("name", "\"a \\\"}\\\" b\"");
  assert_found ("list", "[1,2 , {\"x\": null}]");
  assert_found ("list.1", "2");
  assert_found ("list.2.x", "null");
  assert_found ("deep.er.est", "true");
  g_assert_false (lks_json_text_find (LAID_OUT, "list.3", &start, &end));
  g_assert_false (lks_json_text_find (LAID_OUT, "list.x", &start, &end));
  g_assert_false (lks_json_text_find (LAID_OUT, "name.0", &start, &end));
}

static void
test_line (void)
{
  static const char *const paths[] = { "", "", "name", "list", "deep", "" };

  for (guint line = 0; line < G_N_ELEMENTS (paths); line++)
    {
      g_autofree char *path = lks_json_text_path_at_line (LAID_OUT, line);

      g_test_message ("line %u", line);
      g_assert_cmpstr (path, ==, paths[line]);
    }
}

static void
test_follow (void)
{
  g_autoptr (JsonNode) root = json_from_string (LAID_OUT, NULL);

  g_assert_true (lks_json_text_follow (root, "") == root);
  g_assert_true (json_node_get_boolean (lks_json_text_follow (root, "deep.er.est")));
  g_assert_cmpint (json_node_get_int (lks_json_text_follow (root, "list.1")), ==, 2);
  g_assert_null (lks_json_text_follow (root, "list.9"));
  g_assert_null (lks_json_text_follow (root, "name.x"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-text/set", test_set);
  g_test_add_func ("/json-text/remove", test_remove);
  g_test_add_func ("/json-text/find", test_find);
  g_test_add_func ("/json-text/line", test_line);
  g_test_add_func ("/json-text/follow", test_follow);
  return g_test_run ();
}
