/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * LksVaultError:
 * @LKS_VAULT_ERROR_FAILED: the keyring answered something that nobody expects
 * @LKS_VAULT_ERROR_ABSENT: no program keeps secrets in this session, or it went away
 * @LKS_VAULT_ERROR_LOCKED: the keyring is locked, and nobody was asked to unlock it
 * @LKS_VAULT_ERROR_DISMISSED: the keyring stays locked although it was asked for: the person
 *   closed the question, or nothing in this session can ask
 * @LKS_VAULT_ERROR_NO_KEYRING: there is no default keyring, and none was made
 * @LKS_VAULT_ERROR_NOT_FOUND: the item is gone, for instance removed by another program
 * @LKS_VAULT_ERROR_DAMAGED: the item is there, but it is not what was stored
 * @LKS_VAULT_ERROR_DUPLICATE: the very same file is in the vault already
 *
 * Why the vault did not do something. Nicks: "failed", "absent", "locked", "dismissed",
 * "no-keyring", "not-found", "damaged", "duplicate".
 */
typedef enum {
  LKS_VAULT_ERROR_FAILED,
  LKS_VAULT_ERROR_ABSENT,
  LKS_VAULT_ERROR_LOCKED,
  LKS_VAULT_ERROR_DISMISSED,
  LKS_VAULT_ERROR_NO_KEYRING,
  LKS_VAULT_ERROR_NOT_FOUND,
  LKS_VAULT_ERROR_DAMAGED,
  LKS_VAULT_ERROR_DUPLICATE,
} LksVaultError;

#define LKS_VAULT_ERROR (lks_vault_error_quark ())
GQuark      lks_vault_error_quark      (void);

#define LKS_TYPE_VAULT_ERROR (lks_vault_error_get_type ())
GType       lks_vault_error_get_type   (void);

const char *lks_vault_error_get_advice (LksVaultError code);

G_END_DECLS
