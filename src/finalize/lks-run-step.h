/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksStepResult:
 * @LKS_STEP_RESULT_RUNNING: "running"
 * @LKS_STEP_RESULT_PASS: "pass"
 * @LKS_STEP_RESULT_WARNING: "warning": passed, and there is something to know
 * @LKS_STEP_RESULT_SKIP: "skip": not done; the reason is in the message and the evidence
 * @LKS_STEP_RESULT_FAIL: "fail": the board is not as it should be
 * @LKS_STEP_RESULT_STOPPED: "stopped": could not be found out, or not understood
 * @LKS_STEP_RESULT_WAIVED: "waived": not as demanded, and somebody answers for it
 */
typedef enum {
  LKS_STEP_RESULT_RUNNING,
  LKS_STEP_RESULT_PASS,
  LKS_STEP_RESULT_WARNING,
  LKS_STEP_RESULT_SKIP,
  LKS_STEP_RESULT_FAIL,
  LKS_STEP_RESULT_STOPPED,
  LKS_STEP_RESULT_WAIVED,
} LksStepResult;

#define LKS_TYPE_STEP_RESULT (lks_step_result_get_type ())
GType lks_step_result_get_type (void);

/**
 * LksRunStep:
 *
 * One step of a run: what was looked at or done, what came out, and on what evidence.
 * Immutable; may be shared between threads. Every getter is a property too.
 */
#define LKS_TYPE_RUN_STEP (lks_run_step_get_type ())
G_DECLARE_FINAL_TYPE (LksRunStep, lks_run_step, LKS, RUN_STEP, GObject)

LksRunStep    *lks_run_step_new          (const char    *name,
                                          LksStepResult  result,
                                          const char    *message,
                                          JsonObject    *evidence) G_GNUC_WARN_UNUSED_RESULT;

const char    *lks_run_step_get_name     (LksRunStep    *self);
const char    *lks_run_step_get_title    (LksRunStep    *self);
const char    *lks_step_name_to_title    (const char    *name);
LksStepResult  lks_run_step_get_result   (LksRunStep    *self);
const char    *lks_run_step_get_message  (LksRunStep    *self);
const char    *lks_run_step_get_evidence (LksRunStep    *self);
JsonNode      *lks_run_step_to_json      (LksRunStep    *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
