/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lks-secret.h"
#include "lks-vault-error.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LksSecretEntry:
 * @id: (owned): what it is known by
 * @label: (owned): what the desktop shows of it
 * @details: (owned): what its owner wants to know without opening it; no secret
 *
 * A secret in the keyring, seen from outside.
 */
typedef struct {
  char *id;
  char *label;
  char *details;
} LksSecretEntry;

/**
 * LksSecretStore:
 *
 * Secrets of one kind that are no capabilities, such as sign-ins, in the user's keyring. Blocking;
 * one thread at a time, never the main thread of a window: each call may wait for a person.
 * Cancelling ends a wait at once. Counted: whoever needs it keeps it.
 */
typedef struct _LksSecretStore LksSecretStore;

LksSecretStore *lks_secret_store_new     (const char            *kind) G_GNUC_WARN_UNUSED_RESULT;
LksSecretStore *lks_secret_store_ref     (LksSecretStore        *self) G_GNUC_WARN_UNUSED_RESULT;
void            lks_secret_store_unref   (LksSecretStore        *self);

GPtrArray      *lks_secret_store_list    (LksSecretStore        *self,
                                          GCancellable          *cancellable,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        lks_secret_store_save    (LksSecretStore        *self,
                                          const LksSecretEntry  *entry,
                                          const LksSecret       *secret,
                                          GCancellable          *cancellable,
                                          GError               **error);
LksSecret      *lks_secret_store_look_up (LksSecretStore        *self,
                                          const char            *id,
                                          GCancellable          *cancellable,
                                          GError               **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        lks_secret_store_remove  (LksSecretStore        *self,
                                          const char            *id,
                                          GCancellable          *cancellable,
                                          GError               **error);

void            lks_secret_entry_free    (LksSecretEntry        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSecretStore, lks_secret_store_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LksSecretEntry, lks_secret_entry_free)

G_END_DECLS
