/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksUptime:
 * @uptime_s: what the board said
 * @read_us: when it said so, on any clock that never jumps, in microseconds
 *
 * One reading of a board's uptime.
 */
typedef struct {
  guint64 uptime_s;
  gint64 read_us;
} LksUptime;

/**
 * LksRestartProof:
 * @LKS_RESTART_PROOF_FOUND: the board has restarted and answers
 * @LKS_RESTART_PROOF_NOT_YET: the board answers and has not restarted
 * @LKS_RESTART_PROOF_SILENT: the board does not answer
 *
 * What waiting for a restart came to.
 */
typedef enum {
  LKS_RESTART_PROOF_FOUND,
  LKS_RESTART_PROOF_NOT_YET,
  LKS_RESTART_PROOF_SILENT,
} LksRestartProof;

/**
 * LksRestartOps:
 * @get_uptime: `GET /status`, in seconds
 * @is_present: whether the board's adapter is still plugged in
 * @now_us: a clock that never jumps, in microseconds
 * @wait: waits for a time, or until cancelled
 *
 * The world, for one who waits. All of it blocks.
 */
typedef struct {
  gboolean (*get_uptime) (gpointer       data,
                          guint64       *out_uptime_s,
                          GCancellable  *cancellable,
                          GError       **error);
  gboolean (*is_present) (gpointer       data);
  gint64   (*now_us)     (gpointer       data);
  gboolean (*wait)       (gpointer       data,
                          guint          time_ms,
                          GCancellable  *cancellable,
                          GError       **error);
} LksRestartOps;

gboolean lks_uptime_proves_restart (const LksUptime      *before,
                                    guint64               uptime_s,
                                    gint64                asked_us);

gboolean lks_uptime_can_prove_restart
                                   (guint64               uptime_s);

gboolean lks_restart_wait          (const LksRestartOps  *ops,
                                    gpointer              data,
                                    const LksUptime      *before,
                                    guint                 limit_s,
                                    LksRestartProof      *out_proof,
                                    guint64              *out_uptime_s,
                                    GCancellable         *cancellable,
                                    GError              **error);

G_END_DECLS
