/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-lock-plan.h"

G_DEFINE_ENUM_TYPE (LksLockAction,
                    lks_lock_action,
                    G_DEFINE_ENUM_VALUE (LKS_LOCK_ACTION_STOP, "stop"),
                    G_DEFINE_ENUM_VALUE (LKS_LOCK_ACTION_REFUSE, "refuse"),
                    G_DEFINE_ENUM_VALUE (LKS_LOCK_ACTION_WRITE, "write"),
                    G_DEFINE_ENUM_VALUE (LKS_LOCK_ACTION_VERIFY, "verify"))

G_DEFINE_ENUM_TYPE (LksRunPhase,
                    lks_run_phase,
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_IDENTIFY, "identify"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_LOAD, "load"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_CHECK, "check"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_CONSENT, "consent"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_CLAIM, "claim"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_SET_STATE, "set-state"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_READ_BACK, "read-back"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_RESTART, "restart"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_PROVE_RESTART, "prove-restart"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_VERIFY, "verify"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_RECORD, "record"),
                    G_DEFINE_ENUM_VALUE (LKS_RUN_PHASE_END, "end"))

/* Manufacturing states are permanent and go one way: Blank, Module1Complete, DeviceComplete
 * (Azure Sphere documentation, device manufacturing state). */
static const struct
{
  LksManufacturingState state;
  LksTargetState target;
  LksLockAction action;
  const char *reason;
} plans[] = {
  { LKS_MANUFACTURING_STATE_UNKNOWN, LKS_TARGET_STATE_MODULE1_COMPLETE, LKS_LOCK_ACTION_STOP,
    "the board does not know its state, or names one that is not known here: do not touch it" },
  { LKS_MANUFACTURING_STATE_UNKNOWN, LKS_TARGET_STATE_DEVICE_COMPLETE, LKS_LOCK_ACTION_STOP,
    "the board does not know its state, or names one that is not known here: do not touch it" },
  { LKS_MANUFACTURING_STATE_BLANK, LKS_TARGET_STATE_MODULE1_COMPLETE, LKS_LOCK_ACTION_WRITE,
    "the next step of a Blank board" },
  { LKS_MANUFACTURING_STATE_BLANK, LKS_TARGET_STATE_DEVICE_COMPLETE, LKS_LOCK_ACTION_REFUSE,
    "a Blank board has to become Module1Complete first: use a recipe with that target, or one "
    "with “allowSkipModule1”" },
  { LKS_MANUFACTURING_STATE_MODULE1_COMPLETE, LKS_TARGET_STATE_MODULE1_COMPLETE,
    LKS_LOCK_ACTION_VERIFY, "the board is Module1Complete already" },
  { LKS_MANUFACTURING_STATE_MODULE1_COMPLETE, LKS_TARGET_STATE_DEVICE_COMPLETE,
    LKS_LOCK_ACTION_WRITE, "the next step of a Module1Complete board" },
  { LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, LKS_TARGET_STATE_MODULE1_COMPLETE,
    LKS_LOCK_ACTION_REFUSE,
    "the board is DeviceComplete: there is no way back to Module1Complete" },
  { LKS_MANUFACTURING_STATE_DEVICE_COMPLETE, LKS_TARGET_STATE_DEVICE_COMPLETE,
    LKS_LOCK_ACTION_VERIFY, "the board is DeviceComplete already" },
};

/**
 * lks_lock_plan:
 * @state: what the board says it is
 * @target: what it is to become
 * @allow_skip_module1: whether Blank may become DeviceComplete in one step
 * @out_reason: (out) (transfer none): why, in English
 *
 * A table, no I/O.
 *
 * Returns: what a run has to do
 */
LksLockAction
lks_lock_plan (LksManufacturingState state,
               LksTargetState target,
               gboolean allow_skip_module1,
               const char **out_reason)
{
  if (state == LKS_MANUFACTURING_STATE_BLANK && target == LKS_TARGET_STATE_DEVICE_COMPLETE &&
      allow_skip_module1)
    {
      *out_reason = "the recipe allows a Blank board to become DeviceComplete in one step";
      return LKS_LOCK_ACTION_WRITE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    if (plans[i].state == state && plans[i].target == target)
      {
        *out_reason = plans[i].reason;
        return plans[i].action;
      }

  *out_reason = "a state that is not known here: do not touch the board";
  return LKS_LOCK_ACTION_STOP;
}

/**
 * lks_lock_plan_target_state:
 * @target: a target
 *
 * Returns: the state a board is in when it has reached @target
 */
LksManufacturingState
lks_lock_plan_target_state (LksTargetState target)
{
  switch (target)
    {
    case LKS_TARGET_STATE_MODULE1_COMPLETE:
      return LKS_MANUFACTURING_STATE_MODULE1_COMPLETE;
    case LKS_TARGET_STATE_DEVICE_COMPLETE:
      return LKS_MANUFACTURING_STATE_DEVICE_COMPLETE;
    }
  return LKS_MANUFACTURING_STATE_UNKNOWN;
}

/* There is no way back to SET_STATE: one run writes at most once. From SET_STATE the only way
 * leads through READ_BACK, whatever became of the write. */
static const LksPhaseTransition transitions[] = {
  { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_CHECK, "the board has a name" },
  { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_LOAD, "and the recipe has packages for it" },
  { LKS_RUN_PHASE_IDENTIFY, LKS_RUN_PHASE_RECORD, "it, or its journal, could not be read" },
  { LKS_RUN_PHASE_LOAD, LKS_RUN_PHASE_CHECK, "its images are there, or are not for us to load" },
  { LKS_RUN_PHASE_LOAD, LKS_RUN_PHASE_RECORD, "it did not take one, or was lost meanwhile" },
  { LKS_RUN_PHASE_CHECK, LKS_RUN_PHASE_CONSENT, "ready, and there is something to write" },
  { LKS_RUN_PHASE_CHECK, LKS_RUN_PHASE_RESTART, "in the target state, restart not proven" },
  { LKS_RUN_PHASE_CHECK, LKS_RUN_PHASE_VERIFY, "in the target state, restart not needed" },
  { LKS_RUN_PHASE_CHECK, LKS_RUN_PHASE_RECORD, "not ready, or not understood" },
  { LKS_RUN_PHASE_CONSENT, LKS_RUN_PHASE_SET_STATE, "the consent is for this board and recipe" },
  { LKS_RUN_PHASE_CONSENT, LKS_RUN_PHASE_CLAIM, "and the recipe wants it claimed first" },
  { LKS_RUN_PHASE_CONSENT, LKS_RUN_PHASE_RECORD, "no consent" },
  { LKS_RUN_PHASE_CLAIM, LKS_RUN_PHASE_SET_STATE, "seen in the catalog, or its claim is queued" },
  { LKS_RUN_PHASE_CLAIM, LKS_RUN_PHASE_RECORD, "not claimed" },
  { LKS_RUN_PHASE_SET_STATE, LKS_RUN_PHASE_READ_BACK, "always" },
  { LKS_RUN_PHASE_SET_STATE, LKS_RUN_PHASE_RECORD, "the journal could not be written: not sent" },
  { LKS_RUN_PHASE_READ_BACK, LKS_RUN_PHASE_RESTART, "the board says the new state" },
  { LKS_RUN_PHASE_READ_BACK, LKS_RUN_PHASE_RECORD, "it does not, or cannot be asked" },
  { LKS_RUN_PHASE_RESTART, LKS_RUN_PHASE_PROVE_RESTART, "ordered, or a person was asked" },
  { LKS_RUN_PHASE_RESTART, LKS_RUN_PHASE_RECORD, "stopped" },
  { LKS_RUN_PHASE_PROVE_RESTART, LKS_RUN_PHASE_VERIFY, "the uptime proves it" },
  { LKS_RUN_PHASE_PROVE_RESTART, LKS_RUN_PHASE_RECORD, "no proof in time" },
  { LKS_RUN_PHASE_VERIFY, LKS_RUN_PHASE_RECORD, "always" },
  { LKS_RUN_PHASE_RECORD, LKS_RUN_PHASE_END, "always" },
};

/**
 * lks_run_phase_get_transitions:
 * @out_transitions: (out): how many there are
 *
 * Returns: (transfer none) (array length=out_transitions): all legal transitions
 */
const LksPhaseTransition *
lks_run_phase_get_transitions (gsize *out_transitions)
{
  *out_transitions = G_N_ELEMENTS (transitions);
  return transitions;
}

/**
 * lks_run_phase_may_follow:
 * @from: a phase
 * @to: another
 *
 * Returns: whether a run may go from @from to @to
 */
gboolean
lks_run_phase_may_follow (LksRunPhase from, LksRunPhase to)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transitions); i++)
    if (transitions[i].from == from && transitions[i].to == to)
      return TRUE;

  return FALSE;
}

/**
 * lks_run_phase_is_cancellable:
 * @phase: a phase
 *
 * Returns: FALSE between the intent to write and the answer what became of it, and while the
 *   record is written
 */
gboolean
lks_run_phase_is_cancellable (LksRunPhase phase)
{
  return phase != LKS_RUN_PHASE_SET_STATE && phase != LKS_RUN_PHASE_READ_BACK &&
         phase != LKS_RUN_PHASE_RECORD && phase != LKS_RUN_PHASE_END;
}

/* What is done in which phase. Whoever orders something of the board does it in one phase only. */
static const struct
{
  const char *step;
  LksRunPhase phase;
} steps[] = {
  { "identify", LKS_RUN_PHASE_IDENTIFY },
  { "journal", LKS_RUN_PHASE_IDENTIFY },
  { "label", LKS_RUN_PHASE_IDENTIFY },
  { "load-images", LKS_RUN_PHASE_LOAD },
  { "rest-version", LKS_RUN_PHASE_CHECK },
  { "label", LKS_RUN_PHASE_CHECK },
  { "state", LKS_RUN_PHASE_CHECK },
  { "capabilities", LKS_RUN_PHASE_CHECK },
  { "os-version", LKS_RUN_PHASE_CHECK },
  { "os-images", LKS_RUN_PHASE_CHECK },
  { "components", LKS_RUN_PHASE_CHECK },
  { "updates", LKS_RUN_PHASE_CHECK },
  { "absent-components", LKS_RUN_PHASE_CHECK },
  { "images", LKS_RUN_PHASE_CHECK },
  { "board-configuration", LKS_RUN_PHASE_CHECK },
  { "wifi-networks", LKS_RUN_PHASE_CHECK },
  { "certificates", LKS_RUN_PHASE_CHECK },
  { "interfaces", LKS_RUN_PHASE_CHECK },
  { "time-limits", LKS_RUN_PHASE_CHECK },
  { "journal", LKS_RUN_PHASE_CHECK },
  { "service-lock", LKS_RUN_PHASE_CHECK },
  { "claim", LKS_RUN_PHASE_CHECK },
  { "consent", LKS_RUN_PHASE_CONSENT },
  { "claim", LKS_RUN_PHASE_CLAIM },
  { "set-state", LKS_RUN_PHASE_SET_STATE },
  { "read-back", LKS_RUN_PHASE_READ_BACK },
  { "restart", LKS_RUN_PHASE_RESTART },
  { "prove-restart", LKS_RUN_PHASE_PROVE_RESTART },
  { "verify-identity", LKS_RUN_PHASE_VERIFY },
  { "verify-state", LKS_RUN_PHASE_VERIFY },
  { "verify-capabilities", LKS_RUN_PHASE_VERIFY },
  { "verify-os-version", LKS_RUN_PHASE_VERIFY },
  { "service-lock", LKS_RUN_PHASE_VERIFY },
};

/**
 * lks_run_phase_has_step:
 * @phase: a phase
 * @step: name of a step
 *
 * Returns: whether @step may be done in @phase
 */
gboolean
lks_run_phase_has_step (LksRunPhase phase, const char *step)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].phase == phase && g_str_equal (steps[i].step, step))
      return TRUE;

  return FALSE;
}
