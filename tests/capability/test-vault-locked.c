/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault-world.h"

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
test_locked_from_the_start (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) later = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "a.cap", 0x01, 13);
  g_autoptr (GError) error = NULL;

  world_import_one (world, vault, 0x02);
  keyring_daemon_stop (world->daemon);
  keyring_daemon_start (world->daemon, "not the password");

  g_assert_false (world_open (world, later, &error));
  assert_error (&error, LKS_VAULT_ERROR_LOCKED);
  g_assert_cmpint (lks_vault_get_state (later), ==, LKS_VAULT_STATE_LOCKED);

  /* Nothing in this session can ask for the password. */
  g_assert_false (unlock (world, later, &error));
  assert_error (&error, LKS_VAULT_ERROR_DISMISSED);
  g_assert_cmpint (lks_vault_get_state (later), ==, LKS_VAULT_STATE_LOCKED);
  g_assert_null (world_import (world, later, &error, path, NULL));
  assert_error (&error, LKS_VAULT_ERROR_DISMISSED);

  keyring_daemon_restart (world->daemon);
  g_assert_true (unlock (world, later, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lks_vault_get_state (later), ==, LKS_VAULT_STATE_OPEN);
  g_assert_cmpuint (world_count (later), ==, 1);
}

static void
test_locked_meanwhile (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) other = lks_vault_new ();
  LksVaultItem *item = world_import_one (world, vault, 0x02);
  g_autoptr (GError) error = NULL;

  keyring_daemon_lock (world->daemon);
  g_assert_null (world_fetch (world, vault, item, &error));
  assert_error (&error, LKS_VAULT_ERROR_DISMISSED);
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_LOCKED);
  g_assert_cmpuint (world_count (vault), ==, 1); /* it still is there */
  g_assert_false (world_open (world, other, &error));
  assert_error (&error, LKS_VAULT_ERROR_LOCKED);

  g_clear_object (&world->result);
  lks_vault_touch_async (vault, item, NULL, world_answered_cb, world);
  g_assert_false (lks_vault_touch_finish (vault, world_wait (world), &error));
  assert_error (&error, LKS_VAULT_ERROR_DISMISSED);
  g_clear_object (&world->result);
  lks_vault_remove_async (vault, item, NULL, world_answered_cb, world);
  g_assert_false (lks_vault_remove_finish (vault, world_wait (world), &error));
  assert_error (&error, LKS_VAULT_ERROR_DISMISSED);
  g_assert_cmpuint (world_count (vault), ==, 1);
}

static void
test_no_keyring (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "a.cap", 0x01, 13);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports = NULL;

  keyring_daemon_start (world->daemon, NULL);
  g_assert_true (world_open (world, vault, &error)); /* nothing is in it, which is no trouble */
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (vault), ==, 0);

  imports = world_import (world, vault, &error, path, NULL);
  g_assert_no_error (error);
  g_assert_error (lks_vault_import_get_error (g_ptr_array_index (imports, 0)), LKS_VAULT_ERROR,
                  LKS_VAULT_ERROR_NO_KEYRING);
}

#define ADD(path, func, set_up)                                                                    \
  g_test_add ("/vault-locked/" path, World, NULL, set_up, func, world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("from-the-start", test_locked_from_the_start, world_set_up_unlocked);
  ADD ("meanwhile", test_locked_meanwhile, world_set_up_unlocked);
  ADD ("no-keyring", test_no_keyring, world_set_up);
  return g_test_run ();
}
