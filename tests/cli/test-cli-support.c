/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-support LOCKSMITHCTL DEFINITIONS TRACE: runs under the bench with the boards of
 * support.json:
 *
 *   1-1  open, joined “Pump Room”        1-3  updates itself for six seconds
 *   1-2  locked                          1-4  updates itself for ever
 *   1-5  open; its cable is pulled */

#include "bench-control.h"
#include "cli-program.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *scratch; /* a folder of this test */
static const char *trace_path;
static gsize trace_begin; /* what is before is of another run */

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

  bench_control_tell ("{\"command\":\"fault\",\"board\":0,\"fault\":{\"kind\":\"reset-in-body\","
                      "\"path\":\"/log\",\"afterBytes\":500}}");
  said = cli_program_run ("log save %s -b 1-1 --json", path);
  bench_control_tell ("{\"command\":\"clear\",\"board\":0}");
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
    "support",
    "support save",
    "support save x --messages /nonexistent",
    "support preview x",
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

/* ---- support bundle; another program unpacks it ---- */

static char *
unzip (const char *path, const char *name)
{
  const char *const words[] = { "unzip", "-p", path, name, NULL };
  g_autoptr (GSubprocess) program = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize size;

  g_subprocess_communicate (program, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (program));
  contents = g_bytes_unref_to_data (g_steal_pointer (&output), &size);
  for (gsize i = 0; i < size; i++) /* so that binary files can be searched as text */
    contents[i] = contents[i] != '\0' ? contents[i] : ' ';
  return g_strndup (contents, size);
}

static void
assert_whole (const char *path)
{
  const char *const words[] = { "unzip", "-qt", path, NULL };
  g_autoptr (GSubprocess) program =
      g_subprocess_newv (words, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL);

  g_assert_true (g_subprocess_wait_check (program, NULL, NULL));
}

static JsonObject *
find_entry (const Said *said, const char *name)
{
  JsonObject *bundle = said_get_object (said, "bundle");
  JsonArray *entries = json_object_get_array_member (bundle, "entries");

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      if (g_str_equal (json_object_get_string_member (entry, "name"), name))
        return entry;
    }

  g_error ("no entry %s", name);
}

static void
test_support_save (void)
{
  g_autofree char *path = in_scratch ("bundle.zip");
  g_auto (Said) said = cli_program_run ("support save %s -b 1-1 --messages @ --json", path);
  g_autofree char *bytes = read_private (path, NULL);
  g_autofree char *contents = NULL;
  g_autofree char *log = NULL;
  g_autofree char *raw = NULL;
  g_autofree char *board = NULL;
  g_autofree char *link = NULL;

  g_assert_cmpint (said.status, ==, 0);
  assert_whole (path);
  contents = unzip (path, "contents.json");
  g_assert_nonnull (strstr (contents, "\"name\" : \"Locksmith\""));
  log = unzip (path, "log.txt");
  g_assert_nonnull (strstr (log, "networkd(78): Connected to a network (SSID: Pump Room)\n"));
  raw = unzip (path, "log.bin");
  g_assert_cmpuint (strlen (raw), ==,
                    json_object_get_int_member (find_entry (&said, "log.bin"), "sizeBytes"));
  g_assert_nonnull (strstr (raw, "Pump Room"));
  board = unzip (path, "board.json");
  g_assert_nonnull (strstr (board, "\"manufacturingState\""));
  g_assert_nonnull (strstr (board, "\"peripheralLock\""));
  g_assert_nonnull (
      strstr (board, json_object_get_string_member (said_get_object (&said, NULL), "deviceId")));
  link = unzip (path, "link.json");
  g_assert_nonnull (strstr (link, "\"receivedBytes\""));
}

static void
test_support_hidden (void)
{
  g_autofree char *path = in_scratch ("hidden.zip");
  g_auto (Said) said = cli_program_run ("support save %s -b 1-1 --messages @ --hide-network-names "
                                        "--hide-hardware-addresses --json",
                                        path);
  g_autofree char *everything = unzip (path, "*");
  g_autofree char *log = unzip (path, "log.txt");

  g_assert_cmpint (said.status, ==, 0);
  assert_whole (path);
  g_assert_nonnull (strstr (everything, "network-1"));
  g_assert_null (strstr (everything, "Pump"));
  g_assert_null (strstr (everything, "pumps"));
  g_assert_false (
      g_regex_match_simple ("[0-9a-f]{2}(:[0-9a-f]{2}){5}", everything, G_REGEX_CASELESS, 0));
  g_assert_nonnull (strstr (log, "networkd(78): Connected to a network (SSID: xxxxxxxxx)\n"));
  g_assert_true (
      json_object_get_object_member (find_entry (&said, "telemetry.error.json"), "error") != NULL);
}

static void
test_support_locked (void)
{
  g_autofree char *path = in_scratch ("locked.zip");
  g_auto (Said) said = cli_program_run ("support save %s -b 1-2", path);
  g_autofree char *reason = unzip (path, "log.error.json");

  g_assert_cmpint (said.status, ==, 0);
  g_assert_nonnull (strstr (reason, "\"refused\""));
  g_assert_nonnull (strstr (reason, "open a session"));
  g_assert_nonnull (strstr (said.output, "missing: GET /log: answer 403"));
}

static void
test_support_preview (void)
{
  g_auto (Said) said = cli_program_run ("support preview -b 1-1");

  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (g_str_has_prefix (said.output, "contents.json "));
  g_assert_nonnull (strstr (said.output, "holds network names, hardware addresses"));
}

/* The fifth board has told its log, was asked for the next, and will be silent then. */
static void
pull_after_log (void)
{
  for (;;)
    {
      g_autofree char *trace = NULL;

      g_assert_true (g_file_get_contents (trace_path, &trace, NULL, NULL));
      if (g_regex_match_simple ("\"board\":4,[^\n]*\"/telemetry\"", trace + trace_begin, 0, 0))
        break;
      g_usleep (20 * 1000);
    }
  bench_control_tell ("{\"command\":\"unplug\",\"board\":4}");
}

/* The cable goes when the log was read: it is kept, and the exit status tells. */
static void
test_support_vanishes (void)
{
  g_autofree char *path = in_scratch ("partly.zip");
  g_auto (Said) said = { 0 };
  g_autofree char *log = NULL;
  g_autofree char *rest = NULL;

  bench_control_tell ("{\"command\":\"fault\",\"board\":4,\"fault\":{\"kind\":\"no-answer\","
                      "\"path\":\"/images\"}}");
  said = cli_program_run_and (pull_after_log, "support save %s -b 1-5 --json", path);
  bench_control_tell ("{\"command\":\"clear\",\"board\":4}");
  bench_control_tell ("{\"command\":\"plug\",\"board\":4}");
  g_assert_cmpint (said.status, ==, 4);
  g_assert_false (json_object_get_null_member (said_get_object (&said, NULL), "error"));
  find_entry (&said, "certificates.error.json");
  assert_whole (path);
  log = unzip (path, "log.txt");
  g_assert_nonnull (strstr (log, "networkd(1): "));
  rest = unzip (path, "certificates.error.json");
  g_assert_nonnull (strstr (rest, "\"advice\""));
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
  g_autofree char *trace = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  cli_program_init (argv[1], argv[2]);
  trace_path = argv[3];
  g_assert_true (g_file_get_contents (trace_path, &trace, &trace_begin, NULL));
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
  g_test_add_func ("/cli-support/bundle/save", test_support_save);
  g_test_add_func ("/cli-support/bundle/hidden", test_support_hidden);
  g_test_add_func ("/cli-support/bundle/locked", test_support_locked);
  g_test_add_func ("/cli-support/bundle/preview", test_support_preview);
  g_test_add_func ("/cli-support/bundle/vanishes", test_support_vanishes);

  result = g_test_run ();
  remove_scratch ();
  return result;
}
