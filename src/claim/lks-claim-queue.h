/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-claim-note.h"
#include "lks-cloud-claimer.h"
#include "lks-ledger.h"

G_BEGIN_DECLS

/**
 * LksClaimQueueFunc:
 * @note: the claim, with what became of it now
 * @error: (nullable): why the board is not in the catalog
 * @user_data: as given
 *
 * Takes the results as they come, on the thread of the work.
 */
typedef void (*LksClaimQueueFunc) (const LksClaimNote  *note,
                                   const GError        *error,
                                   gpointer             user_data);

GPtrArray *lks_claim_queue_list    (LksLedger          *ledger,
                                    GError            **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   lks_claim_queue_work    (LksLedger          *ledger,
                                    LksCloudClaimer    *claimer,
                                    LksClaimQueueFunc   func,
                                    gpointer            user_data,
                                    GCancellable       *cancellable,
                                    GError            **error);
gboolean   lks_claim_queue_give_up (LksLedger          *ledger,
                                    const char         *device_id,
                                    const char         *reason,
                                    GError            **error);

G_END_DECLS
