/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station.h"

#include "lks-ledger-service.h"
#include "wait-until.h"

#include <glib/gstdio.h>

#define RUN_ID "11111111-2222-4333-8444-555555555555"
#define HASH "00000000000000000000000000000000000000000000000000000000000000a"
#define STEPS                                                                                      \
  "{\"steps\":[{\"name\":\"state\",\"result\":\"pass\",\"evidence\":{\"read\":\"Module1Complete\"" \
  "}},{\"name\":\"verify-state\",\"result\":\"pass\",\"evidence\":{\"read\":\"DeviceComplete\"}}," \
  "{\"name\":\"verify-os-version\",\"result\":\"pass\",\"evidence\":{\"read\":\"24.06\"}}]}"

static LksStationKey *
fetch_cb (gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_station_key_generate (error);
}

static void
open_ledger (Station *self)
{
  g_autoptr (GError) error = NULL;

  self->ledger = lks_ledger_open (self->path, &error);
  g_assert_no_error (error);
}

/* With a key everything is signed, as it is at a station. */
Station *
station_new (gboolean with_key)
{
  Station *self = g_new0 (Station, 1);
  g_autofree char *reason = NULL;

  /* In memory where there is a place for that: most of the time would go into the disk. */
  self->folder = g_mkdtemp (g_strdup ("/dev/shm/lks-station-XXXXXX"));
  if (self->folder == NULL)
    self->folder = g_dir_make_tmp ("lks-station-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "ledger.sqlite", NULL);
  open_ledger (self);
  if (!with_key)
    return self;

  lks_ledger_set_key_source (self->ledger, fetch_cb, NULL, NULL);
  lks_ledger_want_key (self->ledger);
  while (lks_ledger_get_station_key (self->ledger, &reason) == NULL)
    {
      g_clear_pointer (&reason, g_free);
      g_usleep (1000);
    }
  return self;
}

static void
close_ledger (Station *self)
{
  if (self->ledger != NULL)
    WAIT_FINALIZED (self->ledger);
}

/* As after the program was started again. */
void
station_reopen (Station *self)
{
  close_ledger (self);
  open_ledger (self);
}

void
station_free (Station *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  close_ledger (self);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

char *
make_device_id (guint board)
{
  g_autofree char *zeros = g_strnfill (124, '0');

  return g_strdup_printf ("%s%04x", zeros, board);
}

void
station_add_run (Station *self, guint board, guint second, const char *verdict)
{
  g_autofree char *device_id = make_device_id (board);
  g_autofree char *hash = g_strdup_printf (HASH "%u", board % 2);
  g_autofree char *label = g_strdup_printf ("SN-%u", board);
  const gboolean passed = g_str_equal (verdict, "PASS");
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecord) record = lks_record_new (&(LksRecordFields){
      .run_id = RUN_ID,
      .kind = "finalize",
      .device_id = device_id,
      .port = "1-2.3",
      .usb_serial = "AS\"1",
      .operator_name = "Ol\"ga\\\t ü",
      .station = "station",
      .started_us = 1000000000000000 + (gint64) second * G_USEC_PER_SEC,
      .finished_us = 1000000000500000 + (gint64) second * G_USEC_PER_SEC,
      .recipe_name = "a recipe",
      .recipe_hash = hash,
      .recipe_text = "{\"a\":1}",
      .verdict = verdict,
      .outcome = passed ? "finalized" : "none",
      .summary = passed ? NULL : "it did not restart",
      .document = STEPS,
      .operator_role = "operator",
      .batch = board % 2 == 0 ? "even" : NULL,
      .label = label,
      .waived = board % 3,
  });

  lks_ledger_journal_append (self->ledger,
                             &(LksJournalEntry){ .run_id = RUN_ID,
                                                 .device_id = device_id,
                                                 .target = "DeviceComplete",
                                                 .step = "set-state",
                                                 .phase = "intent",
                                                 .at_us = second,
                                                 .data = "{\"a\":1}" },
                             &error);
  g_assert_no_error (error);
  lks_ledger_add (self->ledger, record, &error);
  g_assert_no_error (error);
}

/* Boards and seconds from @first on; every fourth fails. Two entries each. */
void
station_add_runs (Station *self, guint first, guint count)
{
  for (guint i = first; i < first + count; i++)
    station_add_run (self, i, i, i % 4 == 3 ? "FAIL" : "PASS");
}

/* Two entries. */
void
station_add_session (Station *self)
{
  g_autofree char *device_id = make_device_id (9);
  g_autofree char *fingerprint = g_strnfill (64, 'a');
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;

  lks_ledger_service_begin (self->ledger,
                            &(LksServiceFields){ .id = id,
                                                 .device_id = device_id,
                                                 .port = "1-1",
                                                 .operator_name = "olga",
                                                 .station = "station",
                                                 .started_us = 2000000000000000,
                                                 .task = "wifi",
                                                 .fingerprint = fingerprint,
                                                 .capabilities = "[11]",
                                                 .document = "{}" },
                            &error);
  g_assert_no_error (error);
  lks_ledger_service_append (self->ledger,
                             &(LksServiceEvent){
                                 .session_id = id, .at_us = 1, .reason = "user", .document = "{}" },
                             &error);
  g_assert_no_error (error);
}

char *
station_dup_head (Station *self, gint64 *out_sequence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksVerifyReport) report =
      lks_ledger_verify (self->ledger, &(LksVerifyOptions){ 0 }, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->n_problems, ==, 0);
  *out_sequence = (gint64) report->n_entries;
  return g_steal_pointer (&report->head);
}

/* Over a connection of its own. */
gboolean
station_push (Station *self, const LksSharePlace *place, LksSharePushed *out_pushed, GError **error)
{
  g_autoptr (LksShare) share = lks_share_open (place, NULL, NULL, error);
  LksSharePushed unused;

  return share != NULL && lks_share_push (share, self->ledger,
                                          out_pushed != NULL ? out_pushed : &unused, NULL, error);
}
