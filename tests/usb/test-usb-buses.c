/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bus of which controller a bus number is, from a sysfs in a folder. */
#include "lks-usb-buses.h"
#include "sysfs-tree.h"

#include <glib/gstdio.h>

#define ONBOARD "pci0000:00/0000:00:14.0"
#define DOCK "pci0000:00/0000:00:1d.0/0000:05:00.0/0000:3b:00.0"

static char *
make_sysfs (void)
{
  return g_dir_make_tmp ("lks-sysfs-XXXXXX", NULL);
}

static void
delete_sysfs (const char *sysfs)
{
  const char *argv[] = { "rm", "-rf", sysfs, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
assert_bus (GHashTable *buses, guint bus, const char *expected)
{
  g_assert_cmpstr (g_hash_table_lookup (buses, GUINT_TO_POINTER (bus)), ==, expected);
}

/* A controller for USB 3 has two buses, and they are told apart by what they can do. */
static void
test_two_controllers (void)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (GHashTable) buses = NULL;
  g_autoptr (GHashTable) after = NULL;

  sysfs_tree_add (sysfs, 1, ONBOARD, "480");
  sysfs_tree_add (sysfs, 2, ONBOARD, "10000");
  sysfs_tree_add (sysfs, 3, DOCK, "480");
  sysfs_tree_add (sysfs, 4, DOCK, "20000");
  buses = lks_usb_buses_read (sysfs);
  g_assert_cmpuint (g_hash_table_size (buses), ==, 4);
  assert_bus (buses, 1, ONBOARD " high-speed");
  assert_bus (buses, 2, ONBOARD " super-speed");
  assert_bus (buses, 3, DOCK " high-speed");
  assert_bus (buses, 4, DOCK " super-speed");

  for (guint bus = 1; bus <= 4; bus++)
    sysfs_tree_remove (sysfs, bus);
  sysfs_tree_add (sysfs, 1, DOCK, "480");
  sysfs_tree_add (sysfs, 2, DOCK, "20000");
  sysfs_tree_add (sysfs, 10, ONBOARD, "480");
  after = lks_usb_buses_read (sysfs);
  g_assert_cmpuint (g_hash_table_size (after), ==, 3);
  assert_bus (after, 1, DOCK " high-speed");
  assert_bus (after, 10, ONBOARD " high-speed");
  delete_sysfs (sysfs);
}

/* Of two of one generation each is told, in the order of their numbers. */
static void
test_two_alike (void)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (GHashTable) buses = NULL;

  sysfs_tree_add (sysfs, 10, "platform/vhci_hcd.0", "480");
  sysfs_tree_add (sysfs, 9, "platform/vhci_hcd.0", "12");
  buses = lks_usb_buses_read (sysfs);
  assert_bus (buses, 9, "platform/vhci_hcd.0 high-speed");
  assert_bus (buses, 10, "platform/vhci_hcd.0 high-speed 2");
  delete_sysfs (sysfs);
}

/* A number that the kernel counts up says nothing about the controller. */
static void
test_automatic_number (void)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autoptr (GHashTable) buses = NULL;

  sysfs_tree_add (sysfs, 1, "platform/soc/1f00200000.usb/xhci-hcd.1.auto", "480");
  sysfs_tree_add (sysfs, 3, "platform/soc/1f00300000.usb/xhci-hcd.0.auto", "480");
  buses = lks_usb_buses_read (sysfs);
  assert_bus (buses, 1, "platform/soc/1f00200000.usb/xhci-hcd high-speed");
  assert_bus (buses, 3, "platform/soc/1f00300000.usb/xhci-hcd high-speed");
  delete_sysfs (sysfs);
}

/* Whatever is not as Linux makes it is left out. */
static void
test_cannot_be_told (void)
{
  g_autofree char *sysfs = make_sysfs ();
  g_autofree char *nowhere = g_build_filename (sysfs, "nowhere", NULL);
  g_autofree char *plain = g_build_filename (sysfs, "bus/usb/devices/usb7", NULL);
  g_autoptr (GHashTable) none = lks_usb_buses_read (nowhere);
  g_autoptr (GHashTable) empty = lks_usb_buses_read (sysfs);
  g_autoptr (GHashTable) buses = NULL;

  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  g_assert_cmpuint (g_hash_table_size (empty), ==, 0);

  sysfs_tree_add (sysfs, 1, ONBOARD, NULL);
  sysfs_tree_add (sysfs, 2, ONBOARD, "unknown");
  sysfs_tree_add (sysfs, 3, "", "480");
  sysfs_tree_add (sysfs, 4, "../elsewhere", "480");
  sysfs_tree_add (sysfs, 256, DOCK, "480");
  g_assert_cmpint (g_mkdir (plain, 0755), ==, 0);
  buses = lks_usb_buses_read (sysfs);
  g_assert_cmpuint (g_hash_table_size (buses), ==, 0);
  delete_sysfs (sysfs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usb-buses/two-controllers", test_two_controllers);
  g_test_add_func ("/usb-buses/two-alike", test_two_alike);
  g_test_add_func ("/usb-buses/automatic-number", test_automatic_number);
  g_test_add_func ("/usb-buses/cannot-be-told", test_cannot_be_told);
  return g_test_run ();
}
