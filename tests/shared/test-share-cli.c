/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `locksmithctl records share` and `--shared`, with files as an administrator writes them. */
#include "postgres.h"
#include "station.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

static Postgres *postgres;
static const char *locksmithctl;
static const char *bench;

typedef struct
{
  char *home;       /* (owned) */
  char *config;     /* (owned): the station's file */
  Station *station; /* (owned) */
} Fixture;

static void
write_config (Fixture *f, const char *host, guint port, const char *user, const char *ssl_mode)
{
  g_autofree char *text =
      g_strdup_printf ("[station]\nidle-minutes=5\n[shared-ledger]\nhost=%s\nport=%u\n"
                       "database=" POSTGRES_DATABASE "\nuser=%s\nsslmode=%s\n",
                       host, port, user, ssl_mode);

  g_assert_true (g_file_set_contents (f->config, text, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *folder = NULL;

  postgres_clear (postgres);
  f->home = g_dir_make_tmp ("lks-share-cli-XXXXXX", NULL);
  folder = g_build_filename (f->home, ".config", "locksmith", "station.d", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  f->config = g_build_filename (folder, "shop.conf", NULL);
  f->station = station_new (FALSE);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  station_free (f->station);
  remove_tree (f->home);
  g_free (f->home);
  g_free (f->config);
}

/* Runs "locksmithctl records @arguments", or "finalize …" with the board of boards.json plugged in,
 * as a user whose home is the fixture's. Each "LEDGER" in it is the ledger of @station. */
static char *
run (Fixture *f, Station *station, int expected_status, const char *arguments)
{
  /* With --json there is nothing else on stdout. */
  const GSubprocessFlags errors = strstr (arguments, "--json") != NULL
                                      ? G_SUBPROCESS_FLAGS_STDERR_SILENCE
                                      : G_SUBPROCESS_FLAGS_STDERR_MERGE;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | errors);
  g_autofree char *line = g_str_has_prefix (arguments, "finalize ")
                              ? g_strdup_printf ("%s --private --scenario %s/boards.json -- %s %s",
                                                 bench, f->home, locksmithctl, arguments)
                              : g_strdup_printf ("%s records %s", locksmithctl, arguments);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], "LEDGER"))
      {
        g_free (words[i]);
        words[i] = g_strdup (station->path);
      }
  g_subprocess_launcher_setenv (launcher, "HOME", f->home, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "XDG_CONFIG_HOME");
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_DIRS", f->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_true (g_subprocess_get_if_exited (process));
  if (g_subprocess_get_exit_status (process) != expected_status)
    g_error ("%s: status %d: %s", arguments, g_subprocess_get_exit_status (process), output);
  return output;
}

static JsonNode *
run_json (Fixture *f, Station *station, int expected_status, const char *arguments)
{
  g_autofree char *output = run (f, station, expected_status, arguments);
  JsonNode *node = json_from_string (output, NULL);

  if (node == NULL)
    g_error ("%s: no JSON: %s", arguments, output);
  return node;
}

static gint64
get_int (JsonNode *node, const char *member)
{
  return json_object_get_int_member (json_node_get_object (node), member);
}

static void
assert_says (Fixture *f, int expected_status, const char *arguments, const char *words)
{
  g_autofree char *output = run (f, f->station, expected_status, arguments);

  if (strstr (output, words) == NULL)
    g_error ("%s: “%s” is not in: %s", arguments, words, output);
}

static const char *
get_host (void)
{
  static LksSharePlace *place;

  if (place == NULL)
    place = postgres_make_place (postgres, 0);
  return place->host;
}

/* The shared ledger counts as the station's own does, while no other station has a part in it. */
static void
assert_same_counts (Fixture *f, const char *which)
{
  g_autofree char *own = g_strdup_printf ("stats --json --ledger LEDGER%s", which);
  g_autofree char *shared = g_strdup_printf ("stats --json --shared%s", which);
  g_autofree char *here = run (f, f->station, 0, own);
  g_autofree char *there = run (f, f->station, 0, shared);

  g_assert_nonnull (strstr (here, "\"firstPasses\""));
  g_assert_cmpstr (there, ==, here);
}

/* @list: (JSON) of the station's records. The claim is told by the station alone. */
static void
assert_same_record (Fixture *f, const char *list)
{
  g_autoptr (JsonNode) records = json_from_string (list, NULL);
  JsonObject *first = json_array_get_object_element (json_node_get_array (records), 0);
  const char *id = json_object_get_string_member (first, "id");
  g_autofree char *own = g_strdup_printf ("show %s --json --ledger LEDGER", id);
  g_autofree char *shared = g_strdup_printf ("show %s --json --shared", id);
  g_autofree char *text = g_strdup_printf ("show %s --shared", id);
  g_autoptr (JsonNode) here = run_json (f, f->station, 0, own);
  g_autoptr (JsonNode) there = run_json (f, f->station, 0, shared);

  g_assert_false (json_object_has_member (json_node_get_object (there), "claim"));
  json_object_remove_member (json_node_get_object (here), "claim");
  g_assert_true (json_node_equal (here, there));
  assert_says (f, 0, text, "verify-os-version");
  assert_says (f, 2, "show nothing --shared", "has no record nothing");
}

/* ---- what an administrator may write ---- */

static void
test_config (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *text;
    const char *told;
  } cases[] = {
    { "[shared-ledger]\nhost=x\ndatabase=y\n", "has no user" },
    { "[shared-ledger]\nhost=\ndatabase=y\nuser=z\n", "has no host" },
    { "[shared-ledger]\nhost=x\ndatabase=y\nuser=z\nport=0\n", "port must be" },
    { "[shared-ledger]\nhost=x\ndatabase=y\nuser=z\nsslmode=prefer\n", "is no sslmode here" },
  };

  assert_says (f, 2, "share push --ledger LEDGER", "has no shared ledger");
  assert_says (f, 2, "share status --ledger LEDGER", "has no shared ledger");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (g_file_set_contents (f->config, cases[i].text, -1, NULL));
      assert_says (f, 2, "share push --ledger LEDGER", cases[i].told);
    }
  assert_says (f, 2, "share", "Usage");
  assert_says (f, 2, "share nothing", "Usage");
  assert_says (f, 2, "share elsewhere 1234", "128 hexadecimal digits");
  assert_says (f, 2, "share init --to 9", "from 0 to");
  assert_says (f, 2, "share password --password=secret", "command line");
  assert_says (f, 2, "list --shared --kind service", "leave out --kind");
  assert_says (f, 2, "verify --shared --head x", "leave out --head");
}

/* ---- a day of a station ---- */

static void
test_away (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (JsonNode) failed = NULL;
  JsonObject *problem;

  station_add_runs (f->station, 0, 2);
  write_config (f, "127.0.0.1", 1, "tester", "disable");
  status = run_json (f, f->station, 0, "share status --ledger LEDGER --json");
  g_assert_cmpint (get_int (status, "waiting"), ==, 4);
  g_assert_false (json_object_get_boolean_member (json_node_get_object (status), "usable"));
  problem = json_object_get_object_member (json_node_get_object (status), "problem");
  g_assert_cmpstr (json_object_get_string_member (problem, "code"), ==, "unreachable");
  failed = run_json (f, f->station, 6, "share push --ledger LEDGER --json");
  g_assert_true (json_object_has_member (json_node_get_object (failed), "error"));
  assert_says (f, 6, "list --shared", "127.0.0.1:1/" POSTGRES_DATABASE);
}

static void
test_share (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;
  g_autofree char *device_id = make_device_id (1);
  g_autofree char *elsewhere =
      g_strdup_printf ("share elsewhere %s --ledger LEDGER --json", device_id);
  g_autoptr (JsonNode) pushed = NULL;
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (JsonNode) units = NULL;
  g_autoptr (JsonNode) stats = NULL;
  g_autoptr (JsonNode) found = NULL;
  g_autoptr (JsonNode) good = NULL;
  g_autoptr (JsonNode) bad = NULL;
  JsonObject *unit;

  write_config (f, get_host (), postgres_get_port (postgres), "tester", "disable");
  station_add_runs (f->station, 0, 3);
  assert_says (f, 6, "share push --ledger LEDGER", "share init");
  assert_says (f, 0, "share init", "version 2");
  pushed = run_json (f, f->station, 0, "share push --ledger LEDGER --json");
  g_assert_cmpint (get_int (pushed, "entries"), ==, 6);
  again = run_json (f, f->station, 0, "share push --ledger LEDGER --json");
  g_assert_cmpint (get_int (again, "entries"), ==, 0);
  g_assert_cmpint (get_int (again, "lastEntry"), ==, 6);
  status = run_json (f, f->station, 0, "share status --ledger LEDGER --json");
  g_assert_cmpint (get_int (status, "waiting"), ==, 0);
  g_assert_true (json_object_get_boolean_member (json_node_get_object (status), "usable"));
  here = run (f, f->station, 0, "list --json --ledger LEDGER");
  there = run (f, f->station, 0, "list --json --shared");
  g_assert_cmpstr (there, ==, here);
  assert_says (f, 0, "list --shared --label SN-2", "SN-2");
  assert_same_counts (f, "");
  assert_same_counts (f, " --batch even");
  assert_same_record (f, here);

  station_add_run (other, 1, 9, "PASS");
  station_add_run (other, 5, 10, "FAIL");
  g_clear_pointer (&pushed, json_node_unref);
  pushed = run_json (f, other, 0, "share push --ledger LEDGER --json");
  g_assert_cmpint (get_int (pushed, "entries"), ==, 4);
  units = run_json (f, f->station, 0, "units --shared --json");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (units)), ==, 3);
  unit = json_array_get_object_element (json_node_get_array (units), 2);
  g_assert_cmpstr (json_object_get_string_member (unit, "deviceId"), ==, device_id);
  g_assert_true (json_object_get_boolean_member (unit, "conflict"));
  g_assert_cmpint (json_object_get_int_member (unit, "finalizedBy"), ==, 2);
  assert_says (f, 0, "units --shared", "CONFLICT: finalized by 2 stations");
  assert_says (f, 0, "units --shared --csv", ",\"2\"\r\n");
  stats = run_json (f, f->station, 0, "stats --shared --json");
  g_assert_cmpint (get_int (stats, "records"), ==, 5);
  g_assert_cmpint (get_int (stats, "boards"), ==, 4);
  g_assert_cmpint (get_int (stats, "firstPasses"), ==, 3);
  g_assert_cmpint (get_int (stats, "passes"), ==, 3);
  assert_says (f, 0, "stats --shared", "First pass   3 of 4 (75.0 %)");
  found = run_json (f, f->station, 0, elsewhere);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (found)), ==, 1);

  good = run_json (f, f->station, 0, "verify --shared --json --ledger LEDGER");
  g_assert_cmpint (get_int (good, "ledgers"), ==, 2);
  g_assert_cmpint (get_int (good, "entries"), ==, 10);
  postgres_run (postgres, "UPDATE lks_entries SET verdict = 'FAIL' WHERE sequence = 2");
  bad = run_json (f, f->station, 1, "verify --shared --json --ledger LEDGER");
  g_assert_cmpint (get_int (bad, "problemCount"), ==, 2);
  assert_says (f, 1, "verify --shared --ledger LEDGER", "BROKEN: ledger");

  /* An alarm is no trouble of the network. */
  postgres_run (postgres, "UPDATE lks_entries SET hash = 'x' WHERE sequence = 6");
  assert_says (f, 5, "share push --ledger LEDGER", "something else for entry 6");
  assert_says (f, 5, "share init --to 0", "would be lost");
  assert_says (f, 0, "share init --to 1", "version 1");
}

/* Signatures that are missing there are sent, and that is told. */
static void
test_repair (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonNode) repaired = NULL;

  write_config (f, get_host (), postgres_get_port (postgres), "tester", "disable");
  station_free (f->station);
  f->station = station_new (TRUE);
  station_add_runs (f->station, 0, 3);
  assert_says (f, 0, "share init", "version 2");
  assert_says (f, 0, "share push --ledger LEDGER", "6 entries copied");
  postgres_run (postgres, "DELETE FROM lks_signatures WHERE sequence > 2");
  assert_says (f, 1, "verify --shared --ledger LEDGER", "the signature is gone");
  assert_says (f, 0, "share push --ledger LEDGER", "did not have 4 signatures");
  assert_says (f, 0, "verify --shared --ledger LEDGER", "UNCHANGED");
  postgres_run (postgres, "DELETE FROM lks_signatures WHERE sequence = 2");
  repaired = run_json (f, f->station, 0, "share push --ledger LEDGER --json");
  g_assert_cmpint (get_int (repaired, "repairedSignatures"), ==, 1);
}

/* What was copied is not removed without anybody knowing. */
static void
test_end (Fixture *f, gconstpointer unused)
{
  write_config (f, "127.0.0.1", 1, "tester", "disable");
  station_add_runs (f->station, 0, 3);
  assert_says (f, 0, "verify --ledger LEDGER", "The shared ledger could not be asked: ");
  assert_says (f, 0, "verify --ledger LEDGER", "not proven by anything beside the file");

  write_config (f, get_host (), postgres_get_port (postgres), "tester", "disable");
  assert_says (f, 0, "share init", "version 2");
  assert_says (f, 0, "verify --ledger LEDGER", "END NOT PROVEN"); /* nothing is there */
  assert_says (f, 0, "share push --ledger LEDGER", "6 entries copied");
  assert_says (f, 0, "verify --ledger LEDGER", "up to entry 6 of 6, by the shared ledger");
  station_add_runs (f->station, 3, 1);
  assert_says (f, 0, "verify --ledger LEDGER", "up to entry 6 of 8, by the shared ledger");

  postgres_run (postgres, "UPDATE lks_entries SET sequence = 106 WHERE sequence = 6");
  assert_says (f, 1, "verify --ledger LEDGER", "BROKEN: the shared ledger has an entry 106");
}

/* With a password that only libpq's own file has. */
static void
test_pgpass (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->home, ".pgpass", NULL);

  postgres_run (postgres, "DO $$ BEGIN CREATE ROLE station LOGIN PASSWORD 'correct horse';"
                          " EXCEPTION WHEN OTHERS THEN NULL; END $$");
  write_config (f, "127.0.0.1", postgres_get_port (postgres), "station", "disable");
  assert_says (f, 6, "list --shared", "password");
  g_assert_true (g_file_set_contents_full (path, "*:*:*:station:correct horse\n", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  assert_says (f, 6, "list --shared", "share init"); /* it is in, and there is nothing yet */
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

/* ---- the line ---- */

#define FINALIZE "finalize --yes-lock-forever --recipe %s/recipe.json --ledger LEDGER"

static void
write_recipe (Fixture *f, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (f->home, "recipe.json", NULL);
  g_autofree char *text = g_strdup_printf ("{\"name\":\"%s\",\"targetState\":\"%s\","
                                           "\"allowedOsVersions\":[\"24.06\"],\"images\":[]}",
                                           name, target);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A board that is open, whatever happened to it before: two of one ID, for whoever looks at IDs. */
static void
write_line (Fixture *f, guint board)
{
  g_autofree char *device_id = make_device_id (board);
  g_autofree char *scenario_path = g_build_filename (f->home, "boards.json", NULL);
  g_autofree char *scenario =
      g_strdup_printf ("{\"defaults\":{\"bootMs\":50,\"restartDelayMs\":0,\"uptimeSeconds\":500},"
                       "\"boards\":[{\"deviceId\":\"%s\"}]}",
                       device_id);

  g_assert_true (g_file_set_contents (scenario_path, scenario, -1, NULL));
  write_recipe (f, "Line", "DeviceComplete");
}

/* Without its server a station works as ever, and says so; with it, its records are there at once,
 * and no second station locks a board of that ID. */
static void
test_line (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  g_autofree char *finalize = g_strdup_printf (FINALIZE " --all", f->home);
  g_autofree char *alone = NULL;
  g_autofree char *second = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (JsonNode) units = NULL;

  write_line (f, 1);
  write_config (f, "127.0.0.1", 1, "tester", "disable");
  alone = run (f, f->station, 0, finalize);
  g_assert_nonnull (strstr (alone, "PASS (finalized)"));
  g_assert_nonnull (strstr (alone, "is not known, the shared ledger could not be asked"));
  g_assert_nonnull (strstr (alone, "were not copied to the shared ledger"));

  /* The board comes back once more, and this time the server is there. */
  write_config (f, get_host (), postgres_get_port (postgres), "tester", "disable");
  assert_says (f, 0, "share init", "version 2");
  assert_says (f, 0, finalize, "PASS (");
  status = run_json (f, f->station, 0, "share status --ledger LEDGER --json");
  g_assert_cmpint (get_int (status, "waiting"), ==, 0);

  second = run (f, other, 5, finalize);
  g_assert_nonnull (strstr (second, "finished elsewhere: "));
  g_assert_nonnull (strstr (second, "by this very recipe"));
  g_assert_nonnull (strstr (second, "nobody has agreed"));
  g_assert_null (strstr (second, "PASS ("));

  /* Another version of the recipe leads there, too. */
  write_recipe (f, "Line 2", "DeviceComplete");
  g_clear_pointer (&second, g_free);
  second = run (f, other, 5, finalize);
  g_assert_nonnull (strstr (second, "finished elsewhere by another recipe: "));
  g_assert_nonnull (strstr (second, "“Line”"));
  g_assert_null (strstr (second, "PASS ("));

  /* So does one that wants less than was done, and the board has that. */
  write_recipe (f, "Radio", "Module1Complete");
  g_clear_pointer (&second, g_free);
  second = run (f, other, 0, finalize);
  g_assert_nonnull (strstr (second, "finished elsewhere by another recipe: "));

  units = run_json (f, f->station, 0, "units --shared --json");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (units)), ==, 1);
  g_assert_false (json_object_get_boolean_member (
      json_array_get_object_element (json_node_get_array (units), 0), "conflict"));
}

/* What one station has given a board is not given to another one by the next station. */
static void
test_label (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  g_autofree char *finalize = g_strdup_printf (FINALIZE " --label SN1", f->home);
  g_autofree char *finalize_again = g_strdup_printf (FINALIZE " --label SN2", f->home);
  g_autofree char *taken = NULL;
  g_autofree char *renamed = NULL;
  g_autofree char *alone = NULL;

  write_line (f, 1);
  write_config (f, get_host (), postgres_get_port (postgres), "tester", "disable");
  assert_says (f, 0, "share init", "version 2");
  assert_says (f, 0, finalize, "PASS (finalized)");

  renamed = run (f, other, 5, finalize_again);
  g_assert_nonnull (strstr (renamed, "this board has the label SN1 already, not SN2"));
  write_line (f, 2);
  taken = run (f, other, 5, finalize);
  g_assert_nonnull (strstr (taken, "the label SN1 belongs to the board …"));
  g_assert_null (strstr (taken, "PASS ("));

  write_config (f, "127.0.0.1", 1, "tester", "disable");
  alone = run (f, other, 0, finalize);
  g_assert_nonnull (strstr (alone, "whether the label SN1 is free at other stations is not known"));
  g_assert_nonnull (strstr (alone, "PASS (finalized)"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  locksmithctl = argv[1];
  bench = argv[2];
  if (!postgres_is_installed ())
    {
      g_print ("1..0 # SKIP PostgreSQL is not installed: tools/install test\n");
      return 0;
    }

  postgres = postgres_new ();
  TEST ("/share-cli/config", test_config);
  TEST ("/share-cli/away", test_away);
  TEST ("/share-cli/share", test_share);
  TEST ("/share-cli/repair", test_repair);
  TEST ("/share-cli/end", test_end);
  TEST ("/share-cli/line", test_line);
  TEST ("/share-cli/label", test_label);
  TEST ("/share-cli/pgpass", test_pgpass);
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
