/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the station key lies: in the real keyring, or in a file that an administrator names. */
#include "keyring-daemon.h"

#include "lks-operator-error.h"
#include "lks-station.h"
#include "lks-vault-error.h"

#include <glib/gstdio.h>

typedef struct
{
  char *dir;             /* (owned) */
  char *config;          /* (owned): a file of station.d */
  char *key_file;        /* (owned): what it may name */
  KeyringDaemon *daemon; /* (owned) */
} World;

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_config_dir (), "locksmith", "station.d", NULL);
  g_autofree char *keyrings = NULL;

  world->dir = g_dir_make_tmp ("lks-station-XXXXXX", NULL);
  keyrings = g_build_filename (world->dir, "keyrings", NULL);
  g_mkdir (keyrings, 0700);
  g_mkdir_with_parents (folder, 0700);
  world->config = g_build_filename (folder, "here.conf", NULL);
  world->key_file = g_build_filename (world->dir, "station.pem", NULL);
  world->daemon = keyring_daemon_new (keyrings);
}

static void
tear_down (World *world, gconstpointer unused)
{
  const char *argv[] = { "rm", "-rf", world->dir, NULL };

  keyring_daemon_free (world->daemon);
  g_unlink (world->config);
  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (world->dir);
  g_free (world->config);
  g_free (world->key_file);
}

static LksStationKey *
fetch (void)
{
  g_autoptr (GError) error = NULL;
  LksStationKey *key = lks_station_fetch_key (NULL, &error);

  g_assert_no_error (error);
  return key;
}

static void
assert_same (LksStationKey *one, LksStationKey *other)
{
  g_assert_cmpstr (lks_station_key_get_fingerprint (one), ==,
                   lks_station_key_get_fingerprint (other));
}

/* ---- tests ---- */

static void
test_keyring (World *world, gconstpointer unused)
{
  g_autoptr (LksStationKey) made = NULL;
  g_autoptr (LksStationKey) again = NULL;
  g_autoptr (LksStationKey) later = NULL;
  g_autoptr (LksStationKey) locked = NULL;
  g_autofree char *signature = NULL;
  g_autoptr (GError) error = NULL;

  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  made = fetch ();
  again = fetch ();
  assert_same (made, again);
  signature = lks_station_key_sign (again, "words", &error);
  g_assert_no_error (error);
  g_assert_true (lks_station_key_verify (made, "words", signature));

  keyring_daemon_lock (world->daemon);
  locked = lks_station_fetch_key (NULL, &error);
  g_assert_null (locked);
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_LOCKED);

  keyring_daemon_restart (world->daemon);
  keyring_daemon_stop (world->daemon);
  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  later = fetch ();
  assert_same (made, later);
}

/* Whoever only checks makes nothing. */
static void
test_find (World *world, gconstpointer unused)
{
  g_autoptr (LksStationKey) made = NULL;
  g_autoptr (LksStationKey) found = NULL;
  g_autoptr (GError) error = NULL;

  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (lks_station_find_key (NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_clear_error (&error);
    }
  made = fetch ();
  found = lks_station_find_key (NULL, &error);
  g_assert_no_error (error);
  assert_same (made, found);
}

static void
test_no_keyring (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lks_station_fetch_key (NULL, &error));
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_ABSENT);
}

static void
name_file (World *world, const char *path)
{
  g_autofree char *text = g_strdup_printf ("[station]\nkey-file=%s\n", path);

  g_assert_true (g_file_set_contents (world->config, text, -1, NULL));
}

static void
test_file (World *world, gconstpointer unused)
{
  g_autoptr (LksStationKey) made = NULL;
  g_autoptr (LksStationKey) again = NULL;
  g_autoptr (LksStationKey) refused = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  name_file (world, world->key_file);
  g_assert_null (lks_station_find_key (NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  made = fetch ();
  g_assert_cmpint (g_stat (world->key_file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  again = fetch ();
  assert_same (made, again);

  g_chmod (world->key_file, 0644);
  refused = lks_station_fetch_key (NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, LKS_LEDGER_ERROR, LKS_LEDGER_ERROR_DENIED);
}

/* A file that was named and cannot be had is no reason to take another key. */
static void
test_bad_config (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  keyring_daemon_start (world->daemon, KEYRING_PASSWORD);
  name_file (world, "station.pem");
  g_assert_null (lks_station_fetch_key (NULL, &error));
  g_assert_error (error, LKS_OPERATOR_ERROR, LKS_OPERATOR_ERROR_INVALID);
  g_clear_error (&error);

  name_file (world, "/nowhere/station.pem");
  g_assert_null (lks_station_fetch_key (NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (world->config, "no key file\n", -1, NULL));
  g_assert_null (lks_station_fetch_key (NULL, &error));
  g_assert_nonnull (error);
}

#define TEST(path, func) g_test_add (path, World, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/station/keyring", test_keyring);
  TEST ("/station/find", test_find);
  TEST ("/station/no-keyring", test_no_keyring);
  TEST ("/station/file", test_file);
  TEST ("/station/bad-config", test_bad_config);
  return g_test_run ();
}
