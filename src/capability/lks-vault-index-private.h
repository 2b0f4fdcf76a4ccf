/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-keyring-private.h"
#include "lks-signers.h"

G_BEGIN_DECLS

/**
 * LksVaultIndex:
 *
 * What the keyring holds for us, read once and kept up to date by our own changes. Blocking; on
 * the vault's worker only.
 */
typedef struct _LksVaultIndex LksVaultIndex;

LksVaultIndex  *lks_vault_index_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void            lks_vault_index_free      (LksVaultIndex   *self);

gboolean        lks_vault_index_list      (LksVaultIndex   *self,
                                           gboolean         again,
                                           GPtrArray      **out_items,
                                           GCancellable    *cancellable,
                                           GError         **error);
gboolean        lks_vault_index_unlock    (LksVaultIndex   *self,
                                           GCancellable    *cancellable,
                                           GError         **error);
LksVaultFields *lks_vault_index_find      (LksVaultIndex   *self,
                                           const char      *fingerprint) G_GNUC_WARN_UNUSED_RESULT;
LksVaultFields *lks_vault_index_add       (LksVaultIndex   *self,
                                           LksSecret       *bytes,
                                           LksVaultSource   source,
                                           LksSigners      *signers,
                                           GCancellable    *cancellable,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksSecret      *lks_vault_index_fetch     (LksVaultIndex   *self,
                                           const char      *fingerprint,
                                           GCancellable    *cancellable,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksVaultFields *lks_vault_index_touch     (LksVaultIndex   *self,
                                           const char      *fingerprint,
                                           GCancellable    *cancellable,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;
LksVaultFields *lks_vault_index_set_label (LksVaultIndex   *self,
                                           const char      *fingerprint,
                                           const char      *label,
                                           GCancellable    *cancellable,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        lks_vault_index_remove    (LksVaultIndex   *self,
                                           const char      *fingerprint,
                                           GCancellable    *cancellable,
                                           GError         **error);

char           *lks_vault_normalize_label (const char      *label) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
