/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel-board.h"

#include "lks-slip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BOARD_ADDRESS "192.168.35.2"
#define HOST_ADDRESS "192.168.35.1"
#define TICK_MS 1
#define QUEUE_BYTES 4096
#define UPWARD_QUEUE_BYTES 65536
#define INTERFACE_NAME "board"

struct _KernelBoard
{
  GObject parent_instance;

  LksIoThread *io_thread; /* (owned) */
  GThread *thread;        /* (owned): lives in the namespace */
  GAsyncQueue *requests;  /* (owned) */
  GAsyncQueue *replies;   /* (owned) */
  int tun;

  /* I/O thread only. */
  const LksByteStreamHandler *handler;
  gpointer user_data;
  GSource *tun_source;
  GSource *tick_source;
  LksSlipDecoder decoder;
  GByteArray *down; /* towards the board */
  GByteArray *up;   /* from the board */
  gint64 last_tick_us;
  double down_credit;
  double up_credit;
  guint rate;
  gboolean want_room;
  gboolean silent;
  gboolean closed;
  double byte_errors;
  GRand *rand;
  gint packets_to_board; /* (atomic) */
};

static void kernel_board_byte_stream_init (LksByteStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KernelBoard,
                               kernel_board,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_BYTE_STREAM,
                                                      kernel_board_byte_stream_init))

typedef struct
{
  int type; /* SOCK_…, 0 ends the thread */
  guint16 port;
} Request;

static gboolean
write_text (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return ok;
}

/* A user namespace makes this process root of its own networks; it must be entered before
 * the first thread starts. */
static gboolean
enter_user_namespace (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", (guint) getuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", (guint) getgid ());

  return unshare (CLONE_NEWUSER) == 0 && write_text ("/proc/self/setgroups", "deny") &&
         write_text ("/proc/self/uid_map", uid_map) && write_text ("/proc/self/gid_map", gid_map);
}

static void
set_address (struct ifreq *request, const char *address)
{
  struct sockaddr_in in = { .sin_family = AF_INET };

  inet_pton (AF_INET, address, &in.sin_addr);
  memcpy (&request->ifr_addr, &in, sizeof in);
}

static int
open_tun (void)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  int tun = open ("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean ok;

  g_strlcpy (request.ifr_name, INTERFACE_NAME, sizeof request.ifr_name);
  ok = tun >= 0 && fd >= 0 && ioctl (tun, TUNSETIFF, &request) == 0;
  set_address (&request, BOARD_ADDRESS);
  ok = ok && ioctl (fd, SIOCSIFADDR, &request) == 0;
  set_address (&request, HOST_ADDRESS);
  ok = ok && ioctl (fd, SIOCSIFDSTADDR, &request) == 0;
  request.ifr_flags = IFF_UP | IFF_RUNNING | IFF_POINTOPOINT;
  ok = ok && ioctl (fd, SIOCSIFFLAGS, &request) == 0;

  if (fd >= 0)
    close (fd);
  if (!ok && tun >= 0)
    close (tun);
  return ok ? tun : -1;
}

static int
make_socket (const Request *request)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons (request->port) };
  int fd = socket (AF_INET, request->type | SOCK_CLOEXEC, 0);
  int one = 1;

  inet_pton (AF_INET, BOARD_ADDRESS, &in.sin_addr);
  g_assert_cmpint (fd, >=, 0);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &in, sizeof in));
  if (request->type == SOCK_STREAM)
    g_assert_no_errno (listen (fd, 64));
  return fd;
}

/* Sockets belong to the namespace of the thread that makes them. */
static gpointer
live_in_namespace (gpointer data)
{
  GAsyncQueue **queues = data;
  g_autoptr (GAsyncQueue) requests = queues[0];
  g_autoptr (GAsyncQueue) replies = queues[1];
  int tun = unshare (CLONE_NEWNET) == 0 ? open_tun () : -1;

  g_async_queue_push (replies, GINT_TO_POINTER (tun + 2));
  for (;;)
    {
      g_autofree Request *request = g_async_queue_pop (requests);

      if (request->type == 0)
        break;
      g_async_queue_push (replies, GINT_TO_POINTER (make_socket (request) + 2));
    }
  return NULL;
}

static int
ask (KernelBoard *self, int type, guint16 port)
{
  Request *request = g_new (Request, 1);

  request->type = type;
  request->port = port;
  g_async_queue_push (self->requests, request);
  return type == 0 ? -1 : GPOINTER_TO_INT (g_async_queue_pop (self->replies)) - 2;
}

static void
packet_to_board_cb (const guint8 *packet, gsize size_bytes, gpointer user_data)
{
  KernelBoard *self = user_data;

  g_atomic_int_inc (&self->packets_to_board);
  if (!self->silent && write (self->tun, packet, size_bytes) < 0)
    g_debug ("kernel refuses packet: %s", g_strerror (errno));
}

static void
add_noise (KernelBoard *self, guint8 *data, gsize size_bytes)
{
  for (gsize i = 0; self->byte_errors > 0 && i < size_bytes; i++)
    if (g_rand_double (self->rand) < self->byte_errors)
      data[i] ^= (guint8) (1u << g_rand_int_range (self->rand, 0, 8));
}

static void
move_down (KernelBoard *self, gsize size_bytes)
{
  size_bytes = MIN (size_bytes, self->down->len);
  add_noise (self, self->down->data, size_bytes);
  lks_slip_decoder_feed (&self->decoder, self->down->data, size_bytes, packet_to_board_cb, self);
  g_byte_array_remove_range (self->down, 0, (guint) size_bytes);

  if (self->want_room && self->down->len <= QUEUE_BYTES / 2 && self->handler != NULL)
    {
      self->want_room = FALSE;
      self->handler->writable (self->user_data);
    }
}

static void
move_up (KernelBoard *self, gsize size_bytes)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  size_bytes = MIN (size_bytes, self->up->len);
  if (size_bytes == 0)
    return;
  g_byte_array_append (bytes, self->up->data, (guint) size_bytes);
  g_byte_array_remove_range (self->up, 0, (guint) size_bytes);
  add_noise (self, bytes->data, bytes->len);
  if (self->handler != NULL && !self->silent)
    self->handler->received (self->user_data, bytes->data, bytes->len);
}

static gsize
take_credit (double *credit, gsize wanted)
{
  gsize n = MIN (wanted, (gsize) *credit);

  *credit -= (double) n;
  return n;
}

static gboolean
tick_cb (gpointer user_data)
{
  KernelBoard *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double share = (double) (now_us - self->last_tick_us) * self->rate / G_USEC_PER_SEC;
  double most = self->rate / 50.0;

  self->last_tick_us = now_us;
  self->down_credit = MIN (self->down_credit + share, most);
  self->up_credit = MIN (self->up_credit + share, most);
  move_down (self, take_credit (&self->down_credit, self->down->len));
  if (!self->closed)
    move_up (self, take_credit (&self->up_credit, self->up->len));
  return G_SOURCE_CONTINUE;
}

static gboolean
tun_cb (int fd, GIOCondition condition, gpointer user_data)
{
  KernelBoard *self = user_data;
  guint8 packet[LKS_SLIP_PACKET_MAX];
  guint8 encoded[LKS_SLIP_ENCODED_MAX (LKS_SLIP_PACKET_MAX)];
  gssize n = read (fd, packet, sizeof packet);

  /* The kernel also says things in IPv6, which has no place on this line. */
  if (n <= 0 || (packet[0] >> 4) != 4 || self->up->len > UPWARD_QUEUE_BYTES)
    return G_SOURCE_CONTINUE;

  g_byte_array_append (self->up, encoded, (guint) lks_slip_encode (packet, (gsize) n, encoded));
  if (self->rate == 0)
    move_up (self, self->up->len);
  return G_SOURCE_CONTINUE;
}

static void
kernel_board_set_handler (LksByteStream *stream,
                          const LksByteStreamHandler *handler,
                          gpointer user_data)
{
  KernelBoard *self = KERNEL_BOARD (stream);

  self->handler = handler;
  self->user_data = user_data;
}

static gsize
kernel_board_write (LksByteStream *stream, const guint8 *data, gsize size_bytes)
{
  KernelBoard *self = KERNEL_BOARD (stream);
  gsize room = QUEUE_BYTES - MIN (self->down->len, QUEUE_BYTES);
  gsize n = MIN (room, size_bytes);

  if (self->closed)
    return 0;
  g_byte_array_append (self->down, data, (guint) n);
  if (n < size_bytes)
    self->want_room = TRUE;
  if (self->rate == 0)
    move_down (self, self->down->len);
  return n;
}

static void
kernel_board_close (LksByteStream *stream)
{
  KernelBoard *self = KERNEL_BOARD (stream);

  if (self->closed)
    return;
  self->closed = TRUE;
  g_source_destroy (self->tun_source);
  g_source_destroy (self->tick_source);
}

static void
kernel_board_byte_stream_init (LksByteStreamInterface *iface)
{
  iface->set_handler = kernel_board_set_handler;
  iface->write = kernel_board_write;
  iface->close = kernel_board_close;
}

static void
kernel_board_finalize (GObject *object)
{
  KernelBoard *self = KERNEL_BOARD (object);

  g_source_destroy (self->tun_source);
  g_source_destroy (self->tick_source);
  g_source_unref (self->tun_source);
  g_source_unref (self->tick_source);
  ask (self, 0, 0);
  g_thread_join (self->thread);
  g_async_queue_unref (self->requests);
  g_async_queue_unref (self->replies);
  close (self->tun);
  g_byte_array_unref (self->down);
  g_byte_array_unref (self->up);
  g_rand_free (self->rand);
  g_object_unref (self->io_thread);

  G_OBJECT_CLASS (kernel_board_parent_class)->finalize (object);
}

static void
kernel_board_class_init (KernelBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kernel_board_finalize;
}

static void
kernel_board_init (KernelBoard *self)
{
  self->requests = g_async_queue_new ();
  self->replies = g_async_queue_new ();
  self->down = g_byte_array_new ();
  self->up = g_byte_array_new ();
  self->rand = g_rand_new_with_seed (35);
  lks_slip_decoder_init (&self->decoder);
}

static void
attach_sources (KernelBoard *self)
{
  GMainContext *context = lks_io_thread_get_context (self->io_thread);

  self->last_tick_us = g_get_monotonic_time ();
  self->tun_source = g_unix_fd_source_new (self->tun, G_IO_IN);
  g_source_set_callback (self->tun_source, G_SOURCE_FUNC (tun_cb), self, NULL);
  self->tick_source = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick_source, tick_cb, self, NULL);
  g_source_attach (self->tun_source, context);
  if (self->rate != 0)
    g_source_attach (self->tick_source, context);
}

/* Call it first thing in main(). */
gboolean
kernel_board_can_run (void)
{
  int fd;

  if (geteuid () != 0 && !enter_user_namespace ())
    return FALSE;

  fd = open ("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return FALSE;
  close (fd);
  return TRUE;
}

/* Returns NULL where the system does not let us make a network of our own. */
KernelBoard *
kernel_board_new (LksIoThread *io_thread, guint rate_bytes_per_s)
{
  g_autoptr (KernelBoard) self = g_object_new (KERNEL_TYPE_BOARD, NULL);
  GAsyncQueue *queues[2];

  queues[0] = g_async_queue_ref (self->requests);
  queues[1] = g_async_queue_ref (self->replies);
  self->io_thread = g_object_ref (io_thread);
  self->rate = rate_bytes_per_s;
  self->thread = g_thread_new ("kernel-board", live_in_namespace, queues);
  self->tun = GPOINTER_TO_INT (g_async_queue_pop (self->replies)) - 2;
  g_assert_cmpint (self->tun, >=, 0);
  attach_sources (self);
  return g_steal_pointer (&self);
}

/* The caller closes the socket. */
int
kernel_board_listen (KernelBoard *self, guint16 port)
{
  return ask (self, SOCK_STREAM, port);
}

int
kernel_board_bind_udp (KernelBoard *self, guint16 port)
{
  return ask (self, SOCK_DGRAM, port);
}

typedef struct
{
  KernelBoard *board;
  gboolean silent;
  double byte_errors;
  const guint8 *data;
  gsize size_bytes;
} Order;

static void
set_silent_cb (gpointer user_data)
{
  Order *order = user_data;

  order->board->silent = order->silent;
}

void
kernel_board_set_silent (KernelBoard *self, gboolean silent)
{
  Order order = { .board = self, .silent = silent };

  lks_io_thread_call (self->io_thread, set_silent_cb, &order);
}

static void
set_noise_cb (gpointer user_data)
{
  Order *order = user_data;

  order->board->byte_errors = order->byte_errors;
}

void
kernel_board_set_noise (KernelBoard *self, double byte_errors)
{
  Order order = { .board = self, .byte_errors = byte_errors };

  lks_io_thread_call (self->io_thread, set_noise_cb, &order);
}

static void
inject_cb (gpointer user_data)
{
  Order *order = user_data;
  KernelBoard *self = order->board;

  if (self->handler != NULL)
    self->handler->received (self->user_data, order->data, order->size_bytes);
}

/* Bytes as if the line had delivered them. */
void
kernel_board_inject (KernelBoard *self, const guint8 *data, gsize size_bytes)
{
  Order order = { .board = self, .data = data, .size_bytes = size_bytes };

  lks_io_thread_call (self->io_thread, inject_cb, &order);
}

static void
overrun_cb (gpointer user_data)
{
  KernelBoard *self = user_data;

  if (self->handler != NULL)
    self->handler->overrun (self->user_data);
}

void
kernel_board_overrun (KernelBoard *self)
{
  lks_io_thread_call (self->io_thread, overrun_cb, self);
}

static void
unplug_cb (gpointer user_data)
{
  KernelBoard *self = user_data;
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "pulled by the test");

  kernel_board_close (LKS_BYTE_STREAM (self));
  if (self->handler != NULL)
    self->handler->closed (self->user_data, error);
}

void
kernel_board_unplug (KernelBoard *self)
{
  lks_io_thread_call (self->io_thread, unplug_cb, self);
}

guint
kernel_board_get_packets_to_board (KernelBoard *self)
{
  return (guint) g_atomic_int_get (&self->packets_to_board);
}
