/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names below must not be redirected to their 64-bit or checking variants: we define those too.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include "bench-preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bench-wire.h"

#define EXPORT __attribute__ ((visibility ("default")))
#define CALLER __builtin_return_address (0)
#define FILES_MAX 65536
#define SYSFS_MAGIC 0x62656572
#define USB_NODE_FORM "/dev/bus/usb/%3u/%3u%c"

typedef int (*OpenFunc) (const char *path, int flags, ...);
typedef int (*OpenatFunc) (int dir_fd, const char *path, int flags, ...);
typedef int (*CloseFunc) (int fd);
typedef int (*IoctlFunc) (int fd, unsigned long request, ...);
typedef int (*StatfsFunc) (const char *path, struct statfs *out_info);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char dir[BENCH_PATH_MAX]; /* empty: do nothing */

static struct
{
  OpenFunc open;
  OpenFunc open64;
  OpenatFunc openat;
  OpenatFunc openat64;
  CloseFunc close;
  IoctlFunc ioctl;
  StatfsFunc statfs;
} real;

static pthread_mutex_t files_lock = PTHREAD_MUTEX_INITIALIZER;
static BenchUsbfs *files[FILES_MAX]; /* by descriptor */

/* After fork() without exec the files belong to the parent: its thread and its connection do not
 * exist here. The child may close its descriptors, nothing else. */
static void
lock_files (void)
{
  pthread_mutex_lock (&files_lock);
}

static void
unlock_files (void)
{
  pthread_mutex_unlock (&files_lock);
}

static void
disown_files (void)
{
  for (int fd = 0; fd < FILES_MAX; fd++)
    if (files[fd] != NULL)
      bench_usbfs_disown (files[fd]);
  pthread_mutex_unlock (&files_lock);
}

static void
set_up (void)
{
  const char *value = getenv (BENCH_WIRE_DIR_VARIABLE);

  real.open = (OpenFunc) dlsym (RTLD_NEXT, "open");
  real.open64 = (OpenFunc) dlsym (RTLD_NEXT, "open64");
  real.openat = (OpenatFunc) dlsym (RTLD_NEXT, "openat");
  real.openat64 = (OpenatFunc) dlsym (RTLD_NEXT, "openat64");
  real.close = (CloseFunc) dlsym (RTLD_NEXT, "close");
  real.ioctl = (IoctlFunc) dlsym (RTLD_NEXT, "ioctl");
  real.statfs = (StatfsFunc) dlsym (RTLD_NEXT, "statfs");

  if (value != NULL && value[0] == '/' && strlen (value) < sizeof dir - 128)
    strcpy (dir, value);
  if (dir[0] != '\0')
    pthread_atfork (lock_files, unlock_files, disown_files);
}

/* The launcher's directory; NULL when there is none. */
const char *
bench_preload_get_dir (void)
{
  pthread_once (&once, set_up);
  return dir[0] != '\0' ? dir : NULL;
}

/* The next definition of a function after ours. A library that was loaded privately is not on the
 * way RTLD_NEXT goes, so it is asked for by name. */
void *
bench_preload_find (const char *library, const char *symbol)
{
  void *address = dlsym (RTLD_NEXT, symbol);
  void *handle;

  if (address != NULL)
    return address;

  handle = dlopen (library, RTLD_LAZY | RTLD_LOCAL);
  return handle != NULL ? dlsym (handle, symbol) : NULL;
}

void
bench_preload_close (int fd)
{
  int saved = errno;

  real.close (fd);
  errno = saved;
}

/* Returns a connected, close-on-exec socket of the launcher, or -1 and errno. */
int
bench_preload_connect (const char *socket_name, int type)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  if (bench_preload_get_dir () == NULL ||
      snprintf (address.sun_path, sizeof address.sun_path, "%s/%s", dir, socket_name) >=
          (int) sizeof address.sun_path)
    {
      errno = ENOENT;
      return -1;
    }

  fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      bench_preload_close (fd);
      return -1;
    }
  return fd;
}

/* Does the function that called one of ours belong to libusb? */
bool
bench_preload_is_from_libusb (const void *return_address)
{
  Dl_info info;
  const char *name;

  if (bench_preload_get_dir () == NULL || dladdr (return_address, &info) == 0 ||
      info.dli_fname == NULL)
    return false;

  name = strrchr (info.dli_fname, '/');
  return strncmp (name != NULL ? name + 1 : info.dli_fname, "libusb-1.0", 10) == 0;
}

/* Is there such a bus in the launcher's tree? */
static bool
has_bus (unsigned bus)
{
  char path[BENCH_PATH_MAX + 64];

  snprintf (path, sizeof path, "%s" BENCH_WIRE_SYSFS_DEVICES "/usb%u", dir, bus);
  return access (path, F_OK) == 0;
}

/* libusb sees our boards and no others, even under the number or in the place of a real one.
 * Anybody else keeps what is real. */
static bool
is_for_us (const char *path, const void *caller)
{
  return bench_preload_is_from_libusb (caller) || access (path, F_OK) != 0;
}

/* "/sys/bus/usb/devices/1-2/busnum" or ".../usb1/busnum" of our buses, in the launcher's tree. A
 * board that is gone stays ours, so that its attributes are not there instead of another's. */
static const char *
redirect (const char *path, const void *caller, char out_path[BENCH_PATH_MAX])
{
  const char *name = path + sizeof BENCH_WIRE_SYSFS_DEVICES;
  unsigned bus;

  if (strncmp (path, BENCH_WIRE_SYSFS_DEVICES "/", sizeof BENCH_WIRE_SYSFS_DEVICES) != 0)
    return path;
  if ((sscanf (name, "%3u-", &bus) != 1 && sscanf (name, "usb%3u", &bus) != 1) || !has_bus (bus))
    return path;
  if (strstr (name, "..") != NULL || !is_for_us (path, caller) ||
      snprintf (out_path, BENCH_PATH_MAX, "%s%s", dir, path) >= BENCH_PATH_MAX)
    return path;
  return out_path;
}

static int
open_usb (unsigned bus, unsigned device)
{
  BenchUsbfs *file = bench_usbfs_open (bus, device);
  int fd;

  if (file == NULL)
    return -1;

  fd = bench_usbfs_get_fd (file);
  if (fd >= FILES_MAX)
    {
      bench_usbfs_close (file);
      bench_usbfs_unref (file);
      bench_preload_close (fd);
      errno = EMFILE;
      return -1;
    }

  pthread_mutex_lock (&files_lock);
  files[fd] = file;
  pthread_mutex_unlock (&files_lock);
  return fd;
}

/* TRUE: it is about one of our boards, and *out_fd is the answer. */
static bool
is_ours (const char *path, const void *caller, int *out_fd)
{
  unsigned bus;
  unsigned device;
  char more;

  if (path == NULL || strncmp (path, "/dev/bus/usb/", 13) != 0 || bench_preload_get_dir () == NULL)
    return false;
  if (sscanf (path, USB_NODE_FORM, &bus, &device, &more) != 2 || !has_bus (bus) ||
      !is_for_us (path, caller))
    return false;

  *out_fd = open_usb (bus, device);
  return true;
}

static int
do_open (OpenFunc next, const char *path, int flags, mode_t mode, const void *caller)
{
  char other[BENCH_PATH_MAX];
  int fd;

  if (is_ours (path, caller, &fd))
    return fd;
  if (path != NULL && bench_preload_get_dir () != NULL)
    path = redirect (path, caller, other);
  return next (path, flags, mode);
}

static int
do_openat (OpenatFunc next,
           int dir_fd,
           const char *path,
           int flags,
           mode_t mode,
           const void *caller)
{
  char other[BENCH_PATH_MAX];
  int fd;

  if (is_ours (path, caller, &fd))
    return fd;
  if (path != NULL && bench_preload_get_dir () != NULL)
    path = redirect (path, caller, other);
  return next (dir_fd, path, flags, mode);
}

#define TAKE_MODE(flags)                                                                           \
  mode_t mode = 0;                                                                                 \
  pthread_once (&once, set_up);                                                                    \
  if (((flags) &O_CREAT) != 0 || ((flags) &O_TMPFILE) == O_TMPFILE)                                \
    {                                                                                              \
      va_list list;                                                                                \
      va_start (list, flags);                                                                      \
      mode = va_arg (list, mode_t);                                                                \
      va_end (list);                                                                               \
    }

EXPORT int
open (const char *path, int flags, ...)
{
  TAKE_MODE (flags)
  return do_open (real.open, path, flags, mode, CALLER);
}

EXPORT int
open64 (const char *path, int flags, ...)
{
  TAKE_MODE (flags)
  return do_open (real.open64, path, flags, mode, CALLER);
}

EXPORT int
openat (int dir_fd, const char *path, int flags, ...)
{
  TAKE_MODE (flags)
  return do_openat (real.openat, dir_fd, path, flags, mode, CALLER);
}

EXPORT int
openat64 (int dir_fd, const char *path, int flags, ...)
{
  TAKE_MODE (flags)
  return do_openat (real.openat64, dir_fd, path, flags, mode, CALLER);
}

/* What programs built with _FORTIFY_SOURCE call instead when they give no mode. */
int __open_2 (const char *path, int flags);
int __open64_2 (const char *path, int flags);
int __openat_2 (int dir_fd, const char *path, int flags);
int __openat64_2 (int dir_fd, const char *path, int flags);

EXPORT int
__open_2 (const char *path, int flags)
{
  pthread_once (&once, set_up);
  return do_open (real.open, path, flags, 0, CALLER);
}

EXPORT int
__open64_2 (const char *path, int flags)
{
  pthread_once (&once, set_up);
  return do_open (real.open64, path, flags, 0, CALLER);
}

EXPORT int
__openat_2 (int dir_fd, const char *path, int flags)
{
  pthread_once (&once, set_up);
  return do_openat (real.openat, dir_fd, path, flags, 0, CALLER);
}

EXPORT int
__openat64_2 (int dir_fd, const char *path, int flags)
{
  pthread_once (&once, set_up);
  return do_openat (real.openat64, dir_fd, path, flags, 0, CALLER);
}

static BenchUsbfs *
ref_file (int fd)
{
  BenchUsbfs *file = NULL;

  if (fd < 0 || fd >= FILES_MAX || __atomic_load_n (&files[fd], __ATOMIC_RELAXED) == NULL)
    return NULL;

  pthread_mutex_lock (&files_lock);
  if (files[fd] != NULL)
    file = bench_usbfs_ref (files[fd]);
  pthread_mutex_unlock (&files_lock);
  return file;
}

EXPORT int
ioctl (int fd, unsigned long request, ...)
{
  BenchUsbfs *file = ref_file (fd);
  void *argument;
  va_list list;
  int result;

  va_start (list, request);
  argument = va_arg (list, void *);
  va_end (list);

  pthread_once (&once, set_up);
  if (file == NULL)
    return real.ioctl (fd, request, argument);

  result = bench_usbfs_ioctl (file, request, argument);
  bench_usbfs_unref (file);
  if (result >= 0)
    return result;

  errno = -result;
  return -1;
}

EXPORT int
close (int fd)
{
  BenchUsbfs *file = NULL;

  pthread_once (&once, set_up);
  if (fd >= 0 && fd < FILES_MAX && __atomic_load_n (&files[fd], __ATOMIC_RELAXED) != NULL)
    {
      pthread_mutex_lock (&files_lock);
      if (files[fd] != NULL && bench_usbfs_is_mine (files[fd]))
        {
          file = files[fd];
          files[fd] = NULL;
        }
      pthread_mutex_unlock (&files_lock);
    }
  if (file != NULL)
    {
      bench_usbfs_close (file);
      bench_usbfs_unref (file);
    }
  return real.close (fd);
}

/* libusb wants to see that /sys is a sysfs; in a container nothing may be mounted there. */
EXPORT int
statfs (const char *path, struct statfs *out_info)
{
  int result;

  pthread_once (&once, set_up);
  result = real.statfs (path, out_info);
  if (bench_preload_get_dir () == NULL || strcmp (path, "/sys") != 0)
    return result;

  if (result != 0)
    memset (out_info, 0, sizeof *out_info);
  out_info->f_type = SYSFS_MAGIC;
  return 0;
}
