/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-session-property EMULATOR TRACE [SEED]
 *
 * Whatever is plugged in where and when, whoever begins and ends sessions, and even when keys are
 * handed to wrong boards: no request with a capability reaches a board that the capability does
 * not name. The witness is the emulator, which writes down for each request with a capability
 * whether its file names the board that got it. */
#include "session-world.h"

#include "lks-capability.h"
#include "lks-device-images.h"
#include "lks-device-wifi.h"
#include "lks-enums.h"

#include <string.h>
#include <unistd.h>

#define BOARDS 4
#define STEPS_MIN 100
#define STEPS_MAX 10000
#define TURNS_MAX 40 /* of the main context between two steps */

static const char *program;
static const char *trace_path;

typedef struct
{
  SessionWorld world;
  GRand *rand;
  char *ids[BOARDS];              /* (owned) */
  LksVaultItem *items[BOARDS];    /* (owned) */
  LksCapabilityKey *keys[BOARDS]; /* (owned): for the hand that gives them to anybody */
  gboolean is_starting;
  guint pending; /* jobs */

  /* What happened: the test is worth nothing if it did not. */
  guint starts;        /* by the keeper, accepted by a board */
  guint foreign_begun; /* by another process */
  guint swaps;
  guint wrong_hands; /* a key given to a board that it is not for */
  guint seen_ends;   /* a set of LksSessionEnd */
} Run;

/* ---- the witness ---- */

typedef struct
{
  guint with[BOARDS]; /* requests with a capability, per board */
  guint without;      /* requests that the board refused because they brought none */
  guint foreign;      /* requests with a capability of another board */
} Trace;

static void
read_line (Trace *trace, const char *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *object;
  gint64 board;

  g_assert_nonnull (node);
  object = json_node_get_object (node);
  board = json_object_get_int_member (object, "board");
  g_assert_cmpint (board, <, BOARDS);
  if (!json_object_get_boolean_member (object, "withCapability"))
    {
      trace->without += json_object_get_int_member (object, "status") == 403;
      return;
    }
  trace->with[board]++;
  if (json_object_get_boolean_member (object, "capabilityFits"))
    return;
  trace->foreign++;
  g_test_message ("a capability of another board: %s", line);
}

static void
read_trace (Trace *trace, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      read_line (trace, lines[i]);
}

/* The witness itself can tell. */
static void
test_witness (void)
{
  static const char text[] =
      "{\"board\":0,\"status\":200,\"withCapability\":true,\"capabilityFits\":true}\n"
      "{\"board\":1,\"status\":403,\"withCapability\":false}\n"
      "{\"board\":1,\"status\":403,\"withCapability\":true,\"capabilityFits\":false}\n";
  Trace trace = { 0 };

  read_trace (&trace, text);
  g_assert_cmpuint (trace.with[0], ==, 1);
  g_assert_cmpuint (trace.with[1], ==, 1);
  g_assert_cmpuint (trace.without, ==, 1);
  g_assert_cmpuint (trace.foreign, ==, 1);
}

/* ---- steps ---- */

static guint
pick (Run *run)
{
  return (guint) g_rand_int_range (run->rand, 0, BOARDS);
}

static void
plug (Run *run)
{
  session_world_command ("{\"command\":\"plug\",\"board\":%u}", pick (run));
}

static void
unplug (Run *run)
{
  session_world_command ("{\"command\":\"unplug\",\"board\":%u}", pick (run));
}

/* Two boards change their sockets as fast as a hand never could. */
static void
swap (Run *run)
{
  guint a = pick (run);
  guint b = (a + 1 + (guint) g_rand_int_range (run->rand, 0, BOARDS - 1)) % BOARDS;

  session_world_command ("{\"command\":\"unplug\",\"board\":%u}", a);
  session_world_command ("{\"command\":\"unplug\",\"board\":%u}", b);
  session_world_command ("{\"command\":\"swap\",\"board\":%u,\"with\":%u}", a, b);
  session_world_command ("{\"command\":\"plug\",\"board\":%u}", a);
  session_world_command ("{\"command\":\"plug\",\"board\":%u}", b);
  run->swaps++;
}

/* (transfer full) (nullable): any board that is known here now */
static LksBoard *
pick_attached (Run *run)
{
  GListModel *boards = G_LIST_MODEL (run->world.boards);
  guint n = g_list_model_get_n_items (boards);

  return n > 0 ? g_list_model_get_item (boards, (guint) g_rand_int_range (run->rand, 0, (int) n))
               : NULL;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  run->is_starting = FALSE;
  run->starts +=
      lks_session_keeper_start_finish (LKS_SESSION_KEEPER (source), result, NULL) ? 1 : 0;
}

/* Of any item for any board: most of it makes no sense and must come to nothing. */
static void
start (Run *run)
{
  g_autoptr (LksBoard) board = pick_attached (run);
  LksSessionRequest request = {
    .board = board,
    .item = run->items[pick (run)],
    .task = LKS_SERVICE_TASK_WIFI,
    .operator_name = "olga",
    .minutes = 5,
    .grace_s = g_rand_boolean (run->rand) ? 60 : 0,
  };

  if (board == NULL || run->is_starting)
    return;
  for (guint i = 0; i < BOARDS && g_rand_int_range (run->rand, 0, 4) > 0; i++)
    if (g_strcmp0 (lks_board_get_device_id (board), run->ids[i]) == 0)
      request.item = run->items[i];

  run->is_starting = TRUE;
  lks_session_keeper_start_async (run->world.keeper, &request, NULL, started_cb, run);
}

static void
end (Run *run)
{
  lks_session_keeper_end (run->world.keeper, LKS_SESSION_END_USER, NULL);
}

static gboolean
run_process (Run *run,
             const char *what,
             const char *id,
             const char *fingerprint,
             const char *port,
             guint attach_number)
{
  g_autofree char *folder = g_build_filename (run->world.folder, "locksmith", NULL);
  g_autofree char *ledger = g_build_filename (run->world.folder, "ledger.sqlite", NULL);
  g_autofree char *number = g_strdup_printf ("%u", attach_number);
  const char *const argv[] = { program, what, folder, ledger, id, fingerprint, port, number, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  return g_spawn_check_wait_status (status, NULL);
}

/* Another program of this user, which may be wrong about everything: the board's place, and even
 * which capability is for it. */
static void
begin_elsewhere (Run *run)
{
  g_autoptr (LksBoard) board = pick_attached (run);
  guint whose = pick (run);
  guint which = g_rand_int_range (run->rand, 0, 4) > 0 ? whose : pick (run);

  if (board == NULL)
    return;
  for (guint i = 0; i < BOARDS && g_rand_boolean (run->rand); i++)
    if (g_strcmp0 (lks_board_get_device_id (board), run->ids[i]) == 0)
      whose = which = i;
  run->foreign_begun +=
      run_process (run, "--begin", run->ids[whose],
                   lks_vault_item_get_fingerprint (run->items[which]), lks_board_get_path (board),
                   lks_port_get_attach_number (lks_board_get_port (board)));
}

static void
end_elsewhere (Run *run)
{
  run_process (run, "--end", "", "", "", 0);
}

static gboolean
work_func (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksComponents) components = lks_device_get_images (device, cancellable, NULL);
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, NULL);

  return lks_device_delete_wifi_network (device, 7, cancellable, error);
}

static void
worked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;

  lks_board_run_finish (LKS_BOARD (source), result, NULL);
  run->pending--;
}

static void
work (Run *run)
{
  g_autoptr (LksBoard) board = pick_attached (run);

  if (board == NULL)
    return;
  run->pending++;
  lks_board_run_async (board, work_func, NULL, NULL, NULL, worked_cb, run);
}

/* A mistake above the device's client: any key for any board. */
static void
give_wrongly (Run *run)
{
  g_autoptr (LksBoard) board = pick_attached (run);
  LksCapabilityKey *key = run->keys[pick (run)];

  if (board == NULL || lks_session_keeper_get_board (run->world.keeper) == board)
    return;
  lks_board_set_key (board, key);
  run->wrong_hands += !lks_capability_key_is_for (key, lks_board_get_device_id (board));
  work (run);
}

typedef void (*Step) (Run *run);

static const struct
{
  Step step;
  int weight;
} steps[] = {
  { plug, 5 }, { unplug, 2 },          { swap, 2 },          { start, 6 },        { end, 1 },
  { work, 5 }, { begin_elsewhere, 2 }, { end_elsewhere, 1 }, { give_wrongly, 2 },
};

static void
take_step (Run *run)
{
  int sum = 0;
  int point;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    sum += steps[i].weight;
  point = g_rand_int_range (run->rand, 0, sum);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      point -= steps[i].weight;
      if (point >= 0)
        continue;
      steps[i].step (run);
      return;
    }
}

static gboolean
is_quiet (LksBoard *board)
{
  switch (lks_board_get_state (board))
    {
    case LKS_BOARD_STATE_UNKNOWN:
    case LKS_BOARD_STATE_CONNECTING:
    case LKS_BOARD_STATE_RESTARTING:
    case LKS_BOARD_STATE_NO_ANSWER:
      return FALSE;
    case LKS_BOARD_STATE_READY:
    case LKS_BOARD_STATE_ERROR:
    case LKS_BOARD_STATE_NO_PERMISSION:
    case LKS_BOARD_STATE_NOT_PROGRAMMED:
    case LKS_BOARD_STATE_GONE:
      break;
    }
  return TRUE;
}

/* The next step comes at once, in the middle of anything, or when some board has come to rest, or
 * when a session that was being started is decided. */
static void
turn (Run *run)
{
  g_autoptr (LksBoard) board = pick_attached (run);

  switch (g_rand_int_range (run->rand, 0, 4))
    {
    case 0:
      WAIT_UNTIL (board == NULL || is_quiet (board));
      break;
    case 1:
      WAIT_UNTIL (!run->is_starting);
      break;
    default:
      for (int i = g_rand_int_range (run->rand, 0, TURNS_MAX); i > 0; i--)
        g_main_context_iteration (NULL, FALSE);
    }
}

static void
ended_cb (Run *run, LksSession *session, LksSessionEnd reason)
{
  run->seen_ends |= 1u << reason;
}

/* ---- the property ---- */

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
set_up (Run *run)
{
  session_world_set_up (&run->world);
  g_signal_connect_swapped (run->world.keeper, "ended", G_CALLBACK (ended_cb), run);
  for (guint i = 0; i < BOARDS; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      run->ids[i] = session_world_dup_id (i);
      run->items[i] = g_object_ref (session_world_import (&run->world, i, "fieldServicing"));
      lks_vault_fetch_key_async (run->world.vault, run->items[i], NULL, fetched_cb, &result);
      WAIT_UNTIL (result != NULL);
      run->keys[i] = lks_vault_fetch_key_finish (run->world.vault, result, NULL);
      g_assert_nonnull (run->keys[i]);
    }
}

static guint
count_bits (guint set)
{
  guint n = 0;

  for (; set != 0; set &= set - 1)
    n++;
  return n;
}

static Trace
load_trace (void)
{
  g_autofree char *text = NULL;
  Trace trace = { 0 };

  g_assert_true (g_file_get_contents (trace_path, &text, NULL, NULL));
  *(strrchr (text, '\n') != NULL ? strrchr (text, '\n') + 1 : text) = '\0'; /* no half line */
  read_trace (&trace, text);
  return trace;
}

/* Something of everything happened, and capabilities did travel. */
static gboolean
is_covered (Run *run)
{
  Trace trace = load_trace ();
  guint boards = 0;

  for (guint i = 0; i < BOARDS; i++)
    boards += trace.with[i] > 0;
  return boards >= 3 && trace.without > 20 && run->starts >= 4 && run->foreign_begun >= 3 &&
         run->swaps >= 5 && run->wrong_hands >= 5 && count_bits (run->seen_ends) >= 3;
}

static void
settle (Run *run)
{
  lks_session_keeper_end (run->world.keeper, LKS_SESSION_END_USER, NULL);
  for (guint i = 0; i < BOARDS; i++)
    session_world_command ("{\"command\":\"plug\",\"board\":%u}", i);
  WAIT_UNTIL (!run->is_starting);
  lks_session_keeper_end (run->world.keeper, LKS_SESSION_END_USER, NULL);
  for (guint i = 0; i < BOARDS; i++)
    lks_board_set_key (session_world_wait_board (&run->world, i), NULL);
  WAIT_UNTIL (run->pending == 0);
}

static void
tear_down (Run *run)
{
  for (guint i = 0; i < BOARDS; i++)
    {
      g_free (run->ids[i]);
      g_object_unref (run->items[i]);
      lks_capability_key_unref (run->keys[i]);
    }
  g_signal_handlers_disconnect_by_data (run->world.keeper, run);
  session_world_tear_down (&run->world);
  g_rand_free (run->rand);
}

static void
test_property (gconstpointer user_data)
{
  guint32 seed = GPOINTER_TO_UINT (user_data);
  Run run = { .rand = g_rand_new_with_seed (seed) };
  guint n_steps = 0;
  Trace trace;

  g_test_message ("seed %u", seed);
  g_assert_cmpint (truncate (trace_path, 0), ==, 0);
  set_up (&run);
  while (n_steps < STEPS_MIN || (n_steps < STEPS_MAX && n_steps % 20 != 0) ||
         (n_steps < STEPS_MAX && !is_covered (&run)))
    {
      take_step (&run);
      turn (&run);
      n_steps++;
    }
  settle (&run);

  trace = load_trace ();
  g_test_message ("seed %u, %u steps: %u starts, %u begun elsewhere, %u swaps, %u keys in wrong "
                  "hands, %u kinds of end; requests with a capability: %u %u %u %u, refused "
                  "without: %u",
                  seed, n_steps, run.starts, run.foreign_begun, run.swaps, run.wrong_hands,
                  count_bits (run.seen_ends), trace.with[0], trace.with[1], trace.with[2],
                  trace.with[3], trace.without);
  g_assert_true (is_covered (&run));
  g_assert_cmpuint (trace.foreign, ==, 0);
  tear_down (&run);
}

/* ---- the other process ---- */

static int
act_as_process (char **argv)
{
  static const guint servicing[] = { LKS_CAPABILITY_FIELD_SERVICING };
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (LksLedger) ledger = lks_ledger_open (argv[3], NULL);
  g_autoptr (LksSessionStore) store = lks_session_store_new (argv[2], NULL);
  g_autoptr (LksSessionGuard) guard = lks_session_guard_new (store, ledger, NULL);
  const LksSessionBeginning beginning = {
    .fields = {
      .id = id,
      .device_id = argv[4],
      .fingerprint = argv[5],
      .capabilities = servicing,
      .n_capabilities = 1,
      .task = LKS_SERVICE_TASK_WIFI,
      .operator_name = "another process",
      .ends_us = 5 * G_TIME_SPAN_MINUTE,
      .port = argv[6],
      .attach_number = (guint) g_ascii_strtoull (argv[7], NULL, 10),
      .grace_s = 60,
    },
  };

  if (g_str_equal (argv[1], "--end"))
    return lks_session_guard_end (guard, LKS_SESSION_END_USER, NULL) ? 0 : 1;
  return lks_session_guard_begin (guard, &beginning, NULL) ? 0 : 1;
}

int
main (int argc, char *argv[])
{
  guint32 seed;

  if (argc == 8)
    return act_as_process (argv);

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 3);
  program = argv[0];
  trace_path = argv[2];
  seed = argc > 3 ? (guint32) g_ascii_strtoull (argv[3], NULL, 10) : g_random_int ();
  session_world_init (argv[1]);

  g_test_add_func ("/session-property/witness", test_witness);
  g_test_add_data_func ("/session-property/own-board-only", GUINT_TO_POINTER (seed), test_property);

  return g_test_run ();
}
