/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-line BOARDS EMULATOR: what the product's line costs, on boards at the real line speed.
 * Runs under locksmith-bench with BOARDS boards plugged in and prints JSON objects, one a line:
 *
 *   attach    one board unplugged and plugged in again, until its whole status is known
 *   upload    512 KiB staged on one board, then on all boards at once, with our share of a
 *             processor and, apart from it, that of the bench's threads in this process, which
 *             receive what a kernel would
 */
#include "lks-board-list.h"
#include "lks-device-update.h"
#include "lks-trust.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#define UPLOAD_BYTES (512 * 1024)
#define COMPONENT "6b1f9a52-0d6e-4a33-b8de-2c1f6f0e9a11"
#define ATTACH_RUNS 9
#define LINE_BYTES_PER_SECOND 92160.0
/* What TCP over SLIP can carry at an MTU of 1500: 1460 bytes of payload in 1500, plus escapes and
 * two ENDs, and TLS. */
#define LINE_SHARE 0.963
#define LIMIT_S 120

#define THREADS "/proc/self/task"
#define BENCH_THREAD "bench-receiver"

typedef struct
{
  LksBoardList *boards;
  guint count;
  GBytes *package;
  guint pending;
  guint failed;
} Line;

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("benchmark-line: %s took longer than %d s", (const char *) user_data, LIMIT_S);
  return G_SOURCE_REMOVE;
}

static LksBoard *
get_board (Line *line, guint index)
{
  LksBoard *board = g_list_model_get_item (G_LIST_MODEL (line->boards), index);

  g_object_unref (board); /* the list keeps it */
  return board;
}

static gboolean
all_ready (Line *line)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (line->boards)) != line->count)
    return FALSE;

  for (guint i = 0; i < line->count; i++)
    if (lks_board_get_state (get_board (line, i)) != LKS_BOARD_STATE_READY)
      return FALSE;

  return TRUE;
}

static void
await_ready (Line *line, const char *what)
{
  guint id = g_timeout_add_seconds (LIMIT_S, too_long_cb, (gpointer) what);

  while (!all_ready (line))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
tell_boards (const char *command)
{
  g_autofree char *path = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "control", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autofree char *line = g_strdup_printf ("{\"command\":\"%s\",\"board\":0}\n", command);
  char answer[256];

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                             strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                       sizeof answer, NULL, &error);
  g_assert_no_error (error);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : 1;
}

static void
measure_attach (Line *line)
{
  gint64 took_us[ATTACH_RUNS];

  for (guint i = 0; i < ATTACH_RUNS; i++)
    {
      gint64 start_us;

      tell_boards ("unplug");
      while (all_ready (line))
        g_main_context_iteration (NULL, TRUE);
      start_us = g_get_monotonic_time ();
      tell_boards ("plug");
      await_ready (line, "attaching");
      took_us[i] = g_get_monotonic_time () - start_us;
    }

  qsort (took_us, ATTACH_RUNS, sizeof *took_us, compare_cb);
  g_print ("{\"benchmark\":\"attach\",\"boards\":%u,\"runs\":%d,\"medianS\":%.3f,\"maxS\":%.3f,"
           "\"aimS\":0.25}\n",
           line->count, ATTACH_RUNS, took_us[ATTACH_RUNS / 2] / 1e6,
           took_us[ATTACH_RUNS - 1] / 1e6);
}

static gboolean
upload (LksDevice *device, gpointer user_data, GCancellable *cancellable, GError **error)
{
  Line *line = user_data;

  return lks_device_stage_image (device, line->package, NULL, NULL, cancellable, error);
}

static void
uploaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Line *line = user_data;

  line->pending--;
  if (!lks_board_run_finish (LKS_BOARD (source), result, &error))
    {
      line->failed++;
      g_printerr ("upload: %s\n", error->message);
    }
}

typedef struct
{
  double own_s;
  double bench_s; /* of the threads of the preload */
} Cpu;

static double
get_thread_cpu_s (const char *thread, gboolean *out_is_bench)
{
  g_autofree char *name_path = g_build_filename (THREADS, thread, "comm", NULL);
  g_autofree char *time_path = g_build_filename (THREADS, thread, "schedstat", NULL);
  g_autofree char *name = NULL;
  g_autofree char *time_ns = NULL;

  if (!g_file_get_contents (name_path, &name, NULL, NULL) ||
      !g_file_get_contents (time_path, &time_ns, NULL, NULL))
    return 0; /* it has just ended */

  *out_is_bench = g_str_equal (name, BENCH_THREAD "\n");
  return (double) g_ascii_strtoull (time_ns, NULL, 10) / 1e9;
}

static Cpu
get_cpu (void)
{
  g_autoptr (GDir) threads = g_dir_open (THREADS, 0, NULL);
  struct rusage usage;
  Cpu cpu = { 0 };
  const char *thread;

  g_assert_nonnull (threads);
  while ((thread = g_dir_read_name (threads)) != NULL)
    {
      gboolean is_bench = FALSE;
      double thread_s = get_thread_cpu_s (thread, &is_bench);

      cpu.bench_s += is_bench ? thread_s : 0;
    }

  getrusage (RUSAGE_SELF, &usage);
  cpu.own_s = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6 - cpu.bench_s;
  return cpu;
}

/* Uploads on the first @count boards at once. */
static double
measure_upload (Line *line, guint count, double one_s)
{
  guint id = g_timeout_add_seconds (LIMIT_S, too_long_cb, (gpointer) "uploading");
  gint64 start_us = g_get_monotonic_time ();
  gsize size = g_bytes_get_size (line->package);
  Cpu before = get_cpu ();
  Cpu after;
  double took_s;

  line->pending = count;
  for (guint i = 0; i < count; i++)
    lks_board_run_async (get_board (line, i), upload, line, NULL, NULL, uploaded_cb, line);
  while (line->pending > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);

  took_s = (double) (g_get_monotonic_time () - start_us) / 1e6;
  after = get_cpu ();
  g_print ("{\"benchmark\":\"upload\",\"boards\":%u,\"bytes\":%" G_GSIZE_FORMAT
           ",\"failed\":%u,\"seconds\":%.3f,"
           "\"ofPossible\":%.4f,\"aimOfPossible\":0.98,\"against1\":%.3f,\"aimAgainst1\":1.1,"
           "\"cpuShare\":%.4f,\"aimCpuShare\":0.15,\"benchCpuShare\":%.4f}\n",
           count, size, line->failed, took_s,
           (double) size / took_s / (LINE_BYTES_PER_SECOND * LINE_SHARE),
           one_s > 0 ? took_s / one_s : 1.0, (after.own_s - before.own_s) / took_s,
           (after.bench_s - before.bench_s) / took_s);
  return took_s;
}

/* A package that the boards take, with a program of random bytes in it: neither all alike nor full
 * of what SLIP must escape. */
static GBytes *
make_package (const char *emulator)
{
  g_autofree char *folder = g_dir_make_tmp ("benchmark-line.XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "program", NULL);
  g_autofree char *package = g_build_filename (folder, "package", NULL);
  g_autofree char *keys = g_build_filename (g_getenv ("LOCKSMITH_BENCH_DIR"), "state", NULL);
  g_autofree char *random_bytes = g_malloc (UPLOAD_BYTES);
  const char *argv[] = { emulator,      "image",     "--name",   "Benchmark",  "--component",
                         COMPONENT,     "--program", program,    "--output",   package,
                         "--state-dir", keys,        "--signer", "production", NULL };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize size;

  for (gsize i = 0; i < UPLOAD_BYTES; i++)
    random_bytes[i] = (char) g_rand_int_range (random, 0, 256);
  g_file_set_contents (program, random_bytes, UPLOAD_BYTES, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (package, &contents, &size, &error);
  g_assert_no_error (error);

  g_unlink (program);
  g_unlink (package);
  g_rmdir (folder);
  return g_bytes_new_take (contents, size);
}

int
main (int argc, char **argv)
{
  g_autoptr (LksIoThread) io = lks_io_thread_new ();
  g_autoptr (LksTrust) trust = lks_trust_load_default (NULL);
  g_autoptr (GError) error = NULL;
  Line line = { 0 };
  double one_s;

  if (argc != 3)
    return 2;

  line.count = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  line.package = make_package (argv[2]);
  line.boards = lks_board_list_new (io, trust, NULL, &error);
  g_assert_no_error (error);
  await_ready (&line, "finding the boards");

  if (line.count == 1)
    measure_attach (&line);
  one_s = measure_upload (&line, 1, 0);
  if (line.count > 1)
    measure_upload (&line, line.count, one_s);

  lks_board_list_close (line.boards);
  g_object_unref (line.boards);
  g_bytes_unref (line.package);
  return line.failed > 0 ? 1 : 0;
}
