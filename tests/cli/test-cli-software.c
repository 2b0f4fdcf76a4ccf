/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-software LOCKSMITHCTL EMULATOR: runs under the bench with the boards of software.json:
 *
 *   1-1  Blank, with an application and the debug server
 *   1-2  DeviceComplete with fieldServicing stored, and an application that uses Gpio 12
 *   1-3  DeviceComplete with appDevelopment stored
 *   1-4  DeviceComplete */

#include "said.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define BLINK "aaaaaaaa-0000-4000-8000-000000000001"
#define PUMP "aaaaaaaa-0000-4000-8000-000000000003"
#define GDBSERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"
#define NEW "bbbbbbbb-0000-4000-8000-000000000001"
#define OTHER "bbbbbbbb-0000-4000-8000-000000000002"

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

static void
emulator (const char *arguments)
{
  g_autofree char *line =
      g_strdup_printf ("%s --state-dir %s/state", arguments, g_getenv ("LOCKSMITH_BENCH_DIR"));
  g_autoptr (GString) expanded = g_string_new (line);
  g_auto (Said) said = { 0 };

  g_string_replace (expanded, "@", folder, 0);
  said = said_by (emulator_path, expanded->str);
  g_assert_cmpint (said.status, ==, 0);
}

/* FILE.img of an application that asks for some peripherals. */
static void
make_app (const char *file, const char *component_id, const char *peripherals)
{
  g_autofree char *manifest = g_strdup_printf (
      "{\"SchemaVersion\":1,\"Name\":\"%s\",\"ComponentId\":\"%s\",\"EntryPoint\":\"/bin/app\","
      "\"Capabilities\":{%s},\"ApplicationType\":\"Default\"}",
      file, component_id, peripherals);
  g_autofree char *manifest_path = g_strdup_printf ("%s/%s.json", folder, file);
  g_autofree char *program_path = g_build_filename (folder, "program", NULL);
  g_autofree char *line = g_strdup_printf (
      "image --component %s --name %s --manifest %s --program %s --signer production "
      "--output @/%s.img",
      component_id, file, manifest_path, program_path, file);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (manifest_path, manifest, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (program_path, "no program", -1, &error);
  g_assert_no_error (error);
  emulator (line);
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
      g_strdup_printf ("capability --device %s --kind %s --output @/%s", device_id, kind, file);

  emulator (line);
}

/* The error of a board's command: the place of the board stands before the message. */
static void
assert_board_error (const Said *said, int status, const char *domain, const char *code)
{
  JsonObject *error = json_object_get_object_member (said_get_object (said), "error");

  g_assert_cmpint (said->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_nonnull (strstr (said->errors, json_object_get_string_member (error, "advice")));
}

static JsonObject *
find_component (JsonArray *components, const char *id)
{
  for (guint i = 0; i < json_array_get_length (components); i++)
    {
      JsonObject *component = json_array_get_object_element (components, i);

      if (g_str_equal (json_object_get_string_member (component, "componentId"), id))
        return component;
    }

  return NULL;
}

static gboolean
is_installed (const char *port, const char *id)
{
  g_autofree char *line = g_strdup_printf ("image list --board %s --json", port);
  g_auto (Said) said = ctl (line);
  JsonObject *software;

  g_assert_cmpint (said.status, ==, 0);
  software = json_object_get_object_member (said_get_object (&said), "software");
  return find_component (json_object_get_array_member (software, "components"), id) != NULL;
}

static char *
dup_state (const char *id)
{
  g_auto (Said) said = ctl ("app status --board 1-1 --json");
  JsonObject *app;

  g_assert_cmpint (said.status, ==, 0);
  app = find_component (json_object_get_array_member (said_get_object (&said), "applications"), id);
  g_assert_nonnull (app);
  return g_strdup (json_object_get_string_member (app, "state"));
}

/* ---- what makes no sense ---- */

static void
test_usage (void)
{
  static const char *const wrong[] = {
    "image",
    "image explode",
    "app explode",
    "image install --board 1-1",
    "image inspect",
    "image delete --board 1-1",
    "image keep-only --board 1-1",
    "image keep-only --none " BLINK " --board 1-1",
    "image list one --board 1-1",
    "app status one two --board 1-1",
    "app output --lines=-1 --board 1-1",
    "image list",
    "image inspect @/nothing.img",
    "app start Nothing --board 1-1",
    "image delete " NEW " --board 1-1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (Said) said = ctl (wrong[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_cmpstr (said.output, ==, "");
      g_assert_cmpstr (said.errors, !=, "");
    }
}

/* ---- without a board ---- */

static void
test_inspect (void)
{
  g_auto (Said) one = { 0 };
  g_auto (Said) words = { 0 };
  g_auto (Said) both = { 0 };
  g_auto (Said) both_words = { 0 };
  JsonObject *image, *clash;

  make_app ("one", NEW, "\"Gpio\":[8],\"Uart\":[\"$ISU0\"],\"AllowedTcpServerPorts\":[8080]");
  make_app ("two", OTHER, "\"Gpio\":[8]");

  one = ctl ("image inspect @/one.img --json");
  g_assert_cmpint (one.status, ==, 0);
  image = json_array_get_object_element (json_object_get_array_member (said_get_object (&one),
                                                                       "images"),
                                         0);
  g_assert_cmpstr (json_object_get_string_member (image, "file"), ==, "one.img");
  g_assert_cmpstr (json_object_get_string_member (image, "componentId"), ==, NEW);
  g_assert_cmpstr (json_object_get_string_member (image, "signer"), ==, "other");

  words = ctl ("image inspect @/one.img");
  g_assert_nonnull (strstr (words.output, "Gpio 8"));
  g_assert_nonnull (strstr (words.output, "8080"));
  g_assert_nonnull (strstr (words.output, "probably for production"));

  both = ctl ("image inspect @/one.img @/two.img --json");
  g_assert_cmpint (both.status, ==, 1);
  clash = json_array_get_object_element (json_object_get_array_member (said_get_object (&both),
                                                                       "clashes"),
                                         0);
  g_assert_true (json_object_get_boolean_member (clash, "isCertain"));
  g_assert_cmpstr (json_object_get_string_member (clash, "peripheral"), ==, "Gpio 8");
  both_words = ctl ("image inspect @/one.img @/two.img");
  g_assert_nonnull (strstr (both_words.output, "“one” and “two” cannot run together"));
}

static void
test_damaged (void)
{
  g_autofree char *path = g_build_filename (folder, "damaged.img", NULL);
  g_autofree char *whole_path = g_build_filename (folder, "whole.img", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Said) damaged = { 0 };
  g_auto (Said) refused = { 0 };
  g_auto (Said) none = { 0 };
  gsize size;

  make_app ("whole", NEW, "");
  g_assert_true (g_file_get_contents (whole_path, &bytes, &size, &error));
  bytes[100] ^= 0x10;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) size, &error));

  damaged = ctl ("image inspect @/damaged.img --json");
  g_assert_cmpint (damaged.status, ==, 1);
  refused = ctl ("image install @/damaged.img --board 1-1 --json");
  assert_board_error (&refused, 2, "service", "invalid");
  none = ctl ("image inspect @/program --json");
  said_assert_error (&none, 2, "parse", "truncated");
}

/* ---- an open board ---- */

static void
test_list (void)
{
  g_auto (Said) said = ctl ("image list --board 1-1 --json");
  g_auto (Said) words = ctl ("image list --board 1-1");
  g_auto (Said) refused = ctl ("image list --board 1-4 --json");
  JsonArray *components;
  JsonObject *blink;

  g_assert_cmpint (said.status, ==, 0);
  components = json_object_get_array_member (json_object_get_object_member (said_get_object (&said),
                                                                            "software"),
                                             "components");
  blink = json_array_get_object_element (components, 0);
  g_assert_cmpstr (json_object_get_string_member (blink, "name"), ==, "Blink");
  g_assert_cmpstr (json_object_get_string_member (blink, "state"), ==, "running");
  g_assert_cmpint (json_array_get_length (components), >, 2);

  g_assert_true (g_str_has_prefix (words.output, "NAME "));
  g_assert_nonnull (strstr (words.output, BLINK));
  assert_board_error (&refused, 4, "device", "refused");
}

static void
test_app (void)
{
  g_auto (Said) stopped = { 0 };
  g_auto (Said) started = { 0 };
  g_auto (Said) quota = { 0 };
  g_auto (Said) quota_words = { 0 };
  g_auto (Said) memory = { 0 };
  g_auto (Said) memory_words = { 0 };
  g_auto (Said) words = { 0 };
  g_auto (Said) debugger = { 0 };
  g_autofree char *state_stopped = NULL;
  g_autofree char *state_started = NULL;
  JsonObject *storage;

  /* The debug server does not make it ambiguous. */
  stopped = ctl ("app stop --board 1-1");
  g_assert_cmpint (stopped.status, ==, 0);
  state_stopped = dup_state (BLINK);
  g_assert_cmpstr (state_stopped, ==, "stopped");
  started = ctl ("app start Blink --board 1-1 --json");
  g_assert_cmpint (started.status, ==, 0);
  state_started = dup_state (BLINK);
  g_assert_cmpstr (state_started, ==, "running");

  quota = ctl ("app quota " BLINK " --board 1-1 --json");
  storage = json_object_get_object_member (
      json_array_get_object_element (json_object_get_array_member (said_get_object (&quota),
                                                                   "applications"),
                                     0),
      "storage");
  g_assert_cmpint (json_object_get_int_member (storage, "usedKib"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (storage, "limitKib"), ==, 8);
  quota_words = ctl ("app quota --board 1-1");
  g_assert_nonnull (strstr (quota_words.output, "3 of 8 KiB"));

  memory = ctl ("app memory --board 1-1 --json");
  g_assert_cmpint (memory.status, ==, 0);
  g_assert_cmpint (json_object_get_int_member (
                       json_object_get_object_member (said_get_object (&memory), "memory"),
                       "currentBytes"),
                   >, 0);
  memory_words = ctl ("app memory --board 1-1");
  g_assert_true (g_str_has_prefix (memory_words.output, "In use "));
  words = ctl ("app status --board 1-1");
  g_assert_nonnull (strstr (words.output, "running"));

  debugger = ctl ("app start gdbserver --board 1-1 --json");
  assert_board_error (&debugger, 4, "device", "rejected");
}

/* What an application writes, and never what a terminal would obey. */
static void
test_output (void)
{
  g_auto (Said) said = ctl ("app output Blink --lines 4 --board 1-1");
  g_auto (Said) json = ctl ("app output --lines 2 --board 1-1 --json");
  g_autofree char *state = dup_state (BLINK);
  JsonObject *console;

  g_assert_cmpint (said.status, ==, 0);
  g_assert_nonnull (strstr (said.output, "\nline 1\nbell \357\277\275 and \357\277\275[31mred\n"));
  g_assert_cmpint (json.status, ==, 0);
  console = json_object_get_object_member (said_get_object (&json), "console");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (console, "lines")), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (console, "end"), ==, "lines");
  g_assert_cmpstr (state, ==, "running"); /* as it was */
}

/* Nobody but this user can come to the socket, and it goes. */
static GSocketConnection *
connect_debugger (const char *path)
{
  g_autofree char *private = g_path_get_dirname (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;
  GStatBuf info;

  g_assert_cmpint (g_stat (private, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* A debugger of this user lets it run. */
static void
test_debug (void)
{
  g_autofree char *line = g_strdup_printf ("%s app debug --lines 2 --board 1-1", ctl_path);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_autoptr (GDataInputStream) errors =
      g_data_input_stream_new (g_subprocess_get_stderr_pipe (program));
  g_autoptr (GDataInputStream) output =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (program));
  g_autofree char *told = g_data_input_stream_read_line (errors, NULL, NULL, &error);
  g_autoptr (GSocketConnection) debugger = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *state = NULL;
  const char *path;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (told, "Waiting for a debugger; in gdb: target remote /"));
  path = strchr (told, '/');
  debugger = connect_debugger (path);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (debugger)), "$c#63", 5,
                             NULL, NULL, &error);
  g_assert_no_error (error);
  first = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_true (g_str_has_prefix (first, "Remote debugging from host "));
  second = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_true (g_str_has_prefix (second, "line ") || g_str_has_prefix (second, "bell "));
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_true (g_subprocess_get_successful (program));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  state = dup_state (BLINK);
  g_assert_cmpstr (state, ==, "running");
}

/* Ctrl+C while it is held: it is put back all the same. */
static void
test_debug_interrupted (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, ctl_path, "app", "debug", "--board",
                        "1-1", NULL);
  g_autoptr (GDataInputStream) errors =
      g_data_input_stream_new (g_subprocess_get_stderr_pipe (program));
  g_autofree char *told = g_data_input_stream_read_line (errors, NULL, NULL, &error);
  g_autofree char *private = g_path_get_dirname (strchr (told, '/'));
  g_autofree char *state = NULL;

  g_assert_no_error (error);
  g_subprocess_send_signal (program, SIGINT);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_true (g_subprocess_get_successful (program));
  g_assert_false (g_file_test (private, G_FILE_TEST_EXISTS));
  state = dup_state (BLINK);
  g_assert_cmpstr (state, ==, "running");
}

static void
test_install (void)
{
  g_auto (Said) plan = { 0 };
  g_auto (Said) plan_words = { 0 };
  g_auto (Said) installed = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) deleted = { 0 };
  JsonObject *result;

  make_app ("new", NEW, "\"Gpio\":[8]");

  plan = ctl ("image install @/new.img --board 1-1 --dry-run --json");
  g_assert_cmpint (plan.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (said_get_object (&plan), "plan"), "restarts"),
                   ==, "no");
  plan_words = ctl ("image install @/new.img --board 1-1 --dry-run");
  g_assert_cmpstr (plan_words.output, ==, "This can be installed. Nothing was sent.\n");
  g_assert_nonnull (strstr (plan_words.errors, "The board will not restart"));
  g_assert_false (is_installed ("1-1", NEW));

  installed = ctl ("image install @/new.img --board 1-1 --json");
  g_assert_cmpint (installed.status, ==, 0);
  g_assert_nonnull (strstr (installed.errors, "KiB sent"));
  result = json_object_get_object_member (said_get_object (&installed), "result");
  g_assert_false (json_object_get_boolean_member (result, "hasRestarted"));
  g_assert_cmpstr (
      json_object_get_string_member (
          json_array_get_object_element (json_object_get_array_member (result, "installed"), 0),
          "state"),
      ==, "running");
  g_assert_true (is_installed ("1-1", NEW));
  again = ctl ("image install @/new.img --board 1-1");
  g_assert_cmpint (again.status, ==, 0);
  g_assert_cmpstr (again.output, ==, "new: installed, running\n");
  g_assert_nonnull (strstr (again.errors, "This very image is installed already"));

  deleted = ctl ("image keep-only " BLINK " " GDBSERVER " --board 1-1");
  g_assert_cmpint (deleted.status, ==, 0);
  g_assert_cmpstr (deleted.output, ==, "new: deleted\n");
  g_assert_false (is_installed ("1-1", NEW));
}

/* ---- finished boards ---- */

/* What restarts the board says so first, and does not happen without being allowed. */
static void
test_restart (void)
{
  g_auto (Said) plan = { 0 };
  g_auto (Said) refused = { 0 };
  g_auto (Said) installed = { 0 };
  g_auto (Said) kept = { 0 };
  g_auto (Said) deleted = { 0 };

  make_app ("valve", NEW, "\"Gpio\":[8]");

  plan = ctl ("image install @/valve.img --board 1-2 --dry-run --json");
  g_assert_cmpint (plan.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (said_get_object (&plan), "plan"), "restarts"),
                   ==, "yes");
  refused = ctl ("image install @/valve.img --board 1-2 --json");
  assert_board_error (&refused, 5, "service", "unsafe");
  g_assert_nonnull (strstr (refused.errors, "valve: The board will restart. "));
  g_assert_false (is_installed ("1-2", NEW));

  installed = ctl ("image install @/valve.img --board 1-2 --allow-restart");
  g_assert_cmpint (installed.status, ==, 0);
  g_assert_nonnull (strstr (installed.output, "valve: installed, running\n"));
  g_assert_nonnull (strstr (installed.output, "The board has restarted.\n"));

  kept = ctl ("image delete " NEW " --board 1-2 --json");
  assert_board_error (&kept, 5, "service", "unsafe");
  deleted = ctl ("image delete " NEW " --board 1-2 --allow-restart --json");
  g_assert_cmpint (deleted.status, ==, 0);
  g_assert_false (is_installed ("1-2", NEW));
  g_assert_true (is_installed ("1-2", PUMP));
}

/* A finished board never gets a stored capability, whatever is allowed. */
static void
test_guard (void)
{
  g_auto (Said) plan = { 0 };
  g_auto (Said) said = { 0 };

  make_key ("open.cap", "1-2", "appDevelopment");

  plan = ctl ("image install @/open.cap --board 1-2 --dry-run --json");
  g_assert_cmpint (plan.status, ==, 5);
  said = ctl ("image install @/open.cap --board 1-2 --force --allow-restart --json");
  assert_board_error (&said, 5, "service", "unsafe");
}

/* The way out for one that has it. */
static void
test_remove_capability (void)
{
  g_auto (Said) wrong = { 0 };
  g_auto (Said) removed = { 0 };
  g_auto (Said) status = { 0 };
  g_auto (Said) locked = { 0 };

  make_key ("none.cap", "1-3", "none");
  make_key ("some.cap", "1-3", "fieldServicing");

  wrong = ctl ("image remove-capability @/some.cap --board 1-3 --json");
  assert_board_error (&wrong, 2, "service", "invalid");
  removed = ctl ("image remove-capability @/none.cap --board 1-3");
  g_assert_cmpint (removed.status, ==, 0);
  g_assert_nonnull (strstr (removed.output, "The board has restarted.\n"));
  status = ctl ("status --board 1-3");
  g_assert_nonnull (strstr (status.output, "none"));
  locked = ctl ("image list --board 1-3 --json");
  assert_board_error (&locked, 4, "device", "refused");
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
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
  g_setenv ("XDG_DATA_HOME", folder, TRUE); /* what is known of packages stays here */

  g_test_add_func ("/cli/software/usage", test_usage);
  g_test_add_func ("/cli/software/inspect", test_inspect);
  g_test_add_func ("/cli/software/damaged", test_damaged);
  g_test_add_func ("/cli/software/list", test_list);
  g_test_add_func ("/cli/software/app", test_app);
  g_test_add_func ("/cli/software/output", test_output);
  g_test_add_func ("/cli/software/debug", test_debug);
  g_test_add_func ("/cli/software/debug/interrupted", test_debug_interrupted);
  g_test_add_func ("/cli/software/install", test_install);
  g_test_add_func ("/cli/software/restart", test_restart);
  g_test_add_func ("/cli/software/guard", test_guard);
  g_test_add_func ("/cli/software/remove-capability", test_remove_capability);

  result = g_test_run ();
  remove_folder (folder);
  g_free (folder);
  return result;
}
