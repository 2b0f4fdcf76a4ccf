/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-route-pack.h"

G_BEGIN_DECLS

/* The window translates; here are the words. */
#define N_(text) (text)

/* Packing while it lasts. */
typedef struct {
  LksRoute *route;
  const LksRoutePacking *how;
  GCancellable *cancellable;
  GHashTable *places; /* (owned) (element-type utf8 LksCloudScope): where each device is */
} LksRouteWork;

gboolean lks_route_work_tell        (LksRouteWork   *self,
                                     LksRouteEvent   event,
                                     GError         *reason,
                                     GError        **error);
gboolean lks_route_work_pack_images (LksRouteWork   *self,
                                     GError        **error);
char    *lks_route_hash_file        (const char     *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
