/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-device.h"
#include "lks-peripheral-lock.h"

G_BEGIN_DECLS

/**
 * LksLockHistory:
 *
 * What was seen of one board over time, as far as the peripheral lock needs it: when the
 * lock's conditions changed and when the system started. All zero is a board never seen. Not
 * thread-safe.
 */
typedef struct {
  gboolean is_seen;
  gboolean would_lock; /* what the conditions say */
  gint64 first_us;     /* first seen at all */
  gint64 last_us;      /* last seen as they are */
  gint64 changed_after_us;
  gint64 changed_before_us;

  gboolean boot_known;
  guint64 uptime_s;
  gint64 uptime_us; /* when that was read */
  gint64 boot_after_us;
  gint64 boot_before_us;
  gint64 ordered_us; /* when a restart was ordered that was not seen yet, 0 for none */
  gint64 lost_us;    /* when the connection was last seen to have broken */

  /* The last answers, of which the conditions are made. */
  gboolean state_known;
  gboolean is_complete;
  gboolean capabilities_known;
  gboolean app_development;
} LksLockHistory;

void     lks_lock_history_see_conditions (LksLockHistory       *self,
                                          gboolean              would_lock,
                                          gint64                now_us);
gboolean lks_lock_history_see_uptime     (LksLockHistory       *self,
                                          guint64               uptime_s,
                                          gint64                asked_us,
                                          gint64                now_us);
void     lks_lock_history_order_restart  (LksLockHistory       *self,
                                          gint64                now_us);
void     lks_lock_history_see_loss       (LksLockHistory       *self,
                                          gint64                now_us);
gboolean lks_lock_history_see_exchange   (LksLockHistory       *self,
                                          const LksDeviceExchange *exchange,
                                          gint64                now_us);
void     lks_lock_history_continue       (LksLockHistory       *self,
                                          const LksLockHistory *earlier);
gboolean lks_lock_history_is_other_start (const LksLockHistory *self,
                                          const LksLockHistory *earlier);
void     lks_lock_history_fill           (const LksLockHistory *self,
                                          LksLockFacts         *facts);

G_END_DECLS
