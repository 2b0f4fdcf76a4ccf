/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

void           lks_station_sign_ledger (LksLedger     *ledger);
void           lks_station_note_heads  (LksLedger     *ledger);
LksStationKey *lks_station_fetch_key   (GCancellable  *cancellable,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;
LksStationKey *lks_station_find_key    (GCancellable  *cancellable,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
