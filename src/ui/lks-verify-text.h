/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-labels.h"
#include "lks-ledger-verify.h"

G_BEGIN_DECLS

char       *lks_verify_fault_to_title  (LksVerifyFault         fault,
                                        guint                  n_problems) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_verify_fault_to_advice (LksVerifyFault         fault);
LksSign     lks_sign_for_verify_report (const LksVerifyReport *report);
char       *lks_verify_end_to_text     (const LksVerifyReport *report,
                                        const char            *not_asked) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_verify_report_to_text  (const LksVerifyReport *report) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
