/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksPeripheralLock:
 * @LKS_PERIPHERAL_LOCK_UNKNOWN: what was read does not decide it
 * @LKS_PERIPHERAL_LOCK_OPEN: applications may change which core has which peripheral
 * @LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART: open until the board's system starts again
 * @LKS_PERIPHERAL_LOCK_LOCKED: a change of peripherals makes the board restart
 *
 * Whether the board's peripheral configuration is locked. Derived, never read: the board has
 * no endpoint for it. Nicks: "unknown", "open", "locks-at-restart", "locked".
 */
typedef enum {
  LKS_PERIPHERAL_LOCK_UNKNOWN,
  LKS_PERIPHERAL_LOCK_OPEN,
  LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART,
  LKS_PERIPHERAL_LOCK_LOCKED,
} LksPeripheralLock;

#define LKS_TYPE_PERIPHERAL_LOCK (lks_peripheral_lock_get_type ())
GType lks_peripheral_lock_get_type (void);

/**
 * LksLockFacts:
 * @manufacturing_state: (nullable): the board's word for its state, NULL when not known
 * @capabilities_known: whether the list of capabilities was read
 * @app_development: whether that list has appDevelopment (11)
 * @changed_after_us: the last time the lock's two conditions were seen to be *not* as now;
 *   0 when they were never seen otherwise
 * @changed_before_us: the first time they were seen as now, after @changed_after_us
 * @boot_known: whether the two boot times are valid
 * @boot_after_us: the system started later than this
 * @boot_before_us: the system started no later than this
 *
 * What the derivation looks at. All times are monotonic microseconds.
 */
typedef struct {
  const char *manufacturing_state;
  gboolean capabilities_known;
  gboolean app_development;
  gint64 changed_after_us;
  gint64 changed_before_us;
  gboolean boot_known;
  gint64 boot_after_us;
  gint64 boot_before_us;
} LksLockFacts;

LksPeripheralLock lks_peripheral_lock_derive (const LksLockFacts  *facts,
                                              const char         **out_reason);

G_END_DECLS
