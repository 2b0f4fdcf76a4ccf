/* SPDX-License-Identifier: GPL-3.0-or-later */

/* benchmark-soak-wall TRACE PLACES UNITS: so many units through an armed wall with so many places,
 * as in a shift: plugged in, checked, locked, proven, recorded, unplugged, and the next one. Runs
 * under locksmith-bench with PLACES boards that are not plugged in and are traced to TRACE; all
 * between the wall and the boards is real. Fails when a unit does not pass, when the boards got
 * more or fewer orders to lock than there are units, or when memory or descriptors are not flat
 * between the first fifth, in which caches fill, and the end. */
#include "bench-control.h"
#include "lks-board-list.h"
#include "lks-operator-session.h"
#include "lks-wall.h"
#include "sample.h"
#include "sign-in.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/resource.h>

#define SECONDS_PER_UNIT 20 /* more is taken for standstill */
#define RECIPE                                                                                     \
  "{\"name\":\"Shift\",\"targetState\":\"DeviceComplete\",\"allowedOsVersions\":[\"24.06\"],"      \
  "\"images\":[],\"allowArmed\":true}"

typedef struct
{
  LksWall *wall;
  guint n_places;
  guint limit; /* no unit is handed out beyond it */
  guint n_out; /* units that were handed out */
  guint n_passed, n_others;
  GHashTable *leaving; /* (owned): places whose unit has been unplugged */
} Shift;

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("the wall stands still");
  return G_SOURCE_REMOVE;
}

/* ---- the hands ---- */

static void
hand_out (Shift *shift, guint index)
{
  if (shift->n_out == shift->limit)
    return;

  shift->n_out++;
  bench_control_tell ("{\"command\":\"renew\",\"board\":%u}", index);
  bench_control_tell ("{\"command\":\"plug\",\"board\":%u}", index);
}

/* What the board says itself, in its own words. */
static gboolean
is_locked (guint index, const char *device_id)
{
  g_autofree char *answer = bench_control_ask ("{\"command\":\"state\",\"board\":%u}", index);
  g_autoptr (JsonNode) node = json_from_string (answer, NULL);
  JsonObject *board = json_object_get_object_member (json_node_get_object (node), "board");

  return json_object_get_boolean_member (board, "locked") &&
         g_strcmp0 (json_object_get_string_member (board, "manufacturingState"),
                    "DeviceComplete") == 0 &&
         g_strcmp0 (json_object_get_string_member (board, "deviceId"), device_id) == 0;
}

static void
serve (Shift *shift, guint index)
{
  g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (shift->wall), index);
  LksTileKind kind = lks_wall_place_get_look (place).kind;

  if (lks_wall_place_get_board (place) == NULL)
    {
      if (g_hash_table_remove (shift->leaving, place))
        hand_out (shift, index);
      return;
    }
  if (g_hash_table_contains (shift->leaving, place) || lks_wall_place_is_busy (place) ||
      (kind != LKS_TILE_KIND_PASS && kind != LKS_TILE_KIND_FAIL && kind != LKS_TILE_KIND_STOPPED))
    return;

  if (kind == LKS_TILE_KIND_PASS && is_locked (index, lks_wall_place_get_device_id (place)))
    shift->n_passed++;
  else
    shift->n_others++;
  g_hash_table_add (shift->leaving, place);
  bench_control_tell ("{\"command\":\"unplug\",\"board\":%u}", index);
}

static gboolean
is_empty (Shift *shift)
{
  for (guint i = 0; i < shift->n_places; i++)
    {
      g_autoptr (LksWallPlace) place = g_list_model_get_item (G_LIST_MODEL (shift->wall), i);

      if (lks_wall_place_get_board (place) != NULL)
        return FALSE;
    }
  return TRUE;
}

/* Until @limit units have gone through in all, and every place is empty. */
static void
work (Shift *shift, guint limit)
{
  guint timer =
      g_timeout_add_seconds ((limit - shift->n_out) * SECONDS_PER_UNIT, too_long_cb, NULL);

  shift->limit = limit;
  for (guint i = 0; i < shift->n_places; i++)
    hand_out (shift, i);
  while (shift->n_passed + shift->n_others < limit || !is_empty (shift))
    {
      g_main_context_iteration (NULL, TRUE);
      for (guint i = 0; i < shift->n_places; i++)
        serve (shift, i);
    }
  g_source_remove (timer);
}

/* ---- the station ---- */

static LksJig *
make_jig (guint n_places)
{
  g_autoptr (GString) text = g_string_new ("{\"places\":[");
  g_autoptr (LksJig) jig = lks_jig_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_places; i++)
    g_string_append_printf (text, "%s{\"port\":\"1-%u\",\"name\":\"A%u\",\"row\":1,\"column\":%u}",
                            i > 0 ? "," : "", i + 1, i + 1, i + 1);
  g_string_append (text, "]}");
  bytes = g_bytes_new (text->str, text->len);
  lks_jig_parse (jig, "jig.json", bytes, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&jig);
}

static LksOperatorSession *
sign_in (const char *folder)
{
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autofree char *tries = g_build_filename (folder, "tries", NULL);
  g_autoptr (LksStationConfig) config = lks_station_config_new ();
  LksOperatorSession *session = lks_operator_session_new (config, journal, tries);

  sign_in_and_wait (session, &(LksOperatorProof){ .text = "benchmark" });
  return session;
}

static void
arm (LksWall *wall, LksOperatorSession *session, LksLedger *ledger)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (RECIPE, strlen (RECIPE));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_parse ("shift.json", "/nowhere", bytes, &error);

  g_assert_no_error (error);
  lks_wall_set_operator (wall, session);
  lks_wall_set_ledger (wall, ledger);
  lks_wall_set_recipe (wall, recipe);
  g_assert_true (lks_wall_arm (wall));
}

/* Orders to change the manufacturing state, counted by the boards, from @start of their trace on.
 */
static guint
count_orders (const char *trace, gsize start)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize size;
  guint orders = 0;

  g_assert_true (g_file_get_contents (trace, &text, &size, NULL));
  lines = g_strsplit (text + start, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    orders +=
        strstr (lines[i], "manufacturing_state") != NULL && strstr (lines[i], "\"GET\"") == NULL;
  return orders;
}

static double
get_cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main (int argc, char **argv)
{
  guint n_places = argc == 4 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 0;
  guint n_units = argc == 4 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 0;
  g_autofree char *folder = g_dir_make_tmp ("benchmark-soak-wall.XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ledger.sqlite", NULL);
  g_autofree char *clean_up = g_strdup_printf ("rm -r '%s'", folder);
  g_autoptr (GHashTable) leaving = g_hash_table_new (NULL, NULL);
  g_autoptr (LksIoThread) io_thread = lks_io_thread_new ();
  g_autoptr (LksOperatorSession) session = NULL;
  g_autoptr (LksTrust) trust = NULL;
  g_autoptr (LksBoardList) boards = NULL;
  g_autoptr (LksLedger) ledger = NULL;
  g_autoptr (LksJig) jig = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *members = NULL;
  g_autofree char *before = NULL;
  Shift shift = { .n_places = n_places, .leaving = leaving };
  gsize trace_start = 0;
  guint64 n_records;
  Sample start, warmed, end;
  gboolean is_flat;
  double cpu_s, seconds;
  guint orders;

  if (n_places == 0 || n_units / 5 < n_places)
    return 2;

  g_file_get_contents (argv[1], &before, &trace_start, NULL);
  trust = lks_trust_load_default (&error);
  g_assert_no_error (error);
  ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
  boards = lks_board_list_new (io_thread, trust, NULL, &error);
  g_assert_no_error (error);
  session = sign_in (folder);
  jig = make_jig (n_places);
  shift.wall = lks_wall_new (jig);
  lks_wall_set_boards (shift.wall, G_LIST_MODEL (boards));
  arm (shift.wall, session, ledger);

  sample_take (&start);
  cpu_s = get_cpu_s ();
  work (&shift, n_units / 5);
  sample_take (&warmed);
  work (&shift, n_units);
  sample_take (&end);
  cpu_s = get_cpu_s () - cpu_s;

  lks_ledger_count (ledger, &(LksLedgerQuery){ .verdict = "PASS" }, &n_records, &error);
  g_assert_no_error (error);
  orders = count_orders (argv[1], trace_start);
  is_flat = sample_is_flat (&warmed, &end);
  members = sample_dup_members (&start, &warmed, &end);
  seconds = (double) (end.at_us - start.at_us) / 1e6;
  g_print ("{\"benchmark\":\"soak-wall\",\"places\":%u,\"units\":%u,\"passed\":%u,\"records\":"
           "%" G_GUINT64_FORMAT ",\"orders\":%u,\"flat\":%s,%s,\"unitsPerHour\":%.0f,"
           "\"cpuMsPerUnit\":%.0f}\n",
           n_places, n_units, shift.n_passed, n_records, orders, is_flat ? "true" : "false",
           members, n_units * 3600.0 / seconds, cpu_s * 1e3 / n_units);

  lks_wall_set_boards (shift.wall, NULL);
  g_object_unref (shift.wall);
  lks_board_list_close (boards);
  lks_operator_session_close (session);
  g_spawn_command_line_sync (clean_up, NULL, NULL, NULL, NULL);
  return is_flat && shift.n_passed == n_units && n_records == n_units && orders == n_units ? 0 : 1;
}
