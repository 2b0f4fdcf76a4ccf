/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ledger with some boards says about all of them. */
#include "lks-ledger-service.h"
#include "lks-ledger-stats.h"

#include <glib/gstdio.h>
#include <string.h>

#define RUN_ID "11111111-2222-4333-8444-555555555555"
#define START_US G_GINT64_CONSTANT (1000000000000000)

typedef struct
{
  char *folder;      /* (owned) */
  LksLedger *ledger; /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("lks-stats-XXXXXX", NULL);
  path = g_build_filename (f->folder, "ledger.sqlite", NULL);
  f->ledger = lks_ledger_open (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->ledger);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

/* One run: of which board, @second s after the start, for how long, at which place. */
typedef struct
{
  guint board; /* 0: its ID could not be read */
  guint second;
  guint seconds;
  const char *port;
  const char *recipe;
  const char *verdict;
  const char *outcome;
  const char *steps;
  const char *batch; /* (nullable) */
  const char *label; /* (nullable) */
} Run;

#define STEP(name, result, read)                                                                   \
  "{\"name\":\"" name "\",\"result\":\"" result "\",\"evidence\":{\"read\":\"" read "\"}}"
#define PROVEN                                                                                     \
  STEP ("state", "pass", "Module1Complete")                                                        \
  "," STEP ("os-version", "pass",                                                                  \
            "24.03") "," STEP ("verify-state", "pass",                                             \
                               "DeviceComplete") "," STEP ("verify-os-version", "pass", "24.06")
#define VERIFIED STEP ("state", "pass", "DeviceComplete") "," STEP ("os-version", "pass", "24.03")
#define BAD_WIFI STEP ("state", "pass", "x") "," STEP ("wifi-networks", "fail", "one")

/* Board 1 passes at once, and later again, in another batch; board 2 at the second attempt; board 3
 * never; board 4 was locked before. */
static const Run runs[] = {
  { 1, 0, 10, "1-1", "lamp", "PASS", "finalized", PROVEN, "b-7", "LAMP-1" },
  { 2, 20, 3, "1-1", "lamp", "FAIL", "none", BAD_WIFI, "b-7", "LAMP-2" },
  { 3, 30, 3, "1-2", "heater", "FAIL", "none", BAD_WIFI, NULL, NULL },
  { 0, 35, 1, "1-2", "heater", "STOPPED", "none", STEP ("identify", "stopped", ""), "b-8", NULL },
  { 2, 40, 20, "1-2", "lamp", "PASS", "finalized", PROVEN, "b-7", "LAMP-2" },
  { 3, 70, 3, "1-2", "heater", "STOPPED", "none", "", NULL, NULL },
  { 4, 80, 30, "1-2", "heater", "PASS", "verified", VERIFIED, "b-8", NULL },
  { 1, 90, 5, "1-1", "lamp", "PASS", "verified", VERIFIED, "b-8", "LAMP-1" },
};

static char *
make_device_id (guint board)
{
  return g_strdup_printf ("%0128x", board);
}

static void
add_run (Fixture *f, const Run *run)
{
  g_autofree char *device_id = run->board != 0 ? make_device_id (run->board) : NULL;
  g_autofree char *hash = g_strnfill (64, *run->recipe == 'l' ? '1' : '2');
  g_autofree char *document = g_strdup_printf ("{\"steps\":[%s]}", run->steps);
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "finalize",
      .device_id = device_id,
      .port = run->port,
      .operator_name = "olga",
      .station = "line",
      .started_us = START_US + run->second * G_USEC_PER_SEC,
      .finished_us = START_US + (run->second + run->seconds) * G_USEC_PER_SEC,
      .recipe_name = run->recipe,
      .recipe_hash = hash,
      .recipe_text = "{}",
      .verdict = run->verdict,
      .outcome = run->outcome,
      .batch = run->batch,
      .label = run->label,
      .document = document,
  });

  lks_ledger_add (f->ledger, record, &error);
  g_assert_no_error (error);
}

static void
add_runs (Fixture *f)
{
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    add_run (f, &runs[i]);
}

static char *
lines_to_text (GPtrArray *lines)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const LksStatsLine *line = lines->pdata[i];

      g_string_append_printf (text, "%s%s %u/%u", i > 0 ? ", " : "",
                              line->name != NULL ? line->name : "(none)",
                              (guint) line->n_first_passes, (guint) line->n_boards);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static LksStats *
read_stats (Fixture *f, const LksLedgerQuery *query)
{
  g_autoptr (GError) error = NULL;
  LksStats *stats = lks_ledger_stats (f->ledger, query, &error);

  g_assert_no_error (error);
  return stats;
}

static void
test_stats (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStats) stats = NULL;
  g_autofree char *failures = NULL;
  g_autofree char *places = NULL;
  g_autofree char *batches = NULL;
  g_autofree char *recipes = NULL;

  add_runs (f);
  stats = read_stats (f, &(LksLedgerQuery){ 0 });
  g_assert_cmpuint (stats->n_records, ==, 8);
  g_assert_cmpuint (stats->n_boards, ==, 4);
  g_assert_cmpuint (stats->n_first_passes, ==, 2);
  g_assert_cmpuint (stats->n_passes, ==, 3);
  g_assert_cmpint (stats->cycle_median_ms, ==, 10000);
  g_assert_cmpint (stats->cycle_p95_ms, ==, 30000);
  failures = lines_to_text (stats->failures);
  places = lines_to_text (stats->places);
  batches = lines_to_text (stats->batches);
  recipes = lines_to_text (stats->recipes);
  g_assert_cmpstr (failures, ==, "wifi-networks 0/2, identify 0/1, other 0/1");
  g_assert_cmpstr (places, ==, "line 1-1 1/2, line 1-2 1/2");
  g_assert_cmpstr (batches, ==, "b-8 1/1, (none) 0/1, b-7 1/2"); /* the newest first */
  g_assert_cmpstr (recipes, ==, "heater 1/2, lamp 1/2");
}

/* A board whose first run was before is not one of the time that was asked for. */
static void
test_stats_of_some (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStats) late = NULL;
  g_autoptr (LksStats) lamps = NULL;
  g_autoptr (LksStats) none = NULL;

  add_runs (f);
  late = read_stats (f, &(LksLedgerQuery){ .since_us = START_US + 40 * G_USEC_PER_SEC });
  g_assert_cmpuint (late->n_records, ==, 4);
  g_assert_cmpuint (late->n_boards, ==, 1);
  g_assert_cmpuint (late->n_first_passes, ==, 1);
  lamps = read_stats (f, &(LksLedgerQuery){ .recipe = "lamp" });
  g_assert_cmpuint (lamps->n_boards, ==, 2);
  g_assert_cmpuint (lamps->n_first_passes, ==, 1);
  none = read_stats (f, &(LksLedgerQuery){ .until_us = 1 });
  g_assert_cmpuint (none->n_records, ==, 0);
  g_assert_cmpuint (none->n_boards, ==, 0);
  g_assert_cmpint (none->cycle_median_ms, ==, 0);
  g_assert_cmpuint (none->failures->len + none->places->len + none->recipes->len, ==, 0);
}

/* A board counts in the batch in which it was finalized first. */
static void
test_stats_of_batch (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksStats) old = NULL;
  g_autoptr (LksStats) new = NULL;
  g_autoptr (LksStats) none = NULL;
  g_autofree char *old_failures = NULL;
  g_autofree char *new_failures = NULL;
  g_autofree char *new_batches = NULL;

  add_runs (f);
  old = read_stats (f, &(LksLedgerQuery){ .batch = "b-7" });
  g_assert_cmpuint (old->n_records, ==, 3);
  g_assert_cmpuint (old->n_boards, ==, 2);
  g_assert_cmpuint (old->n_first_passes, ==, 1);
  g_assert_cmpuint (old->n_passes, ==, 2);
  old_failures = lines_to_text (old->failures);
  g_assert_cmpstr (old_failures, ==, "wifi-networks 0/1");

  new = read_stats (f, &(LksLedgerQuery){ .batch = "b-8" });
  g_assert_cmpuint (new->n_records, ==, 3);
  g_assert_cmpuint (new->n_boards, ==, 1);
  new_failures = lines_to_text (new->failures);
  new_batches = lines_to_text (new->batches);
  g_assert_cmpstr (new_failures, ==, "identify 0/1");
  g_assert_cmpstr (new_batches, ==, "b-8 1/1");

  none = read_stats (f, &(LksLedgerQuery){ .batch = "b" });
  g_assert_cmpuint (none->n_records, ==, 0);
  g_assert_cmpuint (none->batches->len, ==, 0);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer out_result)
{
  *(GAsyncResult **) out_result = g_object_ref (result);
}

static void
test_stats_async (Fixture *f, gconstpointer unused)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LksStats) stats = NULL;
  g_autoptr (GError) error = NULL;

  add_runs (f);
  lks_ledger_stats_async (f->ledger, &(LksLedgerQuery){ .recipe = "lamp" }, NULL, finished_cb,
                          &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  stats = lks_ledger_stats_finish (f->ledger, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stats->n_boards, ==, 2);
}

/* ---- units ---- */

static gboolean
add_unit_cb (const LksUnit *unit, gpointer text)
{
  g_string_append_printf (text, "%c %s %s %s %u; ", unit->device_id[127], unit->state,
                          unit->os_version, unit->outcome, (guint) unit->n_services);
  return TRUE;
}

static void
service (Fixture *f, guint board, gboolean with_change)
{
  g_autofree char *device_id = make_device_id (board);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *fingerprint = g_strnfill (64, 'a');
  g_autoptr (GError) error = NULL;

  lks_ledger_service_begin (f->ledger,
                            &(LksServiceFields){
                                .id = id,
                                .device_id = device_id,
                                .port = "1-1",
                                .operator_name = "olga",
                                .station = "line",
                                .started_us = START_US + 500 * G_USEC_PER_SEC,
                                .task = "wifi",
                                .fingerprint = fingerprint,
                                .capabilities = "[11]",
                                .document = "{}",
                            },
                            &error);
  g_assert_no_error (error);
  if (with_change)
    lks_ledger_service_append (f->ledger,
                               &(LksServiceEvent){
                                   .session_id = id,
                                   .at_us = START_US + 501 * G_USEC_PER_SEC,
                                   .method = "PUT",
                                   .path = "/wifi",
                                   .http_status = 200,
                                   .document = "{}",
                               },
                               &error);
  g_assert_no_error (error);
}

static void
test_units (Fixture *f, gconstpointer unused)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) heaters = g_string_new (NULL);
  g_autoptr (GString) lamp = g_string_new (NULL);
  g_autoptr (GString) batch = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  add_runs (f);
  service (f, 2, TRUE);
  service (f, 4, FALSE); /* only looked at */
  g_assert_true (
      lks_ledger_for_each_unit (f->ledger, &(LksLedgerQuery){ 0 }, add_unit_cb, all, &error));
  g_assert_cmpstr (all->str, ==,
                   "2 DeviceComplete 24.06 finalized 1; 4 DeviceComplete 24.03 verified 0; "
                   "1 DeviceComplete 24.03 verified 0; ");
  g_assert_true (lks_ledger_for_each_unit (f->ledger, &(LksLedgerQuery){ .recipe = "heater" },
                                           add_unit_cb, heaters, &error));
  g_assert_cmpstr (heaters->str, ==, "4 DeviceComplete 24.03 verified 0; ");
  g_assert_true (lks_ledger_for_each_unit (f->ledger, &(LksLedgerQuery){ .label = "LAMP-2" },
                                           add_unit_cb, lamp, &error));
  g_assert_cmpstr (lamp->str, ==, "2 DeviceComplete 24.06 finalized 1; ");
  g_assert_true (lks_ledger_for_each_unit (f->ledger, &(LksLedgerQuery){ .batch = "b-7" },
                                           add_unit_cb, batch, &error));
  g_assert_cmpstr (batch->str, ==, "2 DeviceComplete 24.06 finalized 1; ");
}

/* The proof that was added last comes first, and no more than were asked for. */
static void
test_list_units (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) two = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  add_runs (f);
  all = lks_ledger_list_units (f->ledger, &(LksLedgerQuery){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 3);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpint (((LksUnit *) all->pdata[i])->device_id[127], ==, "142"[i]);
  two = lks_ledger_list_units (f->ledger, &(LksLedgerQuery){ .limit = 2 }, &error);
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpstr (((LksUnit *) two->pdata[0])->record_id, ==,
                   ((LksUnit *) all->pdata[0])->record_id);
  none = lks_ledger_list_units (f->ledger, &(LksLedgerQuery){ .device_id_end = "x" }, &error);
  g_assert_null (none);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
}

/* A file has what the list has, the oldest proof first. */
static void
test_save_units (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (f->folder, "boards", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;
  JsonObject *last;
  const LksUnit *newest;

  g_assert_true (lks_ledger_save_units (f->ledger, LKS_EXPORT_FORMAT_JSON, file, &error));
  g_assert_true (g_file_get_contents (path, &csv, NULL, NULL));
  g_assert_cmpstr (csv, ==, "[\n]\n");
  g_clear_pointer (&csv, g_free);

  add_runs (f);
  all = lks_ledger_list_units (f->ledger, &(LksLedgerQuery){ 0 }, &error);
  newest = all->pdata[0];
  g_assert_true (lks_ledger_save_units (f->ledger, LKS_EXPORT_FORMAT_JSON, file, &error));
  g_assert_true (g_file_get_contents (path, &csv, NULL, NULL));
  json = json_from_string (csv, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (json)), ==, all->len);
  last = json_array_get_object_element (json_node_get_array (json), all->len - 1);
  g_assert_cmpstr (json_object_get_string_member (last, "recordId"), ==, newest->record_id);
  g_assert_cmpstr (json_object_get_string_member (last, "state"), ==, newest->state);
  g_assert_cmpint (json_object_get_int_member (last, "servicedSince"), ==, newest->n_services);
  g_clear_pointer (&csv, g_free);

  g_assert_true (lks_ledger_save_units (f->ledger, LKS_EXPORT_FORMAT_CSV, file, &error));
  g_assert_true (g_file_get_contents (path, &csv, NULL, NULL));
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, all->len + 2);
  g_assert_true (g_str_has_suffix (lines[0], ",record_id,serviced_since"));
  g_assert_nonnull (strstr (lines[all->len], newest->device_id));

  g_clear_object (&file);
  file = g_file_new_for_path ("/proc/nothing/boards");
  g_assert_false (lks_ledger_save_units (f->ledger, LKS_EXPORT_FORMAT_CSV, file, &error));
  g_assert_nonnull (error);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/stats/all", test_stats);
  TEST ("/stats/some", test_stats_of_some);
  TEST ("/stats/batch", test_stats_of_batch);
  TEST ("/stats/async", test_stats_async);
  TEST ("/stats/units", test_units);
  TEST ("/stats/list-units", test_list_units);
  TEST ("/stats/save-units", test_save_units);
  return g_test_run ();
}
