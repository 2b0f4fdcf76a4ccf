/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-cloud-preparer.h"
#include "lks-development.h"
#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksDevelopmentPhase:
 * @LKS_DEVELOPMENT_PHASE_IDLE: nothing is under way
 * @LKS_DEVELOPMENT_PHASE_LOOK: the board is read
 * @LKS_DEVELOPMENT_PHASE_FETCH: the key comes from the vault
 * @LKS_DEVELOPMENT_PHASE_RUN: the way there
 * @LKS_DEVELOPMENT_PHASE_BACK: the way back
 *
 * What is under way.
 */
typedef enum {
  LKS_DEVELOPMENT_PHASE_IDLE,
  LKS_DEVELOPMENT_PHASE_LOOK,
  LKS_DEVELOPMENT_PHASE_FETCH,
  LKS_DEVELOPMENT_PHASE_RUN,
  LKS_DEVELOPMENT_PHASE_BACK,
} LksDevelopmentPhase;

/**
 * LksDevelopmentJob:
 *
 * The preparation of one board for a window: the sequence, the key of the vault that it takes, and
 * the cloud's part. Main thread only. Signals: "stepped" (where a sub-step stands: the sub-step, its
 * state, note and subject), "phase-changed", and "ended" (what was under way, and the error or
 * NULL).
 */
#define LKS_TYPE_DEVELOPMENT_JOB (lks_development_job_get_type ())
G_DECLARE_FINAL_TYPE (LksDevelopmentJob, lks_development_job, LKS, DEVELOPMENT_JOB, GObject)

LksDevelopmentJob    *lks_development_job_new          (LksBoard            *board,
                                                        LksDevelopmentGoal   goal,
                                                        LksVault            *vault) G_GNUC_WARN_UNUSED_RESULT;

const LksDevelopment *lks_development_job_get_sequence (LksDevelopmentJob   *self);
LksDevelopmentPhase   lks_development_job_get_phase    (LksDevelopmentJob   *self);
gboolean              lks_development_job_has_key      (LksDevelopmentJob   *self);
LksSecret            *lks_development_job_get_file     (LksDevelopmentJob   *self);
void                  lks_development_job_set_file     (LksDevelopmentJob   *self,
                                                        LksSecret           *file);
void                  lks_development_job_take_cloud   (LksDevelopmentJob   *self,
                                                        LksCloudPreparer    *preparer);

void                  lks_development_job_begin        (LksDevelopmentJob   *self,
                                                        LksDevelopmentPhase  phase);
void                  lks_development_job_stop         (LksDevelopmentJob   *self);

G_END_DECLS
