/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-turn.h"

/* What is in use. That is little at a time: all who wait hear the same bell. */
static GMutex mutex;
static GCond bell;
static GHashTable *taken; /* (owned) (nullable) (element-type utf8): guarded by @mutex */

static void
cancelled_cb (GCancellable *cancellable, gpointer unused)
{
  g_mutex_lock (&mutex);
  g_cond_broadcast (&bell);
  g_mutex_unlock (&mutex);
}

/**
 * lks_turn_take:
 * @name: something that takes one thread at a time
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Waits until nobody else in this process uses it, and then uses it until lks_turn_end(): a lock
 * for what may take minutes. It cannot be taken twice by the same thread. Blocks; worker threads
 * only.
 *
 * Returns: FALSE when @cancellable was cancelled, before or meanwhile
 */
gboolean
lks_turn_take (const char *name, GCancellable *cancellable, GError **error)
{
  /* Outside of the lock, which the callback takes: it comes at once when it is too late already. */
  gulong handler = cancellable != NULL
                       ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), NULL, NULL)
                       : 0;
  gboolean is_mine;

  g_mutex_lock (&mutex);
  if (taken == NULL)
    taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  while (g_hash_table_contains (taken, name) && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&bell, &mutex);
  is_mine = !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (is_mine)
    g_hash_table_add (taken, g_strdup (name));
  g_mutex_unlock (&mutex);

  g_cancellable_disconnect (cancellable, handler);
  return is_mine;
}

/**
 * lks_turn_end:
 * @name: what was taken by this thread
 *
 * Lets the next one use it.
 */
void
lks_turn_end (const char *name)
{
  g_mutex_lock (&mutex);
  g_hash_table_remove (taken, name);
  g_cond_broadcast (&bell);
  g_mutex_unlock (&mutex);
}
