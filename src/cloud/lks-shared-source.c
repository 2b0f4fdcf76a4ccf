/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-shared-source.h"

struct _LksSharedSource
{
  GObject parent_instance;

  LksTokenSource *source; /* (owned) */
};

static void lks_shared_source_iface_init (LksTokenSourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LksSharedSource,
                               lks_shared_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LKS_TYPE_TOKEN_SOURCE,
                                                      lks_shared_source_iface_init))

/* All accounts lie in the same keyring, which takes one thread at a time. */
static GMutex keyring_mutex;

/**
 * lks_shared_source_lock:
 *
 * For who uses an account, or the store of accounts, without an [class@Lks.SharedSource]. Worker
 * threads only: somebody may be waiting for a person who types a password.
 */
void
lks_shared_source_lock (void)
{
  g_mutex_lock (&keyring_mutex);
}

/**
 * lks_shared_source_unlock:
 *
 * After lks_shared_source_lock().
 */
void
lks_shared_source_unlock (void)
{
  g_mutex_unlock (&keyring_mutex);
}

static LksSecret *
lks_shared_source_get_authorization (LksTokenSource *source,
                                     gboolean renew,
                                     GCancellable *cancellable,
                                     GError **error)
{
  LksSharedSource *self = LKS_SHARED_SOURCE (source);
  LksSecret *secret;

  g_mutex_lock (&keyring_mutex);
  secret = lks_token_source_get_authorization (self->source, renew, cancellable, error);
  g_mutex_unlock (&keyring_mutex);
  return secret;
}

static void
lks_shared_source_iface_init (LksTokenSourceInterface *iface)
{
  iface->get_authorization = lks_shared_source_get_authorization;
}

static void
lks_shared_source_dispose (GObject *object)
{
  g_clear_object (&LKS_SHARED_SOURCE (object)->source);
  G_OBJECT_CLASS (lks_shared_source_parent_class)->dispose (object);
}

static void
lks_shared_source_class_init (LksSharedSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lks_shared_source_dispose;
}

static void
lks_shared_source_init (LksSharedSource *self)
{
}

/**
 * lks_shared_source_new:
 * @source: somebody who is signed in
 *
 * Returns: (transfer full): the same for any thread
 */
LksTokenSource *
lks_shared_source_new (LksTokenSource *source)
{
  LksSharedSource *self = g_object_new (LKS_TYPE_SHARED_SOURCE, NULL);

  self->source = g_object_ref (source);
  return LKS_TOKEN_SOURCE (self);
}
