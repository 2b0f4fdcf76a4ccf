/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-ledger.h"

G_BEGIN_DECLS

GHashTable *lks_cli_ask_elsewhere (LksLedger *ledger,
                                   GPtrArray *device_ids) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_cli_tell_elsewhere (GPtrArray  *records,
                                   const char *recipe_hash,
                                   gboolean   *out_is_same) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_push_records  (LksLedger *ledger);

G_END_DECLS
