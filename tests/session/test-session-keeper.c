/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions of real boards, as far as emulated ones are: from the keyring to the answer of a
 * locked board, and every way a session ends that has to do with boards or the vault. */
#include "session-world.h"

#include "lks-capability.h"
#include "lks-device-diag.h"
#include "lks-device-state.h"
#include "lks-device-wifi.h"
#include "lks-enums.h"
#include "lks-service-action.h"
#include "lks-session-refusal.h"

#include <string.h>
#include <unistd.h>

enum
{
  BOARD_A,
  BOARD_B,
  BOARD_OPEN,
  BOARD_OLD,
  BOARD_STORED,
};

static const char *trace_path; /* of what the boards were asked */

/* ---- pure functions ---- */

static void
test_actions (void)
{
  static const struct
  {
    const char *method, *path;
    LksServiceAction action;
  } cases[] = {
    { "POST", "/wifi/config/networks", LKS_SERVICE_ACTION_WIFI_ADD },
    { "PATCH", "/wifi/config/networks/2", LKS_SERVICE_ACTION_WIFI_CHANGE },
    { "DELETE", "/wifi/config/networks/2", LKS_SERVICE_ACTION_WIFI_FORGET },
    { "PATCH", "/wifi/config/networks", LKS_SERVICE_ACTION_OTHER },
    { "POST", "/restart", LKS_SERVICE_ACTION_RESTART },
    { "GET", "/restart", LKS_SERVICE_ACTION_OTHER },
    { "GET", "/log", LKS_SERVICE_ACTION_LOG_TAKE },
    { "DELETE", "/telemetry", LKS_SERVICE_ACTION_TELEMETRY_CLEAR },
    { "PUT", "/update/stage", LKS_SERVICE_ACTION_IMAGE_SEND },
    { "PUT", "/something/new", LKS_SERVICE_ACTION_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lks_service_action_from_request (cases[i].method, cases[i].path), ==,
                     cases[i].action);
  for (guint action = 0; action < LKS_SERVICE_ACTIONS; action++)
    {
      g_autofree char *done = lks_service_action_describe (action, 200);
      g_autofree char *refused = lks_service_action_describe (action, 403);

      g_assert_cmpuint (strlen (done), >, 5);
      g_assert_nonnull (strstr (refused, done));
    }
}

static GError *
make_refusal (LksDeviceError code, const char *message)
{
  return g_error_new_literal (LKS_DEVICE_ERROR, (int) code, message);
}

/* The order of the reasons: whose file, what it grants, what the board says, what dates suggest. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *device_id;
    guint capability;
    LksDeviceError code;
    LksKeystoreFit keystore;
    LksSessionRefusal refusal;
    gboolean passes;
    const char *word;
  } cases[] = {
    { "bb", 13, LKS_DEVICE_ERROR_REFUSED, LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD,
      LKS_SESSION_REFUSAL_OTHER_BOARD, FALSE, "for the board" },
    { "AA", 12, LKS_DEVICE_ERROR_REFUSED, LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD,
      LKS_SESSION_REFUSAL_GRANTS_NOTHING, FALSE, "grants neither" },
    { "aa", 13, LKS_DEVICE_ERROR_REFUSED, LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD,
      LKS_SESSION_REFUSAL_KEYSTORE, FALSE, "keystore" },
    { "aa", 13, LKS_DEVICE_ERROR_BUSY, LKS_KEYSTORE_FIT_MAY_BE_TOO_OLD, LKS_SESSION_REFUSAL_BUSY,
      TRUE, "busy" },
    { "aa", 11, LKS_DEVICE_ERROR_REFUSED, LKS_KEYSTORE_FIT_FITS, LKS_SESSION_REFUSAL_UNKNOWN, FALSE,
      "does not say" },
    { NULL, 13, LKS_DEVICE_ERROR_REFUSED, LKS_KEYSTORE_FIT_UNKNOWN, LKS_SESSION_REFUSAL_UNKNOWN,
      FALSE, "does not say" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) capabilities = g_array_new (FALSE, FALSE, sizeof (guint));
      g_autoptr (GError) error = make_refusal (cases[i].code, "no");
      LksSessionRefusalFacts facts = {
        .file_device_id = "aa",
        .device_id = cases[i].device_id,
        .capabilities = g_array_append_val (capabilities, cases[i].capability),
        .keystore = cases[i].keystore,
        .error = error,
      };
      LksSessionRefusal refusal = lks_session_refusal_judge (&facts);
      g_autofree char *words = lks_session_refusal_describe (refusal, &facts);

      g_assert_cmpint (refusal, ==, cases[i].refusal);
      g_assert_cmpint (lks_session_refusal_passes (refusal), ==, cases[i].passes);
      g_assert_nonnull (strstr (words, cases[i].word));
    }
}

/* ---- with boards ---- */

static void
set_up (SessionWorld *world, gconstpointer unused)
{
  session_world_set_up (world);
}

static void
tear_down (SessionWorld *world, gconstpointer unused)
{
  session_world_tear_down (world);
}

static LksSessionRequest
make_request (LksBoard *board, LksVaultItem *item)
{
  return (LksSessionRequest){
    .board = board,
    .item = item,
    .task = LKS_SERVICE_TASK_WIFI,
    .note = "pump room 3",
    .operator_name = "olga",
    .minutes = 5,
    .ends_on_lock = TRUE,
  };
}

static char *
begin (SessionWorld *world, guint board, guint grace_s)
{
  LksVaultItem *item = session_world_import (world, board, "fieldServicing");
  LksSessionRequest request = make_request (session_world_wait_board (world, board), item);
  g_autoptr (GError) error = NULL;

  request.grace_s = grace_s;
  session_world_start (world, &request, &error);
  g_assert_no_error (error);
  return g_strdup (lks_session_get_id (lks_session_keeper_get_session (world->keeper)));
}

static LksFactState
get_images (LksBoard *board)
{
  return lks_board_status_get_fact (lks_board_get_status (board), LKS_FACT_ID_IMAGES).state;
}

static void
assert_ended (SessionWorld *world, const char *id, LksSessionEnd end)
{
  g_autoptr (LksServiceRecord) record = NULL;
  const char *nick = lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) end);

  WAIT_UNTIL (world->n_ends > 0);
  g_assert_cmpuint (world->n_ends, ==, 1);
  g_assert_cmpstr (lks_enum_to_nick (LKS_TYPE_SESSION_END, (int) world->end), ==, nick);
  g_assert_null (lks_session_keeper_get_session (world->keeper));
  g_assert_null (lks_session_keeper_get_board (world->keeper));
  record = session_world_get_record (world, id);
  g_assert_cmpstr (lks_service_record_get_fields (record)->end_reason, ==, nick);
}

static void
test_start (SessionWorld *world, gconstpointer unused)
{
  LksBoard *locked = session_world_wait_board (world, BOARD_A);
  LksBoard *other = session_world_wait_board (world, BOARD_B);
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (LksSecret) header = NULL;
  g_autoptr (LksServiceRecord) record = NULL;
  g_autofree char *id = NULL;

  WAIT_UNTIL (get_images (locked) == LKS_FACT_STATE_REFUSED);
  id = begin (world, BOARD_A, 0);
  g_assert_true (lks_session_keeper_get_board (world->keeper) == locked);
  key = lks_capability_key_ref (lks_board_status_get_key (lks_board_get_status (locked)));
  header = lks_capability_key_dup_header (key);
  g_assert_nonnull (header);
  WAIT_UNTIL (get_images (locked) == LKS_FACT_STATE_KNOWN);
  g_assert_null (lks_board_status_get_key (lks_board_get_status (other)));
  g_assert_cmpint (get_images (other), ==, LKS_FACT_STATE_REFUSED);

  record = session_world_get_record (world, id);
  g_assert_cmpstr (lks_service_record_get_fields (record)->note, ==, "pump room 3");
  g_assert_nonnull (strstr (lks_service_record_get_fields (record)->document, "\"before\""));
  g_assert_null (lks_service_record_get_fields (record)->end_reason);

  /* The end wipes the key for whoever holds it, and the board is as locked as before. */
  g_assert_true (lks_session_keeper_end (world->keeper, LKS_SESSION_END_USER, NULL));
  g_assert_null (lks_capability_key_dup_header (key));
  assert_ended (world, id, LKS_SESSION_END_USER);
  WAIT_UNTIL (get_images (locked) == LKS_FACT_STATE_REFUSED);
}

static void
assert_refused (SessionWorld *world, const LksSessionRequest *request, LksSessionError code)
{
  g_autoptr (GError) error = NULL;

  session_world_start (world, request, &error);
  g_assert_error (error, LKS_SESSION_ERROR, (int) code);
}

static void
test_not_begun (SessionWorld *world, gconstpointer unused)
{
  LksVaultItem *for_a = session_world_import (world, BOARD_A, "fieldServicing");
  LksVaultItem *for_open = session_world_import (world, BOARD_OPEN, "fieldServicing");
  LksVaultItem *for_stored = session_world_import (world, BOARD_STORED, "fieldServicing");
  LksSessionRequest request;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;

  request = make_request (session_world_wait_board (world, BOARD_B), for_a);
  assert_refused (world, &request, LKS_SESSION_ERROR_OTHER_BOARD);
  request = make_request (session_world_wait_board (world, BOARD_OPEN), for_open);
  assert_refused (world, &request, LKS_SESSION_ERROR_NOT_NEEDED);
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_STORED);
  request = make_request (session_world_wait_board (world, BOARD_STORED), for_stored);
  assert_refused (world, &request, LKS_SESSION_ERROR_NOT_NEEDED);
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_STORED);

  request = make_request (session_world_wait_board (world, BOARD_A), for_a);
  request.task = LKS_SERVICE_TASK_DEBUG;
  assert_refused (world, &request, LKS_SESSION_ERROR_NO_CAPABILITY);
  request.task = LKS_SERVICE_TASK_WIFI;
  request.minutes = 0;
  session_world_start (world, &request, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  records = lks_ledger_service_list (world->ledger, &(LksLedgerQuery){ 0 }, NULL);
  g_assert_cmpuint (records->len, ==, 0);
  request.minutes = 5;
  g_clear_error (&error);
  session_world_start (world, &request, &error);
  g_assert_no_error (error);
  assert_refused (world, &request, LKS_SESSION_ERROR_ACTIVE);
}

/* A board whose keystore is older than the file: told with the way out, and not left open. */
static void
test_not_accepted (SessionWorld *world, gconstpointer unused)
{
  LksVaultItem *item = session_world_import (world, BOARD_OLD, "fieldServicing");
  LksSessionRequest request;
  g_autoptr (GError) error = NULL;

  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_OLD);
  request = make_request (session_world_wait_board (world, BOARD_OLD), item);
  session_world_start (world, &request, &error);
  g_assert_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NOT_ACCEPTED);
  g_assert_nonnull (strstr (error->message, "keystore is probably older"));
  g_assert_cmpint (world->end, ==, LKS_SESSION_END_NOT_ACCEPTED);
  g_assert_null (lks_session_keeper_get_session (world->keeper));
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_OLD);
}

static void
test_unplug (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 0);
  LksBoard *board = session_world_wait_board (world, BOARD_A);
  guint number = lks_port_get_attach_number (lks_board_get_port (board));

  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_A);
  assert_ended (world, id, LKS_SESSION_END_UNPLUGGED);
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_A);
  board = session_world_wait_board (world, BOARD_A);
  g_assert_null (lks_board_status_get_key (lks_board_get_status (board)));
  g_assert_cmpuint (lks_port_get_attach_number (lks_board_get_port (board)), !=, number);
}

/* Within its grace a board that comes back has its session again. */
static void
test_grace (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 60);
  LksBoard *board;

  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_A);
  WAIT_UNTIL (lks_session_keeper_get_board (world->keeper) == NULL);
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_A);
  board = session_world_wait_board (world, BOARD_A);
  WAIT_UNTIL (lks_session_keeper_get_board (world->keeper) == board);
  g_assert_cmpstr (lks_session_get_id (lks_session_keeper_get_session (world->keeper)), ==, id);
  WAIT_UNTIL (get_images (board) == LKS_FACT_STATE_KNOWN);
}

/* Another board at the same place, in time: it is told apart by its ID and gets nothing. */
static void
test_other_board (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 60);
  LksBoard *other;

  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_A);
  session_world_command ("{\"command\":\"unplug\",\"board\":%d}", BOARD_B);
  session_world_command ("{\"command\":\"swap\",\"board\":%d,\"with\":%d}", BOARD_A, BOARD_B);
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_B);
  assert_ended (world, id, LKS_SESSION_END_OTHER_BOARD);
  other = session_world_wait_board (world, BOARD_B);
  g_assert_cmpstr (lks_board_get_path (other), ==, "1-1");
  g_assert_null (lks_board_status_get_key (lks_board_get_status (other)));
  session_world_command ("{\"command\":\"plug\",\"board\":%d}", BOARD_A);
  session_world_wait_board (world, BOARD_A);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_capability_gone (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 0);
  g_autoptr (LksVaultItem) item = g_list_model_get_item (lks_vault_get_items (world->vault), 0);
  g_autoptr (GAsyncResult) result = NULL;

  lks_vault_remove_async (world->vault, item, NULL, result_cb, &result);
  assert_ended (world, id, LKS_SESSION_END_CAPABILITY_GONE);
  WAIT_UNTIL (result != NULL);
}

static gboolean
work (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) log = lks_device_get_log (device, cancellable, error);
  gboolean is_restarting;

  return log != NULL && !lks_device_delete_wifi_network (device, 7, cancellable, NULL) &&
         lks_device_restart (device, &is_restarting, cancellable, error);
}

static gboolean
has_restarted (LksBoard *board)
{
  guint64 uptime_s;

  return lks_board_get_state (board) == LKS_BOARD_STATE_READY &&
         lks_board_status_get_uptime (lks_board_get_status (board), &uptime_s) && uptime_s < 90;
}

/* What is done is written down; and a restart of the board is not an unplugging. */
static void
test_work (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 0);
  LksBoard *board = session_world_wait_board (world, BOARD_A);
  g_autoptr (LksServiceRecord) record = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const LksServiceEvent *event;
  GPtrArray *events;

  lks_board_run_async (board, work, NULL, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (result != NULL);
  lks_board_run_finish (board, result, &error);
  g_assert_no_error (error);
  lks_board_expect_restart (board);
  WAIT_UNTIL (has_restarted (board));
  g_assert_cmpuint (world->n_ends, ==, 0);
  WAIT_UNTIL (get_images (board) == LKS_FACT_STATE_KNOWN);

  record = session_world_get_record (world, id);
  events = lks_service_record_get_events (record);
  g_assert_cmpuint (events->len, ==, 3);
  event = events->pdata[0];
  g_assert_cmpstr (event->path, ==, "/log");
  g_assert_nonnull (strstr (event->document, "the log was taken"));
  event = events->pdata[1];
  g_assert_cmpstr (event->method, ==, "DELETE");
  g_assert_cmpstr (event->path, ==, "/wifi/config/networks/7");
  g_assert_cmpuint (event->http_status, ==, 404);
  event = events->pdata[2];
  g_assert_cmpstr (event->path, ==, "/restart");
  g_assert_cmpuint (event->http_status, ==, 200);
  g_assert_nonnull (strstr (event->document, "the board was restarted"));
  g_assert_nonnull (strstr (event->document, "\"withCapability\":true"));
}

static gboolean
forget (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_device_delete_wifi_network (device, 7, cancellable, error);
}

/* Whether the emulator was asked for it, and says nothing yet. */
static gboolean
was_asked (const char *method)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (trace_path, &text, NULL, &error);
  g_assert_no_error (error);
  return strstr (text, method) != NULL;
}

static gboolean
look_again_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

/* Somebody quits while the board is changing: what was asked for is in the record. */
static void
test_quit_meanwhile (SessionWorld *world, gconstpointer unused)
{
  g_autofree char *id = begin (world, BOARD_A, 0);
  LksBoard *board = session_world_wait_board (world, BOARD_A);
  guint look_again_id = g_timeout_add (20, look_again_cb, NULL);
  g_autoptr (LksServiceRecord) record = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const LksServiceEvent *event;
  GPtrArray *events;

  g_assert_cmpint (truncate (trace_path, 0), ==, 0);
  session_world_command ("{\"command\":\"fault\",\"board\":%d,\"fault\":{"
                         "\"kind\":\"no-answer\",\"method\":\"DELETE\",\"times\":1}}",
                         BOARD_A);
  lks_board_run_async (board, forget, NULL, NULL, NULL, result_cb, &result);
  WAIT_UNTIL (was_asked ("DELETE"));
  g_source_remove (look_again_id);
  g_assert_null (result);

  lks_session_keeper_end (world->keeper, LKS_SESSION_END_PROGRAM_CLOSED, NULL);
  lks_session_keeper_close (world->keeper);
  lks_board_list_close (world->boards);
  g_assert_true (lks_session_keeper_settle (world->keeper, LKS_SESSION_SETTLE_LIMIT_MS));

  record = lks_ledger_service_get (world->ledger, id, &error);
  g_assert_no_error (error);
  events = lks_service_record_get_events (record);
  g_assert_cmpuint (events->len, ==, 2); /* the end, and what was still to come */
  event = events->pdata[1];
  g_assert_cmpstr (event->method, ==, "DELETE");
  g_assert_cmpstr (event->path, ==, "/wifi/config/networks/7");
  g_assert_cmpuint (event->http_status, ==, 0);
  g_assert_nonnull (strstr (event->document, "\"problem\""));
  WAIT_UNTIL (result != NULL);
}

#define TEST(path, func) g_test_add (path, SessionWorld, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  session_world_init (argv[1]);
  trace_path = argv[2];

  g_test_add_func ("/session-keeper/actions", test_actions);
  g_test_add_func ("/session-keeper/refusals", test_refusals);
  TEST ("/session-keeper/start", test_start);
  TEST ("/session-keeper/not-begun", test_not_begun);
  TEST ("/session-keeper/not-accepted", test_not_accepted);
  TEST ("/session-keeper/unplug", test_unplug);
  TEST ("/session-keeper/grace", test_grace);
  TEST ("/session-keeper/other-board", test_other_board);
  TEST ("/session-keeper/capability-gone", test_capability_gone);
  TEST ("/session-keeper/work", test_work);
  TEST ("/session-keeper/quit-meanwhile", test_quit_meanwhile);

  return g_test_run ();
}
