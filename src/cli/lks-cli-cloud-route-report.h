/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-route-check.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *lks_cli_route_get_subject (const LksRouteEvent  *event);
void       lks_cli_route_print_event  (const LksRouteEvent  *event);
JsonObject *lks_cli_route_event_to_object (const LksRouteEvent *event) G_GNUC_WARN_UNUSED_RESULT;
void       lks_cli_route_print        (const LksRoute       *route,
                                       GPtrArray            *findings);
JsonArray *lks_cli_route_to_array     (const LksRoute       *route,
                                       GPtrArray            *findings) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *lks_cli_route_findings_to_array (GPtrArray       *findings,
                                       const char           *device_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
