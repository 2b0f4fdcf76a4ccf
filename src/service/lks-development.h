/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-development-cloud.h"
#include "lks-secret.h"
#include "lks-sideload.h"

G_BEGIN_DECLS

/**
 * LksDevelopmentGoal:
 * @LKS_DEVELOPMENT_GOAL_DEVELOPMENT: the board takes software from this computer
 * @LKS_DEVELOPMENT_GOAL_CLOUD_TEST: the board takes software from the cloud only, as in the field
 *
 * What a board is prepared for. Nicks: "development", "cloud-test".
 */
typedef enum {
  LKS_DEVELOPMENT_GOAL_DEVELOPMENT,
  LKS_DEVELOPMENT_GOAL_CLOUD_TEST,
} LksDevelopmentGoal;

#define LKS_TYPE_DEVELOPMENT_GOAL (lks_development_goal_get_type ())
GType lks_development_goal_get_type (void);

/**
 * LksDevelopmentStep:
 * @LKS_DEVELOPMENT_STEP_CHECK: whether this may be done to this board, and how it is before
 * @LKS_DEVELOPMENT_STEP_FILE: whether the capability file that this takes is the right one
 * @LKS_DEVELOPMENT_STEP_DELETE: the applications leave the board
 * @LKS_DEVELOPMENT_STEP_APPLY: the capability file is installed; the board restarts
 * @LKS_DEVELOPMENT_STEP_VERIFY: the board is asked whether it is as it should be
 * @LKS_DEVELOPMENT_STEP_GROUP: the board moves to its device group, in the cloud; without the
 *   cloud that is left to the user
 *
 * Named sub-steps. The group comes last, so that a board whose capability could not be changed
 * still gets the updates of the group it was in. Nicks: "check", "file", "delete", "apply",
 * "verify", "group".
 */
typedef enum {
  LKS_DEVELOPMENT_STEP_CHECK,
  LKS_DEVELOPMENT_STEP_FILE,
  LKS_DEVELOPMENT_STEP_DELETE,
  LKS_DEVELOPMENT_STEP_APPLY,
  LKS_DEVELOPMENT_STEP_VERIFY,
  LKS_DEVELOPMENT_STEP_GROUP,
} LksDevelopmentStep;

#define LKS_DEVELOPMENT_STEPS (LKS_DEVELOPMENT_STEP_GROUP + 1)

#define LKS_TYPE_DEVELOPMENT_STEP (lks_development_step_get_type ())
GType lks_development_step_get_type (void);

/**
 * LksDevelopmentState:
 * @LKS_DEVELOPMENT_STATE_WAITING: not begun
 * @LKS_DEVELOPMENT_STATE_RUNNING: under way
 * @LKS_DEVELOPMENT_STATE_DONE: done and proven
 * @LKS_DEVELOPMENT_STATE_NOTHING: there was nothing to do
 * @LKS_DEVELOPMENT_STATE_BY_HAND: left to the user, in the cloud
 * @LKS_DEVELOPMENT_STATE_FAILED: begun, and failed; what came of it may not be known
 * @LKS_DEVELOPMENT_STATE_BACK: as it was before
 * @LKS_DEVELOPMENT_STATE_STAYS: cannot be put back; the note tells what to do
 *
 * Where a sub-step stands. Nicks: "waiting", "running", "done", "nothing", "by-hand", "failed",
 * "back", "stays".
 */
typedef enum {
  LKS_DEVELOPMENT_STATE_WAITING,
  LKS_DEVELOPMENT_STATE_RUNNING,
  LKS_DEVELOPMENT_STATE_DONE,
  LKS_DEVELOPMENT_STATE_NOTHING,
  LKS_DEVELOPMENT_STATE_BY_HAND,
  LKS_DEVELOPMENT_STATE_FAILED,
  LKS_DEVELOPMENT_STATE_BACK,
  LKS_DEVELOPMENT_STATE_STAYS,
} LksDevelopmentState;

#define LKS_TYPE_DEVELOPMENT_STATE (lks_development_state_get_type ())
GType lks_development_state_get_type (void);

/**
 * LksDevelopment:
 *
 * A board that is prepared for development, or for tests with the cloud: a sequence of sub-steps
 * that can fail between any two, goes on where it failed, and has a way back from everywhere. One
 * thread at a time.
 */
typedef struct _LksDevelopment LksDevelopment;

/**
 * LksDevelopmentFunc:
 * @development: a sequence
 * @step: the sub-step that stands elsewhere now
 * @user_data: as given
 *
 * Called on the thread of the work.
 */
typedef void (*LksDevelopmentFunc) (const LksDevelopment *development,
                                    LksDevelopmentStep    step,
                                    gpointer              user_data);

LksDevelopment     *lks_development_new           (LksDevelopmentGoal     goal) G_GNUC_WARN_UNUSED_RESULT;
void                lks_development_free          (LksDevelopment        *self);

void                lks_development_set_file      (LksDevelopment        *self,
                                                   LksSecret             *file);
void                lks_development_set_cloud     (LksDevelopment        *self,
                                                   const LksDevelopmentCloud *cloud);
void                lks_development_set_limit     (LksDevelopment        *self,
                                                   guint                  restart_limit_s);
void                lks_development_set_func      (LksDevelopment        *self,
                                                   LksDevelopmentFunc     func,
                                                   gpointer               user_data);

LksDevelopmentGoal  lks_development_get_goal      (const LksDevelopment  *self);
LksDevelopmentState lks_development_get_state     (const LksDevelopment  *self,
                                                   LksDevelopmentStep     step);
const char         *lks_development_get_note      (const LksDevelopment  *self,
                                                   LksDevelopmentStep     step);
const char         *lks_development_get_subject   (const LksDevelopment  *self,
                                                   LksDevelopmentStep     step);
const char         *lks_development_get_device_id (const LksDevelopment  *self);
gboolean            lks_development_needs_file    (const LksDevelopment  *self);
gboolean            lks_development_will_restart  (const LksDevelopment  *self);
gboolean            lks_development_is_done       (const LksDevelopment  *self);
gboolean            lks_development_is_half_done  (const LksDevelopment  *self);
gboolean            lks_development_may_go_back   (const LksDevelopment  *self);
JsonNode           *lks_development_to_json       (const LksDevelopment  *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean            lks_development_look          (LksDevelopment        *self,
                                                   LksDevice             *device,
                                                   LksPeripheralLock      lock,
                                                   GCancellable          *cancellable,
                                                   GError               **error);
gboolean            lks_development_run           (LksDevelopment        *self,
                                                   LksDevice             *device,
                                                   LksPeripheralLock      lock,
                                                   GCancellable          *cancellable,
                                                   GError               **error);
gboolean            lks_development_put_back      (LksDevelopment        *self,
                                                   LksDevice             *device,
                                                   LksPeripheralLock      lock,
                                                   GCancellable          *cancellable,
                                                   GError               **error);

const char         *lks_development_step_get_title (LksDevelopmentStep    step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksDevelopment, lks_development_free)

G_END_DECLS
