/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-board.h"
#include "lks-sideload.h"

G_BEGIN_DECLS

/* What happens beside the main thread when images are read, planned and installed. Each function
 * is called on the main thread and calls back there. */

void             lks_packages_load_async    (const char *const       *paths,
                                             gboolean                 is_removal,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
GPtrArray       *lks_packages_load_finish   (GAsyncResult            *result,
                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

void             lks_packages_plan_async    (LksBoard                *board,
                                             GPtrArray               *packages,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
LksSideloadPlan *lks_packages_plan_finish   (GAsyncResult            *result,
                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

void             lks_plan_install_async     (LksBoard                *board,
                                             const LksSideloadPlan   *plan,
                                             gboolean                 starts,
                                             gboolean                 force,
                                             LksSideloadFunc          progress,
                                             gpointer                 progress_data,
                                             GCancellable            *cancellable,
                                             GAsyncReadyCallback      callback,
                                             gpointer                 user_data);
LksSideloadResult *
                 lks_plan_install_finish    (GAsyncResult            *result,
                                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
