/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keyring-question-private.h"

#include "lks-vault-error.h"

/* NULL without an error where there is none. */
static SecretService *
get_service (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  SecretService *service;
  GAsyncResult *result;

  secret_service_get (SECRET_SERVICE_NONE, question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  service = result != NULL ? secret_service_get_finish (result, NULL) : NULL;
  self->has_service |= service != NULL;
  return service;
}

static SecretCollection *
get_default_collection (LksKeyring *self,
                        SecretService *service,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  GAsyncResult *result;

  secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  return result != NULL ? secret_collection_for_alias_finish (result, error) : NULL;
}

/* Finds the collection that must be unlocked first, if there is such a one. A file that can be read
 * is unlocked. */
static gboolean
find_locked (LksKeyring *self,
             SecretCollection **out_locked,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SecretService) service = NULL;
  g_autoptr (SecretCollection) collection = NULL;

  if (lks_keyring_is_file ())
    return TRUE;

  service = get_service (self, cancellable, &local_error);
  if (service != NULL)
    collection = get_default_collection (self, service, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (collection != NULL && secret_collection_get_locked (collection))
    *out_locked = g_steal_pointer (&collection);
  return TRUE;
}

static gboolean
unlock (LksKeyring *self, SecretCollection *locked, GCancellable *cancellable, GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  g_autoptr (GList) collections = g_list_append (NULL, locked);
  g_autoptr (GError) failure = NULL;
  GAsyncResult *result;
  int unlocked;

  secret_service_unlock (secret_collection_get_service (locked), collections, question->inner,
                         lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  if (result == NULL)
    return FALSE;
  unlocked =
      secret_service_unlock_finish (secret_collection_get_service (locked), result, NULL, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  /* libsecret 0.20 may fail without a reason, when the keyring ends while its question is open. */
  if (unlocked <= 0)
    {
      g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DISMISSED,
                           "the keyring stays locked: the question for its password was closed, or "
                           "nothing in this session can ask it");
      return FALSE;
    }
  return TRUE;
}

/* The person asked for something that needs the keyring: ask them for its password now. */
gboolean
lks_keyring_ensure_unlocked (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretCollection) locked = NULL;

  return find_locked (self, &locked, cancellable, error) &&
         (locked == NULL || unlock (self, locked, cancellable, error));
}

gboolean
lks_keyring_ensure_not_locked (LksKeyring *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (SecretCollection) locked = NULL;

  if (!find_locked (self, &locked, cancellable, error))
    return FALSE;
  if (locked == NULL)
    return TRUE;

  g_set_error_literal (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_LOCKED, "the keyring is locked");
  return FALSE;
}
