/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-socket-dir-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DIR_PREFIX "locksmith-link-"
#define DIR_TEMPLATE DIR_PREFIX "XXXXXX"
#define DIR_ATTEMPTS 8
#define SOCKET_NAME "board"
#define BACKLOG 16

struct _LksSocketDir
{
  char *dir;  /* (owned) */
  char *path; /* (owned) */
  int lock;   /* (owned): the directory, locked for as long as it is in use */
};

/* Locks a directory, which a killed program's lock does not prevent. Returns -1 with errno set,
 * when somebody uses it for example. */
static int
lock_dir (const char *dir)
{
  int fd = open (dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      const int reason = errno;

      close (fd);
      errno = reason;
      return -1;
    }
  return fd;
}

/* Whether it failed because another program sweeps. */
static gboolean
is_swept (int reason)
{
  return reason == EWOULDBLOCK || reason == ENOENT;
}

/* Removes what killed programs left behind. */
static void
sweep (const char *parent)
{
  g_autoptr (GDir) entries = g_dir_open (parent, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *dir = g_build_filename (parent, name, NULL);
      g_autofree char *path = g_build_filename (dir, SOCKET_NAME, NULL);
      int lock = g_str_has_prefix (name, DIR_PREFIX) ? lock_dir (dir) : -1;

      if (lock < 0)
        continue;
      g_unlink (path);
      g_rmdir (dir);
      close (lock);
    }
}

static void
sweep_once (const char *parent)
{
  static GHashTable *swept; /* (element-type utf8): stays for the life of the process */
  static GMutex mutex;

  g_mutex_lock (&mutex);
  if (swept == NULL)
    swept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_add (swept, g_strdup (parent)))
    sweep (parent);
  g_mutex_unlock (&mutex);
}

/* Another program that sweeps may be faster than our lock; then there is a next name. */
static char *
make_locked_dir (const char *parent, int *out_lock)
{
  for (guint i = 0; i < DIR_ATTEMPTS; i++)
    {
      g_autofree char *dir = g_build_filename (parent, DIR_TEMPLATE, NULL);

      if (g_mkdtemp_full (dir, 0700) == NULL)
        return NULL;
      *out_lock = lock_dir (dir);
      if (*out_lock >= 0)
        return g_steal_pointer (&dir);
      if (!is_swept (errno))
        {
          const int reason = errno;

          g_rmdir (dir);
          errno = reason;
          return NULL;
        }
    }
  errno = EBUSY;
  return NULL;
}

static gboolean
make_below (LksSocketDir *self, const char *parent)
{
  const gsize size_bytes = strlen (parent) + sizeof "/" DIR_TEMPLATE "/" SOCKET_NAME;

  if (size_bytes > sizeof ((struct sockaddr_un *) NULL)->sun_path)
    {
      errno = ENAMETOOLONG;
      return FALSE;
    }
  if (g_mkdir_with_parents (parent, 0700) < 0)
    return FALSE;

  sweep_once (parent);
  self->dir = make_locked_dir (parent, &self->lock);
  if (self->dir == NULL)
    return FALSE;

  self->path = g_build_filename (self->dir, SOCKET_NAME, NULL);
  return TRUE;
}

/**
 * lks_socket_dir_new:
 * @error: return location for an error
 *
 * Makes the directory: in the user's runtime directory, or in the one for temporary files
 * when that cannot be written or is too long for a socket's address. Those that killed programs
 * left behind are removed on the way.
 *
 * Returns: (transfer full) (nullable): a directory
 */
LksSocketDir *
lks_socket_dir_new (GError **error)
{
  LksSocketDir *self = g_new0 (LksSocketDir, 1);

  self->lock = -1;
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
  if (self->lock < 0)
    return;

  g_unlink (self->path);
  g_rmdir (self->dir);
  close (self->lock);
  self->lock = -1;
}
