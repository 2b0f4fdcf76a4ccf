/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-link.h"

#include "kernel-board.h"
#include "lks-slip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_MS 30000
/* Less than what must not be waited for: the upload beside, TCP's second try, and WAIT_MS. */
#define QUICK_US (1500 * G_TIME_SPAN_MILLISECOND)
#define UPLOAD_BYTES (256 * 1024)

static gboolean can_run;
static char *runtime_dir;
static char *left_dir;
static char *used_dir;
static int used_lock;

typedef struct
{
  LksIoThread *io_thread;
  KernelBoard *board;
  LksLink *link;
  int listener; /* the board's port 443 */
} Line;

static void
line_open (Line *line, LksIoThread *io_thread, guint rate_bytes_per_s)
{
  g_autoptr (GError) error = NULL;

  line->io_thread = g_object_ref (io_thread);
  line->board = kernel_board_new (io_thread, rate_bytes_per_s);
  line->link = lks_link_new (io_thread, LKS_BYTE_STREAM (line->board), &error);
  g_assert_no_error (error);
  line->listener = kernel_board_listen (line->board, LKS_LINK_PORT_HTTPS);
}

static void
line_close (Line *line)
{
  g_autofree char *path = g_strdup (lks_connector_get_socket_path (LKS_CONNECTOR (line->link)));

  close (line->listener);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  lks_link_close (line->link);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (line->link);
  g_assert_finalize_object (line->board);
  g_object_unref (line->io_thread);
}

static void
setup (Line *line, gconstpointer rate)
{
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();

  line_open (line, io_thread, GPOINTER_TO_UINT (rate));
}

static void
teardown (Line *line, gconstpointer rate)
{
  line_close (line);
}

static int
open_client (Line *line)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, lks_connector_get_socket_path (LKS_CONNECTOR (line->link)),
             sizeof address.sun_path);
  g_assert_no_errno (connect (fd, (struct sockaddr *) &address, sizeof address));
  return fd;
}

static int
accept_at_board (Line *line)
{
  struct pollfd poll_fd = { .fd = line->listener, .events = POLLIN };
  int fd;

  g_assert_cmpint (poll (&poll_fd, 1, WAIT_MS), ==, 1);
  fd = accept4 (line->listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
send_all (int fd, const guint8 *data, gsize size_bytes)
{
  while (size_bytes > 0)
    {
      gssize n = send (fd, data, size_bytes, MSG_NOSIGNAL);

      g_assert_cmpint (n, >, 0);
      data += n;
      size_bytes -= (gsize) n;
    }
}

/* Reads until the end, but not for ever. Returns the last recv()'s result. */
static gssize
receive_all (int fd, GByteArray *into)
{
  guint8 buffer[4096];

  for (;;)
    {
      struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
      gssize n;

      g_assert_cmpint (poll (&poll_fd, 1, 4 * WAIT_MS), ==, 1);
      n = recv (fd, buffer, sizeof buffer, 0);
      if (n <= 0)
        return n;
      g_byte_array_append (into, buffer, (guint) n);
    }
}

static void
assert_receives (int fd, const char *text)
{
  g_autofree char *got = g_malloc0 (strlen (text) + 1);
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  g_assert_cmpint (poll (&poll_fd, 1, WAIT_MS), ==, 1);
  g_assert_cmpint (recv (fd, got, strlen (text), MSG_WAITALL), ==, (gssize) strlen (text));
  g_assert_cmpstr (got, ==, text);
}

/* The other side has ended: at once, whatever way. */
static void
assert_ends (int fd)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GByteArray) rest = g_byte_array_new ();

  g_assert_cmpint (receive_all (fd, rest), <=, 0);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);
}

static void
prepare (Line *line)
{
  g_autoptr (GError) error = NULL;

  lks_connector_prepare (LKS_CONNECTOR (line->link), WAIT_MS, NULL, &error);
  g_assert_no_error (error);
}

/* A connection through the socket path, as libcurl makes it. */
static void
connect_through (Line *line, int *out_client, int *out_server)
{
  prepare (line);
  *out_client = open_client (line);
  *out_server = accept_at_board (line);
  /* The board's side was ready before; now this side has met its client, too. */
  send_all (*out_client, (const guint8 *) "!", 1);
  assert_receives (*out_server, "!");
}

static LksLinkCounters
count (Line *line)
{
  LksLinkCounters counters;

  lks_link_get_counters (line->link, &counters);
  return counters;
}

static void
wait_for_connections (Line *line, guint connections)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_MS * G_TIME_SPAN_MILLISECOND;

  while (count (line).connections != connections && g_get_monotonic_time () < end_us)
    g_thread_yield ();
  g_assert_cmpuint (count (line).connections, ==, connections);
}

static void
test_speak (Line *line, gconstpointer rate)
{
  LksLinkCounters counters;
  int client;
  int server;

  connect_through (line, &client, &server);
  send_all (client, (const guint8 *) "hello board", 11);
  assert_receives (server, "hello board");
  send_all (server, (const guint8 *) "hello host", 10);
  assert_receives (client, "hello host");

  counters = count (line);
  g_assert_true (counters.is_open);
  g_assert_cmpuint (counters.connections, ==, 1);
  g_assert_cmpuint (counters.received_packets, >=, 2);
  g_assert_cmpuint (counters.sent_packets, >=, 3);
  g_assert_cmpuint (counters.round_trip_us, >, 0);
  g_assert_cmpuint (counters.retransmissions, ==, 0);
  close (client);
  assert_ends (server);
  close (server);
  wait_for_connections (line, 0);
}

/* A client that comes unannounced waits inside its socket for the connection. */
static void
test_unprepared_client (Line *line, gconstpointer rate)
{
  int client = open_client (line);
  int server;

  send_all (client, (const guint8 *) "early", 5);
  server = accept_at_board (line);
  assert_receives (server, "early");
  close (client);
  close (server);
}

static void
test_application_output (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;
  int listener = kernel_board_listen (line->board, LKS_LINK_PORT_APP_OUTPUT);
  int client = lks_link_connect (line->link, LKS_LINK_PORT_APP_OUTPUT, WAIT_MS, NULL, &error);
  int server;

  g_assert_no_error (error);
  server = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  send_all (server, (const guint8 *) "Remote debugging from host", 26);
  assert_receives (client, "Remote debugging from host");
  close (server);
  close (client);
  close (listener);
}

static gpointer
upload_in_thread (gpointer data)
{
  int *fds = data;
  g_autofree guint8 *bytes = g_malloc (UPLOAD_BYTES);
  GRand *rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < UPLOAD_BYTES; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  send_all (fds[0], bytes, UPLOAD_BYTES);
  shutdown (fds[0], SHUT_WR);
  g_rand_free (rand);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, UPLOAD_BYTES);
}

static void
check_upload (int from, int to)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  g_autoptr (GThread) thread = g_thread_new ("upload", upload_in_thread, &from);
  g_autofree char *sent = NULL;
  g_autofree char *received = NULL;

  g_assert_cmpint (receive_all (to, got), ==, 0);
  sent = g_thread_join (g_steal_pointer (&thread));
  received = g_compute_checksum_for_data (G_CHECKSUM_SHA256, got->data, got->len);
  g_assert_cmpuint (got->len, ==, UPLOAD_BYTES);
  g_assert_cmpstr (sent, ==, received);
}

static void
test_both_ways (Line *line, gconstpointer rate)
{
  int client;
  int server;

  connect_through (line, &client, &server);
  check_upload (client, server);
  check_upload (server, client);
  g_assert_cmpuint (count (line).stalls, >, 0); /* the line pushed back, nothing was lost */
  g_assert_cmpuint (count (line).retransmissions, ==, 0);
  close (client);
  close (server);
}

static void
test_noise (Line *line, gconstpointer rate)
{
  int client;
  int server;

  connect_through (line, &client, &server);
  kernel_board_set_noise (line->board, 1e-5);
  check_upload (client, server);
  g_assert_cmpuint (count (line).retransmissions, >, 0);
  kernel_board_set_noise (line->board, 0);
  close (client);
  close (server);
}

/* Small requests do not wait behind an upload. */
static void
test_request_beside_upload (Line *line, gconstpointer rate)
{
  gint64 start_us;
  int up_client;
  int up_server;
  int client;
  int server;
  GThread *thread;
  g_autoptr (GByteArray) got = g_byte_array_new ();

  connect_through (line, &up_client, &up_server);
  connect_through (line, &client, &server);
  thread = g_thread_new ("upload", upload_in_thread, &up_client);
  assert_receives (up_server, ""); /* the first bytes have arrived */

  start_us = g_get_monotonic_time ();
  send_all (client, (const guint8 *) "GET", 3);
  assert_receives (server, "GET");
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);

  receive_all (up_server, got);
  g_assert_cmpuint (got->len, ==, UPLOAD_BYTES);
  g_free (g_thread_join (thread));
  close (up_client);
  close (up_server);
  close (client);
  close (server);
}

static void
test_refused (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();

  g_assert_cmpint (lks_link_connect (line->link, 81, WAIT_MS, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);
  wait_for_connections (line, 0);
}

static void
test_no_answer (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;

  kernel_board_set_silent (line->board, TRUE);
  g_assert_false (lks_connector_prepare (LKS_CONNECTOR (line->link), 200, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  wait_for_connections (line, 0);

  kernel_board_set_silent (line->board, FALSE);
  prepare (line);
}

static gpointer
wait_for_syn (gpointer data)
{
  Line *line = data;

  /* The first SYN has left: the other thread waits by now, or is about to. */
  while (kernel_board_get_packets_to_board (line->board) == 0)
    g_thread_yield ();
  return NULL;
}

static gpointer
cancel_after_syn (gpointer data)
{
  gpointer *pair = data;

  wait_for_syn (pair[0]);
  g_cancellable_cancel (pair[1]);
  return NULL;
}

static void
test_cancel_prepare (Line *line, gconstpointer rate)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gpointer pair[2] = { line, cancellable };
  gint64 start_us = g_get_monotonic_time ();
  GThread *thread;

  kernel_board_set_silent (line->board, TRUE);
  thread = g_thread_new ("cancel", cancel_after_syn, pair);
  g_assert_false (lks_connector_prepare (LKS_CONNECTOR (line->link), WAIT_MS, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);
  g_thread_join (thread);

  g_clear_error (&error);
  g_assert_false (lks_connector_prepare (LKS_CONNECTOR (line->link), WAIT_MS, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
unplug_after_syn (gpointer data)
{
  Line *line = data;

  wait_for_syn (line);
  kernel_board_unplug (line->board);
  return NULL;
}

static void
test_unplug_during_prepare (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  GThread *thread;

  kernel_board_set_silent (line->board, TRUE);
  thread = g_thread_new ("unplug", unplug_after_syn, line);
  g_assert_false (lks_connector_prepare (LKS_CONNECTOR (line->link), WAIT_MS, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);
  g_thread_join (thread);
}

static gpointer
wake_after_syn (gpointer data)
{
  Line *line = data;

  wait_for_syn (line);
  kernel_board_set_silent (line->board, FALSE);
  return NULL;
}

/* A board that starts while it is being called is reached at once, not at TCP's leisure. */
static void
test_board_wakes (Line *line, gconstpointer rate)
{
  gint64 start_us = g_get_monotonic_time ();
  GThread *thread;

  kernel_board_set_silent (line->board, TRUE);
  thread = g_thread_new ("wake", wake_after_syn, line);
  prepare (line);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, QUICK_US);
  g_thread_join (thread);
}

static void
test_unplug (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;
  int client;
  int server;
  int late;

  connect_through (line, &client, &server);
  kernel_board_unplug (line->board);
  assert_ends (client);
  g_assert_false (lks_link_is_open (line->link));
  g_assert_false (count (line).is_open);

  g_assert_false (lks_connector_prepare (LKS_CONNECTOR (line->link), WAIT_MS, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  late = open_client (line);
  assert_ends (late);

  close (late);
  close (client);
  close (server);
}

static void
test_abort (Line *line, gconstpointer rate)
{
  int client;
  int server;

  connect_through (line, &client, &server);
  lks_connector_abort (LKS_CONNECTOR (line->link));
  assert_ends (client);
  assert_ends (server);
  close (client);
  close (server);

  connect_through (line, &client, &server);
  send_all (client, (const guint8 *) "again", 5);
  assert_receives (server, "again");
  close (client);
  close (server);
}

/* Ending a request does not end what goes on on another port. */
static void
test_abort_spares_others (Line *line, gconstpointer rate)
{
  g_autoptr (GError) error = NULL;
  int listener = kernel_board_listen (line->board, LKS_LINK_PORT_APP_OUTPUT);
  int output = lks_link_connect (line->link, LKS_LINK_PORT_APP_OUTPUT, WAIT_MS, NULL, &error);
  int board_output;
  int client;
  int server;

  g_assert_no_error (error);
  board_output = accept (listener, NULL, NULL);
  g_assert_cmpint (board_output, >=, 0);
  connect_through (line, &client, &server);
  lks_connector_abort (LKS_CONNECTOR (line->link));
  assert_ends (client);
  assert_ends (server);

  send_all (board_output, (const guint8 *) "still here", 10);
  assert_receives (output, "still here");

  close (board_output);
  close (output);
  close (listener);
  close (client);
  close (server);
}

static void
test_board_closes (Line *line, gconstpointer rate)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  int client;
  int server;

  connect_through (line, &client, &server);
  send_all (server, (const guint8 *) "last words", 10);
  close (server);
  g_assert_cmpint (receive_all (client, got), ==, 0);
  g_assert_cmpuint (got->len, ==, 10);
  close (client);
  wait_for_connections (line, 0);
}

static void
test_board_resets (Line *line, gconstpointer rate)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  int client;
  int server;

  connect_through (line, &client, &server);
  setsockopt (server, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  close (server);
  assert_ends (client);
  close (client);
  wait_for_connections (line, 0);
}

static void
test_half_close (Line *line, gconstpointer rate)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  int client;
  int server;

  connect_through (line, &client, &server);
  send_all (client, (const guint8 *) "question", 8);
  shutdown (client, SHUT_WR);
  g_assert_cmpint (receive_all (server, got), ==, 0);
  g_assert_cmpuint (got->len, ==, 8);
  send_all (server, (const guint8 *) "answer", 6);
  assert_receives (client, "answer");
  close (server);
  assert_ends (client);
  close (client);
  wait_for_connections (line, 0);
}

/* What a client wrote before it closed still arrives. */
static void
test_write_and_close (Line *line, gconstpointer rate)
{
  g_autoptr (GByteArray) got = g_byte_array_new ();
  g_autofree guint8 *bytes = g_malloc0 (6000);
  int client;
  int server;

  connect_through (line, &client, &server);
  send_all (client, bytes, 6000);
  close (client);
  g_assert_cmpint (receive_all (server, got), ==, 0);
  g_assert_cmpuint (got->len, ==, 6000);
  close (server);
  wait_for_connections (line, 0);
}

static guint16
checksum (const guint8 *data, gsize size_bytes, guint32 sum)
{
  for (gsize i = 0; i < size_bytes; i++)
    sum += (i % 2 == 0) ? (guint32) data[i] << 8 : data[i];
  while (sum >> 16)
    sum = (sum & 0xFFFF) + (sum >> 16);
  return (guint16) ~sum;
}

/* A TCP segment nobody asked for (an acknowledgement), which must be answered by a reset. */
static void
inject_stray_segment (Line *line, const char *from, const char *to, guint16 fragment)
{
  guint8 packet[40] = { 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6 };
  guint8 pseudo[32] = { 0 };
  guint8 encoded[LKS_SLIP_ENCODED_MAX (sizeof packet)];
  guint16 sum;

  packet[6] = (guint8) (fragment >> 8);
  packet[7] = (guint8) fragment;
  inet_pton (AF_INET, from, packet + 12);
  inet_pton (AF_INET, to, packet + 16);
  sum = checksum (packet, 20, 0);
  packet[10] = (guint8) (sum >> 8);
  packet[11] = (guint8) sum;

  packet[20] = 1; /* port 443 to port 50000 */
  packet[21] = 0xBB;
  packet[22] = 0xC3;
  packet[23] = 0x50;
  packet[32] = 0x50;
  packet[33] = 0x10;
  memcpy (pseudo, packet + 12, 8);
  pseudo[9] = 6;
  pseudo[11] = 20;
  memcpy (pseudo + 12, packet + 20, 20);
  sum = checksum (pseudo, sizeof pseudo, 0);
  packet[36] = (guint8) (sum >> 8);
  packet[37] = (guint8) sum;

  kernel_board_inject (line->board, encoded, lks_slip_encode (packet, sizeof packet, encoded));
}

/* The answer goes where the question came from, and nowhere else. */
static void
assert_answers_alone (Line *asked, Line *other)
{
  guint64 sent_asked = count (asked).sent_packets;
  guint64 sent_other = count (other).sent_packets;

  inject_stray_segment (asked, "192.168.35.2", "192.168.35.1", 0);
  g_assert_cmpuint (count (asked).sent_packets, >, sent_asked);
  g_assert_cmpuint (count (other).sent_packets, ==, sent_other);
}

/* Equal addresses, separate worlds. */
static void
test_isolation (void)
{
  g_autoptr (LksIoThread) io_thread = NULL;
  Line one;
  Line two;
  int client_one;
  int server_one;
  int client_two;
  int server_two;

  if (!can_run)
    {
      g_test_skip ("no network namespaces here");
      return;
    }

  io_thread = lks_io_thread_new ();
  line_open (&one, io_thread, 0);
  line_open (&two, io_thread, 0);
  connect_through (&one, &client_one, &server_one);
  connect_through (&two, &client_two, &server_two);
  send_all (server_one, (const guint8 *) "one", 3);
  send_all (server_two, (const guint8 *) "two", 3);
  assert_receives (client_one, "one");
  assert_receives (client_two, "two");

  assert_answers_alone (&one, &two);
  assert_answers_alone (&two, &one);

  /* The end of one line leaves the other's connections alone. */
  close (client_two);
  close (server_two);
  line_close (&two);
  send_all (client_one, (const guint8 *) "still here", 10);
  assert_receives (server_one, "still here");
  close (client_one);
  close (server_one);
  line_close (&one);
}

static void
test_refused_packets (Line *line, gconstpointer rate)
{
  static const struct
  {
    const char *from;
    const char *to;
    guint16 fragment;
  } packets[] = {
    { "192.168.35.9", "192.168.35.1", 0 },      { "192.168.35.2", "192.168.35.77", 0 },
    { "192.168.35.1", "192.168.35.2", 0 },      { "127.0.0.1", "192.168.35.1", 0 },
    { "192.168.35.2", "255.255.255.255", 0 },   { "192.168.35.2", "224.0.0.1", 0 },
    { "192.168.35.2", "192.168.35.1", 0x2000 }, { "192.168.35.2", "192.168.35.1", 0x0001 },
  };
  LksLinkCounters before = count (line);

  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    inject_stray_segment (line, packets[i].from, packets[i].to, packets[i].fragment);

  g_assert_cmpuint (count (line).refused_packets, ==,
                    before.refused_packets + G_N_ELEMENTS (packets));
  g_assert_cmpuint (count (line).sent_packets, ==, before.sent_packets);
}

static void
test_garbage (Line *line, gconstpointer rate)
{
  GRand *rand = g_rand_new_with_seed (192);
  int client;
  int server;

  for (guint round = 0; round < 500; round++)
    {
      guint8 bytes[600];
      gsize n = (gsize) g_rand_int_range (rand, 1, sizeof bytes);

      for (gsize i = 0; i < n; i++)
        bytes[i] = (guint8) (g_rand_int_range (rand, 0, 8) == 0 ? 0xC0 : g_rand_int (rand));
      kernel_board_inject (line->board, bytes, n);
      if (round % 50 == 0)
        kernel_board_overrun (line->board);
    }
  g_rand_free (rand);

  g_assert_cmpuint (count (line).dropped_packets, >, 0);
  g_assert_cmpuint (count (line).refused_packets, >, 0);
  g_assert_cmpuint (count (line).overruns, ==, 10);
  kernel_board_inject (line->board, (const guint8 *) "\xC0", 1);
  connect_through (line, &client, &server);
  send_all (client, (const guint8 *) "sane", 4);
  assert_receives (server, "sane");
  close (client);
  close (server);
}

/* Valid addresses, everything behind them at random. */
static void
test_random_packets (Line *line, gconstpointer rate)
{
  GRand *rand = g_rand_new_with_seed (35);
  int client;
  int server;

  connect_through (line, &client, &server);
  for (guint round = 0; round < 3000; round++)
    {
      static const guint8 protocols[] = { 1, 6, 17 };
      guint8 packet[120];
      guint8 encoded[LKS_SLIP_ENCODED_MAX (sizeof packet)];
      gsize n = (gsize) g_rand_int_range (rand, 20, sizeof packet);
      guint16 sum;

      for (gsize i = 0; i < n; i++)
        packet[i] = (guint8) g_rand_int (rand);
      packet[0] = (guint8) (0x45 + g_rand_int_range (rand, 0, 3));
      packet[2] = 0;
      packet[3] = (guint8) n;
      packet[6] = packet[7] = 0;
      packet[9] = protocols[g_rand_int_range (rand, 0, 3)];
      inet_pton (AF_INET, "192.168.35.2", packet + 12);
      inet_pton (AF_INET, "192.168.35.1", packet + 16);
      packet[10] = packet[11] = 0;
      sum = checksum (packet, MIN ((gsize) (packet[0] & 15) * 4, n), 0);
      packet[10] = (guint8) (sum >> 8);
      packet[11] = (guint8) sum;
      kernel_board_inject (line->board, encoded, lks_slip_encode (packet, n, encoded));
    }
  g_rand_free (rand);

  send_all (client, (const guint8 *) "unshaken", 8);
  assert_receives (server, "unshaken");
  close (client);
  close (server);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
churn (Line *line, guint connections)
{
  for (guint i = 0; i < connections; i++)
    {
      int client;
      int server;

      connect_through (line, &client, &server);
      send_all (client, (const guint8 *) "x", 1);
      assert_receives (server, "x");
      if (i % 3 == 0)
        close (server);
      close (client);
      if (i % 3 != 0)
        close (server);
    }
  wait_for_connections (line, 0);
}

static void
test_churn (Line *line, gconstpointer rate)
{
  guint descriptors;
  gsize used_bytes;

  churn (line, 300);
  descriptors = count_descriptors ();
  used_bytes = mallinfo2 ().uordblks;
  churn (line, 2000);
  g_assert_cmpuint (count_descriptors (), ==, descriptors);
  g_assert_cmpuint (mallinfo2 ().uordblks, <, used_bytes + 64 * 1024);
}

static void
test_identify (Line *line, gconstpointer rate)
{
  int fd = kernel_board_bind_udp (line->board, 12345);
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  guint8 datagram[100];

  lks_link_identify (line->link);
  g_assert_cmpint (poll (&poll_fd, 1, WAIT_MS), ==, 1);
  g_assert_cmpint (recv (fd, datagram, sizeof datagram, 0), ==, 60);
  close (fd);
}

typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean is_held;
} Hold;

static void
hold_in_io_thread (gpointer user_data)
{
  Hold *hold = user_data;

  g_mutex_lock (&hold->mutex);
  while (hold->is_held)
    g_cond_wait (&hold->cond, &hold->mutex);
  g_mutex_unlock (&hold->mutex);
}

/* Whoever makes the light flicker does not wait for the I/O thread. */
static void
test_identify_at_once (Line *line, gconstpointer rate)
{
  Hold hold = { .is_held = TRUE };
  int fd = kernel_board_bind_udp (line->board, 12345);
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

  g_mutex_init (&hold.mutex);
  g_cond_init (&hold.cond);
  lks_io_thread_post (line->io_thread, hold_in_io_thread, &hold);
  lks_link_identify (line->link);
  g_assert_cmpint (poll (&poll_fd, 1, 0), ==, 0);

  g_mutex_lock (&hold.mutex);
  hold.is_held = FALSE;
  g_cond_signal (&hold.cond);
  g_mutex_unlock (&hold.mutex);
  g_assert_cmpint (poll (&poll_fd, 1, WAIT_MS), ==, 1);
  lks_io_thread_call (line->io_thread, hold_in_io_thread, &hold);
  g_cond_clear (&hold.cond);
  g_mutex_clear (&hold.mutex);
  close (fd);
}

/* The link is closed under a client: both ends hear of it. */
static void
test_close_with_clients (void)
{
  g_autoptr (LksIoThread) io_thread = NULL;
  Line line;
  int client;
  int server;

  if (!can_run)
    {
      g_test_skip ("no network namespaces here");
      return;
    }

  io_thread = lks_io_thread_new ();
  line_open (&line, io_thread, 0);
  connect_through (&line, &client, &server);
  line_close (&line);
  assert_ends (client);
  close (client);
  close (server);
}

/* Before the first link of this process. */
static void
leave_something_behind (void)
{
  g_autofree char *socket_path = NULL;

  runtime_dir = g_dir_make_tmp ("lks-XXXXXX", NULL);
  g_assert_nonnull (runtime_dir);
  g_setenv ("XDG_RUNTIME_DIR", runtime_dir, TRUE);
  left_dir = g_build_filename (runtime_dir, "locksmith-link-aaaaaa", NULL);
  used_dir = g_build_filename (runtime_dir, "locksmith-link-bbbbbb", NULL);
  socket_path = g_build_filename (left_dir, "board", NULL);
  g_assert_no_errno (g_mkdir (left_dir, 0700));
  g_assert_no_errno (g_mkdir (used_dir, 0700));
  g_assert_true (g_file_set_contents (socket_path, "", 0, NULL));
  used_lock = open (used_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_no_errno (flock (used_lock, LOCK_EX | LOCK_NB));
}

/* What a killed program left behind goes, what a living one uses stays. */
static void
test_leftovers (Line *line, gconstpointer rate)
{
  g_assert_true (
      g_str_has_prefix (lks_connector_get_socket_path (LKS_CONNECTOR (line->link)), runtime_dir));
  g_assert_false (g_file_test (left_dir, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (used_dir, G_FILE_TEST_EXISTS));
}

static void
clean_up (void)
{
  g_autofree char *socket_path = g_build_filename (left_dir, "board", NULL);

  close (used_lock);
  g_rmdir (used_dir);
  g_unlink (socket_path); /* still there when no test could run */
  g_rmdir (left_dir);
  g_assert_no_errno (g_rmdir (runtime_dir)); /* the links left nothing */
  g_free (used_dir);
  g_free (left_dir);
  g_free (runtime_dir);
}

static void
add (const char *path, guint rate_bytes_per_s, void (*func) (Line *, gconstpointer))
{
  if (can_run)
    g_test_add (path, Line, GUINT_TO_POINTER (rate_bytes_per_s), setup, func, teardown);
}

int
main (int argc, char **argv)
{
  int result;

  can_run = kernel_board_can_run ();
  g_test_init (&argc, &argv, NULL);
  leave_something_behind ();

  add ("/link/leftovers", 0, test_leftovers);
  add ("/link/speak", KERNEL_BOARD_RATE_REAL, test_speak);
  add ("/link/unprepared-client", 0, test_unprepared_client);
  add ("/link/application-output", 0, test_application_output);
  add ("/link/both-ways", 4 * KERNEL_BOARD_RATE_REAL, test_both_ways);
  add ("/link/noise", 4 * KERNEL_BOARD_RATE_REAL, test_noise);
  add ("/link/request-beside-upload", 2 * KERNEL_BOARD_RATE_REAL, test_request_beside_upload);
  add ("/link/refused", KERNEL_BOARD_RATE_REAL, test_refused);
  add ("/link/no-answer", 0, test_no_answer);
  add ("/link/cancel-prepare", 0, test_cancel_prepare);
  add ("/link/unplug-during-prepare", 0, test_unplug_during_prepare);
  add ("/link/board-wakes", 0, test_board_wakes);
  add ("/link/unplug", 0, test_unplug);
  add ("/link/abort", 0, test_abort);
  add ("/link/abort-spares-others", 0, test_abort_spares_others);
  add ("/link/board-closes", 0, test_board_closes);
  add ("/link/board-resets", 0, test_board_resets);
  add ("/link/half-close", 0, test_half_close);
  add ("/link/write-and-close", KERNEL_BOARD_RATE_REAL, test_write_and_close);
  add ("/link/refused-packets", 0, test_refused_packets);
  add ("/link/garbage", 0, test_garbage);
  add ("/link/random-packets", 0, test_random_packets);
  add ("/link/churn", 0, test_churn);
  add ("/link/identify", 0, test_identify);
  add ("/link/identify-at-once", 0, test_identify_at_once);
  g_test_add_func ("/link/close-with-clients", test_close_with_clients);
  g_test_add_func ("/link/isolation", test_isolation);
  result = g_test_run ();
  clean_up ();
  return result;
}
