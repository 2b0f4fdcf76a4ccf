/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

/**
 * LksOlderRecords:
 *
 * What a search finds among the records that are too old to be listed. Main thread.
 */
#define LKS_TYPE_OLDER_RECORDS (lks_older_records_get_type ())
G_DECLARE_FINAL_TYPE (LksOlderRecords, lks_older_records, LKS, OLDER_RECORDS, GObject)

LksOlderRecords *lks_older_records_new       (void);
GListModel      *lks_older_records_get_found (LksOlderRecords      *self);
void             lks_older_records_search    (LksOlderRecords      *self,
                                              LksLedger            *ledger,
                                              const char           *text,
                                              const LksLedgerQuery *filter,
                                              GListModel           *listed);

gboolean         lks_record_is_listed        (LksRecord            *record,
                                              GListModel           *listed);

G_END_DECLS
