/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

#define LKS_ELSEWHERE_LIMIT_S 3

/**
 * LksElsewhereKind:
 * @LKS_ELSEWHERE_NOTHING: no other station says anything, or this one shares nothing
 * @LKS_ELSEWHERE_UNKNOWN: the shared ledger could not be asked
 * @LKS_ELSEWHERE_EARLIER: an earlier step of the same board was made there
 * @LKS_ELSEWHERE_OTHER_RECIPE: it was finished there, by another recipe with this target, or one
 *   that goes beyond
 * @LKS_ELSEWHERE_SAME_RECIPE: it was finished there, by this very recipe
 *
 * What other stations say about a board that is to be finalized.
 */
typedef enum {
  LKS_ELSEWHERE_NOTHING,
  LKS_ELSEWHERE_UNKNOWN,
  LKS_ELSEWHERE_EARLIER,
  LKS_ELSEWHERE_OTHER_RECIPE,
  LKS_ELSEWHERE_SAME_RECIPE,
} LksElsewhereKind;

/**
 * LksElsewhere:
 *
 * The answer of the shared ledger about some boards. Immutable; reference-counted.
 */
typedef struct _LksElsewhere LksElsewhere;

void             lks_elsewhere_ask_async  (LksLedger           *ledger,
                                           GPtrArray           *device_ids,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
LksElsewhere    *lks_elsewhere_ask_finish (GAsyncResult        *result) G_GNUC_WARN_UNUSED_RESULT;

LksElsewhere    *lks_elsewhere_ref        (LksElsewhere        *self) G_GNUC_WARN_UNUSED_RESULT;
void             lks_elsewhere_unref      (LksElsewhere        *self);
const GError    *lks_elsewhere_get_error  (const LksElsewhere  *self);
LksElsewhereKind lks_elsewhere_judge      (const LksElsewhere  *self,
                                           const char          *device_id,
                                           const char          *recipe_hash,
                                           const char          *target,
                                           const LksRecordFields **out_fields);
gboolean         lks_elsewhere_is_finished (LksElsewhereKind    kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksElsewhere, lks_elsewhere_unref)

G_END_DECLS
