/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

void     lks_label_check_async  (LksLedger            *ledger,
                                 const char           *label,
                                 const char           *device_id,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gboolean lks_label_check_finish (GAsyncResult         *result,
                                 char                **out_conflict,
                                 GError              **error);

G_END_DECLS
