/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-window-start RUNS PROGRAM-A PROGRAM-B: from spawning a program to its first window on
 * the X display, both programs in turn, A B A B …; prints one JSON object. */
#include <X11/Xlib.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_LIMIT_S 20

/* Waits for a mapped, really sized top-level window: GTK also maps tiny helpers. */
static void
await_window (Display *display)
{
  for (;;)
    {
      XWindowAttributes attributes;
      XEvent event;

      XNextEvent (display, &event);
      if (event.type == MapNotify &&
          XGetWindowAttributes (display, event.xmap.window, &attributes) != 0 &&
          attributes.width > 100)
        return;
    }
}

static void
await_gone (Display *display)
{
  XSync (display, True); /* what the ended program left in the queue */
}

static double
run_once (Display *display, const char *program)
{
  char *argv[] = { (char *) program, NULL };
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  double took_ms;
  GPid pid;

  if (!g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error))
    g_error ("%s", error->message);

  await_window (display);
  took_ms = (g_get_monotonic_time () - start_us) / 1000.0;
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  await_gone (display);
  return took_ms;
}

static int
compare_cb (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (GArray *values)
{
  g_array_sort (values, compare_cb);
  return g_array_index (values, double, values->len / 2);
}

int
main (int argc, char **argv)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) minimal = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
  Display *display = XOpenDisplay (NULL);
  int runs;

  if (argc != 4 || display == NULL)
    return 2;

  alarm (RUN_LIMIT_S * 10);
  runs = atoi (argv[1]);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  run_once (display, argv[2]); /* warm caches, not counted */
  run_once (display, argv[3]);
  for (int i = 0; i < runs; i++)
    {
      double a = run_once (display, argv[2]);
      double b = run_once (display, argv[3]);
      double ratio = a / b;

      g_array_append_val (ours, a);
      g_array_append_val (minimal, b);
      g_array_append_val (ratios, ratio);
    }

  g_print ("{\"benchmark\":\"window-start\",\"runs\":%d,\"locksmithMs\":%.1f,\"minimalMs\":%.1f,"
           "\"ratio\":%.3f,\"aimRatio\":1.35}\n",
           runs, median (ours), median (minimal), median (ratios));
  XCloseDisplay (display);
  return 0;
}
