/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits that are counted in seconds. */
#include "lks-link.h"

#include "kernel-board.h"

#include <gio/gio.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define UPLOAD_BYTES (128 * 1024)
#define STALL_MIN_US (9 * G_USEC_PER_SEC)
#define STALL_MAX_US (30 * G_USEC_PER_SEC) /* the machine may have other things to do */
#define PAUSE_MS 2500

typedef struct
{
  LksIoThread *io_thread;
  KernelBoard *board;
  LksLink *link;
  int listener;
  int client;
  int server;
} Line;

static void
setup (Line *line, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int buffer_bytes = 8192;

  line->io_thread = lks_io_thread_new ();
  line->board = kernel_board_new (line->io_thread, KERNEL_BOARD_RATE_REAL);
  line->link = lks_link_new (line->io_thread, LKS_BYTE_STREAM (line->board), &error);
  g_assert_no_error (error);
  line->listener = kernel_board_listen (line->board, LKS_LINK_PORT_HTTPS);
  lks_connector_prepare (LKS_CONNECTOR (line->link), 5000, NULL, &error);
  g_assert_no_error (error);

  line->client = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt (line->client, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
  g_strlcpy (address.sun_path, lks_connector_get_socket_path (LKS_CONNECTOR (line->link)),
             sizeof address.sun_path);
  g_assert_no_errno (connect (line->client, (struct sockaddr *) &address, sizeof address));
  line->server = accept4 (line->listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (line->server, >=, 0);
}

static void
teardown (Line *line, gconstpointer unused)
{
  close (line->client);
  close (line->server);
  close (line->listener);
  lks_link_close (line->link);
  g_assert_finalize_object (line->link);
  g_assert_finalize_object (line->board);
  g_object_unref (line->io_thread);
}

static gpointer
upload_in_thread (gpointer data)
{
  Line *line = data;
  g_autofree guint8 *bytes = g_malloc0 (UPLOAD_BYTES);
  gsize sent = 0;

  while (sent < UPLOAD_BYTES)
    {
      gssize n = send (line->client, bytes + sent, UPLOAD_BYTES - sent, MSG_NOSIGNAL);

      if (n <= 0)
        return NULL;
      sent += (gsize) n;
    }
  shutdown (line->client, SHUT_WR);
  return line;
}

static gsize
receive (Line *line, gsize at_least)
{
  guint8 buffer[4096];
  gsize got = 0;
  gssize n;

  while (got < at_least && (n = recv (line->server, buffer, sizeof buffer, 0)) > 0)
    got += (gsize) n;
  return got;
}

/* A line that falls silent for ever ends an upload after ten seconds, not before. */
static void
test_stall (Line *line, gconstpointer unused)
{
  GThread *thread = g_thread_new ("upload", upload_in_thread, line);
  gint64 start_us;

  g_assert_cmpuint (receive (line, 8192), >=, 8192);
  kernel_board_set_silent (line->board, TRUE);
  start_us = g_get_monotonic_time ();
  g_assert_null (g_thread_join (thread));
  g_assert_cmpint (g_get_monotonic_time () - start_us, >, STALL_MIN_US);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, STALL_MAX_US);
}

/* One that falls silent for a while does not. */
static void
test_pause (Line *line, gconstpointer unused)
{
  GThread *thread = g_thread_new ("upload", upload_in_thread, line);
  struct pollfd nothing = { .fd = -1 };
  gsize got = receive (line, 8192);

  kernel_board_set_silent (line->board, TRUE);
  poll (&nothing, 1, PAUSE_MS);
  kernel_board_set_silent (line->board, FALSE);
  got += receive (line, UPLOAD_BYTES);
  g_assert_true (g_thread_join (thread) == line);
  g_assert_cmpuint (got, ==, UPLOAD_BYTES);
}

/* Nobody sends, the board has vanished: whoever waits for it hears of it. */
static void
test_silent_peer (Line *line, gconstpointer unused)
{
  struct pollfd client = { .fd = line->client, .events = POLLIN };
  guint8 byte;

  g_assert_cmpint (send (line->client, "?", 1, MSG_NOSIGNAL), ==, 1);
  g_assert_cmpuint (receive (line, 1), ==, 1);
  kernel_board_set_silent (line->board, TRUE);
  g_assert_cmpint (poll (&client, 1, 20 * 1000), ==, 1);
  g_assert_cmpint (recv (line->client, &byte, 1, 0), <=, 0);
}

int
main (int argc, char **argv)
{
  gboolean can_run = kernel_board_can_run ();

  g_test_init (&argc, &argv, NULL);
  if (can_run)
    {
      g_test_add ("/link-slow/stall", Line, NULL, setup, test_stall, teardown);
      g_test_add ("/link-slow/pause", Line, NULL, setup, test_pause, teardown);
      g_test_add ("/link-slow/silent-peer", Line, NULL, setup, test_silent_peer, teardown);
    }
  return g_test_run ();
}
