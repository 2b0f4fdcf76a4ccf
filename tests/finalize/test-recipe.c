/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lks-cursor.h"
#include "lks-recipe-claim.h"
#include "lks-recipe-expect.h"
#include "lks-recipe-os.h"
#include "lks-recipe.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define GUID "aa11aa11-0000-4000-8000-000000000001"
#define RF_TEST_SERVER "508eddf2-b8c3-4a99-93d9-a045d9a060eb"
#define DEBUG_SERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"

/* Line 1 is the brace, then one member a line; %s stands on line 6. */
#define RECIPE(name, target, versions, images, more)                                               \
  "{\n"                                                                                            \
  "  \"name\": " name ",\n"                                                                        \
  "  \"targetState\": " target ",\n"                                                               \
  "  \"allowedOsVersions\": " versions ",\n"                                                       \
  "  \"images\": " images more "\n}\n"

#define CATALOG                                                                                    \
  "/subscriptions/" GUID "/resourceGroups/r/providers/microsoft.azuresphere/catalogs/c"
#define GOOD(more) RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"24.06\"]", "[]", more)

static LksRecipe *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *folder =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", NULL);

  return lks_recipe_parse ("r.json", folder, bytes, error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = parse (GOOD (""), &error);
  const char *const *absent;

  g_assert_no_error (error);
  absent = lks_recipe_get_absent_components (recipe);
  g_assert_cmpstr (absent[0], ==, RF_TEST_SERVER);
  g_assert_cmpstr (absent[1], ==, DEBUG_SERVER);
  g_assert_null (absent[2]);
  g_assert_null (lks_recipe_get_product (recipe));
  g_assert_null (lks_recipe_get_os_list (recipe));
  g_assert_null (lks_recipe_get_os_list_hash (recipe));
  g_assert_cmpuint (lks_recipe_get_images (recipe)->len, ==, 0);
  g_assert_true (lks_recipe_get_no_networks (recipe));
  g_assert_true (lks_recipe_get_no_certificates (recipe));
  g_assert_true (lks_recipe_get_no_capabilities (recipe));
  g_assert_false (lks_recipe_get_allow_skip_module1 (recipe));
  g_assert_false (lks_recipe_get_always_prove_restart (recipe));
  g_assert_false (lks_recipe_get_allow_armed (recipe));
  g_assert_null (lks_recipe_get_device_group (recipe));
  g_assert_null (lks_recipe_get_networks (recipe));
  g_assert_null (lks_recipe_get_certificates (recipe));
  g_assert_null (lks_recipe_get_interfaces (recipe));
  g_assert_null (lks_recipe_get_board_configuration (recipe));
  g_assert_cmpuint (lks_recipe_get_check_limit_s (recipe), ==, 0);
  g_assert_cmpuint (lks_recipe_get_step_limit_s (recipe), ==, 0);
  g_assert_cmpuint (lks_recipe_get_run_limit_s (recipe), ==, 0);
  g_assert_null (lks_recipe_get_label_pattern (recipe));
  g_assert_false (lks_recipe_get_label_required (recipe));
  g_assert_cmpstr (lks_recipe_get_minimum_rest_version (recipe), ==, "4.0.0");
  g_assert_cmpuint (lks_recipe_get_restart_wait_s (recipe), ==, 60);
  g_assert_cmpuint (lks_recipe_get_power_cycle_wait_s (recipe), ==, 120);
}

static char *
recipes_path (const char *name)
{
  return g_build_filename (g_getenv ("LKS_TEST_DATA"), "finalize", "recipes", name, NULL);
}

static void
assert_expectations (LksRecipe *recipe)
{
  const LksRecipeNetwork *network = lks_recipe_get_networks (recipe)->pdata[1];
  const LksRecipeCertificate *certificate = lks_recipe_get_certificates (recipe)->pdata[0];
  const LksRecipeInterface *interface = lks_recipe_get_interfaces (recipe)->pdata[0];
  const LksRecipeImage *configuration = lks_recipe_get_board_configuration (recipe);

  g_assert_false (lks_recipe_get_no_networks (recipe));
  g_assert_false (lks_recipe_get_no_certificates (recipe));
  g_assert_cmpstr (network->ssid, ==, "guests");
  g_assert_cmpint (network->security, ==, LKS_WIFI_SECURITY_UNKNOWN);
  network = lks_recipe_get_networks (recipe)->pdata[0];
  g_assert_cmpint (network->security, ==, LKS_WIFI_SECURITY_PSK);
  g_assert_cmpstr (certificate->id, ==, "root-ca");
  g_assert_cmpstr (certificate->subject, ==, "/CN=Root");
  g_assert_cmpuint (certificate->valid_days, ==, 365);
  g_assert_cmpstr (interface->name, ==, "eth0");
  g_assert_true (interface->is_up);
  g_assert_cmpstr (configuration->component_id, ==, "cc11cc11-0000-4000-8000-000000000003");
  g_assert_cmpstr (configuration->image_id, ==, "aa11aa11-0000-4000-8000-000000000003");
  g_assert_cmpstr (configuration->name, ==, "Ethernet");
  g_assert_cmpuint (lks_recipe_get_check_limit_s (recipe), ==, 60);
  g_assert_cmpuint (lks_recipe_get_step_limit_s (recipe), ==, 20);
}

static void
test_everything (void)
{
  g_autofree char *path = recipes_path ("shipping.json");
  g_autofree char *text = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_load (path, &error);
  const char *const *absent;
  const LksRecipeClaim *claim;
  g_autofree char *place = NULL;
  LksRecipeImage *image;
  gsize size_bytes;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, &size_bytes, NULL));
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) text, size_bytes);
  g_assert_cmpstr (lks_recipe_get_hash (recipe), ==, hash);
  g_assert_cmpstr (lks_recipe_get_text (recipe), ==, text);
  g_assert_cmpstr (lks_recipe_get_name (recipe), ==, "Shipping, rev. C");
  g_assert_cmpstr (lks_recipe_get_product (recipe), ==, "Thermostat");
  g_assert_cmpstr (lks_recipe_get_device_group (recipe), ==, "Field Test");
  g_assert_cmpint (lks_recipe_get_target_state (recipe), ==, LKS_TARGET_STATE_DEVICE_COMPLETE);
  g_assert_true (lks_recipe_get_allow_armed (recipe));
  g_assert_cmpstr (lks_recipe_get_label_pattern (recipe), ==, "TH-[0-9]{6}");
  g_assert_true (lks_recipe_get_label_required (recipe));
  g_assert_cmpstr (lks_recipe_get_allowed_os_versions (recipe)[1], ==, "24.03");
  g_assert_cmpuint (lks_recipe_get_os_list (recipe)->len, ==, 3);
  g_assert_cmpuint (strlen (lks_recipe_get_os_list_hash (recipe)), ==, 64);

  claim = lks_recipe_get_claim (recipe);
  g_assert_cmpint (claim->policy, ==, LKS_CLAIM_POLICY_QUEUE);
  g_assert_cmpstr (claim->catalog, ==, "plant7");
  place = lks_recipe_claim_tell (claim);
  g_assert_cmpstr (place, ==, "plant7, Thermostat, Field Test");

  image = g_ptr_array_index (lks_recipe_get_images (recipe), 0);
  g_assert_cmpstr (image->image_id, ==, "aa11aa11-0000-4000-8000-000000000001");
  g_assert_null (image->component_id);
  image = g_ptr_array_index (lks_recipe_get_images (recipe), 1);
  g_assert_cmpstr (image->component_id, ==, "cc11cc11-0000-4000-8000-000000000002");
  g_assert_cmpstr (image->name, ==, "display");

  absent = lks_recipe_get_absent_components (recipe);
  g_assert_cmpstr (absent[0], ==, RF_TEST_SERVER);
  g_assert_cmpstr (absent[1], ==, DEBUG_SERVER);
  assert_expectations (recipe);
  g_assert_cmpstr (lks_recipe_get_minimum_rest_version (recipe), ==, "4.6.0");
  g_assert_cmpuint (lks_recipe_get_restart_wait_s (recipe), ==, 30);
  g_assert_cmpuint (lks_recipe_get_power_cycle_wait_s (recipe), ==, 90);
  g_assert_true (lks_recipe_get_always_prove_restart (recipe));
}

#define APP_SHA256 "a0df7cfbb5882108b975c50d56ccb688eba837ab34e4d2717e08eebea78f5761"
#define KEYSTORE_SHA256 "81f3cdcdea89b758d5a17dbaf219e298a2764ed8593195d752c05efe36c19892"
#define SHIPPING_SHA256 "3e91d99f5dc5747d7a972700dafce14b39be4e0ecd4932f210fd4b6489e55603"
#define ZERO_SHA256 "0000000000000000000000000000000000000000000000000000000000000000"

/* The image begins on line 5, its package on line 6. */
#define PACKAGE(id, file, sha256)                                                                  \
  RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]",                                                \
          "[{\"imageId\": \"" id "\",\n\"package\": \"" file "\",\n\"packageSha256\": \"" sha256   \
          "\"}]",                                                                                  \
          "")

/* Every kind of illegal recipe: the line that is named (0: none can be) and words of the reason. */
static const struct
{
  const char *text;
  guint line;
  const char *reason;
} illegal[] = {
  { "", 0, "empty" },
  { "[]", 1, "expected an object" },
  { "{ \"name\": \"r\" ", 1, "ends too early" },
  { "{\n\"name\": 'r'\n}", 2, "expected a value" },
  { "{}", 0, "“name” is missing" },
  { "{ \"name\": \"r\" }", 0, "“targetState” is missing" },
  { "{ \"name\": \"r\", \"targetState\": \"DeviceComplete\" }", 0,
    "“allowedOsVersions” is missing" },
  { "{ \"name\": \"r\", \"targetState\": \"DeviceComplete\", \"allowedOsVersions\": [\"1\"] }", 0,
    "“images” is missing" },
  { RECIPE ("\"\"", "\"DeviceComplete\"", "[\"1\"]", "[]", ""), 2, "1 to 100 characters" },
  { RECIPE ("7", "\"DeviceComplete\"", "[\"1\"]", "[]", ""), 2, "expected a text" },
  { RECIPE ("\"r\"", "\"Blank\"", "[\"1\"]", "[]", ""), 3, "none of Module1Complete, Dev" },
  { RECIPE ("\"r\"", "\"Unknown\"", "[\"1\"]", "[]", ""), 3, "none of Module1Complete, Dev" },
  { RECIPE ("\"r\"", "\"devicecomplete\"", "[\"1\"]", "[]", ""), 3, "none of Module1Complete" },
  { RECIPE ("\"r\"", "null", "[\"1\"]", "[]", ""), 3, "expected a text" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[]", "[]", ""), 4, "at least one version" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "\"1\"", "[]", ""), 4, "expected a list" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\",\n 2]", "[]", ""), 5, "a list of texts" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\",\n\"\"]", "[]", ""), 5, "1 to 100" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\",\n\"1\"]", "[]", ""), 5, "listed twice" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "{}", ""), 5, "expected a list" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "[1]", ""), 5, "expected a GUID" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "[\"aa11\"]", ""), 5, "expected a GUID" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "[[]]", ""), 5, "expected a GUID" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[\"" GUID "\",\n\"AA11AA11-0000-4000-8000-0"
            "00000000001\"]",
            ""),
    6, "listed twice" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "[{}]", ""), 5, "“imageId” is missing" },
  { RECIPE ("\"r\"", "\"DeviceComplete\"", "[\"1\"]", "[{\"image\": \"" GUID "\"}]", ""), 5,
    "“image” is not known here" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[{\"imageId\": \"" GUID "\",\n"
            "\"componentId\": \"x\"}]",
            ""),
    6, "expected a GUID" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[{\"imageId\": \"" GUID "\",\n"
            "\"componentId\": \"" DEBUG_SERVER "\"}]",
            ""),
    6, "present and absent at once" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[{\"imageId\": \"" GUID "\",\n\"package\": \"app.imagepackage\"}]",
            ""),
    6, "needs “packageSha256”" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[{\"imageId\": \"" GUID "\",\n\"packageSha256\": \"" APP_SHA256 "\"}]",
            ""),
    6, "only with “package”" },
  { PACKAGE (GUID, "app.imagepackage", "00"), 7, "64 hexadecimal digits" },
  { PACKAGE (GUID, "app.imagepackage", ZERO_SHA256), 6,
    "another file: its SHA-256 is " APP_SHA256 },
  { PACKAGE (GUID, "nowhere.imagepackage", APP_SHA256), 6, "no file “nowhere.imagepackage”" },
  { PACKAGE (GUID, "", APP_SHA256), 6, "beside the recipe" },
  { PACKAGE (GUID, "/etc/passwd", APP_SHA256), 6, "beside the recipe" },
  { PACKAGE (GUID, "../recipes/app.imagepackage", APP_SHA256), 6, "beside the recipe" },
  { PACKAGE (GUID, "./app.imagepackage", APP_SHA256), 6, "beside the recipe" },
  { PACKAGE (GUID, "shipping.json", SHIPPING_SHA256), 6, "cannot be used" },
  { PACKAGE (GUID, ".", APP_SHA256), 6, "beside the recipe" },
  { PACKAGE ("aa11aa11-0000-4000-8000-000000000021", "keystore.imagepackage", KEYSTORE_SHA256), 6,
    "neither an application nor a board configuration" },
  { PACKAGE ("aa11aa11-0000-4000-8000-000000000002", "app.imagepackage", APP_SHA256), 6,
    "its image ID is " GUID },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"1\"]",
            "[{\"imageId\": \"" GUID "\", \"componentId\": \"" GUID
            "\",\n\"package\": \"app.imagepackage\", \"packageSha256\": \"" APP_SHA256 "\"}]",
            ""),
    6, "its component ID is cc11cc11-" },
  { GOOD (",\n\"colour\": 1"), 6, "“colour” is not known here" },
  { GOOD (",\n\"name\": \"again\""), 0, "twice" },
  { GOOD (",\n\"product\": \"\""), 6, "1 to 100 characters" },
  { GOOD (",\n\"product\": null"), 6, "expected a text" },
  { GOOD (",\n\"noWifiNetworks\": 1"), 6, "true or false" },
  { GOOD (",\n\"noCertificates\": \"yes\""), 6, "true or false" },
  { GOOD (",\n\"noCapabilities\": null"), 6, "true or false" },
  { GOOD (",\n\"allowSkipModule1\": \"true\""), 6, "true or false" },
  { RECIPE ("\"r\"", "\"Module1Complete\"", "[\"1\"]", "[]", ",\n\"allowSkipModule1\": true"), 6,
    "has a meaning only" },
  { GOOD (",\n\"absentComponents\": \"" GUID "\""), 6, "expected a list" },
  { GOOD (",\n\"absentComponents\": [\n7]"), 7, "expected a GUID" },
  { GOOD (",\n\"minimumRestApiVersion\": 4.6"), 6, "expected a text" },
  { GOOD (",\n\"minimumRestApiVersion\": \"4.6\""), 6, "such as “4.6.0”" },
  { GOOD (",\n\"minimumRestApiVersion\": \"4.x.0\""), 6, "such as “4.6.0”" },
  { GOOD (",\n\"minimumRestApiVersion\": \"3.9.9\""), 6, "at least “4.0.0”" },
  { GOOD (",\n\"minimumRestApiVersion\": \"4.0.99999\""), 6, "such as “4.6.0”" },
  { GOOD (",\n\"restart\": 60"), 6, "expected an object" },
  { GOOD (",\n\"restart\": {\n\"wait\": 60}"), 7, "“wait” is not known here" },
  { GOOD (",\n\"restart\": {\n\"waitSeconds\": 4}"), 7, "not between 5 and 600" },
  { GOOD (",\n\"restart\": {\n\"waitSeconds\": 30.5}"), 7, "a whole number" },
  { GOOD (",\n\"restart\": {\n\"powerCycleSeconds\": 3601}"), 7, "not between 5 and 3600" },
  { GOOD (",\n\"restart\": {\n\"alwaysProve\": 1}"), 7, "true or false" },
  { GOOD (",\n\"deviceGroup\": \"\""), 6, "1 to 100" },
  { GOOD (",\n\"allowArmed\": 1"), 6, "true or false" },
  { GOOD (",\n\"label\": \"x\""), 6, "expected an object" },
  { GOOD (",\n\"label\": {\n\"regex\": \"x\"}"), 7, "“regex” is not known here" },
  { GOOD (",\n\"label\": {\n\"required\": 1}"), 7, "true or false" },
  { GOOD (",\n\"label\": {\n\"pattern\": 1}"), 7, "expected a text" },
  { GOOD (",\n\"label\": {\n\"pattern\": \"\"}"), 7, "1 to 200" },
  { GOOD (",\n\"label\": {\n\"pattern\": \"a)|(b\"}"), 7, "no regular expression" },
  { GOOD (",\n\"label\": {\n\"pattern\": \"(?x)a # b\"}"), 7, "no regular expression" },
  { GOOD (",\n\"label\": {\n\"pattern\": \"(*LIMIT_MATCH=9)a\"}"), 7, "must not begin" },
  { GOOD (",\n\"wifiNetworks\": {}"), 6, "expected a list" },
  { GOOD (",\n\"wifiNetworks\": [\n1]"), 7, "a list of objects" },
  { GOOD (",\n\"wifiNetworks\": [{}]"), 6, "“ssid” is missing" },
  { GOOD (",\n\"wifiNetworks\": [\n{\"ssid\": \"\"}]"), 7, "1 to 32 bytes" },
  { GOOD (",\n\"wifiNetworks\": [\n{\"ssid\": \"abcdefghijklmnopqrstuvwxyzabcdefg\"}]"), 7,
    "1 to 32 bytes" },
  { GOOD (",\n\"wifiNetworks\": [{\"ssid\": \"a\",\n\"security\": \"wep\"}]"), 7, "is none of" },
  { GOOD (",\n\"wifiNetworks\": [{\"ssid\": \"a\",\n\"security\": \"unknown\"}]"), 7,
    "leave it out" },
  { GOOD (",\n\"wifiNetworks\": [{\"ssid\": \"a\"},\n{\"ssid\": \"a\"}]"), 7, "listed twice" },
  { GOOD (",\n\"noWifiNetworks\": true,\n\"wifiNetworks\": []"), 7, "contradicts" },
  { GOOD (",\n\"certificates\": [\n{\"id\": \"a/b\"}]"), 7, "1 to 16 letters" },
  { GOOD (",\n\"certificates\": [{\"id\": \"a\",\n\"subject\": \"\"}]"), 7, "1 to 500" },
  { GOOD (",\n\"certificates\": [{\"id\": \"a\",\n\"validDays\": 0}]"), 7, "between 1 and" },
  { GOOD (",\n\"certificates\": [{\"id\": \"a\"},\n{\"id\": \"a\"}]"), 7, "listed twice" },
  { GOOD (",\n\"noCertificates\": true,\n\"certificates\": []"), 7, "contradicts" },
  { GOOD (",\n\"interfaces\": [\n{\"name\": \"an-interface-name\", \"up\": true}]"), 7, "1 to 15" },
  { GOOD (",\n\"interfaces\": [{\"name\": \"eth0\"}]"), 6, "“up” is missing" },
  { GOOD (",\n\"interfaces\": [{\"name\": \"a\", \"up\": true},\n{\"name\": \"a\", \"up\": true}]"),
    7, "listed twice" },
  { GOOD (",\n\"mayWaive\": [\n\"label\"]"), 7, "a list of objects" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"state\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"identify\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"capabilities\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"components\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"os-images\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [\n{\"check\": \"service-lock\"}]"), 7, "can never be waived" },
  { GOOD (",\n\"mayWaive\": [{\"check\": \"label\",\n\"by\": \"boss\"}]"), 7, "is none of" },
  { GOOD (",\n\"mayWaive\": [{\"check\": \"label\"},\n{\"check\": \"label\"}]"), 7,
    "listed twice" },
  { GOOD (",\n\"boardConfiguration\": []"), 6, "expected an object" },
  { GOOD (",\n\"boardConfiguration\": {\n\"componentId\": \"7\"}"), 7, "expected a GUID" },
  { GOOD (",\n\"boardConfiguration\": {\"componentId\": \"" GUID "\",\n\"imageId\": \"7\"}"), 7,
    "expected a GUID" },
  { GOOD (",\n\"claim\": true"), 6, "expected an object" },
  { GOOD (",\n\"claim\": {}"), 6, "“policy” is missing" },
  { GOOD (",\n\"claim\": {\n\"policy\": \"later\"}"), 7, "is none of" },
  { GOOD (",\n\"claim\": {\"policy\": \"none\",\n\"tenant\": \"x\"}"), 7, "is not known here" },
  { GOOD (",\n\"claim\": {\"policy\": \"queue\"}"), 6, "“catalog” is missing" },
  { GOOD (",\n\"claim\": {\"policy\": \"queue\",\n\"catalog\": \"plant7\"}"), 7,
    "the whole ID of a catalog" },
  { GOOD (",\n\"claim\": {\"policy\": \"queue\",\n\"catalog\": \"" CATALOG "/products/p\"}"), 7,
    "the whole ID of a catalog" },
  { GOOD (",\n\"claim\": {\"policy\": \"none\",\n\"catalog\": \"/subscriptions/s/resourceGroups/r/"
          "providers/Microsoft.AzureSphere/catalogs/c\"}"),
    7, "the whole ID of a catalog" },
  { GOOD (",\n\"claim\": {\"policy\": \"queue\", \"catalog\": \"" CATALOG
          "\",\n\"product\": \"a/b\"}"),
    7, "without a slash" },
  { GOOD (",\n\"claim\": {\"policy\": \"queue\", \"catalog\": \"" CATALOG
          "\", \"product\": \"a\"}"),
    6, "name both or neither" },
  { GOOD (",\n\"limits\": {\n\"checkSeconds\": 0}"), 7, "not between 1 and 7200" },
  { GOOD (",\n\"limits\": {\n\"stepSeconds\": 7201}"), 7, "not between 1 and 7200" },
  { GOOD (",\n\"limits\": {\n\"runSeconds\": 7201}"), 7, "not between 1 and 7200" },
  { GOOD (",\n\"osListSha256\": \"00\""), 6, "only with “osList”" },
  { GOOD (",\n\"osList\": \"os-versions.json\",\n\"osListSha256\": \"00\""), 7, "another file" },
  { GOOD (",\n\"osList\": 1"), 6, "expected a text" },
  { GOOD (",\n\"osList\": \"nowhere.json\""), 6, "cannot be used" },
  { GOOD (",\n\"osList\": \"shipping.json\""), 6, "“versions” is missing" },
  { GOOD (",\n\"osList\": \".\""), 6, "cannot be used" },
  { RECIPE ("\"r\"",
            "\"DeviceComplete\"",
            "[\"24.06\",\n\"24.07\"]",
            "[]",
            ",\n\"osList\": \"os-versions.json\""),
    5, "could never be recognised" },
};

static void
test_illegal (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (illegal); i++)
    {
      g_autofree char *place = g_strdup_printf ("r.json:%u:", illegal[i].line);
      g_autoptr (GError) error = NULL;
      g_autoptr (LksRecipe) recipe = parse (illegal[i].text, &error);

      g_test_message ("%s", error != NULL ? error->message : illegal[i].text);
      g_assert_null (recipe);
      g_assert_nonnull (error);
      g_assert_cmpint ((int) error->domain, ==, (int) LKS_PARSE_ERROR);
      g_assert_nonnull (strstr (error->message, illegal[i].reason));
      if (illegal[i].line > 0)
        g_assert_true (g_str_has_prefix (error->message, place));
    }
}

static void
test_package (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = parse (PACKAGE (GUID, "app.imagepackage", APP_SHA256), &error);
  g_autoptr (GBytes) text = NULL;
  g_autoptr (LksRecipe) nowhere = NULL;
  const LksRecipeImage *image;
  g_autofree char *hash = NULL;

  g_assert_no_error (error);
  image = lks_recipe_get_images (recipe)->pdata[0];
  g_assert_cmpstr (image->package_file, ==, "app.imagepackage");
  g_assert_cmpstr (image->component_id, ==, "cc11cc11-0000-4000-8000-000000000001");
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image->package);
  g_assert_cmpstr (hash, ==, APP_SHA256);

  text = g_bytes_new_static (lks_recipe_get_text (recipe), strlen (lks_recipe_get_text (recipe)));
  nowhere = lks_recipe_parse ("r.json", NULL, text, &error);
  g_assert_null (nowhere);
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "save the recipe first"));
}

/* A link that stays below is as good as a file; one that leads out is none. */
static void
test_package_links (void)
{
  g_autofree char *folder = g_dir_make_tmp ("lks-recipe-XXXXXX", NULL);
  g_autofree char *below = g_build_filename (folder, "below", NULL);
  g_autofree char *file = g_build_filename (below, "app", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  g_autofree char *original = recipes_path ("app.imagepackage");
  g_autoptr (GBytes) good = g_bytes_new_static (PACKAGE (GUID, "below/app", APP_SHA256),
                                                strlen (PACKAGE (GUID, "below/app", APP_SHA256)));
  g_autoptr (GBytes) linked = g_bytes_new_static (PACKAGE (GUID, "link", APP_SHA256),
                                                  strlen (PACKAGE (GUID, "link", APP_SHA256)));
  g_autofree char *content = NULL;
  g_autoptr (LksRecipe) first = NULL;
  g_autoptr (LksRecipe) second = NULL;
  g_autoptr (LksRecipe) third = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_true (g_file_get_contents (original, &content, &size, NULL));
  g_assert_true (g_file_set_contents (file, content, (gssize) size, NULL));
  g_assert_cmpint (symlink ("below/app", link), ==, 0);
  first = lks_recipe_parse ("r.json", folder, good, &error);
  g_assert_no_error (error);
  second = lks_recipe_parse ("r.json", folder, linked, &error);
  g_assert_no_error (error);

  g_unlink (link);
  g_assert_cmpint (symlink (original, link), ==, 0);
  third = lks_recipe_parse ("r.json", folder, linked, &error);
  g_assert_null (third);
  g_assert_nonnull (strstr (error->message, "leads out of the folder"));

  g_unlink (link);
  g_unlink (file);
  g_rmdir (below);
  g_rmdir (folder);
}

static void
test_too_large (void)
{
  g_autofree char *spaces = g_strnfill (LKS_RECIPE_SIZE_MAX_BYTES, ' ');
  g_autofree char *text = g_strconcat (GOOD (""), spaces, NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = parse (text, &error);
  int fd = g_file_open_tmp ("lks-recipe-XXXXXX", &path, NULL);

  g_assert_null (recipe);
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  recipe = lks_recipe_load (path, &error);
  g_assert_null (recipe);
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_TOO_LARGE);
  g_unlink (path);
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_load ("/nowhere/recipe.json", &error);

  g_assert_null (recipe);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* What the window fills in is the file it can be saved as, hash and all. */
static void
test_filled_in (void)
{
  static const char *const versions[] = { "24.06", NULL };
  static const char *const images[] = { GUID, NULL };
  LksRecipeSpec spec = {
    .name = "from the “window”",
    .target_state = LKS_TARGET_STATE_MODULE1_COMPLETE,
    .allowed_os_versions = versions,
    .images = images,
    .allow_networks = TRUE,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_new (&spec, &error);
  g_autofree char *text = NULL;
  g_autoptr (LksRecipe) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (lks_recipe_get_target_state (recipe), ==, LKS_TARGET_STATE_MODULE1_COMPLETE);
  g_assert_false (lks_recipe_get_no_networks (recipe));
  g_assert_true (lks_recipe_get_no_certificates (recipe));
  g_assert_true (lks_recipe_get_no_capabilities (recipe));
  g_assert_cmpstr (lks_recipe_get_absent_components (recipe)[1], ==, DEBUG_SERVER);

  text = lks_recipe_to_json (recipe);
  again = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (lks_recipe_get_hash (again), ==, lks_recipe_get_hash (recipe));

  spec.allowed_os_versions = NULL;
  g_clear_object (&again);
  again = lks_recipe_new (&spec, &error);
  g_assert_null (again);
  g_assert_error (error, LKS_PARSE_ERROR, LKS_PARSE_ERROR_INVALID);
}

/* The published schema and the parser know the same members. The parser names its own when it
 * meets one that it does not know. */
static void
assert_same_members (JsonObject *schema, const char *text)
{
  g_autoptr (GList) members =
      json_object_get_members (json_object_get_object_member (schema, "properties"));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = parse (text, &error);
  const char *known;
  g_auto (GStrv) names = NULL;

  g_assert_null (recipe);
  known = strstr (error->message, "known are: ");
  g_assert_nonnull (known);
  names = g_strsplit (known + strlen ("known are: "), ", ", -1);
  g_assert_cmpuint (g_strv_length (names), ==, g_list_length (members));
  for (GList *l = members; l != NULL; l = l->next)
    g_assert_true (g_strv_contains ((const char *const *) names, l->data));
}

static JsonObject *
get_items (JsonObject *properties, const char *member)
{
  return json_object_get_object_member (json_object_get_object_member (properties, member),
                                        "items");
}

static void
test_schema (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("LKS_TEST_DATA"), "..", "data", "recipe.schema.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *schema;
  JsonObject *properties;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  schema = json_node_get_object (json_parser_get_root (parser));
  properties = json_object_get_object_member (schema, "properties");
  assert_same_members (schema, GOOD (", \"?\": 1"));
  assert_same_members (json_object_get_object_member (properties, "restart"),
                       GOOD (", \"restart\": { \"?\": 1 }"));
  assert_same_members (json_object_get_object_member (properties, "label"),
                       GOOD (", \"label\": { \"?\": 1 }"));
  assert_same_members (json_object_get_object_member (properties, "boardConfiguration"),
                       GOOD (", \"boardConfiguration\": { \"?\": 1 }"));
  assert_same_members (json_object_get_object_member (properties, "limits"),
                       GOOD (", \"limits\": { \"?\": 1 }"));
  assert_same_members (get_items (properties, "wifiNetworks"),
                       GOOD (", \"wifiNetworks\": [{ \"?\": 1 }]"));
  assert_same_members (get_items (properties, "certificates"),
                       GOOD (", \"certificates\": [{ \"?\": 1 }]"));
  assert_same_members (get_items (properties, "mayWaive"), GOOD (", \"mayWaive\": [{ \"?\": 1 }]"));
  assert_same_members (get_items (properties, "interfaces"),
                       GOOD (", \"interfaces\": [{ \"?\": 1 }]"));
}

/* 0: it fits. */
static void
assert_label (LksRecipe *recipe, const char *label, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lks_recipe_match_label (recipe, label, &error) == (code == 0));
  if (code == 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, LKS_RECIPE_ERROR, code);
}

static void
test_label (void)
{
  g_autoptr (LksRecipe) any = parse (GOOD (""), NULL);
  g_autoptr (LksRecipe) wanted = parse (GOOD (", \"label\": { \"required\": true }"), NULL);
  g_autoptr (LksRecipe) strict =
      parse (GOOD (", \"label\": { \"pattern\": \"a|ab|[0-9]+$\" }"), NULL);
  g_autofree char *longest = g_strnfill (LKS_RECIPE_LABEL_CHARACTERS_MAX, '7');
  g_autofree char *too_long = g_strnfill (LKS_RECIPE_LABEL_CHARACTERS_MAX + 1, '7');

  assert_label (any, NULL, 0);
  assert_label (any, "", 0);
  assert_label (any, "anything, even ü", 0);
  assert_label (any, "two\nlines", LKS_RECIPE_ERROR_LABEL_MISMATCH);
  assert_label (any, "\xff", LKS_RECIPE_ERROR_LABEL_MISMATCH);
  assert_label (wanted, "x", 0);
  assert_label (wanted, NULL, LKS_RECIPE_ERROR_LABEL_MISSING);
  assert_label (wanted, "", LKS_RECIPE_ERROR_LABEL_MISSING);

  assert_label (strict, NULL, 0);
  assert_label (strict, "a", 0);
  assert_label (strict, "ab", 0);
  assert_label (strict, longest, 0);
  assert_label (strict, too_long, LKS_RECIPE_ERROR_LABEL_MISMATCH);
  assert_label (strict, "abc", LKS_RECIPE_ERROR_LABEL_MISMATCH);
  assert_label (strict, "ba", LKS_RECIPE_ERROR_LABEL_MISMATCH);
  assert_label (strict, "12 ", LKS_RECIPE_ERROR_LABEL_MISMATCH);
}

/* A pattern that would be tried in more ways than there are atoms gives up instead. */
static void
test_label_explodes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe =
      parse (GOOD (", \"label\": { \"pattern\": \"(?:(?:a+)+)+[bc]\" }"), &error);
  g_autofree char *label = g_strnfill (LKS_RECIPE_LABEL_CHARACTERS_MAX, 'a');

  g_assert_no_error (error);
  g_assert_false (lks_recipe_match_label (recipe, label, &error));
  g_assert_error (error, LKS_RECIPE_ERROR, LKS_RECIPE_ERROR_LABEL_MISMATCH);
  g_assert_nonnull (strstr (error->message, "cannot be compared"));
}

static void
test_os_list_illegal (void)
{
  static const struct
  {
    const char *text;
    const char *reason;
  } cases[] = {
    { "{}", "“versions” is missing" },
    { "{\"versions\": {}}", "expected a list" },
    { "{\"versions\": [1]}", "“name” and “images”" },
    { "{\"versions\": [{\"name\": \"1\"}]}", "“images” is missing" },
    { "{\"versions\": [{\"name\": \"\", \"images\": [1]}]}", "needs a name" },
    { "{\"versions\": [{\"name\": \"1\", \"images\": []}]}", "at least one image" },
    { "{\"versions\": [{\"name\": \"1\", \"images\": [7]}]}", "“cid” and “iid”" },
    { "{\"versions\": [{\"name\": \"1\", \"images\": [{\"cid\": \"" GUID "\"}]}]}", "“iid”" },
    { "{\"versions\": [{\"name\": \"1\", \"images\": [{\"cid\": \"" GUID "\", \"iid\": \"1\"}]}]}",
      "must be GUIDs" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) text = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) list = lks_os_list_parse ("os.json", text, &error);

      g_assert_null (list);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].reason));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recipe/defaults", test_defaults);
  g_test_add_func ("/recipe/everything", test_everything);
  g_test_add_func ("/recipe/illegal", test_illegal);
  g_test_add_func ("/recipe/package", test_package);
  g_test_add_func ("/recipe/package/links", test_package_links);
  g_test_add_func ("/recipe/too-large", test_too_large);
  g_test_add_func ("/recipe/no-file", test_no_file);
  g_test_add_func ("/recipe/filled-in", test_filled_in);
  g_test_add_func ("/recipe/schema", test_schema);
  g_test_add_func ("/recipe/label", test_label);
  g_test_add_func ("/recipe/label-explodes", test_label_explodes);
  g_test_add_func ("/recipe/os-list-illegal", test_os_list_illegal);

  return g_test_run ();
}
