/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-peripheral-lock.h"

G_DEFINE_ENUM_TYPE (LksPeripheralLock,
                    lks_peripheral_lock,
                    G_DEFINE_ENUM_VALUE (LKS_PERIPHERAL_LOCK_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (LKS_PERIPHERAL_LOCK_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART, "locks-at-restart"),
                    G_DEFINE_ENUM_VALUE (LKS_PERIPHERAL_LOCK_LOCKED, "locked"))

/* Whether the board's system has started since its conditions became what they are. */
typedef enum
{
  STARTED_UNCERTAIN,
  STARTED_BEFORE,
  STARTED_SINCE,
} Started;

static Started
compare_start (const LksLockFacts *facts)
{
  if (!facts->boot_known)
    return STARTED_UNCERTAIN;
  if (facts->boot_after_us >= facts->changed_before_us)
    return STARTED_SINCE;
  if (facts->boot_before_us <= facts->changed_after_us)
    return STARTED_BEFORE;
  return STARTED_UNCERTAIN;
}

static LksPeripheralLock
decide (LksPeripheralLock lock, const char *reason, const char **out_reason)
{
  if (out_reason != NULL)
    *out_reason = reason;
  return lock;
}

static LksPeripheralLock
derive_open (const LksLockFacts *facts, gboolean is_complete, const char **out_reason)
{
  static const char *const not_complete =
      "The state is not DeviceComplete; only then does the system lock its peripherals.";
  static const char *const app_development =
      "The state is DeviceComplete, but appDevelopment (11) is present, which keeps the "
      "peripherals open.";

  if (facts->changed_before_us == 0)
    return decide (LKS_PERIPHERAL_LOCK_OPEN, is_complete ? app_development : not_complete,
                   out_reason);

  switch (compare_start (facts))
    {
    case STARTED_SINCE:
      return decide (LKS_PERIPHERAL_LOCK_OPEN, is_complete ? app_development : not_complete,
                     out_reason);
    case STARTED_BEFORE:
      return decide (LKS_PERIPHERAL_LOCK_LOCKED,
                     "appDevelopment (11) was added after the system had started locked; the "
                     "peripherals open at the next restart.",
                     out_reason);
    case STARTED_UNCERTAIN:
      break;
    }
  return decide (LKS_PERIPHERAL_LOCK_UNKNOWN,
                 "appDevelopment (11) was added, and it cannot be told whether the system has "
                 "started since; restart the board to be sure.",
                 out_reason);
}

static LksPeripheralLock
derive_locking (const LksLockFacts *facts, const char **out_reason)
{
  if (facts->changed_before_us == 0)
    return decide (LKS_PERIPHERAL_LOCK_LOCKED,
                   "The state is DeviceComplete and appDevelopment (11) is absent, and was so when "
                   "the board was first read here; the system locks its peripherals at every "
                   "start.",
                   out_reason);

  switch (compare_start (facts))
    {
    case STARTED_SINCE:
      return decide (LKS_PERIPHERAL_LOCK_LOCKED,
                     "The state is DeviceComplete, appDevelopment (11) is absent, and the system "
                     "has started since that became true.",
                     out_reason);
    case STARTED_BEFORE:
      return decide (LKS_PERIPHERAL_LOCK_LOCKS_AT_RESTART,
                     "The state is DeviceComplete and appDevelopment (11) is absent, but the "
                     "system has not started since that became true.",
                     out_reason);
    case STARTED_UNCERTAIN:
      break;
    }
  return decide (LKS_PERIPHERAL_LOCK_UNKNOWN,
                 "The state is DeviceComplete and appDevelopment (11) is absent, but it cannot be "
                 "told whether the system has started since; restart the board to be sure.",
                 out_reason);
}

/**
 * lks_peripheral_lock_derive:
 * @facts: what is known
 * @out_reason: (out) (optional) (transfer none): why, as an English sentence
 *
 * Derives whether the peripheral configuration is locked. The system locks it at the end of
 * its start when the state is DeviceComplete and appDevelopment is absent, and only a restart
 * undoes that (Azure Sphere documentation, "Peripheral configuration locking"). The board
 * does not say whether it is locked, so what counts is whether it has started since the two
 * conditions became what they are.
 *
 * Returns: the lock
 */
LksPeripheralLock
lks_peripheral_lock_derive (const LksLockFacts *facts, const char **out_reason)
{
  gboolean is_complete = g_strcmp0 (facts->manufacturing_state, "DeviceComplete") == 0;

  if (facts->manufacturing_state == NULL)
    return decide (LKS_PERIPHERAL_LOCK_UNKNOWN, "The manufacturing state could not be read.",
                   out_reason);
  if (!is_complete && g_strcmp0 (facts->manufacturing_state, "Module1Complete") != 0 &&
      g_strcmp0 (facts->manufacturing_state, "Blank") != 0)
    return decide (LKS_PERIPHERAL_LOCK_UNKNOWN,
                   "The board reports a manufacturing state that means a fault or is not known "
                   "here; do not change anything on it.",
                   out_reason);
  if (is_complete && !facts->capabilities_known)
    return decide (LKS_PERIPHERAL_LOCK_UNKNOWN,
                   "The state is DeviceComplete, but the capabilities could not be read, and "
                   "appDevelopment (11) would keep the peripherals open.",
                   out_reason);

  if (is_complete && !facts->app_development)
    return derive_locking (facts, out_reason);
  return derive_open (facts, is_complete, out_reason);
}
