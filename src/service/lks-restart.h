/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-restart-watch.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * LksRestart:
 * @before: who the board was, and how long it had run
 * @has_answered: whether it agreed; if not, its answer was lost and it may restart all the same
 * @is_proven: whether the same board has come back, started anew
 * @after_s: its uptime then, in seconds
 * @took_ms: from the order to the proof
 *
 * One restart of a board that was ordered. Begin with { 0 }.
 */
typedef struct {
  LksRestartWatch before;
  gboolean has_answered;
  gboolean is_proven;
  guint64 after_s;
  guint took_ms;
} LksRestart;

gboolean  lks_restart_order   (LksDevice         *device,
                               LksRestart        *restart,
                               GCancellable      *cancellable,
                               GError           **error);
gboolean  lks_restart_prove   (LksDevice         *device,
                               LksRestart        *restart,
                               guint              limit_s,
                               GCancellable      *cancellable,
                               GError           **error);
void      lks_restart_clear   (LksRestart        *restart);
JsonNode *lks_restart_to_json (const LksRestart  *restart) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksRestart, lks_restart_clear)

G_END_DECLS
