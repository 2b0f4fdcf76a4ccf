/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-builder.h"
#include "sync-watch.h"
#include "vault-world.h"
#include "wait-until.h"

#include "lks-capability.h"
#include "lks-cursor.h"
#include "lks-vault-door.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static gboolean
set_label (World *world, LksVault *vault, LksVaultItem *item, const char *label, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_set_label_async (vault, item, label, NULL, world_answered_cb, world);
  return lks_vault_set_label_finish (vault, world_wait (world), error);
}

static gboolean
touch (World *world, LksVault *vault, LksVaultItem *item, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_touch_async (vault, item, NULL, world_answered_cb, world);
  return lks_vault_touch_finish (vault, world_wait (world), error);
}

static gboolean
remove_item (World *world, LksVault *vault, LksVaultItem *item, GError **error)
{
  g_clear_object (&world->result);
  lks_vault_remove_async (vault, item, NULL, world_answered_cb, world);
  return lks_vault_remove_finish (vault, world_wait (world), error);
}

static gboolean
export_item (World *world,
             LksVault *vault,
             LksVaultItem *item,
             const char *path,
             gboolean replace,
             GError **error)
{
  g_clear_object (&world->result);
  lks_vault_export_async (vault, item, path, replace, NULL, world_answered_cb, world);
  return lks_vault_export_finish (vault, world_wait (world), error);
}

static void
test_store_and_read_back (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) other = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "a.cap", 0xA5, 13);
  g_autofree char *id = g_strnfill (128, '5');
  g_autoptr (GError) error = NULL;
  g_autoptr (LksSecret) bytes = lks_secret_load (path, 1024, &error);
  g_autofree char *fingerprint = lks_secret_dup_fingerprint (bytes);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GPtrArray) matches = NULL;
  g_autoptr (LksCapabilityKey) key = NULL;
  LksVaultItem *item;
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < 128; i += 2)
    id[i] = 'A'; /* also in capitals */

  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_UNKNOWN);
  imports = world_import (world, vault, &error, path, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (imports->len, ==, 1);
  g_assert_no_error (lks_vault_import_get_error (g_ptr_array_index (imports, 0)));
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_OPEN);
  g_assert_cmpuint (world_count (vault), ==, 1);
  g_assert_true (world_get (vault, 0) ==
                 lks_vault_import_get_item (g_ptr_array_index (imports, 0)));

  /* Somebody else who looks into the keyring sees the same. */
  g_assert_true (world_open (world, other, &error));
  g_assert_no_error (error);
  matches = lks_vault_find (other, id);
  g_assert_cmpuint (matches->len, ==, 1);
  item = g_ptr_array_index (matches, 0);
  g_assert_cmpint (g_ascii_strcasecmp (lks_vault_item_get_device_id (item), id), ==, 0);
  g_assert_cmpuint (lks_vault_item_get_capabilities (item)->len, ==, 1);
  g_assert_true (lks_vault_item_has (item, LKS_CAPABILITY_FIELD_SERVICING));
  g_assert_cmpstr (lks_vault_item_get_label (item), ==, "");
  g_assert_cmpstr (lks_vault_item_get_fingerprint (item), ==, fingerprint);
  g_assert_cmpstr (lks_vault_item_get_signer (item), ==,
                   "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
  g_assert_cmpint (lks_vault_item_get_source (item), ==, LKS_VAULT_SOURCE_FILE);
  g_assert_cmpint (lks_vault_item_get_signed (item), ==, 1700000000);
  g_assert_cmpint (lks_vault_item_get_added (item), >=, before);
  g_assert_cmpint (lks_vault_item_get_last_used (item), ==, 0);

  key = world_fetch (world, other, item, &error);
  g_assert_no_error (error);
  g_assert_true (lks_capability_key_is_for (key, id));
  g_assert_cmpstr (lks_capability_key_get_fingerprint (key), ==, fingerprint);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_label_and_use (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  LksVaultItem *item = world_import_one (world, vault, 0xB0);
  g_autofree char *fingerprint = g_strdup (lks_vault_item_get_fingerprint (item));
  g_autoptr (LksVault) later = lks_vault_new ();
  g_autoptr (LksCapabilityKey) key = NULL;
  g_autoptr (GError) error = NULL;
  guint labelled = 0, used = 0;

  g_signal_connect_swapped (item, "notify::label", G_CALLBACK (count_cb), &labelled);
  g_signal_connect_swapped (item, "notify::last-used", G_CALLBACK (count_cb), &used);

  g_assert_true (set_label (world, vault, item, "  pump\nroom 3 – żółć ", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (lks_vault_item_get_label (item), ==, "pump room 3 – żółć");
  g_assert_true (touch (world, vault, item, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lks_vault_item_get_last_used (item), >, 1700000000);
  g_assert_cmpuint (labelled, ==, 1);
  g_assert_cmpuint (used, ==, 1);
  g_assert_true (world_get (vault, 0) == item);

  /* All of it is in the keyring, once, and survives its end. */
  keyring_daemon_restart (world->daemon);
  g_assert_true (world_open (world, later, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (later), ==, 1);
  g_assert_cmpstr (lks_vault_item_get_label (world_get (later, 0)), ==, "pump room 3 – żółć");
  g_assert_cmpint (lks_vault_item_get_last_used (world_get (later, 0)), ==,
                   lks_vault_item_get_last_used (item));
  g_assert_cmpstr (lks_vault_item_get_fingerprint (world_get (later, 0)), ==, fingerprint);
  key = world_fetch (world, later, world_get (later, 0), &error);
  g_assert_no_error (error);

  g_assert_true (set_label (world, later, world_get (later, 0), "", &error));
  g_assert_no_error (error);
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_cmpstr (lks_vault_item_get_label (item), ==, "");
}

static void
test_what_is_refused (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GBytes) garbage = g_bytes_new_static ("not a capability", 16);
  g_autofree char *large = g_malloc0 (5000);
  g_autoptr (GBytes) large_bytes = g_bytes_new (large, 5000);
  g_autofree char *good = world_write_capability (world, "good.cap", 0x11, 11);
  g_autofree char *none = world_write_capability (world, "none.cap", 0x11, 0);
  g_autofree char *bad = world_write_file (world, "bad.cap", garbage);
  g_autofree char *big = world_write_file (world, "big.cap", large_bytes);
  g_autofree char *gone = g_build_filename (world->dir, "gone.cap", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports =
      world_import (world, vault, &error, none, bad, big, gone, good, good, NULL);
  const struct
  {
    GQuark domain;
    int code;
  } expected[] = {
    { LKS_PARSE_ERROR, LKS_PARSE_ERROR_UNSUPPORTED },
    { LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID },
    { G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE },
    { G_IO_ERROR, G_IO_ERROR_NOT_FOUND },
    { 0, 0 },
    { LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE },
  };

  g_assert_no_error (error);
  g_assert_cmpuint (imports->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < imports->len; i++)
    {
      LksVaultImport *import = g_ptr_array_index (imports, i);

      if (expected[i].domain != 0)
        g_assert_error (lks_vault_import_get_error (import), expected[i].domain, expected[i].code);
      else
        g_assert_no_error (lks_vault_import_get_error (import));
      g_assert_true ((lks_vault_import_get_item (import) != NULL) == (i >= 4));
    }
  g_assert_cmpuint (world_count (vault), ==, 1);
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_OPEN);
}

/* Whoever put a signer's certificate into signers.d wants no forged files in the vault. */
static void
test_signers (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *dir = g_build_filename (g_get_user_config_dir (), "locksmith/signers.d", NULL);
  g_autofree char *pem = g_build_filename (dir, "signer.pem", NULL);
  g_autofree char *path = world_write_capability (world, "a.cap", 0x11, 13);
  g_autofree char *forged = NULL;
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  forged = world_write_forged_capability (world, "forged.cap", 0x12, pem);
  imports = world_import (world, vault, &error, forged, path, NULL);
  g_assert_no_error (error);
  g_assert_error (lks_vault_import_get_error (g_ptr_array_index (imports, 0)), LKS_PARSE_ERROR,
                  LKS_PARSE_ERROR_INVALID);
  g_assert_no_error (lks_vault_import_get_error (g_ptr_array_index (imports, 1)));
  g_assert_cmpuint (world_count (vault), ==, 1);

  /* Not even one file while it is not known who may sign. */
  g_assert_true (g_file_set_contents (pem, "rubbish", -1, NULL));
  g_assert_null (world_import (world, vault, &error, forged, NULL));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, pem));
  g_unlink (pem);
}

static void
test_bytes_without_a_file (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "a.cap", 0x77, 13);
  g_autoptr (LksSecret) bytes = lks_secret_load (path, 1024, NULL);
  g_autoptr (GError) error = NULL;
  LksVaultItem *item;

  lks_vault_add_async (vault, bytes, LKS_VAULT_SOURCE_CLOUD, NULL, world_answered_cb, world);
  item = lks_vault_add_finish (vault, world_wait (world), &error);
  g_assert_no_error (error);
  g_assert_true (item == world_get (vault, 0));
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_cmpint (lks_vault_item_get_source (item), ==, LKS_VAULT_SOURCE_CLOUD);

  g_clear_object (&world->result);
  lks_vault_add_async (vault, bytes, LKS_VAULT_SOURCE_CLOUD, NULL, world_answered_cb, world);
  g_assert_null (lks_vault_add_finish (vault, world_wait (world), &error));
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_DUPLICATE);
}

static void
test_remove (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) other = lks_vault_new ();
  g_autoptr (LksVaultItem) item = g_object_ref (world_import_one (world, vault, 0x01));
  g_autoptr (GError) error = NULL;
  LksVaultItem *known;

  world_import_one (world, vault, 0x02);
  g_assert_true (world_open (world, other, &error));
  g_assert_cmpuint (world_count (other), ==, 2);

  g_assert_true (remove_item (world, vault, item, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (world_count (vault), ==, 1);
  g_assert_null (lks_vault_get_item (vault, lks_vault_item_get_fingerprint (item)));

  /* The other one does not know yet, and finds out. */
  known = lks_vault_get_item (other, lks_vault_item_get_fingerprint (item));
  g_assert_false (remove_item (world, other, known, &error));
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND);
  g_assert_cmpuint (world_count (other), ==, 1);
  g_clear_error (&error);
  g_assert_null (world_fetch (world, vault, item, &error));
  g_assert_error (error, LKS_VAULT_ERROR, LKS_VAULT_ERROR_NOT_FOUND);
}

static void
test_two_at_once (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) one = lks_vault_new ();
  g_autoptr (LksVault) other = lks_vault_new ();
  g_autofree char *path = world_write_capability (world, "same.cap", 0x42, 13);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GError) error = NULL;
  World second = { 0 };
  LksVaultItem *kept;

  /* Both import the same file in the same moment: neither knows of the other. */
  g_assert_true (world_open (world, one, NULL));
  g_assert_true (world_open (world, other, NULL));
  g_ptr_array_add (files, g_file_new_for_path (path));
  lks_vault_import_async (other, files, NULL, NULL, NULL, world_answered_cb, &second);
  imports = world_import (world, one, &error, path, NULL);
  g_assert_no_error (error);
  g_assert_no_error (lks_vault_import_get_error (g_ptr_array_index (imports, 0)));
  g_clear_pointer (&imports, g_ptr_array_unref);
  imports = lks_vault_import_finish (other, world_wait (&second), &error);
  g_assert_no_error (error);
  g_clear_object (&second.result);

  /* It is one capability for everybody, whatever the keyring made of it. */
  g_assert_true (world_refresh (world, one, &error));
  g_assert_cmpuint (world_count (one), ==, 1);
  kept = world_get (one, 0);
  g_assert_true (touch (world, one, kept, &error));
  g_assert_true (world_refresh (world, other, &error));
  g_assert_cmpuint (world_count (other), ==, 1);
  g_assert_cmpint (lks_vault_item_get_last_used (world_get (other, 0)), ==,
                   lks_vault_item_get_last_used (kept));
  g_assert_true (remove_item (world, one, kept, &error));
  g_assert_true (world_refresh (world, other, &error));
  g_assert_cmpuint (world_count (other), ==, 0);
}

static mode_t
get_mode (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

static void
test_export (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *original = world_write_capability (world, "a.cap", 0x0F, 11);
  g_autofree char *copy = g_build_filename (world->dir, "copy.cap", NULL);
  g_autofree char *nowhere = g_build_filename (world->dir, "no", "copy.cap", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports = world_import (world, vault, &error, original, NULL);
  g_autoptr (LksSecret) expected = lks_secret_load (original, 1024, NULL);
  g_autoptr (LksSecret) exported = NULL;
  LksVaultItem *item = world_get (vault, 0);

  umask (0);
  g_assert_true (export_item (world, vault, item, copy, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (copy), ==, 0600);
  exported = lks_secret_load (copy, 1024, NULL);
  g_assert_true (lks_secret_equal (exported, expected));

  g_assert_true (g_file_set_contents (copy, "mine", 4, NULL));
  g_assert_false (export_item (world, vault, item, copy, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_clear_pointer (&exported, lks_secret_unref);
  exported = lks_secret_load (copy, 1024, NULL);
  g_assert_cmpstr (lks_secret_get_text (exported), ==, "mine");

  g_chmod (copy, 0644);
  g_assert_true (export_item (world, vault, item, copy, TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (copy), ==, 0600);
  g_clear_pointer (&exported, lks_secret_unref);
  exported = lks_secret_load (copy, 1024, NULL);
  g_assert_true (lks_secret_equal (exported, expected));

  g_assert_false (export_item (world, vault, item, nowhere, TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A key that was exported, and then removed from the keyring, must be there after a power cut. */
static void
test_export_durable (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *original = world_write_capability (world, "a.cap", 0x0F, 11);
  g_autofree char *copy = g_build_filename (world->dir, "copy.cap", NULL);
  g_autofree char *expected = g_strdup_printf ("%s\n%s\n", copy, world->dir);
  g_autofree char *pattern =
      g_strdup_printf ("%s.????????\n%s\n%s\n", copy, world->dir, world->dir);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports = world_import (world, vault, &error, original, NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  sync_watch_begin (0);
  g_assert_true (export_item (world, vault, world_get (vault, 0), copy, FALSE, &error));
  first = sync_watch_end ();
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, expected);

  sync_watch_begin (0);
  g_assert_true (export_item (world, vault, world_get (vault, 0), copy, TRUE, &error));
  second = sync_watch_end ();
  g_assert_no_error (error);
  g_assert_true (g_pattern_match_simple (pattern, second));
}

static void
test_delete_files (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autofree char *good = world_write_capability (world, "good.cap", 0x31, 13);
  g_autofree char *changed = world_write_capability (world, "changed.cap", 0x32, 13);
  g_autofree char *none = world_write_capability (world, "none.cap", 0x33, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) imports = world_import (world, vault, &error, good, changed, none, NULL);

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (changed, "something else by now", -1, NULL));
  g_clear_object (&world->result);
  lks_vault_delete_files_async (vault, imports, NULL, world_answered_cb, world);
  g_assert_false (lks_vault_delete_files_finish (vault, world_wait (world), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG);

  g_assert_false (g_file_test (good, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (changed, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (none, G_FILE_TEST_EXISTS)); /* the vault does not hold it */
  g_assert_cmpint (lks_vault_get_state (vault), ==, LKS_VAULT_STATE_OPEN);
}

typedef struct
{
  guint calls;
  guint cancel_at; /* 0: never */
  guint done;
  guint total;
  GCancellable *cancellable;
  KeyringDaemon *daemon; /* (nullable): hangs from then on */
} Progress;

static void
progress_cb (guint done, guint total, gpointer user_data)
{
  Progress *progress = user_data;

  if (progress->calls > 0)
    g_assert_cmpuint (done, ==, progress->done + 1);
  progress->calls++;
  progress->done = done;
  progress->total = total;
  if (done == 0 || done != progress->cancel_at)
    return;
  if (progress->daemon != NULL)
    keyring_daemon_freeze (progress->daemon);
  g_cancellable_cancel (progress->cancellable);
}

/* (transfer full) (element-type GFile): each for a board of its own */
static GPtrArray *
write_capabilities (World *world, guint n_files)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.cap", i);
      g_autofree char *path = world_write_capability (world, name, (guint8) i, 13);

      g_ptr_array_add (files, g_file_new_for_path (path));
    }
  return files;
}

static void
test_many_and_cancel (World *world, gconstpointer unused)
{
  const guint n_files = 100;
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GPtrArray) files = write_capabilities (world, n_files);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { .cancel_at = 30, .cancellable = cancellable };
  guint imported = 0;

  lks_vault_import_async (vault, files, progress_cb, &progress, cancellable, world_answered_cb,
                          world);
  imports = lks_vault_import_finish (vault, world_wait (world), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imports->len, ==, n_files);
  g_assert_cmpuint (progress.done, ==, n_files);
  for (guint i = 0; i < n_files; i++)
    {
      LksVaultImport *import = g_ptr_array_index (imports, i);

      if (lks_vault_import_get_item (import) != NULL)
        imported++;
      else
        g_assert_error (lks_vault_import_get_error (import), G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  g_assert_cmpuint (imported, >=, 30);
  g_assert_cmpuint (imported, <, n_files);

  /* The rest, and what was done stays done. */
  g_clear_pointer (&imports, g_ptr_array_unref);
  g_clear_object (&world->result);
  progress = (Progress){ 0 };
  lks_vault_import_async (vault, files, progress_cb, &progress, NULL, world_answered_cb, world);
  imports = lks_vault_import_finish (vault, world_wait (world), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.calls, ==, n_files + 1);
  g_assert_cmpuint (progress.total, ==, n_files);
  g_assert_cmpuint (world_count (vault), ==, n_files);
  for (guint i = 0; i < n_files; i++)
    g_assert_nonnull (lks_vault_import_get_item (g_ptr_array_index (imports, i)));
  g_assert_true (world_refresh (world, vault, &error));
  g_assert_cmpuint (world_count (vault), ==, n_files);
}

/* The keyring hangs, the person gives up, and the keyring does all that it was asked. Whatever it
 * has by then was imported, or said to be there perhaps. */
static void
test_cancel_while_hanging (World *world, gconstpointer unused)
{
  const guint n_files = 20;
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (LksVault) fresh = lks_vault_new ();
  g_autoptr (GPtrArray) files = write_capabilities (world, n_files);
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { .cancel_at = 1, .cancellable = cancellable, .daemon = world->daemon };
  guint imported = 0;
  guint perhaps = 0;

  lks_vault_import_async (vault, files, progress_cb, &progress, cancellable, world_answered_cb,
                          world);
  imports = lks_vault_import_finish (vault, world_wait (world), &error);
  keyring_daemon_thaw (world->daemon);
  g_assert_no_error (error);
  g_assert_true (world_open (world, fresh, &error));
  for (guint i = 0; i < n_files; i++)
    {
      LksVaultImport *import = g_ptr_array_index (imports, i);

      if (lks_vault_import_get_item (import) != NULL)
        imported++;
      else if (strstr (lks_vault_import_get_error (import)->message, "may be in the vault") != NULL)
        perhaps++;
    }
  g_assert_cmpuint (perhaps, <=, 1);
  g_test_message ("%u imported, %u perhaps, %u there", imported, perhaps, world_count (fresh));
  g_assert_cmpuint (world_count (fresh), >=, imported);
  g_assert_cmpuint (world_count (fresh), <=, imported + perhaps);
}

/* ---- from another thread ---- */

typedef struct
{
  LksVaultDoor *door; /* (owned) */
  GCancellable *cancellable;
  LksVaultKept *kept; /* (owned) (nullable) */
  GError *error;      /* (owned) (nullable) */
  gint is_done;       /* atomic */
} Question;

static gpointer
ask (gpointer data)
{
  Question *question = data;
  g_autofree char *device_id = g_strnfill (128, '2');

  lks_vault_door_find (question->door, device_id, 13, &question->kept, question->cancellable,
                       &question->error);
  lks_vault_door_unref (question->door);
  g_atomic_int_set (&question->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* Nobody turns the context at first, as when a program ends and waits for its workers: the vault
 * is read by its own thread all the same. */
static void
test_context_at_rest (World *world, gconstpointer unused)
{
  LksVault *vault = lks_vault_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Question question = { .cancellable = cancellable };
  GThread *thread;

  world_import_one (world, vault, 0x22);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  question.door = lks_vault_door_new (vault);
  thread = g_thread_new ("worker", ask, &question);
  while (!g_atomic_int_get (&question.is_done) && !g_main_context_pending (NULL))
    g_thread_yield ();
  g_assert_false (g_atomic_int_get (&question.is_done));

  WAIT_UNTIL (g_atomic_int_get (&question.is_done));
  g_thread_join (thread);
  g_assert_no_error (question.error);
  g_assert_nonnull (question.kept);
  lks_vault_kept_free (question.kept);
  g_clear_object (&world->result);
  WAIT_FINALIZED (vault); /* its thread gives the last task back after the answer */
}

/* A worker that is told to stop asks nothing any more. */
static void
test_stopped_worker (World *world, gconstpointer unused)
{
  g_autoptr (LksVault) vault = lks_vault_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Question question = { .cancellable = cancellable };

  world_import_one (world, vault, 0x22);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_cancellable_cancel (cancellable);
  question.door = lks_vault_door_new (vault);
  g_thread_join (g_thread_new ("worker", ask, &question));
  g_assert_error (question.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_error_free (question.error);
  g_assert_null (question.kept);
}

#define ADD(path, func, set_up)                                                                    \
  g_test_add ("/vault/" path, World, NULL, set_up, func, world_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("store-and-read-back", test_store_and_read_back, world_set_up_unlocked);
  ADD ("label-and-use", test_label_and_use, world_set_up_unlocked);
  ADD ("what-is-refused", test_what_is_refused, world_set_up_unlocked);
  ADD ("signers", test_signers, world_set_up_unlocked);
  ADD ("bytes-without-a-file", test_bytes_without_a_file, world_set_up_unlocked);
  ADD ("remove", test_remove, world_set_up_unlocked);
  ADD ("two-at-once", test_two_at_once, world_set_up_unlocked);
  ADD ("export-durable", test_export_durable, world_set_up_unlocked);
  ADD ("export", test_export, world_set_up_unlocked);
  ADD ("delete-files", test_delete_files, world_set_up_unlocked);
  ADD ("context-at-rest", test_context_at_rest, world_set_up_unlocked);
  ADD ("stopped-worker", test_stopped_worker, world_set_up_unlocked);
  ADD ("many-and-cancel", test_many_and_cancel, world_set_up_unlocked);
  ADD ("cancel-while-hanging", test_cancel_while_hanging, world_set_up_unlocked);
  return g_test_run ();
}
