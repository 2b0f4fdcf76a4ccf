/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board-run.h"
#include "lks-waiver.h"

G_BEGIN_DECLS

/**
 * LksLockJob:
 *
 * What the wizard works on: the boards to choose from, the chosen ones, the recipe, and their
 * runs side by side. Properties: "boards", "recipe", "runs" (a list model of
 * [class@Lks.BoardRun]), "busy", "n-chosen", "n-confirmable", "n-confirmed". The signal
 * "finished" comes when the last run of a round has ended.
 */
#define LKS_TYPE_LOCK_JOB (lks_lock_job_get_type ())
G_DECLARE_FINAL_TYPE (LksLockJob, lks_lock_job, LKS, LOCK_JOB, GObject)

LksLockJob *lks_lock_job_new          (GListModel *boards,
                                       LksLedger  *ledger,
                                       const LksRunOrder *order) G_GNUC_WARN_UNUSED_RESULT;

GListModel *lks_lock_job_get_boards   (LksLockJob *self);
gboolean    lks_lock_job_can_choose   (LksBoard   *board);
gboolean    lks_lock_job_is_chosen    (LksLockJob *self,
                                       LksBoard   *board);
void        lks_lock_job_set_chosen   (LksLockJob *self,
                                       LksBoard   *board,
                                       gboolean    is_chosen);
guint       lks_lock_job_get_n_chosen (LksLockJob *self);

const LksRunOrder *lks_lock_job_get_order (LksLockJob *self);
LksRecipe  *lks_lock_job_get_recipe   (LksLockJob *self);
void        lks_lock_job_set_recipe   (LksLockJob *self,
                                       LksRecipe  *recipe);

GListModel *lks_lock_job_get_runs     (LksLockJob *self);
guint       lks_lock_job_count        (LksLockJob *self,
                                       LksVerdict  verdict);
guint       lks_lock_job_get_n_confirmable (LksLockJob *self);
guint       lks_lock_job_get_n_confirmed (LksLockJob *self);
gboolean    lks_lock_job_get_busy     (LksLockJob *self);

void        lks_lock_job_check        (LksLockJob *self);
void        lks_lock_job_waive        (LksLockJob *self,
                                       LksWaiver  *waiver);
void        lks_lock_job_lock         (LksLockJob *self);
void        lks_lock_job_cancel       (LksLockJob *self);

G_END_DECLS
