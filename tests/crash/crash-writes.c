/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preload that ends a program with SIGKILL at one of the things it does to the files of a ledger.
 *
 *   CRASH_LEDGER=PATH    the database; its -wal and -journal count, too
 *   CRASH_LOG=FILE       gets a line for each event: its address, what, file, size
 *   CRASH_AT=MODE:ADDRESS ends the program there, in one of these ways:
 *
 *     before     it is not done
 *     after      it is done
 *     torn       half of the bytes are written; of a sync: of the last write before it
 *     lost       neither it nor anything since the last sync of its file reaches the disk
 *     hole       of what was written since the last sync only the first write is lost
 *
 * The last three are what a cut of the power leaves behind. An address is GROUP.NUMBER: a group
 * ends with a sync, whose number is 0, because how many pages a transaction writes depends on
 * chance. The index (-shm) is memory, not disk: it is not counted, and a cut of the power loses it.
 * Plain libc, for it lives in other people's programs. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include "crash-writes.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))
#define PATH_BYTES 4096

typedef enum
{
  MODE_NONE,
  MODE_BEFORE,
  MODE_AFTER,
  MODE_TORN,
  MODE_LOST,
  MODE_HOLE,
} Mode;

/* What a write replaced, until its file is synced. */
typedef struct Undo Undo;
struct Undo
{
  Undo *older;
  char path[PATH_BYTES];
  off64_t size_before;
  off64_t offset;
  size_t size;   /* so many bytes were written … */
  size_t bytes;  /* … over so many old ones … */
  char *content; /* … which are here, then zeros */
};

static const char *const mode_names[] = { "", "before", "after", "torn", "lost", "hole" };
static const char *const ledger_ends[] = { "", "-wal", "-journal" };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *ledger;
static int log_fd = -1;
static Mode mode;
static unsigned crash_group, crash_number;
static unsigned group = 1, number; /* of the last event that is no sync */
static Undo *undos;                /* newest first */

static struct
{
  ssize_t (*write) (int fd, const void *bytes, size_t size);
  ssize_t (*pwrite64) (int fd, const void *bytes, size_t size, off64_t offset);
  int (*fsync) (int fd);
  int (*fdatasync) (int fd);
  int (*ftruncate64) (int fd, off64_t size);
  int (*unlink) (const char *path);
} real;

static void
read_order (const char *order)
{
  const char *colon = order != NULL ? strchr (order, ':') : NULL;

  for (Mode i = MODE_BEFORE; colon != NULL && i <= MODE_HOLE; i++)
    if (strncmp (order, mode_names[i], (size_t) (colon - order)) == 0)
      mode = i;
  if (colon != NULL && sscanf (colon + 1, "%u.%u", &crash_group, &crash_number) != 2)
    abort ();
}

static void
start (void)
{
  const char *log = getenv ("CRASH_LOG");

  real.write = dlsym (RTLD_NEXT, "write");
  real.pwrite64 = dlsym (RTLD_NEXT, "pwrite64");
  real.fsync = dlsym (RTLD_NEXT, "fsync");
  real.fdatasync = dlsym (RTLD_NEXT, "fdatasync");
  real.ftruncate64 = dlsym (RTLD_NEXT, "ftruncate64");
  real.unlink = dlsym (RTLD_NEXT, "unlink");
  ledger = getenv ("CRASH_LEDGER");
  read_order (getenv ("CRASH_AT"));
  if (log != NULL)
    log_fd = open (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void
crash_writes_order (const char *path, const char *order)
{
  pthread_once (&once, start);
  ledger = path;
  mode = MODE_NONE;
  read_order (order);
  group = 1;
  number = 0;
}

static int
is_of_ledger (const char *path)
{
  size_t length;

  pthread_once (&once, start);
  if (ledger == NULL || strncmp (path, ledger, length = strlen (ledger)) != 0)
    return 0;

  for (size_t i = 0; i < sizeof ledger_ends / sizeof *ledger_ends; i++)
    if (strcmp (path + length, ledger_ends[i]) == 0)
      return 1;

  return 0;
}

/* Whether @fd is a file of the ledger; then its path is in @out_path. */
static int
find (int fd, char *out_path)
{
  char link[64];
  ssize_t length;

  pthread_once (&once, start);
  if (ledger == NULL)
    return 0;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, out_path, PATH_BYTES - 1);
  if (length < 0)
    return 0;

  out_path[length] = '\0';
  return is_of_ledger (out_path);
}

static void
end_program (void)
{
  kill (getpid (), SIGKILL);
  for (;;)
    pause ();
}

static void
undo (const Undo *one)
{
  int fd = open (one->path, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    return;
  if (one->bytes > 0 &&
      real.pwrite64 (fd, one->content, one->bytes, one->offset) != (ssize_t) one->bytes)
    abort ();
  if (real.ftruncate64 (fd, one->size_before) != 0)
    abort ();
  close (fd);
}

/* The second half of a write that was done is not. */
static void
tear (const Undo *one)
{
  int fd = open (one->path, O_RDWR | O_CLOEXEC);
  size_t half = one->size / 2;
  off64_t end = one->offset + (off64_t) half;

  if (fd < 0)
    return;
  if (one->bytes > half && real.pwrite64 (fd, one->content + half, one->bytes - half, end) !=
                               (ssize_t) (one->bytes - half))
    abort ();
  if (one->size_before < one->offset + (off64_t) one->size &&
      real.ftruncate64 (fd, one->size_before > end ? one->size_before : end) != 0)
    abort ();
  close (fd);
}

/* Its place is as it was, or empty: what was written later is there. */
static void
make_hole (const Undo *one)
{
  int fd = open (one->path, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    return;
  if (real.pwrite64 (fd, one->content, one->size, one->offset) != (ssize_t) one->size)
    abort ();
  close (fd);
}

/* The disk as it is when nothing arrived that was not synced, or all but the first write. */
static void
lose (void)
{
  const Undo *first = NULL;

  for (const Undo *i = undos; i != NULL; first = i, i = i->older)
    if (mode == MODE_LOST)
      undo (i);
  if (mode == MODE_HOLE && first != NULL)
    make_hole (first);
}

static void
write_log (unsigned at, const char *what, const char *path, size_t size)
{
  const char *name = path[strlen (ledger)] != '\0' ? path + strlen (ledger) + 1 : "db";
  char line[128];
  int length = snprintf (line, sizeof line, "%u.%u %s %s %zu\n", group, at, what, name, size);

  if (log_fd >= 0 && real.write (log_fd, line, (size_t) length) != length)
    abort ();
}

/* Counts an event; ends the program when it is to end before it. Returns whether it is to end
 * after it, or in the middle. */
static int
begin (const char *what, const char *path, size_t size)
{
  int is_sync = strcmp (what, "sync") == 0;
  unsigned at = is_sync ? 0 : ++number;
  int is_here = mode != MODE_NONE && group == crash_group && at == crash_number;

  write_log (at, what, path, size);
  if (is_here && (mode == MODE_LOST || mode == MODE_HOLE))
    lose ();
  if (is_here && mode == MODE_TORN && is_sync && undos != NULL)
    tear (undos);
  if (is_here && mode != MODE_AFTER && (mode != MODE_TORN || size < 2))
    end_program ();
  if (is_sync)
    {
      group++;
      number = 0;
    }
  return is_here;
}

static void
end (int is_here)
{
  if (is_here)
    end_program ();
  pthread_mutex_unlock (&lock);
}

static void
keep (int fd, const char *path, off64_t offset, size_t size)
{
  Undo *one = calloc (1, sizeof *one);
  int reader = open (path, O_RDONLY | O_CLOEXEC);
  struct stat64 info;
  ssize_t got;

  if (one == NULL || reader < 0 || fstat64 (fd, &info) != 0 ||
      (one->content = calloc (1, size + 1)) == NULL)
    abort ();

  strcpy (one->path, path);
  one->size_before = info.st_size;
  one->offset = offset;
  one->size = size;
  got = pread64 (reader, one->content, size, offset);
  one->bytes = got > 0 ? (size_t) got : 0;
  close (reader);
  one->older = undos;
  undos = one;
}

static void
forget (const char *path)
{
  for (Undo **at = &undos; *at != NULL;)
    {
      Undo *one = *at;

      if (strcmp (one->path, path) != 0)
        {
          at = &one->older;
          continue;
        }
      *at = one->older;
      free (one->content);
      free (one);
    }
}

EXPORT ssize_t
pwrite64 (int fd, const void *bytes, size_t size, off64_t offset)
{
  char path[PATH_BYTES];
  ssize_t done;
  int is_here;

  if (!find (fd, path))
    return real.pwrite64 != NULL ? real.pwrite64 (fd, bytes, size, offset) : -1;

  pthread_mutex_lock (&lock);
  is_here = begin ("write", path, size);
  keep (fd, path, offset, size);
  done = real.pwrite64 (fd, bytes, is_here && mode == MODE_TORN ? size / 2 : size, offset);
  end (is_here);
  return done;
}

EXPORT ssize_t
pwrite (int fd, const void *bytes, size_t size, off_t offset)
{
  return pwrite64 (fd, bytes, size, offset);
}

EXPORT ssize_t
write (int fd, const void *bytes, size_t size)
{
  char path[PATH_BYTES];
  off64_t offset;

  if (!find (fd, path))
    return real.write != NULL ? real.write (fd, bytes, size) : -1;

  offset = lseek64 (fd, 0, SEEK_CUR);
  lseek64 (fd, (off64_t) size, SEEK_CUR);
  return pwrite64 (fd, bytes, size, offset);
}

static int
sync_file (int fd, int (*func) (int fd))
{
  char path[PATH_BYTES];
  int is_here;
  int result;

  if (!find (fd, path))
    return func (fd);

  pthread_mutex_lock (&lock);
  is_here = begin ("sync", path, 0);
  result = func (fd);
  forget (path);
  end (is_here);
  return result;
}

EXPORT int
fsync (int fd)
{
  pthread_once (&once, start);
  return sync_file (fd, real.fsync);
}

EXPORT int
fdatasync (int fd)
{
  pthread_once (&once, start);
  return sync_file (fd, real.fdatasync);
}

EXPORT int
ftruncate64 (int fd, off64_t size)
{
  char path[PATH_BYTES];
  struct stat64 info;
  int is_here;
  int result;

  if (!find (fd, path))
    return real.ftruncate64 (fd, size);

  pthread_mutex_lock (&lock);
  is_here = begin ("truncate", path, 0);
  if (fstat64 (fd, &info) == 0 && info.st_size > size)
    keep (fd, path, size, (size_t) (info.st_size - size));
  result = real.ftruncate64 (fd, size);
  end (is_here);
  return result;
}

EXPORT int
ftruncate (int fd, off_t size)
{
  return ftruncate64 (fd, size);
}

EXPORT int
unlink (const char *path)
{
  int is_here;
  int result;

  if (!is_of_ledger (path))
    return real.unlink (path);

  pthread_mutex_lock (&lock);
  is_here = begin ("unlink", path, 0);
  result = real.unlink (path);
  forget (path);
  end (is_here);
  return result;
}
