/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-route-pack.h"

G_BEGIN_DECLS

/**
 * LksRouteState:
 * @LKS_ROUTE_STATE_THERE: it is there and was looked at
 * @LKS_ROUTE_STATE_MIND: one can leave with it, but should know something about it
 * @LKS_ROUTE_STATE_MISSING: it is not there, or cannot be used
 *
 * How one thing of a route stands. Nicks: "there", "mind", "missing".
 */
typedef enum {
  LKS_ROUTE_STATE_THERE,
  LKS_ROUTE_STATE_MIND,
  LKS_ROUTE_STATE_MISSING,
} LksRouteState;

#define LKS_TYPE_ROUTE_STATE (lks_route_state_get_type ())
GType lks_route_state_get_type (void);

/**
 * LksRouteFinding:
 * @thing: what
 * @state: how it stands
 * @device_id: (owned) (nullable): for which device, NULL for what is for all
 * @subject: (owned) (nullable): which one, or what exactly
 * @note: what is to be said about it, an English sentence for translation
 * @advice: (nullable): what to do about it, an English sentence for translation
 */
typedef struct {
  LksRouteThing thing;
  LksRouteState state;
  char *device_id;
  char *subject;
  const char *note;
  const char *advice;
} LksRouteFinding;

/**
 * LksRouteLook:
 * @folder: where the route is
 * @door: (nullable): to the opened vault, NULL when it could not be opened
 * @vault_problem: (nullable): why not
 * @os_path: where the list of OS versions is kept
 * @leave_unix_s: until when it must do, Unix seconds
 *
 * What is looked at, and for when.
 */
typedef struct {
  const char *folder;
  LksVaultDoor *door;
  const char *vault_problem;
  const char *os_path;
  gint64 leave_unix_s;
} LksRouteLook;

GPtrArray     *lks_route_check            (const LksRoute      *self,
                                           const LksRouteLook  *look,
                                           GCancellable        *cancellable,
                                           GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       lks_route_is_ready         (GPtrArray           *findings);
LksRouteState  lks_route_judge_device     (GPtrArray           *findings,
                                           const char          *device_id);

G_END_DECLS
