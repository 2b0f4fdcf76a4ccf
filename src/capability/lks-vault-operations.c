/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-private.h"

static gboolean
open_index (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  return lks_vault_index_list (index, FALSE, &job->found, cancellable, error);
}

/**
 * lks_vault_open_async:
 * @self: a vault
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Reads once what the keyring holds; when that was done, it ends at once. Nobody is asked for a
 * password. A desktop that is out of order can take most of a minute to say so: show that it is
 * being waited for, and let it be cancelled.
 */
void
lks_vault_open_async (LksVault *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  lks_vault_run (self, lks_vault_open_async, open_index, lks_vault_job_new (), cancellable,
                 callback, user_data);
}

/**
 * lks_vault_open_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the list is what the keyring holds
 */
gboolean
lks_vault_open_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static gboolean
refresh_index (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  return lks_vault_index_list (index, TRUE, &job->found, cancellable, error);
}

/**
 * lks_vault_refresh_async:
 * @self: a vault
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * As lks_vault_open_async(), but reads again what the keyring holds: some milliseconds per item.
 */
void
lks_vault_refresh_async (LksVault *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  lks_vault_run (self, lks_vault_refresh_async, refresh_index, lks_vault_job_new (), cancellable,
                 callback, user_data);
}

/**
 * lks_vault_refresh_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the list is what the keyring holds
 */
gboolean
lks_vault_refresh_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static gboolean
unlock_index (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  return lks_vault_index_unlock (index, cancellable, error) &&
         lks_vault_index_list (index, FALSE, &job->found, cancellable, error);
}

/**
 * lks_vault_unlock_async:
 * @self: a vault
 * @cancellable: (nullable): a cancellable; it also closes the question
 * @callback: called when done
 * @user_data: for @callback
 *
 * Lets the desktop ask the person for the keyring's password, if it is locked, and opens the
 * vault.
 */
void
lks_vault_unlock_async (LksVault *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  lks_vault_run (self, lks_vault_unlock_async, unlock_index, lks_vault_job_new (), cancellable,
                 callback, user_data);
}

/**
 * lks_vault_unlock_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError], LKS_VAULT_ERROR_DISMISSED when it stays
 *   locked, or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the vault is open
 */
gboolean
lks_vault_unlock_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static LksVaultJob *
job_new_for (LksVaultItem *item)
{
  LksVaultJob *job = lks_vault_job_new ();

  job->fingerprint = g_strdup (lks_vault_item_get_fingerprint (item));
  return job;
}

/* The keyring gave back what was stored, and that was checked: only a bug makes no key of it. */
static gboolean
fetch_key (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksSecret) bytes = lks_vault_index_fetch (index, job->fingerprint, cancellable, error);

  if (bytes == NULL)
    return FALSE;
  job->key = lks_capability_key_new (bytes, error);
  return job->key != NULL;
}

/**
 * lks_vault_fetch_key_async:
 * @self: a vault
 * @item: an item of it
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets the capability itself out of the keyring. May ask for the keyring's password.
 */
void
lks_vault_fetch_key_async (LksVault *self,
                           LksVaultItem *item,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  lks_vault_run (self, lks_vault_fetch_key_async, fetch_key, job_new_for (item), cancellable,
                 callback, user_data);
}

/**
 * lks_vault_fetch_key_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): a key to the item's board, or NULL with @error set
 */
LksCapabilityKey *
lks_vault_fetch_key_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  LksVaultJob *job = lks_vault_finish (self, result, error);

  return job != NULL ? g_steal_pointer (&job->key) : NULL;
}

static gboolean
touch_item (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  job->fields = lks_vault_index_touch (index, job->fingerprint, cancellable, error);
  return job->fields != NULL;
}

/**
 * lks_vault_touch_async:
 * @self: a vault
 * @item: an item of it
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when done
 * @user_data: for @callback
 *
 * Notes that @item was used now.
 */
void
lks_vault_touch_async (LksVault *self,
                       LksVaultItem *item,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  lks_vault_run (self, lks_vault_touch_async, touch_item, job_new_for (item), cancellable, callback,
                 user_data);
}

/**
 * lks_vault_touch_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the keyring knows it
 */
gboolean
lks_vault_touch_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static gboolean
label_item (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  job->fields = lks_vault_index_set_label (index, job->fingerprint, job->text, cancellable, error);
  return job->fields != NULL;
}

/**
 * lks_vault_set_label_async:
 * @self: a vault
 * @item: an item of it
 * @label: the user's name for it, such as "pump room 3"; line breaks become blanks, and more than
 *   200 characters are cut off
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 */
void
lks_vault_set_label_async (LksVault *self,
                           LksVaultItem *item,
                           const char *label,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  LksVaultJob *job = job_new_for (item);

  job->text = g_strdup (label);
  lks_vault_run (self, lks_vault_set_label_async, label_item, job, cancellable, callback,
                 user_data);
}

/**
 * lks_vault_set_label_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the keyring knows it
 */
gboolean
lks_vault_set_label_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}

static gboolean
remove_item (LksVaultIndex *index, LksVaultJob *job, GCancellable *cancellable, GError **error)
{
  job->removed = lks_vault_index_remove (index, job->fingerprint, cancellable, error);
  return job->removed;
}

/**
 * lks_vault_remove_async:
 * @self: a vault
 * @item: an item of it
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes a capability for good.
 */
void
lks_vault_remove_async (LksVault *self,
                        LksVaultItem *item,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  lks_vault_run (self, lks_vault_remove_async, remove_item, job_new_for (item), cancellable,
                 callback, user_data);
}

/**
 * lks_vault_remove_finish:
 * @self: a vault
 * @result: the result
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether it was there and is gone
 */
gboolean
lks_vault_remove_finish (LksVault *self, GAsyncResult *result, GError **error)
{
  return lks_vault_finish (self, result, error) != NULL;
}
