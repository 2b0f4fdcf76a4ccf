/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-service-record.h"

#include "lks-json.h"
#include "lks-record.h"

struct _LksServiceRecord
{
  GObject parent_instance;

  LksServiceFields fields; /* its texts are owned */
  GPtrArray *events;       /* (owned) (nullable) (element-type LksServiceEvent) */
};

G_DEFINE_FINAL_TYPE (LksServiceRecord, lks_service_record, G_TYPE_OBJECT)

/**
 * lks_service_event_copy:
 * @self: an event
 *
 * Returns: (transfer full): a copy that owns its texts
 */
LksServiceEvent *
lks_service_event_copy (const LksServiceEvent *self)
{
  LksServiceEvent *copy = g_new0 (LksServiceEvent, 1);

  copy->session_id = g_strdup (self->session_id);
  copy->at_us = self->at_us;
  copy->method = g_strdup (self->method);
  copy->path = g_strdup (self->path);
  copy->http_status = self->http_status;
  copy->reason = g_strdup (self->reason);
  copy->document = g_strdup (self->document);
  return copy;
}

/**
 * lks_service_event_free:
 * @self: (transfer full) (nullable): an event made by lks_service_event_copy()
 */
void
lks_service_event_free (LksServiceEvent *self)
{
  if (self == NULL)
    return;

  g_free ((char *) self->session_id);
  g_free ((char *) self->method);
  g_free ((char *) self->path);
  g_free ((char *) self->reason);
  g_free ((char *) self->document);
  g_free (self);
}

static void
lks_service_record_finalize (GObject *object)
{
  LksServiceRecord *self = LKS_SERVICE_RECORD (object);
  LksServiceFields *fields = &self->fields;

  g_free ((char *) fields->id);
  g_free ((char *) fields->device_id);
  g_free ((char *) fields->port);
  g_free ((char *) fields->usb_serial);
  g_free ((char *) fields->operator_name);
  g_free ((char *) fields->station);
  g_free ((char *) fields->task);
  g_free ((char *) fields->note);
  g_free ((char *) fields->fingerprint);
  g_free ((char *) fields->capabilities);
  g_free ((char *) fields->signer);
  g_free ((char *) fields->document);
  g_free ((char *) fields->end_reason);
  g_free ((char *) fields->end_document);
  g_clear_pointer (&self->events, g_ptr_array_unref);

  G_OBJECT_CLASS (lks_service_record_parent_class)->finalize (object);
}

static void
lks_service_record_class_init (LksServiceRecordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lks_service_record_finalize;
}

static void
lks_service_record_init (LksServiceRecord *self)
{
}

/**
 * lks_service_record_new:
 * @fields: what it says; copied
 *
 * Returns: (transfer full): a record without events, with a new ID when @fields has none
 */
LksServiceRecord *
lks_service_record_new (const LksServiceFields *fields)
{
  LksServiceRecord *self = g_object_new (LKS_TYPE_SERVICE_RECORD, NULL);

  self->fields = (LksServiceFields){
    .id = fields->id != NULL ? g_strdup (fields->id) : g_uuid_string_random (),
    .device_id = g_strdup (fields->device_id),
    .port = g_strdup (fields->port),
    .usb_serial = g_strdup (fields->usb_serial),
    .operator_name = g_strdup (fields->operator_name),
    .station = g_strdup (fields->station),
    .started_us = fields->started_us,
    .task = g_strdup (fields->task),
    .note = g_strdup (fields->note),
    .fingerprint = g_strdup (fields->fingerprint),
    .capabilities = g_strdup (fields->capabilities),
    .signer = g_strdup (fields->signer),
    .document = g_strdup (fields->document),
    .ended_us = fields->ended_us,
    .end_reason = g_strdup (fields->end_reason),
    .end_document = g_strdup (fields->end_document),
    .n_actions = fields->n_actions,
  };
  return self;
}

/**
 * lks_service_record_get_fields:
 * @self: a record
 *
 * Returns: (transfer none): what it says
 */
const LksServiceFields *
lks_service_record_get_fields (LksServiceRecord *self)
{
  return &self->fields;
}

/**
 * lks_service_record_get_id:
 * @self: a record
 *
 * Returns: (transfer none): the UUID of the session
 */
const char *
lks_service_record_get_id (LksServiceRecord *self)
{
  return self->fields.id;
}

/**
 * lks_service_record_get_events:
 * @self: a record
 *
 * Returns: (transfer none) (nullable) (element-type LksServiceEvent): what happened, oldest
 *   first; NULL in lists
 */
GPtrArray *
lks_service_record_get_events (LksServiceRecord *self)
{
  return self->events;
}

/**
 * lks_service_record_take_events:
 * @self: a record that nobody else has yet
 * @events: (transfer full) (element-type LksServiceEvent): what happened, oldest first
 */
void
lks_service_record_take_events (LksServiceRecord *self, GPtrArray *events)
{
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = events;
}

static void
add_time (JsonObject *object, const char *member, gint64 unix_us)
{
  g_autofree char *text = unix_us != 0 ? lks_record_time_to_text (unix_us) : NULL;

  lks_json_set_text (object, member, text);
}

/* The ledger takes only JSON here; a file that something else has written may hold anything. */
static void
add_json (JsonObject *object, const char *member, const char *text)
{
  JsonNode *node = text != NULL ? json_from_string (text, NULL) : NULL;

  if (node != NULL)
    json_object_set_member (object, member, node);
  else
    json_object_set_null_member (object, member);
}

static JsonObject *
event_to_json (const LksServiceEvent *event)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", event->reason != NULL ? "end" : "action");
  add_time (object, "at", event->at_us);
  if (event->reason != NULL)
    json_object_set_string_member (object, "reason", event->reason);
  else
    {
      lks_json_set_text (object, "method", event->method);
      lks_json_set_text (object, "path", event->path);
      json_object_set_int_member (object, "httpStatus", event->http_status);
    }
  add_json (object, "document", event->document);
  return object;
}

/**
 * lks_service_record_to_json:
 * @self: a record
 *
 * The members of a service record in JSON; what is not known is null. The document and the
 * events are among them when @self has its events.
 *
 * Returns: (transfer full): an object
 */
JsonObject *
lks_service_record_to_json (LksServiceRecord *self)
{
  const LksServiceFields *fields = &self->fields;
  JsonObject *object = json_object_new ();
  JsonArray *events;

  lks_json_set_text (object, "id", fields->id);
  json_object_set_string_member (object, "kind", "service");
  lks_json_set_text (object, "deviceId", fields->device_id);
  lks_json_set_text (object, "port", fields->port);
  lks_json_set_text (object, "usbSerial", fields->usb_serial);
  lks_json_set_text (object, "operator", fields->operator_name);
  lks_json_set_text (object, "station", fields->station);
  add_time (object, "started", fields->started_us);
  add_time (object, "ended", fields->ended_us);
  lks_json_set_text (object, "endReason", fields->end_reason);
  lks_json_set_text (object, "task", fields->task);
  lks_json_set_text (object, "note", fields->note);
  lks_json_set_text (object, "fingerprint", fields->fingerprint);
  add_json (object, "capabilities", fields->capabilities);
  lks_json_set_text (object, "signer", fields->signer);
  json_object_set_int_member (object, "actions", fields->n_actions);
  if (self->events == NULL)
    return object;

  add_json (object, "document", fields->document);
  events = json_array_new ();
  for (guint i = 0; i < self->events->len; i++)
    json_array_add_object_element (events, event_to_json (g_ptr_array_index (self->events, i)));
  json_object_set_array_member (object, "events", events);
  return object;
}
