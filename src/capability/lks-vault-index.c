/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-vault-index-private.h"

#include "lks-capability-info.h"
#include "lks-vault-error.h"

#define LABEL_CHARACTERS_MAX 200

struct _LksVaultIndex
{
  LksKeyring *keyring; /* (owned) */
  GHashTable *known;   /* (owned) (element-type utf8 LksVaultFields): by fingerprint */
  gboolean is_listed;  /* @known is what the keyring holds */
};

/**
 * lks_vault_index_new:
 *
 * Returns: (transfer full): an index of which nothing was read yet
 */
LksVaultIndex *
lks_vault_index_new (void)
{
  LksVaultIndex *self = g_new0 (LksVaultIndex, 1);

  self->keyring = lks_keyring_new ();
  self->known =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) lks_vault_fields_free);
  return self;
}

/**
 * lks_vault_index_free:
 * @self: (transfer full) (nullable): an index
 */
void
lks_vault_index_free (LksVaultIndex *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->known);
  lks_keyring_free (self->keyring);
  g_free (self);
}

static void
remember (LksVaultIndex *self, LksVaultFields *fields)
{
  g_hash_table_replace (self->known, fields->fingerprint, fields);
}

/**
 * lks_vault_index_list:
 * @self: an index
 * @again: also when it was listed already
 * @out_items: (out) (nullable) (element-type LksVaultFields): copies of all items, oldest first;
 *   NULL when nothing had to be read
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Asks nobody for a password.
 *
 * Returns: whether the index is what the keyring holds
 */
gboolean
lks_vault_index_list (LksVaultIndex *self,
                      gboolean again,
                      GPtrArray **out_items,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) items = NULL;

  *out_items = NULL;
  if (self->is_listed && !again)
    return TRUE;

  items = lks_keyring_list (self->keyring, cancellable, error);
  if (items == NULL)
    {
      self->is_listed = FALSE;
      return FALSE;
    }

  g_hash_table_remove_all (self->known);
  for (guint i = 0; i < items->len; i++)
    remember (self, lks_vault_fields_copy (g_ptr_array_index (items, i)));
  self->is_listed = TRUE;
  *out_items = g_steal_pointer (&items);
  return TRUE;
}

/**
 * lks_vault_index_unlock:
 * @self: an index
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Lets the desktop ask for the keyring's password, if it is locked.
 *
 * Returns: whether the keyring is open
 */
gboolean
lks_vault_index_unlock (LksVaultIndex *self, GCancellable *cancellable, GError **error)
{
  return lks_keyring_unlock (self->keyring, cancellable, error);
}

/**
 * lks_vault_index_find:
 * @self: an index
 * @fingerprint: of an item
 *
 * Returns: (transfer full) (nullable): a copy of what is known of the item
 */
LksVaultFields *
lks_vault_index_find (LksVaultIndex *self, const char *fingerprint)
{
  const LksVaultFields *fields = g_hash_table_lookup (self->known, fingerprint);

  return fields != NULL ? lks_vault_fields_copy (fields) : NULL;
}

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static LksVaultFields *
describe (const LksCapabilityInfo *info, LksVaultSource source)
{
  const LksCapabilityFile *file = info->file;
  LksVaultFields *fields = g_new0 (LksVaultFields, 1);

  fields->label = g_strdup ("");
  fields->device_id = g_strdup (file->device_id);
  fields->capabilities = g_array_copy (file->capabilities);
  fields->source = source;
  fields->fingerprint = g_strdup (info->fingerprint);
  fields->signer = g_strdup (file->metadata->signer_thumbprint);
  fields->signed_s = (gint64) MIN (file->metadata->built_unix_s, (guint64) G_MAXINT64);
  fields->added_s = get_now_s ();
  return fields;
}

/* What a failure means for the index. Whether something that was cancelled, or whose end nobody
 * reported, was done is not known: look again next time. */
static void
note_failure (LksVaultIndex *self, const char *fingerprint, const GError *error)
{
  if (g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND))
    g_hash_table_remove (self->known, fingerprint);
  else if (!g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_LOCKED) &&
           !g_error_matches (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DISMISSED))
    self->is_listed = FALSE;
}

/* A keyring that was asked does what it was asked, also when nobody waits for it any more. */
static GError *
explain_cancellation (GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;

  g_error_free (error);
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                              "it was stopped while the keyring stored it, so it may be in the "
                              "vault; import it again to be sure: nothing is stored twice");
}

/* What was stored is read back before anybody deletes the file it came from. */
static gboolean
store (LksVaultIndex *self,
       const LksVaultFields *fields,
       LksSecret *bytes,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (LksSecret) stored = NULL;
  g_autoptr (GError) local_error = NULL;

  if (lks_keyring_store (self->keyring, fields, bytes, cancellable, &local_error))
    stored = lks_keyring_look_up (self->keyring, fields->fingerprint, cancellable, &local_error);
  if (stored == NULL)
    {
      note_failure (self, fields->fingerprint, local_error);
      g_propagate_error (error, explain_cancellation (g_steal_pointer (&local_error)));
      return FALSE;
    }
  if (lks_secret_equal (stored, bytes))
    return TRUE;

  g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED,
                       "the keyring does not give back what was stored in it");
  return FALSE;
}

/**
 * lks_vault_index_add:
 * @self: an index that was listed
 * @bytes: a capability file
 * @source: where it came from
 * @signers: whose signature can be checked
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.ParseError], a [error@Lks.VaultError] or
 *   `G_IO_ERROR_CANCELLED`, after which the keyring may hold it all the same
 *
 * Checks a file, stores it and proves that it is stored. Unlock the keyring first.
 *
 * Returns: (transfer full): what is known of the new item, or NULL with @error set
 */
LksVaultFields *
lks_vault_index_add (LksVaultIndex *self,
                     LksSecret *bytes,
                     LksVaultSource source,
                     LksSigners *signers,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (LksCapabilityInfo) info = lks_capability_info_new (bytes, signers, error);
  g_autoptr (LksVaultFields) fields = NULL;

  if (info == NULL || !lks_capability_info_check (info, error))
    return NULL;
  if (g_hash_table_contains (self->known, info->fingerprint))
    {
      g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE,
                           "this very capability is in the vault already");
      return NULL;
    }

  fields = describe (info, source);
  if (!store (self, fields, bytes, cancellable, error))
    return NULL;
  remember (self, lks_vault_fields_copy (fields));
  return g_steal_pointer (&fields);
}

static gboolean
check_bytes (LksSecret *bytes, const char *fingerprint)
{
  g_autofree char *actual = lks_secret_dup_fingerprint (bytes);

  return g_str_equal (actual, fingerprint);
}

/**
 * lks_vault_index_fetch:
 * @self: an index
 * @fingerprint: of an item
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * May ask for the keyring's password.
 *
 * Returns: (transfer full): the very bytes that were stored, or NULL with @error set
 */
LksSecret *
lks_vault_index_fetch (LksVaultIndex *self,
                       const char *fingerprint,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (LksSecret) bytes =
      lks_keyring_look_up (self->keyring, fingerprint, cancellable, &local_error);

  if (bytes == NULL)
    {
      note_failure (self, fingerprint, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (!check_bytes (bytes, fingerprint))
    {
      g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DAMAGED,
                           "the item in the keyring is not the capability that was stored");
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

/* Takes @fields. */
static LksVaultFields *
replace (LksVaultIndex *self, LksVaultFields *fields, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksVaultFields) changed = fields;
  g_autoptr (GError) local_error = NULL;
  const LksVaultFields *old = g_hash_table_lookup (self->known, fields->fingerprint);

  if (!lks_keyring_replace (self->keyring, old, changed, cancellable, &local_error))
    {
      note_failure (self, changed->fingerprint, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  remember (self, lks_vault_fields_copy (changed));
  return g_steal_pointer (&changed);
}

static LksVaultFields *
find_or_fail (LksVaultIndex *self, const char *fingerprint, GError **error)
{
  LksVaultFields *fields = lks_vault_index_find (self, fingerprint);

  if (fields == NULL)
    g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND,
                         "the item is not in the vault any more");
  return fields;
}

/**
 * lks_vault_index_touch:
 * @self: an index
 * @fingerprint: of an item
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Notes that the item was used now.
 *
 * Returns: (transfer full): what is known of it now, or NULL with @error set
 */
LksVaultFields *
lks_vault_index_touch (LksVaultIndex *self,
                       const char *fingerprint,
                       GCancellable *cancellable,
                       GError **error)
{
  LksVaultFields *fields = find_or_fail (self, fingerprint, error);

  if (fields == NULL)
    return NULL;
  fields->last_used_s = MAX (get_now_s (), fields->last_used_s);
  return replace (self, fields, cancellable, error);
}

/**
 * lks_vault_normalize_label:
 * @label: what a person typed
 *
 * Returns: (transfer full): one line of at most 200 characters without blanks around it
 */
char *
lks_vault_normalize_label (const char *label)
{
  g_autofree char *valid = g_utf8_make_valid (label, -1);
  g_autoptr (GString) line = g_string_new (NULL);
  guint characters = 0;

  for (const char *at = g_strstrip (valid); *at != '\0' && characters < LABEL_CHARACTERS_MAX;
       at = g_utf8_next_char (at), characters++)
    {
      gunichar character = g_utf8_get_char (at);

      g_string_append_unichar (line, g_unichar_isprint (character) ? character : ' ');
    }
  g_strchomp (line->str);
  return g_strdup (line->str);
}

/**
 * lks_vault_index_set_label:
 * @self: an index
 * @fingerprint: of an item
 * @label: the user's name for it; empty for none
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: (transfer full): what is known of it now, or NULL with @error set
 */
LksVaultFields *
lks_vault_index_set_label (LksVaultIndex *self,
                           const char *fingerprint,
                           const char *label,
                           GCancellable *cancellable,
                           GError **error)
{
  LksVaultFields *fields = find_or_fail (self, fingerprint, error);

  if (fields == NULL)
    return NULL;
  g_free (fields->label);
  fields->label = lks_vault_normalize_label (label);
  return replace (self, fields, cancellable, error);
}

/**
 * lks_vault_index_remove:
 * @self: an index
 * @fingerprint: of an item
 * @cancellable: (nullable): a cancellable
 * @error: return location for a [error@Lks.VaultError] or `G_IO_ERROR_CANCELLED`
 *
 * Returns: whether it was there and is gone
 */
gboolean
lks_vault_index_remove (LksVaultIndex *self,
                        const char *fingerprint,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!lks_keyring_remove (self->keyring, fingerprint, cancellable, &local_error))
    {
      note_failure (self, fingerprint, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_hash_table_remove (self->known, fingerprint);
  return TRUE;
}
