/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger-stats.h"

G_BEGIN_DECLS

char *lks_unit_to_title       (const LksUnit *unit) G_GNUC_WARN_UNUSED_RESULT;
char *lks_unit_to_state       (const LksUnit *unit) G_GNUC_WARN_UNUSED_RESULT;
char *lks_unit_to_proof       (const LksUnit *unit) G_GNUC_WARN_UNUSED_RESULT;
char *lks_unit_to_search_text (const LksUnit *unit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
