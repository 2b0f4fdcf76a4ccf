/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-capability-info.h"
#include "lks-labels.h"
#include "lks-vault.h"

G_BEGIN_DECLS

char       *lks_key_names_to_text       (const GArray            *capabilities) G_GNUC_WARN_UNUSED_RESULT;
const char *lks_key_meaning             (guint                    capability);
LksSign     lks_sign_for_key            (const GArray            *capabilities);
LksSign     lks_sign_for_signature      (LksSignature             signature);
LksSign     lks_sign_for_place          (const char              *place);
char       *lks_key_time_to_text        (gint64                   unix_s) G_GNUC_WARN_UNUSED_RESULT;

char       *lks_vault_item_to_title     (LksVaultItem            *item) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_vault_item_to_subtitle  (LksVaultItem            *item) G_GNUC_WARN_UNUSED_RESULT;
char       *lks_vault_item_to_file_name (LksVaultItem            *item) G_GNUC_WARN_UNUSED_RESULT;

char       *lks_capability_info_to_text (const LksCapabilityInfo *info,
                                         const char              *file_name,
                                         const char              *place) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
