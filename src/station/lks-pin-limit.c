/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-pin-limit.h"

#include "lks-operator-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define FREE_TRIES 3
#define FIRST_DELAY_S 5
#define DELAY_MAX_S 900
#define FAILURES_MAX 1000
#define GROUP "engineer-pin"

struct _LksPinLimit
{
  char *path; /* (owned) */
};

typedef struct
{
  guint failures; /* tries since the last right one */
  gint64 last_us; /* Unix time of the last of them */
} Tries;

static gboolean
fail (const char *path, int problem, GError **error)
{
  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_FAILED,
               "%s: tries of the engineer PIN cannot be counted: %s", path, g_strerror (problem));
  return FALSE;
}

/* Held until the descriptor is closed: two programs do not get the same free try. */
static int
lock (LksPinLimit *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int fd = g_mkdir_with_parents (folder, 0700) == 0
               ? g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
               : -1;

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;

  fail (path, errno, error);
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
parse (GKeyFile *file, Tries *tries)
{
  const int failures = g_key_file_get_integer (file, GROUP, "failures", NULL);

  tries->last_us = g_key_file_get_int64 (file, GROUP, "last", NULL);
  tries->failures = (guint) CLAMP (failures, 0, FAILURES_MAX);
  return failures > 0 && failures <= FAILURES_MAX && tries->last_us > 0;
}

/* A file that somebody damaged forgives nothing: it counts as many tries, the last of them when it
 * was changed. */
static void
read_tries (LksPinLimit *self, Tries *tries)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GStatBuf info;

  *tries = (Tries){ 0 };
  if (g_stat (self->path, &info) != 0)
    return;
  if (!g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL) || !parse (file, tries))
    *tries = (Tries){ FAILURES_MAX, (gint64) info.st_mtime * G_USEC_PER_SEC };
}

static gboolean
write_tries (LksPinLimit *self, const Tries *tries, GError **error)
{
  g_autofree char *text = g_strdup_printf ("[" GROUP "]\nfailures=%u\nlast=%" G_GINT64_FORMAT "\n",
                                           tries->failures, tries->last_us);

  return g_file_set_contents_full (self->path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static gint64
get_delay_us (const Tries *tries)
{
  gint64 delay_s = FIRST_DELAY_S;

  if (tries->failures < FREE_TRIES)
    return 0;
  for (guint i = FREE_TRIES; i < tries->failures && delay_s < DELAY_MAX_S; i++)
    delay_s *= 2;
  return MIN (delay_s, DELAY_MAX_S) * G_USEC_PER_SEC;
}

static gboolean
refuse (gint64 wait_us, GError **error)
{
  const gint64 wait_s = (wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WAIT,
               "too many wrong PINs: the next can be tried in %" G_GINT64_FORMAT " s", wait_s);
  return FALSE;
}

/* A clock that was set back does not prolong a wait by more than the wait. */
static gboolean
begin (LksPinLimit *self, gint64 now_us, GError **error)
{
  Tries tries;
  gint64 wait_us;

  read_tries (self, &tries);
  if (tries.last_us > now_us)
    {
      tries.last_us = now_us;
      if (!write_tries (self, &tries, error))
        return FALSE;
    }
  wait_us = get_delay_us (&tries) - (now_us - tries.last_us);
  if (tries.failures >= FREE_TRIES && wait_us > 0)
    return refuse (wait_us, error);

  tries.failures = MIN (tries.failures + 1, FAILURES_MAX);
  tries.last_us = now_us;
  return write_tries (self, &tries, error);
}

/**
 * lks_pin_limit_new:
 * @path: the file that counts; made when needed
 *
 * Returns: (transfer full): a limit
 */
LksPinLimit *
lks_pin_limit_new (const char *path)
{
  LksPinLimit *self = g_new0 (LksPinLimit, 1);

  self->path = g_strdup (path);
  return self;
}

/**
 * lks_pin_limit_free:
 * @self: (transfer full) (nullable): a limit
 */
void
lks_pin_limit_free (LksPinLimit *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self);
}

/**
 * lks_pin_limit_begin:
 * @self: a limit
 * @now_us: Unix time in microseconds
 * @error: return location for a [error@Lks.OperatorError], WAIT among them
 *
 * Counts a try before it is made. Blocks for the time of a small file.
 *
 * Returns: whether the try may be made now
 */
gboolean
lks_pin_limit_begin (LksPinLimit *self, gint64 now_us, GError **error)
{
  const int fd = lock (self, error);
  gboolean may_try;

  if (fd < 0)
    return FALSE;
  may_try = begin (self, now_us, error);
  close (fd);
  return may_try;
}

/**
 * lks_pin_limit_forgive:
 * @self: a limit
 * @error: return location for a [error@Lks.OperatorError]
 *
 * The try was right: nothing is held against the next.
 *
 * Returns: whether it is forgotten
 */
gboolean
lks_pin_limit_forgive (LksPinLimit *self, GError **error)
{
  return g_unlink (self->path) == 0 || errno == ENOENT || fail (self->path, errno, error);
}
