/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever may sign recipes for this station is one of its engineers. The public halves lie in
 * `recipe-keys.d` of the configuration directories, of the system's only where the administrator
 * demands anything; the private half is in a file of the engineer's, for instance on a USB stick.
 */
#include "lks-operator-key.h"

#include "lks-config-files.h"
#include "lks-operator-error.h"
#include "lks-station-config.h"
#include "lks-station-key.h"

#include <openssl/rand.h>

#define CHALLENGE_BYTES 32

/* (transfer full) (nullable): NULL without @error when nobody trusts the key */
static LksStationKey *
find_trusted (const LksStationKey *key, GError **error)
{
  g_autoptr (LksStationConfig) config = lks_station_config_load (error);
  g_autoptr (GPtrArray) paths =
      config != NULL ? lks_config_files_list ("recipe-keys.d", ".pem", error) : NULL;

  for (guint i = 0; paths != NULL && i < paths->len; i++)
    {
      g_autoptr (LksStationKey) trusted = NULL;

      if (config->is_demanding && lks_config_files_is_of_user (paths->pdata[i]))
        continue;
      trusted = lks_station_key_load_public (paths->pdata[i], NULL);

      if (trusted != NULL && g_str_equal (lks_station_key_get_fingerprint (trusted),
                                          lks_station_key_get_fingerprint (key)))
        return g_steal_pointer (&trusted);
    }
  return NULL;
}

/* A new one each time: nothing that was signed before helps. */
static char *
make_challenge (void)
{
  guchar bytes[CHALLENGE_BYTES];
  g_autofree char *random = NULL;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return NULL;
  random = g_base64_encode (bytes, sizeof bytes);
  return g_strconcat ("locksmith engineer sign-in\n", random, "\n", NULL);
}

/**
 * lks_operator_key_prove:
 * @path: a PEM file with the private half of a recipe-signing key, readable by its owner only
 * @error: return location for a [error@Lks.OperatorError], WRONG when this station does not trust
 *   the key, a [error@Lks.LedgerError] for a file that is no such key, or an error of
 *   lks_station_config_load()
 *
 * Has a challenge signed with the key and checks it with what this station trusts. Blocks for
 * the time of small files.
 *
 * Returns: (transfer full): the key's fingerprint, or NULL with @error set
 */
char *
lks_operator_key_prove (const char *path, GError **error)
{
  g_autoptr (LksStationKey) key = lks_station_key_load (path, error);
  g_autoptr (LksStationKey) trusted = NULL;
  g_autofree char *challenge = NULL;
  g_autofree char *signature = NULL;
  GError *reason = NULL;

  if (key == NULL)
    return NULL;
  trusted = find_trusted (key, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return NULL;
    }
  challenge = make_challenge ();
  signature = challenge != NULL ? lks_station_key_sign (key, challenge, NULL) : NULL;
  if (trusted != NULL && signature != NULL &&
      lks_station_key_verify (trusted, challenge, signature))
    return g_strdup (lks_station_key_get_fingerprint (trusted));

  g_set_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_WRONG,
               "%s: this station does not trust the key %.16s…", path,
               lks_station_key_get_fingerprint (key));
  return NULL;
}
