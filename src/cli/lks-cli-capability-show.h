/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-info.h"
#include "lks-vault.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *lks_cli_vault_item_to_json      (LksVaultItem             *item) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_print_vault_items       (GListModel               *items);

JsonObject *lks_cli_capability_info_to_json (const LksCapabilityInfo  *info) G_GNUC_WARN_UNUSED_RESULT;
void        lks_cli_print_capability_info   (const LksCapabilityInfo  *info,
                                             const char               *board);

G_END_DECLS
