/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     lks_bounded_run_async  (guint                 limit_s,
                                 GTaskThreadFunc       func,
                                 gpointer              data,
                                 GDestroyNotify        free_data,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gpointer lks_bounded_run_finish (GAsyncResult         *result,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;
gpointer lks_bounded_run        (guint                 limit_s,
                                 GTaskThreadFunc       func,
                                 gpointer              data,
                                 GDestroyNotify        free_data,
                                 GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
