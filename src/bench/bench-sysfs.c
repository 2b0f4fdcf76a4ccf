/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sysfs.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bench-wire.h"

/* Beside the tree, in the same file system: what is being built or taken down. */
#define WORKSHOP "workshop"

static gboolean
write_bytes (const char *dir, const char *name, gconstpointer bytes, gsize size, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_set_contents_full (path, bytes, size, G_FILE_SET_CONTENTS_NONE, 0444, error);
}

/* As in sysfs every text ends with a newline; an attribute that does not exist is no file. */
static gboolean
write_text (const char *dir, const char *name, const char *text, GError **error)
{
  g_autofree char *line = NULL;

  if (text == NULL)
    return TRUE;

  line = g_strconcat (text, "\n", NULL);
  return write_bytes (dir, name, line, strlen (line), error);
}

static gboolean
write_decimal (const char *dir, const char *name, guint value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  return write_text (dir, name, text, error);
}

static gboolean
write_hex (const char *dir, const char *name, int digits, guint value, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%0*x", digits, value);

  return write_text (dir, name, text, error);
}

static gboolean
write_device (const char *dir, const BenchDescription *d, GError **error)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (d->descriptors, &size);
  const char *chain = strchr (d->place, '-');
  g_autofree char *uevent = g_strdup_printf (
      "MAJOR=189\nMINOR=%u\nDEVNAME=bus/usb/%03u/%03u\nDEVTYPE=usb_device\nDRIVER=usb\n"
      "PRODUCT=%x/%x/%x\nTYPE=%u/%u/%u\nBUSNUM=%03u\nDEVNUM=%03u",
      (d->bus - 1) * 128 + d->device - 1, d->bus, d->device, bytes[8] | bytes[9] << 8,
      bytes[10] | bytes[11] << 8, bytes[12] | bytes[13] << 8, bytes[4], bytes[5], bytes[6], d->bus,
      d->device);

  return write_decimal (dir, "busnum", d->bus, error) &&
         write_decimal (dir, "devnum", d->device, error) &&
         write_decimal (dir, "speed", d->speed_mbit, error) &&
         write_decimal (dir, "bConfigurationValue", d->configuration, error) &&
         write_hex (dir, "idVendor", 4, bytes[8] | bytes[9] << 8, error) &&
         write_hex (dir, "idProduct", 4, bytes[10] | bytes[11] << 8, error) &&
         write_hex (dir, "bcdDevice", 4, bytes[12] | bytes[13] << 8, error) &&
         write_hex (dir, "bDeviceClass", 2, bytes[4], error) &&
         write_decimal (dir, "bNumInterfaces", bytes[18 + 4], error) &&
         write_text (dir, "devpath", chain != NULL ? chain + 1 : "0", error) &&
         write_text (dir, "manufacturer", d->manufacturer, error) &&
         write_text (dir, "product", d->product, error) &&
         write_text (dir, "serial", d->serial, error) &&
         write_text (dir, "uevent", uevent, error) &&
         write_bytes (dir, "descriptors", bytes, size, error);
}

/**
 * bench_sysfs_delete:
 * @path: a file or directory
 *
 * Removes it with everything in it; links are removed, not followed.
 */
void
bench_sysfs_delete (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      bench_sysfs_delete (child);
    }
  g_remove (path);
}

/**
 * bench_sysfs_add:
 * @runtime_dir: the launcher's directory; below it lies what is redirected
 * @description: a device
 * @error: return location for an error
 *
 * Writes the attributes of a device. A reader sees all of them or no device.
 *
 * Source: Documentation/ABI/testing/sysfs-bus-usb and what libusb reads (os/linux_usbfs.c).
 *
 * Returns: whether it worked
 */
gboolean
bench_sysfs_add (const char *runtime_dir, const BenchDescription *description, GError **error)
{
  g_autofree char *draft = g_build_filename (runtime_dir, WORKSHOP, description->place, NULL);
  g_autofree char *devices = g_build_filename (runtime_dir, BENCH_WIRE_SYSFS_DEVICES, NULL);
  g_autofree char *final = g_build_filename (devices, description->place, NULL);

  if (g_mkdir_with_parents (draft, 0755) == 0 && g_mkdir_with_parents (devices, 0755) == 0 &&
      write_device (draft, description, error))
    {
      if (g_rename (draft, final) == 0)
        return TRUE;
    }

  if (error != NULL && *error == NULL)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Writing %s: %s", final,
                 g_strerror (errno));
  bench_sysfs_delete (draft);
  return FALSE;
}

/**
 * bench_sysfs_remove:
 * @runtime_dir: the launcher's directory
 * @place: place of a device
 *
 * Takes the device away, all of it at once.
 */
void
bench_sysfs_remove (const char *runtime_dir, const char *place)
{
  g_autofree char *final = g_build_filename (runtime_dir, BENCH_WIRE_SYSFS_DEVICES, place, NULL);
  g_autofree char *scrap = g_build_filename (runtime_dir, WORKSHOP, place, NULL);

  if (g_rename (final, scrap) == 0)
    bench_sysfs_delete (scrap);
}
