/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-secret-store.h"

#include "lks-keyring-question-private.h"

#define VERSION "1"

static const SecretSchema schema = {
  "io.github.locksmith.Secret",
  SECRET_SCHEMA_NONE,
  {
      { "version", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "kind", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "id", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "details", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

struct _LksSecretStore
{
  gatomicrefcount refs;
  char *kind;          /* (owned) */
  LksKeyring *keyring; /* (owned) */
};

/* What one operation is about; which of it is used depends on the operation. */
typedef struct
{
  LksSecretStore *store;
  const LksSecretEntry *entry;
  const char *id;
  const LksSecret *secret;
  LksSecret *found; /* (owned) */
  GPtrArray *list;  /* (owned) (element-type LksSecretEntry) */
  gboolean is_removed;
} Request;

void
lks_secret_entry_free (LksSecretEntry *self)
{
  g_free (self->id);
  g_free (self->label);
  g_free (self->details);
  g_free (self);
}

static GHashTable *
select_items (LksSecretStore *self, const char *id, const char *details)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (char *) "version", (char *) VERSION);
  g_hash_table_insert (attributes, (char *) "kind", self->kind);
  if (id != NULL)
    g_hash_table_insert (attributes, (char *) "id", (char *) id);
  if (details != NULL)
    g_hash_table_insert (attributes, (char *) "details", (char *) details);
  return attributes;
}

/* ---- list ---- */

static void
add_entry (GPtrArray *list, SecretRetrievable *item)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *id = attributes != NULL ? g_hash_table_lookup (attributes, "id") : NULL;
  const char *details = attributes != NULL ? g_hash_table_lookup (attributes, "details") : NULL;
  LksSecretEntry *entry;

  if (id == NULL || details == NULL) /* somebody else's work */
    return;
  entry = g_new0 (LksSecretEntry, 1);
  entry->id = g_strdup (id);
  entry->label = secret_retrievable_get_label (item);
  entry->details = g_strdup (details);
  g_ptr_array_add (list, entry);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const LksSecretEntry *one = *(const LksSecretEntry *const *) a;
  const LksSecretEntry *other = *(const LksSecretEntry *const *) b;

  return g_strcmp0 (one->label, other->label);
}

static gboolean
try_list (LksKeyring *keyring, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes = select_items (request->store, NULL, NULL);
  GList *items = NULL;

  if (!lks_keyring_search (keyring, &schema, attributes, &items, cancellable, error))
    return FALSE;

  g_ptr_array_set_size (request->list, 0);
  for (GList *item = items; item != NULL; item = item->next)
    add_entry (request->list, item->data);
  g_ptr_array_sort (request->list, compare_entries);
  g_list_free_full (items, g_object_unref);
  return lks_keyring_ensure_not_locked (keyring, cancellable, error);
}

/**
 * lks_secret_store_list:
 * @self: a store
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads what is known without any secret and without asking anybody. Blocks.
 *
 * Returns: (transfer full) (element-type LksSecretEntry): by label, or NULL with @error set
 */
GPtrArray *
lks_secret_store_list (LksSecretStore *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) lks_secret_entry_free);
  Request request = { .store = self, .list = list };

  if (!lks_keyring_run (self->keyring, try_list, &request, cancellable, error))
    return NULL;
  return g_steal_pointer (&list);
}

/* ---- remove ---- */

static gboolean
try_remove (LksKeyring *keyring, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes = select_items (request->store, request->id, NULL);

  return lks_keyring_ensure_unlocked (keyring, cancellable, error) &&
         lks_keyring_clear (keyring, &schema, attributes, &request->is_removed, cancellable, error);
}

static gboolean
set_not_found (GError **error)
{
  g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                       "the item is not in the keyring any more");
  return FALSE;
}

/**
 * lks_secret_store_remove:
 * @self: a store
 * @id: which one
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Blocks, and may ask the person to unlock the keyring.
 *
 * Returns: whether it was there and is gone
 */
gboolean
lks_secret_store_remove (LksSecretStore *self,
                         const char *id,
                         GCancellable *cancellable,
                         GError **error)
{
  Request request = { .store = self, .id = id };

  if (!lks_keyring_run (self->keyring, try_remove, &request, cancellable, error))
    return FALSE;
  return request.is_removed || set_not_found (error);
}

/* ---- save ---- */

static gboolean
store (LksKeyring *keyring, Request *request, GCancellable *cancellable, GError **error)
{
  const LksSecretEntry *entry = request->entry;
  g_autoptr (GHashTable) attributes = select_items (request->store, entry->id, entry->details);

  return lks_keyring_store_item (keyring, &schema, attributes, entry->label, request->secret,
                                 cancellable, error);
}

static gboolean
is_other_item (gpointer item, const char *details)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);

  return attributes != NULL &&
         g_strcmp0 (g_hash_table_lookup (attributes, "details"), details) != 0;
}

/* Keyrings find the item to replace by its attributes: with other details it is a new one. The
 * old one goes only when the new one is there. */
static gboolean
clear_others (LksKeyring *keyring, Request *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) attributes = select_items (request->store, request->entry->id, NULL);
  GList *items = NULL;
  gboolean is_good = lks_keyring_search (keyring, &schema, attributes, &items, cancellable, error);

  for (GList *item = items; is_good && item != NULL; item = item->next)
    if (is_other_item (item->data, request->entry->details))
      {
        g_autoptr (GHashTable) old = secret_retrievable_get_attributes (item->data);
        gboolean removed;

        g_hash_table_remove (old, "xdg:schema");
        is_good = lks_keyring_clear (keyring, &schema, old, &removed, cancellable, error);
      }
  g_list_free_full (items, g_object_unref);
  return is_good;
}

static gboolean
try_save (LksKeyring *keyring, gpointer data, GCancellable *cancellable, GError **error)
{
  return lks_keyring_ensure_unlocked (keyring, cancellable, error) &&
         store (keyring, data, cancellable, error) &&
         clear_others (keyring, data, cancellable, error);
}

/**
 * lks_secret_store_save:
 * @self: a store
 * @entry: what it is known by
 * @secret: the secret
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Keeps a secret in place of one with the same ID. Blocks, and may ask the person to unlock the
 * keyring.
 *
 * Returns: whether it is kept
 */
gboolean
lks_secret_store_save (LksSecretStore *self,
                       const LksSecretEntry *entry,
                       const LksSecret *secret,
                       GCancellable *cancellable,
                       GError **error)
{
  Request request = { .store = self, .entry = entry, .secret = secret };

  return lks_keyring_run (self->keyring, try_save, &request, cancellable, error);
}

/* ---- look up ---- */

static gboolean
try_look_up (LksKeyring *keyring, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes = select_items (request->store, request->id, NULL);
  g_autoptr (GError) local_error = NULL;
  GList *items = NULL;

  if (!lks_keyring_ensure_unlocked (keyring, cancellable, error) ||
      !lks_keyring_search (keyring, &schema, attributes, &items, cancellable, error))
    return FALSE;
  g_clear_pointer (&request->found, lks_secret_unref);
  if (items != NULL)
    request->found = lks_keyring_retrieve (keyring, items->data, cancellable, &local_error);
  g_list_free_full (items, g_object_unref);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * lks_secret_store_look_up:
 * @self: a store
 * @id: which one
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError], NOT_FOUND when there is none, or
 *   `G_IO_ERROR_CANCELLED`
 *
 * Blocks, and may ask the person to unlock the keyring.
 *
 * Returns: (transfer full): the secret, or NULL with @error set
 */
LksSecret *
lks_secret_store_look_up (LksSecretStore *self,
                          const char *id,
                          GCancellable *cancellable,
                          GError **error)
{
  Request request = { .store = self, .id = id };

  if (!lks_keyring_run (self->keyring, try_look_up, &request, cancellable, error))
    {
      g_clear_pointer (&request.found, lks_secret_unref);
      return NULL;
    }
  if (request.found == NULL)
    set_not_found (error);
  return request.found;
}

/**
 * lks_secret_store_new:
 * @kind: what its secrets are, such as "sign-in"
 *
 * Nothing is connected yet.
 *
 * Returns: (transfer full): a store
 */
LksSecretStore *
lks_secret_store_new (const char *kind)
{
  LksSecretStore *self = g_new0 (LksSecretStore, 1);

  g_atomic_ref_count_init (&self->refs);
  self->kind = g_strdup (kind);
  self->keyring = lks_keyring_new ();
  return self;
}

/**
 * lks_secret_store_ref:
 * @self: a store
 *
 * Returns: (transfer full): the same store
 */
LksSecretStore *
lks_secret_store_ref (LksSecretStore *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * lks_secret_store_unref:
 * @self: (transfer full) (nullable): a store
 */
void
lks_secret_store_unref (LksSecretStore *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  lks_keyring_free (self->keyring);
  g_free (self->kind);
  g_free (self);
}
