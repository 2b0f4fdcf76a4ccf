/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"

G_BEGIN_DECLS

/* A start takes some fifteen seconds. */
#define LKS_RESTART_WATCH_LIMIT_S 120

/**
 * LksRestartWatch:
 * @device_id: (owned) (nullable): who the board was before, 128 digits
 * @uptime_s: how long it had run
 * @read_us: when it said so, monotonic microseconds
 * @handshakes: connections that had been made by then
 *
 * What was read of a board before something that restarts it, so that the restart can be proven
 * afterwards, and that the same board came back.
 */
typedef struct {
  char *device_id;
  guint64 uptime_s;
  gint64 read_us;
  guint handshakes;
} LksRestartWatch;

gboolean lks_restart_watch_begin         (LksRestartWatch        *self,
                                          LksDevice              *device,
                                          GCancellable           *cancellable,
                                          GError                **error);
gboolean lks_restart_watch_has_restarted (const LksRestartWatch  *self,
                                          LksDevice              *device,
                                          guint64                 uptime_s,
                                          gint64                  asked_us);
gboolean lks_restart_watch_wait          (const LksRestartWatch  *self,
                                          LksDevice              *device,
                                          guint                   limit_s,
                                          GCancellable           *cancellable,
                                          GError                **error);
gboolean lks_restart_watch_settle        (const LksRestartWatch  *self,
                                          LksDevice              *device,
                                          guint                   quiet_ms,
                                          guint                   limit_s,
                                          gboolean               *out_restarted,
                                          GCancellable           *cancellable,
                                          GError                **error);
void     lks_restart_watch_clear         (LksRestartWatch        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksRestartWatch, lks_restart_watch_clear)

G_END_DECLS
