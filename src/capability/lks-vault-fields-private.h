/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault-item.h"

G_BEGIN_DECLS

/**
 * LksVaultFields:
 * @label: (owned): the user's name for it, may be empty
 * @device_id: (owned): the board, 128 digits, lower case
 * @capabilities: (owned) (element-type guint): capability numbers, at least one
 * @source: where it came from
 * @fingerprint: (owned): SHA-256 of the file, 64 digits
 * @signer: (owned) (nullable): SHA-1 of the signer's certificate, 40 digits
 * @signed_s: when it was signed, Unix seconds; 0 when the file does not say
 * @added_s: when it was put into the vault, Unix seconds
 * @last_used_s: when it last opened a session, Unix seconds; 0 for never
 *
 * What the keyring keeps beside the bytes of an item, none of it secret.
 */
typedef struct {
  char *label;
  char *device_id;
  GArray *capabilities;
  LksVaultSource source;
  char *fingerprint;
  char *signer;
  gint64 signed_s;
  gint64 added_s;
  gint64 last_used_s;
} LksVaultFields;

LksVaultFields *lks_vault_fields_copy            (const LksVaultFields  *self) G_GNUC_WARN_UNUSED_RESULT;
void            lks_vault_fields_free            (LksVaultFields        *self);

LksVaultFields *lks_vault_fields_from_attributes (GHashTable            *attributes,
                                                  const char            *label,
                                                  GError               **error) G_GNUC_WARN_UNUSED_RESULT;
GHashTable     *lks_vault_fields_to_attributes   (const LksVaultFields  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksVaultFields, lks_vault_fields_free)

LksVaultItem         *lks_vault_item_new        (LksVaultFields       *fields) G_GNUC_WARN_UNUSED_RESULT;
const LksVaultFields *lks_vault_item_get_fields (LksVaultItem         *self);
void                  lks_vault_item_set_fields (LksVaultItem         *self,
                                                 LksVaultFields       *fields);

G_END_DECLS
