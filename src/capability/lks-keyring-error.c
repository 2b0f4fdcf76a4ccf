/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keyring-error-private.h"

#include "lks-vault-error.h"

#include <gio/gio.h>
#include <libsecret/secret.h>

static LksVaultError
from_secret_error (int code)
{
  switch ((SecretError) code)
    {
    case SECRET_ERROR_IS_LOCKED:
      return LKS_VAULT_ERROR_LOCKED;
    case SECRET_ERROR_NO_SUCH_OBJECT:
      return LKS_VAULT_ERROR_NOT_FOUND;
    case SECRET_ERROR_INVALID_FILE_FORMAT:
      return LKS_VAULT_ERROR_DAMAGED;
    case SECRET_ERROR_PROTOCOL:
    case SECRET_ERROR_ALREADY_EXISTS:
      break;
    }
  return LKS_VAULT_ERROR_FAILED;
}

/* GDBusError has four dozen codes; these are the ones that a bus without a keyring gives, and a
 * keyring without a default collection. */
static LksVaultError
from_bus_error (int code)
{
  if (code == G_DBUS_ERROR_UNKNOWN_OBJECT || code == G_DBUS_ERROR_UNKNOWN_METHOD)
    return LKS_VAULT_ERROR_NO_KEYRING;
  if (code == G_DBUS_ERROR_SERVICE_UNKNOWN || code == G_DBUS_ERROR_NAME_HAS_NO_OWNER ||
      code == G_DBUS_ERROR_NO_REPLY || code == G_DBUS_ERROR_DISCONNECTED ||
      code == G_DBUS_ERROR_NO_SERVER ||
      (code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED && code <= G_DBUS_ERROR_SPAWN_NO_MEMORY))
    return LKS_VAULT_ERROR_ABSENT;
  return LKS_VAULT_ERROR_FAILED;
}

/* The file backend reports what the person and the portal did as errors of GIO. Without a session
 * bus there is no keyring either, and GIO says so in several ways. */
static LksVaultError
from_io_error (int code)
{
  if (code == G_IO_ERROR_CANCELLED) /* not by us: "user interaction cancelled" */
    return LKS_VAULT_ERROR_DISMISSED;
  if (code == G_IO_ERROR_FAILED) /* "user interaction failed" */
    return LKS_VAULT_ERROR_LOCKED;
  if (code == G_IO_ERROR_NOT_FOUND || code == G_IO_ERROR_CLOSED ||
      code == G_IO_ERROR_CONNECTION_REFUSED || code == G_IO_ERROR_INVALID_ARGUMENT ||
      code == G_IO_ERROR_PERMISSION_DENIED)
    return LKS_VAULT_ERROR_ABSENT;
  return LKS_VAULT_ERROR_FAILED;
}

static LksVaultError
get_code (const GError *error)
{
  if (error->domain == SECRET_ERROR)
    return from_secret_error (error->code);
  if (error->domain == G_DBUS_ERROR)
    return from_bus_error (error->code);
  if (error->domain == G_IO_ERROR)
    return from_io_error (error->code);
  return LKS_VAULT_ERROR_FAILED;
}

static const char *
get_sentence (LksVaultError code)
{
  switch (code)
    {
    case LKS_VAULT_ERROR_ABSENT:
      return "no program keeps secrets in this session";
    case LKS_VAULT_ERROR_LOCKED:
      return "the keyring is locked";
    case LKS_VAULT_ERROR_DISMISSED:
      return "the keyring was not unlocked";
    case LKS_VAULT_ERROR_NO_KEYRING:
      return "there is no default keyring to store in";
    case LKS_VAULT_ERROR_NOT_FOUND:
      return "the item is not in the keyring any more";
    case LKS_VAULT_ERROR_DAMAGED:
      return "the file of the keyring is damaged";
    case LKS_VAULT_ERROR_FAILED:
    case LKS_VAULT_ERROR_DUPLICATE:
      break;
    }
  return "the keyring failed";
}

/* Whether the connection to the keyring is what is wrong: the daemon was restarted and does not
 * know our session, or another process wrote the file that we have in memory. */
gboolean
lks_keyring_error_is_stale (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_error_matches (error, SECRET_ERROR, SECRET_ERROR_PROTOCOL);
}

/* Takes @error, of libsecret or GIO, and makes one of ours of it. Ours pass unchanged, as does
 * a cancellation by ourselves, which must be one of ours when it comes here. */
void
lks_keyring_error_translate (GError *error, GError **out_error)
{
  LksVaultError code;

  if (error->domain == LKS_VAULT_ERROR)
    {
      g_propagate_error (out_error, error);
      return;
    }

  code = get_code (error);
  g_set_error (out_error, LKS_VAULT_ERROR, (int) code, "%s (%s)", get_sentence (code),
               error->message);
  g_error_free (error);
}
