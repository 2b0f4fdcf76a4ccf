/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-log-messages.h"
#include "lks-log-ring.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksLogValue:
 * @name: (owned): what the definition calls it
 * @type: how it is written
 * @text: (owned): the value, printable
 *
 * One decoded parameter.
 */
typedef struct {
  char *name;
  LksLogParameterType type;
  char *text;
} LksLogValue;

/**
 * LksLogEntry:
 * @time_ms: when, in milliseconds since the board's system started
 * @start: which start of the system that was
 * @priority: (owned): the board's word, or "priority 9"
 * @priority_number: its number
 * @category: (owned): the name of the service, or "category 99"
 * @category_number: its number
 * @message_number: the number of the message
 * @text: (owned) (nullable): what it says, NULL where no definition tells
 * @values: (owned) (element-type LksLogValue): its parameters, as far as a definition tells
 * @rest: (owned) (nullable): bytes that no definition explains, as hexadecimal digits, with what
 *   is readable among them
 * @remark: (owned) (nullable): what is wrong with the record
 *
 * A record of a log in words.
 */
typedef struct {
  guint32 time_ms;
  guint start;
  char *priority;
  guint priority_number;
  char *category;
  guint category_number;
  guint message_number;
  char *text;
  GPtrArray *values;
  char *rest;
  char *remark;
} LksLogEntry;

LksLogEntry *lks_log_entry_new       (const LksLogRecord  *record,
                                      LksLogMessages      *messages) G_GNUC_WARN_UNUSED_RESULT;
void         lks_log_entry_free      (LksLogEntry         *self);

char        *lks_log_entry_dup_said  (const LksLogEntry   *self) G_GNUC_WARN_UNUSED_RESULT;
char        *lks_log_entry_dup_time  (const LksLogEntry   *self) G_GNUC_WARN_UNUSED_RESULT;
char        *lks_log_entry_to_line   (const LksLogEntry   *self) G_GNUC_WARN_UNUSED_RESULT;
JsonNode    *lks_log_entry_to_json   (const LksLogEntry   *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean     lks_log_holds_secret    (const guint8        *data,
                                      gsize                size_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLogEntry, lks_log_entry_free)

G_END_DECLS
