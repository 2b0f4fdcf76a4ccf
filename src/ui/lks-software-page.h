/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/**
 * LksSoftwarePage:
 *
 * What is installed on the selected board: applications to install, start, stop and delete, the
 * system's components, memory, and the capability that is stored on it.
 */
#define LKS_TYPE_SOFTWARE_PAGE (lks_software_page_get_type ())
G_DECLARE_FINAL_TYPE (LksSoftwarePage, lks_software_page, LKS, SOFTWARE_PAGE, LksServicePage)

G_END_DECLS
