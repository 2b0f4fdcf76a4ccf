/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proxy.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct _Proxy
{
  int listener;
  int stop; /* an eventfd */
  guint port;
  guint server_port;
  GThread *thread; /* (owned) */

  GMutex mutex; /* around what follows */
  gint64 counted[2];
  gint64 limits[2]; /* -1: none */
  gboolean holds;   /* answers nothing */
  ProxyFunc func;
  gpointer func_data;
};

static int
open_socket (guint port, gboolean listens, guint *out_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16) port) };
  socklen_t size = sizeof address;
  const int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (listens)
    {
      g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
      g_assert_cmpint (listen (fd, 8), ==, 0);
      g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
      *out_port = ntohs (address.sin_port);
    }
  else if (connect (fd, (struct sockaddr *) &address, size) != 0)
    {
      close (fd);
      return -1;
    }
  return fd;
}

/* How many of @size bytes may still pass in this direction. */
static gssize
admit (Proxy *self, guint direction, gssize size)
{
  gssize admitted = size;

  g_mutex_lock (&self->mutex);
  if (self->limits[direction] >= 0)
    admitted = (gssize) MIN ((gint64) size, self->limits[direction] - self->counted[direction]);
  self->counted[direction] += admitted;
  g_mutex_unlock (&self->mutex);
  return admitted;
}

/* Who changes the limits meanwhile waits until all is done that is to be done at a cut. */
static void
tell_cut (Proxy *self)
{
  g_mutex_lock (&self->mutex);
  if (self->func != NULL)
    self->func (self->func_data);
  g_mutex_unlock (&self->mutex);
}

/* FALSE: the connection is at its end. */
static gboolean
copy (Proxy *self, int from, int to, guint direction)
{
  char buffer[4096];
  const gssize size = recv (from, buffer, sizeof buffer, 0);
  const gssize admitted = size > 0 ? admit (self, direction, size) : 0;

  for (gssize sent = 0, now; sent < admitted; sent += now)
    if ((now = send (to, buffer + sent, (gsize) (admitted - sent), MSG_NOSIGNAL)) <= 0)
      return FALSE;
  if (size > 0 && admitted == size)
    return TRUE;

  if (size > 0)
    tell_cut (self);
  return FALSE;
}

static void
serve (Proxy *self, int client)
{
  const int server = open_socket (self->server_port, FALSE, NULL);
  struct pollfd fds[] = { { client, POLLIN, 0 }, { server, POLLIN, 0 }, { self->stop, POLLIN, 0 } };

  if (self->holds)
    fds[0].fd = fds[1].fd = -1;
  while (server >= 0 && poll (fds, G_N_ELEMENTS (fds), -1) > 0)
    {
      if (fds[2].revents != 0 || (fds[0].revents != 0 && !copy (self, client, server, 0)) ||
          (fds[1].revents != 0 && !copy (self, server, client, 1)))
        break;
    }
  if (server >= 0)
    close (server);
  close (client);
}

static gpointer
run (gpointer data)
{
  Proxy *self = data;
  struct pollfd fds[] = { { self->listener, POLLIN, 0 }, { self->stop, POLLIN, 0 } };

  while (poll (fds, G_N_ELEMENTS (fds), -1) > 0 && fds[1].revents == 0)
    {
      const int client = accept (self->listener, NULL, NULL);

      if (client >= 0)
        serve (self, client);
    }
  return NULL;
}

/* One connection at a time to the server on @port. */
Proxy *
proxy_new (guint port)
{
  Proxy *self = g_new0 (Proxy, 1);

  self->server_port = port;
  self->listener = open_socket (0, TRUE, &self->port);
  self->stop = eventfd (0, EFD_CLOEXEC);
  self->limits[0] = self->limits[1] = -1;
  g_mutex_init (&self->mutex);
  self->thread = g_thread_new ("proxy", run, self);
  return self;
}

void
proxy_free (Proxy *self)
{
  g_assert_cmpint (write (self->stop, &(guint64){ 1 }, sizeof (guint64)), >, 0);
  g_thread_join (self->thread);
  close (self->listener);
  close (self->stop);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint
proxy_get_port (Proxy *self)
{
  return self->port;
}

/* From now on, counted anew: after so many bytes to the server, or from it, the connection is cut,
 * and so is every later one. -1: no limit. Between connections only. */
void
proxy_cut_after (Proxy *self,
                 gint64 up_bytes,
                 gint64 down_bytes,
                 ProxyFunc func,
                 gpointer func_data)
{
  g_mutex_lock (&self->mutex);
  self->counted[0] = self->counted[1] = 0;
  self->limits[0] = up_bytes;
  self->limits[1] = down_bytes;
  self->func = func;
  self->func_data = func_data;
  g_mutex_unlock (&self->mutex);
}

/* From now on nothing passes, and nothing is cut. */
void
proxy_hold (Proxy *self)
{
  self->holds = TRUE;
}

void
proxy_count (Proxy *self, gint64 *out_up_bytes, gint64 *out_down_bytes)
{
  g_mutex_lock (&self->mutex);
  *out_up_bytes = self->counted[0];
  *out_down_bytes = self->counted[1];
  g_mutex_unlock (&self->mutex);
}
