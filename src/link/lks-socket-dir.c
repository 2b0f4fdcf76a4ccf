/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-socket-dir-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DIR_TEMPLATE "locksmith-XXXXXX"
#define SOCKET_NAME "board"
#define BACKLOG 16

struct _LksSocketDir
{
  char *dir;  /* (owned) */
  char *path; /* (owned) */
};

static gboolean
make_below (LksSocketDir *self, const char *parent)
{
  g_autofree char *dir = g_build_filename (parent, DIR_TEMPLATE, NULL);
  g_autofree char *path = NULL;

  if (strlen (dir) + strlen ("/" SOCKET_NAME) >= sizeof ((struct sockaddr_un *) NULL)->sun_path)
    {
      errno = ENAMETOOLONG;
      return FALSE;
    }
  if (g_mkdir_with_parents (parent, 0700) < 0 || g_mkdtemp_full (dir, 0700) == NULL)
    return FALSE;

  path = g_build_filename (dir, SOCKET_NAME, NULL);
  self->dir = g_steal_pointer (&dir);
  self->path = g_steal_pointer (&path);
  return TRUE;
}

/**
 * lks_socket_dir_new:
 * @error: return location for an error
 *
 * Makes the directory: in the user's runtime directory, or in the one for temporary files
 * when that cannot be written or is too long for a socket's address.
 *
 * Returns: (transfer full) (nullable): a directory
 */
LksSocketDir *
lks_socket_dir_new (GError **error)
{
  LksSocketDir *self = g_new0 (LksSocketDir, 1);

  if (make_below (self, g_get_user_runtime_dir ()) || make_below (self, g_get_tmp_dir ()))
    return self;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno),
               "no directory for the link's socket below %s: %s", g_get_tmp_dir (),
               g_strerror (errno));
  g_free (self);
  return NULL;
}

/**
 * lks_socket_dir_free:
 * @self: a directory
 *
 * Removes it from the disk and from memory.
 */
void
lks_socket_dir_free (LksSocketDir *self)
{
  lks_socket_dir_remove (self);
  g_free (self->dir);
  g_free (self->path);
  g_free (self);
}

/**
 * lks_socket_dir_get_path:
 * @self: a directory
 *
 * Returns: (transfer none): the socket's path, shorter than 108 bytes
 */
const char *
lks_socket_dir_get_path (LksSocketDir *self)
{
  return self->path;
}

/**
 * lks_socket_dir_listen:
 * @self: a directory
 * @error: return location for an error
 *
 * Makes the socket and listens on it.
 *
 * Returns: a non-blocking listening socket, -1 on error
 */
int
lks_socket_dir_listen (LksSocketDir *self, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, self->path, sizeof address.sun_path);
  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) == 0 &&
      listen (fd, BACKLOG) == 0)
    return fd;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "cannot listen on %s: %s",
               self->path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * lks_socket_dir_remove:
 * @self: a directory
 *
 * Removes socket and directory from the disk; may be called again.
 */
void
lks_socket_dir_remove (LksSocketDir *self)
{
  g_unlink (self->path);
  g_rmdir (self->dir);
}
