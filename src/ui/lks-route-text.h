/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-route-check.h"

G_BEGIN_DECLS

LksSign     lks_sign_for_route_state  (LksRouteState         state);
LksSign     lks_sign_for_route_result (LksRouteResult        result);

const char *lks_route_thing_to_title  (LksRouteThing         thing);
char       *lks_route_device_to_title (const char           *device_id) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_route_finding_to_text (const LksRouteFinding *finding) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_route_device_to_text  (GPtrArray            *findings,
                                       const char           *device_id) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_route_event_to_text   (const LksRouteEvent  *event) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
