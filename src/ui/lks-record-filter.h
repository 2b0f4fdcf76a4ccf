/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * LksRecordFilter:
 *
 * A button with what the list of records can be narrowed by: verdict, recipe, days. The signal
 * "changed" says that another query is wanted.
 */
#define LKS_TYPE_RECORD_FILTER (lks_record_filter_get_type ())
G_DECLARE_FINAL_TYPE (LksRecordFilter, lks_record_filter, LKS, RECORD_FILTER, AdwBin)

gboolean              lks_record_filter_is_active (LksRecordFilter *self);
const LksLedgerQuery *lks_record_filter_get_query (LksRecordFilter *self);

G_END_DECLS
