/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emu-fault.h"

#include "lks-enums.h"

#include <string.h>

/* clang-format off */
G_DEFINE_ENUM_TYPE (EmuFaultKind, emu_fault_kind,
  G_DEFINE_ENUM_VALUE (EMU_FAULT_UNKNOWN, "unknown"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_UNPLUG, "unplug"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_DROP_BYTES, "drop-bytes"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_CORRUPT_BYTES, "corrupt-bytes"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_DUPLICATE_BYTES, "duplicate-bytes"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_STALL, "stall"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_OVERRUN, "overrun"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_SLOW_LINE, "slow-line"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_REFUSE_CONNECTION, "refuse-connection"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_NO_HANDSHAKE, "no-handshake"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_WRONG_CERTIFICATE, "wrong-certificate"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_WRONG_NAME, "wrong-name"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_EXPIRED_CERTIFICATE, "expired-certificate"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_STATUS, "status"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_BUSY, "busy"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_NO_ANSWER, "no-answer"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_SLOW_ANSWER, "slow-answer"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_RESET_IN_BODY, "reset-in-body"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_TRUNCATED_BODY, "truncated-body"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_OVERSIZED_BODY, "oversized-body"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_MALFORMED_JSON, "malformed-json"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_ENDLESS_HEADER, "endless-header"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_LOWER_CASE_HEADER, "lower-case-header"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_HTML_BODY, "html-body"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_EMPTY_BODY, "empty-body"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_WRONG_TYPES, "wrong-types"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_OTHER_DEVICE_ID, "other-device-id"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_STATE_NOT_STORED, "state-not-stored"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_STATE_UNKNOWN, "state-unknown"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_SLOW_RESTART, "slow-restart"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_NO_RESTART, "no-restart"),
  G_DEFINE_ENUM_VALUE (EMU_FAULT_OTHER_BOARD, "other-board"))
/* clang-format on */

/* Which members count for which kind; a member that does nothing would mislead. */
enum
{
  REQUEST = 1u << 0, /* method, path */
  TIMES = 1u << 1,   /* times, skip */
  STATUS = 1u << 2,
  AFTER = 1u << 3,
  EVERY = 1u << 4,
  SIZE = 1u << 5,
  DURATION = 1u << 6,
  SPEED = 1u << 7,
};

static guint
get_members (EmuFaultKind kind)
{
  switch (kind)
    {
    case EMU_FAULT_UNPLUG:
    case EMU_FAULT_OVERRUN:
      return AFTER;
    case EMU_FAULT_DROP_BYTES:
    case EMU_FAULT_CORRUPT_BYTES:
    case EMU_FAULT_DUPLICATE_BYTES:
      return EVERY;
    case EMU_FAULT_STALL:
      return AFTER | DURATION;
    case EMU_FAULT_SLOW_LINE:
      return SPEED;
    case EMU_FAULT_REFUSE_CONNECTION:
    case EMU_FAULT_NO_HANDSHAKE:
    case EMU_FAULT_WRONG_CERTIFICATE:
    case EMU_FAULT_WRONG_NAME:
    case EMU_FAULT_EXPIRED_CERTIFICATE:
      return TIMES;
    case EMU_FAULT_STATUS:
      return REQUEST | TIMES | STATUS;
    case EMU_FAULT_BUSY:
    case EMU_FAULT_NO_ANSWER:
    case EMU_FAULT_MALFORMED_JSON:
    case EMU_FAULT_ENDLESS_HEADER:
    case EMU_FAULT_LOWER_CASE_HEADER:
    case EMU_FAULT_HTML_BODY:
    case EMU_FAULT_EMPTY_BODY:
    case EMU_FAULT_WRONG_TYPES:
      return REQUEST | TIMES;
    case EMU_FAULT_SLOW_ANSWER:
      return REQUEST | TIMES | DURATION;
    case EMU_FAULT_RESET_IN_BODY:
    case EMU_FAULT_TRUNCATED_BODY:
      return REQUEST | TIMES | AFTER;
    case EMU_FAULT_OVERSIZED_BODY:
      return REQUEST | TIMES | SIZE;
    case EMU_FAULT_OTHER_DEVICE_ID:
    case EMU_FAULT_STATE_NOT_STORED:
    case EMU_FAULT_STATE_UNKNOWN:
    case EMU_FAULT_NO_RESTART:
    case EMU_FAULT_OTHER_BOARD:
      return TIMES;
    case EMU_FAULT_SLOW_RESTART:
      return TIMES | DURATION;
    case EMU_FAULT_UNKNOWN:
      break;
    }

  return 0;
}

static gboolean
check_members (LksJson *json, JsonObject *object, EmuFaultKind kind, GError **error)
{
  static const struct
  {
    guint bit;
    const char *names[2];
  } table[] = {
    { REQUEST, { "method", "path" } },  { TIMES, { "times", "skip" } },
    { STATUS, { "status", "number" } }, { AFTER, { "afterBytes" } },
    { EVERY, { "everyBytes" } },        { SIZE, { "sizeBytes" } },
    { DURATION, { "durationMs" } },     { SPEED, { "bytesPerSecond" } },
  };
  const char *known[20] = { "kind" };
  guint n_known = 1;
  guint members = get_members (kind);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint n = 0; (members & table[i].bit) != 0 && n < 2 && table[i].names[n] != NULL; n++)
      known[n_known++] = table[i].names[n];

  return lks_json_check_members (json, object, known, error);
}

static gboolean
read_number (LksJson *json,
             JsonObject *object,
             const char *member,
             gint64 min,
             gint64 max,
             gint64 fallback,
             gint64 *out_value,
             GError **error)
{
  *out_value = fallback;
  return !lks_json_has (object, member) ||
         lks_json_read_int (json, object, member, min, max, out_value, error);
}

static gboolean
read_numbers (LksJson *json, JsonObject *object, EmuFault *self, GError **error)
{
  gint64 value;

  if (!read_number (json, object, "times", 0, G_MAXINT32, EMU_FAULT_FOREVER, &value, error))
    return FALSE;
  self->times = (guint) value;
  if (!read_number (json, object, "skip", 0, G_MAXINT32, 0, &value, error))
    return FALSE;
  self->skip = (guint) value;
  if (!read_number (json, object, "status", 200, 599, 500, &value, error))
    return FALSE;
  self->status = (guint) value;
  if (!read_number (json, object, "number", G_MININT32, G_MAXINT32, 10485766, &self->number,
                    error) ||
      !read_number (json, object, "afterBytes", 0, G_MAXINT64, 0, &value, error))
    return FALSE;
  self->after_bytes = (guint64) value;
  if (!read_number (json, object, "everyBytes", 1, G_MAXINT64, 10000, &value, error))
    return FALSE;
  self->every_bytes = (guint64) value;
  if (!read_number (json, object, "sizeBytes", 1, G_MAXINT32, 10 * 1024 * 1024, &value, error))
    return FALSE;
  self->size_bytes = (guint64) value;
  if (!read_number (json, object, "durationMs", 0, G_MAXINT32, 0, &value, error))
    return FALSE;
  self->duration_ms = (guint) value;
  if (!read_number (json, object, "bytesPerSecond", 1, G_MAXINT32, 4096, &value, error))
    return FALSE;
  self->bytes_per_second = (guint) value;
  return TRUE;
}

/**
 * emu_fault_parse:
 * @json: a scenario, or one command of the control socket
 * @object: the object that describes the fault
 * @error: return location for a [error@Lks.ParseError] with name and line
 *
 * Returns: (transfer full): the fault, or NULL with @error set
 */
EmuFault *
emu_fault_parse (LksJson *json, JsonObject *object, GError **error)
{
  g_autoptr (EmuFault) self = g_new0 (EmuFault, 1);
  int kind;

  if (!lks_json_read_enum (json, object, "kind", EMU_TYPE_FAULT_KIND, &kind, error))
    return NULL;
  if (kind == EMU_FAULT_UNKNOWN)
    {
      lks_json_set_error (json, json_object_get_member (object, "kind"), error,
                          "“kind”: name one of the faults");
      return NULL;
    }

  self->kind = kind;
  if (!check_members (json, object, kind, error) || !read_numbers (json, object, self, error))
    return NULL;
  if (lks_json_has (object, "method") &&
      !lks_json_read_string (json, object, "method", &self->method, error))
    return NULL;
  if (lks_json_has (object, "path") &&
      !lks_json_read_string (json, object, "path", &self->path, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * emu_fault_copy:
 * @self: a fault
 *
 * Returns: (transfer full): a copy
 */
EmuFault *
emu_fault_copy (const EmuFault *self)
{
  EmuFault *copy = g_memdup2 (self, sizeof *self);

  copy->method = g_strdup (self->method);
  copy->path = g_strdup (self->path);
  return copy;
}

/**
 * emu_fault_free:
 * @self: (transfer full) (nullable): a fault
 */
void
emu_fault_free (EmuFault *self)
{
  if (self == NULL)
    return;

  g_free (self->method);
  g_free (self->path);
  g_free (self);
}

/**
 * emu_fault_is_line:
 * @self: a fault
 *
 * Returns: whether the line plays it, and not the board behind it
 */
gboolean
emu_fault_is_line (const EmuFault *self)
{
  return self->kind >= EMU_FAULT_UNPLUG && self->kind <= EMU_FAULT_EXPIRED_CERTIFICATE;
}
