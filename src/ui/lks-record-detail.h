/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRecordDetail:
 *
 * One record with its steps and their evidence.
 */
#define LKS_TYPE_RECORD_DETAIL (lks_record_detail_get_type ())
G_DECLARE_FINAL_TYPE (LksRecordDetail, lks_record_detail, LKS, RECORD_DETAIL, AdwBin)

void lks_record_detail_show (LksRecordDetail *self,
                             LksLedger       *ledger,
                             LksRecord       *record);

G_END_DECLS
