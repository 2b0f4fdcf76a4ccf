/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-operator LOCKSMITHCTL: the engineer's PIN and the journal of sign-ins, in a session of
 * the rig with an open keyring. */

#include "said.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *ctl_path;
static char *folder; /* (owned) */

static Said
ctl (const char *arguments)
{
  g_autoptr (GString) expanded = g_string_new (arguments);

  g_string_replace (expanded, "@", folder, 0);
  return said_by (ctl_path, expanded->str);
}

static void
write_file (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_status (const char *arguments, int status)
{
  g_auto (Said) said = ctl (arguments);

  g_assert_cmpint (said.status, ==, status);
  g_assert_null (strstr (said.output, "horse"));
  g_assert_null (strstr (said.errors, "horse"));
}

static void
test_set_pin (void)
{
  write_file ("short", "12345\n");
  write_file ("first", "correct horse\n");
  write_file ("second", "second horse");
  assert_status ("operator set-pin --pin-file @/short", 2);
  assert_status ("operator set-pin --pin=123456", 2);
  assert_status ("operator set-pin --pin-file @/first", 0);

  /* Whoever replaces it has to know it. */
  assert_status ("operator set-pin --pin-file @/second", 2); /* there is no terminal to ask at */
  assert_status ("operator set-pin --pin-file @/second --present-pin-file @/second", 5);
  assert_status ("operator set-pin --pin-file @/second --present-pin-file @/first", 0);
  assert_status ("operator set-pin --pin-file @/first --present-pin-file @/first", 5);
  assert_status ("operator set-pin --pin-file @/first --present-pin-file @/second", 0);
}

/* Whoever waives what only an engineer may proves it with the PIN. There is no board here: what is
 * proven gets as far as that. */
static void
test_waive (void)
{
  static const char line[] = "check --recipe @/recipe.json --waive images --reason tried";
  g_autofree char *nobody = g_strdup (line);
  g_autofree char *wrong = g_strdup_printf ("%s --engineer-pin-file @/second", line);
  g_autofree char *right = g_strdup_printf ("%s --engineer-pin-file @/first", line);
  g_autofree char *told = g_strdup_printf ("%s --engineer-pin=123456", line);

  write_file ("recipe.json", "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\","
                             "\"allowedOsVersions\":[\"24.06\"],\"images\":[],"
                             "\"mayWaive\":[{\"check\":\"images\",\"by\":\"engineer\"}]}");
  assert_status (nobody, 2); /* there is no terminal to ask at */
  assert_status (wrong, 5);
  assert_status (right, 3);
  assert_status (told, 2);
}

static void
test_output (void)
{
  g_autofree char *path = g_build_filename (folder, "engineer.pin", NULL);
  g_autofree char *text = NULL;

  write_file ("first", "correct horse\n");
  assert_status ("operator set-pin --pin-file @/first --output @/engineer.pin", 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "scrypt:"));
  assert_status ("operator set-pin --pin-file @/first --output @/engineer.pin", 2);
}

static void
test_log (void)
{
  g_autofree char *data = g_build_filename (g_get_user_data_dir (), "locksmith", NULL);
  g_autofree char *path = g_build_filename (data, "sign-ins.jsonl", NULL);
  g_auto (Said) none = ctl ("operator log --json");
  g_auto (Said) some = { 0 };
  g_auto (Said) text = { 0 };

  g_assert_cmpint (none.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (said_get_array (&none)), ==, 0);

  g_mkdir_with_parents (data, 0700);
  g_assert_true (g_file_set_contents (path,
                                      "{\"at\":\"2026-11-28T10:00:00Z\",\"event\":\"signed-in\","
                                      "\"name\":\"Ada\\u001b[31m\"}\n{\"at\":\"20",
                                      -1, NULL));
  some = ctl ("operator log --json");
  g_assert_cmpuint (json_array_get_length (said_get_array (&some)), ==, 1);
  text = ctl ("operator log");
  g_assert_nonnull (strstr (text.output, "signed-in  Ada"));
  g_assert_null (strchr (text.output, '\033'));
  assert_status ("operator log --limit 0", 2);
  assert_status ("operator log extra", 2);
  assert_status ("operator", 2);
  assert_status ("operator --help", 0);
}

int
main (int argc, char **argv)
{
  const char *argv_rm[] = { "rm", "-rf", NULL, NULL };
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  ctl_path = argv[1];
  folder = g_dir_make_tmp ("lks-cli-operator-XXXXXX", NULL);
  g_test_add_func ("/cli-operator/log", test_log);
  g_test_add_func ("/cli-operator/set-pin", test_set_pin);
  g_test_add_func ("/cli-operator/waive", test_waive);
  g_test_add_func ("/cli-operator/output", test_output);
  status = g_test_run ();
  argv_rm[2] = folder;
  g_assert_true (g_spawn_sync (NULL, (char **) argv_rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (folder);
  return status;
}
