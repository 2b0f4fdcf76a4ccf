/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs under locksmith-bench with the boards of boards.json plugged in. */
#include "emu-capability.h"
#include "lks-board-list.h"
#include "lks-capability.h"
#include "lks-device-images.h"
#include "lks-device-state.h"
#include "lks-device-wifi.h"
#include "wait-until.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

enum
{
  BOARD_OPEN,
  BOARD_LOCKED,
  BOARD_BLANK_ADAPTER,
  BOARD_TWIN, /* the same device ID and adapter serial as BOARD_OPEN */
  BOARD_SPARE,
  BOARD_TO_FINALIZE,
};

/* The patience with a board that has begun to answer: one that is silent must not take so long. */
#define ANSWER_LIMIT_US (15 * G_USEC_PER_SEC)

/* A board that ran for so long proves its restart whenever it is asked next. One that ran for less
 * has run as long again by the time that a busy machine asks. */
#define PROVABLE_S 5

static char *control_path;

/* ---- the world ---- */

static void command (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
command (const char *format, ...)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (control_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *request = NULL;
  g_autofree char *answer = NULL;
  va_list args;

  g_assert_no_error (error);
  va_start (args, format);
  request = g_strdup_vprintf (format, args);
  va_end (args);
  g_output_stream_printf (g_io_stream_get_output_stream (G_IO_STREAM (connection)), NULL, NULL,
                          &error, "%s\n", request);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  if (strstr (answer, "\"ok\":true") == NULL)
    g_error ("%s: %s", request, answer);
}

static void
plug (guint board)
{
  command ("{\"command\":\"plug\",\"board\":%u}", board);
}

static void
unplug (guint board)
{
  command ("{\"command\":\"unplug\",\"board\":%u}", board);
}

static void
fault (guint board, const char *text)
{
  command ("{\"command\":\"fault\",\"board\":%u,\"fault\":%s}", board, text);
}

static void
clear (guint board)
{
  command ("{\"command\":\"clear\",\"board\":%u}", board);
}

/* ---- waiting ---- */

typedef struct
{
  LksIoThread *io_thread;
  LksTrust *trust;
  LksBoardList *list;
} World;

static void
setup (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  world->io_thread = lks_io_thread_new ();
  world->trust = lks_trust_load_default (&error);
  g_assert_no_error (error);
  world->list = lks_board_list_new (world->io_thread, world->trust, NULL, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (lks_board_list_is_settled (world->list));
}

static void
teardown (World *world, gconstpointer unused)
{
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  lks_trust_unref (world->trust);
  WAIT_FINALIZED (world->io_thread);
}

static guint
count_boards (World *world)
{
  return g_list_model_get_n_items (G_LIST_MODEL (world->list));
}

/* Board n is plugged in at place 1-(n+1). */
static LksBoard *
find (World *world, guint board)
{
  g_autofree char *path = g_strdup_printf ("1-%u", board + 1);

  return lks_board_list_find (world->list, path, NULL);
}

static LksBoardState
get_state (World *world, guint board)
{
  LksBoard *found = find (world, board);

  return found != NULL ? lks_board_get_state (found) : LKS_BOARD_STATE_GONE;
}

static LksBoardStatus *
get_status (World *world, guint board)
{
  return lks_board_get_status (find (world, board));
}

static LksFactState
get_fact (World *world, guint board, LksFactId id)
{
  return lks_board_status_get_fact (get_status (world, board), id).state;
}

static guint64
get_uptime (World *world, guint board)
{
  guint64 uptime_s = 0;

  lks_board_status_get_uptime (get_status (world, board), &uptime_s);
  return uptime_s;
}

static LksRestartKind
get_restart (World *world, guint board)
{
  return find (world, board) != NULL
             ? lks_board_status_get_last_restart (get_status (world, board)).kind
             : LKS_RESTART_KIND_NONE;
}

static void
assert_error (World *world, guint board, GQuark domain, int code)
{
  const GError *error = lks_board_status_get_error (get_status (world, board));

  g_assert_error (error, domain, code);
}

/* ---- attaching ---- */

static void
test_attach (World *world, gconstpointer unused)
{
  LksBoardStatus *status = get_status (world, BOARD_OPEN);
  LksLinkCounters counters;
  gsize n;

  g_assert_cmpuint (count_boards (world), ==, 3);
  g_assert_cmpint (get_state (world, BOARD_OPEN), ==, LKS_BOARD_STATE_READY);
  for (guint id = 0; id < LKS_FACT_IDS; id++)
    g_assert_cmpint (get_fact (world, BOARD_OPEN, id), ==, LKS_FACT_STATE_KNOWN);
  g_assert_true (g_str_has_prefix (lks_board_status_get_device_id (status), "aa11bb22"));
  g_assert_cmpstr (lks_board_status_get_manufacturing_state (status), ==, "Module1Complete");
  g_assert_nonnull (lks_board_status_get_images (status, &n));
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpint (lks_board_status_get_peripheral_lock (status, NULL), ==,
                   LKS_PERIPHERAL_LOCK_OPEN);
  g_assert_null (lks_board_status_get_error (status));
  g_assert_true (lks_board_get_link_counters (find (world, BOARD_OPEN), &counters));
  g_assert_true (counters.is_open);
  g_assert_cmpuint (counters.received_packets, >, 10);
}

/* Everything the seven open endpoints give, and refusals as such. */
static void
test_locked (World *world, gconstpointer unused)
{
  static const LksFactId open[] = { LKS_FACT_ID_UPTIME,       LKS_FACT_ID_REST_VERSION,
                                    LKS_FACT_ID_DEVICE_ID,    LKS_FACT_ID_SECURITY_STATE,
                                    LKS_FACT_ID_CAPABILITIES, LKS_FACT_ID_MANUFACTURING_STATE,
                                    LKS_FACT_ID_OS_VERSION,   LKS_FACT_ID_NET_STATUS,
                                    LKS_FACT_ID_ABI_VERSIONS };
  LksBoardStatus *status = get_status (world, BOARD_LOCKED);
  LksFact images = lks_board_status_get_fact (status, LKS_FACT_ID_IMAGES);

  g_assert_cmpint (get_state (world, BOARD_LOCKED), ==, LKS_BOARD_STATE_READY);
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    g_assert_cmpint (get_fact (world, BOARD_LOCKED, open[i]), ==, LKS_FACT_STATE_KNOWN);
  g_assert_cmpint (images.state, ==, LKS_FACT_STATE_REFUSED);
  g_assert_error (images.error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_assert_cmpint (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_WIFI_NETWORKS), ==,
                   LKS_FACT_STATE_REFUSED);
  g_assert_null (lks_board_status_get_error (status));
  g_assert_cmpint (lks_board_status_get_peripheral_lock (status, NULL), ==,
                   LKS_PERIPHERAL_LOCK_LOCKED);
}

static void
test_blank_adapter (World *world, gconstpointer unused)
{
  g_assert_cmpint (get_state (world, BOARD_BLANK_ADAPTER), ==, LKS_BOARD_STATE_NOT_PROGRAMMED);
  assert_error (world, BOARD_BLANK_ADAPTER, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_PROGRAMMED);
  g_assert_null (lks_board_get_device_id (find (world, BOARD_BLANK_ADAPTER)));
}

static void
test_find (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, BOARD_LOCKED);
  const char *id = lks_board_get_device_id (board);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_board_list_find (world->list, id, &error) == board);
  g_assert_true (lks_board_list_find (world->list, id + 128 - 6, &error) == board);
  g_assert_null (lks_board_list_find (world->list, "9-9", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* ---- coming and going ---- */

static void
test_replug (World *world, gconstpointer unused)
{
  g_autoptr (LksBoard) before = g_object_ref (find (world, BOARD_LOCKED));
  g_autofree char *id = g_strdup (lks_board_get_device_id (before));

  unplug (BOARD_LOCKED);
  WAIT_UNTIL (lks_board_get_state (before) == LKS_BOARD_STATE_GONE);
  g_assert_cmpuint (count_boards (world), ==, 2);

  plug (BOARD_LOCKED);
  WAIT_UNTIL (get_state (world, BOARD_LOCKED) == LKS_BOARD_STATE_READY);
  g_assert_true (find (world, BOARD_LOCKED) != before);
  g_assert_cmpstr (lks_board_get_device_id (find (world, BOARD_LOCKED)), ==, id);
  g_assert_null (lks_board_status_get_moved_from (get_status (world, BOARD_LOCKED)));
  g_assert_cmpint (lks_board_get_state (before), ==, LKS_BOARD_STATE_GONE);
}

/* The same board at another place is recognised, and one ID in two places is an error at both. */
static void
test_moved_and_duplicate (World *world, gconstpointer unused)
{
  unplug (BOARD_OPEN);
  WAIT_UNTIL (count_boards (world) == 2);
  plug (BOARD_TWIN);
  WAIT_UNTIL (get_state (world, BOARD_TWIN) == LKS_BOARD_STATE_READY);
  g_assert_cmpstr (lks_board_status_get_moved_from (get_status (world, BOARD_TWIN)), ==, "1-1");

  plug (BOARD_OPEN);
  WAIT_UNTIL (get_state (world, BOARD_TWIN) == LKS_BOARD_STATE_ERROR);
  WAIT_UNTIL (get_state (world, BOARD_OPEN) == LKS_BOARD_STATE_ERROR);
  assert_error (world, BOARD_OPEN, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE);
  assert_error (world, BOARD_TWIN, LKS_BOARD_ERROR, LKS_BOARD_ERROR_DUPLICATE);

  unplug (BOARD_TWIN);
  WAIT_UNTIL (get_state (world, BOARD_OPEN) == LKS_BOARD_STATE_READY);
  g_assert_null (lks_board_status_get_error (get_status (world, BOARD_OPEN)));
}

/* ---- trouble ---- */

static void
plug_spare (World *world, LksBoardState expected)
{
  plug (BOARD_SPARE);
  WAIT_UNTIL (get_state (world, BOARD_SPARE) == expected);
}

static void
unplug_spare (World *world)
{
  unplug (BOARD_SPARE);
  WAIT_UNTIL (find (world, BOARD_SPARE) == NULL);
  clear (BOARD_SPARE);
}

static void
test_no_answer (World *world, gconstpointer unused)
{
  gint64 start_us;

  fault (BOARD_SPARE, "{\"kind\":\"stall\",\"afterBytes\":0,\"durationMs\":0}");
  plug (BOARD_SPARE);
  WAIT_UNTIL (find (world, BOARD_SPARE) != NULL);
  start_us = g_get_monotonic_time ();
  WAIT_UNTIL (get_state (world, BOARD_SPARE) == LKS_BOARD_STATE_NO_ANSWER);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, ANSWER_LIMIT_US);
  g_assert_nonnull (lks_board_status_get_error (get_status (world, BOARD_SPARE)));
  g_assert_true (lks_board_is_settled (find (world, BOARD_SPARE)));

  clear (BOARD_SPARE);
  WAIT_UNTIL (get_state (world, BOARD_SPARE) == LKS_BOARD_STATE_READY);
  g_assert_null (lks_board_status_get_error (get_status (world, BOARD_SPARE)));
  unplug_spare (world);
}

static void
test_faults (World *world, gconstpointer unused)
{
  static const struct
  {
    const char *fault;
    int code;
  } rows[] = {
    { "{\"kind\":\"wrong-certificate\"}", LKS_DEVICE_ERROR_UNTRUSTED },
    { "{\"kind\":\"status\",\"path\":\"/device/manufacturing_state\",\"status\":500,"
      "\"number\":10485761}",
      LKS_DEVICE_ERROR_INTERNAL },
    { "{\"kind\":\"html-body\",\"path\":\"/status\"}", LKS_DEVICE_ERROR_BAD_ANSWER },
    { "{\"kind\":\"wrong-types\",\"path\":\"/device/capabilities\"}", LKS_DEVICE_ERROR_BAD_ANSWER },
    { "{\"kind\":\"malformed-json\",\"path\":\"/device/security_state\"}",
      LKS_DEVICE_ERROR_BAD_ANSWER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].fault);
      fault (BOARD_SPARE, rows[i].fault);
      plug_spare (world, LKS_BOARD_STATE_ERROR);
      assert_error (world, BOARD_SPARE, LKS_DEVICE_ERROR, rows[i].code);
      g_assert_cmpint (lks_board_status_get_peripheral_lock (get_status (world, BOARD_SPARE), NULL),
                       !=, LKS_PERIPHERAL_LOCK_LOCKED);
      unplug_spare (world);
    }
}

/* A bad answer about something minor leaves the board usable, and is not hidden. */
static void
test_minor_fault (World *world, gconstpointer unused)
{
  fault (BOARD_SPARE, "{\"kind\":\"empty-body\",\"path\":\"/abi_versions\"}");
  plug_spare (world, LKS_BOARD_STATE_READY);
  g_assert_cmpint (get_fact (world, BOARD_SPARE, LKS_FACT_ID_ABI_VERSIONS), ==,
                   LKS_FACT_STATE_FAILED);
  assert_error (world, BOARD_SPARE, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_BAD_ANSWER);
  unplug_spare (world);
}

static void
test_two_identities (World *world, gconstpointer unused)
{
  fault (BOARD_SPARE, "{\"kind\":\"other-device-id\",\"times\":1,\"skip\":1}");
  plug_spare (world, LKS_BOARD_STATE_ERROR);
  assert_error (world, BOARD_SPARE, LKS_BOARD_ERROR, LKS_BOARD_ERROR_IDENTITY);
  g_assert_null (lks_board_get_device_id (find (world, BOARD_SPARE)));
  unplug_spare (world);
}

/* Somebody presses the reset button: noticed without being told. */
static void
test_restart_noticed (World *world, gconstpointer unused)
{
  guint64 before_s = 0;

  plug_spare (world, LKS_BOARD_STATE_READY);
  g_assert_true (lks_board_status_get_uptime (get_status (world, BOARD_SPARE), &before_s));
  WAIT_UNTIL (lks_board_status_get_uptime (get_status (world, BOARD_SPARE), &before_s) &&
              before_s >= PROVABLE_S);
  command ("{\"command\":\"reset\",\"board\":%u}", BOARD_SPARE);
  WAIT_UNTIL (get_restart (world, BOARD_SPARE) == LKS_RESTART_KIND_UNEXPLAINED);
  WAIT_UNTIL (get_state (world, BOARD_SPARE) == LKS_BOARD_STATE_READY);
  unplug_spare (world);
}

/* Behind the same adapter another board answers after a restart: nothing of the first one is
 * held against it. */
static void
test_other_board (World *world, gconstpointer unused)
{
  g_autofree char *id = NULL;

  plug_spare (world, LKS_BOARD_STATE_READY);
  id = g_strdup (lks_board_get_device_id (find (world, BOARD_SPARE)));
  fault (BOARD_SPARE, "{\"kind\":\"other-board\",\"times\":1}");
  command ("{\"command\":\"reset\",\"board\":%u}", BOARD_SPARE);
  WAIT_UNTIL (get_state (world, BOARD_SPARE) == LKS_BOARD_STATE_READY &&
              g_strcmp0 (lks_board_get_device_id (find (world, BOARD_SPARE)), id) != 0);
  unplug_spare (world);
}

/* ---- jobs ---- */

typedef struct
{
  gboolean is_done;
  GError *error;
} Outcome;

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  lks_board_run_finish (LKS_BOARD (source), result, &outcome->error);
  outcome->is_done = TRUE;
}

static gboolean
restart_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  gboolean restarting = FALSE;

  return lks_device_restart (device, &restarting, cancellable, error);
}

static gboolean
complete_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksDeviceManufacturing) manufacturing = NULL;

  if (!lks_device_set_manufacturing_state (device, LKS_MANUFACTURING_STATE_DEVICE_COMPLETE,
                                           cancellable, error))
    return FALSE;
  manufacturing = lks_device_get_manufacturing_state (device, cancellable, error);
  return manufacturing != NULL;
}

static gboolean
wait_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  GPollFD poll_fd;

  g_atomic_int_set ((gint *) user_data, TRUE);
  if (g_cancellable_make_pollfd (cancellable, &poll_fd))
    {
      g_poll (&poll_fd, 1, WAIT_MAX_S * 1000);
      g_cancellable_release_fd (cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
run (World *world, guint board, LksBoardFunc func)
{
  Outcome outcome = { 0 };

  lks_board_run_async (find (world, board), func, NULL, NULL, NULL, ran_cb, &outcome);
  g_assert_true (lks_board_is_busy (find (world, board)));
  WAIT_UNTIL (outcome.is_done);
  g_assert_no_error (outcome.error);
  g_assert_false (lks_board_is_busy (find (world, board)));
}

static LksPeripheralLock
get_lock (World *world, guint board)
{
  return lks_board_status_get_peripheral_lock (get_status (world, board), NULL);
}

/* The life of the lock: open, locks at restart, locked. */
static void
test_lock_over_time (World *world, gconstpointer unused)
{
  plug (BOARD_TO_FINALIZE);
  WAIT_UNTIL (get_state (world, BOARD_TO_FINALIZE) == LKS_BOARD_STATE_READY);
  g_assert_cmpint (get_lock (world, BOARD_TO_FINALIZE), ==, LKS_PERIPHERAL_LOCK_OPEN);

  run (world, BOARD_TO_FINALIZE, complete_job);
  WAIT_UNTIL (
      g_strcmp0 (lks_board_status_get_manufacturing_state (get_status (world, BOARD_TO_FINALIZE)),
                 "DeviceComplete") == 0);
  g_assert_cmpint (get_lock (world, BOARD_TO_FINALIZE), ==, LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART);

  run (world, BOARD_TO_FINALIZE, restart_job);
  lks_board_expect_restart (find (world, BOARD_TO_FINALIZE));
  g_assert_cmpint (get_state (world, BOARD_TO_FINALIZE), ==, LKS_BOARD_STATE_RESTARTING);
  WAIT_UNTIL (get_state (world, BOARD_TO_FINALIZE) == LKS_BOARD_STATE_READY);
  g_assert_cmpint (get_lock (world, BOARD_TO_FINALIZE), ==, LKS_PERIPHERAL_LOCK_LOCKED);
  unplug (BOARD_TO_FINALIZE);
  WAIT_UNTIL (find (world, BOARD_TO_FINALIZE) == NULL);
}

static void
test_job_cancelled (World *world, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };
  gint is_running = FALSE;

  lks_board_run_async (find (world, BOARD_OPEN), wait_job, &is_running, NULL, cancellable, ran_cb,
                       &outcome);
  while (!g_atomic_int_get (&is_running))
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (outcome.is_done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&outcome.error);
  WAIT_UNTIL (get_state (world, BOARD_OPEN) == LKS_BOARD_STATE_READY);
}

static void
test_job_unplugged (World *world, gconstpointer unused)
{
  Outcome outcome = { 0 };
  gint is_running = FALSE;

  plug_spare (world, LKS_BOARD_STATE_READY);
  lks_board_run_async (find (world, BOARD_SPARE), wait_job, &is_running, NULL, NULL, ran_cb,
                       &outcome);
  while (!g_atomic_int_get (&is_running))
    g_main_context_iteration (NULL, FALSE);
  unplug_spare (world);
  WAIT_UNTIL (outcome.is_done);
  g_assert_error (outcome.error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY);
  g_clear_error (&outcome.error);
}

static void
test_job_on_blank_adapter (World *world, gconstpointer unused)
{
  Outcome outcome = { 0 };

  lks_board_run_async (find (world, BOARD_BLANK_ADAPTER), restart_job, NULL, NULL, NULL, ran_cb,
                       &outcome);
  WAIT_UNTIL (outcome.is_done);
  g_assert_error (outcome.error, LKS_BOARD_ERROR, LKS_BOARD_ERROR_NOT_READY);
  g_clear_error (&outcome.error);
}

/* ---- restarts that were noticed ---- */

/* The same board, restarted by an order, by its button and by its cable. */
static void
test_restart_kinds (World *world, gconstpointer unused)
{
  LksRestartNote note;

  g_assert_cmpint (get_restart (world, BOARD_OPEN), ==, LKS_RESTART_KIND_NONE);
  run (world, BOARD_OPEN, restart_job);
  lks_board_expect_restart (find (world, BOARD_OPEN));
  WAIT_UNTIL (get_restart (world, BOARD_OPEN) == LKS_RESTART_KIND_ORDERED);
  note = lks_board_status_get_last_restart (get_status (world, BOARD_OPEN));
  g_assert_cmpuint (note.uptime_before_s, >=, 100);
  g_assert_nonnull (note.reason);

  WAIT_UNTIL (get_state (world, BOARD_OPEN) == LKS_BOARD_STATE_READY);
  WAIT_UNTIL (get_uptime (world, BOARD_OPEN) >= PROVABLE_S);
  command ("{\"command\":\"reset\",\"board\":%u}", BOARD_OPEN);
  WAIT_UNTIL (get_restart (world, BOARD_OPEN) == LKS_RESTART_KIND_UNEXPLAINED);

  WAIT_UNTIL (get_state (world, BOARD_OPEN) == LKS_BOARD_STATE_READY);
  WAIT_UNTIL (get_uptime (world, BOARD_OPEN) >= PROVABLE_S);
  unplug (BOARD_OPEN);
  WAIT_UNTIL (find (world, BOARD_OPEN) == NULL);
  plug (BOARD_OPEN);
  WAIT_UNTIL (get_restart (world, BOARD_OPEN) == LKS_RESTART_KIND_POWER_CYCLE);
}

/* ---- with a key ---- */

/* A capability for the board with @device_id, signed as the emulated boards demand. */
static LksCapabilityKey *
new_key (const char *device_id, guint16 capability)
{
  g_autofree char *state_dir = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = emu_keys_open (state_dir, &error);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (LksSecret) bytes = NULL;
  LksCapabilityKey *key;

  g_assert_no_error (error);
  file = emu_capability_build (keys, device_id, &capability, 1, &error);
  g_assert_no_error (error);
  bytes = lks_secret_new (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  key = lks_capability_key_new (bytes, &error);
  g_assert_no_error (error);
  return key;
}

static gboolean
reload_wifi_job (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  const LksWifiInterfaceChange change = { .reload_config = TRUE };

  return lks_device_change_wifi_interface (device, &change, cancellable, error);
}

static void
note_cb (LksBoard *board, const LksBoardExchange *exchange, gpointer user_data)
{
  GPtrArray *notes = user_data;

  g_ptr_array_add (notes,
                   g_strdup_printf ("%s %s %u%s", exchange->method, exchange->path,
                                    exchange->http_status, exchange->with_key ? " with key" : ""));
}

/* A locked board tells everything in a session, and nothing any more after it. */
static void
test_key (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, BOARD_LOCKED);
  g_autoptr (LksCapabilityKey) key =
      new_key (lks_board_get_device_id (board), LKS_CAPABILITY_FIELD_SERVICING);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *session;
  gsize n;

  lks_board_set_key (board, key);
  g_assert_true (lks_board_status_get_key (get_status (world, BOARD_LOCKED)) == key);
  WAIT_UNTIL (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_KNOWN);
  g_assert_cmpint (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_WIFI_NETWORKS), ==,
                   LKS_FACT_STATE_KNOWN);
  /* What the session brings is not on the board. */
  lks_board_status_get_capabilities (get_status (world, BOARD_LOCKED), &n);
  g_assert_cmpuint (n, ==, 0);
  node = lks_board_status_to_json (get_status (world, BOARD_LOCKED));
  session = json_object_get_object_member (json_node_get_object (node), "session");
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (session, "capabilityNames"), 0),
      ==, "fieldServicing");
  g_assert_cmpstr (json_object_get_string_member (session, "fingerprint"), ==,
                   lks_capability_key_get_fingerprint (key));

  g_signal_connect (board, "exchanged", G_CALLBACK (note_cb), notes);
  run (world, BOARD_LOCKED, reload_wifi_job);
  WAIT_UNTIL (notes->len == 1);
  g_assert_cmpstr (g_ptr_array_index (notes, 0), ==, "PATCH /wifi/interface 200 with key");

  lks_board_set_key (board, NULL);
  g_assert_null (lks_board_status_get_key (get_status (world, BOARD_LOCKED)));
  WAIT_UNTIL (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_REFUSED);
  g_signal_handlers_disconnect_by_data (board, notes);
}

static gint64
get_full_reading_us (World *world, guint board)
{
  return lks_board_status_get_fact (get_status (world, board), LKS_FACT_ID_DEVICE_ID).read_us;
}

/* Takes the key away in the middle of a reading. Returns whether that one was of everything, and
 * with the key: it may have been the one before. */
static gboolean
read_with_key_that_goes (World *world, LksBoard *board, LksCapabilityKey *key)
{
  const gint64 before_us = get_full_reading_us (world, BOARD_LOCKED);
  LksLinkCounters before;
  LksLinkCounters now;

  fault (BOARD_LOCKED, "{\"kind\":\"slow-answer\",\"path\":\"/wifi/config/networks\","
                       "\"durationMs\":1000,\"times\":1}");
  g_assert_true (lks_board_get_link_counters (board, &before));
  lks_board_set_key (board, key);
  do
    g_main_context_iteration (NULL, FALSE);
  while (lks_board_get_link_counters (board, &now) && now.sent_packets == before.sent_packets);
  lks_board_set_key (board, NULL);
  WAIT_UNTIL (get_full_reading_us (world, BOARD_LOCKED) != before_us);
  command ("{\"command\":\"clear\",\"board\":%u}", BOARD_LOCKED);
  return get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_KNOWN;
}

/* What a reading found out with a key is not kept as if it were known without: everything is read
 * again at once, not only when its time comes after a minute. */
static void
test_key_goes_meanwhile (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, BOARD_LOCKED);
  g_autoptr (LksCapabilityKey) key =
      new_key (lks_board_get_device_id (board), LKS_CAPABILITY_FIELD_SERVICING);
  gint64 begin_us;

  do
    WAIT_UNTIL (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_REFUSED);
  while (!read_with_key_that_goes (world, board, key));
  begin_us = g_get_monotonic_time ();
  WAIT_UNTIL (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_REFUSED);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 30 * G_USEC_PER_SEC);
}

/* Revoking ends a session wherever it is, also for who was not told. */
static void
test_key_revoked (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, BOARD_LOCKED);
  g_autoptr (LksCapabilityKey) key =
      new_key (lks_board_get_device_id (board), LKS_CAPABILITY_APP_DEVELOPMENT);
  g_autoptr (LksSecret) bytes = lks_capability_key_dup_bytes (key);
  g_autofree char *fingerprint = lks_secret_dup_fingerprint (bytes);
  Outcome outcome = { 0 };

  g_assert_cmpstr (fingerprint, ==, lks_capability_key_get_fingerprint (key));
  lks_board_set_key (board, key);
  WAIT_UNTIL (get_fact (world, BOARD_LOCKED, LKS_FACT_ID_IMAGES) == LKS_FACT_STATE_KNOWN);
  lks_capability_key_revoke (key);
  g_assert_null (lks_capability_key_dup_bytes (key));
  lks_board_run_async (board, reload_wifi_job, NULL, NULL, NULL, ran_cb, &outcome);
  WAIT_UNTIL (outcome.is_done);
  g_assert_error (outcome.error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&outcome.error);
  lks_board_set_key (board, NULL);
}

/* Another board's key is no failure and no session. */
static void
test_key_of_other (World *world, gconstpointer unused)
{
  LksBoard *board = find (world, BOARD_LOCKED);
  g_autoptr (LksCapabilityKey) key =
      new_key (lks_board_get_device_id (find (world, BOARD_OPEN)), LKS_CAPABILITY_FIELD_SERVICING);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  Outcome outcome = { 0 };

  g_signal_connect (board, "exchanged", G_CALLBACK (note_cb), notes);
  lks_board_set_key (board, key);
  g_assert_null (lks_board_status_get_key (get_status (world, BOARD_LOCKED)));
  lks_board_run_async (board, reload_wifi_job, NULL, NULL, NULL, ran_cb, &outcome);
  WAIT_UNTIL (outcome.is_done && notes->len == 1);
  g_assert_error (outcome.error, LKS_DEVICE_ERROR, LKS_DEVICE_ERROR_REFUSED);
  g_clear_error (&outcome.error);
  g_assert_cmpstr (g_ptr_array_index (notes, 0), ==, "PATCH /wifi/interface 403");
  lks_board_set_key (board, NULL);
  g_signal_handlers_disconnect_by_data (board, notes);
}

static void
add (const char *path, void (*func) (World *, gconstpointer))
{
  g_test_add (path, World, NULL, setup, func, teardown);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  control_path = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "control", NULL);

  add ("/board/attach", test_attach);
  add ("/board/locked", test_locked);
  add ("/board/blank-adapter", test_blank_adapter);
  add ("/board/find", test_find);
  add ("/board/restart-kinds", test_restart_kinds);
  add ("/board/replug", test_replug);
  add ("/board/moved-and-duplicate", test_moved_and_duplicate);
  add ("/board/no-answer", test_no_answer);
  add ("/board/faults", test_faults);
  add ("/board/minor-fault", test_minor_fault);
  add ("/board/two-identities", test_two_identities);
  add ("/board/restart-noticed", test_restart_noticed);
  add ("/board/other-board", test_other_board);
  add ("/board/lock-over-time", test_lock_over_time);
  add ("/board/job-cancelled", test_job_cancelled);
  add ("/board/job-unplugged", test_job_unplugged);
  add ("/board/job-on-blank-adapter", test_job_on_blank_adapter);
  add ("/board/key", test_key);
  add ("/board/key-goes-meanwhile", test_key_goes_meanwhile);
  add ("/board/key-revoked", test_key_revoked);
  add ("/board/key-of-other", test_key_of_other);
  result = g_test_run ();
  g_free (control_path);
  return result;
}
