/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWaiveUntil:
 * @LKS_WAIVE_UNTIL_TODAY: to the end of this day
 * @LKS_WAIVE_UNTIL_WEEK: to the end of this week, which ends with Sunday
 * @LKS_WAIVE_UNTIL_LONGEST: as long as a waiver can hold
 *
 * The ends that can be chosen, in this order.
 */
typedef enum {
  LKS_WAIVE_UNTIL_TODAY,
  LKS_WAIVE_UNTIL_WEEK,
  LKS_WAIVE_UNTIL_LONGEST,
} LksWaiveUntil;

gint64 lks_waive_until_to_us (LksWaiveUntil  until,
                              GDateTime     *now);

/**
 * LksWaiveDialog:
 *
 * Somebody lets a board pass although one check failed, and says why and for how long.
 */
#define LKS_TYPE_WAIVE_DIALOG (lks_waive_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksWaiveDialog, lks_waive_dialog, LKS, WAIVE_DIALOG, AdwWindow)

LksWaiveDialog *lks_waive_dialog_new (LksLockJob  *job,
                                      LksBoardRun *run,
                                      const char  *check);

G_END_DECLS
