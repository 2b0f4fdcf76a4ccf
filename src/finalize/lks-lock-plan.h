/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-state.h"
#include "lks-recipe.h"

G_BEGIN_DECLS

/**
 * LksLockAction:
 * @LKS_LOCK_ACTION_STOP: the state is not understood: do not touch the board
 * @LKS_LOCK_ACTION_REFUSE: the target is not a legal next step from here
 * @LKS_LOCK_ACTION_WRITE: the target is the legal next step
 * @LKS_LOCK_ACTION_VERIFY: the board is there already: look at everything, write nothing
 *
 * What a manufacturing state and a target mean for a run.
 */
typedef enum {
  LKS_LOCK_ACTION_STOP,
  LKS_LOCK_ACTION_REFUSE,
  LKS_LOCK_ACTION_WRITE,
  LKS_LOCK_ACTION_VERIFY,
} LksLockAction;

#define LKS_TYPE_LOCK_ACTION (lks_lock_action_get_type ())
GType lks_lock_action_get_type (void);

/**
 * LksRunPhase:
 *
 * Where a finalization stands. Nicks are the words of the journal.
 */
typedef enum {
  LKS_RUN_PHASE_IDENTIFY,
  LKS_RUN_PHASE_LOAD,
  LKS_RUN_PHASE_CHECK,
  LKS_RUN_PHASE_CONSENT,
  LKS_RUN_PHASE_CLAIM,
  LKS_RUN_PHASE_SET_STATE,
  LKS_RUN_PHASE_READ_BACK,
  LKS_RUN_PHASE_RESTART,
  LKS_RUN_PHASE_PROVE_RESTART,
  LKS_RUN_PHASE_VERIFY,
  LKS_RUN_PHASE_RECORD,
  LKS_RUN_PHASE_END,
} LksRunPhase;

#define LKS_RUN_PHASES (LKS_RUN_PHASE_END + 1)
#define LKS_TYPE_RUN_PHASE (lks_run_phase_get_type ())
GType lks_run_phase_get_type (void);

/**
 * LksPhaseTransition:
 *
 * One line of the table of legal transitions.
 */
typedef struct {
  LksRunPhase  from;
  LksRunPhase  to;
  const char  *why;
} LksPhaseTransition;

LksLockAction             lks_lock_plan                 (LksManufacturingState   state,
                                                         LksTargetState          target,
                                                         gboolean                allow_skip_module1,
                                                         const char            **out_reason);
LksManufacturingState     lks_lock_plan_target_state    (LksTargetState          target);

const LksPhaseTransition *lks_run_phase_get_transitions (gsize                  *out_transitions);
gboolean                  lks_run_phase_may_follow      (LksRunPhase             from,
                                                         LksRunPhase             to);
gboolean                  lks_run_phase_is_cancellable  (LksRunPhase             phase);
gboolean                  lks_run_phase_has_step        (LksRunPhase             phase,
                                                         const char             *step);

G_END_DECLS
