/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-events.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench-wire.h"

/* A program that does not read that many events is cut off, as netlink would lose them. */
#define QUEUE_MAX 4096

typedef struct
{
  BenchEvents *events; /* (unowned) */
  int fd;
  guint in_id;
  guint out_id;   /* 0 while nothing waits */
  GQueue waiting; /* (element-type char*) (owned) */
} Monitor;

struct _BenchEvents
{
  int fd;
  guint accept_id;
  GPtrArray *monitors; /* (owned) (element-type Monitor) */
};

static void
monitor_free (gpointer data)
{
  Monitor *monitor = data;

  g_clear_handle_id (&monitor->in_id, g_source_remove);
  g_clear_handle_id (&monitor->out_id, g_source_remove);
  g_queue_clear_full (&monitor->waiting, g_free);
  close (monitor->fd);
  g_free (monitor);
}

/* TRUE: sent, or it can never be. */
static gboolean
send_now (Monitor *monitor, const char *text)
{
  gssize sent;

  do
    sent = send (monitor->fd, text, strlen (text), MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);

  return sent >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Monitor *monitor = user_data;

  while (!g_queue_is_empty (&monitor->waiting))
    {
      if (!send_now (monitor, g_queue_peek_head (&monitor->waiting)))
        return G_SOURCE_CONTINUE;
      g_free (g_queue_pop_head (&monitor->waiting));
    }

  monitor->out_id = 0;
  return G_SOURCE_REMOVE;
}

/* Monitors never speak: readable means gone. */
static gboolean
closed_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Monitor *monitor = user_data;

  monitor->in_id = 0;
  g_ptr_array_remove_fast (monitor->events->monitors, monitor);
  return G_SOURCE_REMOVE;
}

/* All that have connected by now. */
static void
accept_monitors (BenchEvents *self)
{
  int fd;

  while ((fd = accept4 (self->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    {
      Monitor *monitor = g_new0 (Monitor, 1);

      monitor->events = self;
      monitor->fd = fd;
      g_queue_init (&monitor->waiting);
      monitor->in_id = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP, closed_cb, monitor);
      g_ptr_array_add (self->monitors, monitor);
    }
}

static gboolean
accept_cb (int fd, GIOCondition condition, gpointer user_data)
{
  accept_monitors (user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * bench_events_listen:
 * @socket_path: where
 * @type: SOCK_STREAM or SOCK_SEQPACKET
 * @error: return location for an error
 *
 * Returns: a listening Unix socket, or -1
 */
int
bench_events_listen (const char *socket_path, int type, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = -1;

  if (g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path) < sizeof address.sun_path)
    {
      fd = socket (AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0 &&
          listen (fd, SOMAXCONN) == 0)
        return fd;
    }
  else
    {
      errno = ENAMETOOLONG;
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Listening on %s: %s", socket_path,
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * bench_events_new:
 * @socket_path: where the programs' monitors connect to
 * @error: return location for an error
 *
 * Tells every monitor of every program when a device comes or goes. Never blocks.
 *
 * Returns: (transfer full): the events
 */
BenchEvents *
bench_events_new (const char *socket_path, GError **error)
{
  int fd = bench_events_listen (socket_path, SOCK_SEQPACKET, error);
  BenchEvents *self;

  if (fd < 0)
    return NULL;

  self = g_new0 (BenchEvents, 1);
  self->fd = fd;
  self->monitors = g_ptr_array_new_with_free_func (monitor_free);
  self->accept_id = g_unix_fd_add (fd, G_IO_IN, accept_cb, self);
  return self;
}

/**
 * bench_events_free:
 * @self: (nullable) (transfer full): the events
 */
void
bench_events_free (BenchEvents *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->accept_id, g_source_remove);
  close (self->fd);
  g_ptr_array_unref (self->monitors);
  g_free (self);
}

/**
 * bench_events_emit:
 * @self: the events
 * @action: "add" or "remove"
 * @place: which device
 * @bus: its bus number
 * @device: its device number
 *
 * Sends one event to every monitor, also to one that has connected just now: its program may have
 * looked for devices already.
 */
void
bench_events_emit (BenchEvents *self,
                   const char *action,
                   const char *place,
                   guint bus,
                   guint device)
{
  g_autofree char *text = g_strdup_printf ("%s %s %u %u", action, place, bus, device);

  accept_monitors (self);
  for (guint i = self->monitors->len; i > 0; i--)
    {
      Monitor *monitor = g_ptr_array_index (self->monitors, i - 1);

      if (monitor->out_id == 0 && send_now (monitor, text))
        continue;
      if (g_queue_get_length (&monitor->waiting) >= QUEUE_MAX)
        {
          g_ptr_array_remove_index_fast (self->monitors, i - 1);
          continue;
        }
      g_queue_push_tail (&monitor->waiting, g_strdup (text));
      if (monitor->out_id == 0)
        monitor->out_id = g_unix_fd_add (monitor->fd, G_IO_OUT, writable_cb, monitor);
    }
}
