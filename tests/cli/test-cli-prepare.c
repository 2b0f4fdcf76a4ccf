/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-prepare LOCKSMITHCTL EMULATOR: runs with an open keyring and under the bench with the
 * boards of prepare.json:
 *
 *   1-1  Module1Complete, with an application
 *   1-2  DeviceComplete */

#include "said.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *ctl_path;
static const char *emulator_path;
static char *folder; /* (owned): with the files that are given to the program */

static Said
ctl (const char *arguments)
{
  g_autoptr (GString) expanded = g_string_new (arguments);

  g_string_replace (expanded, "@", folder, 0);
  return said_by (ctl_path, expanded->str);
}

static char *
dup_device_id (const char *port)
{
  g_autofree char *line = g_strdup_printf ("status --board %s --json", port);
  g_auto (Said) said = ctl (line);
  JsonObject *board = JSON_NODE_HOLDS_ARRAY (said.json)
                          ? json_array_get_object_element (said_get_array (&said), 0)
                          : said_get_object (&said);

  return g_strdup (json_object_get_string_member (board, "deviceId"));
}

static void
make_key (const char *file, const char *port, const char *kind)
{
  g_autofree char *device_id = dup_device_id (port);
  g_autofree char *line =
      g_strdup_printf ("capability --device %s --kind %s --output %s/%s --state-dir %s/state",
                       device_id, kind, folder, file, g_getenv ("LOCKSMITH_BENCH_DIR"));
  g_auto (Said) said = said_by (emulator_path, line);

  g_assert_cmpint (said.status, ==, 0);
}

static JsonObject *
get_preparation (const Said *said)
{
  return json_object_get_object_member (said_get_object (said), "preparation");
}

/* The states of all sub-steps, in order. */
static char *
dup_states (const Said *said)
{
  JsonArray *steps = json_object_get_array_member (get_preparation (said), "steps");
  g_autoptr (GString) states = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (steps); i++)
    g_string_append_printf (states, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (steps, i),
                                                           "state"));
  return g_string_free (g_steal_pointer (&states), FALSE);
}

static void
assert_states (const Said *said, const char *expected)
{
  g_autofree char *states = dup_states (said);

  g_assert_cmpstr (states, ==, expected);
}

static void
assert_code (const Said *said, int status, const char *domain, const char *code)
{
  JsonObject *error = json_object_get_object_member (said_get_object (said), "error");

  g_assert_cmpint (said->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
}

static void
assert_done (const Said *said)
{
  g_assert_cmpint (said->status, ==, 0);
  g_assert_true (json_object_get_null_member (said_get_object (said), "error"));
}

static void
test_usage (void)
{
  static const char *const wrong[] = {
    "prepare",
    "prepare production",
    "prepare development one --board 1-1",
    "prepare development --board 1-1 --limit 0",
    "prepare cloud-test --board 1-1 --dry-run --put-back",
    "prepare development --board 1-1 --capability @/nothing.cap",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (Said) said = ctl (wrong[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_cmpstr (said.output, ==, "");
      g_assert_cmpstr (said.errors, !=, "");
    }
}

static void
test_dry_run (void)
{
  g_auto (Said) said = ctl ("prepare cloud-test --board 1-1 --dry-run --json");
  g_auto (Said) words = ctl ("prepare cloud-test --board 1-1 --dry-run");

  assert_done (&said);
  assert_states (&said, "done waiting waiting waiting waiting waiting");
  g_assert_cmpint (words.status, ==, 0);
  g_assert_nonnull (strstr (words.output, "waiting  Delete the applications: Will be deleted: "
                                          "Blink\n"));
}

/* There and back, with files that are named; what is missing is named, too. */
static void
test_files (void)
{
  g_auto (Said) missing = { 0 };
  g_auto (Said) wrong = { 0 };
  g_auto (Said) done = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) stuck = { 0 };
  g_auto (Said) back = { 0 };

  make_key ("open.cap", "1-1", "appDevelopment");
  make_key ("none.cap", "1-1", "none");
  missing = ctl ("prepare development --board 1-1 --json");
  assert_code (&missing, 2, "service", "invalid");
  assert_states (&missing, "done failed waiting waiting waiting waiting");
  g_assert_nonnull (strstr (missing.errors, "the vault has no appDevelopment"));
  wrong = ctl ("prepare development --board 1-1 --capability @/none.cap --json");
  assert_code (&wrong, 2, "service", "invalid");

  done = ctl ("prepare development --board 1-1 --capability @/open.cap --json");
  assert_done (&done);
  assert_states (&done, "done done nothing done done by-hand");
  g_assert_true (json_object_get_boolean_member (get_preparation (&done), "isDone"));
  again = ctl ("prepare development --board 1-1");
  g_assert_cmpint (again.status, ==, 0);
  g_assert_nonnull (strstr (again.output, "nothing  Apply the capability file"));

  stuck = ctl ("prepare development --board 1-1 --put-back --json");
  assert_code (&stuck, 2, "service", "invalid");
  g_assert_nonnull (strstr (stuck.errors, "the empty capability file"));
  back = ctl ("prepare development --board 1-1 --put-back --capability @/none.cap --json");
  assert_done (&back);
  assert_states (&back, "waiting waiting waiting back waiting by-hand");
}

/* The vault has the key; the empty file that takes it away is never there. */
static void
test_vault (void)
{
  g_auto (Said) imported = { 0 };
  g_auto (Said) done = { 0 };
  g_auto (Said) missing = { 0 };
  g_auto (Said) cloud = { 0 };
  g_auto (Said) back = { 0 };
  g_auto (Said) software = { 0 };

  make_key ("open.cap", "1-1", "appDevelopment");
  make_key ("none.cap", "1-1", "none");
  imported = ctl ("capability import @/open.cap --json");
  g_assert_cmpint (imported.status, ==, 0);
  done = ctl ("prepare development --board 1-1 --json");
  assert_done (&done);
  assert_states (&done, "done done nothing done done by-hand");

  missing = ctl ("prepare cloud-test --board 1-1 --json");
  assert_code (&missing, 2, "service", "invalid");
  cloud = ctl ("prepare cloud-test --board 1-1 --capability @/none.cap --json");
  assert_done (&cloud);
  assert_states (&cloud, "done done done done done by-hand");
  back = ctl ("prepare cloud-test --board 1-1 --put-back --json");
  assert_done (&back);
  assert_states (&back, "waiting waiting stays back waiting by-hand");
  software = ctl ("image list --board 1-1");
  g_assert_null (strstr (software.output, "Blink"));
}

/* A finished board never gets a stored capability, and the vault is not even asked. */
static void
test_finished (void)
{
  g_auto (Said) said = { 0 };
  g_auto (Said) locked = ctl ("prepare cloud-test --board 1-2 --json");

  make_key ("finished.cap", "1-2", "appDevelopment");
  said = ctl ("prepare development --board 1-2 --capability @/finished.cap --json");
  assert_code (&said, 5, "service", "unsafe");
  g_assert_nonnull (strstr (said.errors, "servicing session"));
  assert_code (&locked, 4, "device", "refused");
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_unlink (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  ctl_path = argv[1];
  emulator_path = argv[2];
  folder = g_dir_make_tmp ("locksmith-cli-XXXXXX", &error);
  g_assert_no_error (error);

  g_test_add_func ("/cli/prepare/usage", test_usage);
  g_test_add_func ("/cli/prepare/dry-run", test_dry_run);
  g_test_add_func ("/cli/prepare/files", test_files);
  g_test_add_func ("/cli/prepare/vault", test_vault);
  g_test_add_func ("/cli/prepare/finished", test_finished);

  result = g_test_run ();
  remove_folder (folder);
  g_free (folder);
  return result;
}
