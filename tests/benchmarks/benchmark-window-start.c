/* SPDX-License-Identifier: GPL-3.0-or-later */
/* benchmark-window-start RUNS PROGRAM-A PROGRAM-B: from spawning a program until its first frame is
 * painted on the X display, both programs in turn, A B A B …; prints one JSON object. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xdamage.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_LIMIT_S 20
#define PIXEL_BYTES 4

typedef struct
{
  Display *display;
  int damage_event;
} Watcher;

/* A window that was just created may be gone when we ask for it. */
static int
ignore_error_cb (Display *display, XErrorEvent *error)
{
  return 0;
}

/* GTK also maps tiny helpers. */
static gboolean
is_real_window (Display *display, Window window, XWindowAttributes *out_attributes)
{
  return XGetWindowAttributes (display, window, out_attributes) != 0 &&
         out_attributes->map_state == IsViewable && out_attributes->width > 100;
}

/* Mapping damages the whole window before its program has painted anything: then it has one
 * colour. */
static gboolean
is_painted (Display *display, Window window)
{
  XWindowAttributes attributes;
  gboolean is_painted = FALSE;
  XImage *image;
  gsize size;

  if (!is_real_window (display, window, &attributes))
    return FALSE;

  image = XGetImage (display, window, 0, 0, (unsigned) attributes.width,
                     (unsigned) attributes.height, AllPlanes, ZPixmap);
  if (image == NULL)
    return FALSE;

  size = (gsize) image->bytes_per_line * (gsize) image->height;
  for (gsize at = PIXEL_BYTES; at + PIXEL_BYTES <= size && !is_painted; at += PIXEL_BYTES)
    is_painted = memcmp (image->data, image->data + at, PIXEL_BYTES) != 0;
  XDestroyImage (image);
  return is_painted;
}

/* Returns when the frame came that is_painted() confirmed, in monotonic microseconds. */
static gint64
await_first_frame (Watcher *watcher)
{
  for (;;)
    {
      XEvent event;
      gint64 now_us;

      XNextEvent (watcher->display, &event);
      now_us = g_get_monotonic_time ();
      if (event.type == CreateNotify)
        XDamageCreate (watcher->display, event.xcreatewindow.window, XDamageReportRawRectangles);
      else if (event.type == watcher->damage_event &&
               is_painted (watcher->display, ((XDamageNotifyEvent *) &event)->drawable))
        return now_us;
    }
}

static void
await_gone (Watcher *watcher)
{
  XSync (watcher->display, True); /* what the ended program left in the queue */
}

static double
run_once (Watcher *watcher, const char *program)
{
  char *argv[] = { (char *) program, NULL };
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  double took_ms;
  GPid pid;

  if (!g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error))
    g_error ("%s", error->message);

  took_ms = (double) (await_first_frame (watcher) - start_us) / 1000.0;
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  await_gone (watcher);
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
  Watcher watcher = { .display = XOpenDisplay (NULL) };
  int damage_error;
  int runs;

  if (argc != 4 || watcher.display == NULL ||
      !XDamageQueryExtension (watcher.display, &watcher.damage_event, &damage_error))
    return 2;

  alarm (RUN_LIMIT_S * 10);
  runs = atoi (argv[1]);
  watcher.damage_event += XDamageNotify;
  XSetErrorHandler (ignore_error_cb);
  XSelectInput (watcher.display, DefaultRootWindow (watcher.display), SubstructureNotifyMask);
  run_once (&watcher, argv[2]); /* warm caches, not counted */
  run_once (&watcher, argv[3]);
  for (int i = 0; i < runs; i++)
    {
      double a = run_once (&watcher, argv[2]);
      double b = run_once (&watcher, argv[3]);
      double ratio = a / b;

      g_array_append_val (ours, a);
      g_array_append_val (minimal, b);
      g_array_append_val (ratios, ratio);
    }

  g_print ("{\"benchmark\":\"window-start\",\"runs\":%d,\"locksmithMs\":%.1f,\"minimalMs\":%.1f,"
           "\"ratio\":%.3f,\"aimRatio\":1.35}\n",
           runs, median (ours), median (minimal), median (ratios));
  XCloseDisplay (watcher.display);
  return 0;
}
