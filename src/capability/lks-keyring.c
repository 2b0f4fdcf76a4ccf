/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keyring-private.h"

#include "lks-device-id.h"
#include "lks-keyring-question-private.h"
#include "lks-vault-error.h"

#define DEFAULT_LABEL "Azure Sphere capability …"

static const SecretSchema schema = {
  "io.github.locksmith.Capability",
  SECRET_SCHEMA_NONE,
  {
      { "version", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "device-id", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "capabilities", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "source", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "fingerprint", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "signer", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "signed", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "added", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "last-used", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static GHashTable *
select_item (const char *fingerprint)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (attributes, (char *) "version", g_strdup ("1"));
  if (fingerprint != NULL)
    g_hash_table_insert (attributes, (char *) "fingerprint", g_strdup (fingerprint));
  return attributes;
}

/* NULL without an error: no item, or a locked keyring. */
static gboolean
search (LksKeyring *self,
        const char *fingerprint,
        GList **out_items,
        GCancellable *cancellable,
        GError **error)
{
  g_autoptr (GHashTable) attributes = select_item (fingerprint);

  return lks_keyring_search (self, &schema, attributes, out_items, cancellable, error);
}

static char *
dup_default_label (const LksVaultFields *fields)
{
  return g_strconcat (DEFAULT_LABEL, lks_device_id_get_short (fields->device_id), NULL);
}

/* Two programs may have stored one file at the same moment, and a change that was interrupted
 * leaves the old item beside the new one: the one used last counts. */
static void
add_found (GHashTable *found, LksVaultFields *fields)
{
  LksVaultFields *other = g_hash_table_lookup (found, fields->fingerprint);

  if (other == NULL || other->last_used_s < fields->last_used_s)
    g_hash_table_replace (found, fields->fingerprint, fields);
  else
    lks_vault_fields_free (fields);
}

static void
add_item (GHashTable *found, SecretRetrievable *item)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  g_autofree char *label = secret_retrievable_get_label (item);
  g_autofree char *default_label = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksVaultFields) fields = NULL;

  if (attributes != NULL) /* a service may break its own rules */
    fields = lks_vault_fields_from_attributes (attributes, label, &error);
  else
    g_set_error_literal (&error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED, "no attributes");
  if (fields == NULL)
    {
      g_info ("an item of the keyring is left out: %s", error->message);
      return;
    }

  default_label = dup_default_label (fields);
  if (g_str_equal (fields->label, default_label))
    fields->label[0] = '\0';
  add_found (found, g_steal_pointer (&fields));
}

static int
compare_added (gconstpointer a, gconstpointer b)
{
  const LksVaultFields *one = *(const LksVaultFields *const *) a;
  const LksVaultFields *other = *(const LksVaultFields *const *) b;

  if (one->added_s != other->added_s)
    return one->added_s < other->added_s ? -1 : 1;
  return g_strcmp0 (one->fingerprint, other->fingerprint);
}

static GPtrArray *
read_items (GList *items)
{
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) lks_vault_fields_free);
  GPtrArray *array = g_ptr_array_new_with_free_func ((GDestroyNotify) lks_vault_fields_free);
  GHashTableIter iter;
  gpointer fields;

  for (GList *item = items; item != NULL; item = item->next)
    add_item (found, item->data);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &fields))
    {
      g_ptr_array_add (array, fields);
      g_hash_table_iter_steal (&iter);
    }
  g_ptr_array_sort (array, compare_added);
  return array;
}

/* What one operation is about; which of it is used depends on the operation. */
typedef struct
{
  const LksVaultFields *old;
  const LksVaultFields *fields;
  const char *fingerprint;
  LksSecret *bytes; /* (owned) by look-up, borrowed by store */
  GPtrArray *found; /* (owned) */
} Request;

static gboolean
try_list (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  GList *items = NULL;

  /* A file is read only once, and another process may have written it. */
  if (lks_keyring_is_file () && lks_keyring_is_open (self))
    lks_keyring_disconnect ();
  /* A locked keyring may know none of its items, or all of them: ask it. */
  if (!search (self, NULL, &items, cancellable, error))
    return FALSE;

  g_clear_pointer (&request->found, g_ptr_array_unref);
  request->found = read_items (items);
  g_list_free_full (items, g_object_unref);
  return lks_keyring_ensure_not_locked (self, cancellable, error);
}

static gboolean
try_unlock (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  GList *items = NULL;
  gboolean done = search (self, NULL, &items, cancellable, error);

  g_list_free_full (items, g_object_unref);
  return done && lks_keyring_ensure_unlocked (self, cancellable, error);
}

static gboolean
store (LksKeyring *self,
       const LksVaultFields *fields,
       LksSecret *bytes,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (GHashTable) attributes = lks_vault_fields_to_attributes (fields);
  g_autofree char *default_label = dup_default_label (fields);

  return lks_keyring_store_item (self, &schema, attributes,
                                 fields->label[0] != '\0' ? fields->label : default_label, bytes,
                                 cancellable, error);
}

static gboolean
try_store (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  return store (self, request->fields, request->bytes, cancellable, error);
}

/* NULL without an error: no such item. */
static LksSecret *
look_up (LksKeyring *self, const char *fingerprint, GCancellable *cancellable, GError **error)
{
  GList *items = NULL;
  LksSecret *bytes = NULL;

  if (!search (self, fingerprint, &items, cancellable, error))
    return NULL;
  if (items != NULL)
    bytes = lks_keyring_retrieve (self, items->data, cancellable, error);
  g_list_free_full (items, g_object_unref);
  return bytes;
}

/* libsecret says nothing at all both when there is no item and when it may not be had. */
static gboolean
explain_nothing (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  if (!lks_keyring_ensure_not_locked (self, cancellable, error))
    return FALSE;

  g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                       "the item is not in the keyring any more");
  return FALSE;
}

static gboolean
try_look_up (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GError) local_error = NULL;

  if (!lks_keyring_ensure_unlocked (self, cancellable, error))
    return FALSE;
  request->bytes = look_up (self, request->fingerprint, cancellable, &local_error);
  if (request->bytes != NULL)
    return TRUE;
  if (local_error == NULL)
    return explain_nothing (self, cancellable, error);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
try_remove (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GHashTable) attributes = select_item (request->fingerprint);
  gboolean removed = FALSE;

  if (!lks_keyring_ensure_unlocked (self, cancellable, error) ||
      !lks_keyring_clear (self, &schema, attributes, &removed, cancellable, error))
    return FALSE;
  return removed || explain_nothing (self, cancellable, error);
}

static gboolean
is_same_item (GHashTable *one, GHashTable *other)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (g_strcmp0 (value, g_hash_table_lookup (other, name)) != 0)
      return FALSE;
  return TRUE;
}

/* Keyrings find the item to replace by its attributes: with others, it is a new one, and the old
 * one is removed only when the new one is there. */
static gboolean
try_replace (LksKeyring *self, gpointer data, GCancellable *cancellable, GError **error)
{
  Request *request = data;
  g_autoptr (GHashTable) old = lks_vault_fields_to_attributes (request->old);
  g_autoptr (GHashTable) new = lks_vault_fields_to_attributes (request->fields);
  gboolean removed;

  g_clear_pointer (&request->bytes, lks_secret_unref);
  return try_look_up (self, request, cancellable, error) &&
         store (self, request->fields, request->bytes, cancellable, error) &&
         (is_same_item (old, new) ||
          lks_keyring_clear (self, &schema, old, &removed, cancellable, error));
}

/**
 * lks_keyring_new:
 *
 * Nothing is connected yet.
 *
 * Returns: (transfer full): a keyring
 */
LksKeyring *
lks_keyring_new (void)
{
  LksKeyring *self = g_new0 (LksKeyring, 1);

  self->context = g_main_context_new ();
  self->turn = g_strdup_printf ("keyring %p", (gpointer) self);
  return self;
}

/**
 * lks_keyring_free:
 * @self: (transfer full) (nullable): a keyring
 */
void
lks_keyring_free (LksKeyring *self)
{
  if (self == NULL)
    return;

  g_main_context_unref (self->context);
  g_free (self->turn);
  g_free (self);
}

/**
 * lks_keyring_list:
 * @self: a keyring
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Reads what is known of every item, without any secret and without asking anybody. A keyring
 * takes some milliseconds for each item.
 *
 * Returns: (transfer full) (element-type LksVaultFields): the items, oldest first; NULL with
 *   @error set
 */
GPtrArray *
lks_keyring_list (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  Request request = { 0 };

  if (lks_keyring_run (self, try_list, &request, cancellable, error))
    return request.found;

  g_clear_pointer (&request.found, g_ptr_array_unref);
  return NULL;
}

/**
 * lks_keyring_unlock:
 * @self: a keyring
 * @cancellable: (nullable): a cancellable; it also closes the question
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Lets the desktop ask the person for the keyring's password, if it is locked.
 *
 * Returns: whether it is open now
 */
gboolean
lks_keyring_unlock (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  Request request = { 0 };

  return lks_keyring_run (self, try_unlock, &request, cancellable, error);
}

/**
 * lks_keyring_store:
 * @self: a keyring
 * @fields: what is known of the item
 * @bytes: the capability file
 * @cancellable: (nullable): a cancellable; whether the item was stored is not known then
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Stores an item in the default keyring, which is made if there is none. Unlock it first.
 *
 * Returns: whether it is there
 */
gboolean
lks_keyring_store (LksKeyring *self,
                   const LksVaultFields *fields,
                   LksSecret *bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  Request request = { .fields = fields, .bytes = bytes };

  return lks_keyring_run (self, try_store, &request, cancellable, error);
}

/**
 * lks_keyring_look_up:
 * @self: a keyring
 * @fingerprint: of the item
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Gets the bytes of an item as they are; the caller checks them.
 *
 * Returns: (transfer full): the bytes, or NULL with @error set
 */
LksSecret *
lks_keyring_look_up (LksKeyring *self,
                     const char *fingerprint,
                     GCancellable *cancellable,
                     GError **error)
{
  Request request = { .fingerprint = fingerprint };

  return lks_keyring_run (self, try_look_up, &request, cancellable, error) ? request.bytes : NULL;
}

/**
 * lks_keyring_replace:
 * @self: a keyring
 * @old: what was known of the item
 * @fields: the same with another label or last use
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether the keyring knows it now
 */
gboolean
lks_keyring_replace (LksKeyring *self,
                     const LksVaultFields *old,
                     const LksVaultFields *fields,
                     GCancellable *cancellable,
                     GError **error)
{
  Request request = { .old = old, .fields = fields, .fingerprint = fields->fingerprint };
  gboolean done = lks_keyring_run (self, try_replace, &request, cancellable, error);

  lks_secret_unref (request.bytes);
  return done;
}

/**
 * lks_keyring_remove:
 * @self: a keyring
 * @fingerprint: of the item
 * @cancellable: (nullable): a cancellable; whether the item was removed is not known then
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether it was there and is gone
 */
gboolean
lks_keyring_remove (LksKeyring *self,
                    const char *fingerprint,
                    GCancellable *cancellable,
                    GError **error)
{
  Request request = { .fingerprint = fingerprint };

  return lks_keyring_run (self, try_remove, &request, cancellable, error);
}
