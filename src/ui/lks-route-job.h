/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-route-check.h"

G_BEGIN_DECLS

/**
 * LksRouteJob:
 *
 * One route of a window while it is packed or checked. Main thread only. Signals: "event" (a
 * device ID or NULL, a thing of LksRouteThing, a result of LksRouteResult, what to say about it),
 * and "done", after which there is an error, or findings, or both.
 */
#define LKS_TYPE_ROUTE_JOB (lks_route_job_get_type ())
G_DECLARE_FINAL_TYPE (LksRouteJob, lks_route_job, LKS, ROUTE_JOB, GObject)

LksRouteJob    *lks_route_job_new          (LksCloudDesk         *desk,
                                            LksVault             *vault,
                                            LksRoute             *route,
                                            const char           *folder,
                                            const char           *os_address) G_GNUC_WARN_UNUSED_RESULT;

const LksRoute *lks_route_job_get_route    (LksRouteJob          *self);
GPtrArray      *lks_route_job_get_findings (LksRouteJob          *self);
const GError   *lks_route_job_get_error    (LksRouteJob          *self);

void            lks_route_job_pack         (LksRouteJob          *self,
                                            const LksCloudScope  *catalog,
                                            const char           *keystore,
                                            gint64                leave_unix_s);
void            lks_route_job_check        (LksRouteJob          *self,
                                            gint64                leave_unix_s);
void            lks_route_job_stop         (LksRouteJob          *self);

G_END_DECLS
