/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-route-check.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRouteList:
 *
 * What of a route is there and what is missing, a row for each device and for each other thing:
 * while it is packed, and as it was found.
 */
#define LKS_TYPE_ROUTE_LIST (lks_route_list_get_type ())
G_DECLARE_FINAL_TYPE (LksRouteList, lks_route_list, LKS, ROUTE_LIST, AdwBin)

void lks_route_list_show_waiting  (LksRouteList    *self,
                                   const LksRoute  *route);
void lks_route_list_take_event    (LksRouteList    *self,
                                   const char      *device_id,
                                   int              thing,
                                   int              result,
                                   const char      *text);
void lks_route_list_show_findings (LksRouteList    *self,
                                   const LksRoute  *route,
                                   GPtrArray       *findings);

G_END_DECLS
