/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-lock-job.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksWizard:
 *
 * The finalization wizard: choose boards, say what must be true, look at the checks, confirm
 * each board, watch, read the verdicts.
 */
#define LKS_TYPE_WIZARD (lks_wizard_get_type ())
G_DECLARE_FINAL_TYPE (LksWizard, lks_wizard, LKS, WIZARD, AdwWindow)

LksWizard *lks_wizard_new (LksLockJob *job,
                           GSettings  *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
