/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a station must have after a power cut is on the disk when it is said to be there. */
#include "lks-os-shelf.h"
#include "lks-route.h"
#include "lks-station-key.h"
#include "sync-watch.h"

#include <glib/gstdio.h>

#define OS_LIST                                                                                    \
  "{\"versions\":[{\"name\":\"24.06\",\"images\":[{\"cid\":"                                       \
  "\"11111111-2222-3333-4444-555555555555\",\"iid\":\"21111111-2222-3333-4444-555555555555\"}]}]}"

typedef struct
{
  char *dir;  /* (owned) */
  char *path; /* (owned): what was written */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->dir = g_dir_make_tmp ("locksmith-durable-XXXXXX", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

/* First the content, then where it is. */
static void
assert_synced (Fixture *f, const char *names)
{
  g_autofree char *pattern = g_strdup_printf ("%s*\n%s\n", f->path, f->dir);

  if (!g_pattern_match_simple (pattern, names))
    g_error ("not “%s”: “%s”", pattern, names);
}

static void
test_route (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksRoute) route = lks_route_new ();
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  f->path = g_build_filename (f->dir, "route.json", NULL);
  sync_watch_begin (0);
  g_assert_true (lks_route_save (route, f->dir, &error));
  names = sync_watch_end ();
  g_assert_no_error (error);
  assert_synced (f, names);
}

/* A key that is lost is lost for good. */
static void
test_key (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStationKey) key = lks_station_key_generate (NULL);
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  f->path = g_build_filename (f->dir, "key.pem", NULL);
  sync_watch_begin (0);
  g_assert_true (lks_station_key_save_new (key, f->path, &error));
  names = sync_watch_end ();
  g_assert_no_error (error);
  assert_synced (f, names);
}

/* The first of them can be fetched again, but an empty one is none. */
static void
test_os_list (Fixture *f, gconstpointer unused)
{
  g_autoptr (GBytes) text = g_bytes_new_static (OS_LIST, sizeof OS_LIST - 1);
  g_autoptr (LksOsShelf) shelf = NULL;
  g_autofree char *pattern = NULL;
  g_autofree char *names = NULL;
  g_autoptr (GError) error = NULL;

  f->path = g_build_filename (f->dir, "os.json", NULL);
  pattern = g_strdup_printf ("%s.*\n*", f->path);
  sync_watch_begin (0);
  shelf = lks_os_shelf_keep (f->path, text, &error);
  names = sync_watch_end ();
  g_assert_no_error (error);
  g_assert_nonnull (shelf);
  g_assert_true (g_pattern_match_simple (pattern, names));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  TEST ("/durable/route", test_route);
  TEST ("/durable/key", test_key);
  TEST ("/durable/os-list", test_os_list);
  return g_test_run ();
}
