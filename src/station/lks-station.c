/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key with which this station signs its records. An administrator may name a file for it
 * (lks-station-config.c); otherwise it lies in the user's keyring. Wherever it belongs, it is made
 * there when it is needed for the first time.
 */
#include "lks-station.h"

#include "lks-secret-store.h"
#include "lks-station-config.h"

#define KEY_ID "station-key"

/* ---- in a file ---- */

static LksStationKey *
fetch_from_file (const char *path, gboolean makes, GError **error)
{
  g_autoptr (LksStationKey) key = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!makes || g_file_test (path, G_FILE_TEST_EXISTS))
    return lks_station_key_load (path, error);

  if ((key = lks_station_key_generate (error)) == NULL)
    return NULL;
  if (lks_station_key_save_new (key, path, &local_error))
    return g_steal_pointer (&key);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_EXIST))
    return lks_station_key_load (path, error); /* another program was faster */

  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/* ---- in the keyring ---- */

static LksStationKey *
look_up (LksSecretStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) pem = lks_secret_store_look_up (store, KEY_ID, cancellable, error);

  return pem != NULL ? lks_station_key_new (pem, "the station key in the keyring", error) : NULL;
}

/* What lies there afterwards counts: another program may have made one at the same time. */
static LksStationKey *
make (LksSecretStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksStationKey) key = lks_station_key_generate (error);
  g_autoptr (LksSecret) pem = key != NULL ? lks_station_key_dup_secret (key, error) : NULL;
  LksSecretEntry entry = {
    .id = (char *) KEY_ID,
    .label = (char *) "Locksmith: key that signs the records of this station",
  };

  if (pem == NULL)
    return NULL;
  entry.details = (char *) lks_station_key_get_fingerprint (key);
  return lks_secret_store_save (store, &entry, pem, cancellable, error)
             ? look_up (store, cancellable, error)
             : NULL;
}

static gboolean
has_key (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_strcmp0 (((LksSecretEntry *) entries->pdata[i])->id, KEY_ID) == 0)
      return TRUE;
  return FALSE;
}

/* Listing asks nobody for a password: a locked keyring says that it is. */
static LksStationKey *
fetch_from_keyring (gboolean makes, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new ("station-key");
  g_autoptr (GPtrArray) entries = lks_secret_store_list (store, cancellable, error);

  if (entries == NULL)
    return NULL;
  if (has_key (entries))
    return look_up (store, cancellable, error);
  if (makes)
    return make (store, cancellable, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       "there is no station key in the keyring yet: it is made when something is "
                       "recorded");
  return NULL;
}

static LksStationKey *
fetch (gboolean makes, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksStationConfig) config = lks_station_config_load (error);

  if (config == NULL)
    return NULL;
  return config->key_file != NULL ? fetch_from_file (config->key_file, makes, error)
                                  : fetch_from_keyring (makes, cancellable, error);
}

/**
 * lks_station_fetch_key:
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError], a [error@Lks.LedgerError], a #GFileError,
 *   what is wrong with the configuration, or `G_IO_ERROR_CANCELLED`
 *
 * Reads the key of this station, and makes it when there is none yet. A locked keyring stays
 * locked: nobody is asked in the middle of other work. Blocks; not on the main thread.
 *
 * Returns: (transfer full): the key, or NULL with @error set
 */
LksStationKey *
lks_station_fetch_key (GCancellable *cancellable, GError **error)
{
  return fetch (TRUE, cancellable, error);
}

/**
 * lks_station_find_key:
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of lks_station_fetch_key(); `G_IO_ERROR_NOT_FOUND` when
 *   there is no key yet
 *
 * Reads the key of this station, and makes none. Blocks; not on the main thread.
 *
 * Returns: (transfer full): the key, or NULL with @error set
 */
LksStationKey *
lks_station_find_key (GCancellable *cancellable, GError **error)
{
  return fetch (FALSE, cancellable, error);
}

static LksStationKey *
fetch_cb (gpointer unused, GCancellable *cancellable, GError **error)
{
  return lks_station_fetch_key (cancellable, error);
}

/**
 * lks_station_sign_ledger:
 * @ledger: a ledger that was just opened
 *
 * From now on what is written to @ledger is signed with the key of this station, when there is one,
 * and its head is noted as by lks_station_note_heads().
 */
void
lks_station_sign_ledger (LksLedger *ledger)
{
  lks_ledger_set_key_source (ledger, fetch_cb, NULL, NULL);
  lks_station_note_heads (ledger);
}

/**
 * lks_station_note_heads:
 * @ledger: a ledger that was just opened
 *
 * Lets @ledger note its newest entry in `locksmith/heads` in the user's data directory, and compare
 * with it when it is verified.
 */
void
lks_station_note_heads (LksLedger *ledger)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "locksmith", "heads", NULL);
  g_autoptr (GError) error = NULL;

  if (!lks_ledger_set_head_folder (ledger, folder, &error))
    g_debug ("no head is noted: %s", error->message);
}
