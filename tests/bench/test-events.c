/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the launcher tells programs that watch for devices. */
#include "bench-events.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct
{
  char *dir;
  char *path;
  BenchEvents *events;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  f->dir = g_dir_make_tmp ("bench-events-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->dir, "events", NULL);
  f->events = bench_events_new (f->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  bench_events_free (f->events);
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static int
watch (Fixture *f)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, f->path, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
assert_told (int fd, const char *wanted)
{
  char text[64] = "";

  g_assert_cmpint (recv (fd, text, sizeof text - 1, 0), >, 0);
  g_assert_cmpstr (text, ==, wanted);
}

/* A program connects, looks for devices, and waits for news; nothing may be lost between. */
static void
test_connected_just_now (Fixture *f, gconstpointer unused)
{
  int first = watch (f);
  int second = watch (f);

  bench_events_emit (f->events, "add", "1-2", 1, 5);
  assert_told (first, "add 1-2 1 5");
  assert_told (second, "add 1-2 1 5");
  bench_events_emit (f->events, "remove", "1-2", 1, 5);
  assert_told (first, "remove 1-2 1 5");
  assert_told (second, "remove 1-2 1 5");
  close (first);
  close (second);
}

/* One that has ended costs the others nothing. */
static void
test_ended (Fixture *f, gconstpointer unused)
{
  int first = watch (f);
  int second = watch (f);

  close (first);
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *wanted = g_strdup_printf ("add 1-%u 1 %u", i, i);
      g_autofree char *place = g_strdup_printf ("1-%u", i);

      bench_events_emit (f->events, "add", place, 1, i);
      assert_told (second, wanted);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  close (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/bench/events/connected-just-now", Fixture, NULL, set_up, test_connected_just_now,
              tear_down);
  g_test_add ("/bench/events/ended", Fixture, NULL, set_up, test_ended, tear_down);
  return g_test_run ();
}
