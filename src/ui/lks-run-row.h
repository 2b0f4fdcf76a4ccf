/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRunRow:
 *
 * A board in the wizard: where its run stands, and its steps when it is opened.
 */
#define LKS_TYPE_RUN_ROW (lks_run_row_get_type ())
G_DECLARE_FINAL_TYPE (LksRunRow, lks_run_row, LKS, RUN_ROW, AdwExpanderRow)

GtkWidget *lks_run_row_new           (LksBoardRun *run) G_GNUC_WARN_UNUSED_RESULT;

void       lks_run_row_offer_waivers (LksRunRow   *self,
                                      LksLockJob  *job);

G_END_DECLS
