/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-session-cli EMULATOR LOCKSMITHCTL: sessions from the command line, with emulated boards,
 * a real keyring, and the program that watches when no other does. */
#include "session-world.h"

#include <signal.h>
#include <string.h>

enum
{
  BOARD_A,
  BOARD_B,
  BOARD_OPEN,
  BOARD_OLD,
};

static const char *ctl_path;

typedef struct
{
  SessionWorld world; /* only its vault and folder */
  LksSessionStore *store;
} Fixture;

typedef struct
{
  int status;
  char *output;   /* (owned) */
  JsonNode *json; /* (owned) (nullable) */
} Said;

static void
said_clear (Said *self)
{
  g_free (self->output);
  g_clear_pointer (&self->json, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static Said
run (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autofree char *command = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  Said said = { 0 };
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  command = g_strdup_printf ("%s %s", ctl_path, line);
  g_assert_true (g_shell_parse_argv (command, NULL, &words, &error));
  program =
      g_subprocess_newv ((const char *const *) words,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (program, NULL, NULL, &said.output, &errors, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_if_exited (program))
    g_error ("locksmithctl %s: killed\n%s", line, errors);
  said.status = g_subprocess_get_exit_status (program);
  g_test_message ("locksmithctl %s: %d\n%s%s", line, said.status, said.output, errors);
  if (strstr (line, "--json") != NULL)
    {
      said.json = json_from_string (said.output, &error);
      g_assert_no_error (error);
    }
  return said;
}

static JsonObject *
get_object (const Said *said)
{
  return json_node_get_object (said->json);
}

/* A member that is an object, NULL when it is null. */
static JsonObject *
get_member (const Said *said, const char *member)
{
  JsonNode *node = json_object_get_member (get_object (said), member);

  g_assert_nonnull (node);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
assert_error (const Said *said, int status, const char *domain, const char *code)
{
  JsonObject *error = get_member (said, "error");

  g_assert_cmpint (said->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "domain"), ==, domain);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *folder = lks_session_store_dup_default_folder ();
  g_autoptr (GError) error = NULL;

  f->world.folder = g_dir_make_tmp ("lks-cli-XXXXXX", NULL);
  session_world_open_vault (&f->world);
  f->store = lks_session_store_new (folder, &error);
  g_assert_no_error (error);
}

/* The program that watches ends with the session. */
static void
wait_for_end (Fixture *f)
{
  WAIT_UNTIL (lks_session_store_get_session (f->store) == NULL);
  while (lks_session_store_is_kept (f->store))
    g_usleep (1000);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_auto (Said) end = run ("session end");

  wait_for_end (f);
  g_object_unref (f->store);
  session_world_empty_vault (&f->world);
  g_object_unref (f->world.vault);
  session_world_remove_tree (f->world.folder);
  g_free (f->world.folder);
}

static void
start (Fixture *f, const char *more)
{
  g_auto (Said) said = { 0 };

  session_world_import (&f->world, BOARD_A, "fieldServicing");
  said = run ("session start --board 1-1 --task wifi --minutes 5 --json %s", more);
  g_assert_cmpint (said.status, ==, 0);
  WAIT_UNTIL (lks_session_store_get_session (f->store) != NULL);
}

static char *
dup_id (Fixture *f)
{
  return g_strdup (lks_session_get_id (lks_session_store_get_session (f->store)));
}

/* How the ledger says that a session ended; waits for it. */
static void
assert_recorded_end (Fixture *f, const char *id, const char *reason)
{
  g_auto (Said) said = { 0 };

  wait_for_end (f);
  said = run ("records show %s --json", id);
  g_assert_cmpint (said.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (get_object (&said), "endReason"), ==, reason);
}

/* ---- tests ---- */

static void
test_start_and_end (Fixture *f, gconstpointer unused)
{
  g_auto (Said) none = run ("session status --json");
  g_auto (Said) locked = run ("status --board 1-1 --json");
  g_auto (Said) start_said = { 0 };
  g_auto (Said) open = { 0 };
  g_auto (Said) other = { 0 };
  g_auto (Said) second = { 0 };
  g_auto (Said) status = { 0 };
  g_auto (Said) end = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) list = { 0 };
  g_autofree char *id = NULL;
  JsonObject *session;

  g_assert_cmpint (none.status, ==, 0);
  g_assert_null (get_member (&none, "session"));
  g_assert_true (json_object_get_null_member (get_object (&locked), "images"));

  session_world_import (&f->world, BOARD_A, "appDevelopment");
  session_world_import (&f->world, BOARD_A, "fieldServicing");
  start_said = run ("session start --board 1-1 --task wifi --minutes 5 --note 'pump room' --json");
  g_assert_cmpint (start_said.status, ==, 0);
  session = get_member (&start_said, "session");
  g_assert_cmpint (
      json_array_get_int_element (json_object_get_array_member (session, "capabilities"), 0), ==,
      13);
  g_assert_cmpstr (json_object_get_string_member (session, "note"), ==, "pump room");
  g_assert_cmpint (json_object_get_int_member (session, "secondsLeft"), >, 200);
  g_assert_nonnull (strstr (json_object_get_string_member (get_object (&start_said), "why"),
                            "the weakest that suffices"));
  id = g_strdup (json_object_get_string_member (session, "id"));
  g_assert_true (lks_session_store_is_kept (f->store));

  /* Every command of this user shows the board its capability, and no other board. */
  open = run ("status --board 1-1 --json");
  g_assert_cmpint (open.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (get_member (&open, "session"), "id"), ==, id);
  g_assert_false (json_object_get_null_member (get_object (&open), "images"));
  other = run ("status --board 1-2 --json");
  g_assert_null (get_member (&other, "session"));
  g_assert_true (json_object_get_null_member (get_object (&other), "images"));

  second = run ("session start --board 1-2 --json");
  assert_error (&second, 7, "session", "no-capability");
  session_world_import (&f->world, BOARD_B, "fieldServicing");
  said_clear (&second);
  second = run ("session start --board 1-2 --json");
  assert_error (&second, 5, "session", "active");

  status = run ("session status --json");
  g_assert_cmpstr (json_object_get_string_member (get_member (&status, "session"), "task"), ==,
                   "wifi");
  end = run ("session end --json");
  g_assert_cmpint (end.status, ==, 0);
  g_assert_null (get_member (&end, "session"));
  g_assert_cmpstr (json_object_get_string_member (get_member (&end, "ended"), "id"), ==, id);
  assert_recorded_end (f, id, "user");
  again = run ("session end");
  g_assert_cmpint (again.status, ==, 0);
  said_clear (&locked);
  locked = run ("status --board 1-1 --json");
  g_assert_null (get_member (&locked, "session"));
  g_assert_true (json_object_get_null_member (get_object (&locked), "images"));

  list = run ("records list --kind service --limit 1 --json");
  session = json_array_get_object_element (json_node_get_array (list.json), 0);
  g_assert_cmpstr (json_object_get_string_member (session, "id"), ==, id);
  g_assert_cmpstr (json_object_get_string_member (session, "note"), ==, "pump room");
}

static void
test_records (Fixture *f, gconstpointer unused)
{
  g_auto (Said) show = { 0 };
  g_auto (Said) list = { 0 };
  g_auto (Said) csv = { 0 };
  g_auto (Said) json = { 0 };
  g_auto (Said) runs = run ("records list --json");
  g_auto (Said) kind = run ("records list --kind everything --json");
  g_autofree char *id = NULL;

  start (f, "--note 'a \"quoted\" note'");
  id = dup_id (f);
  show = run ("records show %s", id);
  g_assert_nonnull (strstr (show.output, "goes on, or was cut off"));
  list = run ("records list --kind service");
  g_assert_nonnull (strstr (list.output, id));
  csv = run ("records export --kind service --format csv");
  g_assert_nonnull (strstr (csv.output, "\"a \"\"quoted\"\" note\""));
  json = run ("records export --kind service --format json --json");
  g_assert_true (JSON_NODE_HOLDS_ARRAY (json.json));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (runs.json)), ==, 0);
  g_assert_cmpint (kind.status, ==, 2);
}

/* A board that was plugged in a moment ago may not be found yet; each look takes its time. */
static void
look_until_found (const char *place)
{
  const gint64 end_us = g_get_monotonic_time () + WAIT_MAX_S * G_USEC_PER_SEC;
  gboolean is_found = FALSE;

  while (!is_found)
    {
      g_auto (Said) said = run ("status --board %s --json", place);

      is_found = said.status == 0;
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    }
}

static void
plug (int board, const char *place)
{
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", board);
  look_until_found (place);
}

static void
test_refused (Fixture *f, gconstpointer unused)
{
  g_auto (Said) said = run ("session start --board 1-1 --task everything --json");

  assert_error (&said, 2, "cli", "usage");
  said_clear (&said);
  said = run ("session start --board 1-9 --json");
  assert_error (&said, 3, "cli", "no-board");
  said_clear (&said);
  said = run ("session start --board 1-1 --json");
  assert_error (&said, 7, "session", "no-capability");

  session_world_import (&f->world, BOARD_A, "fieldServicing");
  said_clear (&said);
  said = run ("session start --board 1-1 --task debug --json");
  assert_error (&said, 7, "session", "no-capability");
  said_clear (&said);
  said = run ("session start --board 1-1 --minutes 481 --json");
  g_assert_cmpint (said.status, ==, 2);
  said_clear (&said);
  said = run ("session start --board 1-1 --capability 0123456789 --json");
  assert_error (&said, 7, "session", "no-capability");

  session_world_import (&f->world, BOARD_OPEN, "fieldServicing");
  said_clear (&said);
  said = run ("session start --board 1-3 --json");
  assert_error (&said, 5, "session", "not-needed");

  session_world_import (&f->world, BOARD_OLD, "fieldServicing");
  plug (BOARD_OLD, "1-4");
  said_clear (&said);
  said = run ("session start --board 1-4 --json");
  assert_error (&said, 5, "session", "not-accepted");
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_OLD);
  g_assert_null (lks_session_store_get_session (f->store));
}

/* ---- the program that watches ---- */

static void
test_unplug (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = NULL;

  start (f, "");
  id = dup_id (f);
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_A);
  assert_recorded_end (f, id, "unplugged");
  plug (BOARD_A, "1-1");
}

/* Somebody else's board in the same socket within the grace: the first that looks at it sees. */
static void
test_other_board (Fixture *f, gconstpointer unused)
{
  g_auto (Said) said = { 0 };
  g_autofree char *id = NULL;

  start (f, "--grace 300");
  id = dup_id (f);
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_A);
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_B);
  WAIT_UNTIL (lks_session_get_fields (lks_session_store_get_session (f->store))->absent_since_us !=
              0);
  session_world_command ("{\"command\":\"swap\",\"board\":%d,\"with\":%d}", BOARD_A, BOARD_B);
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_B);
  WAIT_UNTIL (lks_session_get_fields (lks_session_store_get_session (f->store))->absent_since_us ==
              0);
  said = run ("status --board 1-1 --json");
  g_assert_true (json_object_get_null_member (get_object (&said), "images"));
  assert_recorded_end (f, id, "other-board");

  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_B);
  session_world_command ("{\"command\":\"swap\",\"board\":%d,\"with\":%d}", BOARD_A, BOARD_B);
  plug (BOARD_A, "1-1");
  plug (BOARD_B, "1-2");
}

static void
test_screen_lock (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autofree char *id = NULL;

  start (f, "");
  id = dup_id (f);
  g_assert_true (g_dbus_connection_emit_signal (bus, NULL, "/org/gnome/ScreenSaver",
                                                "org.gnome.ScreenSaver", "ActiveChanged",
                                                g_variant_new ("(b)", TRUE), NULL));
  assert_recorded_end (f, id, "screen-locked");
}

static GPid
find_watcher (void)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *cmdline_path = g_build_filename ("/proc", name, "cmdline", NULL);
      g_autofree char *environ_path = g_build_filename ("/proc", name, "environ", NULL);
      g_autofree char *cmdline = NULL;
      g_autofree char *environment = NULL;
      g_autofree char *own = g_strdup_printf ("XDG_RUNTIME_DIR=%s", g_getenv ("XDG_RUNTIME_DIR"));
      gsize size;

      if (!g_ascii_isdigit (*name) || !g_file_get_contents (cmdline_path, &cmdline, &size, NULL) ||
          memmem (cmdline, size, "session\0keep", sizeof "session\0keep") == NULL ||
          !g_file_get_contents (environ_path, &environment, &size, NULL) ||
          memmem (environment, size, own, strlen (own)) == NULL)
        continue;
      return (GPid) g_ascii_strtoll (name, NULL, 10);
    }
  g_error ("nobody watches over the session"); /* and 0 would be this test with its relatives */
}

/* A session that nobody watches over is over, and told so by whoever comes next. */
static void
test_killed (Fixture *f, gconstpointer unused)
{
  g_auto (Said) said = { 0 };
  g_autofree char *id = NULL;

  start (f, "");
  id = dup_id (f);
  kill (find_watcher (), SIGKILL);
  while (lks_session_store_is_kept (f->store))
    g_usleep (1000);
  said = run ("status --board 1-1 --json");
  g_assert_null (get_member (&said, "session"));
  g_assert_true (json_object_get_null_member (get_object (&said), "images"));
  assert_recorded_end (f, id, "program-died");
}

/* Asked to end, it ends the session first. */
static void
test_terminated (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = NULL;

  start (f, "");
  id = dup_id (f);
  kill (find_watcher (), SIGTERM);
  assert_recorded_end (f, id, "program-closed");
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

static void
start_development (Fixture *f)
{
  g_auto (Said) said = run ("session start --board 1-1 --task debug --minutes 5 --json");

  g_assert_cmpint (said.status, ==, 0);
  WAIT_UNTIL (lks_session_store_get_session (f->store) != NULL);
}

/* The board's debug port does not stay open for whoever plugs it in next. */
static void
test_debugging (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GDataInputStream) errors = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *told = NULL;
  g_autofree char *said = NULL;
  g_auto (Said) status = { 0 };

  session_world_import (&f->world, BOARD_A, "appDevelopment");
  start_development (f);
  program = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                              &error, ctl_path, "app", "debug", "--board", "1-1", "--json", NULL);
  g_assert_no_error (error);
  errors = g_data_input_stream_new (g_subprocess_get_stderr_pipe (program));
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program));
  told = g_data_input_stream_read_line (errors, NULL, NULL, &error);
  g_assert_true (g_str_has_prefix (told, "Waiting for a debugger"));
  status = run ("session end --json");
  g_assert_cmpint (status.status, ==, 0);
  said = g_data_input_stream_read_upto (output, "", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_true (g_subprocess_get_successful (program));
  g_assert_nonnull (strstr (said, "\"servicing-over\""));

  start_development (f);
  said_clear (&status);
  status = run ("app status Blink --board 1-1");
  g_assert_nonnull (strstr (status.output, "running"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  session_world_init (argv[1]);
  ctl_path = argv[2];

  TEST ("/session-cli/start-and-end", test_start_and_end);
  TEST ("/session-cli/records", test_records);
  TEST ("/session-cli/refused", test_refused);
  TEST ("/session-cli/unplug", test_unplug);
  TEST ("/session-cli/other-board", test_other_board);
  TEST ("/session-cli/screen-lock", test_screen_lock);
  TEST ("/session-cli/killed", test_killed);
  TEST ("/session-cli/terminated", test_terminated);
  TEST ("/session-cli/debugging", test_debugging);

  return g_test_run ();
}
