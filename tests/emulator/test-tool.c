/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys, and the files that locksmith-emulator makes with them: read back by the parsers that
 * the product uses, which know nothing of their making. */
#include "world.h"

#include "emu-capability.h"

#include "lks-capability-file.h"
#include "lks-image-package.h"

#include <glib/gstdio.h>
#include <string.h>

#define COMPONENT "c0000000-0000-4000-8000-00000000000c"

static char *
get_path (const char *name)
{
  return g_build_filename (world_get_state_dir (), name, NULL);
}

static int
run (int (*main_func) (int argc, char **argv), const char *const *arguments)
{
  g_auto (GStrv) argv = g_strdupv ((char **) arguments);
  g_autofree char **borrowed = g_memdup2 (argv, (g_strv_length (argv) + 1) * sizeof (char *));

  return main_func ((int) g_strv_length (argv), borrowed);
}

static GBytes *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize size_bytes;

  g_file_get_contents (path, &text, &size_bytes, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, size_bytes);
}

static guint
get_mode (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 0777;
}

static void
test_capability (void)
{
  static const struct
  {
    const char *kind;
    guint number;
  } cases[] = { { "fieldServicing", 13 }, { "appdevelopment", 11 }, { "none", 0 } };
  g_autoptr (EmuScenario) scenario = emu_scenario_new (1);
  const char *device_id = emu_scenario_get_board (scenario, 0)->device_id;
  g_autofree char *path = get_path ("board.cap");

  world_get_keys ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const arguments[] = { "capability", "--device",    device_id,
                                        "--kind",     cases[i].kind, "--output",
                                        path,         "--state-dir", world_get_state_dir (),
                                        NULL };
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (LksCapabilityFile) file = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (run (emu_capability_main, arguments), ==, 0);
      g_assert_cmpuint (get_mode (path), ==, 0600);
      bytes = load (path);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, 392);
      file = lks_capability_file_parse (bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (file->device_id, ==, device_id);
      g_assert_cmpuint (file->capabilities->len, ==, cases[i].number != 0 ? 1 : 0);
      if (cases[i].number != 0)
        g_assert_true (lks_capability_file_has (file, cases[i].number));
      g_assert_cmpuint (file->metadata->image_type, ==, LKS_IMAGE_TYPE_CAPABILITY);
      g_assert_cmpstr (file->metadata->name, ==, "fw_config");
    }
}

/* What is said to be old tells whether a board's keystore can know it. */
static void
test_times_and_types (void)
{
  g_autoptr (EmuScenario) scenario = emu_scenario_new (1);
  g_autofree char *capability_path = get_path ("old.cap");
  g_autofree char *keystore_path = get_path ("keystore.bin");
  const char *const capability[] = { "capability",
                                     "--device",
                                     emu_scenario_get_board (scenario, 0)->device_id,
                                     "--kind",
                                     "none",
                                     "--time",
                                     "1600000000",
                                     "--output",
                                     capability_path,
                                     "--state-dir",
                                     world_get_state_dir (),
                                     NULL };
  const char *const keystore[] = { "image",
                                   "--component",
                                   COMPONENT,
                                   "--name",
                                   "Keys",
                                   "--type",
                                   "trusted-keystore",
                                   "--runtime",
                                   "0",
                                   "--time",
                                   "1700000000",
                                   "--signer",
                                   "production",
                                   "--output",
                                   keystore_path,
                                   "--state-dir",
                                   world_get_state_dir (),
                                   NULL };
  const char *const bad_type[] = { "image",    "--component", COMPONENT, "--name", "x",
                                   "--output", "/dev/null",   "--type",  "kernel", NULL };
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) image = NULL;
  g_autoptr (LksImageMetadata) file_metadata = NULL;
  g_autoptr (LksImageMetadata) metadata = NULL;

  g_assert_cmpint (run (emu_capability_main, capability), ==, 0);
  g_assert_cmpint (run (emu_image_main, keystore), ==, 0);
  g_assert_cmpint (run (emu_image_main, bad_type), ==, 2);
  file = load (capability_path);
  image = load (keystore_path);
  file_metadata = lks_image_metadata_parse (file, NULL);
  metadata = lks_image_metadata_parse (image, NULL);
  g_assert_cmpuint (file_metadata->built_unix_s, ==, 1600000000);
  g_assert_cmpuint (metadata->built_unix_s, ==, 1700000000);
  g_assert_cmpuint (metadata->image_type, ==, LKS_IMAGE_TYPE_TRUSTED_KEYSTORE);
  g_assert_cmpuint (metadata->needs->len, ==, 0);
}

static void
test_capability_usage (void)
{
  static const char *const bad[][8] = {
    { "capability", NULL },
    { "capability", "--device", "12", "--kind", "none", "--output", "/dev/null", NULL },
    { "capability", "--nonsense", NULL },
    { "capability", "more", NULL },
  };
  g_autoptr (EmuScenario) scenario = emu_scenario_new (1);
  const char *const unknown_kind[] = {
    "capability", "--device",   emu_scenario_get_board (scenario, 0)->device_id,
    "--kind",     "everything", "--output",
    "/dev/null",  NULL
  };
  const char *const nowhere[] = { "capability",
                                  "--device",
                                  emu_scenario_get_board (scenario, 0)->device_id,
                                  "--kind",
                                  "none",
                                  "--output",
                                  "/nonexistent/file",
                                  "--state-dir",
                                  world_get_state_dir (),
                                  NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpint (run (emu_capability_main, bad[i]), ==, 2);
  g_assert_cmpint (run (emu_capability_main, unknown_kind), ==, 2);
  g_assert_cmpint (run (emu_capability_main, nowhere), ==, 1);
}

static void
test_image (void)
{
  g_autofree char *path = get_path ("app.imagepackage");
  const char *const arguments[] = { "image",
                                    "--component",
                                    COMPONENT,
                                    "--name",
                                    "Blink",
                                    "--signer",
                                    "production",
                                    "--output",
                                    path,
                                    "--state-dir",
                                    world_get_state_dir (),
                                    NULL };
  g_autoptr (World) world = world_new ("");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (LksImagePackage) package = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (run (emu_image_main, arguments), ==, 0);
  bytes = load (path);
  package = lks_image_package_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (package->metadata->component_id, ==, COMPONENT);
  g_assert_cmpstr (package->metadata->name, ==, "Blink");
  g_assert_cmpstr (package->manifest->name, ==, "Blink");
  g_assert_cmpstr (package->manifest->component_id, ==, COMPONENT);
  g_assert_cmpuint (package->manifest->runtime_version, ==, 12);

  world_stage (world, bytes, 200, "{}");
  world_expect (world, "POST /update/install", NULL, 200, "{}");
  world_expect (world, "GET /app/status/" COMPONENT, NULL, 200, "{\"state\":\"running\"}");
}

static void
test_image_with_manifest (void)
{
  static const char manifest[] =
      "{\"SchemaVersion\":1,\"Name\":\"Own\",\"ComponentId\":\"" COMPONENT "\","
      "\"EntryPoint\":\"/bin/app\",\"CmdArgs\":[],\"Capabilities\":{\"Gpio\":[8],"
      "\"MutableStorage\":{\"SizeKB\":16}},\"ApplicationType\":\"Default\"}";
  g_autofree char *manifest_path = get_path ("app_manifest.json");
  g_autofree char *path = get_path ("own.imagepackage");
  const char *const arguments[] = { "image",
                                    "--component",
                                    COMPONENT,
                                    "--name",
                                    "Own",
                                    "--manifest",
                                    manifest_path,
                                    "--program",
                                    manifest_path,
                                    "--output",
                                    path,
                                    "--state-dir",
                                    world_get_state_dir (),
                                    NULL };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) program = NULL;
  g_autoptr (LksImagePackage) package = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (manifest_path, manifest, -1, &error));
  g_assert_cmpint (run (emu_image_main, arguments), ==, 0);
  bytes = load (path);
  package = lks_image_package_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (package->manifest->storage_kib, ==, 16);
  g_assert_cmpstr (package->manifest->peripherals[0], ==, "Gpio 8");
  g_assert_true (package->metadata->under_development);
}

static void
test_image_usage (void)
{
  g_autofree char *path = get_path ("never");
  const char *const no_name[] = { "image", "--component", COMPONENT, NULL };
  const char *const bad_signer[] = { "image",    "--component", COMPONENT,  "--name", "a",
                                     "--signer", "me",          "--output", path,     NULL };
  const char *const bad_guid[] = { "image",  "--component", "1234",
                                   "--name", "a",           "--output",
                                   path,     "--state-dir", world_get_state_dir (),
                                   NULL };
  const char *const no_manifest[] = {
    "image",
    "--component",
    COMPONENT,
    "--name",
    "a",
    "--manifest",
    "/nonexistent",
    "--output",
    path,
    "--state-dir",
    world_get_state_dir (),
    NULL,
  };

  g_assert_cmpint (run (emu_image_main, no_name), ==, 2);
  g_assert_cmpint (run (emu_image_main, bad_signer), ==, 2);
  g_assert_cmpint (run (emu_image_main, bad_guid), ==, 1);
  g_assert_cmpint (run (emu_image_main, no_manifest), ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_keys_stay (void)
{
  g_autofree char *path = get_path ("signer-production.pem");
  EmuKeys *first = world_get_keys ();
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) second = emu_keys_open (world_get_state_dir (), &error);
  guint8 signature[EMU_SIGNATURE_BYTES];

  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (path), ==, 0600);
  g_assert_cmpmem (emu_keys_get_thumbprint (first, EMU_SIGNER_PRODUCTION), EMU_THUMBPRINT_BYTES,
                   emu_keys_get_thumbprint (second, EMU_SIGNER_PRODUCTION), EMU_THUMBPRINT_BYTES);
  for (EmuSigner signer = EMU_SIGNER_PRODUCTION; signer <= EMU_SIGNER_DEVELOPMENT; signer++)
    {
      const guint8 *thumbprint = emu_keys_get_thumbprint (second, signer);

      g_assert_true (emu_keys_sign (first, signer, "data", 4, signature, &error));
      g_assert_cmpint (emu_keys_identify (second, "data", 4, thumbprint, signature), ==, signer);
      g_assert_cmpint (emu_keys_identify (second, "date", 4, thumbprint, signature), ==,
                       EMU_SIGNER_UNKNOWN);
    }
}

/* Who signs capability files is published, and what is published is always true. */
static void
test_signer (void)
{
  g_autofree char *path = get_path (EMU_KEYS_SIGNER_FILE);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = NULL;

  world_get_keys ();
  g_assert_cmpuint (get_mode (path), ==, 0644);
  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  g_assert_true (g_str_has_prefix (before, "-----BEGIN CERTIFICATE-----"));
  g_assert_null (strstr (before, "PRIVATE"));

  g_assert_true (g_file_set_contents (path, "rubbish", -1, NULL));
  keys = emu_keys_open (world_get_state_dir (), &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, before);
}

/* Of two that make a file at once, one wins and the other is told. */
static void
test_file_once (void)
{
  g_autofree char *path = get_path ("once");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (emu_keys_write_file (world_get_state_dir (), "once", "first", 5, 0600, &error));
  g_assert_false (emu_keys_write_file (world_get_state_dir (), "once", "second", 6, 0600, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "first");
}

static void
test_broken_keys (void)
{
  g_autofree char *folder = g_dir_make_tmp ("emulator-keys-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "signer-production.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = NULL;

  g_assert_true (g_file_set_contents (path, "rubbish", -1, NULL));
  keys = emu_keys_open (folder, &error);
  g_assert_null (keys);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "Delete it"));
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_no_state_dir (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EmuKeys) keys = emu_keys_open ("/dev/null/state", &error);

  g_assert_null (keys);
  g_assert_nonnull (strstr (error->message, "--state-dir"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emulator/tool/capability", test_capability);
  g_test_add_func ("/emulator/tool/times-and-types", test_times_and_types);
  g_test_add_func ("/emulator/tool/capability-usage", test_capability_usage);
  g_test_add_func ("/emulator/tool/image", test_image);
  g_test_add_func ("/emulator/tool/image-with-manifest", test_image_with_manifest);
  g_test_add_func ("/emulator/tool/image-usage", test_image_usage);
  g_test_add_func ("/emulator/keys/stay", test_keys_stay);
  g_test_add_func ("/emulator/keys/signer", test_signer);
  g_test_add_func ("/emulator/keys/file-once", test_file_once);
  g_test_add_func ("/emulator/keys/broken", test_broken_keys);
  g_test_add_func ("/emulator/keys/no-state-dir", test_no_state_dir);

  return world_run ();
}
