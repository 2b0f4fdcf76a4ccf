/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wizard-page.h"

G_BEGIN_DECLS

/**
 * LksResultPage:
 *
 * The verdicts of a finalization, and what to do next.
 */
#define LKS_TYPE_RESULT_PAGE (lks_result_page_get_type ())
G_DECLARE_FINAL_TYPE (LksResultPage, lks_result_page, LKS, RESULT_PAGE, LksWizardPage)

G_END_DECLS
