/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-recipe-claim.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksClaimAnswer:
 * @place: (owned) (nullable): the ID of where the board is in the catalog, NULL when it is not
 * @account: (owned) (nullable): who asked
 *
 * What a catalog says of a board. Initialise with { 0 }.
 */
typedef struct {
  char *place;
  char *account;
} LksClaimAnswer;

void lks_claim_answer_clear (LksClaimAnswer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LksClaimAnswer, lks_claim_answer_clear)

/**
 * LksClaimer:
 *
 * Somebody who can ask a catalog of the cloud for a board, and claim the board into it. A run knows
 * no more of the cloud than this.
 */
#define LKS_TYPE_CLAIMER (lks_claimer_get_type ())
G_DECLARE_INTERFACE (LksClaimer, lks_claimer, LKS, CLAIMER, GObject)

/**
 * LksClaimerInterface:
 * @look: see lks_claimer_look()
 * @claim: see lks_claimer_claim()
 *
 * Both are called by the workers of several boards at once.
 */
struct _LksClaimerInterface {
  GTypeInterface parent_interface;

  gboolean (*look)  (LksClaimer            *self,
                     const LksRecipeClaim  *claim,
                     const char            *device_id,
                     LksClaimAnswer        *answer,
                     GCancellable          *cancellable,
                     GError               **error);
  gboolean (*claim) (LksClaimer            *self,
                     const LksRecipeClaim  *claim,
                     const char            *device_id,
                     LksClaimAnswer        *answer,
                     GCancellable          *cancellable,
                     GError               **error);
};

gboolean lks_claimer_look  (LksClaimer            *self,
                            const LksRecipeClaim  *claim,
                            const char            *device_id,
                            LksClaimAnswer        *answer,
                            GCancellable          *cancellable,
                            GError               **error);
gboolean lks_claimer_claim (LksClaimer            *self,
                            const LksRecipeClaim  *claim,
                            const char            *device_id,
                            LksClaimAnswer        *answer,
                            GCancellable          *cancellable,
                            GError               **error);

G_END_DECLS
