/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-builder.h"

#include "lks-capability-file.h"
#include "lks-capability.h"
#include "lks-cursor.h"
#include "lks-image-package.h"

#include <string.h>

#define MANIFEST                                                                                   \
  "{\"SchemaVersion\":1,\"Name\":\"Blink\",\"ComponentId\":\"" BUILDER_COMPONENT                   \
  "\",\"EntryPoint\":\"/bin/app\",\"CmdArgs\":[],\"Capabilities\":{\"Uart\":[\"ISU0\"],"           \
  "\"Gpio\":[9,8],\"MutableStorage\":{\"SizeKB\":8},\"AllowedConnections\":[\"example.com\"]},"    \
  "\"ApplicationType\":\"Default\",\"TargetApplicationRuntimeVersion\":12}"

static GBytes *
take_bytes (GByteArray *array)
{
  return g_byte_array_free_to_bytes (array);
}

static void
test_metadata_fields (void)
{
  GByteArray *array = g_byte_array_new ();
  guint8 key[64];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = NULL;
  g_autoptr (LksImageMetadata) metadata = NULL;

  g_byte_array_append (array, (const guint8 *) "content", 7);
  builder_add_metadata (array, 21, "board");
  builder_sign (array, key);
  image = take_bytes (array);
  metadata = lks_image_metadata_parse (image, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (metadata->image_type, ==, LKS_IMAGE_TYPE_BOARD_CONFIG);
  g_assert_cmpstr (metadata->component_id, ==, BUILDER_COMPONENT);
  g_assert_cmpstr (metadata->image_id, ==, BUILDER_IMAGE);
  g_assert_cmpstr (metadata->name, ==, "board");
  g_assert_cmpstr (metadata->signer_thumbprint, ==, "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
  g_assert_cmpuint (metadata->built_unix_s, ==, 1700000000);
  g_assert_true (metadata->under_development);
  g_assert_false (metadata->remove_at_boot);
  g_assert_cmpuint (metadata->needs->len, ==, 1);
  g_assert_cmpuint (g_array_index (metadata->needs, LksAbiVersion, 0).version, ==, 12);
  g_assert_cmpuint (g_array_index (metadata->needs, LksAbiVersion, 0).kind, ==,
                    LKS_ABI_KIND_APPLICATION);
  g_assert_cmpuint (metadata->metadata_offset, ==, 7);
}

static void
test_signature (void)
{
  GByteArray *array = g_byte_array_new ();
  guint8 key[64];
  g_autoptr (GBytes) good = NULL;
  g_autoptr (GBytes) bad = NULL;
  g_autoptr (LksImageMetadata) metadata = NULL;
  g_autofree guint8 *changed = NULL;
  gsize size;

  builder_add_metadata (array, 10, "x");
  builder_sign (array, key);
  good = take_bytes (array);
  metadata = lks_image_metadata_parse (good, NULL);

  g_assert_true (lks_image_signature_verify (good, key));
  g_assert_false (lks_image_is_sdk_signed (good, metadata));

  size = g_bytes_get_size (good);
  changed = g_memdup2 (g_bytes_get_data (good, NULL), size);
  changed[10] ^= 1;
  bad = g_bytes_new (changed, size);
  g_assert_false (lks_image_signature_verify (bad, key));
  key[0] ^= 1; /* no longer a point on the curve */
  g_assert_false (lks_image_signature_verify (good, key));
}

static void
test_capability_file (void)
{
  g_autoptr (GBytes) file = take_bytes (builder_capability (0xA5, LKS_CAPABILITY_FIELD_SERVICING));
  g_autoptr (GBytes) none = take_bytes (builder_capability (0xA5, 0));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksCapabilityFile) parsed = lks_capability_file_parse (file, &error);
  g_autoptr (LksCapabilityFile) empty = NULL;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (parsed->device_id, "a5a5a5"));
  g_assert_cmpuint (parsed->capabilities->len, ==, 1);
  g_assert_true (lks_capability_file_has (parsed, LKS_CAPABILITY_FIELD_SERVICING));
  g_assert_false (lks_capability_file_has (parsed, LKS_CAPABILITY_APP_DEVELOPMENT));

  empty = lks_capability_file_parse (none, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->capabilities->len, ==, 0);
}

static void
test_package (void)
{
  g_autoptr (GBytes) bytes = take_bytes (builder_package (MANIFEST));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksImagePackage) package = lks_image_package_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (package->manifest->name, ==, "Blink");
  g_assert_cmpint (package->manifest->type, ==, LKS_APPLICATION_TYPE_DEFAULT);
  g_assert_cmpuint (package->manifest->runtime_version, ==, 12);
  g_assert_cmpuint (package->manifest->storage_kib, ==, 8);
  g_assert_cmpuint (g_strv_length (package->manifest->peripherals), ==, 3);
  g_assert_cmpstr (package->manifest->peripherals[0], ==, "Gpio 8");
  g_assert_cmpstr (package->manifest->peripherals[2], ==, "Uart ISU0");
  g_assert_cmpstr (package->manifest->connections[0], ==, "example.com");
}

static void
test_package_refuses (void)
{
  static const struct
  {
    const char *manifest;
    const char *reason;
  } cases[] = {
    { "{}", "SchemaVersion" },
    { "{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":\"nonsense\"}", "ComponentId" },
    { "{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":"
      "\"99999999-2222-3333-4444-555555555555\",\"Capabilities\":{}}",
      "its manifest says 99999999" },
    { "{\"SchemaVersion\":1,\"Name\":\"x\",\"ComponentId\":\"" BUILDER_COMPONENT
      "\",\"Capabilities\":{\"Gpio\":[null]}}",
      "Gpio" },
    { "not json", "app_manifest.json:1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = take_bytes (builder_package (cases[i].manifest));
      g_autoptr (GError) error = NULL;

      g_assert_null (lks_image_package_parse (bytes, &error));
      g_assert_true (error->domain == LKS_PARSE_ERROR);
      if (strstr (error->message, cases[i].reason) == NULL)
        g_error ("“%s” does not name %s", error->message, cases[i].reason);
    }
}

/* Cut and damaged at every place: a value or an error, never a read outside (sanitizers). */
static void
damage_everywhere (GBytes *whole,
                   gpointer (*parse) (GBytes *, GError **),
                   void (*destroy) (gpointer))
{
  gsize size;
  const guint8 *data = g_bytes_get_data (whole, &size);

  for (gsize i = 0; i < size; i += i < 256 || i > size - 400 ? 1 : 61)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size);
      g_autoptr (GBytes) cut = g_bytes_new (copy, i);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GError) cut_error = NULL;
      g_autoptr (GError) damage_error = NULL;
      gpointer value = parse (cut, &cut_error);

      g_assert_null (value);
      g_assert_nonnull (cut_error);

      copy[i] ^= 0xff;
      damaged = g_bytes_new (copy, size);
      value = parse (damaged, &damage_error);
      g_assert_true ((value == NULL) == (damage_error != NULL));
      if (value != NULL)
        destroy (value);
    }
}

static void
test_damage (void)
{
  g_autoptr (GBytes) package = take_bytes (builder_package (MANIFEST));
  g_autoptr (GBytes) file = take_bytes (builder_capability (1, 11));

  damage_everywhere (package, (gpointer (*) (GBytes *, GError **)) lks_image_package_parse,
                     (void (*) (gpointer)) lks_image_package_free);
  damage_everywhere (file, (gpointer (*) (GBytes *, GError **)) lks_capability_file_parse,
                     (void (*) (gpointer)) lks_capability_file_free);
}

static void
test_capability_names (void)
{
  g_assert_cmpstr (lks_capability_get_name (13), ==, "fieldServicing");
  g_assert_null (lks_capability_get_name (14));
  g_assert_cmpint (lks_capability_get_risk (12), ==, LKS_CAPABILITY_RISK_EXPECTED);
  g_assert_cmpint (lks_capability_get_risk (3), ==, LKS_CAPABILITY_RISK_INTERNAL);
  g_assert_cmpint (lks_capability_get_risk (4000000000u), ==, LKS_CAPABILITY_RISK_UNKNOWN);
  for (guint i = 0; i < 20; i++)
    g_assert_nonnull (lks_capability_get_meaning (i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/image/metadata/fields", test_metadata_fields);
  g_test_add_func ("/image/signature", test_signature);
  g_test_add_func ("/image/capability-file", test_capability_file);
  g_test_add_func ("/image/package/reads", test_package);
  g_test_add_func ("/image/package/refuses", test_package_refuses);
  g_test_add_func ("/image/damage", test_damage);
  g_test_add_func ("/image/capability/names", test_capability_names);

  return g_test_run ();
}
