/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-vault.h"

G_BEGIN_DECLS

/**
 * LksCliVault:
 *
 * The user's vault, opened for one command, and the wish of the person at the terminal to stop.
 * Every operation of the vault is begun with lks_cli_vault_answered_cb() and then waited for.
 */
typedef struct _LksCliVault LksCliVault;

LksCliVault  *lks_cli_vault_open            (GError       **error) G_GNUC_WARN_UNUSED_RESULT;
void          lks_cli_vault_close           (LksCliVault   *self);

LksVault     *lks_cli_vault_get             (LksCliVault   *self);
GCancellable *lks_cli_vault_get_cancellable (LksCliVault   *self);
void          lks_cli_vault_answered_cb     (GObject       *source,
                                             GAsyncResult  *result,
                                             gpointer       self);
GAsyncResult *lks_cli_vault_wait            (LksCliVault   *self);

LksVaultItem *lks_cli_vault_find            (LksCliVault   *self,
                                             const char    *text,
                                             GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksCliVault, lks_cli_vault_close)

G_END_DECLS
