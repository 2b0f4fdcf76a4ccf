/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksVaultKept:
 * @fingerprint: (owned): SHA-256 of the capability file, 64 digits
 * @signed_unix_s: when it was signed, Unix seconds; 0 when it does not say
 *
 * One capability that the vault has, for another thread than the vault's.
 */
typedef struct {
  char *fingerprint;
  gint64 signed_unix_s;
} LksVaultKept;

/**
 * LksVaultDoor:
 *
 * A vault for a worker thread: every call goes to the thread where the vault lives and waits there
 * for the answer. Counted; any thread but that one, whose main loop must run.
 */
typedef struct _LksVaultDoor LksVaultDoor;

LksVaultDoor     *lks_vault_door_new   (LksVault          *vault) G_GNUC_WARN_UNUSED_RESULT;
void              lks_vault_door_unref (LksVaultDoor      *self);

gboolean          lks_vault_door_find  (LksVaultDoor      *self,
                                        const char        *device_id,
                                        guint              capability,
                                        LksVaultKept     **out_kept,
                                        GCancellable      *cancellable,
                                        GError           **error);
LksVaultKept     *lks_vault_door_add   (LksVaultDoor      *self,
                                        LksCapabilityKey  *key,
                                        LksVaultSource     source,
                                        GCancellable      *cancellable,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;
LksCapabilityKey *lks_vault_door_fetch (LksVaultDoor      *self,
                                        const char        *fingerprint,
                                        GCancellable      *cancellable,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;

void              lks_vault_kept_free  (LksVaultKept      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksVaultDoor, lks_vault_door_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksVaultKept, lks_vault_kept_free)

G_END_DECLS
