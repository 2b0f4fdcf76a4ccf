/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-service.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksServiceDetail:
 *
 * The record of one servicing session: what it was for, what was done in it and how it ended.
 */
#define LKS_TYPE_SERVICE_DETAIL (lks_service_detail_get_type ())
G_DECLARE_FINAL_TYPE (LksServiceDetail, lks_service_detail, LKS, SERVICE_DETAIL, AdwBin)

void lks_service_detail_show (LksServiceDetail *self,
                              LksLedger        *ledger,
                              LksServiceRecord *record);

G_END_DECLS
