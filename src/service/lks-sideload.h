/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device-update.h"
#include "lks-sideload-plan.h"

G_BEGIN_DECLS

/**
 * LksSideloadStep:
 * @LKS_SIDELOAD_STEP_CHECK: what a plan said is read again
 * @LKS_SIDELOAD_STEP_SEND: a package is sent; the last step that can be cancelled
 * @LKS_SIDELOAD_STEP_INSTALL: the board installs what was sent
 * @LKS_SIDELOAD_STEP_RESTART: the board restarts
 * @LKS_SIDELOAD_STEP_VERIFY: the board is asked what is installed now
 * @LKS_SIDELOAD_STEP_START: applications are waited for
 *
 * Nicks: "check", "send", "install", "restart", "verify", "start".
 */
typedef enum {
  LKS_SIDELOAD_STEP_CHECK,
  LKS_SIDELOAD_STEP_SEND,
  LKS_SIDELOAD_STEP_INSTALL,
  LKS_SIDELOAD_STEP_RESTART,
  LKS_SIDELOAD_STEP_VERIFY,
  LKS_SIDELOAD_STEP_START,
} LksSideloadStep;

#define LKS_TYPE_SIDELOAD_STEP (lks_sideload_step_get_type ())
GType lks_sideload_step_get_type (void);

/**
 * LksSideloadProgress:
 * @step: what is done
 * @package: which package is sent, counted from 0
 * @sent_bytes: how much of it the line has taken
 * @total_bytes: its size
 * @bytes_per_second: how fast, over the last two seconds; 0 when that is not known yet
 */
typedef struct {
  LksSideloadStep step;
  guint package;
  guint64 sent_bytes;
  guint64 total_bytes;
  double bytes_per_second;
} LksSideloadProgress;

/* Called on the thread of the work, at most ten times a second while a package is sent. */
typedef void (*LksSideloadFunc) (const LksSideloadProgress *progress,
                                 gpointer                   user_data);

/**
 * LksSideloadOptions:
 * @control: whether installed applications start by themselves
 * @force: whether to send what the board will refuse, as far as is known
 * @allow_restart: whether to go on although the board restarts or may restart
 * @restart_limit_s: how long to wait for a restart, 0 for %LKS_RESTART_WATCH_LIMIT_S
 * @start_limit_s: how long to wait for an application to run, 0 for 20
 * @progress: (nullable): told what is done
 * @progress_data: for @progress
 *
 * How to install.
 */
typedef struct {
  LksAppControl control;
  gboolean force;
  gboolean allow_restart;
  guint restart_limit_s;
  guint start_limit_s;
  LksSideloadFunc progress;
  gpointer progress_data;
} LksSideloadOptions;

/**
 * LksSideloadOutcome:
 * @component_id: (owned): what was installed
 * @image_id: (owned): the image that is proven to be on the board now
 * @state: of an application: what it does now
 * @was_there: the board said that it had this image before
 */
typedef struct {
  char *component_id;
  char *image_id;
  LksAppState state;
  gboolean was_there;
} LksSideloadOutcome;

/**
 * LksSideloadResult:
 * @outcomes: (owned) (element-type LksSideloadOutcome): one for each package
 * @has_restarted: whether the board has restarted
 * @bytes: how much was sent
 * @send_us: how long sending took, in microseconds
 *
 * What an installation came to.
 */
typedef struct {
  GPtrArray *outcomes;
  gboolean has_restarted;
  guint64 bytes;
  gint64 send_us;
} LksSideloadResult;

LksSideloadResult *lks_sideload_run            (LksDevice                 *device,
                                                const LksSideloadPlan     *plan,
                                                const LksSideloadOptions  *options,
                                                GCancellable              *cancellable,
                                                GError                   **error) G_GNUC_WARN_UNUSED_RESULT;
void               lks_sideload_result_free    (LksSideloadResult         *self);
JsonNode          *lks_sideload_result_to_json (const LksSideloadResult   *self) G_GNUC_WARN_UNUSED_RESULT;

const char        *lks_sideload_step_get_title (LksSideloadStep            step);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSideloadResult, lks_sideload_result_free)

G_END_DECLS
