/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-run-private.h"

#include "lks-enums.h"
#include "lks-json.h"

#define DOCUMENT_FORMAT 1

/* Microseconds since 1970. */
gint64
lks_run_time_to_us (GDateTime *time)
{
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

/* Nobody signed in: the user of the computer is who there was. */
static LksRunOrder
get_order (LksRun *run)
{
  LksRunOrder order = { 0 };

  if (run->target->order != NULL)
    order = *run->target->order;
  if (order.operator_name == NULL)
    order.operator_name = g_get_user_name ();
  order.label = run->is_label_refused ? NULL : run->label; /* refused: not this board's */
  return order;
}

static void
set_order (JsonObject *document, const LksRunOrder *order)
{
  lks_json_set_text (document, "operator", order->operator_name);
  lks_json_set_text (document, "role", order->operator_role);
  lks_json_set_text (document, "batch", order->batch);
  lks_json_set_text (document, "label", order->label);
}

/* The whole story as one JSON object: what `locksmithctl` prints, and who, where, when, by which
 * recipe. */
static char *
build_document (LksRun *run, const LksRunOrder *order)
{
  g_autoptr (JsonNode) node = lks_run_result_to_json (run->result);
  JsonObject *document = json_node_get_object (node);

  json_object_set_int_member (document, "format", DOCUMENT_FORMAT);
  json_object_set_string_member (document, "runId", run->run_id);
  set_order (document, order);
  json_object_set_string_member (document, "userName", g_get_user_name ());
  json_object_set_string_member (document, "realName", g_get_real_name ());
  json_object_set_string_member (document, "station", g_get_host_name ());
  lks_json_set_time (document, "startedAt", lks_run_time_to_us (run->result->started_at));
  lks_json_set_time (document, "finishedAt", lks_run_time_to_us (run->result->finished_at));
  json_object_set_string_member (document, "recipe", lks_recipe_get_text (run->recipe));
  return json_to_string (node, FALSE);
}

static LksRecord *
build_record (LksRun *run)
{
  LksRunResult *result = run->result;
  const LksRunOrder order = get_order (run);
  g_autofree char *document = build_document (run, &order);
  gint64 started_us = lks_run_time_to_us (result->started_at);

  return lks_record_new (&(LksRecordFields){
      .id = result->record_id,
      .run_id = run->run_id,
      .kind = result->kind,
      .device_id = result->device_id,
      .port = result->port,
      .usb_serial = result->usb_serial,
      .operator_name = order.operator_name,
      .operator_role = order.operator_role,
      .batch = order.batch,
      .label = order.label,
      .waived = result->n_waived,
      .station = g_get_host_name (),
      .started_us = started_us,
      .finished_us = MAX (started_us, lks_run_time_to_us (result->finished_at)),
      .recipe_name = result->recipe_name,
      .recipe_hash = result->recipe_hash,
      .recipe_text = lks_recipe_get_text (run->recipe),
      .verdict = lks_enum_to_nick (LKS_TYPE_VERDICT, (int) result->verdict),
      .outcome = lks_enum_to_nick (LKS_TYPE_OUTCOME, (int) result->outcome),
      .summary = lks_run_result_summarize (result),
      .document = document,
  });
}

/* Without a record there is no PASS: the next run of this board verifies and records it. */
static void
fail_record (LksRunResult *result, GError *error)
{
  g_clear_pointer (&result->record_id, g_free);
  if (result->verdict == LKS_VERDICT_PASS)
    {
      result->verdict = LKS_VERDICT_STOPPED;
      result->outcome = LKS_OUTCOME_NONE;
    }
  g_prefix_error (&error, "the run could not be recorded: ");
  if (result->error == NULL)
    result->error = error;
  else
    g_error_free (error);
}

static void
journal_end (LksRun *run)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "verdict",
                                 lks_enum_to_nick (LKS_TYPE_VERDICT, (int) run->result->verdict));
  json_object_set_string_member (data, "recordId", run->result->record_id);
  lks_run_journal_evidence (run, LKS_RUN_PHASE_END, data);
}

/* Ends a run: the record first, then the end in the journal. A crash between the two makes the
 * next run verify the board once more; nothing is lost. A recipe that is not the one of the
 * unfinished run gets no record: the next one is about the recipe that was begun with. */
void
lks_run_record (LksRun *run)
{
  g_autoptr (LksRecord) record = NULL;
  GError *error = NULL;

  if (g_error_matches (run->result->error, LKS_RUN_ERROR, LKS_RUN_ERROR_OTHER_RECIPE))
    {
      run->result->finished_at = g_date_time_new_now_utc ();
      return;
    }
  if (run->ledger_error != NULL)
    fail_record (run->result, g_steal_pointer (&run->ledger_error));

  run->result->finished_at = g_date_time_new_now_utc ();
  run->result->record_id = g_uuid_string_random ();
  record = build_record (run);
  if (!lks_ledger_add (run->ledger, record, &error))
    fail_record (run->result, error);

  if (lks_run_enter (run, LKS_RUN_PHASE_END) && run->result->record_id != NULL &&
      run->result->device_id != NULL)
    journal_end (run);
}
