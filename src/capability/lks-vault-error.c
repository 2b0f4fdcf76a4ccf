/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-error.h"

GQuark
lks_vault_error_quark (void)
{
  return g_quark_from_static_string ("lks-vault-error");
}

G_DEFINE_ENUM_TYPE (LksVaultError,
                    lks_vault_error,
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_ABSENT, "absent"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_DISMISSED, "dismissed"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_NO_KEYRING, "no-keyring"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_DAMAGED, "damaged"),
                    G_DEFINE_ENUM_VALUE (LKS_VAULT_ERROR_DUPLICATE, "duplicate"))

/**
 * lks_vault_error_get_advice:
 * @code: an error code of the vault
 *
 * Returns: (transfer none): what to do next, as an English sentence
 */
const char *
lks_vault_error_get_advice (LksVaultError code)
{
  switch (code)
    {
    case LKS_VAULT_ERROR_FAILED:
      return "Try again; if it fails once more, log out and in, which restarts the keyring.";
    case LKS_VAULT_ERROR_ABSENT:
      return "Start a keyring in this session (GNOME Keyring, KWallet or another Secret Service) "
             "or log in on a desktop; over SSH, “dbus-run-session” and “gnome-keyring-daemon "
             "--unlock” make one.";
    case LKS_VAULT_ERROR_LOCKED:
      return "Unlock the keyring with your login password and try again.";
    case LKS_VAULT_ERROR_DISMISSED:
      return "Try again and give the keyring's password. If nothing asked for it, log in on the "
             "desktop or unlock the keyring in its own program first.";
    case LKS_VAULT_ERROR_NO_KEYRING:
      return "Make a default keyring in your desktop's password program, or log out and in: most "
             "desktops make one then.";
    case LKS_VAULT_ERROR_NOT_FOUND:
      return "List the vault again; another program may have removed the item.";
    case LKS_VAULT_ERROR_DAMAGED:
      return "Remove the item and import its file again, or download the capability again.";
    case LKS_VAULT_ERROR_DUPLICATE:
      return "Nothing is to be done: the vault has this capability.";
    }
  return "See the message.";
}
