/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-log-entry.h"

#include "lks-cursor.h"
#include "lks-device-number.h"
#include "lks-enums.h"
#include "lks-guid.h"

#include <string.h>

#define LEFT_OUT "(left out: it may hold a key or a password)"

/* From how many readable characters in a row on unexplained bytes are also shown as text. */
#define READABLE_MIN 4

static void
value_free (gpointer data)
{
  LksLogValue *value = data;

  g_free (value->name);
  g_free (value->text);
  g_free (value);
}

/* What precedes a secret in the texts of the board's services: a member of a request's JSON, a
 * line of the Wi-Fi configuration, the header of a capability. */
static const char *const secret_marks[] = {
  "\"psk\"",   "\"password\"",        "\"privatekey\"",        "psk=",
  "password=", "private_key_passwd=", "azsphere-capabilities",
};

/**
 * lks_log_holds_secret:
 * @data: (array length=size_bytes): bytes of a log
 * @size_bytes: how many
 *
 * Services write down requests that they could not understand, keys and all.
 *
 * Returns: whether a key or a password may stand in them
 */
gboolean
lks_log_holds_secret (const guint8 *data, gsize size_bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (secret_marks); i++)
    {
      gsize length = strlen (secret_marks[i]);

      for (gsize at = 0; at + length <= size_bytes; at++)
        if (g_ascii_strncasecmp ((const char *) data + at, secret_marks[i], length) == 0)
          return TRUE;
    }
  return FALSE;
}

/* One line of printable text; what is not is written as \xNN. */
static char *
escape_text (const guint8 *data, gsize size)
{
  GString *text = g_string_new (NULL);
  const char *at = (const char *) data;
  const char *end = at + size;

  while (at < end)
    {
      gunichar character = g_utf8_get_char_validated (at, end - at);
      gboolean is_good = character != (gunichar) -1 && character != (gunichar) -2 &&
                         character != 0 && g_unichar_isprint (character);

      if (is_good)
        g_string_append_unichar (text, character);
      else
        g_string_append_printf (text, "\\x%02x", (guint) (guchar) *at);
      at = is_good ? g_utf8_next_char (at) : at + 1;
    }
  return g_string_free (text, FALSE);
}

static gboolean
has_readable_run (const guint8 *data, gsize size)
{
  guint run = 0;

  for (gsize i = 0; i < size; i++)
    {
      run = g_ascii_isprint ((char) data[i]) ? run + 1 : 0;
      if (run >= READABLE_MIN)
        return TRUE;
    }
  return FALSE;
}

static char *
dump_bytes (const guint8 *data, gsize size)
{
  GString *text = g_string_new (NULL);

  if (lks_log_holds_secret (data, size))
    return g_string_free (g_string_append (text, LEFT_OUT), FALSE);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%s%02x", i == 0 ? "" : " ", data[i]);
  if (has_readable_run (data, size))
    {
      g_string_append (text, " |");
      for (gsize i = 0; i < size; i++)
        g_string_append_c (text, g_ascii_isprint ((char) data[i]) ? (char) data[i] : '.');
      g_string_append_c (text, '|');
    }
  return g_string_free (text, FALSE);
}

/* A text ends with NUL; one that does not is told apart by @out_whole. */
static char *
read_text (LksCursor *cursor, gboolean *out_whole)
{
  const guint8 *start = cursor->data + cursor->pos;
  gsize left = lks_cursor_get_left (cursor);
  const guint8 *nul = memchr (start, '\0', left);
  gsize length = nul != NULL ? (gsize) (nul - start) : left;

  *out_whole = nul != NULL;
  if (!lks_cursor_skip (cursor, nul != NULL ? length + 1 : length, NULL))
    return NULL;
  return lks_log_holds_secret (start, length) ? g_strdup (LEFT_OUT) : escape_text (start, length);
}

static char *
read_number (LksCursor *cursor, LksLogParameterType type)
{
  guint32 number;

  if (!lks_cursor_read_u32le (cursor, &number, NULL))
    return NULL;
  if (type == LKS_LOG_PARAMETER_INTEGER)
    return g_strdup_printf ("%d", (gint32) number);
  if (type == LKS_LOG_PARAMETER_COMMON_ERROR)
    return number == 0 ? g_strdup ("no error (0)") : lks_device_number_describe (number);
  return g_strdup_printf ("%u", number);
}

/* NULL where the record ends before the value does. */
static char *
read_value (LksCursor *cursor, LksLogParameterType type, gboolean *out_whole)
{
  const guint8 *bytes;

  *out_whole = TRUE;
  switch (type)
    {
    case LKS_LOG_PARAMETER_INTEGER:
    case LKS_LOG_PARAMETER_UNSIGNED_INTEGER:
    case LKS_LOG_PARAMETER_COMMON_ERROR:
      return read_number (cursor, type);
    case LKS_LOG_PARAMETER_IP_ADDRESS:
      return lks_cursor_read (cursor, 4, &bytes, NULL)
                 ? g_strdup_printf ("%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3])
                 : NULL;
    case LKS_LOG_PARAMETER_UNIQUE_ID:
      return lks_cursor_read (cursor, LKS_GUID_BYTES, &bytes, NULL) ? lks_guid_from_bytes (bytes)
                                                                    : NULL;
    case LKS_LOG_PARAMETER_STRING:
      return read_text (cursor, out_whole);
    }
  return NULL;
}

static void
add_remark (LksLogEntry *self, const char *remark)
{
  if (self->remark == NULL)
    self->remark = g_strdup (remark);
}

static void
decode_values (LksLogEntry *self, const LksLogMessage *definition, LksCursor *cursor)
{
  for (guint i = 0; i < definition->parameters->len; i++)
    {
      const LksLogParameter *parameter = g_ptr_array_index (definition->parameters, i);
      LksLogValue *value;
      gboolean is_whole;
      char *text = read_value (cursor, parameter->type, &is_whole);

      if (text == NULL)
        {
          add_remark (self, "the record ends before its parameters do");
          return;
        }
      if (!is_whole)
        add_remark (self, "a text has no end");
      value = g_new0 (LksLogValue, 1);
      value->name = escape_text ((const guint8 *) parameter->name, strlen (parameter->name));
      value->type = parameter->type;
      value->text = text;
      g_ptr_array_add (self->values, value);
    }
  if (lks_cursor_get_left (cursor) > 0)
    add_remark (self, "the record has more parameters than its definition");
}

static char *
dup_category (guint category, LksLogMessages *messages)
{
  const char *name = messages != NULL ? lks_log_messages_get_category (messages, category) : NULL;

  if (name == NULL)
    name = lks_log_category_get_name (category);
  return name != NULL ? escape_text ((const guint8 *) name, strlen (name))
                      : g_strdup_printf ("category %u", category);
}

/**
 * lks_log_entry_new:
 * @record: a record
 * @messages: (nullable): what the numbers mean; without them the parameters stay undecoded
 *
 * Puts a record into words. Never fails: what cannot be decoded is shown as it is. Texts that may
 * hold a key or a password are left out. Pure; any thread.
 *
 * Returns: (transfer full): the entry, independent of @record
 */
LksLogEntry *
lks_log_entry_new (const LksLogRecord *record, LksLogMessages *messages)
{
  LksLogEntry *self = g_new0 (LksLogEntry, 1);
  const LksLogMessage *definition =
      messages != NULL ? lks_log_messages_find (messages, record->category, record->message) : NULL;
  LksCursor cursor;

  self->time_ms = record->time_ms;
  self->start = record->start;
  self->priority_number = record->priority;
  self->priority = record->priority <= LKS_LOG_PRIORITY_TRACE
                       ? g_strdup (lks_enum_to_nick (LKS_TYPE_LOG_PRIORITY, record->priority))
                       : g_strdup_printf ("priority %u", record->priority);
  self->category_number = record->category;
  self->category = dup_category (record->category, messages);
  self->message_number = record->message;
  self->values = g_ptr_array_new_with_free_func (value_free);

  lks_cursor_init (&cursor, record->parameters, record->n_parameter_bytes);
  if (definition != NULL)
    {
      self->text = escape_text ((const guint8 *) definition->text, strlen (definition->text));
      decode_values (self, definition, &cursor);
    }
  if (lks_cursor_get_left (&cursor) > 0)
    self->rest = dump_bytes (cursor.data + cursor.pos, lks_cursor_get_left (&cursor));
  return self;
}

/**
 * lks_log_entry_free:
 * @self: (transfer full) (nullable): an entry
 */
void
lks_log_entry_free (LksLogEntry *self)
{
  if (self == NULL)
    return;

  g_free (self->priority);
  g_free (self->category);
  g_free (self->text);
  g_ptr_array_unref (self->values);
  g_free (self->rest);
  g_free (self->remark);
  g_free (self);
}

/* Words are parted by one blank. */
static void G_GNUC_PRINTF (2, 3) append_words (GString *said, const char *format, ...)
{
  va_list values;

  if (said->len > 0)
    g_string_append_c (said, ' ');
  va_start (values, format);
  g_string_append_vprintf (said, format, values);
  va_end (values);
}

/**
 * lks_log_entry_dup_said:
 * @self: an entry
 *
 * Returns: (transfer full): its text with the values behind it, then what is not decoded; empty
 *   where a record without parameters is not defined
 */
char *
lks_log_entry_dup_said (const LksLogEntry *self)
{
  GString *said = g_string_new (self->text);
  g_autoptr (GString) values = g_string_new (NULL);

  for (guint i = 0; i < self->values->len; i++)
    {
      const LksLogValue *value = g_ptr_array_index (self->values, i);

      g_string_append_printf (values, "%s%s: %s", i == 0 ? "" : ", ", value->name, value->text);
    }
  if (values->len > 0)
    append_words (said, "(%s)", values->str);
  if (self->rest != NULL)
    append_words (said, "%s", self->rest);
  if (self->remark != NULL)
    append_words (said, "[%s]", self->remark);
  return g_string_free (said, FALSE);
}

/**
 * lks_log_entry_dup_time:
 * @self: an entry
 *
 * Returns: (transfer full): its time in seconds since the start, with 6 decimals
 */
char *
lks_log_entry_dup_time (const LksLogEntry *self)
{
  return g_strdup_printf ("%u.%03u000", self->time_ms / 1000, self->time_ms % 1000);
}

/**
 * lks_log_entry_to_line:
 * @self: an entry
 *
 * Writes an entry as the vendor's log parser does: the time in seconds, right-aligned to 12
 * characters, the priority, category and number of the message, its text and its values.
 *
 * Returns: (transfer full): one line, without its end
 */
char *
lks_log_entry_to_line (const LksLogEntry *self)
{
  g_autofree char *time = lks_log_entry_dup_time (self);
  g_autofree char *said = lks_log_entry_dup_said (self);

  return g_strdup_printf ("[%12s] %s %s(%u):%s%s", time, self->priority, self->category,
                          self->message_number, said[0] != '\0' ? " " : "", said);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

/**
 * lks_log_entry_to_json:
 * @self: an entry
 *
 * Returns: (transfer full): an object with `timeMs`, `start`, `priority`, `priorityNumber`,
 *   `category`, `categoryNumber`, `message`, `text`, `values` (a list of `name`, `type`,
 *   `value`), `rest` and `remark`
 */
JsonNode *
lks_log_entry_to_json (const LksLogEntry *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_number (builder, "timeMs", self->time_ms);
  add_number (builder, "start", self->start);
  add_text (builder, "priority", self->priority);
  add_number (builder, "priorityNumber", self->priority_number);
  add_text (builder, "category", self->category);
  add_number (builder, "categoryNumber", self->category_number);
  add_number (builder, "message", self->message_number);
  add_text (builder, "text", self->text);
  json_builder_set_member_name (builder, "values");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->values->len; i++)
    {
      const LksLogValue *value = g_ptr_array_index (self->values, i);

      json_builder_begin_object (builder);
      add_text (builder, "name", value->name);
      add_text (builder, "type", lks_enum_to_nick (LKS_TYPE_LOG_PARAMETER_TYPE, value->type));
      add_text (builder, "value", value->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_text (builder, "rest", self->rest);
  add_text (builder, "remark", self->remark);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
