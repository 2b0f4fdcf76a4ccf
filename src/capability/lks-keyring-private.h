/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"
#include "lks-vault-fields-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksKeyring:
 *
 * The user's keyring as the vault sees it: the desktop's Secret Service, or in a sandbox the file
 * whose key the Secret portal hands out. Blocking; any thread, one after the other, but never the
 * main thread, because each call may wait for a person or a program that hangs. Cancelling ends a
 * wait at once.
 */
typedef struct _LksKeyring LksKeyring;

LksKeyring *lks_keyring_new     (void) G_GNUC_WARN_UNUSED_RESULT;
void        lks_keyring_free    (LksKeyring            *self);

GPtrArray  *lks_keyring_list    (LksKeyring            *self,
                                 GCancellable          *cancellable,
                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_keyring_unlock  (LksKeyring            *self,
                                 GCancellable          *cancellable,
                                 GError               **error);
gboolean    lks_keyring_store   (LksKeyring            *self,
                                 const LksVaultFields  *fields,
                                 LksSecret             *bytes,
                                 GCancellable          *cancellable,
                                 GError               **error);
LksSecret  *lks_keyring_look_up (LksKeyring            *self,
                                 const char            *fingerprint,
                                 GCancellable          *cancellable,
                                 GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    lks_keyring_replace (LksKeyring            *self,
                                 const LksVaultFields  *old,
                                 const LksVaultFields  *fields,
                                 GCancellable          *cancellable,
                                 GError               **error);
gboolean    lks_keyring_remove  (LksKeyring            *self,
                                 const char            *fingerprint,
                                 GCancellable          *cancellable,
                                 GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksKeyring, lks_keyring_free)

G_END_DECLS
