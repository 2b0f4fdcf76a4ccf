/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-debug-socket.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

struct _LksDebugSocket
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
};

/**
 * lks_debug_socket_new:
 * @error: return location for a `G_IO_ERROR`
 *
 * Makes a folder for this user only (mode 0700) where the desktop keeps what lasts until log-out.
 * A port of 127.0.0.1 would let every user of the computer debug the board.
 *
 * Returns: (transfer full) (nullable): the place of a socket that is still to be made, or %NULL
 *   with @error set
 */
LksDebugSocket *
lks_debug_socket_new (GError **error)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_runtime_dir (), "locksmith-debug-XXXXXX", NULL);
  LksDebugSocket *self;

  if (g_mkdtemp_full (folder, S_IRWXU) == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "cannot make a folder for the debugger's socket in %s: %s",
                   g_get_user_runtime_dir (), g_strerror (code));
      return NULL;
    }

  self = g_new0 (LksDebugSocket, 1);
  self->folder = g_steal_pointer (&folder);
  self->path = g_build_filename (self->folder, "gdb", NULL);
  return self;
}

/**
 * lks_debug_socket_free:
 * @self: (transfer full) (nullable): the place of a socket
 *
 * Removes the folder, with a socket that was left in it.
 */
void
lks_debug_socket_free (LksDebugSocket *self)
{
  if (self == NULL)
    return;

  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
  g_free (self);
}

/**
 * lks_debug_socket_get_path:
 * @self: the place of a socket
 *
 * Returns: (type filename): its path; in gdb `target remote` takes it
 */
const char *
lks_debug_socket_get_path (const LksDebugSocket *self)
{
  return self->path;
}
