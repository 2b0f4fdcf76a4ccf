/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-watch.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static GMutex mutex;
static GString *names; /* (nullable) (owned): NULL: nobody watches */
static int problem_now;

int
fsync (int fd)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *name = g_file_read_link (link, NULL);

  if (names != NULL)
    g_string_append_printf (names, "%s\n", name);
  errno = problem_now;
  return problem_now != 0 ? -1 : (int) syscall (SYS_fsync, fd);
}

/* From now on each fails with @problem, unless that is 0. */
void
sync_watch_begin (int problem)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  g_assert_null (names);
  names = g_string_new (NULL);
  problem_now = problem;
}

/* Returns: the names that they had then, a line each */
char *
sync_watch_end (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  problem_now = 0;
  return g_string_free (g_steal_pointer (&names), FALSE);
}
