/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksChoiceRow:
 *
 * A board that can be chosen, or the reason why it cannot.
 */
#define LKS_TYPE_CHOICE_ROW (lks_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (LksChoiceRow, lks_choice_row, LKS, CHOICE_ROW, AdwActionRow)

GtkWidget *lks_choice_row_new (LksLockJob *job,
                               LksBoard   *board) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
