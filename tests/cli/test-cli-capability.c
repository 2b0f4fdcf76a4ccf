/* SPDX-License-Identifier: GPL-3.0-or-later */

/* test-cli-capability LOCKSMITHCTL EMULATOR open|locked|absent: runs in a session of the rig whose
 * keyring is as the last word says, with one board plugged in. */

#include "said.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define DIGITS_PER_ID 128

static const char *ctl_path;
static const char *emulator_path;
static char *folder; /* (owned) */

static Said
ctl (const char *arguments)
{
  g_autoptr (GString) expanded = g_string_new (arguments);

  g_string_replace (expanded, "@", folder, 0);
  return said_by (ctl_path, expanded->str);
}

/* A device ID that ends with @end. */
static char *
make_id (const char *end)
{
  char *id = g_strnfill (DIGITS_PER_ID, '7');

  memcpy (id + DIGITS_PER_ID - strlen (end), end, strlen (end));
  return id;
}

/* NAME in the folder, signed with the key of the bench's emulator, whose certificate is known. */
static void
make_file (const char *name, const char *device_id, const char *kind)
{
  g_autofree char *line =
      g_strdup_printf ("capability --device %s --kind %s --output %s/%s --state-dir %s/state",
                       device_id, kind, folder, name, g_getenv ("LOCKSMITH_BENCH_DIR"));
  g_auto (Said) said = said_by (emulator_path, line);

  g_assert_cmpint (said.status, ==, 0);
}

static gboolean
is_there (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static char *
get_attached_id (void)
{
  g_auto (Said) said = ctl ("list --json");
  JsonObject *board = json_array_get_object_element (said_get_array (&said), 0);

  return g_strdup (json_object_get_string_member (board, "deviceId"));
}

static void
test_inspect (void)
{
  g_autofree char *attached = get_attached_id ();
  g_autofree char *foreign = make_id ("0ddba11");
  g_auto (Said) fits = { 0 };
  g_auto (Said) foreign_said = { 0 };
  g_auto (Said) none = { 0 };
  g_auto (Said) words = { 0 };
  JsonObject *object;

  make_file ("fits.cap", attached, "fieldServicing");
  make_file ("foreign.cap", foreign, "appDevelopment");
  make_file ("none.cap", attached, "none");

  fits = ctl ("capability inspect @/fits.cap --json");
  g_assert_cmpint (fits.status, ==, 0);
  object = said_get_object (&fits);
  g_assert_cmpstr (json_object_get_string_member (object, "deviceId"), ==, attached);
  g_assert_cmpint (
      json_array_get_int_element (json_object_get_array_member (object, "capabilities"), 0), ==,
      13);
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (object, "capabilityNames"), 0),
      ==, "fieldServicing");
  g_assert_true (json_object_get_boolean_member (object, "isKey"));
  g_assert_cmpstr (json_object_get_string_member (object, "signature"), ==, "known");
  g_assert_cmpstr (json_object_get_string_member (object, "signerName"), ==,
                   "Locksmith Emulator Image Signing");
  g_assert_cmpstr (json_object_get_string_member (object, "attachedPort"), ==, "1-1");

  foreign_said = ctl ("capability inspect @/foreign.cap --json");
  g_assert_cmpint (foreign_said.status, ==, 0);
  g_assert_true (json_object_get_null_member (said_get_object (&foreign_said), "attachedPort"));

  none = ctl ("capability inspect @/none.cap --json --no-boards");
  g_assert_cmpint (none.status, ==, 0);
  g_assert_false (json_object_get_boolean_member (said_get_object (&none), "isKey"));

  words = ctl ("capability inspect @/fits.cap");
  g_assert_nonnull (strstr (words.output, "fieldServicing (13): servicing of a finished board"));
  g_assert_nonnull (strstr (words.output, "it fits the board at 1-1"));
}

static void
test_inspect_forged (void)
{
  g_autofree char *path = g_build_filename (folder, "forged.cap", NULL);
  g_autofree char *id = make_id ("f0f0");
  g_autofree char *text = NULL;
  g_auto (Said) said = { 0 };
  g_auto (Said) garbage = { 0 };
  gsize size;

  make_file ("forged.cap", id, "fieldServicing");
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  text[0x0C] ^= 1; /* for another board, by somebody who cannot sign */
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  said = ctl ("capability inspect @/forged.cap --no-boards --json");
  g_assert_cmpint (said.status, ==, 1);
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&said), "signature"), ==,
                   "wrong");
  g_assert_false (json_object_get_boolean_member (said_get_object (&said), "isKey"));

  g_assert_true (g_file_set_contents (path, "garbage", -1, NULL));
  garbage = ctl ("capability inspect @/forged.cap --json");
  said_assert_error (&garbage, 2, "parse", "truncated");
}

static guint
count_items (void)
{
  g_auto (Said) said = ctl ("capability list --json");

  g_assert_cmpint (said.status, ==, 0);
  return json_array_get_length (said_get_array (&said));
}

static void
test_import (void)
{
  g_autofree char *one = make_id ("01abcd");
  g_autofree char *other = make_id ("02abcd");
  g_auto (Said) first = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) forged = { 0 };
  JsonObject *object;

  make_file ("one.cap", one, "fieldServicing");
  make_file ("other.cap", other, "appDevelopment");
  make_file ("none.cap", one, "none");

  first = ctl ("capability import @/one.cap @/none.cap @/gone.cap --label 'pump room 3' --json");
  g_assert_cmpint (first.status, ==, 2); /* not all of them */
  g_assert_cmpuint (json_array_get_length (said_get_array (&first)), ==, 3);
  object = json_array_get_object_element (said_get_array (&first), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "result"), ==, "imported");
  g_assert_true (json_object_get_null_member (object, "error"));
  object = json_object_get_object_member (object, "item");
  g_assert_cmpstr (json_object_get_string_member (object, "label"), ==, "pump room 3");
  g_assert_cmpstr (json_object_get_string_member (object, "deviceId"), ==, one);
  g_assert_true (json_object_get_null_member (object, "lastUsedAt"));
  object = json_array_get_object_element (said_get_array (&first), 1);
  g_assert_cmpstr (json_object_get_string_member (object, "result"), ==, "refused");
  g_assert_nonnull (strstr (first.errors, "1 of 3 files are in the vault"));
  g_assert_true (is_there ("one.cap"));

  again = ctl ("capability import @/one.cap @/other.cap --delete-files --json");
  g_assert_cmpint (again.status, ==, 0);
  object = json_array_get_object_element (said_get_array (&again), 0);
  g_assert_cmpstr (json_object_get_string_member (object, "result"), ==, "duplicate");
  g_assert_true (json_object_get_boolean_member (object, "deleted"));
  g_assert_false (is_there ("one.cap"));
  g_assert_false (is_there ("other.cap"));
  g_assert_cmpuint (count_items (), ==, 2);

  forged = ctl ("capability import @/forged.cap --json");
  g_assert_cmpint (forged.status, ==, 2);
  g_assert_cmpuint (count_items (), ==, 2);
}

static void
test_items (void)
{
  g_autofree char *id = make_id ("02abcd");
  g_autofree char *path = g_build_filename (folder, "out.cap", NULL);
  g_auto (Said) ambiguous = ctl ("capability label abcd x --json");
  g_auto (Said) unknown = ctl ("capability label 9999 x --json");
  g_auto (Said) labelled = ctl ("capability label 02ABCD 'line 7' --json");
  g_auto (Said) exported = { 0 };
  g_auto (Said) twice = { 0 };
  g_auto (Said) replaced = { 0 };
  g_auto (Said) inspected = { 0 };
  g_autofree char *fingerprint = NULL;
  g_autofree char *line = NULL;
  GStatBuf status;

  said_assert_error (&ambiguous, 2, "cli", "ambiguous-item");
  said_assert_error (&unknown, 7, "vault", "not-found");
  g_assert_cmpint (labelled.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&labelled), "label"), ==,
                   "line 7");

  /* By its fingerprint, too. */
  fingerprint =
      g_strndup (json_object_get_string_member (said_get_object (&labelled), "fingerprint"), 10);
  line = g_strdup_printf ("capability export %s @/out.cap", fingerprint);
  exported = ctl (line);
  g_assert_cmpint (exported.status, ==, 0);
  g_assert_nonnull (strstr (exported.errors, "key to the board"));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  inspected = ctl ("capability inspect @/out.cap --no-boards --json");
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&inspected), "deviceId"), ==,
                   id);
  twice = ctl ("capability export 02abcd @/out.cap --json");
  said_assert_error (&twice, 5, "cli", "not-confirmed");
  replaced = ctl ("capability export 02abcd @/out.cap --replace");
  g_assert_cmpint (replaced.status, ==, 0);
}

static void
test_remove (void)
{
  g_auto (Said) unsure = ctl ("capability remove 02abcd --json");
  g_auto (Said) sure = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) table = { 0 };

  said_assert_error (&unsure, 5, "cli", "not-confirmed");
  g_assert_cmpuint (count_items (), ==, 2);
  sure = ctl ("capability remove 02abcd --yes");
  g_assert_cmpint (sure.status, ==, 0);
  g_assert_cmpuint (count_items (), ==, 1);
  again = ctl ("capability remove 02abcd --yes --json");
  said_assert_error (&again, 7, "vault", "not-found");

  table = ctl ("capability list");
  g_assert_nonnull (strstr (table.output, "01abcd"));
  g_assert_nonnull (strstr (table.output, "pump room 3"));
}

static void
test_usage (void)
{
  static const char *const wrong[] = {
    "capability",           "capability melt",        "capability import", "capability export abcd",
    "capability list more", "capability inspect a b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (Said) said = ctl (wrong[i]);

      g_assert_cmpint (said.status, ==, 2);
      g_assert_cmpstr (said.output, ==, "");
      g_assert_cmpstr (said.errors, !=, "");
    }
}

/* What needs the vault says why there is none; what does not need it works. */
static void
test_no_vault (gconstpointer code)
{
  static const char *const needing[] = {
    "capability list --json",
    "capability import @/a.cap --json",
    "capability export abcd @/out.cap --json",
    "capability remove abcd --yes --json",
    "capability label abcd x --json",
  };
  g_autofree char *id = make_id ("abcd");
  g_auto (Said) inspected = { 0 };

  make_file ("a.cap", id, "fieldServicing");
  for (gsize i = 0; i < G_N_ELEMENTS (needing); i++)
    {
      g_auto (Said) said = ctl (needing[i]);

      said_assert_error (&said, 7, "vault", code);
    }
  g_assert_true (is_there ("a.cap"));
  g_assert_false (is_there ("out.cap"));
  inspected = ctl ("capability inspect @/a.cap --no-boards");
  g_assert_cmpint (inspected.status, ==, 0);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 4);
  ctl_path = argv[1];
  emulator_path = argv[2];
  folder = g_dir_make_tmp ("lks-cli-capability-XXXXXX", NULL);

  if (g_str_equal (argv[3], "open"))
    {
      g_test_add_func ("/cli-capability/inspect", test_inspect);
      g_test_add_func ("/cli-capability/inspect-forged", test_inspect_forged);
      g_test_add_func ("/cli-capability/import", test_import);
      g_test_add_func ("/cli-capability/items", test_items);
      g_test_add_func ("/cli-capability/remove", test_remove);
      g_test_add_func ("/cli-capability/usage", test_usage);
    }
  else
    g_test_add_data_func ("/cli-capability/no-vault",
                          g_str_equal (argv[3], "locked") ? "dismissed" : "absent", test_no_vault);
  status = g_test_run ();
  remove_folder ();
  return status;
}
