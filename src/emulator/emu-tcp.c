/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-fd-watch.h"
#include "emu-stack-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* A small board takes in little at a time. What it sends may pile up behind the bridge: whoever
 * closes a stream there must never have to wait for the wire. */
#define SOCKET_BUFFER_BYTES (16 * 1024)
#define IN_FLIGHT_MAX_BYTES (16 * 1024)
#define READ_BYTES 8192

struct _EmuTcp
{
  GList link;
  EmuInterface *interface; /* (unowned) */
  struct tcp_pcb *pcb;     /* (owned) (nullable): NULL when TCP is through with it */
  int fd;
  EmuFdWatch *watch;   /* (owned) */
  struct pbuf *unread; /* (owned) (nullable): received, not yet taken by the other end */
  gsize in_flight;     /* bytes given to TCP and not acknowledged */
  gboolean app_ended;  /* the other end sends no more, and TCP has it all */
  gboolean hung_up;    /* the other end is closed; it may have left bytes */
  gboolean peer_ended; /* the host sends no more */
  gint64 last_use_us;
};

GList *
emu_tcp_get_link (EmuTcp *self)
{
  return &self->link;
}

struct tcp_pcb *
emu_tcp_get_pcb (EmuTcp *self)
{
  return self->pcb;
}

gint64
emu_tcp_get_last_use_us (EmuTcp *self)
{
  return self->last_use_us;
}

static struct tcp_pcb *
steal_pcb (EmuTcp *self)
{
  struct tcp_pcb *pcb = g_steal_pointer (&self->pcb);

  if (pcb != NULL)
    {
      tcp_arg (pcb, NULL);
      tcp_recv (pcb, NULL);
      tcp_sent (pcb, NULL);
      tcp_err (pcb, NULL);
    }
  return pcb;
}

static void
tcp_free_bridge (EmuTcp *self)
{
  g_queue_unlink (&self->interface->connections, &self->link);
  self->interface->funcs.ended (self, self->interface->user_data);
  if (self->unread != NULL)
    pbuf_free (self->unread);
  emu_fd_watch_free (self->watch);
  close (self->fd);
  g_free (self);
}

/* How many bytes TCP may get now; whole segments, unless nothing is on its way. */
static gsize
get_room (EmuTcp *self)
{
  gsize room;

  if (self->pcb == NULL || self->app_ended || self->in_flight >= IN_FLIGHT_MAX_BYTES)
    return 0;

  room = MIN (IN_FLIGHT_MAX_BYTES - self->in_flight, tcp_sndbuf (self->pcb));
  if (tcp_sndqueuelen (self->pcb) > TCP_SND_QUEUELEN - 16 ||
      (self->in_flight > 0 && room < tcp_mss (self->pcb)))
    return 0;
  return room;
}

static void
update_watch (EmuTcp *self)
{
  GIOCondition condition = self->hung_up ? 0 : G_IO_HUP;

  if (get_room (self) > 0)
    condition |= G_IO_IN;
  if (self->unread != NULL)
    condition |= G_IO_OUT;
  emu_fd_watch_set_condition (self->watch, condition);
}

static void
drop_unread (EmuTcp *self)
{
  if (self->unread == NULL)
    return;

  if (self->pcb != NULL)
    tcp_recved (self->pcb, self->unread->tot_len);
  pbuf_free (g_steal_pointer (&self->unread));
}

static void
write_unread (EmuTcp *self)
{
  while (self->unread != NULL)
    {
      gssize n =
          send (self->fd, self->unread->payload, self->unread->len, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno != EAGAIN && errno != EINTR)
        drop_unread (self);
      if (n < 0)
        break;

      self->unread = pbuf_free_header (self->unread, n);
      if (self->pcb != NULL)
        tcp_recved (self->pcb, n);
    }
  if (self->unread == NULL && self->peer_ended)
    shutdown (self->fd, SHUT_WR);
}

/* FALSE: TCP is out of memory. */
static gboolean
read_from_app (EmuTcp *self)
{
  guint8 buffer[READ_BYTES];
  gsize room;

  while ((room = get_room (self)) > 0)
    {
      gssize n = recv (self->fd, buffer, MIN (room, sizeof buffer), MSG_DONTWAIT);

      if (n < 0 && (errno == EAGAIN || errno == EINTR))
        break;
      if (n <= 0)
        {
          self->app_ended = TRUE;
          break;
        }
      if (tcp_write (self->pcb, buffer, n, TCP_WRITE_FLAG_COPY) != ERR_OK)
        return FALSE;
      self->in_flight += n;
    }
  return TRUE;
}

/* The other end is closed: TCP sends what it has and says good-bye. What was not read counts as
 * read, or the good-bye would be a reset. */
static void
close_gracefully (EmuTcp *self)
{
  struct tcp_pcb *pcb;

  drop_unread (self);
  pcb = steal_pcb (self);
  if (pcb != NULL && tcp_close (pcb) != ERR_OK)
    tcp_abort (pcb);
  tcp_free_bridge (self);
}

static void
ready_cb (GIOCondition condition, gpointer user_data)
{
  EmuTcp *self = user_data;
  gboolean had_ended = self->app_ended;

  self->last_use_us = g_get_monotonic_time ();
  self->hung_up |= (condition & G_IO_HUP) != 0;
  write_unread (self);
  if (!read_from_app (self))
    {
      emu_tcp_abort (self);
      return;
    }

  if (self->pcb != NULL)
    tcp_output (self->pcb);
  if (self->app_ended && self->hung_up)
    {
      close_gracefully (self);
      return;
    }
  if (self->app_ended && !had_ended && self->pcb != NULL)
    tcp_shutdown (self->pcb, 0, 1);
  update_watch (self);
}

static err_t
received_cb (void *arg, struct tcp_pcb *pcb, struct pbuf *pbuf, err_t err)
{
  EmuTcp *self = arg;

  self->last_use_us = g_get_monotonic_time ();
  if (pbuf == NULL)
    self->peer_ended = TRUE;
  else if (self->unread == NULL)
    self->unread = pbuf;
  else
    pbuf_cat (self->unread, pbuf);
  write_unread (self);
  /* Both ways are shut: lwIP keeps the connection for its last time-out, then frees it. */
  if (self->peer_ended && self->app_ended)
    steal_pcb (self);
  update_watch (self);
  return ERR_OK;
}

static err_t
sent_cb (void *arg, struct tcp_pcb *pcb, u16_t size_bytes)
{
  EmuTcp *self = arg;

  self->in_flight -= MIN (self->in_flight, size_bytes);
  self->last_use_us = g_get_monotonic_time ();
  update_watch (self);
  return ERR_OK;
}

static void
failed_cb (void *arg, err_t err)
{
  EmuTcp *self = arg;

  self->pcb = NULL; /* lwIP has freed it */
  tcp_free_bridge (self);
}

/**
 * emu_tcp_new: (skip)
 * @interface: the interface it came in on
 * @pcb: (transfer full): lwIP's connection
 * @out_fd: (out): the other end of the bridge
 *
 * Returns: (nullable): a bridge, or %NULL when there are no more file descriptors
 */
EmuTcp *
emu_tcp_new (EmuInterface *interface, struct tcp_pcb *pcb, int *out_fd)
{
  EmuTcp *self;
  int size = SOCKET_BUFFER_BYTES;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
    return NULL;

  setsockopt (fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  self = g_new0 (EmuTcp, 1);
  self->link.data = self;
  self->interface = interface;
  self->pcb = pcb;
  self->fd = fds[0];
  self->last_use_us = g_get_monotonic_time ();
  self->watch = emu_fd_watch_new (emu_stack_get_context (interface->stack), self->fd, G_IO_IN,
                                  ready_cb, self);
  tcp_nagle_disable (pcb); /* it waits for the host's delayed acknowledgement */
  tcp_arg (pcb, self);
  tcp_recv (pcb, received_cb);
  tcp_sent (pcb, sent_cb);
  tcp_err (pcb, failed_cb);
  *out_fd = fds[1];
  return self;
}

/**
 * emu_tcp_abort:
 * @self: (transfer full): a connection
 *
 * Ends it now: a reset to the host, the end of the stream to the other side. Not to be called
 * while lwIP handles a packet of this connection.
 */
void
emu_tcp_abort (EmuTcp *self)
{
  struct tcp_pcb *pcb = steal_pcb (self);

  if (pcb != NULL)
    tcp_abort (pcb);
  tcp_free_bridge (self);
}
