/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-stall BOARDS: how long the window's main loop is kept from answering while BOARDS
 * boards are found and watched (loop-watch.h).
 * Starting the program and drawing its first frame are not counted. What one frame of the whole
 * window costs here, without any board, is told beside it: no stall is shorter when the content
 * changes, and on a display without a graphics processor a frame is drawn by this thread. The
 * longest stall is therefore told once more without the frames in it: that is the program's own
 * work. Runs under the rig and locksmith-bench. */
#include "lks-application.h"
#include "lks-board-list.h"
#include "lks-trust.h"
#include "loop-watch.h"

#include <stdlib.h>

#define WATCH_S 12
#define WARM_UP_S 1
#define FRAMES 9

typedef struct
{
  GtkApplication *application;
  LksBoardList *boards;
  guint count;
  guint ready;
  gint64 ready_after_us;
  gint64 start_us;
  LoopWatch *loop; /* (owned) */
  gint64 frame_start_us;
  GArray *frames_us;
  GtkCssProvider *background;
} Watch;

static gboolean
all_ready_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->ready = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (watch->boards)); i++)
    {
      g_autoptr (LksBoard) board = g_list_model_get_item (G_LIST_MODEL (watch->boards), i);

      watch->ready += lks_board_get_state (board) == LKS_BOARD_STATE_READY;
    }
  if (watch->ready == watch->count && watch->ready_after_us == 0)
    watch->ready_after_us = g_get_monotonic_time () - watch->start_us;
  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer user_data)
{
  Watch *watch = user_data;

  loop_watch_stop (watch->loop);
  g_application_quit (G_APPLICATION (watch->application));
  return G_SOURCE_REMOVE;
}

/* The window stands and its frames are measured; now the boards come. */
static void
plug (Watch *watch)
{
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();
  g_autoptr (LksTrust) trust = lks_trust_load_default (NULL);
  g_autoptr (GError) error = NULL;

  watch->boards = lks_board_list_new (io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  lks_application_set_boards (LKS_APPLICATION (watch->application), G_LIST_MODEL (watch->boards),
                              NULL);
  watch->start_us = g_get_monotonic_time ();
  watch->loop = loop_watch_new ();
  g_timeout_add (20, all_ready_cb, watch);
  g_timeout_add_seconds (WATCH_S, end_cb, watch);
}

/* Another background is under everything, so that everything is drawn again. */
static void
draw_all (Watch *watch)
{
  gtk_css_provider_load_from_data (watch->background,
                                   watch->frames_us->len % 2 == 0
                                       ? "window { background-color: #fafaf8; }"
                                       : "window { background-color: #fafafa; }",
                                   -1);
}

static void
before_frame_cb (GdkFrameClock *clock, Watch *watch)
{
  watch->frame_start_us = g_get_monotonic_time ();
}

static void
after_frame_cb (GdkFrameClock *clock, Watch *watch)
{
  gint64 frame_us = g_get_monotonic_time () - watch->frame_start_us;

  g_array_append_val (watch->frames_us, frame_us);
  if (watch->frames_us->len < FRAMES)
    {
      draw_all (watch);
      return;
    }

  g_signal_handlers_disconnect_by_data (clock, watch);
  plug (watch);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (loop_watch_begin_frame),
                            watch->loop);
  g_signal_connect_data (clock, "after-paint", G_CALLBACK (loop_watch_end_frame), watch->loop, NULL,
                         G_CONNECT_AFTER | G_CONNECT_SWAPPED);
}

static gboolean
measure_frames_cb (gpointer user_data)
{
  Watch *watch = user_data;
  GtkWindow *window = gtk_application_get_active_window (watch->application);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));

  gtk_style_context_add_provider_for_display (gtk_widget_get_display (GTK_WIDGET (window)),
                                              GTK_STYLE_PROVIDER (watch->background),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_frame_cb), watch);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (after_frame_cb), watch);
  draw_all (watch);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, gpointer user_data)
{
  g_timeout_add_seconds (WARM_UP_S, measure_frames_cb, user_data);
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

int
main (int argc, char **argv)
{
  g_autoptr (LksApplication) application = lks_application_new ("io.github.locksmith.Benchmark");
  Watch watch = { .application = GTK_APPLICATION (application) };

  if (argc != 2)
    return 2;

  watch.count = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  watch.frames_us = g_array_new (FALSE, FALSE, sizeof (gint64));
  watch.background = gtk_css_provider_new ();
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), &watch);
  g_application_run (G_APPLICATION (application), 1, argv);
  lks_board_list_close (watch.boards);
  g_object_unref (watch.boards);

  g_array_sort (watch.frames_us, compare_cb);
  g_print (
      "{\"benchmark\":\"stall\",\"boards\":%u,\"ready\":%u,\"readyAfterS\":%.2f,\"questions\":%u,"
      "\"medianMs\":%.2f,\"p99Ms\":%.2f,\"longestMs\":%.2f,\"aimLongestMs\":16,"
      "\"longestWorkMs\":%.2f,\"emptyFrameMs\":%.2f}\n",
      watch.count, watch.ready, watch.ready_after_us / 1e6, loop_watch_get_count (watch.loop),
      loop_watch_get_ms (watch.loop, 0.5), loop_watch_get_ms (watch.loop, 0.99),
      loop_watch_get_ms (watch.loop, 1), loop_watch_get_work_ms (watch.loop),
      g_array_index (watch.frames_us, gint64, FRAMES / 2) / 1e3);
  loop_watch_free (watch.loop);
  g_array_unref (watch.frames_us);
  g_object_unref (watch.background);
  return watch.ready == watch.count ? 0 : 1;
}
