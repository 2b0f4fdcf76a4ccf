/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session as a file: strict, because whoever can write the file must not gain anything. */
#include "lks-session.h"

#include "lks-device-id.h"
#include "lks-enums.h"
#include "lks-json.h"

#include <string.h>

#define TEXT_MAX_BYTES (64 * 1024)
#define VERSION 1

#define FINGERPRINT_DIGITS 64
#define CAPABILITIES_MAX 64
#define CAPABILITY_MAX 255
#define NAME_CHARACTERS_MAX 200
#define PORT_BYTES_MAX 64
#define DURATION_MAX_US (LKS_SESSION_MINUTES_MAX * G_TIME_SPAN_MINUTE)

static const char *const members[] = {
  "version",      "id",          "deviceId",        "fingerprint", "capabilities",
  "task",         "note",        "operator",        "wallTime",    "started",
  "ends",         "bootId",      "suspended",       "port",        "attachNumber",
  "graceSeconds", "absentSince", "survivesProgram", "endsOnLock",  NULL,
};

typedef struct
{
  LksJson *json;
  JsonObject *root;
  LksSessionFields fields; /* its texts are owned here */
  GArray *capabilities;    /* (owned) (element-type guint) */
} Reader;

static void
reader_clear (Reader *self)
{
  g_free ((char *) self->fields.id);
  g_free ((char *) self->fields.device_id);
  g_free ((char *) self->fields.fingerprint);
  g_free ((char *) self->fields.note);
  g_free ((char *) self->fields.operator_name);
  g_free ((char *) self->fields.boot_id);
  g_free ((char *) self->fields.port);
  g_clear_pointer (&self->capabilities, g_array_unref);
  g_clear_pointer (&self->json, lks_json_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
refuse (Reader *self, const char *member, const char *expected, GError **error)
{
  lks_json_set_error (self->json, json_object_get_member (self->root, member), error,
                      "“%s”: expected %s", member, expected);
  return FALSE;
}

static gboolean
read_text (Reader *self, const char *member, const char **out_text, glong max, GError **error)
{
  char *text = NULL;

  if (!lks_json_read_string (self->json, self->root, member, &text, error))
    return FALSE;

  *out_text = text;
  return g_utf8_strlen (text, -1) <= max || refuse (self, member, "a shorter text", error);
}

static gboolean
is_hex (const char *text, gsize digits)
{
  return strlen (text) == digits && strspn (text, "0123456789abcdef") == digits;
}

static gboolean
is_uuid (const char *text)
{
  return g_uuid_string_is_valid (text) && strpbrk (text, "ABCDEF") == NULL;
}

static gboolean
read_names (Reader *self, GError **error)
{
  LksSessionFields *fields = &self->fields;

  if (!read_text (self, "id", &fields->id, G_MAXINT, error) ||
      !read_text (self, "deviceId", &fields->device_id, G_MAXINT, error) ||
      !read_text (self, "fingerprint", &fields->fingerprint, G_MAXINT, error) ||
      !read_text (self, "bootId", &fields->boot_id, G_MAXINT, error) ||
      !read_text (self, "operator", &fields->operator_name, NAME_CHARACTERS_MAX, error) ||
      !read_text (self, "port", &fields->port, PORT_BYTES_MAX, error))
    return FALSE;
  if (lks_json_has (self->root, "note") &&
      !read_text (self, "note", &fields->note, LKS_SESSION_NOTE_CHARACTERS_MAX, error))
    return FALSE;

  return (is_uuid (fields->id) || refuse (self, "id", "a UUID", error)) &&
         (is_uuid (fields->boot_id) || refuse (self, "bootId", "a UUID", error)) &&
         (is_hex (fields->device_id, LKS_DEVICE_ID_DIGITS) ||
          refuse (self, "deviceId", "128 digits", error)) &&
         (is_hex (fields->fingerprint, FINGERPRINT_DIGITS) ||
          refuse (self, "fingerprint", "64 digits", error)) &&
         (strspn (fields->port, "0123456789-.") == strlen (fields->port) ||
          refuse (self, "port", "a place such as 1-2.3", error));
}

static gboolean
read_capabilities (Reader *self, GError **error)
{
  JsonArray *array;

  if (!lks_json_read_array (self->json, self->root, "capabilities", &array, error))
    return FALSE;
  if (json_array_get_length (array) < 1 || json_array_get_length (array) > CAPABILITIES_MAX)
    return refuse (self, "capabilities", "1 to 64 numbers", error);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      guint number;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 ||
          json_node_get_int (node) < 1 || json_node_get_int (node) > CAPABILITY_MAX)
        return refuse (self, "capabilities", "numbers from 1 to 255", error);
      number = (guint) json_node_get_int (node);
      g_array_append_val (self->capabilities, number);
    }
  self->fields.capabilities = (const guint *) self->capabilities->data;
  self->fields.n_capabilities = self->capabilities->len;
  return TRUE;
}

static gboolean
read_uint (Reader *self, const char *member, guint max, guint *out_value, GError **error)
{
  gint64 value;

  if (!lks_json_read_int (self->json, self->root, member, 0, max, &value, error))
    return FALSE;

  *out_value = (guint) value;
  return TRUE;
}

static gboolean
read_times (Reader *self, GError **error)
{
  LksSessionFields *fields = &self->fields;

  if (!lks_json_read_int (self->json, self->root, "wallTime", 0, G_MAXINT64,
                          &fields->started_wall_us, error) ||
      !lks_json_read_int (self->json, self->root, "started", 1, G_MAXINT64 - DURATION_MAX_US,
                          &fields->started_us, error) ||
      !lks_json_read_int (self->json, self->root, "ends", fields->started_us + 1,
                          fields->started_us + DURATION_MAX_US, &fields->ends_us, error) ||
      !lks_json_read_int (self->json, self->root, "suspended", 0, G_MAXINT64, &fields->suspended_us,
                          error))
    return FALSE;
  return !lks_json_has (self->root, "absentSince") ||
         lks_json_read_int (self->json, self->root, "absentSince", fields->started_us, G_MAXINT64,
                            &fields->absent_since_us, error);
}

static gboolean
read_rest (Reader *self, GError **error)
{
  LksSessionFields *fields = &self->fields;
  int task;

  if (!lks_json_read_enum (self->json, self->root, "task", LKS_TYPE_SERVICE_TASK, &task, error) ||
      !read_uint (self, "attachNumber", G_MAXUINT, &fields->attach_number, error) ||
      !read_uint (self, "graceSeconds", LKS_SESSION_GRACE_MAX_S, &fields->grace_s, error) ||
      !lks_json_read_boolean (self->json, self->root, "survivesProgram", &fields->survives_program,
                              error) ||
      !lks_json_read_boolean (self->json, self->root, "endsOnLock", &fields->ends_on_lock, error))
    return FALSE;

  fields->task = (LksServiceTask) task;
  return TRUE;
}

/**
 * lks_session_parse:
 * @text: what lks_session_build() has made, or somebody else
 * @error: return location for a [error@Lks.ParseError]
 *
 * Reads a session strictly: nothing may be missing, unknown, or beyond the limits that a session
 * can have.
 *
 * Returns: (transfer full): the session, or NULL with @error set
 */
LksSession *
lks_session_parse (GBytes *text, GError **error)
{
  g_auto (Reader) reader = { .capabilities = g_array_new (FALSE, FALSE, sizeof (guint)) };
  gsize size_bytes;
  gconstpointer data = g_bytes_get_data (text, &size_bytes);
  gint64 version;

  reader.json = lks_json_parse ("session", data, size_bytes, TEXT_MAX_BYTES, error);
  if (reader.json == NULL)
    return NULL;
  reader.root = lks_json_get_root_object (reader.json, error);
  if (reader.root == NULL ||
      !lks_json_read_int (reader.json, reader.root, "version", VERSION, VERSION, &version, error) ||
      !lks_json_check_members (reader.json, reader.root, members, error) ||
      !read_names (&reader, error) || !read_capabilities (&reader, error) ||
      !read_times (&reader, error) || !read_rest (&reader, error))
    return NULL;

  return lks_session_new (&reader.fields);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  json_object_set_string_member (object, member, text);
}

/**
 * lks_session_build:
 * @self: a session
 *
 * Returns: (transfer full): @self as JSON text for lks_session_parse()
 */
GBytes *
lks_session_build (const LksSession *self)
{
  const LksSessionFields *fields = lks_session_get_fields (self);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *capabilities = json_array_new ();
  char *text;

  for (gsize i = 0; i < fields->n_capabilities; i++)
    json_array_add_int_element (capabilities, fields->capabilities[i]);

  json_object_set_int_member (object, "version", VERSION);
  set_text (object, "id", fields->id);
  set_text (object, "deviceId", fields->device_id);
  set_text (object, "fingerprint", fields->fingerprint);
  json_object_set_array_member (object, "capabilities", capabilities);
  set_text (object, "task", lks_enum_to_nick (LKS_TYPE_SERVICE_TASK, (int) fields->task));
  if (fields->note != NULL)
    set_text (object, "note", fields->note);
  set_text (object, "operator", fields->operator_name);
  json_object_set_int_member (object, "wallTime", fields->started_wall_us);
  json_object_set_int_member (object, "started", fields->started_us);
  json_object_set_int_member (object, "ends", fields->ends_us);
  set_text (object, "bootId", fields->boot_id);
  json_object_set_int_member (object, "suspended", fields->suspended_us);
  set_text (object, "port", fields->port);
  json_object_set_int_member (object, "attachNumber", fields->attach_number);
  json_object_set_int_member (object, "graceSeconds", fields->grace_s);
  if (fields->absent_since_us != 0)
    json_object_set_int_member (object, "absentSince", fields->absent_since_us);
  json_object_set_boolean_member (object, "survivesProgram", fields->survives_program);
  json_object_set_boolean_member (object, "endsOnLock", fields->ends_on_lock);

  json_node_take_object (node, object);
  text = json_to_string (node, TRUE);
  return g_bytes_new_take (text, strlen (text));
}
