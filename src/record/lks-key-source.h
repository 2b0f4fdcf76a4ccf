/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

/**
 * LksKeySource:
 *
 * Fetches the station key once, on a thread of its own, while the ledger is written to. Any thread.
 */
typedef struct _LksKeySource LksKeySource;

LksKeySource        *lks_key_source_new   (LksStationKeyFunc   func,
                                           gpointer            func_data,
                                           GDestroyNotify      free_data) G_GNUC_WARN_UNUSED_RESULT;
void                 lks_key_source_free  (LksKeySource       *self);
void                 lks_key_source_start (LksKeySource       *self,
                                           gboolean            first_only);
const LksStationKey *lks_key_source_get   (LksKeySource       *self,
                                           char              **out_reason);

G_END_DECLS
