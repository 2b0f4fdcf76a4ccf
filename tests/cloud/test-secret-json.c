/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cursor.h"
#include "lks-secret-json.h"

#include <string.h>

static const char *const members[] = { "access_token", "refresh_token", NULL };

static LksJson *
parse (const char *text, LksSecret **out_secrets, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return lks_secret_json_parse ("tokens", bytes, 1000, members, out_secrets, error);
}

static void
clear (LksSecret **secrets)
{
  lks_secret_unref (secrets[0]);
  lks_secret_unref (secrets[1]);
}

static void
test_good (void)
{
  LksSecret *secrets[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) json =
      parse ("{ \"expires_in\" : 3599, \"access_token\" : \"a\\/b\\u002dc\",\n"
             "\"inner\": {\"refresh_token\": \"not this\"}, \"list\": [\"access_token\", {}]}",
             secrets, &error);
  JsonObject *root;

  g_assert_no_error (error);
  root = lks_json_get_root_object (json, &error);
  g_assert_cmpstr (lks_secret_get_text (secrets[0]), ==, "a/b-c");
  g_assert_null (secrets[1]);
  g_assert_cmpstr (json_object_get_string_member (root, "access_token"), ==, "");
  g_assert_cmpint (json_object_get_int_member (root, "expires_in"), ==, 3599);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (root, "inner"),
                                                  "refresh_token"),
                   ==, "not this");
  clear (secrets);
}

/* A name that is spelt with escapes is the same name. */
static void
test_escaped_name (void)
{
  LksSecret *secrets[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) json = parse ("{\"access\\u005ftoken\":\"x\"}", secrets, &error);

  g_assert_no_error (error);
  g_assert_nonnull (json);
  g_assert_cmpstr (lks_secret_get_text (secrets[0]), ==, "x");
  clear (secrets);
}

static void
test_other_types (void)
{
  LksSecret *secrets[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksJson) json =
      parse ("{\"access_token\":null,\"refresh_token\":[\"x\"]}", secrets, &error);

  g_assert_no_error (error);
  g_assert_nonnull (json);
  g_assert_null (secrets[0]);
  g_assert_null (secrets[1]);
}

static void
test_bad (void)
{
  static const char *const bad[] = {
    "",
    "{",
    "{\"access_token\"",
    "{\"access_token\":\"x",
    "{\"access_token\":\"x\"",
    "{\"access_token\":\"x\\",
    "{\"access_token\":\"\\q\"}",
    "{\"access_token\":\"a\nb\"}",
    "{\"access_token\":\"\\u12\"}",
    "{\"access_token\":\"\\u0000\"}",
    "{\"access_token\":\"\\u1234\"}",
    "{\"access_token\":\"x\",\"access_token\":\"y\"}",
    "{\"access_token\" \"x\"}",
    "}{\"access_token\":\"x\"}",
    "{\"access_token\":\"x\"}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      LksSecret *secrets[2] = { NULL, NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (bad[i], secrets, &error));
      g_assert_true (error != NULL && error->domain == LKS_PARSE_ERROR);
      g_assert_null (secrets[0]);
    }
}

static void
test_too_large (void)
{
  g_autofree char *filler = g_strnfill (2000, ' ');
  LksSecret *secrets[2] = { NULL, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (filler, secrets, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cloud/secret-json/good", test_good);
  g_test_add_func ("/cloud/secret-json/escaped-name", test_escaped_name);
  g_test_add_func ("/cloud/secret-json/other-types", test_other_types);
  g_test_add_func ("/cloud/secret-json/bad", test_bad);
  g_test_add_func ("/cloud/secret-json/too-large", test_too_large);

  return g_test_run ();
}
