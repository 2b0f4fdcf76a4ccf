/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksVaultSource:
 * @LKS_VAULT_SOURCE_FILE: imported from a file
 * @LKS_VAULT_SOURCE_CLOUD: downloaded from the vendor's cloud
 */
typedef enum {
  LKS_VAULT_SOURCE_FILE,
  LKS_VAULT_SOURCE_CLOUD,
} LksVaultSource;

#define LKS_TYPE_VAULT_SOURCE (lks_vault_source_get_type ())
GType          lks_vault_source_get_type        (void);

/**
 * LksVaultItem:
 *
 * One capability in the vault: all that is known of it except its bytes. Main thread only. The
 * properties "device-id", "fingerprint", "label", "signed", "added" and "last-used" (Unix
 * seconds, 0 for never) are for lists; "label" and "last-used" notify when they change.
 */
#define LKS_TYPE_VAULT_ITEM (lks_vault_item_get_type ())
G_DECLARE_FINAL_TYPE (LksVaultItem, lks_vault_item, LKS, VAULT_ITEM, GObject)

const char    *lks_vault_item_get_device_id     (LksVaultItem *self);
const GArray  *lks_vault_item_get_capabilities  (LksVaultItem *self);
gboolean       lks_vault_item_has               (LksVaultItem *self,
                                                 guint         capability);
gboolean       lks_vault_item_matches           (LksVaultItem *self,
                                                 const char   *text);
const char    *lks_vault_item_get_label         (LksVaultItem *self);
const char    *lks_vault_item_get_fingerprint   (LksVaultItem *self);
const char    *lks_vault_item_get_signer        (LksVaultItem *self);
LksVaultSource lks_vault_item_get_source        (LksVaultItem *self);
gint64         lks_vault_item_get_signed        (LksVaultItem *self);
gint64         lks_vault_item_get_added         (LksVaultItem *self);
gint64         lks_vault_item_get_last_used     (LksVaultItem *self);

G_END_DECLS
