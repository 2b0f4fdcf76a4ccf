/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-support LOCKSMITHCTL DEFINITIONS: runs under the bench with the boards of support.json:
 *
 *   1-1  open, joined “Pump Room”        1-3  updates itself for six seconds
 *   1-2  locked                          1-4  updates itself for ever */

#include "cli-program.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *scratch; /* a folder of this test */

static char *
in_scratch (const char *name)
{
  return g_build_filename (scratch, name, NULL);
}

static char *
read_private (const char *path, gsize *out_size)
{
  g_autoptr (GError) error = NULL;
  struct stat info;
  char *contents;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &contents, out_size, &error));
  return contents;
}

static void
test_log_save (void)
{
  g_autofree char *raw_path = in_scratch ("log.bin");
  g_autofree char *text_path = in_scratch ("log.txt");
  g_auto (Said) raw = cli_program_run ("log save %s -b 1-1 --json", raw_path);
  g_auto (Said) text = cli_program_run ("log save %s -b 1-1 --format text --messages @", text_path);
  g_auto (Said) again = { 0 };
  g_autofree char *raw_log = NULL;
  g_autofree char *text_log = NULL;
  gsize size;

  g_assert_cmpint (raw.status, ==, 0);
  g_assert_cmpint (json_object_get_int_member (said_get_object (&raw, "saved"), "records"), >, 10);
  raw_log = read_private (raw_path, &size);
  g_assert_cmpuint (size % 4096, ==, 0);

  g_assert_cmpint (text.status, ==, 0);
  g_assert_true (g_str_has_prefix (text.output, "Saved a log of "));
  text_log = read_private (text_path, NULL);
  g_assert_nonnull (strstr (text_log, "networkd(78): Connected to a network (SSID: Pump Room)\n"));

  /* A saved log tells the same, without any board. */
  again = cli_program_run ("log show --file %s --messages @", raw_path);
  g_assert_cmpint (again.status, ==, 0);
  g_assert_cmpstr (again.output, ==, text_log);
}

static void
test_log_show (void)
{
  g_auto (Said) plain = cli_program_run ("log show -b 1-1");
  g_auto (Said) grave = cli_program_run ("log show -b 1-1 --priority Error");
  g_auto (Said) json = cli_program_run ("log show -b 1-1 --json");
  JsonObject *log = said_get_object (&json, "log");

  g_assert_cmpint (plain.status, ==, 0);
  g_assert_true (g_str_has_prefix (plain.output, "[    0.812000] Info appman_init(1):\n"));
  g_assert_cmpint (grave.status, ==, 0);
  g_assert_cmpstr (grave.output, ==, "");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (log, "records")), >, 10);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (log, "problems")), ==, 0);
}

/* What was there stays there when there is nothing better. */
static void
test_log_refused (void)
{
  g_autofree char *path = in_scratch ("kept");
  g_auto (Said) said = { 0 };
  g_autofree char *kept = NULL;

  g_assert_true (g_file_set_contents (path, "older", -1, NULL));
  said = cli_program_run ("log save %s -b 1-2 --json", path);
  said_assert_error (&said, 4, "device", "refused");
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "older");
}

static void
test_log_lost (void)
{
  g_autofree char *path = in_scratch ("lost");
  g_auto (Said) said = { 0 };

  cli_tell_bench ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"reset-in-body\","
                  "\"path\":\"/log\",\"afterBytes\":500}}");
  said = cli_program_run ("log save %s -b 1-1 --json", path);
  cli_tell_bench ("{\"command\":\"clear\",\"board\":0}");
  said_assert_error (&said, 4, "device", "lost");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_usage (void)
{
  static const char *const lines[] = {
    "log",
    "log save",
    "log save a b",
    "log save x --format pdf",
    "log save x --messages @",
    "log show --priority loud",
    "log show --file /nonexistent",
    "log show --messages /nonexistent",
    "telemetry",
    "telemetry save",
    "telemetry clear now",
    "restart --limit 0",
    "restart now",
    "ota --limit 100000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Said) said = cli_program_run ("%s", lines[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_cmpstr (said.output, ==, "");
      g_assert_cmpstr (said.errors, !=, "");
    }
}

static void
test_telemetry (void)
{
  g_autofree char *path = in_scratch ("telemetry.bin");
  g_auto (Said) saved = cli_program_run ("telemetry save %s -b 1-1 --json", path);
  g_auto (Said) cleared = cli_program_run ("telemetry clear -b 1-1 --json");
  g_auto (Said) refused = cli_program_run ("telemetry clear -b 1-2 --json");
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_cmpint (saved.status, ==, 0);
  g_assert_cmpint (json_object_get_int_member (said_get_object (&saved, "saved"), "dataBytes"), ==,
                   300);
  bytes = read_private (path, &size);
  g_assert_cmpuint (size, ==, 305);
  g_assert_cmpint (cleared.status, ==, 0);
  g_assert_cmpint (json_object_get_int_member (said_get_object (&cleared, NULL), "clearedBytes"),
                   ==, 300);
  said_assert_error (&refused, 4, "device", "refused");
}

static void
test_restart (void)
{
  g_auto (Said) proven = cli_program_run ("restart -b 1-1 --wait --json");
  g_auto (Said) refused = cli_program_run ("restart -b 1-2 --json");
  JsonObject *restart = said_get_object (&proven, "restart");

  g_assert_cmpint (proven.status, ==, 0);
  g_assert_true (json_object_get_boolean_member (restart, "proven"));
  g_assert_cmpint (json_object_get_int_member (restart, "uptimeBefore"), >=, 5000);
  g_assert_cmpint (json_object_get_int_member (restart, "uptimeAfter"), <, 5000);
  said_assert_error (&refused, 4, "device", "refused");
}

static void
test_ota (void)
{
  g_auto (Said) now = cli_program_run ("ota -b 1-4 --json");
  g_auto (Said) overdue = cli_program_run ("ota -b 1-4 --wait --limit 1 --json");
  g_auto (Said) over = cli_program_run ("ota -b 1-3 --wait --limit 100 --json");

  g_assert_cmpint (now.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&now, "update"), "state"), ==,
                   "in-progress");
  said_assert_error (&overdue, 4, "service", "overdue");
  g_assert_cmpint (over.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&over, "update"), "state"), ==,
                   "none");
}

static void
remove_scratch (void)
{
  const char *const command[] = { "rm", "-rf", scratch, NULL };

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_clear_pointer (&scratch, g_free);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  cli_program_init (argv[1], argv[2]);
  scratch = g_dir_make_tmp ("lks-cli-support-XXXXXX", &error);
  g_assert_no_error (error);

  g_test_add_func ("/cli-support/log/save", test_log_save);
  g_test_add_func ("/cli-support/log/show", test_log_show);
  g_test_add_func ("/cli-support/log/refused", test_log_refused);
  g_test_add_func ("/cli-support/log/lost", test_log_lost);
  g_test_add_func ("/cli-support/usage", test_usage);
  g_test_add_func ("/cli-support/telemetry", test_telemetry);
  g_test_add_func ("/cli-support/restart", test_restart);
  g_test_add_func ("/cli-support/ota", test_ota);

  result = g_test_run ();
  remove_scratch ();
  return result;
}
