/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-keyring-question-private.h"

#define CONTENT_TYPE "application/octet-stream"

/* An empty list without an error: no item, or a locked keyring. libsecret 0.20 ends a search once
 * for each item that it is loading when it is cancelled, so that is never done: nobody is asked
 * anything by a search, and who asks just stops waiting. */
gboolean
lks_keyring_search (LksKeyring *self,
                    const SecretSchema *schema,
                    GHashTable *attributes,
                    GList **out_items,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  g_autoptr (GError) local_error = NULL;
  GAsyncResult *result;

  secret_password_searchv (schema, attributes, SECRET_SEARCH_ALL, NULL, lks_keyring_answered_cb,
                           question);
  result = lks_keyring_await (question, error);
  if (result == NULL)
    return FALSE;

  *out_items = secret_password_search_finish (result, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
lks_keyring_store_item (LksKeyring *self,
                        const SecretSchema *schema,
                        GHashTable *attributes,
                        const char *label,
                        const LksSecret *secret,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (SecretValue) value = NULL;
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  GAsyncResult *result;
  gconstpointer data;
  gsize size;

  data = lks_secret_get_data (secret, &size);
  value = secret_value_new (data, (gssize) size, CONTENT_TYPE); /* in libsecret's locked memory */
  secret_password_storev_binary (schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                                 question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  return result != NULL && secret_password_store_finish (result, error);
}

LksSecret *
lks_keyring_retrieve (LksKeyring *self,
                      SecretRetrievable *item,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  g_autoptr (SecretValue) value = NULL;
  GAsyncResult *result;
  const char *data;
  gsize size;

  secret_retrievable_retrieve_secret (item, question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  if (result == NULL)
    return NULL;
  value = secret_retrievable_retrieve_secret_finish (item, result, error);
  if (value == NULL)
    return NULL;

  data = secret_value_get (value, &size);
  return lks_secret_new (data, size);
}

gboolean
lks_keyring_clear (LksKeyring *self,
                   const SecretSchema *schema,
                   GHashTable *attributes,
                   gboolean *out_removed,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (LksKeyringQuestion) question = lks_keyring_ask (self, cancellable);
  g_autoptr (GError) local_error = NULL;
  GAsyncResult *result;

  secret_password_clearv (schema, attributes, question->inner, lks_keyring_answered_cb, question);
  result = lks_keyring_await (question, error);
  if (result == NULL)
    return FALSE;

  *out_removed = secret_password_clear_finish (result, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
