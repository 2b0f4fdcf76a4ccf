/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-log-entry.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksLogFormat:
 * @LKS_LOG_FORMAT_RAW: the bytes as the board gave them
 * @LKS_LOG_FORMAT_TEXT: a line of text per record
 * @LKS_LOG_FORMAT_JSONL: a JSON object per line and record
 *
 * How a log is written. Nicks: "raw", "text", "jsonl".
 */
typedef enum {
  LKS_LOG_FORMAT_RAW,
  LKS_LOG_FORMAT_TEXT,
  LKS_LOG_FORMAT_JSONL,
} LksLogFormat;

#define LKS_TYPE_LOG_FORMAT (lks_log_format_get_type ())
GType lks_log_format_get_type (void);

/**
 * LksLogEditFunc:
 * @entry: an entry that is about to be written, to be changed in place
 * @user_data: as given
 */
typedef void (*LksLogEditFunc) (LksLogEntry *entry,
                                gpointer     user_data);

/**
 * LksLogWish:
 * @messages: (nullable): what the numbers mean
 * @least: only records as grave as this or graver; %LKS_LOG_PRIORITY_NONE for all
 * @edit: (nullable): changes each entry before it is written
 * @edit_data: for @edit
 *
 * What of a log is wanted, and in which words.
 */
typedef struct {
  LksLogMessages *messages;
  LksLogPriority  least;
  LksLogEditFunc  edit;
  gpointer        edit_data;
} LksLogWish;

gboolean  lks_log_wants    (const LksLogWish    *wish,
                            const LksLogRecord  *record);
gboolean  lks_log_write    (LksLogRing          *ring,
                            const LksLogWish    *wish,
                            LksLogFormat         format,
                            GOutputStream       *stream,
                            GCancellable        *cancellable,
                            GError             **error);
JsonNode *lks_log_to_json  (LksLogRing          *ring,
                            const LksLogWish    *wish) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
