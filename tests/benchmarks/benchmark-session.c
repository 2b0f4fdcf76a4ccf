/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-session EMULATOR: how long a technician waits from starting a servicing session until
 * a locked board has answered what it refused before. Runs under the rig with a keyring and under
 * locksmith-bench with one board at the real line speed.
 *
 * Starting reads the capability from the keyring, writes session and record to disk, and asks the
 * board for something that needs the capability; the answer after that is one more exchange. */
#include "lks-device-wifi.h"
#include "session-world.h"

#define RUNS 15

typedef struct
{
  SessionWorld world;
  LksBoard *board;
  LksVaultItem *item;
  gint64 answered_us; /* 0 before */
  gint64 started_us[RUNS];
  gint64 whole_us[RUNS];
} Bench;

static gboolean
ask_func (LksDevice *device, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) networks = lks_device_get_wifi_networks (device, cancellable, error);

  return networks != NULL;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (GError) error = NULL;

  lks_board_run_finish (LKS_BOARD (source), result, &error);
  g_assert_no_error (error);
  bench->answered_us = g_get_monotonic_time ();
}

static void
ended_cb (Bench *bench)
{
  bench->answered_us = 0;
}

static void
measure (Bench *bench, guint run)
{
  const LksSessionRequest request = {
    .board = bench->board,
    .item = bench->item,
    .task = LKS_SERVICE_TASK_WIFI,
    .operator_name = "olga",
    .minutes = 30,
  };
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  session_world_start (&bench->world, &request, &error);
  g_assert_no_error (error);
  bench->started_us[run] = g_get_monotonic_time () - start_us;

  lks_board_run_async (bench->board, ask_func, NULL, NULL, NULL, answered_cb, bench);
  WAIT_UNTIL (bench->answered_us != 0);
  bench->whole_us[run] = bench->answered_us - start_us;

  lks_session_keeper_end (bench->world.keeper, LKS_SESSION_END_USER, &error);
  g_assert_no_error (error);
  WAIT_UNTIL (bench->answered_us == 0 && lks_session_keeper_is_settled (bench->world.keeper));
}

static int
compare_cb (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };

  if (argc != 2)
    return 2;

  session_world_init (argv[1]);
  session_world_set_up (&bench.world);
  bench.board = session_world_wait_board (&bench.world, 0);
  bench.item = session_world_import (&bench.world, 0, "fieldServicing");
  g_signal_connect_swapped (bench.world.keeper, "ended", G_CALLBACK (ended_cb), &bench);
  for (guint run = 0; run < RUNS; run++)
    measure (&bench, run);

  qsort (bench.started_us, RUNS, sizeof (gint64), compare_cb);
  qsort (bench.whole_us, RUNS, sizeof (gint64), compare_cb);
  g_print ("{\"benchmark\":\"session\",\"runs\":%d,\"startedMs\":{\"median\":%.1f,\"max\":%.1f},"
           "\"firstAnswerMs\":{\"median\":%.1f,\"max\":%.1f}}\n",
           RUNS, bench.started_us[RUNS / 2] / 1e3, bench.started_us[RUNS - 1] / 1e3,
           bench.whole_us[RUNS / 2] / 1e3, bench.whole_us[RUNS - 1] / 1e3);
  g_signal_handlers_disconnect_by_data (bench.world.keeper, &bench);
  session_world_tear_down (&bench.world);
  return 0;
}
