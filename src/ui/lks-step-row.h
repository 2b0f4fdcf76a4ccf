/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-run-step.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksStepRow:
 *
 * One step of a run: what was looked at or done, how it came out, and the evidence.
 */
#define LKS_TYPE_STEP_ROW (lks_step_row_get_type ())
G_DECLARE_FINAL_TYPE (LksStepRow, lks_step_row, LKS, STEP_ROW, AdwPreferencesRow)

GtkWidget *lks_step_row_new          (LksRunStep *step) G_GNUC_WARN_UNUSED_RESULT;

void       lks_step_row_offer_waiver (LksStepRow *self,
                                      gboolean    is_offered);

G_END_DECLS
