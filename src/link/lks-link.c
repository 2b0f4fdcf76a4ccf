/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-link.h"

#include "lks-connection-private.h"
#include "lks-ip-stack-private.h"
#include "lks-line-private.h"
#include "lks-socket-dir-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <lwip/udp.h>
#include <sys/socket.h>
#include <unistd.h>

/* One official sample makes the adapter's activity light flicker with datagrams of this size
 * to this port (Azure Sphere gallery, "ParallelDeviceRecovery"): the board ignores them. */
#define IDENTIFY_PORT 12345
#define IDENTIFY_BYTES 60
#define BOARD_ADDRESS 0xC0A82302u /* 192.168.35.2 */

struct _LksLink
{
  GObject parent_instance;

  LksIoThread *io_thread; /* (owned) */
  LksByteStream *stream;  /* (owned) */
  LksSocketDir *dir;      /* (owned) */
  GSource *work;          /* (owned): runs soon when its ready time is set, from any thread */
  GSource *retry;         /* (owned): while connections are being made */
  LksIoWatch *accept;     /* (owned) (nullable): while it is open; I/O thread only */
  int listen_fd;          /* (owned) */
  int reserve_fd;         /* (owned): given up to refuse a client when descriptors run out */
  int abort_wanted;       /* (atomic) */
  gboolean is_closed;     /* I/O thread only */

  /* Guarded by the stack's core lock. */
  LksLine line;
  GPtrArray *connections; /* (owned) (element-type Entry) */
  gint64 opened_us;
  GError *end_error; /* (owned) (nullable): why the line ended */
};

/* A worker thread that waits for a connection. */
typedef struct
{
  LksLink *link; /* (unowned) */
  guint16 port;
  gboolean want_socket; /* a socket of its own, not through the listening socket */

  GMutex mutex;
  GCond cond;
  gboolean is_done;
  int fd;        /* (owned): the caller's end, -1 */
  GError *error; /* (owned) (nullable) */
} Wait;

typedef struct
{
  LksConnection *connection; /* (owned) */
  Wait *wait;                /* (unowned) (nullable): valid until it is done */
} Entry;

static void lks_link_connector_init (LksConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksLink,
                               lks_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_CONNECTOR, lks_link_connector_init))

static void
entry_free (Entry *entry)
{
  lks_connection_free (entry->connection);
  g_free (entry);
}

static void
wait_finish (Wait *wait, int fd, GError *error)
{
  g_mutex_lock (&wait->mutex);
  wait->fd = fd;
  wait->error = error;
  wait->is_done = TRUE;
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->mutex);
}

/* Either thread, core lock held. Whatever the I/O thread does ends with work() anyway. */
static void
wake_cb (gpointer user_data)
{
  LksLink *self = user_data;

  if (!lks_io_thread_is_current (self->io_thread))
    g_source_set_ready_time (self->work, 0);
}

static void
segment_sent_cb (gpointer user_data, guint16 local_port, guint32 sequence, guint32 length)
{
  LksLink *self = user_data;

  for (guint i = 0; i < self->connections->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->connections, i);

      if (lks_connection_get_local_port (entry->connection) == local_port &&
          lks_connection_note_segment (entry->connection, sequence, length))
        self->line.counters.retransmissions++;
    }
}

/* Gives a waiting thread its own socket. */
static void
hand_over_socket (Entry *entry)
{
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    {
      GError *error = g_error_new (G_IO_ERROR, (int) g_io_error_from_errno (errno),
                                   "no socket for the connection: %s", g_strerror (errno));

      lks_connection_abort (entry->connection, G_IO_ERROR_FAILED);
      wait_finish (g_steal_pointer (&entry->wait), -1, error);
      return;
    }
  lks_connection_take_client (entry->connection, fds[0]);
  wait_finish (g_steal_pointer (&entry->wait), fds[1], NULL);
}

static void
finish_wait (Entry *entry)
{
  switch (lks_connection_get_state (entry->connection))
    {
    case LKS_CONNECTION_STATE_CONNECTING:
      return;
    case LKS_CONNECTION_STATE_OPEN:
      if (entry->wait->want_socket)
        hand_over_socket (entry);
      else
        wait_finish (g_steal_pointer (&entry->wait), -1, NULL);
      return;
    case LKS_CONNECTION_STATE_OVER:
      wait_finish (g_steal_pointer (&entry->wait), -1,
                   lks_connection_dup_error (entry->connection));
      return;
    }
}

/* Core lock held. */
static void
service_connections (LksLink *self)
{
  for (guint i = self->connections->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->connections, i - 1);
      guint round_trip_us = lks_connection_steal_round_trip (entry->connection);

      if (round_trip_us != 0)
        self->line.counters.round_trip_us = round_trip_us;
      if (entry->wait != NULL)
        finish_wait (entry);
      if (!lks_connection_service (entry->connection))
        g_ptr_array_remove_index_fast (self->connections, i - 1);
    }
}

/* Core lock held. */
static void
retry_connections (LksLink *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 next_us = -1;

  for (guint i = 0; i < self->connections->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->connections, i);
      gint64 again_us = lks_connection_retry (entry->connection, now_us);

      if (again_us != 0 && (next_us < 0 || again_us < next_us))
        next_us = again_us;
    }
  g_source_set_ready_time (self->retry, next_us);
}

/* Core lock held. Those to @port, or all of them for 0. */
static void
abort_connections (LksLink *self, guint16 port, GIOErrorEnum code)
{
  for (guint i = self->connections->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->connections, i - 1);

      if (port != 0 && lks_connection_get_port (entry->connection) != port)
        continue;
      lks_connection_abort (entry->connection, code);
      if (entry->wait != NULL)
        finish_wait (entry);
      g_ptr_array_remove_index_fast (self->connections, i - 1);
    }
}

/* The stream is written without the core lock, which its callbacks may need. */
static void
flush_line (LksLink *self)
{
  guint8 bytes[LKS_LINE_QUEUE_BYTES];
  gsize size_bytes;
  gsize written_bytes;

  do
    {
      lks_ip_stack_lock ();
      size_bytes = lks_line_peek (&self->line, bytes, sizeof bytes);
      lks_ip_stack_unlock ();
      if (size_bytes == 0)
        return;

      written_bytes = lks_byte_stream_write (self->stream, bytes, size_bytes);

      lks_ip_stack_lock ();
      if (self->line.is_up && lks_line_consume (&self->line, written_bytes))
        for (guint i = 0; i < self->connections->len; i++)
          lks_connection_resume (((Entry *) g_ptr_array_index (self->connections, i))->connection);
      lks_ip_stack_unlock ();
    }
  while (written_bytes == size_bytes);
}

/* A client may have connected to the socket and not been met yet: it, too, is ended. What others
 * do on other ports is not theirs to end. */
static void
abort_https (LksLink *self)
{
  int fd;

  while ((fd = accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    close (fd);

  lks_ip_stack_lock ();
  abort_connections (self, LKS_LINK_PORT_HTTPS, G_IO_ERROR_CONNECTION_CLOSED);
  lks_ip_stack_unlock ();
}

/* Everything the I/O thread does for a link ends here. */
static void
work (LksLink *self)
{
  if (g_atomic_int_compare_and_exchange (&self->abort_wanted, TRUE, FALSE) && !self->is_closed)
    abort_https (self);

  lks_ip_stack_lock ();
  service_connections (self);
  retry_connections (self);
  lks_ip_stack_unlock ();

  flush_line (self);
}

static gboolean
work_cb (gpointer user_data)
{
  work (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
work_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs work_funcs = { .dispatch = work_dispatch };

static void
stream_received_cb (gpointer user_data, const guint8 *data, gsize size_bytes)
{
  LksLink *self = user_data;

  lks_ip_stack_lock ();
  lks_line_receive (&self->line, data, size_bytes);
  lks_ip_stack_unlock ();

  work (self);
}

static void
stream_writable_cb (gpointer user_data)
{
  work (user_data);
}

static void
stream_overrun_cb (gpointer user_data)
{
  LksLink *self = user_data;

  lks_ip_stack_lock ();
  self->line.counters.overruns++;
  lks_slip_decoder_break (&self->line.decoder);
  lks_ip_stack_unlock ();
}

/* Core lock held. */
static void
end_line (LksLink *self, const GError *error)
{
  if (!self->line.is_up)
    return;

  self->end_error = error != NULL ? g_error_copy (error) : NULL;
  self->line.counters.uptime_us = g_get_monotonic_time () - self->opened_us;
  abort_connections (self, 0, G_IO_ERROR_NOT_CONNECTED);
  lks_line_set_down (&self->line);
}

static void
stream_closed_cb (gpointer user_data, const GError *error)
{
  LksLink *self = user_data;

  g_debug ("line ended: %s", error != NULL ? error->message : "closed");
  lks_ip_stack_lock ();
  end_line (self, error);
  lks_ip_stack_unlock ();
}

static const LksByteStreamHandler stream_handler = {
  .received = stream_received_cb,
  .writable = stream_writable_cb,
  .closed = stream_closed_cb,
  .overrun = stream_overrun_cb,
};

/* Core lock held. */
static Entry *
start_connection (LksLink *self, guint16 port, GError **error)
{
  LksConnection *connection;
  Entry *entry;

  connection = lks_connection_new (&self->line, port, lks_io_thread_get_watches (self->io_thread),
                                   work_cb, self, error);
  if (connection == NULL)
    return NULL;

  entry = g_new0 (Entry, 1);
  entry->connection = connection;
  g_ptr_array_add (self->connections, entry);
  return entry;
}

/* Core lock held. The oldest connection that was prepared and not claimed yet. */
static LksConnection *
find_prepared (LksLink *self)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->connections, i);

      if (entry->wait == NULL && !lks_connection_has_client (entry->connection) &&
          lks_connection_get_port (entry->connection) == LKS_LINK_PORT_HTTPS &&
          lks_connection_get_state (entry->connection) == LKS_CONNECTION_STATE_OPEN)
        return entry->connection;
    }
  return NULL;
}

/* Other users of the machine cannot enter the directory; this is the second fence. */
static gboolean
is_own_process (int fd)
{
  struct ucred peer;
  socklen_t size_bytes = sizeof peer;

  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size_bytes) == 0 &&
         peer.uid == geteuid ();
}

static void
take_client (LksLink *self, int fd)
{
  LksConnection *connection;

  lks_ip_stack_lock ();
  connection = find_prepared (self);
  if (connection == NULL)
    {
      Entry *entry = start_connection (self, LKS_LINK_PORT_HTTPS, NULL);

      connection = entry != NULL ? entry->connection : NULL;
    }
  if (connection != NULL)
    lks_connection_take_client (connection, fd);
  lks_ip_stack_unlock ();

  if (connection == NULL)
    close (fd);
  work (self);
}

/* Out of descriptors, accept() would fail again and again: refuse that client instead. */
static void
refuse_client (LksLink *self)
{
  int fd;

  if (self->reserve_fd >= 0)
    close (self->reserve_fd);
  fd = accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC);
  if (fd >= 0)
    close (fd);
  self->reserve_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
accept_cb (GIOCondition conditions, gpointer user_data)
{
  LksLink *self = user_data;
  int fd = accept4 (self->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0 && (errno == EMFILE || errno == ENFILE))
    refuse_client (self);
  if (fd < 0)
    return;

  if (is_own_process (fd))
    take_client (self, fd);
  else
    close (fd);
}

static void
start_wait (gpointer user_data)
{
  Wait *wait = user_data;
  LksLink *self = wait->link;
  GError *error = NULL;
  Entry *entry;

  work (self); /* an abort asked for before must not reach the new connection */

  lks_ip_stack_lock ();
  entry = start_connection (self, wait->port, &error);
  if (entry != NULL)
    entry->wait = wait;
  lks_ip_stack_unlock ();

  if (entry == NULL)
    wait_finish (wait, -1, error);
  else
    work (self);
}

/* Gives up what start_wait() began, unless it is done by now. */
static void
stop_wait (gpointer user_data)
{
  Wait *wait = user_data;
  GPtrArray *connections = wait->link->connections;

  lks_ip_stack_lock ();
  for (guint i = connections->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (connections, i - 1);

      if (entry->wait == wait)
        g_ptr_array_remove_index_fast (connections, i - 1);
    }
  lks_ip_stack_unlock ();
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Wait *wait = user_data;

  g_mutex_lock (&wait->mutex);
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->mutex);
}

static gboolean
wait_until_done (Wait *wait, guint timeout_ms, GCancellable *cancellable)
{
  gint64 end_us = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;
  gboolean is_done;

  g_mutex_lock (&wait->mutex);
  while (!wait->is_done && !g_cancellable_is_cancelled (cancellable))
    {
      if (!g_cond_wait_until (&wait->cond, &wait->mutex, end_us))
        break;
    }
  is_done = wait->is_done;
  g_mutex_unlock (&wait->mutex);
  return is_done;
}

/* Connects and waits. Returns the socket asked for, or -1, with or without an error. */
static int
connect_and_wait (LksLink *self,
                  guint16 port,
                  gboolean want_socket,
                  guint timeout_ms,
                  GCancellable *cancellable,
                  GError **error)
{
  Wait wait = { .link = self, .port = port, .want_socket = want_socket, .fd = -1 };
  gulong handler;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;

  g_mutex_init (&wait.mutex);
  g_cond_init (&wait.cond);
  lks_io_thread_call (self->io_thread, start_wait, &wait);

  handler = cancellable != NULL
                ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &wait, NULL)
                : 0;
  if (!wait_until_done (&wait, timeout_ms, cancellable))
    lks_io_thread_call (self->io_thread, stop_wait, &wait);
  g_cancellable_disconnect (cancellable, handler);

  /* Nobody else knows the wait any more. */
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);
  else if (!wait.is_done && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 "the board does not answer on port %u within %u ms", port, timeout_ms);
  g_cond_clear (&wait.cond);
  g_mutex_clear (&wait.mutex);
  return wait.fd;
}

static const char *
lks_link_get_socket_path (LksConnector *connector)
{
  return lks_socket_dir_get_path (LKS_LINK (connector)->dir);
}

static gboolean
lks_link_prepare (LksConnector *connector,
                  guint timeout_ms,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GError) error_local = NULL;

  connect_and_wait (LKS_LINK (connector), LKS_LINK_PORT_HTTPS, FALSE, timeout_ms, cancellable,
                    &error_local);
  if (error_local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&error_local));
  return FALSE;
}

static void
lks_link_abort (LksConnector *connector)
{
  LksLink *self = LKS_LINK (connector);

  g_atomic_int_set (&self->abort_wanted, TRUE);
  g_source_set_ready_time (self->work, 0);
}

static void
lks_link_connector_init (LksConnectorInterface *iface)
{
  iface->get_socket_path = lks_link_get_socket_path;
  iface->prepare = lks_link_prepare;
  iface->abort = lks_link_abort;
}

static void
open_in_io_thread (gpointer user_data)
{
  LksLink *self = user_data;
  GMainContext *context = lks_io_thread_get_context (self->io_thread);

  lks_ip_stack_lock ();
  self->line.wake = wake_cb;
  self->line.segment_sent = segment_sent_cb;
  self->line.user_data = self;
  self->opened_us = g_get_monotonic_time ();
  lks_line_add (&self->line);
  lks_ip_stack_unlock ();

  g_source_attach (self->work, context);
  g_source_attach (self->retry, context);
  self->accept = lks_io_watch_new (lks_io_thread_get_watches (self->io_thread), self->listen_fd,
                                   G_IO_IN, accept_cb, self);
  lks_byte_stream_set_handler (self->stream, &stream_handler, self);
}

static void
close_in_io_thread (gpointer user_data)
{
  LksLink *self = user_data;

  if (self->is_closed)
    return;
  self->is_closed = TRUE;

  lks_ip_stack_lock ();
  abort_connections (self, 0, G_IO_ERROR_CLOSED);
  lks_ip_stack_unlock ();
  flush_line (self); /* the resets, so that the board need not wait for its own limits */
  lks_byte_stream_set_handler (self->stream, NULL, NULL);
  lks_byte_stream_close (self->stream);
  g_clear_pointer (&self->accept, lks_io_watch_free);
  g_source_destroy (self->work);
  g_source_destroy (self->retry);

  lks_ip_stack_lock ();
  end_line (self, NULL);
  lks_line_remove (&self->line);
  lks_ip_stack_unlock ();

  close (self->listen_fd);
  if (self->reserve_fd >= 0)
    close (self->reserve_fd);
  lks_socket_dir_remove (self->dir);
}

static void
lks_link_dispose (GObject *object)
{
  LksLink *self = LKS_LINK (object);

  if (self->io_thread != NULL && self->work != NULL)
    lks_link_close (self);

  G_OBJECT_CLASS (lks_link_parent_class)->dispose (object);
}

static void
lks_link_finalize (GObject *object)
{
  LksLink *self = LKS_LINK (object);

  g_clear_pointer (&self->work, g_source_unref);
  g_clear_pointer (&self->retry, g_source_unref);
  g_clear_pointer (&self->dir, lks_socket_dir_free);
  g_ptr_array_unref (self->connections);
  g_clear_error (&self->end_error);
  g_clear_object (&self->stream);
  g_clear_object (&self->io_thread);

  G_OBJECT_CLASS (lks_link_parent_class)->finalize (object);
}

static void
lks_link_class_init (LksLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = lks_link_dispose;
  object_class->finalize = lks_link_finalize;
}

static void
lks_link_init (LksLink *self)
{
  self->listen_fd = self->reserve_fd = -1;
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
}

static gboolean
prepare_sources (LksLink *self, GError **error)
{
  self->dir = lks_socket_dir_new (error);
  if (self->dir == NULL)
    return FALSE;
  self->listen_fd = lks_socket_dir_listen (self->dir, error);
  if (self->listen_fd < 0)
    return FALSE;

  self->reserve_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  self->work = g_source_new (&work_funcs, sizeof (GSource));
  g_source_set_static_name (self->work, "lks-link-work");
  g_source_set_callback (self->work, work_cb, self, NULL);
  self->retry = g_source_new (&work_funcs, sizeof (GSource));
  g_source_set_static_name (self->retry, "lks-link-retry");
  g_source_set_callback (self->retry, work_cb, self, NULL);
  return TRUE;
}

static void
close_stream_in_io_thread (gpointer stream)
{
  lks_byte_stream_close (stream);
}

/**
 * lks_link_new:
 * @io_thread: the thread @stream lives on
 * @stream: the line to the board; the link takes it over and closes it, also when this fails
 * @error: return location for an error
 *
 * Starts an IP stack on a line: 192.168.35.1 on this side, the board at 192.168.35.2 (Azure
 * Sphere documentation), SLIP framing (RFC 1055). Any thread but the I/O thread.
 *
 * Fails with a %G_IO_ERROR when the listening socket cannot be made, or when there are 254
 * links already.
 *
 * Returns: (transfer full) (nullable): a link
 */
LksLink *
lks_link_new (LksIoThread *io_thread, LksByteStream *stream, GError **error)
{
  g_autoptr (LksLink) self = g_object_new (LKS_TYPE_LINK, NULL);

  self->io_thread = g_object_ref (io_thread);
  self->stream = g_object_ref (stream);
  if (!prepare_sources (self, error))
    {
      /* An open line keeps itself and its adapter, whoever drops it. */
      lks_io_thread_call (io_thread, close_stream_in_io_thread, stream);
      return NULL;
    }

  lks_ip_stack_ensure ();
  lks_io_thread_call (io_thread, open_in_io_thread, self);
  if (!self->line.is_added)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "the IP stack has no room for another line");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * lks_link_is_open:
 * @self: a link
 *
 * Any thread.
 *
 * Returns: whether the line is there; once %FALSE it stays so
 */
gboolean
lks_link_is_open (LksLink *self)
{
  gboolean is_open;

  lks_ip_stack_lock ();
  is_open = self->line.is_up;
  lks_ip_stack_unlock ();
  return is_open;
}

/**
 * lks_link_get_counters:
 * @self: a link
 * @out_counters: (out caller-allocates): the counters
 *
 * Tells what the line did so far. Any thread.
 */
void
lks_link_get_counters (LksLink *self, LksLinkCounters *out_counters)
{
  lks_ip_stack_lock ();
  *out_counters = self->line.counters;
  out_counters->connections = self->connections->len;
  out_counters->is_open = self->line.is_up;
  if (self->line.is_up)
    out_counters->uptime_us = g_get_monotonic_time () - self->opened_us;
  lks_ip_stack_unlock ();
}

/**
 * lks_link_connect:
 * @self: a link
 * @port: the board's TCP port
 * @timeout_ms: time allowed for the TCP handshake, in milliseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Connects to a port of the board. Blocks; worker threads only. Fails like
 * lks_connector_prepare().
 *
 * Returns: a blocking stream socket the caller closes, -1 on error
 */
int
lks_link_connect (LksLink *self,
                  guint16 port,
                  guint timeout_ms,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (LKS_IS_LINK (self), -1);
  g_return_val_if_fail (port != 0, -1);

  return connect_and_wait (self, port, TRUE, timeout_ms, cancellable, error);
}

static void
identify_in_io_thread (gpointer user_data)
{
  LksLink *self = user_data;
  ip_addr_t to = IPADDR4_INIT (lwip_htonl (BOARD_ADDRESS));
  struct udp_pcb *pcb;
  struct pbuf *p;

  lks_ip_stack_lock ();
  pcb = self->line.is_up ? udp_new () : NULL;
  p = pcb != NULL ? pbuf_alloc (PBUF_TRANSPORT, IDENTIFY_BYTES, PBUF_RAM) : NULL;
  if (p != NULL)
    {
      memset (p->payload, 0, IDENTIFY_BYTES);
      udp_sendto_if (pcb, p, &to, IDENTIFY_PORT, &self->line.netif);
      pbuf_free (p);
    }
  if (pcb != NULL)
    udp_remove (pcb);
  lks_ip_stack_unlock ();

  flush_line (self);
}

/**
 * lks_link_identify:
 * @self: a link
 *
 * Sends one datagram that the board ignores, so that the adapter's activity light blinks:
 * call it every 50 ms for a flicker. Any thread; does not wait.
 */
void
lks_link_identify (LksLink *self)
{
  /* Without a reference: closing, at the latest when the link goes, waits behind it. */
  lks_io_thread_post (self->io_thread, identify_in_io_thread, self);
}

/**
 * lks_link_close:
 * @self: a link
 *
 * Ends every connection and gives the line back. Whoever waits for the link returns with an
 * error. Any thread; may be called again.
 */
void
lks_link_close (LksLink *self)
{
  g_return_if_fail (LKS_IS_LINK (self));

  lks_io_thread_call (self->io_thread, close_in_io_thread, self);
}
