/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-cloud-desk.h"
#include "lks-finalizer.h"

G_BEGIN_DECLS

/**
 * LksClaimBook:
 *
 * The claims that wait in the ledger, and who makes claims: one book for all windows. While somebody
 * is signed in, what waits is worked off as it comes; what failed waits for a person. Main thread
 * only.
 *
 * Properties: "n-waiting", "busy", "problem" (why the last work came to nothing, translated, or
 * NULL), "account" (who is signed in, as far as the page of the cloud knows, or NULL).
 */
#define LKS_TYPE_CLAIM_BOOK (lks_claim_book_get_type ())
G_DECLARE_FINAL_TYPE (LksClaimBook, lks_claim_book, LKS, CLAIM_BOOK, GObject)

LksClaimBook *lks_claim_book_ref_default   (void) G_GNUC_WARN_UNUSED_RESULT;

void          lks_claim_book_set_ledger    (LksClaimBook  *self,
                                            LksLedger     *ledger);
void          lks_claim_book_set_desk      (LksClaimBook  *self,
                                            LksCloudDesk  *desk);

guint         lks_claim_book_get_n_waiting (LksClaimBook  *self);
gboolean      lks_claim_book_get_busy      (LksClaimBook  *self);
const char   *lks_claim_book_get_problem   (LksClaimBook  *self);
LksCloudAccount *lks_claim_book_get_account (LksClaimBook *self);

void          lks_claim_book_apply         (LksClaimBook  *self,
                                            LksFinalizer  *finalizer);
void          lks_claim_book_work          (LksClaimBook  *self);

G_END_DECLS
