/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-finalizer.h"
#include "lks-labels.h"

G_BEGIN_DECLS

#define LKS_VERDICT_BOOK_MAX 1000

/**
 * LksVerdictBook:
 *
 * The last verdict of every board since the program started, by device ID; of the last thousand
 * boards, which is more than can be plugged in. The signal "changed" says that one was added.
 */
#define LKS_TYPE_VERDICT_BOOK (lks_verdict_book_get_type ())
G_DECLARE_FINAL_TYPE (LksVerdictBook, lks_verdict_book, LKS, VERDICT_BOOK, GObject)

LksVerdictBook *lks_verdict_book_ref_default (void) G_GNUC_WARN_UNUSED_RESULT;

LksVerdict      lks_verdict_book_look_up     (LksVerdictBook *self,
                                              const char     *device_id);
void            lks_verdict_book_enter       (LksVerdictBook *self,
                                              const char     *device_id,
                                              LksVerdict      verdict);
void            lks_verdict_book_enter_run   (LksVerdictBook *self,
                                              LksFinalizer   *finalizer);

LksSign         lks_sign_for_verdict         (LksVerdict      verdict);
LksSign         lks_sign_for_step_result     (LksStepResult   result);

G_END_DECLS
