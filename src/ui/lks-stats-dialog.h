/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-stats.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksStatsDialog:
 *
 * How well the work went: failures by step; first passes in all, by place, by recipe, by batch;
 * cycle times.
 */
#define LKS_TYPE_STATS_DIALOG (lks_stats_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LksStatsDialog, lks_stats_dialog, LKS, STATS_DIALOG, AdwWindow)

LksStatsDialog *lks_stats_dialog_new (GtkWindow *parent,
                                      LksLedger *ledger);

G_END_DECLS
