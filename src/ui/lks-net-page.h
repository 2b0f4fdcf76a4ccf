/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/**
 * LksNetPage:
 *
 * Network of the selected board: how far it is on the way to the cloud, its interfaces, its web
 * proxy and its firewall.
 */
#define LKS_TYPE_NET_PAGE (lks_net_page_get_type ())
G_DECLARE_FINAL_TYPE (LksNetPage, lks_net_page, LKS, NET_PAGE, LksServicePage)

G_END_DECLS
