/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The most that is taken for a log: as much as a board is let to send. */
#define LKS_LOG_RING_MAX_BYTES (1024 * 1024)

#define LKS_LOG_BANK_BYTES 4096

/**
 * LksLogPriority:
 *
 * How important a record is, with the board's numbers; its words are the nicks: "None", "Fatal",
 * "Error", "Warning", "Info", "Debug", "Trace". Smaller is graver, but for "None".
 */
typedef enum {
  LKS_LOG_PRIORITY_NONE,
  LKS_LOG_PRIORITY_FATAL,
  LKS_LOG_PRIORITY_ERROR,
  LKS_LOG_PRIORITY_WARNING,
  LKS_LOG_PRIORITY_INFO,
  LKS_LOG_PRIORITY_DEBUG,
  LKS_LOG_PRIORITY_TRACE,
} LksLogPriority;

#define LKS_TYPE_LOG_PRIORITY (lks_log_priority_get_type ())
GType lks_log_priority_get_type (void);

/**
 * LksLogRecord:
 * @time_ms: when, in milliseconds since the board's system started
 * @start: which start of the system that was: 0 for the first one in this log
 * @priority: a [enum@Lks.LogPriority], or a number that none has
 * @category: the number of the service that says it
 * @message: the number of its message
 * @offset_bytes: where the record stands in the log
 * @parameters: (array length=n_parameter_bytes): the values of the message, undecoded
 * @n_parameter_bytes: how many bytes they take
 *
 * One record, inside its ring.
 */
typedef struct {
  guint32 time_ms;
  guint start;
  guint8 priority;
  guint16 category;
  guint16 message;
  guint offset_bytes;
  const guint8 *parameters;
  guint n_parameter_bytes;
} LksLogRecord;

/**
 * LksLogProblem:
 * @n_before: how many records stand before it
 * @offset_bytes: where in the log
 * @lost_bytes: how much could not be read because of it
 * @message: (owned): what is wrong
 *
 * A place in a log that is not as it must be. What can be read is read all the same.
 */
typedef struct {
  guint n_before;
  guint offset_bytes;
  guint lost_bytes;
  char *message;
} LksLogProblem;

/**
 * LksLogRing:
 *
 * A board's diagnostic log in its binary form, taken apart: immutable, counted, safe to pass
 * between threads.
 */
#define LKS_TYPE_LOG_RING (lks_log_ring_get_type ())
typedef struct _LksLogRing LksLogRing;

GType               lks_log_ring_get_type     (void);
LksLogRing         *lks_log_ring_parse        (GBytes            *bytes,
                                               GError           **error) G_GNUC_WARN_UNUSED_RESULT;
LksLogRing         *lks_log_ring_ref          (LksLogRing        *self);
void                lks_log_ring_unref        (LksLogRing        *self);

GBytes             *lks_log_ring_get_bytes    (LksLogRing        *self);
guint               lks_log_ring_get_length   (LksLogRing        *self);
const LksLogRecord *lks_log_ring_get_record   (LksLogRing        *self,
                                               guint              index);
guint               lks_log_ring_get_problems (LksLogRing        *self);
const LksLogProblem *
                    lks_log_ring_get_problem  (LksLogRing        *self,
                                               guint              index);

const char         *lks_log_category_get_name (guint              category);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksLogRing, lks_log_ring_unref)

G_END_DECLS
