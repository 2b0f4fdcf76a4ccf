/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the verifier of the engineer PIN lies: in a file that the administrator names, which only
 * root can change, or in the user's keyring. */
#include "lks-pin-store.h"

#include "lks-operator-error.h"
#include "lks-pin-limit.h"
#include "lks-pin.h"
#include "lks-secret-store.h"

#include <errno.h>
#include <glib/gstdio.h>

#define KIND "engineer-pin"
#define ID "engineer-pin"

static gboolean
set_no_pin (GError **error)
{
  g_set_error_literal (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_NO_PIN,
                       "no engineer PIN was set at this station");
  return FALSE;
}

/* ---- in a file ---- */

/* Whoever could change the file, or put another in its place, could sign in with a PIN of theirs.
 */
static gboolean
check_owner (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const char *const places[] = { path, folder };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      GStatBuf info;

      if (g_stat (places[i], &info) != 0)
        return errno == ENOENT
                   ? set_no_pin (error)
                   : (g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno),
                                   "%s: %s", places[i], g_strerror (errno)),
                      FALSE);
      if (info.st_uid == 0 && (info.st_mode & 022) == 0)
        continue;
      g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED,
                   "%s: others than root could change the engineer PIN", places[i]);
      return FALSE;
    }
  return TRUE;
}

static LksSecret *
fetch_from_file (const char *path, GError **error)
{
  return check_owner (path, error) ? lks_secret_load (path, LKS_PIN_VERIFIER_BYTES_MAX + 1, error)
                                   : NULL;
}

/* ---- in the keyring ---- */

static LksSecret *
fetch_from_keyring (GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (KIND);
  g_autoptr (GError) reason = NULL;
  LksSecret *secret = lks_secret_store_look_up (store, ID, cancellable, &reason);

  if (secret != NULL)
    return secret;
  if (g_error_matches (reason, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND))
    set_no_pin (error);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

/**
 * lks_pin_store_fetch:
 * @config: what holds for this station
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.OperatorError], NO_PIN among them, a
 *   [error@Lks.VaultError] or a #GIOError
 *
 * Blocks, and may ask the person to unlock the keyring.
 *
 * Returns: (transfer full): what is kept of the engineer PIN, or NULL with @error set
 */
char *
lks_pin_store_fetch (const LksStationConfig *config, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) secret = config->pin_file != NULL
                                     ? fetch_from_file (config->pin_file, error)
                                     : fetch_from_keyring (cancellable, error);

  return secret != NULL ? g_strchomp (g_strdup (lks_secret_get_text (secret))) : NULL;
}

/**
 * lks_pin_store_dup_default_tries_path:
 *
 * Returns: (transfer full): where wrong PINs of this user's station are counted
 */
char *
lks_pin_store_dup_default_tries_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "locksmith", "engineer-pin-tries", NULL);
}

/**
 * lks_pin_store_check:
 * @config: what holds for this station
 * @tries_path: where wrong PINs are counted
 * @pin: what was typed
 * @now_us: Unix time in microseconds
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.OperatorError], WRONG, WAIT and NO_PIN among them, or a
 *   [error@Lks.VaultError]
 *
 * Compares a PIN with the one that was set. The try counts before it is made; where no PIN was set
 * it costs none. Blocks, and may ask the person to unlock the keyring.
 *
 * Returns: whether it is the right PIN
 */
gboolean
lks_pin_store_check (const LksStationConfig *config,
                     const char *tries_path,
                     const LksSecret *pin,
                     gint64 now_us,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (LksPinLimit) limit = lks_pin_limit_new (tries_path);
  g_autofree char *verifier = lks_pin_store_fetch (config, cancellable, error);

  return verifier != NULL && lks_pin_limit_begin (limit, now_us, error) &&
         lks_pin_check (pin, verifier, error) && lks_pin_limit_forgive (limit, error);
}

/**
 * lks_pin_store_set:
 * @config: what holds for this station
 * @pin: a new PIN
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.OperatorError], DENIED where the administrator named a
 *   file, or a [error@Lks.VaultError]
 *
 * Keeps a new engineer PIN in the keyring, in place of the one before. Blocks, and may ask the
 * person to unlock the keyring.
 *
 * Returns: whether it is kept
 */
gboolean
lks_pin_store_set (const LksStationConfig *config,
                   const LksSecret *pin,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (KIND);
  LksSecretEntry entry = {
    .id = (char *) ID,
    .label = (char *) "Locksmith: check of the engineer PIN of this station",
    .details = (char *) "",
  };
  g_autofree char *verifier = NULL;
  g_autoptr (LksSecret) secret = NULL;

  if (config->pin_file != NULL)
    {
      g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_DENIED,
                   "the engineer PIN of this station lies in %s: only root can change it",
                   config->pin_file);
      return FALSE;
    }
  if ((verifier = lks_pin_make_verifier (pin, error)) == NULL)
    return FALSE;

  secret = lks_secret_new (verifier, strlen (verifier));
  return lks_secret_store_save (store, &entry, secret, cancellable, error);
}
