/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-preload.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench-wire.h"

/* The functions of libudev that libusb's Linux backend imports, for callers inside libusb only:
 * anybody else in the program keeps the real ones. libusb then sees our boards and no others. */

#define EXPORT __attribute__ ((visibility ("default")))
#define NAME_MAX_BYTES 64

struct udev
{
  int unused;
};

struct udev_monitor
{
  int fd;
};

struct udev_device
{
  char action[16]; /* empty when not from a monitor */
  char name[NAME_MAX_BYTES];
  char node[NAME_MAX_BYTES];
};

struct udev_list_entry
{
  struct udev_list_entry *next;
  char path[sizeof BENCH_WIRE_SYSFS_DEVICES + NAME_MAX_BYTES];
};

struct udev_enumerate
{
  struct udev_list_entry *first;
};

/* For other callers: hands the call to the real libudev and returns. */
#define OTHERS(type, function, parameters, arguments)                                              \
  if (!bench_preload_is_from_libusb (__builtin_return_address (0)))                                \
    {                                                                                              \
      static type (*next) parameters;                                                              \
      if (__atomic_load_n (&next, __ATOMIC_ACQUIRE) == NULL)                                       \
        __atomic_store_n (&next,                                                                   \
                          (type (*) parameters) bench_preload_find ("libudev.so.1", #function),    \
                          __ATOMIC_RELEASE);                                                       \
      return next arguments;                                                                       \
    }

struct udev *udev_new (void);
struct udev *udev_unref (struct udev *udev);
struct udev_monitor *udev_monitor_new_from_netlink (struct udev *udev, const char *name);
int udev_monitor_filter_add_match_subsystem_devtype (struct udev_monitor *monitor,
                                                     const char *subsystem,
                                                     const char *devtype);
int udev_monitor_enable_receiving (struct udev_monitor *monitor);
int udev_monitor_get_fd (struct udev_monitor *monitor);
struct udev_device *udev_monitor_receive_device (struct udev_monitor *monitor);
struct udev_monitor *udev_monitor_unref (struct udev_monitor *monitor);
struct udev_device *udev_device_new_from_syspath (struct udev *udev, const char *path);
const char *udev_device_get_action (struct udev_device *device);
const char *udev_device_get_devnode (struct udev_device *device);
const char *udev_device_get_sysname (struct udev_device *device);
struct udev_device *udev_device_unref (struct udev_device *device);
struct udev_enumerate *udev_enumerate_new (struct udev *udev);
int udev_enumerate_add_match_subsystem (struct udev_enumerate *enumerate, const char *subsystem);
int udev_enumerate_add_match_property (struct udev_enumerate *enumerate,
                                       const char *name,
                                       const char *value);
int udev_enumerate_scan_devices (struct udev_enumerate *enumerate);
struct udev_list_entry *udev_enumerate_get_list_entry (struct udev_enumerate *enumerate);
struct udev_enumerate *udev_enumerate_unref (struct udev_enumerate *enumerate);
struct udev_list_entry *udev_list_entry_get_next (struct udev_list_entry *entry);
const char *udev_list_entry_get_name (struct udev_list_entry *entry);

EXPORT struct udev *
udev_new (void)
{
  OTHERS (struct udev *, udev_new, (void), ())
  return calloc (1, sizeof (struct udev));
}

EXPORT struct udev *
udev_unref (struct udev *udev)
{
  OTHERS (struct udev *, udev_unref, (struct udev *), (udev))
  free (udev);
  return NULL;
}

EXPORT struct udev_monitor *
udev_monitor_new_from_netlink (struct udev *udev, const char *name)
{
  OTHERS (struct udev_monitor *, udev_monitor_new_from_netlink, (struct udev *, const char *),
          (udev, name))
  struct udev_monitor *monitor = calloc (1, sizeof *monitor);

  if (monitor == NULL)
    return NULL;
  monitor->fd = bench_preload_connect (BENCH_WIRE_EVENT_SOCKET, SOCK_SEQPACKET | SOCK_NONBLOCK);
  if (monitor->fd < 0)
    {
      free (monitor);
      return NULL;
    }
  return monitor;
}

EXPORT int
udev_monitor_filter_add_match_subsystem_devtype (struct udev_monitor *monitor,
                                                 const char *subsystem,
                                                 const char *devtype)
{
  OTHERS (int, udev_monitor_filter_add_match_subsystem_devtype,
          (struct udev_monitor *, const char *, const char *), (monitor, subsystem, devtype))
  return 0; /* there is nothing else than USB devices */
}

EXPORT int
udev_monitor_enable_receiving (struct udev_monitor *monitor)
{
  OTHERS (int, udev_monitor_enable_receiving, (struct udev_monitor *), (monitor))
  return 0;
}

EXPORT int
udev_monitor_get_fd (struct udev_monitor *monitor)
{
  OTHERS (int, udev_monitor_get_fd, (struct udev_monitor *), (monitor))
  return monitor->fd;
}

/* The launcher is gone and the socket would be readable for ever. Nothing will ever come: put a
 * descriptor in its place that never is. */
static void
silence (struct udev_monitor *monitor)
{
  int quiet = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (quiet < 0)
    return;
  dup3 (quiet, monitor->fd, 0x80000 /* O_CLOEXEC */);
  bench_preload_close (quiet);
}

EXPORT struct udev_device *
udev_monitor_receive_device (struct udev_monitor *monitor)
{
  OTHERS (struct udev_device *, udev_monitor_receive_device, (struct udev_monitor *), (monitor))
  char text[BENCH_WIRE_EVENT_MAX_BYTES];
  ssize_t size = recv (monitor->fd, text, sizeof text - 1, MSG_DONTWAIT);
  struct udev_device *device;
  unsigned bus;
  unsigned number;

  if (size == 0)
    silence (monitor);
  if (size <= 0)
    return NULL;

  text[size] = '\0';
  device = calloc (1, sizeof *device);
  if (device != NULL &&
      sscanf (text, "%15s %63s %3u %3u", device->action, device->name, &bus, &number) == 4)
    {
      snprintf (device->node, sizeof device->node, "/dev/bus/usb/%03u/%03u", bus, number);
      return device;
    }
  free (device);
  return NULL;
}

EXPORT struct udev_monitor *
udev_monitor_unref (struct udev_monitor *monitor)
{
  OTHERS (struct udev_monitor *, udev_monitor_unref, (struct udev_monitor *), (monitor))
  bench_preload_close (monitor->fd);
  free (monitor);
  return NULL;
}

static unsigned
read_number (const char *name, const char *attribute)
{
  char path[BENCH_PATH_MAX];
  unsigned value = 0;
  FILE *file;

  if (snprintf (path, sizeof path, "%s" BENCH_WIRE_SYSFS_DEVICES "/%s/%s", bench_preload_get_dir (),
                name, attribute) >= (int) sizeof path)
    return 0;

  file = fopen (path, "re");
  if (file == NULL)
    return 0;
  if (fscanf (file, "%9u", &value) != 1)
    value = 0;
  fclose (file);
  return value;
}

EXPORT struct udev_device *
udev_device_new_from_syspath (struct udev *udev, const char *path)
{
  OTHERS (struct udev_device *, udev_device_new_from_syspath, (struct udev *, const char *),
          (udev, path))
  struct udev_device *device = calloc (1, sizeof *device);
  const char *name = strrchr (path, '/');
  unsigned number;

  if (device == NULL || name == NULL)
    {
      free (device);
      return NULL;
    }

  snprintf (device->name, sizeof device->name, "%s", name + 1);
  number = read_number (device->name, "devnum");
  if (number == 0) /* unplugged since it was listed */
    {
      free (device);
      return NULL;
    }
  snprintf (device->node, sizeof device->node, "/dev/bus/usb/%03u/%03u",
            read_number (device->name, "busnum"), number);
  return device;
}

/* As in libudev, no device has no properties: libusb asks one that was unplugged meanwhile. */
EXPORT const char *
udev_device_get_action (struct udev_device *device)
{
  OTHERS (const char *, udev_device_get_action, (struct udev_device *), (device))
  return device != NULL && device->action[0] != '\0' ? device->action : NULL;
}

EXPORT const char *
udev_device_get_devnode (struct udev_device *device)
{
  OTHERS (const char *, udev_device_get_devnode, (struct udev_device *), (device))
  return device != NULL ? device->node : NULL;
}

EXPORT const char *
udev_device_get_sysname (struct udev_device *device)
{
  OTHERS (const char *, udev_device_get_sysname, (struct udev_device *), (device))
  return device != NULL ? device->name : NULL;
}

EXPORT struct udev_device *
udev_device_unref (struct udev_device *device)
{
  OTHERS (struct udev_device *, udev_device_unref, (struct udev_device *), (device))
  free (device);
  return NULL;
}

EXPORT struct udev_enumerate *
udev_enumerate_new (struct udev *udev)
{
  OTHERS (struct udev_enumerate *, udev_enumerate_new, (struct udev *), (udev))
  return calloc (1, sizeof (struct udev_enumerate));
}

EXPORT int
udev_enumerate_add_match_subsystem (struct udev_enumerate *enumerate, const char *subsystem)
{
  OTHERS (int, udev_enumerate_add_match_subsystem, (struct udev_enumerate *, const char *),
          (enumerate, subsystem))
  return 0;
}

EXPORT int
udev_enumerate_add_match_property (struct udev_enumerate *enumerate,
                                   const char *name,
                                   const char *value)
{
  OTHERS (int, udev_enumerate_add_match_property,
          (struct udev_enumerate *, const char *, const char *), (enumerate, name, value))
  return 0;
}

/* Parents before children, places in their natural order. */
static int
compare_names (const struct dirent **a, const struct dirent **b)
{
  bool a_is_root = strncmp ((*a)->d_name, "usb", 3) == 0;
  bool b_is_root = strncmp ((*b)->d_name, "usb", 3) == 0;

  return a_is_root != b_is_root ? b_is_root - a_is_root : strverscmp ((*a)->d_name, (*b)->d_name);
}

EXPORT int
udev_enumerate_scan_devices (struct udev_enumerate *enumerate)
{
  OTHERS (int, udev_enumerate_scan_devices, (struct udev_enumerate *), (enumerate))
  char path[BENCH_PATH_MAX];
  struct dirent **names = NULL;
  struct udev_list_entry **end = &enumerate->first;
  int n_names;

  snprintf (path, sizeof path, "%s" BENCH_WIRE_SYSFS_DEVICES, bench_preload_get_dir ());
  n_names = scandir (path, &names, NULL, compare_names);
  for (int i = 0; i < n_names; i++)
    {
      struct udev_list_entry *entry = names[i]->d_name[0] != '.' ? calloc (1, sizeof *entry) : NULL;

      if (entry != NULL)
        {
          snprintf (entry->path, sizeof entry->path, BENCH_WIRE_SYSFS_DEVICES "/%.*s",
                    NAME_MAX_BYTES - 1, names[i]->d_name);
          *end = entry;
          end = &entry->next;
        }
      free (names[i]);
    }
  free (names);
  return 0;
}

EXPORT struct udev_list_entry *
udev_enumerate_get_list_entry (struct udev_enumerate *enumerate)
{
  OTHERS (struct udev_list_entry *, udev_enumerate_get_list_entry, (struct udev_enumerate *),
          (enumerate))
  return enumerate->first;
}

EXPORT struct udev_enumerate *
udev_enumerate_unref (struct udev_enumerate *enumerate)
{
  OTHERS (struct udev_enumerate *, udev_enumerate_unref, (struct udev_enumerate *), (enumerate))
  struct udev_list_entry *next;

  for (struct udev_list_entry *entry = enumerate->first; entry != NULL; entry = next)
    {
      next = entry->next;
      free (entry);
    }
  free (enumerate);
  return NULL;
}

EXPORT struct udev_list_entry *
udev_list_entry_get_next (struct udev_list_entry *entry)
{
  OTHERS (struct udev_list_entry *, udev_list_entry_get_next, (struct udev_list_entry *), (entry))
  return entry->next;
}

EXPORT const char *
udev_list_entry_get_name (struct udev_list_entry *entry)
{
  OTHERS (const char *, udev_list_entry_get_name, (struct udev_list_entry *), (entry))
  return entry->path;
}
