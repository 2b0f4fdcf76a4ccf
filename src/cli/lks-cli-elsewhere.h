/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-elsewhere.h"
#include "lks-recipe.h"

G_BEGIN_DECLS

LksElsewhere *lks_cli_ask_elsewhere  (LksLedger          *ledger,
                                      GPtrArray          *device_ids) G_GNUC_WARN_UNUSED_RESULT;
char         *lks_cli_tell_elsewhere (const LksElsewhere *elsewhere,
                                      const char         *device_id,
                                      LksRecipe          *recipe,
                                      gboolean           *out_is_finished) G_GNUC_WARN_UNUSED_RESULT;
void          lks_cli_push_records   (LksLedger          *ledger);

G_END_DECLS
