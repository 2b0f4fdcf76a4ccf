/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-door.h"

#include "lks-send.h"

struct _LksVaultDoor
{
  LksVault *vault;       /* (owned): touched on its own thread only */
  GThread *thread;       /* (unowned): that one, for comparison */
  GMainContext *context; /* (owned) */
};

/* One question; whoever gives up waiting leaves it to the vault's thread. */
typedef struct _Visit Visit;
struct _Visit
{
  LksVaultDoor *door; /* (owned) */
  void (*begin) (Visit *visit);
  GCancellable *cancellable; /* (owned) (nullable) */

  char *name; /* (owned) (nullable): a device ID or a fingerprint */
  guint capability;
  LksSecret *bytes; /* (owned) (nullable) */
  LksVaultSource source;

  GMutex mutex;
  GCond cond;
  gboolean is_done;      /* from here on with the mutex */
  LksVaultKept *kept;    /* (owned) (nullable) */
  LksCapabilityKey *key; /* (owned) (nullable) */
  GError *error;         /* (owned) (nullable) */
};

/* ---- the door ---- */

/**
 * lks_vault_door_new:
 * @vault: a vault of this thread
 *
 * Returns: (transfer full): a way to it for other threads
 */
LksVaultDoor *
lks_vault_door_new (LksVault *vault)
{
  LksVaultDoor *self = g_atomic_rc_box_new0 (LksVaultDoor);

  self->vault = g_object_ref (vault);
  self->thread = g_thread_self ();
  self->context = g_main_context_ref_thread_default ();
  return self;
}

static gboolean
nothing_cb (gpointer unused)
{
  return G_SOURCE_REMOVE;
}

/* The vault must end where it lives, whoever was the last to need it. */
static void
door_clear (gpointer data)
{
  LksVaultDoor *self = data;

  if (self->thread == g_thread_self ())
    g_object_unref (self->vault);
  else
    lks_send (self->context, nothing_cb, self->vault, g_object_unref);
  g_main_context_unref (self->context);
}

/**
 * lks_vault_door_unref:
 * @self: (transfer full): a door
 *
 * Gives it up.
 */
void
lks_vault_door_unref (LksVaultDoor *self)
{
  g_atomic_rc_box_release_full (self, door_clear);
}

/**
 * lks_vault_kept_free:
 * @self: (transfer full) (nullable): what a vault has
 */
void
lks_vault_kept_free (LksVaultKept *self)
{
  if (self == NULL)
    return;

  g_free (self->fingerprint);
  g_free (self);
}

static LksVaultKept *
kept_new (LksVaultItem *item)
{
  LksVaultKept *self = g_new0 (LksVaultKept, 1);

  self->fingerprint = g_strdup (lks_vault_item_get_fingerprint (item));
  self->signed_unix_s = lks_vault_item_get_signed (item);
  return self;
}

/* ---- a visit ---- */

static Visit *
visit_new (LksVaultDoor *door, void (*begin) (Visit *), GCancellable *cancellable)
{
  Visit *self = g_atomic_rc_box_new0 (Visit);

  self->door = g_atomic_rc_box_acquire (door);
  self->begin = begin;
  g_set_object (&self->cancellable, cancellable);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

static void
visit_clear (gpointer data)
{
  Visit *self = data;

  lks_vault_door_unref (self->door);
  g_clear_object (&self->cancellable);
  g_free (self->name);
  g_clear_pointer (&self->bytes, lks_secret_unref);
  lks_vault_kept_free (self->kept);
  g_clear_pointer (&self->key, lks_capability_key_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

static void
visit_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, visit_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_unref)

static void
visit_end (Visit *self, LksVaultKept *kept, LksCapabilityKey *key, GError *error)
{
  g_mutex_lock (&self->mutex);
  self->kept = kept;
  self->key = key;
  self->error = error;
  self->is_done = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gboolean
arrive_cb (gpointer user_data)
{
  Visit *self = user_data;

  if (!g_cancellable_is_cancelled (self->cancellable))
    self->begin (self);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Visit *self = user_data;

  g_mutex_lock (&self->mutex);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* Whether there is an answer, which is then nobody else's any more. */
static gboolean
visit_make (Visit *self, GError **error)
{
  gulong id = 0;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  lks_send (self->door->context, arrive_cb, g_atomic_rc_box_acquire (self), visit_unref);
  if (self->cancellable != NULL)
    id = g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  g_mutex_lock (&self->mutex);
  while (!self->is_done && !g_cancellable_is_cancelled (self->cancellable))
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_cancellable_disconnect (self->cancellable, id);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* ---- what the vault has ---- */

static void
begin_find (Visit *self)
{
  LksVaultItem *item = lks_vault_find_for (self->door->vault, self->name, self->capability);

  visit_end (self, item != NULL ? kept_new (item) : NULL, NULL, NULL);
}

/**
 * lks_vault_door_find:
 * @self: a door to a vault that was opened
 * @device_id: a device ID, 128 digits
 * @capability: a capability number
 * @out_kept: (out) (transfer full) (nullable): what lks_vault_find_for() finds; NULL for nothing
 * @cancellable: (nullable): a cancellable
 * @error: return location for `G_IO_ERROR_CANCELLED`
 *
 * Looks into the list of the vault. Blocks.
 *
 * Returns: whether it was looked at
 */
gboolean
lks_vault_door_find (LksVaultDoor *self,
                     const char *device_id,
                     guint capability,
                     LksVaultKept **out_kept,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (Visit) visit = visit_new (self, begin_find, cancellable);

  visit->name = g_strdup (device_id);
  visit->capability = capability;
  if (!visit_make (visit, error))
    return FALSE;
  *out_kept = g_steal_pointer (&visit->kept);
  return TRUE;
}

/* ---- putting into it ---- */

static void
added_cb (GObject *vault, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;
  GError *error = NULL;
  LksVaultItem *item = lks_vault_add_finish (LKS_VAULT (vault), result, &error);

  visit_end (self, item != NULL ? kept_new (item) : NULL, NULL, error);
}

static void
begin_add (Visit *self)
{
  lks_vault_add_async (self->door->vault, self->bytes, self->source, self->cancellable, added_cb,
                       g_atomic_rc_box_acquire (self));
}

/**
 * lks_vault_door_add:
 * @self: a door
 * @key: what is to be kept
 * @source: where it came from
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_vault_add_finish()
 *
 * Puts a capability into the vault. Blocks, also while the keyring asks a person.
 *
 * Returns: (transfer full): what the vault has now, or NULL with @error set
 */
LksVaultKept *
lks_vault_door_add (LksVaultDoor *self,
                    LksCapabilityKey *key,
                    LksVaultSource source,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (Visit) visit = visit_new (self, begin_add, cancellable);

  visit->bytes = lks_capability_key_dup_bytes (key);
  visit->source = source;
  return visit_make (visit, error) ? g_steal_pointer (&visit->kept) : NULL;
}

/* ---- getting out of it ---- */

static void
fetched_cb (GObject *vault, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;
  GError *error = NULL;
  LksCapabilityKey *key = lks_vault_fetch_key_finish (LKS_VAULT (vault), result, &error);

  visit_end (self, NULL, key, error);
}

static void
begin_fetch (Visit *self)
{
  LksVaultItem *item = lks_vault_get_item (self->door->vault, self->name);

  if (item == NULL)
    visit_end (self, NULL, NULL,
               g_error_new_literal (LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                                    "the vault does not have it any more"));
  else
    lks_vault_fetch_key_async (self->door->vault, item, self->cancellable, fetched_cb,
                               g_atomic_rc_box_acquire (self));
}

/**
 * lks_vault_door_fetch:
 * @self: a door to a vault that was opened
 * @fingerprint: of what it has
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error of lks_vault_fetch_key_finish()
 *
 * Gets a key out of the vault. Blocks, also while the keyring asks a person.
 *
 * Returns: (transfer full): the key, or NULL with @error set
 */
LksCapabilityKey *
lks_vault_door_fetch (LksVaultDoor *self,
                      const char *fingerprint,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (Visit) visit = visit_new (self, begin_fetch, cancellable);

  visit->name = g_strdup (fingerprint);
  return visit_make (visit, error) ? g_steal_pointer (&visit->key) : NULL;
}
