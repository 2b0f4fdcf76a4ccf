/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-record-text.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"
#include "lks-run-step.h"
#include "lks-run.h"
#include "lks-verdict-book.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The ledger is written by this program, but the file may be anybody's. */
#define DOCUMENT_SIZE_MAX_BYTES (16 * 1024 * 1024)

/**
 * lks_record_format_time:
 * @unix_us: a Unix time in microseconds
 *
 * Writes a time of the past, so that nobody takes the day for the month.
 *
 * Returns: (transfer full): date and time, local
 */
char *
lks_record_format_time (gint64 unix_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (unix_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%F %T") : g_strdup (_ ("unknown time"));
}

/**
 * lks_record_to_title:
 * @record: a record
 *
 * Returns: (transfer full): which board it is about
 */
char *
lks_record_to_title (LksRecord *record)
{
  const char *device_id = lks_record_get_fields (record)->device_id;

  if (device_id == NULL)
    return g_strdup (_ ("Board Without an ID"));
  /* Translators: the last six digits of a device ID */
  return g_strdup_printf (_ ("Board %s"), lks_device_id_get_short (device_id));
}

/**
 * lks_record_to_subtitle:
 * @record: a record
 *
 * Returns: (transfer full): when, by whom, and whether it is not signed
 */
char *
lks_record_to_subtitle (LksRecord *record)
{
  const LksRecordFields *fields = lks_record_get_fields (record);
  g_autofree char *time = lks_record_format_time (fields->started_us);

  if (fields->signer == NULL)
    /* Translators: a time and a person; of a record */
    return g_strdup_printf (_ ("%s · %s · not signed"), time, fields->operator_name);
  /* Translators: a time and a person */
  return g_strdup_printf (_ ("%s · %s"), time, fields->operator_name);
}

/**
 * lks_record_to_search_text:
 * @record: a record
 *
 * Returns: (transfer full): everything a record can be found by
 */
char *
lks_record_to_search_text (LksRecord *record)
{
  const LksRecordFields *fields = lks_record_get_fields (record);
  g_autofree char *time = lks_record_format_time (fields->started_us);

  return g_strjoin (" ", fields->device_id != NULL ? fields->device_id : "", fields->port,
                    fields->usb_serial != NULL ? fields->usb_serial : "", fields->operator_name,
                    fields->station, fields->recipe_name, fields->verdict,
                    fields->label != NULL ? fields->label : "",
                    fields->batch != NULL ? fields->batch : "", time, NULL);
}

/**
 * lks_sign_for_record:
 * @record: a record
 *
 * Returns: the sign of its verdict
 */
LksSign
lks_sign_for_record (LksRecord *record)
{
  int verdict = LKS_VERDICT_NONE;

  if (!lks_enum_from_nick (LKS_TYPE_VERDICT, lks_record_get_fields (record)->verdict, &verdict))
    verdict = LKS_VERDICT_NONE;
  return lks_sign_for_verdict ((LksVerdict) verdict);
}

static LksRunStep *
read_step (LksJson *json, JsonNode *node, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;
  JsonObject *object;
  JsonObject *evidence = NULL;
  int result;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      lks_json_set_error (json, node, error, "a step is not an object");
      return NULL;
    }

  object = json_node_get_object (node);
  if (!lks_json_read_string (json, object, "name", &name, error) ||
      !lks_json_read_enum (json, object, "result", LKS_TYPE_STEP_RESULT, &result, error))
    return NULL;
  if (lks_json_has (object, "message") &&
      !lks_json_read_string (json, object, "message", &message, error))
    return NULL;
  if (lks_json_has (object, "evidence") &&
      !lks_json_read_object (json, object, "evidence", &evidence, error))
    return NULL;
  return lks_run_step_new (name, (LksStepResult) result, message, evidence);
}

/**
 * lks_record_read_steps:
 * @record: a record with its document
 * @error: return location for an error
 *
 * Reads the steps out of the document of a record.
 *
 * Returns: (transfer full): a list of [class@Lks.RunStep]; NULL when the document is damaged
 */
GListStore *
lks_record_read_steps (LksRecord *record, GError **error)
{
  const char *document = lks_record_get_fields (record)->document;
  g_autoptr (GListStore) steps = g_list_store_new (LKS_TYPE_RUN_STEP);
  g_autoptr (LksJson) json = NULL;
  JsonObject *root;
  JsonArray *array;

  json = lks_json_parse ("record", document, strlen (document), DOCUMENT_SIZE_MAX_BYTES, error);
  if (json == NULL)
    return NULL;

  root = lks_json_get_root_object (json, error);
  if (root == NULL || !lks_json_read_array (json, root, "steps", &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autoptr (LksRunStep) step = read_step (json, json_array_get_element (array, i), error);

      if (step == NULL)
        return NULL;
      g_list_store_append (steps, step);
    }
  return g_steal_pointer (&steps);
}
