/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published schema says of a recipe what the parser does, but for what no schema can say. The
 * schema is asked by somebody else's program, which argv[1] is. */
#include "lks-recipe.h"

#include <gio/gio.h>
#include <string.h>

#define APP "aa11aa11-0000-4000-8000-000000000001"
#define APP_SHA256 "a0df7cfbb5882108b975c50d56ccb688eba837ab34e4d2717e08eebea78f5761"
#define DEBUG_SERVER "8548b129-b16f-4f84-8dbe-d2c847862e78"
#define TEN "1234567890"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

#define CATALOG(group, catalog)                                                                    \
  "/subscriptions/" APP "/resourceGroups/" group                                                   \
  "/providers/Microsoft.AzureSphere/catalogs/" catalog
#define SHOUTED "/SUBSCRIPTIONS/" APP "/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.AZURESPHERE/CATALOGS/C"
#define MISSPELT                                                                                   \
  "/subscriptions/" APP "/resourceGroups/g/providers/MicrosoftxAzureSphere/catalogs/c"
#define QUEUE(catalog, more) "'claim': { 'policy': 'queue', 'catalog': '" catalog "'" more " }"
#define PACKAGE(file)                                                                              \
  "[{ 'imageId': '" APP "', 'package': '" file "', 'packageSha256': '" APP_SHA256 "' }]"

typedef enum
{
  LEGAL,
  ILLEGAL,
  BEYOND, /* illegal in a way that only words can say */
} Verdict;

/* ' stands for ". Left out, a member has the value of base. */
typedef struct
{
  Verdict verdict;
  const char *more;
  const char *name;
  const char *target;
  const char *versions;
  const char *images;
} Row;

static const Row base = { LEGAL, NULL, "'r'", "'DeviceComplete'", "['24.06']", "[]" };

static const Row rows[] = {
  { LEGAL },
  { ILLEGAL, "'colour': 1" },

  { LEGAL, "'$schema': 'recipe.schema.json'" },
  { ILLEGAL, "'$schema': 7" },
  { ILLEGAL, "'$schema': null" },

  { LEGAL, .name = "'" HUNDRED "'" },
  { ILLEGAL, .name = "'" HUNDRED "x'" },
  { ILLEGAL, .name = "''" },
  { ILLEGAL, .name = "null" },
  { LEGAL, "'product': 'a/b', 'deviceGroup': 'c'" },
  { ILLEGAL, "'product': ''" },
  { ILLEGAL, "'deviceGroup': null" },

  { ILLEGAL, .target = "'Blank'" },
  { LEGAL, "'allowSkipModule1': true" },
  { LEGAL, "'allowSkipModule1': false", .target = "'Module1Complete'" },
  { ILLEGAL, "'allowSkipModule1': true", .target = "'Module1Complete'" },
  { ILLEGAL, "'allowArmed': 1" },

  { LEGAL, "'label': {}" },
  { LEGAL, "'label': { 'pattern': '[(*]+', 'required': true }" },
  { ILLEGAL, "'label': { 'pattern': '(*LIMIT_MATCH=9)a' }" },
  { ILLEGAL, "'label': { 'pattern': '' }" },
  { ILLEGAL, "'label': { 'pattern': null }" },
  { ILLEGAL, "'label': { 'regex': 'a' }" },
  { BEYOND, "'label': { 'pattern': 'a)|(b' }" },

  { ILLEGAL, .versions = "[]" },
  { ILLEGAL, .versions = "['24.06', '24.06']" },
  { ILLEGAL, .versions = "['24.06', 24]" },
  { LEGAL, "'osList': 'os-versions.json'" },
  { ILLEGAL, "'osList': ''" },
  { ILLEGAL, "'osListSha256': '" APP_SHA256 "'" },
  { ILLEGAL, "'osList': 'os-versions.json', 'osListSha256': '00'" },
  { BEYOND, "'osList': 'os-versions.json', 'osListSha256': '" APP_SHA256 "'" },
  { BEYOND, "'osList': 'os-versions.json'", .versions = "['24.07']" },
  { BEYOND, "'osList': 'nowhere.json'" },

  { LEGAL, .images = "['" APP "']" },
  { LEGAL, .images = "[{ 'imageId': '" APP "', 'componentId': '" APP "', 'name': 'app' }]" },
  { LEGAL, .images = "[{ 'imageId': '" APP "', 'name': null }]" },
  { ILLEGAL, .images = "[{ 'imageId': '" APP "', 'name': 7 }]" },
  { ILLEGAL, .images = "[{ 'imageId': '" APP "', 'componentId': null }]" },
  { ILLEGAL, .images = "[{ 'componentId': '" APP "' }]" },
  { ILLEGAL, .images = "['" APP "', '" APP "']" },
  { ILLEGAL, .images = "['aa11']" },
  { ILLEGAL, .images = "[null]" },
  { BEYOND, .images = "['" APP "', 'AA11AA11-0000-4000-8000-000000000001']" },
  { BEYOND, .images = "[{ 'imageId': '" APP "', 'componentId': '" DEBUG_SERVER "' }]" },

  { LEGAL, .images = PACKAGE ("app.imagepackage") },
  { ILLEGAL, .images = PACKAGE ("") },
  { ILLEGAL, .images = PACKAGE (".") },
  { ILLEGAL, .images = PACKAGE ("..") },
  { ILLEGAL, .images = PACKAGE ("/etc/passwd") },
  { ILLEGAL, .images = PACKAGE ("../recipes/app.imagepackage") },
  { ILLEGAL, .images = PACKAGE ("below/../app.imagepackage") },
  { ILLEGAL, .images = PACKAGE ("./app.imagepackage") },
  { ILLEGAL, .images = PACKAGE ("below//app.imagepackage") },
  { ILLEGAL, .images = PACKAGE ("app.imagepackage/") },
  { ILLEGAL, .images = "[{ 'imageId': '" APP "', 'package': 'app.imagepackage' }]" },
  { ILLEGAL, .images = "[{ 'imageId': '" APP "', 'packageSha256': '" APP_SHA256 "' }]" },
  { BEYOND, .images = PACKAGE (".hidden/..app...imagepackage") },

  { LEGAL, "'absentComponents': ['" APP "', '" APP "']" },
  { ILLEGAL, "'absentComponents': ['" APP "', 7]" },

  { LEGAL, "'noWifiNetworks': true, 'noCertificates': true, 'noCapabilities': false" },
  { LEGAL, "'noWifiNetworks': false, 'wifiNetworks': []" },
  { ILLEGAL, "'noWifiNetworks': true, 'wifiNetworks': []" },
  { ILLEGAL, "'noWifiNetworks': null" },
  { LEGAL, "'wifiNetworks': [{ 'ssid': '" TEN TEN TEN "12', 'security': 'psk' }]" },
  { ILLEGAL, "'wifiNetworks': [{ 'ssid': '" TEN TEN TEN "123' }]" },
  { ILLEGAL, "'wifiNetworks': [{ 'ssid': 'a', 'security': 'unknown' }]" },
  { ILLEGAL, "'wifiNetworks': [{ 'ssid': 'a' }, { 'ssid': 'a' }]" },
  { BEYOND, "'wifiNetworks': [{ 'ssid': 'a' }, { 'ssid': 'a', 'security': 'psk' }]" },
  { BEYOND, "'wifiNetworks': [{ 'ssid': 'ääääääääääääääääa' }]" }, /* 33 bytes */

  { LEGAL, "'noCertificates': false, 'certificates': [{ 'id': '...', 'validDays': 30.0 }]" },
  { ILLEGAL, "'noCertificates': true, 'certificates': []" },
  { ILLEGAL, "'certificates': [{ 'id': '.' }]" },
  { ILLEGAL, "'certificates': [{ 'id': '..' }]" },
  { ILLEGAL, "'certificates': [{ 'id': 'a/b' }]" },
  { ILLEGAL, "'certificates': [{ 'id': 'a', 'validDays': 0 }]" },
  { ILLEGAL, "'certificates': [{ 'id': 'a' }, { 'id': 'a' }]" },
  { BEYOND, "'certificates': [{ 'id': 'a' }, { 'id': 'a', 'validDays': 1 }]" },

  { LEGAL, "'interfaces': [{ 'name': 'eth0', 'up': true }]" },
  { ILLEGAL, "'interfaces': [{ 'name': 'an-interface-name', 'up': true }]" },
  { ILLEGAL, "'interfaces': [{ 'name': 'eth0', 'up': true }, { 'name': 'eth0', 'up': true }]" },
  { BEYOND, "'interfaces': [{ 'name': 'eth0', 'up': true }, { 'name': 'eth0', 'up': false }]" },

  { LEGAL, "'boardConfiguration': { 'componentId': '" APP "', 'name': '' }" },
  { ILLEGAL, "'boardConfiguration': { 'componentId': '" APP "', 'name': null }" },
  { ILLEGAL, "'boardConfiguration': { 'imageId': '" APP "' }" },

  { LEGAL, "'limits': { 'checkSeconds': 5.0, 'stepSeconds': 1e2, 'runSeconds': 7200 }" },
  { ILLEGAL, "'limits': { 'checkSeconds': 5.5 }" },
  { ILLEGAL, "'limits': { 'stepSeconds': 7201 }" },
  { ILLEGAL, "'limits': { 'runSeconds': -99999999999999999999 }" },
  { ILLEGAL, "'limits': { 'runSeconds': true }" },

  { LEGAL, "'mayWaive': [{ 'check': 'label', 'by': 'operator' }, { 'check': 'images' }]" },
  { ILLEGAL, "'mayWaive': [{ 'check': 'state' }]" },
  { ILLEGAL, "'mayWaive': [{ 'check': 'label', 'by': 'boss' }]" },
  { ILLEGAL, "'mayWaive': [{ 'check': 'label' }, { 'check': 'label' }]" },
  { BEYOND, "'mayWaive': [{ 'check': 'label' }, { 'check': 'label', 'by': 'operator' }]" },

  { LEGAL, "'claim': { 'policy': 'none' }" },
  { LEGAL, "'claim': { 'policy': 'none', 'product': 'p', 'deviceGroup': 'g' }" },
  { ILLEGAL, "'claim': { 'policy': 'none', 'product': 7, 'deviceGroup': 'g' }" },
  { ILLEGAL, "'claim': { 'policy': 'none', 'product': 'p', 'deviceGroup': 7 }" },
  { ILLEGAL, "'claim': { 'policy': 'none', 'product': 'p' }" },
  { ILLEGAL, "'claim': { 'policy': 'none', 'catalog': 'plant7' }" },
  { ILLEGAL, "'claim': { 'policy': 'queue' }" },
  { LEGAL, QUEUE (CATALOG ("g", "c"), ", 'product': 'p', 'deviceGroup': 'g'") },
  { ILLEGAL, QUEUE (CATALOG ("g", "c"), ", 'product': 'p'") },
  { ILLEGAL, QUEUE (CATALOG ("g", "c"), ", 'product': 'a/b', 'deviceGroup': 'g'") },
  { ILLEGAL, QUEUE (CATALOG ("g", "c"), ", 'product': 'p', 'deviceGroup': 'a\\tb'") },
  { ILLEGAL, QUEUE (CATALOG ("g", "c"), ", 'product': '" HUNDRED "x', 'deviceGroup': 'g'") },
  { BEYOND, QUEUE (CATALOG ("g", "c"), ", 'product': 'a\\u200bb', 'deviceGroup': 'g'") },
  { LEGAL, QUEUE (CATALOG (HUNDRED, HUNDRED), "") },
  { ILLEGAL, QUEUE (CATALOG (HUNDRED "x", "c"), "") },
  { ILLEGAL, QUEUE (CATALOG ("g", HUNDRED "x"), "") },
  { ILLEGAL, QUEUE (CATALOG ("g", "a\\u0007b"), "") },
  { ILLEGAL, QUEUE (CATALOG ("", "c"), "") },
  { ILLEGAL, QUEUE (CATALOG ("g", "c/products/p"), "") },
  { LEGAL, QUEUE (SHOUTED, "") },
  { ILLEGAL, QUEUE (MISSPELT, "") },

  { LEGAL, "'minimumRestApiVersion': '4.6.0'" },
  { ILLEGAL, "'minimumRestApiVersion': '3.9.9'" },
  { ILLEGAL, "'minimumRestApiVersion': '4.6'" },

  { LEGAL, "'restart': { 'waitSeconds': 5.0, 'alwaysProve': true }" },
  { ILLEGAL, "'restart': { 'waitSeconds': 4.0 }" },
  { ILLEGAL, "'restart': { 'waitSeconds': 5.5 }" },
  { ILLEGAL, "'restart': { 'powerCycleSeconds': '90' }" },
};

static const char *validator;

static const char *
either (const char *first, const char *second)
{
  return first != NULL ? first : second;
}

static char *
write_recipe (const Row *row)
{
  char *text = g_strdup_printf (
      "{ 'name': %s, 'targetState': %s, 'allowedOsVersions': %s, 'images': %s%s%s }",
      either (row->name, base.name), either (row->target, base.target),
      either (row->versions, base.versions), either (row->images, base.images),
      row->more != NULL ? ", " : "", either (row->more, ""));

  return g_strdelimit (text, "'", '"');
}

static char *
find_file (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("LKS_TEST_DATA"), folder, name, NULL);
}

/* Returns: one line for each line of @recipes. */
static char **
ask_schema (const char *recipes)
{
  g_autofree char *schema = find_file ("../data", "recipe.schema.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        validator, schema, NULL);
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, recipes, NULL, &answer, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return g_strsplit (answer, "\n", -1);
}

static gboolean
is_legal (const char *text, char **out_reason)
{
  g_autofree char *folder = find_file ("finalize", "recipes");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (LksRecipe) recipe = lks_recipe_parse ("r", folder, bytes, &error);

  *out_reason = g_strdup (error != NULL ? error->message : "legal");
  return recipe != NULL;
}

static void
test_rows (void)
{
  g_autoptr (GString) recipes = g_string_new (NULL);
  g_auto (GStrv) answers = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = write_recipe (&rows[i]);

      g_string_append_printf (recipes, "%s\n", text);
    }
  answers = ask_schema (recipes->str);
  g_assert_cmpuint (g_strv_length (answers), ==, G_N_ELEMENTS (rows) + 1);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = write_recipe (&rows[i]);
      g_autofree char *reason = NULL;
      gboolean parser_takes = is_legal (text, &reason);
      gboolean schema_takes = g_str_equal (answers[i], "yes");

      g_test_message ("%s: parser: %s; schema: %s", text, reason, answers[i]);
      if (parser_takes != (rows[i].verdict == LEGAL))
        g_test_fail_printf ("parser: %s: %s", reason, text);
      if (schema_takes != (rows[i].verdict != ILLEGAL))
        g_test_fail_printf ("schema: %s: %s", answers[i], text);
    }
}

/* The recipe that has everything in it. */
static void
test_everything (void)
{
  g_autofree char *path = find_file ("finalize", "recipes/shipping.json");
  g_autofree char *text = NULL;
  g_auto (GStrv) answers = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  answers = ask_schema (g_strdelimit (text, "\n", ' '));
  g_assert_cmpstr (answers[0], ==, "yes");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  validator = argv[1];

  g_test_add_func ("/recipe-schema/rows", test_rows);
  g_test_add_func ("/recipe-schema/everything", test_everything);

  return g_test_run ();
}
