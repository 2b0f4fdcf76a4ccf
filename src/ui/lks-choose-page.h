/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wizard-page.h"

G_BEGIN_DECLS

/**
 * LksChoosePage:
 *
 * Which boards take part.
 */
#define LKS_TYPE_CHOOSE_PAGE (lks_choose_page_get_type ())
G_DECLARE_FINAL_TYPE (LksChoosePage, lks_choose_page, LKS, CHOOSE_PAGE, LksWizardPage)

G_END_DECLS
