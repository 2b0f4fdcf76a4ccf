/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-connection-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <lwip/priv/tcp_priv.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST_ADDRESS 0xC0A82301u  /* 192.168.35.1 */
#define BOARD_ADDRESS 0xC0A82302u /* 192.168.35.2 */

/* Enough to fill the line (3 segments already do) and no more, or small requests would wait
 * behind an upload. */
#define IN_FLIGHT_MAX_BYTES (8 * TCP_MSS)

/* A line may be silent for 3 seconds and go on; the doubled intervals of TCP's repetitions
 * then need up to 10. */
#define STALL_MAX_US (10 * G_USEC_PER_SEC)
#define UNCLAIMED_MAX_US (10 * G_USEC_PER_SEC)
#define CONNECT_MAX_US (10 * G_USEC_PER_SEC)
/* A board that restarts forgets its connections without a word; whoever only waits for it would
 * never know. Asked once a second, it answers with a reset as soon as it is back. */
#define PROBE_INTERVAL_MS 1000
#define PROBES_MAX 12

/* A board that starts does not hear the first SYN. lwIP would repeat it after three seconds;
 * on a line of our own it costs nothing to ask often. */
#define SYN_PERIOD_US (200 * G_TIME_SPAN_MILLISECOND)

#define POLL_TICKS 2 /* lwIP's slow ticks of 500 ms */

/* The segments one connection may have queued inside the stack, less what a write may add. */
#define SEGMENTS_MAX (TCP_SND_QUEUELEN - 16)

#define FIRST_DYNAMIC_PORT 49152 /* RFC 6335, 6 */
#define BIND_ATTEMPTS 64

/* Small, so that a client's "all sent" is true within a third of a second. */
#define CLIENT_SNDBUF_BYTES (16 * 1024)

struct _LksConnection
{
  LksLine *line;         /* (unowned) */
  struct tcp_pcb *pcb;   /* (nullable): NULL when the stack has freed it */
  struct pbuf *received; /* (owned) (nullable): bytes for the client */
  LksIoWatches *watches; /* (unowned) */
  LksIoWatch *watch;     /* (owned) (nullable): NULL while @fd is not watched */
  int fd;                /* (owned): the client's socket, -1 without */
  GSourceFunc ready_cb;
  gpointer user_data;

  LksConnectionState state;
  GIOErrorEnum error_code; /* valid in state OVER when @has_error */
  gboolean has_error;
  guint16 port;
  guint16 local_port;

  gboolean client_gone;     /* its socket is closed: nothing can be passed to it */
  gboolean client_finished; /* it sends no more */
  gboolean fin_sent;
  gboolean peer_finished;
  gboolean peer_end_passed;

  gsize unacked_bytes;
  gint64 born_us;
  gint64 progress_us; /* the last time an acknowledgement came, or the line was idle */
  gint64 syn_us;      /* when the last SYN was sent */
  gint64 timed_us;    /* when the segment being timed was sent, 0 for none */
  guint round_trip_us;
  guint32 sent_up_to; /* the sequence number after the highest sent so far */
};

/* Takes the protocol block away from lwIP's callbacks. */
static struct tcp_pcb *
detach (LksConnection *self)
{
  struct tcp_pcb *pcb = g_steal_pointer (&self->pcb);

  if (pcb != NULL)
    {
      tcp_arg (pcb, NULL);
      tcp_recv (pcb, NULL);
      tcp_sent (pcb, NULL);
      tcp_err (pcb, NULL);
      tcp_poll (pcb, NULL, 0);
    }
  self->state = LKS_CONNECTION_STATE_OVER;
  return pcb;
}

static void
set_error (LksConnection *self, GIOErrorEnum code)
{
  if (self->has_error)
    return;
  self->has_error = TRUE;
  self->error_code = code;
}

static void
close_gently (LksConnection *self)
{
  struct tcp_pcb *pcb = detach (self);

  if (pcb != NULL && tcp_close (pcb) != ERR_OK)
    tcp_abort (pcb);
}

/* From the board to the client. */
static void
pump_received (LksConnection *self)
{
  while (self->received != NULL && self->fd >= 0)
    {
      gssize n = send (self->fd, self->received->payload, self->received->len,
                       MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        return;
      if (n < 0)
        {
          self->client_gone = TRUE;
          lks_connection_abort (self, G_IO_ERROR_BROKEN_PIPE);
          return;
        }
      self->received = pbuf_free_header (self->received, (u16_t) n);
      if (self->pcb != NULL)
        tcp_recved (self->pcb, (u16_t) n);
    }

  if (self->peer_finished && !self->peer_end_passed && self->fd >= 0)
    {
      shutdown (self->fd, SHUT_WR);
      self->peer_end_passed = TRUE;
    }
}

/* How much may be taken from the client now. */
static gsize
get_room (LksConnection *self)
{
  gsize room;

  if (self->state != LKS_CONNECTION_STATE_OPEN || self->client_finished || self->fd < 0 ||
      self->unacked_bytes >= IN_FLIGHT_MAX_BYTES || tcp_sndqueuelen (self->pcb) > SEGMENTS_MAX)
    return 0;

  room = MIN (IN_FLIGHT_MAX_BYTES - self->unacked_bytes, tcp_sndbuf (self->pcb));
  /* Wait until a full segment fits: slivers would cost a header each. */
  return room < tcp_mss (self->pcb) && self->unacked_bytes > 0 ? 0 : room;
}

static void
finish_sending (LksConnection *self)
{
  if (self->fin_sent || self->pcb == NULL)
    return;
  if (self->client_gone)
    close_gently (self);
  else if (tcp_shutdown (self->pcb, 0, 1) == ERR_OK)
    self->fin_sent = TRUE;
}

/* From the client to the board. */
static void
pump_sent (LksConnection *self)
{
  guint8 buffer[IN_FLIGHT_MAX_BYTES];
  gsize room;

  while ((room = get_room (self)) > 0)
    {
      gssize n = recv (self->fd, buffer, room, MSG_DONTWAIT);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        break;
      if (n <= 0)
        {
          self->client_finished = TRUE;
          break;
        }
      if (tcp_write (self->pcb, buffer, (u16_t) n, TCP_WRITE_FLAG_COPY) != ERR_OK)
        {
          lks_connection_abort (self, G_IO_ERROR_FAILED);
          return;
        }
      if (self->unacked_bytes == 0)
        self->progress_us = self->timed_us = g_get_monotonic_time ();
      self->unacked_bytes += (gsize) n;
    }

  if (self->pcb != NULL)
    tcp_output (self->pcb);
  if (self->client_finished)
    finish_sending (self);
}

/* A closed peer makes poll() report the hang-up whatever was asked for, so a socket that has
 * hung up is not watched any more: the acknowledgements drive what is left. */
static void
update_watch (LksConnection *self)
{
  GIOCondition wanted = 0;

  if (self->watch == NULL)
    return;
  if (self->client_gone)
    {
      g_clear_pointer (&self->watch, lks_io_watch_free);
      return;
    }

  if (get_room (self) > 0)
    wanted |= G_IO_IN;
  if (self->received != NULL)
    wanted |= G_IO_OUT;
  lks_io_watch_set (self->watch, wanted);
}

/* Notices a client that closed its socket. One that only finished sending does not hang up. */
static void
client_ready_cb (GIOCondition conditions, gpointer user_data)
{
  LksConnection *self = user_data;

  if ((conditions & (G_IO_HUP | G_IO_ERR)) != 0)
    self->client_gone = TRUE;
  self->ready_cb (self->user_data);
}

static err_t
received_cb (void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
  LksConnection *self = arg;

  if (p == NULL)
    self->peer_finished = TRUE;
  else if (self->received == NULL)
    self->received = p;
  else
    pbuf_cat (self->received, p);

  pump_received (self);
  return self->pcb != NULL ? ERR_OK : ERR_ABRT;
}

static err_t
acknowledged_cb (void *arg, struct tcp_pcb *pcb, u16_t size_bytes)
{
  LksConnection *self = arg;

  self->unacked_bytes -= MIN (self->unacked_bytes, size_bytes);
  self->progress_us = g_get_monotonic_time ();
  if (self->timed_us != 0)
    self->round_trip_us = (guint) (self->progress_us - self->timed_us);
  self->timed_us = 0;
  return ERR_OK;
}

/* lwIP has freed the protocol block. Comes on either thread. */
static void
failed_cb (void *arg, err_t error)
{
  LksConnection *self = arg;
  gboolean was_connecting = self->state == LKS_CONNECTION_STATE_CONNECTING;

  self->pcb = NULL;
  self->state = LKS_CONNECTION_STATE_OVER;
  if (error == ERR_RST)
    set_error (self, was_connecting ? G_IO_ERROR_CONNECTION_REFUSED : G_IO_ERROR_CONNECTION_CLOSED);
  else
    set_error (self, G_IO_ERROR_TIMED_OUT);
  self->line->wake (self->line->user_data);
}

/* Every second: whoever makes no progress for ten is ended. */
static err_t
watchdog_cb (void *arg, struct tcp_pcb *pcb)
{
  LksConnection *self = arg;
  gint64 now_us = g_get_monotonic_time ();
  gboolean is_connecting = self->state == LKS_CONNECTION_STATE_CONNECTING;
  gboolean is_late;

  is_late =
      (is_connecting && now_us - self->born_us > CONNECT_MAX_US) ||
      (!is_connecting && self->unacked_bytes > 0 && now_us - self->progress_us > STALL_MAX_US) ||
      (!is_connecting && self->fd < 0 && now_us - self->progress_us > UNCLAIMED_MAX_US);
  if (!is_late)
    return ERR_OK;

  lks_connection_abort (self, G_IO_ERROR_TIMED_OUT);
  self->line->wake (self->line->user_data);
  return ERR_ABRT;
}

static err_t
connected_cb (void *arg, struct tcp_pcb *pcb, err_t error)
{
  LksConnection *self = arg;

  self->state = LKS_CONNECTION_STATE_OPEN;
  self->progress_us = g_get_monotonic_time ();
  self->round_trip_us = (guint) (self->progress_us - self->timed_us);
  self->timed_us = 0;
  return ERR_OK;
}

static gboolean
bind_randomly (struct tcp_pcb *pcb)
{
  ip_addr_t from = IPADDR4_INIT (lwip_htonl (HOST_ADDRESS));

  for (guint i = 0; i < BIND_ATTEMPTS; i++)
    {
      u16_t port = (u16_t) g_random_int_range (FIRST_DYNAMIC_PORT, G_MAXUINT16 + 1);

      if (tcp_bind (pcb, &from, port) == ERR_OK)
        return TRUE;
    }
  return FALSE;
}

static gboolean
start (LksConnection *self, GError **error)
{
  ip_addr_t to = IPADDR4_INIT (lwip_htonl (BOARD_ADDRESS));

  self->pcb = tcp_new ();
  if (self->pcb == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory for a connection");
      return FALSE;
    }

  tcp_arg (self->pcb, self);
  tcp_recv (self->pcb, received_cb);
  tcp_sent (self->pcb, acknowledged_cb);
  tcp_err (self->pcb, failed_cb);
  tcp_poll (self->pcb, watchdog_cb, POLL_TICKS);
  tcp_nagle_disable (self->pcb);
  ip_set_option (self->pcb, SOF_KEEPALIVE);
  self->pcb->keep_idle = PROBE_INTERVAL_MS;
  self->pcb->keep_intvl = PROBE_INTERVAL_MS;
  self->pcb->keep_cnt = PROBES_MAX;
  tcp_bind_netif (self->pcb, &self->line->netif); /* equal subnets: pin the line */

  if (!bind_randomly (self->pcb) ||
      tcp_connect (self->pcb, &to, self->port, connected_cb) != ERR_OK)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the connection cannot be made");
      return FALSE;
    }
  self->local_port = self->pcb->local_port;
  self->sent_up_to = self->pcb->snd_lbb; /* the SYN is on its way */
  return TRUE;
}

/**
 * lks_connection_new:
 * @line: the line to the board; outlives the connection
 * @port: the board's TCP port
 * @watches: where the client's socket is watched: the I/O thread's
 * @ready_cb: called there, without the core lock, when lks_connection_service() has work
 * @user_data: for @ready_cb
 * @error: return location for an error
 *
 * Starts a connection. Fails with `G_IO_ERROR_NOT_CONNECTED` when the line is gone.
 *
 * Returns: (transfer full) (nullable): a connection in the making
 */
LksConnection *
lks_connection_new (LksLine *line,
                    guint16 port,
                    LksIoWatches *watches,
                    GSourceFunc ready_cb,
                    gpointer user_data,
                    GError **error)
{
  g_autoptr (LksConnection) self = NULL;

  if (!line->is_up)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "the board is unplugged");
      return NULL;
    }

  self = g_new0 (LksConnection, 1);
  self->line = line;
  self->port = port;
  self->watches = watches;
  self->fd = -1;
  self->ready_cb = ready_cb;
  self->user_data = user_data;
  self->born_us = self->progress_us = self->timed_us = self->syn_us = g_get_monotonic_time ();
  return start (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * lks_connection_free:
 * @self: (nullable): a connection
 *
 * Resets it if it is not over and closes the client's socket.
 */
void
lks_connection_free (LksConnection *self)
{
  if (self == NULL)
    return;

  lks_connection_abort (self, G_IO_ERROR_CLOSED);
  g_clear_pointer (&self->received, pbuf_free);
  g_clear_pointer (&self->watch, lks_io_watch_free);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/**
 * lks_connection_get_port:
 * @self: a connection
 *
 * Returns: the board's port
 */
guint16
lks_connection_get_port (LksConnection *self)
{
  return self->port;
}

/**
 * lks_connection_get_local_port:
 * @self: a connection
 *
 * Returns: the port on this side
 */
guint16
lks_connection_get_local_port (LksConnection *self)
{
  return self->local_port;
}

/**
 * lks_connection_get_state:
 * @self: a connection
 *
 * Returns: where it stands
 */
LksConnectionState
lks_connection_get_state (LksConnection *self)
{
  return self->state;
}

/**
 * lks_connection_dup_error:
 * @self: a connection that is over
 *
 * Returns: (transfer full): why it ended, in the domain %G_IO_ERROR
 */
GError *
lks_connection_dup_error (LksConnection *self)
{
  GIOErrorEnum code = self->has_error ? self->error_code : G_IO_ERROR_CONNECTION_CLOSED;

  /* Few of the many codes are ever set here; the switch names them. */
  if (code == G_IO_ERROR_CONNECTION_REFUSED)
    return g_error_new (G_IO_ERROR, code, "the board refuses connections to port %u", self->port);
  if (code == G_IO_ERROR_TIMED_OUT)
    return g_error_new (G_IO_ERROR, code, "the board does not answer on port %u", self->port);
  if (code == G_IO_ERROR_NOT_CONNECTED)
    return g_error_new (G_IO_ERROR, code, "the board was unplugged");
  return g_error_new (G_IO_ERROR, code, "the connection to port %u was ended", self->port);
}

/**
 * lks_connection_has_client:
 * @self: a connection
 *
 * Returns: whether a client's socket belongs to it
 */
gboolean
lks_connection_has_client (LksConnection *self)
{
  return self->fd >= 0;
}

/**
 * lks_connection_steal_round_trip:
 * @self: a connection
 *
 * Returns: the round trip measured since the last call, in microseconds; 0 for none
 */
guint
lks_connection_steal_round_trip (LksConnection *self)
{
  guint round_trip_us = self->round_trip_us;

  self->round_trip_us = 0;
  return round_trip_us;
}

/**
 * lks_connection_take_client:
 * @self: a connection without a client
 * @fd: (transfer full): a stream socket
 *
 * Passes the connection on to @fd from now on.
 */
void
lks_connection_take_client (LksConnection *self, int fd)
{
  int size_bytes = CLIENT_SNDBUF_BYTES;

  g_return_if_fail (self->fd < 0);

  self->fd = fd;
  self->progress_us = g_get_monotonic_time ();
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size_bytes, sizeof size_bytes);

  self->watch = lks_io_watch_new (self->watches, fd, 0, client_ready_cb, self);
}

/**
 * lks_connection_retry:
 * @self: a connection
 * @now_us: the monotonic time
 *
 * Repeats the SYN of a connection in the making when it is time to.
 *
 * Returns: when to call it again, 0 for never
 */
gint64
lks_connection_retry (LksConnection *self, gint64 now_us)
{
  if (self->state != LKS_CONNECTION_STATE_CONNECTING)
    return 0;

  if (now_us - self->syn_us >= SYN_PERIOD_US)
    {
      self->syn_us = self->timed_us = now_us;
      tcp_rexmit_rto (self->pcb);
      self->pcb->nrtx = 0; /* lwIP's own repetitions and their number do not count */
    }
  return self->syn_us + SYN_PERIOD_US;
}

/**
 * lks_connection_service:
 * @self: a connection
 *
 * Moves what can be moved in both directions. I/O thread only.
 *
 * Returns: %FALSE when there is nothing left to do and it can be freed
 */
gboolean
lks_connection_service (LksConnection *self)
{
  pump_received (self);
  pump_sent (self);

  if (self->client_gone && self->state == LKS_CONNECTION_STATE_CONNECTING)
    lks_connection_abort (self, G_IO_ERROR_CLOSED);
  if (self->fin_sent && (self->peer_end_passed || self->client_gone))
    close_gently (self);
  if (self->state == LKS_CONNECTION_STATE_OVER &&
      (self->received == NULL || self->fd < 0 || self->has_error || self->client_gone))
    return FALSE;

  update_watch (self);
  return TRUE;
}

/**
 * lks_connection_resume:
 * @self: a connection
 *
 * The line has room again.
 */
void
lks_connection_resume (LksConnection *self)
{
  if (self->pcb != NULL)
    tcp_output (self->pcb);
}

/**
 * lks_connection_abort:
 * @self: a connection
 * @code: why; kept unless there is a reason already
 *
 * Resets the connection. Its client's socket closes when it is freed.
 */
void
lks_connection_abort (LksConnection *self, GIOErrorEnum code)
{
  struct tcp_pcb *pcb = detach (self);

  set_error (self, code);
  if (pcb != NULL)
    tcp_abort (pcb);
}

/**
 * lks_connection_note_segment:
 * @self: a connection
 * @sequence: the first sequence number of a segment that goes out
 * @length: how many it occupies
 *
 * Returns: whether it had been sent before
 */
gboolean
lks_connection_note_segment (LksConnection *self, guint32 sequence, guint32 length)
{
  guint32 end = sequence + length;

  if ((gint32) (end - self->sent_up_to) <= 0)
    return TRUE;

  self->sent_up_to = end;
  return FALSE;
}
