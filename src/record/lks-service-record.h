/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksServiceFields:
 * @id: (nullable): a UUID; NULL: a new one is made
 * @device_id: 128 digits
 * @port: the place of the board
 * @usb_serial: (nullable): the adapter's serial number
 * @operator_name: who
 * @station: on which computer
 * @started_us: Unix time in microseconds
 * @task: the nick of what was to be done
 * @note: (nullable): why, in the operator's words
 * @fingerprint: SHA-256 of the capability file, 64 digits; never the file
 * @capabilities: a JSON array of capability numbers
 * @signer: (nullable): thumbprint of who signed the file, 40 digits
 * @document: a JSON object: what the board was like before, and the session's limits
 * @ended_us: Unix time in microseconds; 0 while the session is not known to have ended
 * @end_reason: (nullable): the nick of how it ended
 * @end_document: (nullable): a JSON object: what the board was like afterwards; NULL in lists
 * @n_actions: how many changes were made
 *
 * What the ledger keeps of one servicing session. The last four come from its events and do not
 * matter when a session is added.
 */
typedef struct {
  const char *id;
  const char *device_id;
  const char *port;
  const char *usb_serial;
  const char *operator_name;
  const char *station;
  gint64      started_us;
  const char *task;
  const char *note;
  const char *fingerprint;
  const char *capabilities;
  const char *signer;
  const char *document;
  gint64      ended_us;
  const char *end_reason;
  const char *end_document;
  guint       n_actions;
} LksServiceFields;

/**
 * LksServiceEvent:
 * @session_id: the UUID of the session
 * @at_us: Unix time in microseconds
 * @method: (nullable): of a change: the HTTP method
 * @path: (nullable): of a change: the path of the request
 * @http_status: of a change: the status of the answer, 0 when there was none
 * @reason: (nullable): of the end: the nick of how it ended
 * @document: a JSON object: the change in words; what the board was like at the end
 *
 * Something that happened in a session: a change (with @method) or the end (with @reason). In
 * events to append nothing is owned.
 */
typedef struct {
  const char *session_id;
  gint64      at_us;
  const char *method;
  const char *path;
  guint       http_status;
  const char *reason;
  const char *document;
} LksServiceEvent;

LksServiceEvent        *lks_service_event_copy         (const LksServiceEvent  *self) G_GNUC_WARN_UNUSED_RESULT;
void                    lks_service_event_free         (LksServiceEvent        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksServiceEvent, lks_service_event_free)

/**
 * LksServiceRecord:
 *
 * The record of one servicing session as the ledger has it at one moment. Immutable; may be
 * shared between threads.
 */
#define LKS_TYPE_SERVICE_RECORD (lks_service_record_get_type ())
G_DECLARE_FINAL_TYPE (LksServiceRecord, lks_service_record, LKS, SERVICE_RECORD, GObject)

LksServiceRecord       *lks_service_record_new         (const LksServiceFields *fields) G_GNUC_WARN_UNUSED_RESULT;
const LksServiceFields *lks_service_record_get_fields  (LksServiceRecord       *self);
const char             *lks_service_record_get_id      (LksServiceRecord       *self);
GPtrArray              *lks_service_record_get_events  (LksServiceRecord       *self);
void                    lks_service_record_take_events (LksServiceRecord       *self,
                                                        GPtrArray              *events);
JsonObject             *lks_service_record_to_json     (LksServiceRecord       *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
