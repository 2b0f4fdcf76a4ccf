/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-record.h"

#include "lks-json.h"

#include <time.h>

struct _LksRecord
{
  GObject parent_instance;

  LksRecordFields fields; /* its texts are owned */
};

G_DEFINE_FINAL_TYPE (LksRecord, lks_record, G_TYPE_OBJECT)

typedef enum
{
  PROP_ID = 1,
  PROP_DEVICE_ID,
  PROP_PORT,
  PROP_USB_SERIAL,
  PROP_OPERATOR,
  PROP_STATION,
  PROP_STARTED,
  PROP_FINISHED,
  PROP_RECIPE_NAME,
  PROP_RECIPE_HASH,
  PROP_VERDICT,
  PROP_OUTCOME,
  PROP_SUMMARY,
  PROP_BATCH,
  PROP_LABEL,
} LksRecordProperty;

static GParamSpec *properties[PROP_LABEL + 1];

static GDateTime *
time_from_us (gint64 us)
{
  g_autoptr (GDateTime) whole = g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);

  return g_date_time_add (whole, us % G_USEC_PER_SEC);
}

static void
lks_record_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  const LksRecordFields *fields = &LKS_RECORD (object)->fields;

  switch ((LksRecordProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, fields->id);
      break;
    case PROP_DEVICE_ID:
      g_value_set_string (value, fields->device_id);
      break;
    case PROP_PORT:
      g_value_set_string (value, fields->port);
      break;
    case PROP_USB_SERIAL:
      g_value_set_string (value, fields->usb_serial);
      break;
    case PROP_OPERATOR:
      g_value_set_string (value, fields->operator_name);
      break;
    case PROP_STATION:
      g_value_set_string (value, fields->station);
      break;
    case PROP_STARTED:
      g_value_take_boxed (value, time_from_us (fields->started_us));
      break;
    case PROP_FINISHED:
      g_value_take_boxed (value, time_from_us (fields->finished_us));
      break;
    case PROP_RECIPE_NAME:
      g_value_set_string (value, fields->recipe_name);
      break;
    case PROP_RECIPE_HASH:
      g_value_set_string (value, fields->recipe_hash);
      break;
    case PROP_VERDICT:
      g_value_set_string (value, fields->verdict);
      break;
    case PROP_OUTCOME:
      g_value_set_string (value, fields->outcome);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, fields->summary);
      break;
    case PROP_BATCH:
      g_value_set_string (value, fields->batch);
      break;
    case PROP_LABEL:
      g_value_set_string (value, fields->label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
lks_record_finalize (GObject *object)
{
  LksRecordFields *fields = &LKS_RECORD (object)->fields;

  g_free ((char *) fields->id);
  g_free ((char *) fields->run_id);
  g_free ((char *) fields->kind);
  g_free ((char *) fields->device_id);
  g_free ((char *) fields->port);
  g_free ((char *) fields->usb_serial);
  g_free ((char *) fields->operator_name);
  g_free ((char *) fields->station);
  g_free ((char *) fields->recipe_name);
  g_free ((char *) fields->recipe_hash);
  g_free ((char *) fields->recipe_text);
  g_free ((char *) fields->verdict);
  g_free ((char *) fields->outcome);
  g_free ((char *) fields->summary);
  g_free ((char *) fields->document);
  g_free ((char *) fields->signer);
  g_free ((char *) fields->unsigned_reason);
  g_free ((char *) fields->operator_role);
  g_free ((char *) fields->batch);
  g_free ((char *) fields->label);

  G_OBJECT_CLASS (lks_record_parent_class)->finalize (object);
}

static void
lks_record_class_init (LksRecordClass *klass)
{
  static const struct
  {
    LksRecordProperty id;
    const char *name;
  } texts[] = {
    { PROP_ID, "id" },
    { PROP_DEVICE_ID, "device-id" },
    { PROP_PORT, "port" },
    { PROP_USB_SERIAL, "usb-serial" },
    { PROP_OPERATOR, "operator" },
    { PROP_STATION, "station" },
    { PROP_RECIPE_NAME, "recipe-name" },
    { PROP_RECIPE_HASH, "recipe-hash" },
    { PROP_VERDICT, "verdict" },
    { PROP_OUTCOME, "outcome" },
    { PROP_SUMMARY, "summary" },
    { PROP_BATCH, "batch" },
    { PROP_LABEL, "label" },
  };
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lks_record_get_property;
  object_class->finalize = lks_record_finalize;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    properties[texts[i].id] = g_param_spec_string (texts[i].name, NULL, NULL, NULL, flags);
  properties[PROP_STARTED] = g_param_spec_boxed ("started", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_FINISHED] = g_param_spec_boxed ("finished", NULL, NULL, G_TYPE_DATE_TIME, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
lks_record_init (LksRecord *self)
{
}

/**
 * lks_record_new:
 * @fields: what it says; copied
 *
 * Returns: (transfer full): a record, with a new ID when @fields has none
 */
LksRecord *
lks_record_new (const LksRecordFields *fields)
{
  LksRecord *self = g_object_new (LKS_TYPE_RECORD, NULL);

  self->fields = (LksRecordFields){
    .id = fields->id != NULL ? g_strdup (fields->id) : g_uuid_string_random (),
    .run_id = g_strdup (fields->run_id),
    .kind = g_strdup (fields->kind),
    .device_id = g_strdup (fields->device_id),
    .port = g_strdup (fields->port),
    .usb_serial = g_strdup (fields->usb_serial),
    .operator_name = g_strdup (fields->operator_name),
    .station = g_strdup (fields->station),
    .started_us = fields->started_us,
    .finished_us = fields->finished_us,
    .recipe_name = g_strdup (fields->recipe_name),
    .recipe_hash = g_strdup (fields->recipe_hash),
    .recipe_text = g_strdup (fields->recipe_text),
    .verdict = g_strdup (fields->verdict),
    .outcome = g_strdup (fields->outcome),
    .summary = g_strdup (fields->summary),
    .document = g_strdup (fields->document),
    .signer = g_strdup (fields->signer),
    .unsigned_reason = g_strdup (fields->unsigned_reason),
    .operator_role = g_strdup (fields->operator_role),
    .batch = g_strdup (fields->batch),
    .label = g_strdup (fields->label),
    .waived = fields->waived,
  };
  return self;
}

/**
 * lks_record_get_fields:
 * @self: a record
 *
 * Returns: (transfer none): what it says
 */
const LksRecordFields *
lks_record_get_fields (LksRecord *self)
{
  return &self->fields;
}

/**
 * lks_record_get_id:
 * @self: a record
 *
 * Returns: (transfer none): its UUID
 */
const char *
lks_record_get_id (LksRecord *self)
{
  return self->fields.id;
}

/**
 * lks_record_time_to_text:
 * @unix_us: microseconds since 1970, UTC
 *
 * Returns: (transfer full) (nullable): the time as ISO 8601 with microseconds, UTC; NULL when
 *   no calendar has it
 */
char *
lks_record_time_to_text (gint64 unix_us)
{
  g_autoptr (GDateTime) whole = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time =
      whole != NULL ? g_date_time_add (whole, unix_us % G_USEC_PER_SEC) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;
}

/* Digits with leading zeros, the last ones first. */
static void
write_digits (char *end, gint64 number, guint n_digits)
{
  for (guint i = 0; i < n_digits; i++, number /= 10)
    *--end = (char) ('0' + number % 10);
}

/**
 * lks_record_append_time:
 * @text: where to
 * @unix_us: microseconds since 1970, UTC
 *
 * lks_record_time_to_text() for a million of them; nothing for a time that no calendar has.
 */
void
lks_record_append_time (GString *text, gint64 unix_us)
{
  char iso[] = "YYYY-MM-DDTHH:MM:SS.uuuuuuZ";
  const time_t second = (time_t) (unix_us / G_USEC_PER_SEC);
  struct tm time;

  if (unix_us < 0 || unix_us > 253402300799999999 || gmtime_r (&second, &time) == NULL)
    { /* before 1970, or after the end of 9999 */
      g_autofree char *odd = lks_record_time_to_text (unix_us);

      g_string_append (text, odd != NULL ? odd : "");
      return;
    }

  write_digits (iso + 4, time.tm_year + 1900, 4);
  write_digits (iso + 7, time.tm_mon + 1, 2);
  write_digits (iso + 10, time.tm_mday, 2);
  write_digits (iso + 13, time.tm_hour, 2);
  write_digits (iso + 16, time.tm_min, 2);
  write_digits (iso + 19, time.tm_sec, 2);
  write_digits (iso + 26, unix_us % G_USEC_PER_SEC, 6);
  g_string_append_len (text, iso, sizeof iso - 1);
}

/**
 * lks_record_fields_to_json:
 * @fields: what a record says
 * @with_recipe_text: whether the recipe's text goes along
 *
 * The members that every JSON of a record begins with, in the order of the ledger's columns;
 * what is not known is null. The document is not among them.
 *
 * Returns: (transfer full): an object
 */
JsonObject *
lks_record_fields_to_json (const LksRecordFields *fields, gboolean with_recipe_text)
{
  JsonObject *object = json_object_new ();
  g_autofree char *started = lks_record_time_to_text (fields->started_us);
  g_autofree char *finished = lks_record_time_to_text (fields->finished_us);

  lks_json_set_text (object, "id", fields->id);
  lks_json_set_text (object, "runId", fields->run_id);
  lks_json_set_text (object, "kind", fields->kind);
  lks_json_set_text (object, "deviceId", fields->device_id);
  lks_json_set_text (object, "port", fields->port);
  lks_json_set_text (object, "usbSerial", fields->usb_serial);
  lks_json_set_text (object, "operator", fields->operator_name);
  lks_json_set_text (object, "station", fields->station);
  lks_json_set_text (object, "started", started);
  lks_json_set_text (object, "finished", finished);
  lks_json_set_text (object, "recipeName", fields->recipe_name);
  lks_json_set_text (object, "recipeHash", fields->recipe_hash);
  if (with_recipe_text)
    lks_json_set_text (object, "recipeText", fields->recipe_text);
  lks_json_set_text (object, "verdict", fields->verdict);
  lks_json_set_text (object, "outcome", fields->outcome);
  lks_json_set_text (object, "summary", fields->summary);
  lks_json_set_text (object, "signedBy", fields->signer);
  lks_json_set_text (object, "unsigned", fields->unsigned_reason);
  lks_json_set_text (object, "role", fields->operator_role);
  lks_json_set_text (object, "batch", fields->batch);
  lks_json_set_text (object, "label", fields->label);
  json_object_set_int_member (object, "waived", fields->waived);
  return object;
}
