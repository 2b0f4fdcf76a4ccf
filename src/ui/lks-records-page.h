/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"
#include "lks-list-page.h"

G_BEGIN_DECLS

/**
 * LksRecordsPage:
 *
 * The ledger: newest first, searchable, with the selected record beside the list.
 */
#define LKS_TYPE_RECORDS_PAGE (lks_records_page_get_type ())
G_DECLARE_FINAL_TYPE (LksRecordsPage, lks_records_page, LKS, RECORDS_PAGE, LksListPage)

void lks_records_page_set_ledger  (LksRecordsPage *self,
                                   LksLedger      *ledger);
void lks_records_page_set_problem (LksRecordsPage *self,
                                   const GError   *error);
void lks_records_page_show_search (LksRecordsPage *self);

G_END_DECLS
