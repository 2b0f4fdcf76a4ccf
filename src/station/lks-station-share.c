/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared ledger that an administrator names for this station:
 *
 *     [shared-ledger]
 *     host=ledger.example.org
 *     port=5432
 *     database=locksmith
 *     user=station-3
 *     sslmode=verify-full
 *     sslrootcert=/etc/locksmith/ledger-ca.pem
 *
 * The password is not here: it lies in the user's keyring, or in `~/.pgpass`.
 */
#include "lks-station-share.h"

#include "lks-config-files.h"
#include "lks-number.h"
#include "lks-secret-store.h"

#define GROUP "shared-ledger"

/* ---- where ---- */

/* What libpq calls "allow" and "prefer" encrypts only when nobody is against it. */
static gboolean
check_ssl_mode (const char *path, const char *mode, GError **error)
{
  static const char *const modes[] = { "verify-full", "verify-ca", "require", "disable", NULL };

  if (g_strv_contains (modes, mode))
    return TRUE;

  g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID,
               "%s: “%s” is no sslmode here: choose verify-full, verify-ca, require or disable",
               path, mode);
  return FALSE;
}

static char *
read_text (GKeyFile *file, const char *path, const char *key, GError **error)
{
  char *text = g_key_file_get_string (file, GROUP, key, NULL);

  if (text != NULL && *text != '\0')
    return text;

  g_free (text);
  g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID, "%s: [" GROUP "] has no %s", path,
               key);
  return NULL;
}

static gboolean
read_port (GKeyFile *file, const char *path, guint *out_port, GError **error)
{
  g_autofree char *text = g_key_file_get_string (file, GROUP, "port", NULL);
  guint64 port = LKS_SHARE_PORT_DEFAULT;

  if (text != NULL && !lks_number_read_unsigned (text, 1, 65535, &port))
    {
      g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_INVALID,
                   "%s: port must be a number from 1 to 65535", path);
      return FALSE;
    }
  *out_port = (guint) port;
  return TRUE;
}

static LksSharePlace *
read_place (GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *host = read_text (file, path, "host", error);
  g_autofree char *database = host != NULL ? read_text (file, path, "database", error) : NULL;
  g_autofree char *user = database != NULL ? read_text (file, path, "user", error) : NULL;
  g_autofree char *mode = g_key_file_get_string (file, GROUP, "sslmode", NULL);
  g_autoptr (LksSharePlace) place = NULL;
  guint port;

  if (user == NULL || !read_port (file, path, &port, error) ||
      (mode != NULL && !check_ssl_mode (path, mode, error)))
    return NULL;

  place = lks_share_place_new (host, port, database, user);
  if (mode != NULL)
    {
      g_free (place->ssl_mode);
      place->ssl_mode = g_steal_pointer (&mode);
    }
  place->ssl_root_cert = g_key_file_get_string (file, GROUP, "sslrootcert", NULL);
  return g_steal_pointer (&place);
}

/**
 * lks_station_find_share:
 * @out_place: (out) (transfer full) (nullable): the shared ledger of this station; NULL: none is
 *   named
 * @error: return location for a #GKeyFileError, a #GFileError or a [error@Lks.ShareError], INVALID
 *
 * Reads the files `station.d/NAME.conf`; the last one that has the group wins: the system's are
 * listed after the user's. Blocks for the time of small files.
 *
 * Returns: whether the files could be understood
 */
gboolean
lks_station_find_share (LksSharePlace **out_place, GError **error)
{
  g_autoptr (GPtrArray) paths = lks_config_files_list ("station.d", ".conf", error);
  g_autoptr (LksSharePlace) place = NULL;

  *out_place = NULL;
  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();

      if (!g_key_file_load_from_file (file, paths->pdata[i], G_KEY_FILE_NONE, error))
        {
          g_prefix_error (error, "%s: ", (char *) paths->pdata[i]);
          return FALSE;
        }
      if (!g_key_file_has_group (file, GROUP))
        continue;
      g_clear_pointer (&place, lks_share_place_free);
      if ((place = read_place (file, paths->pdata[i], error)) == NULL)
        return FALSE;
    }
  *out_place = g_steal_pointer (&place);
  return TRUE;
}

/**
 * lks_station_check_share:
 * @path: what the text is called in messages
 * @text: what a file `station.d/NAME.conf` says
 * @error: return location for a #GKeyFileError or a [error@Lks.ShareError], INVALID
 *
 * Returns: whether @text names a shared ledger as lks_station_find_share() wants it
 */
gboolean
lks_station_check_share (const char *path, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (LksSharePlace) place = NULL;

  if (g_key_file_load_from_data (file, text, (gsize) -1, G_KEY_FILE_NONE, error))
    place = read_place (file, path, error);
  return place != NULL;
}

/* ---- the password ---- */

static char *
dup_id (const LksSharePlace *place)
{
  g_autofree char *name = lks_share_place_dup_name (place);

  return g_strdup_printf ("%s@%s", place->user, name);
}

static gboolean
has_entry (GPtrArray *entries, const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    if (g_strcmp0 (((LksSecretEntry *) entries->pdata[i])->id, id) == 0)
      return TRUE;
  return FALSE;
}

/* Listing asks nobody for a password: a locked keyring says that it is. None is no error. */
static LksSecret *
fetch_password (const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (GROUP);
  g_autoptr (GPtrArray) entries = lks_secret_store_list (store, cancellable, error);
  g_autofree char *id = dup_id (place);

  if (entries == NULL || !has_entry (entries, id))
    return NULL;
  return lks_secret_store_look_up (store, id, cancellable, error);
}

/**
 * lks_station_open_share:
 * @place: where
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * lks_share_open() with the password that the keyring has; without one, with what libpq finds in
 * `~/.pgpass`. A locked keyring stays locked. Blocks.
 *
 * Returns: (transfer full): the connection, or NULL with @error set
 */
LksShare *
lks_station_open_share (const LksSharePlace *place, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) keyring_error = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LksSecret) password = NULL;
  LksShare *share;

  password = fetch_password (place, cancellable, &keyring_error);
  if (g_error_matches (keyring_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&keyring_error));
      return NULL;
    }
  if ((share = lks_share_open (place, password, cancellable, &local_error)) != NULL)
    return share;

  if (keyring_error != NULL &&
      g_error_matches (local_error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED))
    g_set_error (error, LKS_SHARE_ERROR, LKS_SHARE_ERROR_DENIED, "%s (the keyring: %s)",
                 local_error->message, keyring_error->message);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/**
 * lks_station_try_share:
 * @place: where
 * @password: (nullable): NULL: what lks_station_open_share() takes
 * @out_version: (out): the version of the shared ledger, 0 when there is none
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ShareError] or `G_IO_ERROR_CANCELLED`
 *
 * Asks whether this Locksmith could copy records there. Nothing is changed. Blocks.
 *
 * Returns: whether it could
 */
gboolean
lks_station_try_share (const LksSharePlace *place,
                       const LksSecret *password,
                       guint *out_version,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (LksShare) share = password != NULL
                                   ? lks_share_open (place, password, cancellable, error)
                                   : lks_station_open_share (place, cancellable, error);

  *out_version = 0;
  if (share == NULL || !lks_share_read_version (share, out_version, cancellable, error))
    return FALSE;
  if (*out_version == LKS_SHARE_SCHEMA_VERSION)
    return TRUE;

  g_set_error (error, LKS_SHARE_ERROR,
               *out_version > LKS_SHARE_SCHEMA_VERSION ? LKS_SHARE_ERROR_NEWER
                                                       : LKS_SHARE_ERROR_NOT_SET_UP,
               "the shared ledger has version %u, this Locksmith needs %d", *out_version,
               LKS_SHARE_SCHEMA_VERSION);
  return FALSE;
}

/**
 * lks_station_keep_share_password:
 * @place: whose password it is
 * @password: (nullable): NULL: none any more
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Keeps the password in the user's keyring, which may ask to be unlocked. Blocks.
 *
 * Returns: whether the keyring has it, or has it no more
 */
gboolean
lks_station_keep_share_password (const LksSharePlace *place,
                                 const LksSecret *password,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (GROUP);
  g_autofree char *id = dup_id (place);
  g_autofree char *label = g_strdup_printf ("Locksmith: password of the shared ledger %s", id);
  const LksSecretEntry entry = { .id = id, .label = label, .details = place->user };

  return password != NULL ? lks_secret_store_save (store, &entry, password, cancellable, error)
                          : lks_secret_store_remove (store, id, cancellable, error);
}

/**
 * lks_station_share_ledger:
 * @ledger: a ledger that was opened on this thread
 * @error: return location for the error of lks_station_find_share()
 *
 * From now on @ledger is copied to the shared ledger of this station, when it has one.
 *
 * Returns: (transfer full) (nullable): what copies it; NULL when there is no shared ledger, or with
 *   @error set
 */
LksSharePusher *
lks_station_share_ledger (LksLedger *ledger, GError **error)
{
  g_autoptr (LksSharePlace) place = NULL;

  if (!lks_station_find_share (&place, error) || place == NULL)
    return NULL;
  return lks_share_pusher_new (ledger, place, lks_station_open_share);
}
