/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysfs-tree.h"

#include <glib/gstdio.h>
#include <unistd.h>

static char *
dup_link (const char *sysfs, guint bus)
{
  g_autofree char *name = g_strdup_printf ("usb%u", bus);

  return g_build_filename (sysfs, "bus", "usb", "devices", name, NULL);
}

/**
 * sysfs_tree_add:
 * @sysfs: a folder
 * @bus: the number of a bus
 * @controller: where its controller is: "pci0000:00/0000:00:14.0"
 * @speed: (nullable): what its root hub says of its speed; NULL: nothing
 *
 * Adds the root hub of a bus, as Linux does.
 */
void
sysfs_tree_add (const char *sysfs, guint bus, const char *controller, const char *speed)
{
  g_autofree char *link = dup_link (sysfs, bus);
  g_autofree char *links = g_path_get_dirname (link);
  g_autofree char *name = g_path_get_basename (link);
  g_autofree char *hub = g_build_filename (sysfs, "devices", controller, name, NULL);
  g_autofree char *target = g_build_filename ("../../../devices", controller, name, NULL);
  g_autofree char *attribute = g_build_filename (hub, "speed", NULL);
  g_autofree char *line = g_strdup_printf ("%s\n", speed);

  g_assert_cmpint (g_mkdir_with_parents (hub, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (links, 0755), ==, 0);
  if (speed != NULL)
    g_assert_true (g_file_set_contents (attribute, line, -1, NULL));
  g_assert_cmpint (symlink (target, link), ==, 0);
}

/**
 * sysfs_tree_remove:
 * @sysfs: a folder
 * @bus: the number of a bus that is there
 *
 * Takes the bus away.
 */
void
sysfs_tree_remove (const char *sysfs, guint bus)
{
  g_autofree char *link = dup_link (sysfs, bus);

  g_assert_cmpint (g_unlink (link), ==, 0);
}
