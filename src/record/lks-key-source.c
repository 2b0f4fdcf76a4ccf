/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-key-source.h"

#include "lks-chain-private.h"
#include "lks-secret-trace.h"

struct _LksKeySource
{
  LksStationKeyFunc func;
  gpointer func_data;
  GDestroyNotify free_data;  /* (nullable) */
  GCancellable *cancellable; /* (owned): ends the thread */

  GMutex mutex;       /* around the rest */
  GThread *thread;    /* (owned) (nullable): the last one that was started */
  gboolean is_busy;   /* @thread has not brought anything yet */
  LksStationKey *key; /* (owned) (nullable): never changes once it is there */
  char *reason;       /* (owned): why there is no key */
};

/**
 * lks_key_source_new:
 * @func: (scope notified): fetches the key
 * @func_data: for @func
 * @free_data: (nullable): frees @func_data
 *
 * Nothing is fetched yet.
 *
 * Returns: (transfer full): a source
 */
LksKeySource *
lks_key_source_new (LksStationKeyFunc func, gpointer func_data, GDestroyNotify free_data)
{
  LksKeySource *self = g_new0 (LksKeySource, 1);

  self->func = func;
  self->func_data = func_data;
  self->free_data = free_data;
  self->cancellable = g_cancellable_new ();
  self->reason = g_strdup (LKS_CHAIN_NOT_YET);
  g_mutex_init (&self->mutex);
  return self;
}

/**
 * lks_key_source_free:
 * @self: (transfer full): a source
 *
 * Waits for a thread that is still fetching, after telling it to stop.
 */
void
lks_key_source_free (LksKeySource *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  if (self->free_data != NULL)
    self->free_data (self->func_data);
  g_clear_pointer (&self->key, lks_station_key_free);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_free (self->reason);
  g_free (self);
}

static gpointer
fetch (gpointer data)
{
  LksKeySource *self = data;
  g_autoptr (GError) error = NULL;
  LksStationKey *key = self->func (self->func_data, self->cancellable, &error);

  g_mutex_lock (&self->mutex);
  self->key = key;
  if (key == NULL)
    {
      g_debug ("no station key: %s", error->message);
      g_free (self->reason);
      self->reason = g_strdup_printf ("no station key: %s", error->message);
    }
  self->is_busy = FALSE;
  g_mutex_unlock (&self->mutex);
  lks_secret_burn_traces (); /* the C library keeps stacks for other threads */
  return NULL;
}

/**
 * lks_key_source_start:
 * @self: a source
 * @first_only: do nothing when it was tried before, whatever came of it
 *
 * Begins to fetch the key, unless it is there or on its way. Returns at once.
 */
void
lks_key_source_start (LksKeySource *self, gboolean first_only)
{
  g_mutex_lock (&self->mutex);
  if (self->key == NULL && !self->is_busy && (self->thread == NULL || !first_only))
    {
      if (self->thread != NULL) /* it has said its last word already */
        g_thread_join (self->thread);
      self->is_busy = TRUE;
      self->thread = g_thread_new ("station-key", fetch, self);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * lks_key_source_get:
 * @self: a source
 * @out_reason: (out) (transfer full) (nullable): why there is no key
 *
 * Returns: (transfer none) (nullable): the key
 */
const LksStationKey *
lks_key_source_get (LksKeySource *self, char **out_reason)
{
  const LksStationKey *key;

  g_mutex_lock (&self->mutex);
  key = self->key;
  *out_reason = key == NULL ? g_strdup (self->reason) : NULL;
  g_mutex_unlock (&self->mutex);
  return key;
}
