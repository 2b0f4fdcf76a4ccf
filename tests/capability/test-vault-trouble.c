/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault-world.h"

#include <libsecret/secret.h>

/* What another program could put into the keyring, under our schema. */
static const SecretSchema schema = { "io.github.locksmith.Capability",
                                     SECRET_SCHEMA_DONT_MATCH_NAME,
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
                                     } };

static gboolean
unlock (World *world, LksVault *vault, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_unlock_async (vault, NULL, world_answered_cb, world);
  return lks_vault_unlock_finish (vault, world_wait (world), error);
}

static void
assert_error (GError **error, LksVaultError code)
{
  g_assert_error (*error, LKS_VAULT_ERROR, (int) code);
  g_clear_error (error);
}

static void
test_absent (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "a.cap", 0x01, 13);
  g_autoptr (GError) error = NULL;

  g_assert_false (world_open (world, vault, &error));
  assert_error (&error, LKS_VAULT_ERROR_ABSENT);
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_ABSENT);
  g_assert_error (lks_vault_get_error (vault), LKS_VAULT_ERROR, LKS_VAULT_ERROR_ABSENT);
  g_assert_false (unlock (world, vault, &error));
  assert_error (&error, LKS_VAULT_ERROR_ABSENT);
  g_assert_null (world_import (world, vault, &error, path, NULL));
  assert_error (&error, LKS_VAULT_ERROR_ABSENT);

  /* It comes, and the same vault works. It goes, and takes the list along. */
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  g_assert_true (world_open (world, vault, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_OPEN);
  g_assert_null (lks_vault_get_error (vault));
  world_import_one (world, vault, 0x02);
  keyring_daemon_stop (world->daemon);
  g_assert_null (world_fetch (world, vault, world_get (vault, 0), &error));
  assert_error (&error, LKS_VAULT_ERROR_ABSENT);
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_ABSENT);
  g_assert_cmpuint (world_count (vault), ==, 0);
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  g_assert_true (world_open (world, vault, &error));
  g_assert_cmpuint (world_count (vault), ==, 1);
}

static void
test_restart (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  LksVaultItem *item = world_import_one (world, vault, 0x02);
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (GError) error = NULL;

  keyring_daemon_restart (world->daemon);
  key = world_fetch (world, vault, item, &error);
  g_assert_no_error (error);
  g_assert_nonnull (key);

  keyring_daemon_restart (world->daemon);
  world_import_one (world, vault, 0x03);
  g_assert_cmpuint (world_count (vault), ==, 2);
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_cmpuint (world_count (vault), ==, 2);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_hanging (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) fresh = lks_vault_new ();
  g_autoptr (GCancellable) first = g_cancellable_new ();
  g_autoptr (GCancellable) second = g_cancellable_new ();
  LksVaultItem *item = world_import_one (world, vault, 0x02);
  g_autoptr (GError) error = NULL;

  /* It owns its name and does not answer: only cancelling ends that, and it does so at once. */
  keyring_daemon_freeze (world->daemon);
  g_clear_object (&world->result);
  g_idle_add (cancel_cb, first);
  lks_vault_open_async (fresh, first, world_answered_cb, world);
  g_assert_true (lks_vault_is_busy (fresh));
  g_assert_false (lks_vault_open_finish (fresh, world_wait (world), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (lks_vault_is_busy (fresh));
  g_assert_cmpint (lks_vault_get_state (fresh), ==, LKS_VAULT_STATE_UNKNOWN);

  g_clear_object (&world->result);
  g_idle_add (cancel_cb, second);
  lks_vault_remove_async (vault, item, second, world_answered_cb, world);
  g_assert_false (lks_vault_remove_finish (vault, world_wait (world), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (world_count (vault), ==, 1);

  /* When it wakes up, nothing is left of what was given up. */
  keyring_daemon_thaw (world->daemon);
  g_assert_true (world_open (world, fresh, &error));
  g_assert_no_error (error);
  g_assert_true (world_open (world, vault, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (vault), ==, world_count (fresh));
}

/* libsecret's own blocking calls leave something behind in contexts of theirs. */
static GHashTable *
get_attributes (World *world)
{
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  GHashTable *attributes;
  GList *items;

  g_hash_table_insert (all, (char *) "version", (char *) "1");
  g_clear_object (&world->result);
  secret_password_searchv (&schema, all, SECRET_SEARCH_ALL, NULL, world_answered_cb, world);
  items = secret_password_search_finish (world_wait (world), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  attributes = secret_retrievable_get_attributes (items->data);
  g_list_free_full (items, g_object_unref);
  return attributes;
}

static void
store_foreign (World *world, GHashTable *attributes, const char *text)
{
  g_autoptr (SecretValue) value = secret_value_new (text, -1, "text/plain");
  g_autoptr (GError) error = NULL;

  g_hash_table_remove (attributes, "xdg:schema");
  g_clear_object (&world->result);
  secret_password_storev_binary (&schema, attributes, SECRET_COLLECTION_DEFAULT, "foreign", value,
                                 NULL, world_answered_cb, world);
  g_assert_true (secret_password_store_finish (world_wait (world), &error));
  g_assert_no_error (error);
}

static void
clear_foreign (World *world, GHashTable *attributes)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&world->result);
  secret_password_clearv (&schema, attributes, NULL, world_answered_cb, world);
  g_assert_true (secret_password_clear_finish (world_wait (world), &error));
  g_assert_no_error (error);
}

static void
test_damaged (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  LksVaultItem *item = world_import_one (world, vault, 0x02);
  g_autoptr (GHashTable) attributes = get_attributes (world);
  g_autofree char *export = g_build_filename (world->dir, "out.cap", NULL);
  g_autoptr (GError) error = NULL;

  store_foreign (world, attributes, "other bytes under the same name");
  g_assert_null (world_fetch (world, vault, item, &error));
  assert_error (&error, LKS_VAULT_ERROR_DAMAGED);
  g_clear_object (&world->result);
  lks_vault_export_async (vault, item, export, FALSE, NULL, world_answered_cb, world);
  g_assert_false (lks_vault_export_finish (vault, world_wait (world), &error));
  assert_error (&error, LKS_VAULT_ERROR_DAMAGED);
  g_assert_false (g_file_test (export, G_FILE_TEST_EXISTS));

  /* Only this: it can be removed. */
  g_clear_object (&world->result);
  lks_vault_remove_async (vault, item, NULL, world_answered_cb, world);
  g_assert_true (lks_vault_remove_finish (vault, world_wait (world), &error));
  g_assert_no_error (error);
}

static void
test_broken_attributes (World *world, gconstpointer unused)
{
  static const struct
  {
    const char *name, *value;
  } broken[] = {
    { "device-id", "abc" },     { "capabilities", "" },
    { "capabilities", "11,x" }, { "capabilities", "0" },
    { "source", "elsewhere" },  { "fingerprint", "ABC" },
    { "signer", "nobody" },     { "signed", "-1" },
    { "added", "soon" },        { "last-used", "99999999999999999999" },
  };
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GError) error = NULL;

  world_import_one (world, vault, 0x02);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GHashTable) attributes = get_attributes (world);

      g_hash_table_replace (attributes, g_strdup (broken[i].name), g_strdup (broken[i].value));
      store_foreign (world, attributes, "foreign");
      g_assert_true (world_refresh (world, vault, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (world_count (vault), ==, 1);
      clear_foreign (world, attributes);
    }
}

/* A change that was interrupted leaves two items: the one used last counts, and both go. */
static void
test_interrupted_change (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  LksVaultItem *item = world_import_one (world, vault, 0x02);
  g_autoptr (GHashTable) attributes = get_attributes (world);
  g_autoptr (GError) error = NULL;

  g_hash_table_replace (attributes, g_strdup ("last-used"), g_strdup ("1800000000"));
  store_foreign (world, attributes, "the new one");
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (vault), ==, 1);
  g_assert_cmpint (lks_vault_item_get_last_used (item), ==, 1800000000);

  g_clear_object (&world->result);
  lks_vault_remove_async (vault, item, NULL, world_answered_cb, world);
  g_assert_true (lks_vault_remove_finish (vault, world_wait (world), &error));
  g_assert_no_error (error);
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_cmpuint (world_count (vault), ==, 0);
}

#define ADD(path, func, set_up)                                                                    \
  g_test_add ("/vault-trouble/" path, World, NULL, set_up, func, world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("absent", test_absent, world_set_up);
  ADD ("restart", test_restart, world_set_up_unlocked);
  ADD ("hanging", test_hanging, world_set_up_unlocked);
  ADD ("damaged", test_damaged, world_set_up_unlocked);
  ADD ("broken-attributes", test_broken_attributes, world_set_up_unlocked);
  ADD ("interrupted-change", test_interrupted_change, world_set_up_unlocked);
  return g_test_run ();
}
