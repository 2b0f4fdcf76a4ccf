/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/**
 * LksCertPage:
 *
 * The certificate store of the selected board.
 */
#define LKS_TYPE_CERT_PAGE (lks_cert_page_get_type ())
G_DECLARE_FINAL_TYPE (LksCertPage, lks_cert_page, LKS, CERT_PAGE, LksServicePage)

G_END_DECLS
