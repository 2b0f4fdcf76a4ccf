/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wizard-page.h"

G_BEGIN_DECLS

/**
 * LksRunsPage:
 *
 * The runs of all chosen boards while they work, side by side.
 */
#define LKS_TYPE_RUNS_PAGE (lks_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (LksRunsPage, lks_runs_page, LKS, RUNS_PAGE, LksWizardPage)

G_END_DECLS
