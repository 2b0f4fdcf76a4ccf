/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-recipe.h"
#include "lks-run-step.h"
#include "lks-run-target.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksRunError:
 * @LKS_RUN_ERROR_REFUSED: something that must be true first is not: nothing was changed
 * @LKS_RUN_ERROR_CONSENT: the consent is not for this board and this recipe: nothing was changed
 * @LKS_RUN_ERROR_IDENTITY: the board is not (or no longer) the one it was
 * @LKS_RUN_ERROR_NOT_UNDERSTOOD: the board said something that must not be guessed at
 * @LKS_RUN_ERROR_POWER_CYCLE: the board has to be switched off and on; run again afterwards
 * @LKS_RUN_ERROR_UNRESOLVED: a change was ordered and its outcome is not known yet
 * @LKS_RUN_ERROR_NOT_PROVEN: the change is made and the proof is not complete
 * @LKS_RUN_ERROR_CLAIM: the board must be claimed first and cannot be: nothing was changed
 * @LKS_RUN_ERROR_OTHER_RECIPE: a run by another recipe is not finished: nothing was changed
 * @LKS_RUN_ERROR_LABEL: the label is another board's, or the board has another: nothing was changed
 */
typedef enum {
  LKS_RUN_ERROR_REFUSED = 1,
  LKS_RUN_ERROR_CONSENT,
  LKS_RUN_ERROR_IDENTITY,
  LKS_RUN_ERROR_NOT_UNDERSTOOD,
  LKS_RUN_ERROR_POWER_CYCLE,
  LKS_RUN_ERROR_UNRESOLVED,
  LKS_RUN_ERROR_NOT_PROVEN,
  LKS_RUN_ERROR_CLAIM,
  LKS_RUN_ERROR_OTHER_RECIPE,
  LKS_RUN_ERROR_LABEL,
} LksRunError;

#define LKS_RUN_ERROR (lks_run_error_quark ())
GQuark lks_run_error_quark (void);

#define LKS_TYPE_RUN_ERROR (lks_run_error_get_type ())
GType  lks_run_error_get_type (void);

/**
 * LksVerdict:
 * @LKS_VERDICT_NONE: "none": still running
 * @LKS_VERDICT_PASS: "PASS"
 * @LKS_VERDICT_FAIL: "FAIL": the board is not as the recipe demands
 * @LKS_VERDICT_STOPPED: "STOPPED": it could not be found out; the error says why
 */
typedef enum {
  LKS_VERDICT_NONE,
  LKS_VERDICT_PASS,
  LKS_VERDICT_FAIL,
  LKS_VERDICT_STOPPED,
} LksVerdict;

#define LKS_TYPE_VERDICT (lks_verdict_get_type ())
GType lks_verdict_get_type (void);

/**
 * LksOutcome:
 * @LKS_OUTCOME_NONE: "none": no PASS
 * @LKS_OUTCOME_READY: "ready": a check passed; the board is not in the target state yet
 * @LKS_OUTCOME_VERIFIED: "verified": the board was in the target state already and is as it should be
 * @LKS_OUTCOME_FINALIZED: "finalized": brought to the target state by this run, and proven
 *
 * What a PASS means.
 */
typedef enum {
  LKS_OUTCOME_NONE,
  LKS_OUTCOME_READY,
  LKS_OUTCOME_VERIFIED,
  LKS_OUTCOME_FINALIZED,
} LksOutcome;

#define LKS_TYPE_OUTCOME (lks_outcome_get_type ())
GType lks_outcome_get_type (void);

/**
 * LksConsent:
 *
 * One person's yes to one irreversible act: this recipe on this board.
 */
typedef struct _LksConsent LksConsent;

LksConsent *lks_consent_new      (LksRecipe   *recipe,
                                  const char  *device_id,
                                  const char  *given_by,
                                  GError     **error) G_GNUC_WARN_UNUSED_RESULT;
LksConsent *lks_consent_ref      (LksConsent  *self) G_GNUC_WARN_UNUSED_RESULT;
void        lks_consent_unref    (LksConsent  *self);

#define LKS_TYPE_CONSENT (lks_consent_get_type ())
GType       lks_consent_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksConsent, lks_consent_unref)

/**
 * LksRunResult:
 * @kind: "check" or "finalize"
 * @port: the place of the board
 * @usb_serial: (nullable): the adapter's serial number
 * @device_id: (nullable): 128 digits, once read twice
 * @verdict: the verdict
 * @outcome: what a PASS means
 * @steps: (element-type LksRunStep): in the order they ran
 * @needs: (nullable): "power-cycle" when the board must be switched off and on
 * @recipe_name: its name
 * @recipe_hash: SHA-256 of the recipe, 64 hexadecimal digits
 * @recipe_signer: (nullable): the name of the trusted key that signed the recipe
 * @recipe_signer_key: (nullable): its fingerprint, 64 hexadecimal digits
 * @record_id: (nullable): the record in the ledger
 * @n_waived: how many checks failed and were waived
 * @started_at: when
 * @finished_at: (nullable): when
 * @error: (nullable): why it was STOPPED
 *
 * What a run found and did. Immutable once a run has returned it.
 */
typedef struct {
  const char *kind;
  char       *port;
  char       *usb_serial;
  char       *device_id;
  LksVerdict  verdict;
  LksOutcome  outcome;
  GPtrArray  *steps;
  char       *needs;
  char       *recipe_name;
  char       *recipe_hash;
  char       *recipe_signer;
  char       *recipe_signer_key;
  char       *record_id;
  guint       n_waived;
  GDateTime  *started_at;
  GDateTime  *finished_at;
  GError     *error;
} LksRunResult;

LksRunResult *lks_run_result_ref       (LksRunResult *self) G_GNUC_WARN_UNUSED_RESULT;
void          lks_run_result_unref     (LksRunResult *self);
const char   *lks_run_result_summarize (LksRunResult *self);
JsonNode     *lks_run_result_to_json   (LksRunResult *self) G_GNUC_WARN_UNUSED_RESULT;

#define LKS_TYPE_RUN_RESULT (lks_run_result_get_type ())
GType         lks_run_result_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksRunResult, lks_run_result_unref)

/**
 * LksRunObserver:
 * @step: (nullable): a step began (result "running") or ended; @index counts from 0, and the
 *   same index is reported again when the step ends
 * @needs: (nullable): what a person has to do now, "power-cycle"; NULL: nothing any more
 * @user_data: for both
 *
 * Called on the thread of the run.
 */
typedef struct {
  void     (*step)  (LksRunStep *step,
                     guint       index,
                     gpointer    user_data);
  void     (*needs) (const char *needs,
                     gpointer    user_data);
  gpointer   user_data;
} LksRunObserver;

LksRunResult *lks_check_run    (LksRunTarget         *target,
                                LksRecipe            *recipe,
                                LksLedger            *ledger,
                                const LksRunObserver *observer,
                                GCancellable         *cancellable) G_GNUC_WARN_UNUSED_RESULT;
LksRunResult *lks_finalize_run (LksRunTarget         *target,
                                LksRecipe            *recipe,
                                LksConsent           *consent,
                                LksLedger            *ledger,
                                const LksRunObserver *observer,
                                GCancellable         *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
