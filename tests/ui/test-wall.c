/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may arm a wall, and what disarms it. The boards are those of test-wall-page. */
#include "lks-boot-clock.h"
#include "lks-clock.h"
#include "lks-operator-session.h"
#include "lks-wall-scan.h"
#include "sign-in.h"
#include "sysfs-tree.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAP                                                                                        \
  "{\"places\":[{\"port\":\"1-1\",\"name\":\"A1\",\"row\":1,\"column\":1},"                        \
  "{\"port\":\"1-2\",\"name\":\"A2\",\"row\":1,\"column\":2,\"allowed\":false}]}"
#define ONBOARD "pci0000:00/0000:00:14.0"
#define DOCK "pci0000:00/0000:00:1d.0/0000:3b:00.0"
#define TWO_CONTROLLERS                                                                            \
  "{\"buses\":[{\"bus\":1,\"controller\":\"" ONBOARD " high-speed\"},"                             \
  "{\"bus\":3,\"controller\":\"" DOCK " high-speed\"}],"                                           \
  "\"places\":[{\"port\":\"1-1\",\"name\":\"A1\",\"row\":1,\"column\":1},"                         \
  "{\"port\":\"3-1\",\"name\":\"A2\",\"row\":1,\"column\":2}]}"
#define RECIPE(more)                                                                               \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"     \
  "\"images\":[]" more "}"
#define ARMED ",\"allowArmed\":true"
#define LABEL ",\"label\":{\"pattern\":\"KTL-[0-9]{4}\",\"required\":true}"

typedef struct
{
  char *folder;                /* (owned) */
  LksWall *wall;               /* (owned) */
  LksJig *jig;                 /* (owned) */
  LksOperatorSession *session; /* (owned) */
  LksLedger *ledger;           /* (owned) */
} Station;

static LksRecipe *
make_recipe (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  LksRecipe *recipe = lks_recipe_parse ("recipe.json", "/nowhere", bytes, &error);

  g_assert_no_error (error);
  return recipe;
}

static void
set_recipe (Station *station, const char *text)
{
  g_autoptr (LksRecipe) recipe = make_recipe (text);

  lks_wall_set_recipe (station->wall, recipe);
}

static void
set_up (Station *station, gconstpointer unused)
{
  g_autoptr (GBytes) map = g_bytes_new_static (MAP, strlen (MAP));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksStationConfig) config = NULL;
  g_autofree char *ledger = NULL;
  g_autofree char *journal = NULL;
  g_autofree char *tries = NULL;

  station->folder = g_dir_make_tmp ("lks-wall-XXXXXX", NULL);
  ledger = g_build_filename (station->folder, "ledger.db", NULL);
  journal = g_build_filename (station->folder, "journal", NULL);
  tries = g_build_filename (station->folder, "tries", NULL);
  config = lks_station_config_load (NULL);
  station->jig = lks_jig_new ();
  g_assert_true (lks_jig_parse (station->jig, "jig.json", map, &error));
  station->ledger = lks_ledger_open (ledger, &error);
  g_assert_no_error (error);
  station->session = lks_operator_session_new (config, journal, tries);
  station->wall = lks_wall_new (station->jig);
  lks_wall_set_operator (station->wall, station->session);
}

static void
tear_down (Station *station, gconstpointer unused)
{
  const char *argv[] = { "rm", "-rf", station->folder, NULL };

  lks_operator_session_close (station->session);
  g_clear_object (&station->wall);
  g_clear_object (&station->session);
  g_clear_object (&station->ledger);
  g_clear_object (&station->jig);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (station->folder);
}

static void
sign_in (Station *station, const char *name)
{
  sign_in_and_wait (station->session, &(LksOperatorProof){ .text = name });
}

static void
arm (Station *station)
{
  set_recipe (station, RECIPE (ARMED));
  lks_wall_set_ledger (station->wall, station->ledger);
  sign_in (station, "Ada");
  g_assert_null (lks_wall_get_arm_obstacle (station->wall));
  g_assert_true (lks_wall_arm (station->wall));
  g_assert_true (lks_wall_is_armed (station->wall));
}

static void
assert_disarmed (Station *station)
{
  g_assert_false (lks_wall_is_armed (station->wall));
  g_assert_nonnull (lks_wall_get_disarm_reason (station->wall));
}

static void
assert_obstacle (Station *station, const char *word)
{
  g_assert_false (lks_wall_arm (station->wall));
  g_assert_nonnull (strstr (lks_wall_get_arm_obstacle (station->wall), word));
}

/* Every single thing that is missing keeps the wall from being armed. */
static void
test_obstacles (Station *station, gconstpointer unused)
{
  assert_obstacle (station, "recipe");
  set_recipe (station, RECIPE (""));
  assert_obstacle (station, "permit");
  set_recipe (station, RECIPE (ARMED));
  assert_obstacle (station, "Sign in");
  g_assert_true (lks_wall_needs_sign_in (station->wall));
  sign_in (station, "Ada");
  g_assert_false (lks_wall_needs_sign_in (station->wall));
  assert_obstacle (station, "records");
  lks_wall_set_ledger (station->wall, station->ledger);
  g_assert_true (lks_wall_arm (station->wall));
}

static void
test_sign_out (Station *station, gconstpointer unused)
{
  arm (station);
  lks_operator_session_sign_out (station->session);
  assert_disarmed (station);
  assert_obstacle (station, "Sign in");
}

static void
test_other_operator (Station *station, gconstpointer unused)
{
  arm (station);
  sign_in (station, "Grace");
  assert_disarmed (station);
}

static void
test_recipe_changed (Station *station, gconstpointer unused)
{
  arm (station);
  set_recipe (station, RECIPE (ARMED LABEL));
  assert_disarmed (station);
}

static void
test_map_changed (Station *station, gconstpointer unused)
{
  arm (station);
  lks_jig_set_allowed (station->jig, "1-2", TRUE);
  assert_disarmed (station);
}

static LksWallPlace *
get_place (Station *station, guint index)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (station->wall), index);

  return place; /* the wall keeps it */
}

static void
assert_place (Station *station, guint index, const char *port, LksTileNext next)
{
  LksWallPlace *place = get_place (station, index);

  g_assert_cmpstr (lks_jig_place_get_port (lks_wall_place_get_jig_place (place)), ==, port);
  g_assert_cmpint (lks_wall_place_get_look (place).next, ==, next);
}

/* A place whose controller goes and comes back is the same place, which says meanwhile what to
 * do; whoever armed the wall sees to it again. */
static void
test_controller_goes (Station *station, gconstpointer unused)
{
  g_autofree char *sysfs = g_build_filename (station->folder, "sysfs", NULL);
  g_autoptr (GBytes) map = g_bytes_new_static (TWO_CONTROLLERS, strlen (TWO_CONTROLLERS));
  g_autofree char *detail = NULL;
  LksWallPlace *place;

  sysfs_tree_add (sysfs, 1, ONBOARD, "480");
  sysfs_tree_add (sysfs, 3, DOCK, "480");
  g_assert_true (lks_jig_parse (station->jig, "jig.json", map, NULL));
  lks_wall_set_sysfs (station->wall, sysfs);
  arm (station);
  place = get_place (station, 1);
  lks_wall_look_at_buses (station->wall);
  g_assert_true (lks_wall_is_armed (station->wall));
  assert_place (station, 1, "3-1", LKS_TILE_NEXT_PLUG_IN);

  sysfs_tree_remove (sysfs, 3);
  lks_wall_look_at_buses (station->wall);
  assert_disarmed (station);
  g_assert_nonnull (strstr (lks_wall_get_disarm_reason (station->wall), "controllers"));
  assert_place (station, 0, "1-1", LKS_TILE_NEXT_PLUG_IN);
  assert_place (station, 1, NULL, LKS_TILE_NEXT_CONNECT);
  g_assert_true (get_place (station, 1) == place);
  detail = lks_wall_place_dup_detail (place);
  g_assert_nonnull (strstr (detail, "teach the jig again"));

  sysfs_tree_add (sysfs, 7, DOCK, "480");
  lks_wall_look_at_buses (station->wall);
  assert_place (station, 1, "7-1", LKS_TILE_NEXT_PLUG_IN);
  g_assert_true (get_place (station, 1) == place);
}

static void
test_idle (Station *station, gconstpointer unused)
{
  g_autoptr (LksClock) clock = lks_clock_ref_default ();

  arm (station);
  lks_wall_set_idle_limit (station->wall, 1);
  lks_clock_tick (clock);
  g_assert_true (lks_wall_is_armed (station->wall));
  lks_wall_touch (station->wall, lks_boot_clock_us () - 61 * G_USEC_PER_SEC);
  lks_clock_tick (clock);
  assert_disarmed (station);
}

/* What a person does by hand needs no reason. */
static void
test_disarmed_by_hand (Station *station, gconstpointer unused)
{
  arm (station);
  lks_wall_disarm (station->wall, NULL);
  g_assert_false (lks_wall_is_armed (station->wall));
  g_assert_null (lks_wall_get_disarm_reason (station->wall));
}

static LksScanResult
scan (Station *station, const char *text)
{
  g_autofree char *message = NULL;
  LksScanResult result = lks_wall_scan (station->wall, text, "scanned", NULL, &message);

  g_assert_nonnull (message);
  return result;
}

/* Without a board a label is for the next one; another recipe may not want it. */
static void
test_label_before (Station *station, gconstpointer unused)
{
  g_assert_cmpint (scan (station, "KTL-0042"), ==, LKS_SCAN_RESULT_NOTHING);
  set_recipe (station, RECIPE (LABEL));
  g_assert_cmpint (scan (station, " KTL-0042 "), ==, LKS_SCAN_RESULT_NEXT_LABEL);
  g_assert_cmpstr (lks_wall_get_next_label (station->wall), ==, "KTL-0042");
  g_assert_cmpint (scan (station, "KTL-42"), ==, LKS_SCAN_RESULT_NOTHING);
  g_assert_cmpstr (lks_wall_get_next_label (station->wall), ==, "KTL-0042");
  set_recipe (station, RECIPE (""));
  g_assert_null (lks_wall_get_next_label (station->wall));
  g_assert_cmpint (scan (station, "KTL-0042"), ==, LKS_SCAN_RESULT_NOTHING);
}

#define TEST(path, func) g_test_add (path, Station, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/wall/obstacles", test_obstacles);
  TEST ("/wall/sign-out", test_sign_out);
  TEST ("/wall/other-operator", test_other_operator);
  TEST ("/wall/recipe-changed", test_recipe_changed);
  TEST ("/wall/map-changed", test_map_changed);
  TEST ("/wall/controller-goes", test_controller_goes);
  TEST ("/wall/idle", test_idle);
  TEST ("/wall/disarmed-by-hand", test_disarmed_by_hand);
  TEST ("/wall/label-before", test_label_before);
  return g_test_run ();
}
