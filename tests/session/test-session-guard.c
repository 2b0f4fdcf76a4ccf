/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends a session, told by real signals on a bus of the test's own, and what the ledger then
 * says. */
#include "login-service.h"

#include "lks-capability.h"
#include "lks-enums.h"
#include "lks-session-guard.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVICE                                                                                     \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER                                                                                      \
  "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"                               \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NUMBER 260

static const char *program; /* this test, to be started again as another process */
static GTestDBus *test_bus;
static const guint servicing[] = { LKS_CAPABILITY_FIELD_SERVICING };

typedef struct
{
  char *parent;      /* (owned) */
  char *folder;      /* (owned) */
  char *ledger_path; /* (owned) */
  LoginService *login;
  LksLedger *ledger;
  LksSessionStore *store;
  LksSessionGuard *guard;
  LksSessionEnd end;
  guint n_ends;
} Fixture;

static LksLedger *
open_ledger (const char *path)
{
  g_autoptr (GError) error = NULL;
  LksLedger *ledger = lks_ledger_open (path, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
ended_cb (Fixture *f, LksSession *session, LksSessionEnd end)
{
  f->end = end;
  f->n_ends++;
}

static void
problem_cb (Fixture *f, GError *error)
{
  g_assert_no_error (error);
}

static void
start_guard (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->store = lks_session_store_new (f->folder, &error);
  g_assert_no_error (error);
  f->guard = lks_session_guard_new (f->store, f->ledger, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (f->guard, "ended", G_CALLBACK (ended_cb), f);
  g_signal_connect_swapped (f->guard, "problem", G_CALLBACK (problem_cb), f);
  while (!lks_session_guard_is_ready (f->guard))
    g_main_context_iteration (NULL, TRUE);
}

static void
drop_guard (Fixture *f)
{
  lks_session_guard_leave (f->guard);
  g_object_run_dispose (G_OBJECT (f->guard));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->guard);
  g_assert_finalize_object (f->store);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->parent = g_dir_make_tmp ("lks-guard-XXXXXX", NULL);
  f->folder = g_build_filename (f->parent, "locksmith", NULL);
  f->ledger_path = g_build_filename (f->parent, "ledger.sqlite", NULL);
  f->login = login_service_new (g_test_dbus_get_bus_address (test_bus));
  f->ledger = open_ledger (f->ledger_path);
  start_guard (f);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  drop_guard (f);
  login_service_free (f->login);
  g_object_unref (f->ledger);
  remove_tree (f->parent);
  g_free (f->parent);
  g_free (f->folder);
  g_free (f->ledger_path);
}

static gboolean
begin (LksSessionGuard *guard, const char *id, guint grace_s, gint64 length_us, GError **error)
{
  const LksSessionBeginning beginning = {
    .fields = {
      .id = id,
      .device_id = DEVICE,
      .fingerprint = "000000000000000000000000000000000000000000000000000000000000cafe",
      .capabilities = servicing,
      .n_capabilities = 1,
      .task = LKS_SERVICE_TASK_WIFI,
      .note = "a note",
      .operator_name = "olga",
      .ends_us = length_us,
      .port = "1-2",
      .attach_number = NUMBER,
      .grace_s = grace_s,
      .ends_on_lock = TRUE,
    },
    .usb_serial = "AS01",
    .operator_role = "engineer",
    .batch = "B7 \"left\"",
  };

  return lks_session_guard_begin (guard, &beginning, error);
}

static char *
begin_well (Fixture *f, guint grace_s, gint64 length_us)
{
  char *id = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;

  f->end = LKS_SESSION_END_NONE;
  f->n_ends = 0;
  begin (f->guard, id, grace_s, length_us, &error);
  g_assert_no_error (error);
  g_assert_nonnull (lks_session_guard_get_session (f->guard));
  return id;
}

/* What the ledger says of how a session ended, NULL when nothing. */
static char *
dup_recorded_end (Fixture *f, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksServiceRecord) record = lks_ledger_service_get (f->ledger, id, &error);

  g_assert_no_error (error);
  return g_strdup (lks_service_record_get_fields (record)->end_reason);
}

static void
assert_ended (Fixture *f, const char *id, LksSessionEnd end)
{
  g_autofree char *recorded = NULL;
  const char *expected = lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) end);

  while (lks_session_guard_get_session (f->guard) != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) f->end), ==, expected);
  g_assert_cmpuint (f->n_ends, ==, 1);
  recorded = dup_recorded_end (f, id);
  g_assert_cmpstr (recorded, ==, expected);
}

/* Everything that was sent before this has been received after it. */
static void
settle (Fixture *f)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_sync (bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                                   "org.freedesktop.DBus.Peer", "Ping", NULL, NULL,
                                   G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);

  for (guint i = 0; i < 20; i++)
    while (g_main_context_iteration (NULL, FALSE))
      ;
  g_assert_nonnull (lks_session_guard_get_session (f->guard));
}

static void
test_user (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autoptr (LksServiceRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  const LksServiceFields *fields;

  g_assert_false (begin (f->guard, OTHER, 0, G_TIME_SPAN_MINUTE, &error));
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_ACTIVE);
  g_clear_error (&error);
  g_assert_true (lks_session_guard_end (f->guard, LKS_SESSION_END_USER, &error));
  assert_ended (f, id, LKS_SESSION_END_USER);
  g_assert_false (lks_session_guard_end (f->guard, LKS_SESSION_END_USER, &error));
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NONE_ACTIVE);

  record = lks_ledger_service_get (f->ledger, id, NULL);
  fields = lks_service_record_get_fields (record);
  g_assert_cmpstr (fields->task, ==, "wifi");
  g_assert_cmpstr (fields->note, ==, "a note");
  g_assert_cmpstr (fields->capabilities, ==, "[13]");
  g_assert_nonnull (strstr (fields->document, "\"minutes\":1"));
  g_assert_nonnull (strstr (fields->document, "\"operatorRole\":\"engineer\""));
  g_assert_nonnull (strstr (fields->document, "\"batch\":\"B7 \\\"left\\\"\""));
}

static void
test_timeout (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = begin_well (f, 0, G_TIME_SPAN_SECOND);

  assert_ended (f, id, LKS_SESSION_END_TIMEOUT);
}

static void
test_screen_lock (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *fourth = NULL;

  g_assert_true (lks_session_guard_watches_lock (f->guard));
  login_service_hint (f->login, FALSE, TRUE); /* another user's screen */
  settle (f);
  login_service_set_saver (f->login, "org.freedesktop.ScreenSaver", TRUE);
  assert_ended (f, first, LKS_SESSION_END_SCREEN_LOCKED);
  login_service_set_saver (f->login, "org.freedesktop.ScreenSaver", FALSE);

  second = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  settle (f);
  login_service_set_saver (f->login, "org.gnome.ScreenSaver", TRUE);
  assert_ended (f, second, LKS_SESSION_END_SCREEN_LOCKED);
  login_service_set_saver (f->login, "org.gnome.ScreenSaver", FALSE);

  third = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  settle (f);
  login_service_hint (f->login, TRUE, TRUE);
  assert_ended (f, third, LKS_SESSION_END_SCREEN_LOCKED);
  login_service_hint (f->login, TRUE, FALSE);

  fourth = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  settle (f);
  login_service_lock (f->login);
  assert_ended (f, fourth, LKS_SESSION_END_SCREEN_LOCKED);
}

static void
test_sleep_and_log_out (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  login_service_prepare (f->login, "PrepareForSleep", FALSE); /* it woke up */
  login_service_remove_session (f->login, FALSE);             /* somebody else's */
  settle (f);
  login_service_prepare (f->login, "PrepareForSleep", TRUE);
  assert_ended (f, first, LKS_SESSION_END_SUSPENDED);

  second = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  login_service_prepare (f->login, "PrepareForShutdown", TRUE);
  assert_ended (f, second, LKS_SESSION_END_LOGGED_OUT);

  third = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  login_service_remove_session (f->login, TRUE);
  assert_ended (f, third, LKS_SESSION_END_LOGGED_OUT);
}

static void
test_unplug (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autofree char *second = NULL;

  lks_session_guard_see_board (f->guard, "1-2", NUMBER, NULL);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER, DEVICE);
  lks_session_guard_see_board (f->guard, "1-3", 300, OTHER); /* a neighbour */
  g_assert_nonnull (lks_session_guard_get_session (f->guard));
  lks_session_guard_see_absence (f->guard);
  assert_ended (f, first, LKS_SESSION_END_UNPLUGGED);

  second = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER, OTHER);
  assert_ended (f, second, LKS_SESSION_END_OTHER_BOARD);
}

static const LksSessionFields *
get_fields (Fixture *f)
{
  g_assert_nonnull (lks_session_guard_get_session (f->guard));
  return lks_session_get_fields (lks_session_guard_get_session (f->guard));
}

/* With grace a board may come back: at its place, or elsewhere once it has said who it is. */
static void
test_grace (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = begin_well (f, 60, G_TIME_SPAN_MINUTE);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  lks_session_guard_see_board (f->guard, "1-2", NUMBER, DEVICE);
  lks_session_guard_see_absence (f->guard);
  g_assert_cmpint (get_fields (f)->absent_since_us, !=, 0);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER + 1, NULL);
  g_assert_cmpint (get_fields (f)->absent_since_us, ==, 0);
  g_assert_cmpuint (get_fields (f)->attach_number, ==, NUMBER + 1);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER + 1, DEVICE);

  lks_session_guard_see_absence (f->guard);
  lks_session_guard_see_board (f->guard, "1-7", NUMBER + 2, NULL);
  lks_session_guard_see_board (f->guard, "1-8", NUMBER + 3, OTHER);
  g_assert_cmpint (get_fields (f)->absent_since_us, !=, 0);
  lks_session_guard_see_board (f->guard, "1-7", NUMBER + 2, DEVICE);
  g_assert_cmpstr (get_fields (f)->port, ==, "1-7");
  g_assert_cmpint (get_fields (f)->absent_since_us, ==, 0);
  lks_session_guard_end (f->guard, LKS_SESSION_END_USER, NULL);
  assert_ended (f, first, LKS_SESSION_END_USER);

  /* Another board in time is another board. */
  second = begin_well (f, 60, G_TIME_SPAN_MINUTE);
  lks_session_guard_see_absence (f->guard);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER + 4, NULL);
  lks_session_guard_see_board (f->guard, "1-2", NUMBER + 4, OTHER);
  assert_ended (f, second, LKS_SESSION_END_OTHER_BOARD);

  third = begin_well (f, 1, G_TIME_SPAN_MINUTE);
  lks_session_guard_see_absence (f->guard);
  assert_ended (f, third, LKS_SESSION_END_UNPLUGGED);
}

/* ---- other processes ---- */

static int
act_as_process (const char *what, const char *folder, const char *ledger_path, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = open_ledger (ledger_path);
  g_autoptr (LksSessionStore) store = lks_session_store_new (folder, &error);
  g_autoptr (LksSessionGuard) guard = lks_session_guard_new (store, ledger, &error);

  if (g_str_equal (what, "--end"))
    lks_session_guard_end (guard, LKS_SESSION_END_USER, &error);
  else
    begin (guard, id, 0, G_TIME_SPAN_MINUTE, &error);
  g_assert_no_error (error);
  if (write (STDOUT_FILENO, "d", 1) != 1)
    return 1;
  while (g_str_equal (what, "--begin-and-stay"))
    pause ();
  return 0;
}

static GPid
start (Fixture *f, const char *what, const char *id)
{
  const char *const argv[] = { program, what, f->folder, f->ledger_path, id, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;
  int out;
  char byte;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read (out, &byte, 1), ==, 1);
  close (out);
  return pid;
}

/* A session belongs to all programs of the user; it is ended and recorded once. */
static void
test_other_process (Fixture *f, gconstpointer unused)
{
  g_autofree char *first = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autofree char *second = g_uuid_string_random ();

  waitpid (start (f, "--end", ""), NULL, 0);
  assert_ended (f, first, LKS_SESSION_END_USER);

  /* It was begun there and goes on here: this program keeps watch. */
  f->n_ends = 0;
  waitpid (start (f, "--begin", second), NULL, 0);
  while (lks_session_guard_get_session (f->guard) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (lks_session_get_id (lks_session_guard_get_session (f->guard)), ==, second);
  login_service_lock (f->login);
  assert_ended (f, second, LKS_SESSION_END_SCREEN_LOCKED);
}

/* Whoever starts next closes the session of a program that was killed. */
static void
test_killed (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *recorded = NULL;
  GPid pid;

  drop_guard (f);
  pid = start (f, "--begin-and-stay", id);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  recorded = dup_recorded_end (f, id);
  g_assert_null (recorded);

  start_guard (f);
  g_assert_null (lks_session_guard_get_session (f->guard));
  recorded = dup_recorded_end (f, id);
  g_assert_cmpstr (recorded, ==, "program-died");
}

/* The folder is gone after a log-out; the record still wants an end. */
static void
test_orphan (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autofree char *path = g_build_filename (f->folder, "session.json", NULL);
  g_autofree char *recorded = NULL;

  drop_guard (f);
  g_assert_cmpint (g_unlink (path), ==, 0);
  start_guard (f);
  recorded = dup_recorded_end (f, id);
  g_assert_cmpstr (recorded, ==, "program-died");
}

/* Nothing is begun that cannot be written down. */
static void
test_no_ledger (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;
  g_autoptr (LksLedger) ledger = g_steal_pointer (&f->ledger);

  drop_guard (f);
  start_guard (f);
  g_assert_false (begin (f->guard, id, 0, G_TIME_SPAN_MINUTE, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_FAILED);
  g_assert_null (lks_session_guard_get_session (f->guard));
  f->ledger = g_steal_pointer (&ledger);
}

static void
test_survives (Fixture *f, gconstpointer unused)
{
  g_autofree char *id = begin_well (f, 0, G_TIME_SPAN_MINUTE);
  g_autoptr (GError) error = NULL;

  g_assert_false (get_fields (f)->survives_program);
  g_assert_true (lks_session_guard_set_survives (f->guard, TRUE, &error));
  g_assert_true (get_fields (f)->survives_program);
  g_assert_cmpuint (f->n_ends, ==, 0);
  lks_session_guard_end (f->guard, LKS_SESSION_END_PROGRAM_CLOSED, NULL);
  assert_ended (f, id, LKS_SESSION_END_PROGRAM_CLOSED);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  int status;

  if (argc == 5 && (g_str_has_prefix (argv[1], "--begin") || g_str_equal (argv[1], "--end")))
    return act_as_process (argv[1], argv[2], argv[3], argv[4]);

  g_test_init (&argc, &argv, NULL);
  program = argv[0];
  test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (test_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (test_bus), TRUE);

  TEST ("/session-guard/user", test_user);
  TEST ("/session-guard/timeout", test_timeout);
  TEST ("/session-guard/screen-lock", test_screen_lock);
  TEST ("/session-guard/sleep-and-log-out", test_sleep_and_log_out);
  TEST ("/session-guard/unplug", test_unplug);
  TEST ("/session-guard/grace", test_grace);
  TEST ("/session-guard/other-process", test_other_process);
  TEST ("/session-guard/killed", test_killed);
  TEST ("/session-guard/orphan", test_orphan);
  TEST ("/session-guard/no-ledger", test_no_ledger);
  TEST ("/session-guard/survives", test_survives);

  status = g_test_run ();
  g_test_dbus_stop (test_bus);
  g_object_unref (test_bus);
  return status;
}
