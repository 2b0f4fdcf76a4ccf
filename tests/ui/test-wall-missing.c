/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page of the wall says while the USB controller of some places is not there. */
#include "lks-wall-page.h"
#include "sysfs-tree.h"
#include "wait-until.h"
#include "widgets.h"

#define ONBOARD "pci0000:00/0000:00:14.0"
#define DOCK "pci0000:00/0000:00:1d.0/0000:3b:00.0"
#define MAP                                                                                        \
  "{\"buses\":[{\"bus\":1,\"controller\":\"" ONBOARD " high-speed\"},"                             \
  "{\"bus\":3,\"controller\":\"" DOCK " high-speed\"}],"                                           \
  "\"places\":[{\"port\":\"1-1\",\"name\":\"A1\",\"row\":1,\"column\":1},"                         \
  "{\"port\":\"3-1\",\"name\":\"A2\",\"row\":1,\"column\":2},"                                     \
  "{\"port\":\"3-2\",\"name\":\"A3\",\"row\":1,\"column\":3}]}"

static const char *folder;

static void
write_map (void)
{
  g_autofree char *dir = g_build_filename (g_get_user_config_dir (), "locksmith", NULL);
  g_autofree char *path = g_build_filename (dir, "jig.json", NULL);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, MAP, -1, NULL));
}

/* The dock's places are missed by their names; when it is connected, under whatever number, nobody
 * has to do anything. */
static void
test_missing (void)
{
  g_autofree char *sysfs = g_build_filename (folder, "sysfs", NULL);
  GtkWidget *page;
  GtkWindow *window;

  write_map ();
  sysfs_tree_add (sysfs, 1, ONBOARD, "480");
  page = g_object_new (LKS_TYPE_WALL_PAGE, NULL);
  window = g_object_new (ADW_TYPE_WINDOW, "content", page, NULL);
  gtk_window_present (window);
  WAIT_UNTIL (gtk_widget_get_mapped (page));
  g_assert_false (widget_shows (page, "USB controller"));

  lks_wall_page_set_sysfs (LKS_WALL_PAGE (page), sysfs);
  g_assert_true (widget_shows (page, "The USB controller of places A2, A3 is not connected. "
                                     "Connect the dock or card that it is on, or teach the jig"));
  g_assert_true (widget_shows (page, "Not connected"));

  sysfs_tree_add (sysfs, 2, DOCK, "480");
  WAIT_UNTIL (!widget_shows (page, "USB controller"));
  g_assert_false (widget_shows (page, "Not connected"));
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  g_autofree char *made = g_dir_make_tmp ("lks-wall-missing-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -r '%s'", made);
  int status;

  /* Before GLib reads it. */
  g_setenv ("XDG_CONFIG_HOME", made, TRUE);
  folder = made;
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/wall-missing", test_missing);
  status = g_test_run ();
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
  return status;
}
