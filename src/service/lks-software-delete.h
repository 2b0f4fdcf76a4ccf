/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-restart-forecast.h"
#include "lks-software.h"

G_BEGIN_DECLS

/**
 * LksDeletion:
 * @component_id: (owned): what is deleted
 * @name: (owned): as the board names it
 * @forecast: whether that restarts the board
 * @forecast_reason: why, an English sentence for translation
 * @was_sent: whether the board was told to delete it, or may have been
 * @is_done: whether it is gone
 */
typedef struct {
  char *component_id;
  char *name;
  LksRestartForecast forecast;
  const char *forecast_reason;
  gboolean was_sent;
  gboolean is_done;
} LksDeletion;

/**
 * LksDeletePlan:
 * @deletions: (owned) (element-type LksDeletion): what is deleted, in this order; maybe nothing
 * @forecast: whether any of it restarts the board
 * @has_restarted: whether the board has restarted meanwhile
 *
 * What is to be deleted from a board, and afterwards what was.
 */
typedef struct {
  GPtrArray *deletions;
  LksRestartForecast forecast;
  gboolean has_restarted;
} LksDeletePlan;

/**
 * LksDeleteFunc:
 * @plan: what is deleted
 * @index: which one is begun now
 * @user_data: as given
 *
 * Called on the thread of the work.
 */
typedef void (*LksDeleteFunc) (const LksDeletePlan *plan,
                               guint                index,
                               gpointer             user_data);

LksDeletePlan *lks_delete_plan_new           (const LksSoftware   *software,
                                              LksPeripheralLock    lock,
                                              const char *const   *component_ids,
                                              GError             **error) G_GNUC_WARN_UNUSED_RESULT;
LksDeletePlan *lks_delete_plan_new_keep_only (const LksSoftware   *software,
                                              LksPeripheralLock    lock,
                                              const char *const   *component_ids,
                                              GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void           lks_delete_plan_free          (LksDeletePlan       *self);
JsonNode      *lks_delete_plan_to_json       (const LksDeletePlan *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean       lks_delete_plan_run           (LksDeletePlan       *self,
                                              LksDevice           *device,
                                              gboolean             allow_restart,
                                              LksDeleteFunc        progress,
                                              gpointer             user_data,
                                              GCancellable        *cancellable,
                                              GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDeletePlan, lks_delete_plan_free)

G_END_DECLS
