/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-share.h"

G_BEGIN_DECLS

/* So long a check of the records waits for what the shared ledger knows. */
#define LKS_STATION_END_LIMIT_S 3

void         lks_station_ask_end_async  (LksLedger           *ledger,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
LksShareEnd *lks_station_ask_end_finish (GAsyncResult        *result,
                                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
