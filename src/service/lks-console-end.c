/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-console-end-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

void
lks_console_end_init (LksConsoleEnd *self)
{
  self->fd = -1;
  self->owed = g_byte_array_new ();
}

/* Takes the socket. */
void
lks_console_end_take (LksConsoleEnd *self, int fd)
{
  lks_console_end_close (self);
  self->fd = fd;
}

void
lks_console_end_close (LksConsoleEnd *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_byte_array_set_size (self->owed, 0);
}

void
lks_console_end_clear (LksConsoleEnd *self)
{
  lks_console_end_close (self);
  g_clear_pointer (&self->owed, g_byte_array_unref);
}

gboolean
lks_console_end_is_open (const LksConsoleEnd *self)
{
  return self->fd >= 0;
}

gboolean
lks_console_end_can_owe (const LksConsoleEnd *self)
{
  return self->owed->len < LKS_CONSOLE_OWED_MAX_BYTES;
}

static gboolean
is_temporary (int code)
{
  return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}

/* Sends what the socket takes now; FALSE when it is broken. */
gboolean
lks_console_end_flush (LksConsoleEnd *self)
{
  gssize n;

  if (self->owed->len == 0)
    return TRUE;

  n = send (self->fd, self->owed->data, self->owed->len, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n > 0)
    g_byte_array_remove_range (self->owed, 0, (guint) n);
  return n >= 0 || is_temporary (errno);
}

/* Reads what is there: 0 at its end or when it is broken, -1 when there is nothing now. */
gssize
lks_console_end_read (LksConsoleEnd *self, guint8 *buffer, gsize size_bytes)
{
  gssize n = recv (self->fd, buffer, size_bytes, MSG_DONTWAIT);

  return n < 0 && !is_temporary (errno) ? 0 : n;
}
