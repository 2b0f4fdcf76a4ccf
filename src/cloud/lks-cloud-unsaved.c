/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refresh tokens that the keyring has not taken yet. They replace those that lie there: until one
 * is kept, it is all that an account stays signed in with, whichever object works for that. */
#include "lks-cloud-unsaved.h"

static GMutex mutex;
static GHashTable *tokens; /* (owned) (nullable) (element-type utf8 LksSecret): guarded by @mutex */

/**
 * lks_cloud_unsaved_set:
 * @account_id: ID of an account
 * @refresh: (nullable): its newest refresh token; NULL when the keyring has it, or nobody needs it
 *
 * Any thread.
 */
void
lks_cloud_unsaved_set (const char *account_id, const LksSecret *refresh)
{
  g_mutex_lock (&mutex);
  if (tokens == NULL)
    tokens =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) lks_secret_unref);
  if (refresh != NULL)
    g_hash_table_replace (tokens, g_strdup (account_id), lks_secret_ref ((LksSecret *) refresh));
  else
    g_hash_table_remove (tokens, account_id);
  g_mutex_unlock (&mutex);
}

/**
 * lks_cloud_unsaved_dup:
 * @account_id: ID of an account
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): its refresh token, when the keyring does not have it yet
 */
LksSecret *
lks_cloud_unsaved_dup (const char *account_id)
{
  LksSecret *refresh;

  g_mutex_lock (&mutex);
  refresh = tokens != NULL ? g_hash_table_lookup (tokens, account_id) : NULL;
  if (refresh != NULL)
    lks_secret_ref (refresh);
  g_mutex_unlock (&mutex);
  return refresh;
}
