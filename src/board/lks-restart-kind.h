/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksRestartKind:
 * @LKS_RESTART_KIND_NONE: nothing was seen to start again
 * @LKS_RESTART_KIND_ORDERED: this program told the board to
 * @LKS_RESTART_KIND_POWER_CYCLE: the cable was out, and the board has lost its power with it
 * @LKS_RESTART_KIND_UPDATE: an update installed itself
 * @LKS_RESTART_KIND_UNEXPLAINED: the reset button, another program, or a crash
 * @LKS_RESTART_KIND_APPLICATION: only applications started again, the board went on
 *
 * Why a board, or what runs on it, has started again, as far as it can be told from outside.
 * Nicks: "none", "ordered", "power-cycle", "update", "unexplained", "application".
 */
typedef enum {
  LKS_RESTART_KIND_NONE,
  LKS_RESTART_KIND_ORDERED,
  LKS_RESTART_KIND_POWER_CYCLE,
  LKS_RESTART_KIND_UPDATE,
  LKS_RESTART_KIND_UNEXPLAINED,
  LKS_RESTART_KIND_APPLICATION,
} LksRestartKind;

#define LKS_TYPE_RESTART_KIND (lks_restart_kind_get_type ())
GType lks_restart_kind_get_type (void);

/**
 * LksRestartFacts:
 * @has_restarted: the uptime proves that the board has restarted
 * @was_ordered: this program had told it to
 * @was_unplugged: the adapter was gone in between
 * @was_updating: an update was in progress, or waited for a restart, before
 * @system_changed: the version or the images of the system are others now
 * @applications_changed: the images of applications are others now
 *
 * What was seen between two readings of one board.
 */
typedef struct {
  gboolean has_restarted;
  gboolean was_ordered;
  gboolean was_unplugged;
  gboolean was_updating;
  gboolean system_changed;
  gboolean applications_changed;
} LksRestartFacts;

/**
 * LksRestartNote:
 * @kind: what was seen; %LKS_RESTART_KIND_NONE for nothing yet
 * @reason: (nullable): why we think so, an English sentence that lives for ever
 * @noticed_wall_us: when it was noticed, microseconds since 1970 (UTC)
 * @uptime_before_s: the last uptime that was read before
 *
 * The last restart of a board that was noticed.
 */
typedef struct {
  LksRestartKind kind;
  const char *reason;
  gint64 noticed_wall_us;
  guint64 uptime_before_s;
} LksRestartNote;

LksRestartKind lks_restart_kind_derive (const LksRestartFacts  *facts,
                                        const char            **out_reason);

G_END_DECLS
