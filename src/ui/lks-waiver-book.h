/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-finalizer.h"
#include "lks-waiver.h"

G_BEGIN_DECLS

/**
 * LksWaiverBook:
 *
 * The waivers that were given since the program started. They are not kept beyond it: a file of
 * waivers would be one more thing that somebody could change.
 */
#define LKS_TYPE_WAIVER_BOOK (lks_waiver_book_get_type ())
G_DECLARE_FINAL_TYPE (LksWaiverBook, lks_waiver_book, LKS, WAIVER_BOOK, GObject)

LksWaiverBook *lks_waiver_book_ref_default (void) G_GNUC_WARN_UNUSED_RESULT;

void           lks_waiver_book_enter       (LksWaiverBook *self,
                                            LksWaiver     *waiver);
void           lks_waiver_book_apply       (LksWaiverBook *self,
                                            LksFinalizer  *finalizer,
                                            const char    *batch);

G_END_DECLS
