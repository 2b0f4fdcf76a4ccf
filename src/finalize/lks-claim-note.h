/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-journal.h"
#include "lks-ledger.h"
#include "lks-recipe-claim.h"

G_BEGIN_DECLS

/* The step of a claim in the journal, and what became of it: the "outcome" of its evidence. */
#define LKS_CLAIM_STEP "claim"
#define LKS_CLAIM_DONE "claimed"
#define LKS_CLAIM_FOUND "found"
#define LKS_CLAIM_FAILED "failed"
#define LKS_CLAIM_GIVEN_UP "given-up"

/**
 * LksClaimNote:
 * @claim: what was to be claimed into which catalog
 * @device_id: which board
 * @run_id: the run that wanted it
 * @target: the state that run was to reach, as in the journal
 * @is_waiting: it stands in the queue
 * @noted_us: when it was wanted, Unix microseconds
 * @outcome: (nullable): what became of it last, one of the words above; NULL: nothing yet
 * @outcome_us: when
 * @place: (nullable): the ID of where the board was seen
 * @account: (nullable): who claimed it, or asked
 * @message: (nullable): why it failed or was given up
 *
 * What the journal knows about the claim of one board.
 */
typedef struct {
  LksRecipeClaim claim;
  char          *device_id;
  char          *run_id;
  char          *target;
  gboolean       is_waiting;
  gint64         noted_us;
  char          *outcome;
  gint64         outcome_us;
  char          *place;
  char          *account;
  char          *message;
} LksClaimNote;

gboolean      lks_claim_note_read       (LksLedger             *ledger,
                                         const char            *device_id,
                                         LksClaimNote         **out_note,
                                         GError               **error);
LksClaimNote *lks_claim_note_derive     (GPtrArray             *entries) G_GNUC_WARN_UNUSED_RESULT;
void          lks_claim_note_free       (LksClaimNote          *self);
gboolean      lks_claim_note_is_settled (const LksClaimNote    *self);
gboolean      lks_claim_note_is_about   (const LksClaimNote    *self,
                                         const LksRecipeClaim  *claim);
JsonObject   *lks_claim_note_to_json    (const LksClaimNote    *self) G_GNUC_WARN_UNUSED_RESULT;

JsonObject   *lks_claim_outcome_to_json (const char            *outcome,
                                         const char            *catalog_id,
                                         const char            *place,
                                         const char            *account,
                                         const char            *message) G_GNUC_WARN_UNUSED_RESULT;
void          lks_recipe_claim_to_json  (const LksRecipeClaim  *claim,
                                         JsonObject            *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksClaimNote, lks_claim_note_free)

G_END_DECLS
