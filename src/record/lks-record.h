/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRecordFields:
 * @id: (nullable): a UUID; NULL: a new one is made
 * @run_id: the run in the journal; several records may belong to one run that was interrupted
 * @kind: "finalize" or "check"
 * @device_id: (nullable): 128 digits, NULL when it could not be read
 * @port: the place of the board
 * @usb_serial: (nullable): the adapter's serial number
 * @operator_name: who
 * @station: on which computer
 * @started_us: Unix time in microseconds
 * @finished_us: Unix time in microseconds
 * @recipe_name: its name
 * @recipe_hash: SHA-256, 64 digits
 * @recipe_text: the recipe itself
 * @verdict: "PASS", "FAIL" or "STOPPED"
 * @outcome: what a PASS means: "ready", "verified", "finalized"
 * @summary: (nullable): one English sentence, why it is not a PASS
 * @document: (nullable): the whole JSON document with the raw evidence; NULL in lists
 * @signer: (nullable): fingerprint of the station key that signed it when it was written; the
 *   ledger fills it in
 * @unsigned_reason: (nullable): why none did; the ledger fills it in
 * @operator_role: (nullable): "operator" or "engineer", when somebody had signed in
 * @batch: (nullable): the batch that was being worked on
 * @label: (nullable): what stands on the unit's label, as it was scanned
 * @waived: how many checks the recipe let through although they had failed
 */
typedef struct {
  const char *id;
  const char *run_id;
  const char *kind;
  const char *device_id;
  const char *port;
  const char *usb_serial;
  const char *operator_name;
  const char *station;
  gint64      started_us;
  gint64      finished_us;
  const char *recipe_name;
  const char *recipe_hash;
  const char *recipe_text;
  const char *verdict;
  const char *outcome;
  const char *summary;
  const char *document;
  const char *signer;
  const char *unsigned_reason;
  const char *operator_role;
  const char *batch;
  const char *label;
  guint       waived;
} LksRecordFields;

/**
 * LksRecord:
 *
 * What the ledger keeps of one run. Immutable; may be shared between threads. The properties
 * "id", "device-id", "port", "usb-serial", "operator", "station", "started" and "finished"
 * (#GDateTime, local time), "recipe-name", "recipe-hash", "verdict", "outcome", "summary",
 * "batch" and "label" are for lists.
 */
#define LKS_TYPE_RECORD (lks_record_get_type ())
G_DECLARE_FINAL_TYPE (LksRecord, lks_record, LKS, RECORD, GObject)

LksRecord             *lks_record_new        (const LksRecordFields *fields) G_GNUC_WARN_UNUSED_RESULT;
const LksRecordFields *lks_record_get_fields (LksRecord             *self);
const char            *lks_record_get_id     (LksRecord             *self);

JsonObject            *lks_record_fields_to_json (const LksRecordFields *fields,
                                                  gboolean               with_recipe_text) G_GNUC_WARN_UNUSED_RESULT;
char                  *lks_record_time_to_text   (gint64                 unix_us) G_GNUC_WARN_UNUSED_RESULT;
void                   lks_record_append_time    (GString               *text,
                                                  gint64                 unix_us);

G_END_DECLS
