/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-usb-buses.h"

#include "lks-number.h"

#include <stdlib.h>
#include <string.h>

#define BUS_MAX 255 /* libusb tells bus numbers in one byte */
#define HIGH_SPEED_MBIT 480

static char *
dup_real_path (const char *path)
{
  char *real = realpath (path, NULL);
  char *copy = g_strdup (real);

  free (real);
  return copy;
}

/* Linux numbers some platform devices in the order in which their drivers make them: what they lie
 * in tells them apart, "xhci-hcd.0.auto" does not. */
static void
cut_automatic_number (char *controller)
{
  static const char automatic[] = ".auto";
  char *number;

  if (!g_str_has_suffix (controller, automatic))
    return;
  controller[strlen (controller) - strlen (automatic)] = '\0';
  number = strrchr (controller, '.');
  if (number != NULL && strchr (number, '/') == NULL)
    *number = '\0';
}

/* ".../devices/pci0000:00/0000:00:14.0/usb1" is the root hub of "pci0000:00/0000:00:14.0". */
static char *
dup_controller (const char *devices, const char *hub)
{
  g_autofree char *path = dup_real_path (hub);
  char *controller;

  if (path == NULL || !g_str_has_prefix (path, devices) || path[strlen (devices)] != '/')
    return NULL;

  *strrchr (path, '/') = '\0';
  if (strlen (path) <= strlen (devices))
    return NULL;
  controller = g_strdup (path + strlen (devices) + 1);
  cut_automatic_number (controller);
  return controller;
}

/* A controller for USB 3 has a bus for each generation. */
static const char *
read_kind (const char *hub)
{
  g_autofree char *path = g_build_filename (hub, "speed", NULL);
  g_autofree char *text = NULL;
  double mbit;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  mbit = g_ascii_strtod (text, NULL);
  if (mbit <= 0)
    return NULL;
  return mbit <= HIGH_SPEED_MBIT ? "high-speed" : "super-speed";
}

static char *
read_bus (const char *folder, const char *devices, guint bus)
{
  g_autofree char *name = g_strdup_printf ("usb%u", bus);
  g_autofree char *hub = g_build_filename (folder, name, NULL);
  g_autofree char *controller = dup_controller (devices, hub);
  const char *kind = controller != NULL ? read_kind (hub) : NULL;

  return kind != NULL ? g_strdup_printf ("%s %s", controller, kind) : NULL;
}

/* Without leading zeros: "usb01" is nobody's name. */
static void
list_buses (const char *folder, gboolean is_there[BUS_MAX + 1])
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      guint64 bus;

      if (g_str_has_prefix (name, "usb") && name[3] != '0' &&
          lks_number_read_unsigned (name + 3, 1, BUS_MAX, &bus))
        is_there[bus] = TRUE;
    }
}

/**
 * lks_usb_buses_read:
 * @sysfs: the folder where sysfs is: #LKS_USB_SYSFS
 *
 * Tells which bus of which controller each bus number is now. Linux numbers buses in the order in
 * which it finds their controllers, which may be another one after the next start; what is told
 * here stays the same while nobody moves the controller: where it is among the devices, which
 * generation of USB the bus has, and, should a controller have several of one, which of them it is
 * in the order of their numbers: "pci0000:00/0000:00:14.0 high-speed". Reads a few small files that
 * lie in memory; any thread.
 *
 * Source: Documentation/ABI/testing/sysfs-bus-usb, Documentation/ABI/testing/sysfs-devices.
 *
 * Returns: (transfer full) (element-type guint utf8): by bus number, packed by GUINT_TO_POINTER();
 *   all texts differ. Buses of which nothing can be told are left out; without sysfs all are.
 */
GHashTable *
lks_usb_buses_read (const char *sysfs)
{
  GHashTable *buses = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean is_there[BUS_MAX + 1] = { FALSE };
  g_autofree char *root = dup_real_path (sysfs);
  g_autofree char *devices = NULL;
  g_autofree char *folder = NULL;

  if (root == NULL)
    return buses;

  devices = g_build_filename (root, "devices", NULL);
  folder = g_build_filename (root, "bus", "usb", "devices", NULL);
  list_buses (folder, is_there);
  for (guint bus = 1; bus <= BUS_MAX; bus++)
    {
      char *name = is_there[bus] ? read_bus (folder, devices, bus) : NULL;
      guint count;

      if (name == NULL)
        continue;
      count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) + 1;
      g_hash_table_insert (counts, g_strdup (name), GUINT_TO_POINTER (count));
      if (count > 1)
        {
          g_autofree char *first = name;

          name = g_strdup_printf ("%s %u", first, count);
        }
      g_hash_table_insert (buses, GUINT_TO_POINTER (bus), name);
    }
  return buses;
}
