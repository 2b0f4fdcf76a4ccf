/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that libsecret has instead of a keyring in a sandbox: one for all threads. */
#include "lks-keyring-private.h"
#include "lks-secret-store.h"
#include "lks-vault-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define N_THREADS 4
#define N_ROUNDS 12
#define KIND "test"

typedef struct
{
  guint number;
  GThread *thread;
} User;

static void
save (LksSecretStore *store, const char *id, const char *text)
{
  const LksSecretEntry entry = { (char *) id, (char *) "Test", (char *) "details" };
  g_autoptr (LksSecret) secret = lks_secret_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  lks_secret_store_save (store, &entry, secret, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_there (LksSecretStore *store, const char *id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) expected = lks_secret_new (text, strlen (text));
  g_autoptr (LksSecret) found = lks_secret_store_look_up (store, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (lks_secret_equal (found, expected));
}

static guint
count (LksSecretStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = lks_secret_store_list (store, NULL, &error);

  g_assert_no_error (error);
  return entries->len;
}

/* As the vault does it, which reads the file again each time. */
static void
list_capabilities (LksKeyring *keyring)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = lks_keyring_list (keyring, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 0);
}

static gpointer
use_in_thread (gpointer data)
{
  User *self = data;
  g_autoptr (LksSecretStore) store = lks_secret_store_new (KIND);
  g_autoptr (LksKeyring) keyring = lks_keyring_new ();
  g_autofree char *kept = g_strdup_printf ("kept-%u", self->number);
  g_autofree char *removed = g_strdup_printf ("removed-%u", self->number);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u in round %u", self->number, i);

      save (store, kept, text);
      list_capabilities (keyring);
      save (store, removed, text);
      assert_there (store, kept, text);
      assert_there (store, removed, text);
      lks_secret_store_remove (store, removed, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (count (store), >=, 1);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (KIND);
  User users[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    {
      users[i].number = i;
      users[i].thread = g_thread_new ("user", use_in_thread, &users[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (users[i].thread);

  g_assert_cmpuint (count (store), ==, N_THREADS);
}

/* One object, as all accounts of a list have it. */
static gpointer
share_in_thread (gpointer store)
{
  for (guint i = 0; i < N_ROUNDS; i++)
    g_assert_cmpuint (count (store), >=, 1);
  return NULL;
}

static void
test_one_store (void)
{
  g_autoptr (LksSecretStore) store = lks_secret_store_new (KIND);
  GThread *threads[N_THREADS];

  save (store, "one", "text");
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", share_in_thread, store);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = g_dir_make_tmp ("test-keyring-file-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "keyring", NULL);
  int status;

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "sandbox", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyring-file/threads", test_threads);
  g_test_add_func ("/keyring-file/one-store", test_one_store);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (dir);
  return status;
}
