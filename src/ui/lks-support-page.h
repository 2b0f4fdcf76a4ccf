/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/**
 * LksSupportPage:
 *
 * What helps to find out what is wrong with the selected board: support bundle, restart, updates,
 * error reports, log.
 */
#define LKS_TYPE_SUPPORT_PAGE (lks_support_page_get_type ())
G_DECLARE_FINAL_TYPE (LksSupportPage, lks_support_page, LKS, SUPPORT_PAGE, LksServicePage)

G_END_DECLS
