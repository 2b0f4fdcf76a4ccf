/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksWorker:
 *
 * One thread that runs blocking jobs in the order they were pushed: the worker of one board.
 */
#define LKS_TYPE_WORKER (lks_worker_get_type ())
G_DECLARE_FINAL_TYPE (LksWorker, lks_worker, LKS, WORKER, GObject)

LksWorker *lks_worker_new       (const char      *name) G_GNUC_WARN_UNUSED_RESULT;

void       lks_worker_push      (LksWorker       *self,
                                 GTask           *task,
                                 GTaskThreadFunc  func);
gboolean   lks_worker_is_current (LksWorker      *self);

void       lks_worker_run_alone (GTask           *task,
                                 GTaskThreadFunc  func);

G_END_DECLS
