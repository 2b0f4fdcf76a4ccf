/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an image tells about itself, and what is wrong with it. */
#include "image-builder.h"

#include "lks-cursor.h"
#include "lks-image-inspection.h"

#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <string.h>
#include <sys/stat.h>

#define MANIFEST(capabilities)                                                                     \
  "{\"SchemaVersion\":1,\"Name\":\"Blink\",\"ComponentId\":\"" BUILDER_COMPONENT                   \
  "\",\"EntryPoint\":\"/bin/app\",\"Capabilities\":{" capabilities "}}"

static GBytes *
take_bytes (GByteArray *array)
{
  return g_byte_array_free_to_bytes (array);
}

static LksImageInspection *
inspect (GByteArray *array)
{
  g_autoptr (GBytes) image = take_bytes (array);
  g_autoptr (GError) error = NULL;
  LksImageInspection *inspection = lks_image_inspect (image, &error);

  g_assert_no_error (error);
  return inspection;
}

static gboolean
has_flaw (const LksImageInspection *inspection, LksImageDefect defect)
{
  for (guint i = 0; i < inspection->flaws->len; i++)
    if (((const LksImageFlaw *) g_ptr_array_index (inspection->flaws, i))->defect == defect)
      return TRUE;

  return FALSE;
}

static void
test_application (void)
{
  g_autoptr (LksImageInspection) inspection =
      inspect (builder_package (MANIFEST ("\"Gpio\":[8],\"WifiConfig\":true")));

  g_assert_cmpstr (lks_image_inspection_get_name (inspection), ==, "Blink");
  g_assert_cmpstr (inspection->manifest->peripherals[0], ==, "Gpio 8");
  g_assert_cmpint (inspection->signer, ==, LKS_IMAGE_SIGNER_OTHER);
  g_assert_null (inspection->capability);
  g_assert_cmpuint (inspection->flaws->len, ==, 0);
}

static void
test_flaws (void)
{
  GByteArray *damaged = builder_package (MANIFEST (""));
  g_autoptr (LksImageInspection) no_manifest = inspect (builder_package ("not json"));
  g_autoptr (LksImageInspection) no_program = inspect (
      builder_package ("{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":\"" BUILDER_COMPONENT
                       "\",\"Capabilities\":{}}"));
  g_autoptr (LksImageInspection) twice = inspect (builder_package (MANIFEST ("\"Gpio\":[8,8]")));
  g_autoptr (LksImageInspection) clash =
      inspect (builder_package (MANIFEST ("\"Uart\":[\"ISU0\"],\"SpiMaster\":[\"ISU0\"]")));
  g_autoptr (LksImageInspection) changed = NULL;

  damaged->data[8191] ^= 0x01; /* behind the manifest */
  changed = inspect (damaged);
  g_assert_true (has_flaw (changed, LKS_IMAGE_DEFECT_CHECKSUM));
  g_assert_nonnull (changed->manifest);
  g_assert_true (has_flaw (no_manifest, LKS_IMAGE_DEFECT_MANIFEST));
  g_assert_null (no_manifest->manifest);
  g_assert_cmpstr (no_manifest->metadata->component_id, ==, BUILDER_COMPONENT);
  g_assert_true (has_flaw (no_program, LKS_IMAGE_DEFECT_NO_ENTRY_POINT));
  g_assert_true (has_flaw (twice, LKS_IMAGE_DEFECT_ASKED_TWICE));
  g_assert_true (has_flaw (clash, LKS_IMAGE_DEFECT_SELF_CLASH));
}

/* Whoever takes the SDK's thumbprint without its key is not the SDK. */
static void
test_forged (void)
{
  GByteArray *array = builder_package (MANIFEST (""));
  static const guint8 sdk[] = { 0xa8, 0xd5, 0xcc, 0x69, 0x58, 0xf4, 0x87, 0x10, 0x14, 0x0d,
                                0x7a, 0x26, 0x16, 0x0f, 0xc1, 0xcf, 0xc3, 0x1f, 0x5d, 0xf0 };
  guint replaced = 0;
  g_autoptr (LksImageInspection) inspection = NULL;

  for (guint i = 8192; i + 20 <= array->len && replaced == 0; i++)
    if (array->data[i] == 0x5a && array->data[i + 19] == 0x5a)
      {
        memcpy (array->data + i, sdk, sizeof sdk);
        replaced++;
      }
  g_assert_cmpuint (replaced, ==, 1);

  inspection = inspect (array);
  g_assert_cmpstr (inspection->metadata->signer_thumbprint, ==, LKS_IMAGE_SDK_THUMBPRINT);
  g_assert_cmpint (inspection->signer, ==, LKS_IMAGE_SIGNER_FORGED);
  g_assert_true (has_flaw (inspection, LKS_IMAGE_DEFECT_FORGED));
}

static void
test_kinds (void)
{
  g_autoptr (LksImageInspection) capability = inspect (builder_capability (0xab, 11));
  g_autoptr (LksImageInspection) none = inspect (builder_capability (0xab, 0));
  GByteArray *keystore = g_byte_array_new ();
  GByteArray *broken = builder_capability (0xab, 11);
  g_autoptr (LksImageInspection) keys = NULL;
  g_autoptr (LksImageInspection) bad = NULL;
  guint8 key[64];

  builder_add_metadata (keystore, LKS_IMAGE_TYPE_TRUSTED_KEYSTORE, "");
  builder_sign (keystore, key);
  keys = inspect (keystore);
  broken->data[4] = 9; /* a version nobody knows */
  bad = inspect (broken);

  g_assert_cmpuint (capability->capability->capabilities->len, ==, 1);
  g_assert_true (g_str_has_prefix (capability->capability->device_id, "abab"));
  g_assert_cmpuint (none->capability->capabilities->len, ==, 0);
  g_assert_cmpstr (lks_image_inspection_get_name (keys), ==, "trusted keystore");
  g_assert_null (keys->manifest);
  g_assert_null (bad->capability);
  g_assert_true (has_flaw (bad, LKS_IMAGE_DEFECT_CAPABILITY));
}

static void
test_json (void)
{
  g_autoptr (LksImageInspection) application =
      inspect (builder_package (MANIFEST ("\"Gpio\":[8,8],\"AllowedTcpServerPorts\":[80]")));
  g_autoptr (LksImageInspection) capability = inspect (builder_capability (0xab, 11));
  g_autoptr (JsonNode) node = lks_image_inspection_to_json (application);
  g_autoptr (JsonNode) capability_node = lks_image_inspection_to_json (capability);
  JsonObject *object = json_node_get_object (node);
  JsonObject *manifest = json_object_get_object_member (object, "manifest");
  JsonObject *content =
      json_object_get_object_member (json_node_get_object (capability_node), "capability");

  g_assert_cmpstr (json_object_get_string_member (object, "signer"), ==, "other");
  g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, "application");
  g_assert_cmpstr (json_object_get_string_member (object, "built"), ==, "2023-11-14T22:13:20Z");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "needs")), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "flaws")), ==, 1);
  g_assert_cmpint (
      json_array_get_int_element (json_object_get_array_member (manifest, "tcpServerPorts"), 0), ==,
      80);
  g_assert_true (json_object_get_null_member (object, "capability"));
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (content, "capabilityNames"), 0),
      ==, "appDevelopment");
}

static void
test_load (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("locksmith-image-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "a.imagepackage", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *huge = g_build_filename (folder, "huge", NULL);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, "12345", 5, &error));
  bytes = lks_image_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "12345", 5);
#ifndef __SANITIZE_ADDRESS__
  /* It may be a key. */
  g_assert_true (CRYPTO_secure_allocated (g_bytes_get_data (bytes, NULL)));
#endif

  g_assert_null (lks_image_load ("/nonexistent/x", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (lks_image_load (folder, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error (&error);

  /* Neither waited for nor read whole. */
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (lks_image_load (pipe, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (huge, "", 0, &error));
  g_assert_cmpint (truncate (huge, LKS_IMAGE_PACKAGE_BYTES_MAX + 1), ==, 0);
  g_assert_null (lks_image_load (huge, &error));
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);

  g_unlink (path);
  g_unlink (pipe);
  g_unlink (huge);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/inspection/application", test_application);
  g_test_add_func ("/inspection/flaws", test_flaws);
  g_test_add_func ("/inspection/forged", test_forged);
  g_test_add_func ("/inspection/kinds", test_kinds);
  g_test_add_func ("/inspection/json", test_json);
  g_test_add_func ("/inspection/load", test_load);

  return g_test_run ();
}
