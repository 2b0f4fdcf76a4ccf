/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units that come and go at the places of a wall. Runs under locksmith-bench, with the boards of
 * wall-unit-boards.json, none of which is plugged in at first. */
#include "bench-control.h"
#include "lks-board-list.h"
#include "lks-operator-session.h"
#include "lks-wall.h"
#include "sign-in.h"
#include "sysfs-tree.h"
#include "wait-until.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define N_BOARDS 6 /* each case has its own, which are used up by it */
#define MINUTE_US (60 * G_USEC_PER_SEC)
#define PLACE(number)                                                                              \
  "{\"port\":\"1-" #number "\",\"name\":\"A" #number "\",\"row\":1,\"column\":" #number "}"
#define LAST_PLACES PLACE (4) "," PLACE (5) "," PLACE (6)
#define MAP "{\"places\":[" PLACE (1) "," PLACE (2) "," PLACE (3) "," LAST_PLACES "]}"
#define RECIPE(os, more)                                                                           \
  "{\"name\":\"Kettle\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"" os "\"],"    \
  "\"images\":[],\"allowArmed\":true" more "}"
#define LABEL ",\"label\":{\"pattern\":\"KTL-[0-9]{4}\",\"required\":true}"

typedef struct
{
  char *folder; /* (owned) */
  LksIoThread *io_thread;
  LksBoardList *list;
  LksLedger *ledger;
  LksOperatorSession *session;
  LksWall *wall;
  gint64 clock_us; /* of the session */
} World;

/* ---- the station ---- */

static gint64
get_real_us (gpointer unused)
{
  return g_get_real_time ();
}

static gint64
get_monotonic_us (gpointer clock_us)
{
  return *(gint64 *) clock_us;
}

/* People have to sign in, and are signed out after a minute without a sign of them. */
static void
sign_in (World *world)
{
  g_autofree char *journal = g_build_filename (world->folder, "journal", NULL);
  g_autofree char *tries = g_build_filename (world->folder, "tries", NULL);
  g_autoptr (LksStationConfig) config = lks_station_config_new ();
  const LksOperatorClock clock = { get_real_us, get_monotonic_us, &world->clock_us };

  config->idle_minutes = 1;
  config->requires_sign_in = TRUE;
  world->session = lks_operator_session_new (config, journal, tries);
  lks_operator_session_set_clock (world->session, &clock);
  sign_in_and_wait (world->session, &(LksOperatorProof){ .text = "Ada" });
}

static void
set_recipe (World *world, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_parse ("recipe.json", "/nowhere", bytes, &error);

  g_assert_no_error (error);
  lks_wall_set_recipe (world->wall, recipe);
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksTrust) trust = lks_trust_load_default (&error);
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GBytes) map = g_bytes_new_static (MAP, strlen (MAP));
  g_autofree char *ledger = NULL;

  g_assert_no_error (error);
  world->folder = g_dir_make_tmp ("lks-wall-units-XXXXXX", NULL);
  ledger = g_build_filename (world->folder, "ledger.sqlite", NULL);
  world->ledger = lks_ledger_open (ledger, &error);
  g_assert_no_error (error);
  world->io_thread = lks_io_thread_new ();
  world->list = lks_board_list_new (world->io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_jig_parse (jig, "jig.json", map, &error));
  sign_in (world);
  world->wall = lks_wall_new (jig);
  lks_wall_set_operator (world->wall, world->session);
  lks_wall_set_ledger (world->wall, world->ledger);
  lks_wall_set_boards (world->wall, G_LIST_MODEL (world->list));
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_autofree char *line = g_strdup_printf ("rm -r '%s'", world->folder);

  WAIT_UNTIL (!lks_wall_is_busy (world->wall));
  lks_wall_set_boards (world->wall, NULL);
  WAIT_FINALIZED (world->wall);
  lks_board_list_close (world->list);
  WAIT_FINALIZED (world->list);
  WAIT_FINALIZED (world->io_thread);
  for (guint i = 0; i < N_BOARDS; i++)
    bench_control_tell ("{\"command\":\"unplug\",\"board\":%u}", i);
  lks_operator_session_close (world->session);
  g_object_unref (world->session);
  g_object_unref (world->ledger);
  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, NULL, NULL));
  g_free (world->folder);
}

/* ---- the places ---- */

static LksWallPlace *
get_place (World *world, guint index)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (world->wall), index);

  return place; /* the wall keeps it */
}

static void
plug (guint board)
{
  bench_control_tell ("{\"command\":\"plug\",\"board\":%u}", board);
}

static void
unplug (World *world, guint board)
{
  bench_control_tell ("{\"command\":\"unplug\",\"board\":%u}", board);
  WAIT_UNTIL (lks_wall_place_get_board (get_place (world, board)) == NULL);
}

static LksTileKind
get_kind (World *world, guint index)
{
  return lks_wall_place_get_look (get_place (world, index)).kind;
}

/* (nullable): of the board, whatever was done to whichever board before */
static const char *
get_board_id (World *world, guint index)
{
  LksBoard *board = lks_wall_place_get_board (get_place (world, index));

  return board != NULL ? lks_board_get_device_id (board) : NULL;
}

static char *
wait_for_kind (World *world, guint index, LksTileKind kind)
{
  WAIT_UNTIL (get_kind (world, index) == kind);
  return g_strdup (get_board_id (world, index));
}

/* Another board answers behind the adapter of this place after its restart. */
static void
exchange (guint board)
{
  bench_control_tell (
      "{\"command\":\"fault\",\"board\":%u,\"fault\":{\"kind\":\"other-board\",\"times\":1}}",
      board);
  bench_control_tell ("{\"command\":\"reset\",\"board\":%u}", board);
}

static gboolean
is_judged (World *world, guint index, const char *device_id)
{
  LksFinalizer *finalizer = lks_wall_place_get_finalizer (get_place (world, index));

  return finalizer != NULL && !lks_finalizer_get_busy (finalizer) &&
         lks_finalizer_get_verdict (finalizer) != LKS_VERDICT_NONE &&
         g_strcmp0 (lks_finalizer_get_device_id (finalizer), device_id) == 0;
}

/* Whatever a tile says, it says it of the board that is there. */
static void
assert_own_verdict_cb (LksWallPlace *place, World *world)
{
  LksBoard *board = lks_wall_place_get_board (place);
  const char *device_id = board != NULL ? lks_board_get_device_id (board) : NULL;

  if (device_id != NULL && lks_wall_place_get_look (place).kind == LKS_TILE_KIND_PASS)
    g_assert_cmpstr (lks_wall_place_get_device_id (place), ==, device_id);
}

/* ---- cases ---- */

/* A board that is exchanged behind its adapter is another one: nothing of the first is said of it,
 * and it is looked at by itself. */
static void
test_exchanged (World *world, gconstpointer unused)
{
  g_autofree char *first = NULL;

  set_recipe (world, RECIPE ("99.01", ""));
  plug (0);
  first = wait_for_kind (world, 0, LKS_TILE_KIND_FAIL);
  exchange (0);
  WAIT_UNTIL (get_board_id (world, 0) != NULL && !g_str_equal (get_board_id (world, 0), first));
  WAIT_UNTIL (is_judged (world, 0, get_board_id (world, 0)));
  g_assert_cmpint (get_kind (world, 0), ==, LKS_TILE_KIND_FAIL);
}

/* At an armed wall, too, where it counts as plugged in. */
static void
test_exchanged_armed (World *world, gconstpointer unused)
{
  g_autofree char *first = NULL;

  g_signal_connect (get_place (world, 3), "changed", G_CALLBACK (assert_own_verdict_cb), world);
  set_recipe (world, RECIPE ("24.06", LABEL));
  g_assert_true (lks_wall_arm (world->wall));
  lks_wall_set_next_label (world->wall, "KTL-0001");
  plug (3);
  first = wait_for_kind (world, 3, LKS_TILE_KIND_PASS);
  lks_wall_set_next_label (world->wall, "KTL-0002");
  exchange (3);
  WAIT_UNTIL (get_board_id (world, 3) != NULL && !g_str_equal (get_board_id (world, 3), first));
  WAIT_UNTIL (is_judged (world, 3, get_board_id (world, 3)));
  g_assert_cmpint (get_kind (world, 3), ==, LKS_TILE_KIND_PASS);
  g_assert_cmpstr (lks_wall_place_get_label (get_place (world, 3)), ==, "KTL-0002");
  g_assert_null (lks_wall_get_next_label (world->wall));
}

/* A board that comes back to be gone on with does not take the label of the next unit. */
static void
test_label_of_the_next (World *world, gconstpointer unused)
{
  set_recipe (world, RECIPE ("24.06", LABEL));
  g_assert_true (lks_wall_arm (world->wall));
  lks_wall_set_next_label (world->wall, "KTL-0001");
  plug (1);
  WAIT_UNTIL (lks_wall_place_is_busy (get_place (world, 1)));
  unplug (world, 1);
  lks_wall_set_next_label (world->wall, "KTL-0002");

  plug (1);
  g_free (wait_for_kind (world, 1, LKS_TILE_KIND_PASS));
  g_assert_cmpstr (lks_wall_place_get_label (get_place (world, 1)), ==, "KTL-0001");
  g_assert_cmpstr (lks_wall_get_next_label (world->wall), ==, "KTL-0002");

  plug (2);
  g_free (wait_for_kind (world, 2, LKS_TILE_KIND_PASS));
  g_assert_cmpstr (lks_wall_place_get_label (get_place (world, 2)), ==, "KTL-0002");
  g_assert_null (lks_wall_get_next_label (world->wall));
}

/* Whoever plugs boards in at an armed wall is there, without a key pressed. */
static void
test_plugging_is_presence (World *world, gconstpointer unused)
{
  set_recipe (world, RECIPE ("24.06", ""));
  g_assert_true (lks_wall_arm (world->wall));
  world->clock_us = MINUTE_US - 1;
  plug (4);
  g_free (wait_for_kind (world, 4, LKS_TILE_KIND_PASS));
  world->clock_us = 2 * MINUTE_US - 2;
  g_assert_false (lks_operator_session_check_idle (world->session));
  g_assert_true (lks_wall_is_armed (world->wall));
  world->clock_us = 2 * MINUTE_US - 1;
  g_assert_true (lks_operator_session_check_idle (world->session));
  g_assert_false (lks_wall_is_armed (world->wall));
}

static gboolean
needs_power (World *world, guint index)
{
  LksFinalizer *finalizer = lks_wall_place_get_finalizer (get_place (world, index));

  return finalizer != NULL && lks_finalizer_get_needs (finalizer) != NULL;
}

/* A board that was locked by one recipe is stopped under another one, with the name of the first,
 * and goes on under that. */
static void
test_other_recipe (World *world, gconstpointer unused)
{
  g_autofree char *detail = NULL;

  set_recipe (world, RECIPE ("24.06", ""));
  g_assert_true (lks_wall_arm (world->wall));
  plug (5);
  WAIT_UNTIL (needs_power (world, 5));
  unplug (world, 5);
  WAIT_UNTIL (!lks_wall_is_busy (world->wall));

  set_recipe (world, RECIPE ("24.06", ",\"product\":\"Kettle 2\""));
  plug (5);
  g_free (wait_for_kind (world, 5, LKS_TILE_KIND_STOPPED));
  detail = lks_wall_place_dup_detail (get_place (world, 5));
  g_assert_nonnull (strstr (detail, "by the recipe “Kettle” ("));
  unplug (world, 5);

  set_recipe (world, RECIPE ("24.06", ""));
  g_assert_true (lks_wall_arm (world->wall));
  plug (5);
  g_free (wait_for_kind (world, 5, LKS_TILE_KIND_PASS));
}

#define ONBOARD "pci0000:00/0000:00:14.0"
#define DOCK "pci0000:00/0000:00:1d.0/0000:3b:00.0"
#define TWO_CONTROLLERS                                                                            \
  "{\"buses\":[{\"bus\":1,\"controller\":\"" ONBOARD " high-speed\"},"                             \
  "{\"bus\":2,\"controller\":\"" DOCK " high-speed\"}],\"places\":[" PLACE (                       \
      1) ","                                                                                       \
         "{\"port\":\"2-1\",\"name\":\"B1\",\"row\":2,\"column\":1}]}"

/* The boards are at bus 1, which was the onboard controller's when the jig was taught. */
static void
test_controllers_swapped (World *world, gconstpointer unused)
{
  g_autofree char *sysfs = g_build_filename (world->folder, "sysfs", NULL);
  g_autoptr (GBytes) map = g_bytes_new_static (TWO_CONTROLLERS, strlen (TWO_CONTROLLERS));
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_jig_parse (lks_wall_get_jig (world->wall), "jig.json", map, &error));
  lks_wall_set_sysfs (world->wall, sysfs);
  sysfs_tree_add (sysfs, 1, DOCK, "480");
  sysfs_tree_add (sysfs, 2, ONBOARD, "480");
  plug (0);
  g_free (wait_for_kind (world, 1, LKS_TILE_KIND_READY));
  g_assert_null (lks_wall_place_get_board (get_place (world, 0)));

  /* Where another controller has that number, the board is in no place. */
  sysfs_tree_remove (sysfs, 1);
  sysfs_tree_add (sysfs, 1, "pci0000:00/0000:00:1c.0", "480");
  lks_wall_look_at_buses (world->wall);
  g_assert_null (lks_wall_place_get_board (get_place (world, 0)));
  g_assert_null (lks_wall_place_get_board (get_place (world, 1)));
  g_assert_cmpint (lks_wall_place_get_look (get_place (world, 1)).next, ==, LKS_TILE_NEXT_CONNECT);
  g_assert_cmpuint (g_list_model_get_n_items (lks_wall_get_strangers (world->wall)), ==, 1);
}

static gint64
count_blinks (guint board)
{
  g_autofree char *answer = bench_control_ask ("{\"command\":\"state\",\"board\":%u}", board);
  g_autoptr (JsonNode) node = json_from_string (answer, NULL);

  return json_object_get_int_member (json_object_get_object_member (json_node_get_object (node),
                                                                    "board"),
                                     "blinks");
}

/* People have the time to find the light that flickers. */
static void
test_flicker (World *world, gconstpointer unused)
{
  gint64 before;

  set_recipe (world, RECIPE ("24.06", ""));
  plug (0);
  g_free (wait_for_kind (world, 0, LKS_TILE_KIND_READY));
  before = count_blinks (0);
  lks_board_identify (lks_wall_place_get_board (get_place (world, 0)));
  WAIT_UNTIL (count_blinks (0) >= before + 20);
}

#define TEST(path, func) g_test_add (path, World, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/wall-units/flicker", test_flicker);
  TEST ("/wall-units/controllers-swapped", test_controllers_swapped);
  TEST ("/wall-units/exchanged", test_exchanged);
  TEST ("/wall-units/other-recipe", test_other_recipe);
  TEST ("/wall-units/label-of-the-next", test_label_of_the_next);
  TEST ("/wall-units/exchanged-armed", test_exchanged_armed);
  TEST ("/wall-units/plugging-is-presence", test_plugging_is_presence);
  return g_test_run ();
}
