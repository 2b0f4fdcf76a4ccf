/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-session-store.h"

G_BEGIN_DECLS

/* A program that was started watches within a second; a busy machine gets more. */
#define LKS_SESSION_KEEP_LIMIT_MS (15 * 1000)

gboolean lks_session_keep_in_background        (guint                 limit_ms,
                                                GCancellable         *cancellable,
                                                GError              **error);
void     lks_session_keep_in_background_async  (GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean lks_session_keep_in_background_finish (GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
