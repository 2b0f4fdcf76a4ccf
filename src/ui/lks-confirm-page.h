/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-wizard-page.h"

G_BEGIN_DECLS

/**
 * LksConfirmPage:
 *
 * Says what cannot be undone, and asks for every board by its device ID.
 */
#define LKS_TYPE_CONFIRM_PAGE (lks_confirm_page_get_type ())
G_DECLARE_FINAL_TYPE (LksConfirmPage, lks_confirm_page, LKS, CONFIRM_PAGE, LksWizardPage)

G_END_DECLS
