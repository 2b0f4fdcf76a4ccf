/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shared ledger on a real PostgreSQL server: what gets there, and what is told of it. */
#include "postgres.h"
#include "proxy.h"
#include "station.h"

#include <string.h>

static Postgres *postgres; /* one for all cases, which begin without a shared ledger */

typedef struct
{
  LksSharePlace *place; /* (owned) */
  Station *station;     /* (owned) */
} Fixture;

static LksShare *
connect_to (const LksSharePlace *place)
{
  g_autoptr (GError) error = NULL;
  LksShare *share = lks_share_open (place, NULL, NULL, &error);

  g_assert_no_error (error);
  return share;
}

static void
migrate (const LksSharePlace *place, guint version)
{
  g_autoptr (LksShare) share = connect_to (place);
  g_autoptr (GError) error = NULL;
  guint now;

  lks_share_migrate (share, version, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (lks_share_read_version (share, &now, NULL, &error));
  g_assert_cmpuint (now, ==, version);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  postgres_clear (postgres);
  f->place = postgres_make_place (postgres, 0);
  f->station = station_new (TRUE);
  migrate (f->place, LKS_SHARE_SCHEMA_VERSION);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  station_free (f->station);
  lks_share_place_free (f->place);
}

static guint64
push (Station *station, const LksSharePlace *place)
{
  g_autoptr (GError) error = NULL;
  LksSharePushed pushed;

  station_push (station, place, &pushed, &error);
  g_assert_no_error (error);
  return pushed.n_entries;
}

static void
assert_answer (Fixture *f, const char *sql, const char *expected)
{
  g_autofree char *answer = postgres_ask (postgres, sql);

  g_assert_cmpstr (answer, ==, expected);
}

static LksShareReport *
verify (Fixture *f)
{
  g_autoptr (LksShare) share = connect_to (f->place);
  g_autoptr (GError) error = NULL;
  LksShareReport *report = lks_share_verify (share, f->station->ledger, NULL, &error);

  g_assert_no_error (error);
  return report;
}

static void
assert_good (Fixture *f, guint64 n_entries)
{
  g_autoptr (LksShareReport) report = verify (f);

  for (guint i = 0; i < report->problems->len; i++)
    g_test_message ("%s", (char *) report->problems->pdata[i]);
  g_assert_cmpuint (report->n_problems, ==, 0);
  g_assert_cmpuint (report->n_entries, ==, n_entries);
}

/* ---- setting up ---- */

static void
test_schema (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GError) error = NULL;

  migrate (f->place, 1);
  migrate (f->place, 2);
  migrate (f->place, 0);
  assert_answer (f, "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'lks%'", "0");
  g_assert_false (station_push (f->station, f->place, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP);
  g_clear_error (&error);

  migrate (f->place, 1);
  g_assert_false (station_push (f->station, f->place, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP);
  g_clear_error (&error);

  migrate (f->place, 2);
  station_add_runs (f->station, 0, 1);
  g_assert_cmpuint (push (f->station, f->place), ==, 2);
  share = connect_to (f->place);
  g_assert_false (lks_share_migrate (share, 0, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_LOSS);
  g_clear_error (&error);
  migrate (f->place, 1);
  migrate (f->place, 2);
  assert_good (f, 2);

  postgres_run (postgres, "INSERT INTO lks_migrations VALUES (99, 1)");
  g_assert_false (station_push (f->station, f->place, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NEWER);
  g_clear_error (&error);
  g_assert_false (lks_share_migrate (share, 2, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NEWER);
}

static gpointer
migrate_in_thread (gpointer data)
{
  migrate (data, LKS_SHARE_SCHEMA_VERSION);
  return NULL;
}

static void
test_schema_at_once (Fixture *f, gconstpointer unused)
{
  GThread *threads[4];

  migrate (f->place, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("migrate", migrate_in_thread, f->place);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  station_add_runs (f->station, 0, 1);
  g_assert_cmpuint (push (f->station, f->place), ==, 2);
}

/* ---- pushing ---- */

static void
test_push (Fixture *f, gconstpointer unused)
{
  g_autofree char *head = NULL;
  g_autofree char *there = NULL;
  LksOutboxCursor cursor;
  g_autofree char *place = lks_share_place_dup_name (f->place);
  gint64 last;
  guint64 n_waiting;
  gint64 oldest_us;

  station_add_runs (f->station, 0, 150); /* two batches */
  station_add_session (f->station);
  g_assert_true (lks_ledger_outbox_get (f->station->ledger, place, &cursor, NULL));
  g_assert_true (
      lks_ledger_outbox_count (f->station->ledger, &cursor, &n_waiting, &oldest_us, NULL));
  g_assert_cmpuint (n_waiting, ==, 302);
  g_assert_cmpuint (push (f->station, f->place), ==, 302);
  g_assert_cmpuint (push (f->station, f->place), ==, 0);
  station_reopen (f->station);
  g_assert_cmpuint (push (f->station, f->place), ==, 0);
  g_assert_true (lks_ledger_outbox_get (f->station->ledger, place, &cursor, NULL));
  g_assert_cmpint (cursor.sequence, ==, 302);
  g_assert_cmpint (cursor.confirmed_us, >, 0);
  g_assert_true (
      lks_ledger_outbox_count (f->station->ledger, &cursor, &n_waiting, &oldest_us, NULL));
  g_assert_cmpuint (n_waiting, ==, 0);
  g_assert_cmpint (oldest_us, ==, 0);

  station_add_runs (f->station, 200, 1);
  g_assert_true (
      lks_ledger_outbox_count (f->station->ledger, &cursor, &n_waiting, &oldest_us, NULL));
  g_assert_cmpuint (n_waiting, ==, 2);
  g_assert_cmpint (oldest_us, ==, 200);
  g_assert_cmpuint (push (f->station, f->place), ==, 2);

  head = station_dup_head (f->station, &last);
  there = postgres_ask (postgres, "SELECT hash FROM lks_entries ORDER BY sequence DESC LIMIT 1");
  g_assert_cmpstr (there, ==, head);
  assert_answer (f, "SELECT count(*), min(sequence), max(sequence) FROM lks_entries", "304|1|304");
  assert_answer (f, "SELECT count(*) FROM lks_signatures", "302");
  assert_answer (f, "SELECT count(*) FROM lks_station_keys", "1");
  assert_answer (f, "SELECT count(*) FROM lks_recipes", "2");
  assert_answer (f,
                 "SELECT operator, role, label, batch, waived FROM lks_entries WHERE kind = 'run'"
                 " ORDER BY sequence LIMIT 1",
                 "Ol\"ga\\\t ü|operator|SN-0|even|");
  assert_good (f, 304);
}

/* Signs the newest entry as it was when @report was made, which may be long ago on a large ledger.
 */
static void
sign_head (Fixture *f, LksVerifyReport *report)
{
  g_autoptr (LksStationKey) key = lks_station_key_generate (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_ledger_sign (f->station->ledger, report, key, &error));
  g_assert_no_error (error);
}

static LksVerifyReport *
verify_here (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  LksVerifyReport *report =
      lks_ledger_verify (f->station->ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  return report;
}

/* A signature that is made later goes after its entry. */
static void
test_later_signature (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVerifyReport) report = NULL;

  station_add_runs (f->station, 0, 2);
  push (f->station, f->place);
  report = verify_here (f);
  sign_head (f, report);
  assert_answer (f, "SELECT count(*) FROM lks_signatures", "4");
  push (f->station, f->place);
  assert_answer (f, "SELECT count(*) FROM lks_signatures", "5");
  assert_answer (f, "SELECT count(*) FROM lks_station_keys", "2");
  assert_good (f, 4);
}

/* While somebody signs what is there, more is written: the signature of the older entry is younger
 * than those of the newer ones. */
static void
test_overtaken_signature (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksVerifyReport) report = NULL;
  g_autoptr (LksVerifyReport) second = NULL;
  LksSharePushed pushed;

  station_add_runs (f->station, 0, 2);
  push (f->station, f->place);
  report = verify_here (f);
  station_add_runs (f->station, 2, 2);
  sign_head (f, report);
  g_assert_true (station_push (f->station, f->place, &pushed, NULL));
  g_assert_cmpuint (pushed.n_entries, ==, 4);
  g_assert_cmpuint (pushed.n_signatures, ==, 5);
  assert_answer (f, "SELECT count(*) FROM lks_signatures", "9");
  assert_good (f, 8);

  /* The same at the end of a batch. */
  second = verify_here (f);
  station_add_runs (f->station, 4, 150);
  sign_head (f, second);
  push (f->station, f->place);
  assert_answer (f, "SELECT count(*) FROM lks_signatures", "310");
  assert_good (f, 308);
  g_assert_true (station_push (f->station, f->place, &pushed, NULL));
  g_assert_cmpuint (pushed.n_signatures, ==, 0);
}

/* A signature that the server lacks goes there, whatever is known to be there. */
static void
test_repair (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksShare) share = connect_to (f->place);
  g_autoptr (LksShareReport) report = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n_sent;

  station_add_runs (f->station, 0, 1100); /* two ranges, and more than goes at once */
  push (f->station, f->place);
  g_assert_true (lks_share_repair (share, f->station->ledger, &n_sent, NULL, &error));
  g_assert_cmpuint (n_sent, ==, 0);

  postgres_run (postgres, "DELETE FROM lks_signatures WHERE sequence % 2 = 0");
  report = verify (f);
  g_assert_cmpuint (report->n_problems, ==, 1100);
  g_assert_cmpuint (push (f->station, f->place), ==, 0);
  g_assert_true (lks_share_repair (share, f->station->ledger, &n_sent, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_sent, ==, 1100);
  assert_good (f, 2200);
  g_assert_true (lks_share_repair (share, f->station->ledger, &n_sent, NULL, &error));
  g_assert_cmpuint (n_sent, ==, 0);

  /* What is there in another form stays, and is told by a check. */
  postgres_run (postgres, "UPDATE lks_signatures SET signature = 'x' WHERE sequence = 7");
  g_assert_true (lks_share_repair (share, f->station->ledger, &n_sent, NULL, &error));
  g_assert_cmpuint (n_sent, ==, 0);
  assert_answer (f, "SELECT signature FROM lks_signatures WHERE sequence = 7", "x");
}

/* With the rights that a station needs, and no more. */
static void
test_rights (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSharePlace) place = lks_share_place_copy (f->place);
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GError) error = NULL;

  postgres_run (postgres,
                "DO $$ BEGIN CREATE ROLE worker LOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$");
  g_free (place->user);
  place->user = g_strdup ("worker");
  station_add_runs (f->station, 0, 2);
  g_assert_false (station_push (f->station, place, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED);
  g_clear_error (&error);

  postgres_run (postgres,
                "GRANT SELECT, INSERT ON lks_entries, lks_signatures, lks_station_keys, lks_recipes"
                " TO worker; GRANT SELECT ON lks_migrations TO worker");
  g_assert_cmpuint (push (f->station, place), ==, 4);
  g_assert_cmpuint (push (f->station, place), ==, 0);
  share = connect_to (place);
  g_assert_false (lks_share_migrate (share, 1, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED);
}

static gpointer
push_in_thread (gpointer data)
{
  gpointer *arguments = data;

  for (guint i = 0; i < 5; i++)
    push (arguments[0], arguments[1]);
  return NULL;
}

/* Two stations, and two programs with one ledger, all at once. */
static void
test_at_once (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  gpointer arguments[2][2] = { { f->station, f->place }, { other, f->place } };
  GThread *threads[6];

  station_add_runs (f->station, 0, 120);
  station_add_runs (other, 1, 120);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("push", push_in_thread, arguments[i % 2]);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_answer (f, "SELECT count(*), count(DISTINCT hash) FROM lks_entries", "480|480");
  assert_good (f, 480);
}

/* ---- asking ---- */

static char *
list_ids (GPtrArray *records)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    {
      const LksRecordFields *fields = lks_record_get_fields (records->pdata[i]);
      g_autoptr (JsonObject) json = lks_record_fields_to_json (fields, FALSE);
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), json);
      g_autofree char *line = json_to_string (node, FALSE);

      g_string_append_printf (text, "%s\n", line);
    }
  return g_string_free (text, FALSE);
}

/* The shared ledger gives the answers of the local one. */
static void
test_list (Fixture *f, gconstpointer unused)
{
  static const LksLedgerQuery queries[] = {
    { 0 },
    { .limit = 3 },
    { .limit = 3, .offset = 2 },
    { .verdict = "FAIL" },
    { .device_id_end = "0003" },
    { .device_id_end = "000F" },
    { .usb_serial = "AS\"1", .limit = 2 },
    { .usb_serial = "AS" },
    { .recipe = "a recipe", .verdict = "PASS" },
    { .recipe = "00000000000000000000000000000000000000000000000000000000000000a1" },
    { .label = "SN-5" },
    { .batch = "even", .since_us = 1000000004000000 },
    { .since_us = 1000000003000000, .until_us = 1000000007000000 },
  };
  g_autoptr (LksShare) share = connect_to (f->place);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = NULL;

  station_add_runs (f->station, 0, 16);
  push (f->station, f->place);
  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GPtrArray) here = lks_ledger_list (f->station->ledger, &queries[i], &error);
      g_autoptr (GPtrArray) there = lks_share_list (share, &queries[i], NULL, &error);
      g_autofree char *expected = NULL;
      g_autofree char *found = NULL;

      g_assert_no_error (error);
      expected = list_ids (here);
      found = list_ids (there);
      g_assert_cmpstr (found, ==, expected);
    }
  none = lks_share_list (share, &(LksLedgerQuery){ .device_id_end = "xyz" }, NULL, &error);
  g_assert_null (none);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_INVALID);
}

static gboolean
unit_cb (const LksShareUnit *unit, gpointer data)
{
  g_string_append_printf (data, "%s %s %s %s %" G_GUINT64_FORMAT "\n", unit->unit.device_id + 124,
                          unit->unit.state, unit->unit.os_version, unit->unit.outcome,
                          unit->n_ledgers);
  return TRUE;
}

/* Two stations say that they locked board 2: both are believed, and it shows. */
static void
test_same_board (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  g_autoptr (LksShare) share = connect_to (f->place);
  g_autoptr (GPtrArray) elsewhere = NULL;
  g_autoptr (GPtrArray) nowhere = NULL;
  g_autoptr (GString) units = g_string_new (NULL);
  g_autofree char *own_id = lks_ledger_dup_id (f->station->ledger, NULL);
  g_autofree char *second = make_device_id (2);
  g_autofree char *first = make_device_id (1);
  g_autoptr (GError) error = NULL;

  station_add_run (f->station, 1, 1, "PASS");
  station_add_run (f->station, 2, 2, "PASS");
  station_add_run (f->station, 2, 4, "PASS"); /* twice at one station is no conflict */
  station_add_run (other, 2, 3, "PASS");
  station_add_run (other, 1, 5, "FAIL");
  push (f->station, f->place);
  push (other, f->place);

  assert_answer (f, "SELECT count(*) FROM lks_entries WHERE kind = 'run'", "5");
  g_assert_true (
      lks_share_for_each_unit (share, &(LksLedgerQuery){ 0 }, unit_cb, units, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (units->str, ==,
                   "0001 DeviceComplete 24.06 finalized 1\n"
                   "0002 DeviceComplete 24.06 finalized 2\n");

  elsewhere = lks_share_find_elsewhere (share, own_id, second, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (elsewhere->len, ==, 1);
  g_assert_cmpint (lks_record_get_fields (elsewhere->pdata[0])->started_us, ==, 1000000003000000);
  nowhere = lks_share_find_elsewhere (share, own_id, first, NULL, &error);
  g_assert_cmpuint (nowhere->len, ==, 0);
  assert_good (f, 10);
}

/* ---- what somebody does on the server ---- */

static void
test_changed_there (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *sql;
    const char *told;
  } cases[] = {
    { "UPDATE lks_entries SET verdict = 'PASS' WHERE sequence = 8", "“verdict” was changed" },
    { "UPDATE lks_entries SET waived = 9 WHERE sequence = 8", "“waived” was changed" },
    { "UPDATE lks_entries SET device_key = 'x' WHERE sequence = 8", "“device_key” was changed" },
    { "UPDATE lks_entries SET label = NULL WHERE sequence = 8", "“label” was changed" },
    { "UPDATE lks_entries SET text = overlay(text PLACING 'X' FROM 300 FOR 1) WHERE sequence = 8",
      "its hash is another one" },
    { "UPDATE lks_entries SET text = 'nonsense' WHERE sequence = 8", "entry 8" },
    { "UPDATE lks_entries SET hash = repeat('a', 64) WHERE sequence = 8", "its hash is another" },
    { "DELETE FROM lks_entries WHERE sequence = 5", "entry 5: it is gone" },
    { "DELETE FROM lks_entries WHERE sequence = 1", "entry 1: it is gone" },
    { "DELETE FROM lks_entries WHERE sequence = 12", "entry 12: this station's records" },
    { "UPDATE lks_entries SET sequence = 99 WHERE sequence = 12", "entry 99" },
    { "UPDATE lks_entries SET sequence = 0 WHERE sequence = 3", "entry 0" },
    { "UPDATE lks_signatures SET at_us = at_us + 1 WHERE sequence = 3", "its signature is not of" },
    { "DELETE FROM lks_signatures WHERE sequence = 3", "the signature is gone" },
    { "DELETE FROM lks_station_keys", "its signature is not of" },
    { "UPDATE lks_recipes SET text = '{}'", "the recipe" },
    { "UPDATE lks_entries SET ledger_id = '11111111-2222-4333-8444-555555555555'",
      "entry 1: it does not follow" },
  };

  station_add_runs (f->station, 0, 6);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (LksShareReport) report = NULL;
      g_autofree char *all = NULL;

      postgres_run (postgres,
                    "TRUNCATE lks_entries, lks_signatures, lks_station_keys, lks_recipes");
      push (f->station, f->place);
      assert_good (f, 12);
      postgres_run (postgres, cases[i].sql);
      report = verify (f);
      g_ptr_array_add (report->problems, NULL);
      all = g_strjoinv ("\n", (char **) report->problems->pdata);
      g_assert_cmpuint (report->n_problems, >, 0);
      if (strstr (all, cases[i].told) == NULL)
        g_error ("%s: “%s” is not told in: %s", cases[i].sql, cases[i].told, all);
    }
}

/* A ledger was copied to another computer, and both go on. */
static void
test_copied_ledger (Fixture *f, gconstpointer unused)
{
  g_autoptr (Station) other = station_new (FALSE);
  g_autofree char *data = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize size_bytes;

  station_add_runs (f->station, 0, 2);
  push (f->station, f->place);
  station_reopen (f->station); /* everything is in the file */
  g_assert_true (g_file_get_contents (f->station->path, &data, &size_bytes, NULL));
  g_clear_object (&other->ledger);
  g_assert_true (g_file_set_contents (other->path, data, (gssize) size_bytes, NULL));
  other->ledger = lks_ledger_open (other->path, &error);
  g_assert_no_error (error);

  station_add_runs (f->station, 10, 1);
  station_add_runs (other, 20, 2);
  push (f->station, f->place);
  before = postgres_ask (postgres, "SELECT hash FROM lks_entries ORDER BY sequence");
  g_assert_false (station_push (other, f->place, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DIFFERS);
  g_assert_nonnull (strstr (error->message, "entry 6"));
  after = postgres_ask (postgres, "SELECT hash FROM lks_entries ORDER BY sequence");
  g_assert_cmpstr (after, ==, before);
}

/* The server was set back to an old backup. */
static void
test_set_back (Fixture *f, gconstpointer unused)
{
  LksSharePushed pushed;
  g_autoptr (GError) error = NULL;

  station_add_runs (f->station, 0, 5);
  push (f->station, f->place);
  postgres_run (postgres, "DELETE FROM lks_entries WHERE sequence > 4;"
                          "DELETE FROM lks_signatures WHERE sequence > 4");
  g_assert_true (station_push (f->station, f->place, &pushed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (pushed.n_lost_before, ==, 6);
  g_assert_cmpuint (pushed.n_entries, ==, 6);
  assert_good (f, 10);
}

/* What was changed on this computer is not spread. */
static void
test_changed_here (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command =
      g_strdup_printf ("sqlite3 %s \"DROP TRIGGER records_never_change;"
                       " UPDATE records SET verdict = 'PASS' WHERE sequence = 4\"",
                       f->station->path);

  station_add_runs (f->station, 0, 5);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
  g_assert_false (station_push (f->station, f->place, NULL, &error));
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_CORRUPT);
  assert_answer (f, "SELECT count(*) FROM lks_entries", "0");
}

/* ---- who may come in ---- */

static void
test_denied (Fixture *f, gconstpointer unused)
{
  g_autoptr (LksSharePlace) place = postgres_make_place (postgres, 1);
  g_autoptr (LksSecret) right = lks_secret_new ("correct horse", 13);
  g_autoptr (LksSecret) wrong = lks_secret_new ("battery staple", 14);
  g_autoptr (LksShare) share = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_share_open (place, NULL, NULL, &error)); /* nobody listens on port 1 */
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_UNREACHABLE);
  g_clear_error (&error);

  place->port = postgres_get_port (postgres);
  g_free (place->user);
  place->user = g_strdup ("station");
  postgres_run (postgres, "CREATE ROLE station LOGIN PASSWORD 'correct horse'");
  g_assert_null (lks_share_open (place, wrong, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED);
  g_assert_null (strstr (error->message, "staple"));
  g_clear_error (&error);
  share = lks_share_open (place, right, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (share);

  g_free (place->database);
  place->database = g_strdup ("nothing");
  g_assert_null (lks_share_open (place, right, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_NOT_SET_UP);
  g_clear_error (&error);

  /* This server has no certificate, and is not talked to without one unless that is wanted. */
  g_free (place->ssl_mode);
  place->ssl_mode = g_strdup ("verify-full");
  g_assert_null (lks_share_open (place, right, NULL, &error));
  g_assert_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_usleep (50000); /* the other thread is most likely waiting by then; it must end in any case */
  g_cancellable_cancel (data);
  return NULL;
}

/* Nothing comes from the other end. */
static void
test_cancel (Fixture *f, gconstpointer unused)
{
  Proxy *proxy = proxy_new (postgres_get_port (postgres));
  g_autoptr (LksSharePlace) place = postgres_make_place (postgres, proxy_get_port (proxy));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  proxy_hold (proxy);
  thread = g_thread_new ("cancel", cancel_in_thread, cancellable);
  g_assert_null (lks_share_open (place, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  proxy_free (proxy);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  if (!postgres_is_installed ())
    {
      g_print ("1..0 # SKIP PostgreSQL is not installed: tools/install test\n");
      return 0;
    }

  postgres = postgres_new ();
  TEST ("/share/schema", test_schema);
  TEST ("/share/schema-at-once", test_schema_at_once);
  TEST ("/share/push", test_push);
  TEST ("/share/later-signature", test_later_signature);
  TEST ("/share/overtaken-signature", test_overtaken_signature);
  TEST ("/share/repair", test_repair);
  TEST ("/share/rights", test_rights);
  TEST ("/share/at-once", test_at_once);
  TEST ("/share/list", test_list);
  TEST ("/share/same-board", test_same_board);
  TEST ("/share/changed-there", test_changed_there);
  TEST ("/share/copied-ledger", test_copied_ledger);
  TEST ("/share/set-back", test_set_back);
  TEST ("/share/changed-here", test_changed_here);
  TEST ("/share/denied", test_denied);
  TEST ("/share/cancel", test_cancel);
  status = g_test_run ();
  postgres_free (postgres);
  return status;
}
