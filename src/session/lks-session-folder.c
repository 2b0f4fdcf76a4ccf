/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-session-folder-private.h"

#include "lks-session-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHERS (S_IRWXG | S_IRWXO)

static gboolean
fail (const char *path, const char *why, GError **error)
{
  g_set_error (error, LKS_SESSION_ERROR, LKS_SESSION_ERROR_NO_PLACE, "%s: %s", path, why);
  return FALSE;
}

/* Makes it when it is not there, and makes sure that it is nobody else's. */
gboolean
lks_session_folder_make (const char *folder, GError **error)
{
  GStatBuf info;

  if (g_mkdir_with_parents (folder, 0700) != 0 || g_lstat (folder, &info) != 0)
    return fail (folder, g_strerror (errno), error);
  if (!S_ISDIR (info.st_mode))
    return fail (folder, "this is no folder", error);
  if (info.st_uid != geteuid ())
    return fail (folder, "the folder belongs to another user", error);
  if ((info.st_mode & OTHERS) != 0)
    return fail (folder, "other users can enter the folder; take away their permissions", error);
  return TRUE;
}

/* A file to be locked; made when it is not there. */
int
lks_session_folder_open (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    fail (path, g_strerror (errno), error);
  return fd;
}

static gboolean
check_file (int fd, const char *path, gsize size_max_bytes, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return fail (path, g_strerror (errno), error);
  if (!S_ISREG (info.st_mode) || info.st_uid != geteuid () || (info.st_mode & OTHERS) != 0)
    return fail (path, "this is no file of this user alone", error);
  if (info.st_size < 0 || (gsize) info.st_size > size_max_bytes)
    return fail (path, "the file is larger than it can be", error);
  return TRUE;
}

static GBytes *
read_all (int fd, const char *path, gsize size_max_bytes, GError **error)
{
  g_autofree char *data = g_malloc (size_max_bytes);
  gsize size = 0;
  gssize got;

  while (size < size_max_bytes && (got = read (fd, data + size, size_max_bytes - size)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        {
          fail (path, g_strerror (errno), error);
          return NULL;
        }
      size += (gsize) got;
    }
  return g_bytes_new (data, size);
}

/* A whole file; `G_IO_ERROR_NOT_FOUND` when there is none. */
GBytes *
lks_session_folder_read (const char *folder, const char *name, gsize size_max_bytes, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  GBytes *text = NULL;

  if (fd < 0 && errno == ENOENT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no such file", path);
  else if (fd < 0)
    fail (path, g_strerror (errno), error);
  if (fd < 0)
    return NULL;

  if (check_file (fd, path, size_max_bytes, error))
    text = read_all (fd, path, size_max_bytes, error);
  g_close (fd, NULL);
  return text;
}

/* All of it or nothing: written beside it, then moved over it. */
gboolean
lks_session_folder_write (const char *folder, const char *name, GBytes *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &local))
    return TRUE;
  return fail (path, local->message, error);
}

/* A file that is not there is removed, too. */
gboolean
lks_session_folder_remove (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  return fail (path, g_strerror (errno), error);
}
