/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli LOCKSMITHCTL FOLDER [trouble]: runs under the bench with the boards of boards.json
 * plugged in:
 *
 *   1-1  Module1Complete, device ID …1beef        1-4  an adapter with a blank EEPROM
 *   1-2  Module1Complete, device ID …2beef
 *   1-3  DeviceComplete, device ID …3cafe         1-5  Module1Complete, device ID …4f00d */

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define N_BOARDS 5

/* Two equal USB serials, on purpose: a place is not a serial. */
#define SERIAL_OF_TWO "AS000001"

static const char *ctl_path;
static const char *folder; /* with the recipes */

/* ---- what the program said ---- */

typedef struct
{
  int status;
  char *output;
  char *errors;
  JsonNode *json; /* (nullable): when --json was given */
} Said;

static void
said_clear (Said *self)
{
  g_free (self->output);
  g_free (self->errors);
  g_clear_pointer (&self->json, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static void
finish (GSubprocess *program, gboolean json, Said *out_said)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (program, NULL, NULL, &out_said->output, &out_said->errors, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (program));
  out_said->status = g_subprocess_get_exit_status (program);

  /* One document and nothing else; json_from_string() refuses a second one. */
  if (json)
    {
      out_said->json = json_from_string (out_said->output, &error);
      g_assert_no_error (error);
      g_assert_nonnull (out_said->json);
    }
}

/* "@" stands for the folder with the recipes. */
static GSubprocess *
start (const char *line)
{
  g_autofree char *command = g_strdup_printf ("%s %s", ctl_path, line);
  g_autoptr (GString) expanded = g_string_new (command);
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *program;

  g_string_replace (expanded, "@", folder, 0);
  g_assert_true (g_shell_parse_argv (expanded->str, NULL, &words, &error));
  program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  return program;
}

static Said
run (const char *line)
{
  g_autoptr (GSubprocess) program = start (line);
  Said said = { 0 };

  finish (program, strstr (line, "--json") != NULL, &said);
  g_test_message ("locksmithctl %s: %d\n%s%s", line, said.status, said.output, said.errors);
  return said;
}

static JsonObject *
get_object (const Said *said)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (said->json));
  return json_node_get_object (said->json);
}

static JsonArray *
get_array (const Said *said)
{
  g_assert_true (JSON_NODE_HOLDS_ARRAY (said->json));
  return json_node_get_array (said->json);
}

static void
assert_error (const Said *said, int status, const char *domain, const char *code)
{
  JsonObject *error = json_object_get_object_member (get_object (said), "error");

  g_assert_cmpint (said->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_nonnull (json_object_get_string_member (error, "message"));
  g_assert_nonnull (json_object_get_string_member (error, "advice"));
  g_assert_true (g_str_has_prefix (said->errors, "locksmithctl: "));
}

/* ---- the boards ---- */

static char *
ask_emulator (const char *request)
{
  g_autofree char *path = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "control", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strdup_printf ("%s\n", request);
  g_autofree char *answer = NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                             strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (answer, "true"));
  return g_steal_pointer (&answer);
}

G_GNUC_PRINTF (1, 2)
static void
tell_emulator (const char *format, ...)
{
  g_autofree char *request = NULL;
  g_autofree char *answer = NULL;
  va_list args;

  va_start (args, format);
  request = g_strdup_vprintf (format, args);
  va_end (args);
  answer = ask_emulator (request);
}

/* The one fault of a board, NULL for none. */
static void
set_fault (guint board, const char *kind)
{
  tell_emulator ("{\"command\": \"clear\", \"board\": %u}", board);
  if (kind != NULL)
    tell_emulator ("{\"command\": \"fault\", \"board\": %u, \"fault\": {\"kind\": \"%s\"}}", board,
                   kind);
}

/* ---- list and status ---- */

static void
test_list_json (void)
{
  static const char *const keys[] = {
    "port",         "usbSerial",      "adapter",         "deviceId",
    "capabilities", "peripheralLock", "capabilityNames", "manufacturingState",
    "osVersion",    "uptimeSeconds",  "restApiVersion",  "peripheralLockReason",
    "session",      "error",
  };
  static const char *const adapters[N_BOARDS] = { "board", "board", "board", "not-programmed",
                                                  "board" };
  g_auto (Said) said = run ("list --json");
  JsonArray *boards = get_array (&said);

  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpstr (said.errors, ==, "");
  g_assert_cmpuint (json_array_get_length (boards), ==, N_BOARDS);
  for (guint i = 0; i < N_BOARDS; i++)
    {
      JsonObject *board = json_array_get_object_element (boards, i);
      g_autofree char *port = g_strdup_printf ("1-%u", i + 1);

      for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
        g_assert_true (json_object_has_member (board, keys[k]));
      g_assert_cmpstr (json_object_get_string_member (board, "port"), ==, port);
      g_assert_cmpstr (json_object_get_string_member (board, "adapter"), ==, adapters[i]);
      g_assert_true (json_object_get_null_member (board, "session"));
      g_assert_true (json_object_get_null_member (board, "error") == (i != 3));
    }
}

static void
test_list_table (void)
{
  g_auto (Said) said = run ("list");
  g_auto (GStrv) lines = g_strsplit (said.output, "\n", -1);

  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + N_BOARDS + 1);
  g_assert_true (g_str_has_prefix (lines[0], "PORT "));
  g_assert_true (g_str_has_prefix (lines[1], "1-1 "));
  g_assert_nonnull (strstr (lines[1], "Module1Complete"));
  g_assert_nonnull (strstr (lines[3], "DeviceComplete"));
  g_assert_nonnull (strstr (lines[4], "not-programmed"));
}

static void
test_status_json (void)
{
  g_auto (Said) said = run ("status --board 1-3 --json");
  JsonObject *board = get_object (&said);

  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpstr (said.errors, ==, "");
  g_assert_cmpstr (json_object_get_string_member (board, "port"), ==, "1-3");
  g_assert_true (g_str_has_suffix (json_object_get_string_member (board, "deviceId"), "3cafe"));
  g_assert_cmpstr (json_object_get_string_member (board, "manufacturingState"), ==,
                   "DeviceComplete");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (board, "capabilities")),
                    ==, 0);
  g_assert_true (json_object_get_null_member (board, "error"));
}

static void
test_status_all (void)
{
  g_auto (Said) said = run ("status --json");
  g_auto (Said) two = run ("status --board 1-1 --board 1-2 --board 1-1 --json");

  /* One of them has a problem. */
  g_assert_cmpint (said.status, ==, 4);
  g_assert_cmpuint (json_array_get_length (get_array (&said)), ==, N_BOARDS);
  g_assert_cmpint (two.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (get_array (&two)), ==, 2);
}

static void
test_status_panel (void)
{
  g_auto (Said) said = run ("status --board 1-1");

  g_assert_cmpint (said.status, ==, 0);
  g_assert_true (g_str_has_prefix (said.output, "Board at 1-1\n"));
  g_assert_nonnull (strstr (said.output, "Module1Complete"));
  g_assert_nonnull (strstr (said.output, "1beef\n"));
}

static void
test_status_trouble (void)
{
  g_auto (Said) blank = run ("status --board 1-4 --json");
  g_auto (Said) mute = { 0 };
  JsonObject *error;

  set_fault (4, "refuse-connection");
  mute = run ("status --board 1-5 --json");
  set_fault (4, NULL);

  g_assert_cmpint (blank.status, ==, 4);
  error = json_object_get_object_member (get_object (&blank), "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "not-programmed");
  g_assert_cmpint (mute.status, ==, 4);
  error = json_object_get_object_member (get_object (&mute), "error");
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, "device");
}

/* What the window's preferences call a board is one here, too. */
static void
test_extra_products (void)
{
  g_autofree char *config_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "config", NULL);
  g_autofree char *settings_dir = g_build_filename (config_dir, "glib-2.0", "settings", NULL);
  g_autofree char *keyfile = g_build_filename (settings_dir, "keyfile", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Said) said = { 0 };

  g_assert_cmpint (g_mkdir_with_parents (settings_dir, 0700), ==, 0);
  g_file_set_contents (keyfile,
                       "[io/github/locksmith/Locksmith]\n"
                       "extra-products=['Quad RS232-HS']\n",
                       -1, &error);
  g_assert_no_error (error);

  g_setenv ("XDG_CONFIG_HOME", config_dir, TRUE);
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  said = run ("list --json");
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_unsetenv ("XDG_CONFIG_HOME");

  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (get_array (&said),
                                                                                 3),
                                                  "adapter"),
                   ==, "board");
}

/* ---- which board ---- */

static void
assert_is_first (const char *line)
{
  g_auto (Said) said = run (line);

  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (get_object (&said), "port"), ==, "1-1");
}

static void
test_board_by_id (void)
{
  g_auto (Said) said = run ("status --board 1-1 --json");
  const char *id = json_object_get_string_member (get_object (&said), "deviceId");
  g_autofree char *lower = g_strdup_printf ("status --json --board %s", id);
  g_autofree char *big_id = g_ascii_strup (id, -1);
  g_autofree char *upper = g_strdup_printf ("status --json -b %s", big_id);

  assert_is_first (lower);
  assert_is_first (upper);
  assert_is_first ("status --board 1beef --json");
  assert_is_first ("status --board 01BEEF --json");
}

static void
test_board_ambiguous (void)
{
  g_auto (Said) said = run ("status --board beef --json");

  assert_error (&said, 2, "cli", "ambiguous");
  g_assert_nonnull (strstr (said.errors, "1-1, 1-2"));
}

static void
test_board_none (void)
{
  static const char *const lines[] = {
    "status --board 1-9 --json",
    "status --board eef --json", /* too few digits */
    "status --board " SERIAL_OF_TWO " --json",
    "status --board 1-1 --board ffffff --json",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Said) said = run (lines[i]);

      assert_error (&said, 3, "cli", "no-board");
    }
}

static void
test_nothing_attached (void)
{
  g_auto (Said) list = { 0 };
  g_auto (Said) status = { 0 };

  for (guint i = 0; i < N_BOARDS; i++)
    tell_emulator ("{\"command\": \"unplug\", \"board\": %u}", i);
  list = run ("list --json");
  status = run ("status --json");
  for (guint i = 0; i < N_BOARDS; i++)
    tell_emulator ("{\"command\": \"plug\", \"board\": %u}", i);

  g_assert_cmpint (list.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (get_array (&list)), ==, 0);
  assert_error (&status, 3, "cli", "no-board");
}

/* ---- usage ---- */

static void
test_usage (void)
{
  static const char *const lines[] = {
    "",
    "frobnicate",
    "list --frobnicate",
    "list extra",
    "status --board",
    "status extra",
    "records",
    "records frobnicate",
    "records show",
    "records list extra",
    "records list --limit=-1",
    "records list --limit=x",
    "records export --format yaml",
    "records list --kind everything",
    "records list --since yesterday",
    "records list --until 2024-13-01",
    "records export --csv --format json",
    "records recipe",
    "records recipe 0123456789abcdef extra",
    "records recipe 0123",
    "records recipe not-a-hash-at-all",
    "records recipe 0000000000000000",
    "records stats extra",
    "records stats --shared",
    "records stats --label LAMP-1",
    "session",
    "session frobnicate",
    "session start extra",
    "session end --wrong",
    "session start --minutes x",
    "records list --device xyz",
    "records show 00000000-0000-4000-8000-000000000000",
    "check",
    "check extra --recipe @/shipping.json",
    "check --recipe @/missing.json",
    "check --recipe @/broken.json",
    "check --recipe @",
    "check --recipe @/shipping.json --all --board 1-1",
    "check --recipe @/shipping.json --yes-lock-forever",
    "finalize --yes-lock-forever",
    "finalize --recipe @/broken.json --yes-lock-forever",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Said) said = run (lines[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_cmpstr (said.output, ==, "");
      g_assert_cmpstr (said.errors, !=, "");
    }
}

static void
test_help (void)
{
  static const char *const lines[] = {
    "--help",
    "-h",
    "list --help",
    "status --help",
    "records --help",
    "records list --help",
    "records show --help",
    "records export --help",
    "session --help",
    "session start --help",
    "session end --help",
    "session status --help",
  };
  g_auto (Said) version = run ("--version");

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Said) said = run (lines[i]);

      g_assert_cmpint (said.status, ==, 0);
      g_assert_true (g_str_has_prefix (said.output, "Usage:"));
      g_assert_cmpstr (said.errors, ==, "");
    }

  g_assert_cmpint (version.status, ==, 0);
  g_assert_true (g_str_has_prefix (version.output, "locksmithctl "));
}

static void
test_records_empty (void)
{
  g_auto (Said) list = run ("records list --json");
  g_auto (Said) csv = run ("records export --format csv");
  g_auto (Said) json = run ("records export --json");
  g_auto (Said) units = run ("records units --csv");
  g_auto (Said) stats = run ("records stats --json --since 2024-07-31");

  g_assert_cmpstr (units.output, ==,
                   "device_id,state,os_version,outcome,proven,recipe_name,recipe_hash,station,"
                   "operator,record_id,serviced_since\r\n");
  g_assert_cmpint (json_object_get_int_member (get_object (&stats), "boards"), ==, 0);
  g_assert_cmpint (list.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (get_array (&list)), ==, 0);
  g_assert_cmpint (csv.status, ==, 0);
  g_assert_true (g_str_has_prefix (csv.output, "id,"));
  g_assert_cmpint (json.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (get_array (&json)), ==, 0);
}

/* ---- check and finalize ---- */

static void
assert_state (const char *board, const char *state, const char *lock)
{
  g_autofree char *line = g_strdup_printf ("status --board %s --json", board);
  g_auto (Said) said = run (line);

  g_assert_cmpstr (json_object_get_string_member (get_object (&said), "manufacturingState"), ==,
                   state);
  if (lock != NULL)
    g_assert_cmpstr (json_object_get_string_member (get_object (&said), "peripheralLock"), ==,
                     lock);
}

static void
assert_result (JsonObject *result, const char *port, const char *verdict, const char *outcome)
{
  g_assert_cmpstr (json_object_get_string_member (result, "port"), ==, port);
  g_assert_cmpstr (json_object_get_string_member (result, "verdict"), ==, verdict);
  g_assert_cmpstr (json_object_get_string_member (result, "outcome"), ==, outcome);
  g_assert_true (json_object_has_member (result, "deviceId"));
  g_assert_true (json_object_has_member (result, "recordId"));
  g_assert_cmpuint (strlen (json_object_get_string_member (result, "recipeHash")), ==, 64);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (result, "steps")), >, 0);
  g_assert_true (json_object_get_null_member (result, "error") ==
                 !g_str_equal (verdict, "STOPPED"));
}

static void
test_check (void)
{
  g_auto (Said) pass = run ("check --board 1-1 --recipe @/shipping.json --json");
  g_auto (Said) fail = run ("check --board 1-1 --recipe @/future.json --json");
  g_auto (Said) text = run ("check --board 1-1 --recipe @/shipping.json");

  g_assert_cmpint (pass.status, ==, 0);
  assert_result (get_object (&pass), "1-1", "PASS", "ready");
  g_assert_cmpint (fail.status, ==, 1);
  assert_result (get_object (&fail), "1-1", "FAIL", "none");
  g_assert_cmpint (text.status, ==, 0);
  g_assert_true (g_str_has_prefix (text.output, "Board at 1-1, device "));
  g_assert_nonnull (strstr (text.output, "PASS (ready)\n"));
  assert_state ("1-1", "Module1Complete", "open");
}

static void
test_check_several (void)
{
  g_auto (Said) which = run ("check --recipe @/shipping.json --json");
  g_auto (Said) all = run ("check --recipe @/shipping.json --all --json");
  JsonArray *results = get_array (&all);
  JsonObject *blank;

  assert_error (&which, 2, "cli", "ambiguous");
  g_assert_cmpint (all.status, ==, 4);
  g_assert_cmpuint (json_array_get_length (results), ==, N_BOARDS);
  assert_result (json_array_get_object_element (results, 1), "1-2", "PASS", "ready");
  blank = json_array_get_object_element (results, 3);
  g_assert_cmpstr (json_object_get_string_member (blank, "port"), ==, "1-4");
  g_assert_cmpstr (json_object_get_string_member (blank, "verdict"), ==, "STOPPED");
  g_assert_false (json_object_get_null_member (blank, "error"));
}

static void
test_broken_recipe (void)
{
  g_auto (Said) said = run ("check --board 1-1 --recipe @/broken.json --json");

  assert_error (&said, 2, "parse", "invalid");
  g_assert_nonnull (strstr (said.errors, "broken.json:4"));
}

static void
test_not_confirmed (void)
{
  g_auto (Said) said = run ("finalize --board 1-5 --recipe @/shipping.json --json");

  assert_error (&said, 5, "cli", "not-confirmed");
  g_assert_nonnull (strstr (said.errors, "--yes-lock-forever"));
  assert_state ("1-5", "Module1Complete", "open");
}

static void
test_no_ledger (void)
{
  g_auto (Said) said = run ("finalize --board 1-5 --recipe @/shipping.json --yes-lock-forever "
                            "--ledger /proc/none/ledger.sqlite --json");

  g_assert_cmpint (said.status, ==, 5);
  assert_state ("1-5", "Module1Complete", "open");
}

static void
test_not_a_board (void)
{
  g_auto (Said) said =
      run ("finalize --board 1-4 --recipe @/shipping.json --yes-lock-forever --json");
  JsonObject *error = json_object_get_object_member (get_object (&said), "error");

  g_assert_cmpint (said.status, ==, 4);
  g_assert_cmpstr (json_object_get_string_member (get_object (&said), "verdict"), ==, "STOPPED");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "not-programmed");
}

/* The recipe of a record, byte for byte, by its hash or the beginning of it. */
static void
assert_gives_back (const char *hash)
{
  g_autofree char *path = g_build_filename (folder, "shipping.json", NULL);
  g_autofree char *beginning = g_strndup (hash, 12);
  g_autofree char *whole_line = g_strconcat ("records recipe ", hash, NULL);
  g_autofree char *line = g_strconcat ("records recipe ", beginning, NULL);
  g_autofree char *text = NULL;
  g_auto (Said) whole = run (whole_line);
  g_auto (Said) said = run (line);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpint (whole.status, ==, 0);
  g_assert_cmpstr (whole.output, ==, text);
  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpstr (said.output, ==, text);
}

static void
test_finalize (void)
{
  g_auto (Said) done =
      run ("finalize -b 1-1 -b 1-2 --recipe @/shipping.json --yes-lock-forever --json "
           "--operator Ada --batch 4711");
  g_auto (Said) again = { 0 };
  g_auto (Said) records = { 0 };
  g_auto (Said) shown = { 0 };
  g_autofree char *show = NULL;
  JsonObject *document;
  const char *id;

  g_assert_cmpint (done.status, ==, 0);
  g_assert_cmpuint (json_array_get_length (get_array (&done)), ==, 2);
  for (guint i = 0; i < 2; i++)
    assert_result (json_array_get_object_element (get_array (&done), i), i == 0 ? "1-1" : "1-2",
                   "PASS", "finalized");
  assert_state ("1-1", "DeviceComplete", "locked");
  assert_state ("1-2", "DeviceComplete", "locked");

  /* What is done is not done twice. */
  again = run ("finalize -b 1-1 --recipe @/shipping.json --yes-lock-forever --json --label LAMP-1");
  g_assert_cmpint (again.status, ==, 0);
  assert_result (get_object (&again), "1-1", "PASS", "verified");

  id = json_object_get_string_member (json_array_get_object_element (get_array (&done), 1),
                                      "recordId");
  show = g_strdup_printf ("records show %s --json", id);
  shown = run (show);
  g_assert_cmpint (shown.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (get_object (&shown), "id"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (get_object (&shown), "verdict"), ==, "PASS");
  document = json_object_get_object_member (get_object (&shown), "document");
  g_assert_cmpstr (json_object_get_string_member (get_object (&shown), "operator"), ==, "Ada");
  g_assert_cmpstr (json_object_get_string_member (document, "batch"), ==, "4711");
  assert_gives_back (json_object_get_string_member (get_object (&shown), "recipeHash"));

  records = run ("records list --device 2beef --json");
  g_assert_cmpuint (json_array_get_length (get_array (&records)), ==, 1);
}

/* Of what was finalized before: two boards of a batch, one of them once more without. The other is
 * refused in a batch later. */
static void
test_stats (void)
{
  g_auto (Said) refused =
      run ("finalize -b 1-2 --recipe @/future.json --yes-lock-forever --batch 4712 --json");
  g_auto (Said) batch = run ("records stats --batch 4711 --json");
  g_auto (Said) other = run ("records stats --batch 4712 --json");
  g_auto (Said) text = run ("records stats");
  g_auto (Said) unit = run ("records units --label LAMP-1 --json");
  g_auto (Said) left = run ("records units --batch 4711 --csv");
  JsonArray *batches = json_object_get_array_member (get_object (&batch), "batches");
  JsonArray *failures = json_object_get_array_member (get_object (&other), "failures");
  JsonObject *line;

  g_assert_cmpint (json_object_get_int_member (get_object (&batch), "records"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (get_object (&batch), "firstPasses"), ==, 2);
  g_assert_cmpuint (json_array_get_length (batches), ==, 1);
  line = json_array_get_object_element (batches, 0);
  g_assert_cmpstr (json_object_get_string_member (line, "batch"), ==, "4711");
  g_assert_cmpint (json_object_get_int_member (line, "boards"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (line, "firstPasses"), ==, 2);
  g_assert_cmpint (refused.status, ==, 1);
  g_assert_cmpint (json_object_get_int_member (get_object (&other), "records"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (get_object (&other), "boards"), ==, 0);

  /* A step has its name in JSON, and is told by its title. */
  line = json_array_get_object_element (failures, 0);
  g_assert_cmpstr (json_object_get_string_member (line, "step"), ==, "os-version");
  g_assert_nonnull (strstr (text.output, "OS version"));
  g_assert_null (strstr (text.output, "os-version"));
  g_assert_nonnull (strstr (text.output, "BATCH"));
  g_assert_nonnull (strstr (text.output, "2 of 2 (100.0 %)"));

  /* The newest proof of the board with the label belongs to no batch. */
  g_assert_cmpuint (json_array_get_length (get_array (&unit)), ==, 1);
  line = json_array_get_object_element (get_array (&unit), 0);
  g_assert_cmpstr (json_object_get_string_member (line, "outcome"), ==, "verified");
  g_assert_nonnull (strstr (left.output, "finalized"));
  g_assert_null (strstr (left.output, "verified"));
}

static void
assert_label_refused (const char *arguments)
{
  g_autofree char *line =
      g_strconcat ("finalize --recipe @/shipping.json --yes-lock-forever --json ", arguments, NULL);
  g_auto (Said) said = run (line);
  JsonObject *error = json_object_get_object_member (get_object (&said), "error");

  g_assert_cmpint (said.status, ==, 5);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "label");
  g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), "LAMP-1"));
}

/* LAMP-1 is the label of the board at 1-1, and that is the only one of the board. */
static void
test_label (void)
{
  assert_label_refused ("-b 1-2 --label LAMP-1");
  assert_label_refused ("-b 1-1 --label LAMP-2");
}

/* ---- interruption ---- */

/* The board has obeyed and its answer is on its way when SIGINT comes: the order is finished,
 * nothing is begun after it, and the next run takes up the thread. */
static void
test_interrupt_finalize (void)
{
  const char *line = "finalize -b 1-5 --recipe @/shipping.json --yes-lock-forever";
  g_autoptr (GSubprocess) program = NULL;
  g_auto (Said) other = { 0 };
  g_auto (Said) again = { 0 };
  JsonObject *error;
  gint64 end_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gboolean is_complete = FALSE;

  tell_emulator ("{\"command\": \"fault\", \"board\": 4, \"fault\": {\"kind\": \"slow-answer\", "
                 "\"method\": \"PUT\", \"durationMs\": 5000, \"times\": 1}}");
  program = start (line);
  while (!is_complete)
    {
      g_autofree char *state = ask_emulator ("{\"command\": \"state\", \"board\": 4}");

      is_complete = strstr (state, "\"DeviceComplete\"") != NULL;
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    }
  g_subprocess_send_signal (program, SIGINT);
  g_assert_true (g_subprocess_wait (program, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (program), ==, 130);
  set_fault (4, NULL);
  assert_state ("1-5", "DeviceComplete", NULL);

  /* Another recipe does not pass what was checked by the first. */
  other = run ("finalize -b 1-5 --recipe @/future.json --yes-lock-forever --json");
  g_assert_cmpint (other.status, ==, 5);
  assert_result (get_object (&other), "1-5", "STOPPED", "none");
  g_assert_true (json_object_get_null_member (get_object (&other), "recordId"));
  error = json_object_get_object_member (get_object (&other), "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, "other-recipe");
  g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), "“Shipping”"));

  again = run ("finalize -b 1-5 --recipe @/shipping.json --yes-lock-forever --json");
  g_assert_cmpint (again.status, ==, 0);
  assert_result (get_object (&again), "1-5", "PASS", "finalized");
  assert_state ("1-5", "DeviceComplete", "locked");
}

static void
interrupt_by (int number)
{
  g_autoptr (GSubprocess) program = NULL;
  g_auto (Said) said = { 0 };

  /* The board takes the connection and says nothing: the program would wait for seconds. */
  set_fault (4, "no-handshake");
  program = start ("list");
  while (TRUE)
    {
      g_autofree char *path =
          g_strdup_printf ("/proc/%s/status", g_subprocess_get_identifier (program));
      g_autofree char *text = NULL;

      /* It catches the signal from the moment it opens its session. */
      if (g_file_get_contents (path, &text, NULL, NULL))
        {
          const char *caught = strstr (text, "SigCgt:");

          if (caught != NULL &&
              (g_ascii_strtoull (caught + 7, NULL, 16) & (1u << (number - 1))) != 0)
            break;
        }
      g_thread_yield ();
    }
  g_subprocess_send_signal (program, number);
  finish (program, FALSE, &said);
  set_fault (4, NULL);

  g_assert_cmpint (said.status, ==, 130);
  g_assert_cmpstr (said.output, ==, ""); /* it would list the board when it had waited */
}

/* By the keyboard, by a service manager, by a terminal that is closed. */
static void
test_interrupt (void)
{
  interrupt_by (SIGINT);
  interrupt_by (SIGTERM);
  interrupt_by (SIGHUP);
}

/* ---- boards that cannot be trusted ---- */

/* With the boards of trouble.json: two places with one device ID, a wrong certificate, broken
 * JSON, a state nobody knows, a header without end, a body of 10 MB. */
static void
test_trouble (void)
{
  g_auto (Said) said = run ("finalize --all --recipe @/shipping.json --yes-lock-forever --json");
  g_auto (Said) twice = run ("status --board abababab --json");
  g_autofree char *boards = ask_emulator ("{\"command\": \"list\"}");
  JsonArray *results = get_array (&said);

  g_assert_cmpint (said.status, ==, 5);
  g_assert_cmpuint (json_array_get_length (results), ==, 7);
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *result = json_array_get_object_element (results, i);
      JsonObject *error = json_object_get_object_member (result, "error");

      g_assert_cmpstr (json_object_get_string_member (result, "verdict"), ==, "STOPPED");
      g_assert_nonnull (json_object_get_string_member (error, "message"));
      g_assert_nonnull (json_object_get_string_member (error, "advice"));
    }

  assert_error (&twice, 2, "cli", "ambiguous");
  g_assert_null (strstr (boards, "\"DeviceComplete\""));
}

int
main (int argc, char **argv)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *runtime_dir = NULL;

  g_test_init (&argc, &argv, NULL);
  signal (SIGHUP, SIG_DFL); /* also where these tests run under nohup */
  g_assert_cmpint (argc, >=, 3);
  ctl_path = argv[1];
  folder = argv[2];
  data_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "data", NULL);
  g_setenv ("XDG_DATA_HOME", data_dir, TRUE);
  runtime_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "run", NULL);
  g_assert_cmpint (g_mkdir (runtime_dir, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", runtime_dir, TRUE); /* no session of the person who runs this */

  if (argc > 3)
    {
      g_test_add_func ("/cli/trouble", test_trouble);
      return g_test_run ();
    }

  g_test_add_func ("/cli/list/json", test_list_json);
  g_test_add_func ("/cli/list/table", test_list_table);
  g_test_add_func ("/cli/status/json", test_status_json);
  g_test_add_func ("/cli/status/all", test_status_all);
  g_test_add_func ("/cli/status/panel", test_status_panel);
  g_test_add_func ("/cli/status/trouble", test_status_trouble);
  g_test_add_func ("/cli/extra-products", test_extra_products);
  g_test_add_func ("/cli/board/by-id", test_board_by_id);
  g_test_add_func ("/cli/board/ambiguous", test_board_ambiguous);
  g_test_add_func ("/cli/board/none", test_board_none);
  g_test_add_func ("/cli/nothing-attached", test_nothing_attached);
  g_test_add_func ("/cli/usage", test_usage);
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/records/empty", test_records_empty);
  g_test_add_func ("/cli/interrupt", test_interrupt);
  g_test_add_func ("/cli/run/check", test_check);
  g_test_add_func ("/cli/run/check-several", test_check_several);
  g_test_add_func ("/cli/run/broken-recipe", test_broken_recipe);
  g_test_add_func ("/cli/run/not-confirmed", test_not_confirmed);
  g_test_add_func ("/cli/run/no-ledger", test_no_ledger);
  g_test_add_func ("/cli/run/not-a-board", test_not_a_board);
  g_test_add_func ("/cli/run/finalize", test_finalize);
  g_test_add_func ("/cli/run/stats", test_stats);
  g_test_add_func ("/cli/run/label", test_label);
  g_test_add_func ("/cli/run/interrupt", test_interrupt_finalize);
  return g_test_run ();
}
