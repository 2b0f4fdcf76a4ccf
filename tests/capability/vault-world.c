/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault-world.h"

#include "image-builder.h"

#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

void
world_set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  world->dir = g_dir_make_tmp ("lks-vault-XXXXXX", &error);
  g_assert_no_error (error);
  world->daemon = keyring_daemon_new (world->dir);
}

void
world_set_up_unlocked (World *world, gconstpointer unused)
{
  world_set_up (world, unused);
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
world_tear_down (World *world, gconstpointer unused)
{
  g_clear_object (&world->result);
  keyring_daemon_free (world->daemon);
  remove_tree (world->dir);
  g_free (world->dir);
}

char *
world_write_file (World *world, const char *name, GBytes *bytes)
{
  char *path = g_build_filename (world->dir, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);
  return path;
}

/* A new one each time, also for the same board: signatures are random. */
char *
world_write_capability (World *world, const char *name, guint8 device_id_byte, guint16 capability)
{
  g_autoptr (GBytes) bytes =
      g_byte_array_free_to_bytes (builder_capability (device_id_byte, capability));

  return world_write_file (world, name, bytes);
}

/* Names a signer, whose certificate is written to @signer_path, and is signed by somebody else. */
char *
world_write_forged_capability (World *world,
                               const char *name,
                               guint8 device_id_byte,
                               const char *signer_path)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  EVP_PKEY *other = EVP_EC_gen ("P-256");
  X509 *certificate = X509_new ();
  BIO *pem = BIO_new_file (signer_path, "w");
  g_autoptr (GBytes) bytes = NULL;
  guint8 thumbprint[20];

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 1000);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  g_assert_cmpint (X509_digest (certificate, EVP_sha1 (), thumbprint, NULL), ==, 1);
  g_assert_cmpint (PEM_write_bio_X509 (pem, certificate), ==, 1);
  bytes =
      g_byte_array_free_to_bytes (builder_capability_by (device_id_byte, 13, other, thumbprint));
  BIO_free (pem);
  X509_free (certificate);
  EVP_PKEY_free (other);
  EVP_PKEY_free (key);
  return world_write_file (world, name, bytes);
}

void
world_answered_cb (GObject *source, GAsyncResult *result, gpointer world)
{
  g_set_object (&((World *) world)->result, result);
}

/* (transfer none): the answer that was waited for, until the next one */
GAsyncResult *
world_wait (World *world)
{
  while (world->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return world->result;
}

gboolean
world_open (World *world, LksVault *vault, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_open_async (vault, NULL, world_answered_cb, world);
  return lks_vault_open_finish (vault, world_wait (world), error);
}

gboolean
world_refresh (World *world, LksVault *vault, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_refresh_async (vault, NULL, world_answered_cb, world);
  return lks_vault_refresh_finish (vault, world_wait (world), error);
}

GPtrArray *
world_import (World *world, LksVault *vault, GError **error, ...)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  const char *path;
  va_list paths;

  va_start (paths, error);
  while ((path = va_arg (paths, const char *)) != NULL)
    g_ptr_array_add (files, g_file_new_for_path (path));
  va_end (paths);

  g_clear_object (&world->result);
  lks_vault_import_async (vault, files, NULL, NULL, NULL, world_answered_cb, world);
  return lks_vault_import_finish (vault, world_wait (world), error);
}

/* (transfer none): a field-servicing capability, in the vault and listed */
LksVaultItem *
world_import_one (World *world, LksVault *vault, guint8 device_id_byte)
{
  g_autofree char *name = g_strdup_printf ("one-%02x.cap", device_id_byte);
  g_autofree char *path = world_write_capability (world, name, device_id_byte, 13);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports = world_import (world, vault, &error, path, NULL);

  g_assert_no_error (error);
  g_assert_no_error (lks_vault_import_get_error (g_ptr_array_index (imports, 0)));
  return lks_vault_get_item (vault, lks_vault_item_get_fingerprint (lks_vault_import_get_item (
                                        g_ptr_array_index (imports, 0))));
}

LksCapabilityKey *
world_fetch (World *world, LksVault *vault, LksVaultItem *item, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_fetch_key_async (vault, item, NULL, world_answered_cb, world);
  return lks_vault_fetch_key_finish (vault, world_wait (world), error);
}

guint
world_count (LksVault *vault)
{
  return g_list_model_get_n_items (lks_vault_get_items (vault));
}

/* (transfer none) */
LksVaultItem *
world_get (LksVault *vault, guint position)
{
  g_autoptr (LksVaultItem) item = g_list_model_get_item (lks_vault_get_items (vault), position);

  return item; /* the list keeps it alive */
}
