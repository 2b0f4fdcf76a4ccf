/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-service-page.h"

G_BEGIN_DECLS

/**
 * LksWifiPage:
 *
 * Wi-Fi of the selected board: the radio, the stored networks, the networks in reach.
 */
#define LKS_TYPE_WIFI_PAGE (lks_wifi_page_get_type ())
G_DECLARE_FINAL_TYPE (LksWifiPage, lks_wifi_page, LKS, WIFI_PAGE, LksServicePage)

G_END_DECLS
