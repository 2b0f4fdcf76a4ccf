/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes without a board: what is legal, who signed, what a station takes; and that openssl(1)
 * comes to the same as this program, with the commands of the manual page. */
#include "said.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define RECIPE                                                                                     \
  "{ \"name\": \"Signed\", \"targetState\": \"DeviceComplete\", "                                  \
  "\"allowedOsVersions\": [\"24.06\"], \"images\": [] }\n"

static char *program;     /* (owned) */
static char *manual_page; /* (owned) */

/* A folder with the recipe NAME.json, and two configuration directories: the user's and the
 * system's. */
typedef struct
{
  char *folder; /* (owned) */
  char *recipe; /* (owned) */
} World;

static void
write_file (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static char *
config_path (gboolean is_system, const char *folder, const char *name)
{
  return g_build_filename (is_system ? g_get_system_config_dirs ()[0] : g_get_user_config_dir (),
                           "locksmith", folder, name, NULL);
}

static void
remove_all (const char *path)
{
  const char *argv[] = { "rm", "-rf", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
forget_config (void)
{
  g_autofree char *user = g_build_filename (g_get_user_config_dir (), "locksmith", NULL);
  g_autofree char *all = g_build_filename (g_get_system_config_dirs ()[0], "locksmith", NULL);

  remove_all (user);
  remove_all (all);
}

static void
set_up (World *world, gconstpointer unused)
{
  world->folder = g_dir_make_tmp ("lks-recipe-XXXXXX", NULL);
  world->recipe = g_build_filename (world->folder, "NAME.json", NULL);
  write_file (world->recipe, RECIPE);
  forget_config ();
}

static void
tear_down (World *world, gconstpointer unused)
{
  forget_config ();
  remove_all (world->folder);
  g_free (world->folder);
  g_free (world->recipe);
}

/* "@" stands for the folder. */
static Said
run (World *world, const char *arguments)
{
  g_autoptr (GString) expanded = g_string_new (arguments);

  g_string_replace (expanded, "@", world->folder, 0);
  return said_by (program, expanded->str);
}

static int
run_shell (World *world, const char *script)
{
  const char *argv[] = { "sh", "-euc", script, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (world->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  return status;
}

static void
trust (World *world, gboolean is_system, const char *public_name)
{
  g_autofree char *from = g_build_filename (world->folder, public_name, NULL);
  g_autofree char *to = config_path (is_system, "recipe-keys.d", "quality.pem");
  g_autofree char *pem = NULL;

  g_assert_true (g_file_get_contents (from, &pem, NULL, NULL));
  write_file (to, pem);
}

static void
demand (gboolean is_system)
{
  g_autofree char *path = config_path (is_system, "station.d", "recipes.conf");

  write_file (path, "[station]\nsigned-recipes-only=true\n");
}

static void
make_key_and_sign (World *world)
{
  g_auto (Said) key = run (world, "recipe new-key @/key --json");
  g_auto (Said) sign = run (world, "recipe sign @/NAME.json --key @/key --json");

  g_assert_cmpint (key.status, ==, 0);
  g_assert_cmpint (sign.status, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&key), "signerKey"), ==,
                   json_object_get_string_member (said_get_object (&sign), "signerKey"));
}

static const char *
get_signature (const Said *said)
{
  return json_object_get_string_member (said_get_object (said), "signature");
}

static void
test_signed (World *world, gconstpointer unused)
{
  g_auto (Said) unsigned_one = run (world, "recipe show @/NAME.json --json");
  g_auto (Said) unchecked = { 0 };
  g_auto (Said) good = { 0 };
  g_auto (Said) changed = { 0 };

  g_assert_cmpint (unsigned_one.status, ==, 0);
  g_assert_cmpstr (get_signature (&unsigned_one), ==, "none");

  make_key_and_sign (world);
  unchecked = run (world, "recipe show @/NAME.json --json");
  g_assert_cmpstr (get_signature (&unchecked), ==, "unchecked");

  trust (world, FALSE, "key.pub");
  good = run (world, "recipe check @/NAME.json --json");
  g_assert_cmpint (good.status, ==, 0);
  g_assert_cmpstr (get_signature (&good), ==, "good");
  g_assert_cmpstr (json_object_get_string_member (said_get_object (&good), "signer"), ==,
                   "quality");

  write_file (world->recipe, RECIPE " ");
  changed = run (world, "recipe check @/NAME.json --json");
  said_assert_error (&changed, 5, "recipe", "bad-signature");
}

/* The same of somebody whom the station does not know. */
static void
test_stranger (World *world, gconstpointer unused)
{
  g_auto (Said) key = run (world, "recipe new-key @/other");
  g_auto (Said) said = { 0 };

  g_assert_cmpint (key.status, ==, 0);
  make_key_and_sign (world);
  trust (world, FALSE, "other.pub");
  said = run (world, "check --recipe @/NAME.json --all --json");
  said_assert_error (&said, 5, "recipe", "bad-signature");
}

static void
test_demanded (World *world, gconstpointer unused)
{
  g_auto (Said) refused = { 0 };
  g_auto (Said) run_refused = { 0 };
  g_auto (Said) shown = { 0 };
  g_auto (Said) own_key = { 0 };
  g_auto (Said) allowed = { 0 };
  g_autofree char *setting = config_path (FALSE, "station.d", "mine.conf");

  demand (TRUE);
  write_file (setting, "[station]\nsigned-recipes-only=false\n");
  refused = run (world, "recipe check @/NAME.json");
  g_assert_cmpint (refused.status, ==, 5);
  run_refused = run (world, "finalize --yes-lock-forever --recipe @/NAME.json --all --json");
  said_assert_error (&run_refused, 5, "recipe", "unsigned");
  shown = run (world, "recipe show @/NAME.json --json");
  g_assert_cmpint (shown.status, ==, 0);
  g_assert_false (json_object_get_boolean_member (said_get_object (&shown), "isAllowedHere"));

  /* What the administrator demands is not met with a key of the user's own. */
  make_key_and_sign (world);
  trust (world, FALSE, "key.pub");
  own_key = run (world, "recipe check @/NAME.json");
  g_assert_cmpint (own_key.status, ==, 5);

  trust (world, TRUE, "key.pub");
  allowed = run (world, "recipe check @/NAME.json");
  g_assert_cmpint (allowed.status, ==, 0);
}

/* What might demand something and cannot be read does not permit anything. */
static void
test_broken_setting (World *world, gconstpointer unused)
{
  g_autofree char *setting = config_path (FALSE, "station.d", "mine.conf");
  g_autofree char *key = config_path (FALSE, "recipe-keys.d", "broken.pem");
  g_auto (Said) bad_setting = { 0 };
  g_auto (Said) bad_key = { 0 };

  write_file (setting, "[station]\nsigned-recipes-only=perhaps\n");
  bad_setting = run (world, "check --recipe @/NAME.json --all --json");
  said_assert_error (&bad_setting, 5, "recipe", "setting");

  g_unlink (setting);
  make_key_and_sign (world);
  write_file (key, "no key\n");
  bad_key = run (world, "check --recipe @/NAME.json --all --json");
  said_assert_error (&bad_key, 5, "recipe", "setting");
}

static void
test_keys (World *world, gconstpointer unused)
{
  g_autofree char *passphrase = g_build_filename (world->folder, "passphrase", NULL);
  g_autofree char *path = g_build_filename (world->folder, "key", NULL);
  g_autofree char *pem = NULL;
  g_auto (Said) made = { 0 };
  g_auto (Said) again = { 0 };
  g_auto (Said) good = { 0 };
  g_auto (Said) wrong = { 0 };
  g_auto (Said) open = { 0 };
  g_auto (Said) illegal = { 0 };
  GStatBuf info;

  write_file (passphrase, "open sesame\n");
  made = run (world, "recipe new-key @/key --encrypt --passphrase-file @/passphrase");
  g_assert_cmpint (made.status, ==, 0);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));
  g_assert_nonnull (strstr (pem, "BEGIN ENCRYPTED PRIVATE KEY"));

  again = run (world, "recipe new-key @/key");
  g_assert_cmpint (again.status, ==, 2);
  good = run (world, "recipe sign @/NAME.json --key @/key --passphrase-file @/passphrase");
  g_assert_cmpint (good.status, ==, 0);
  write_file (passphrase, "open barley\n");
  wrong = run (world, "recipe sign @/NAME.json --key @/key --passphrase-file @/passphrase");
  g_assert_cmpint (wrong.status, !=, 0);
  g_assert_null (strstr (wrong.errors, "barley"));

  g_chmod (path, 0644);
  open = run (world, "recipe sign @/NAME.json --key @/key --passphrase-file @/passphrase");
  g_assert_cmpint (open.status, ==, 5);
  g_assert_nonnull (strstr (open.errors, "chmod 600"));

  g_chmod (path, 0600);
  write_file (passphrase, "open sesame\n");
  write_file (world->recipe, "{ \"name\": \"Signed\" }\n");
  illegal = run (world, "recipe sign @/NAME.json --key @/key --passphrase-file @/passphrase");
  g_assert_cmpint (illegal.status, ==, 2);
}

/* The commands between .EX and .EE after the @n-th mention of openssl in the text. */
static char *
find_commands (const char *which)
{
  g_autofree char *page = NULL;
  g_autoptr (GString) commands = NULL;
  char *start, *end;

  g_assert_true (g_file_get_contents (manual_page, &page, NULL, NULL));
  start = strstr (page, which);
  g_assert_nonnull (start);
  *strstr (start, "\n.EE") = '\0';
  end = start;
  start = g_strrstr (page, ".EX\n");
  g_assert_true (start != NULL && start < end);
  commands = g_string_new (start + strlen (".EX\n"));
  g_string_replace (commands, "\\-", "-", 0);
  return g_strdup (commands->str);
}

static void
test_openssl_p256 (World *world, gconstpointer unused)
{
  g_autofree char *commands = find_commands ("openssl dgst");

  make_key_and_sign (world);
  g_assert_cmpint (run_shell (world, commands), ==, 0);
  write_file (world->recipe, RECIPE " ");
  g_assert_cmpint (run_shell (world, commands), !=, 0);
}

/* Both ways: a key and a signature that openssl made. */
static void
test_openssl_ed25519 (World *world, gconstpointer unused)
{
  g_autofree char *commands = find_commands ("openssl pkeyutl");
  g_auto (Said) sign = { 0 };
  g_auto (Said) good = { 0 };

  g_assert_cmpint (run_shell (world, "umask 077; openssl genpkey -algorithm ed25519 -out key; "
                                     "openssl pkey -in key -pubout -out key.pub"),
                   ==, 0);
  sign = run (world, "recipe sign @/NAME.json --key @/key");
  g_assert_cmpint (sign.status, ==, 0);
  g_assert_cmpint (run_shell (world, commands), ==, 0);

  g_assert_cmpint (run_shell (world, "rm NAME.json.sig; openssl pkeyutl -sign -inkey key -rawin "
                                     "-in NAME.json -out raw; base64 -w0 raw > NAME.json.sig"),
                   ==, 0);
  trust (world, FALSE, "key.pub");
  demand (FALSE);
  good = run (world, "recipe check @/NAME.json");
  g_assert_cmpint (good.status, ==, 0);
}

/* Who may waive what, before any board is looked at; there is none here. */
static void
test_waive (World *world, gconstpointer unused)
{
  static const struct
  {
    const char *options;
    int status;
    const char *code; /* (nullable): of a recipe's error */
  } cases[] = {
    { "--waive os-version", 2, NULL },
    { "--reason x", 2, NULL },
    { "--waive state --reason x", 5, "waiver" },
    { "--waive certificates --reason x", 5, "waiver" },
    { "--waive os-version --reason ' '", 5, "waiver" },
    { "--waive os-version --reason x --waive-days 31", 5, "waiver" },
    { "--waive os-version --reason x --waive-days 2147483647", 5, "waiver" },
    { "--waive os-version --reason x --waive-days 0", 5, "waiver" },
    { "--waive os-version --reason x", 3, NULL },
    { "--waive images --reason x --engineer-key @/other", 5, NULL },
    { "--waive images --reason x --engineer-key @/key", 3, NULL },
  };
  g_auto (Said) key = run (world, "recipe new-key @/key");
  g_auto (Said) other = run (world, "recipe new-key @/other");

  g_assert_cmpint (key.status + other.status, ==, 0);
  trust (world, FALSE, "key.pub");
  write_file (world->recipe, "{ \"name\": \"W\", \"targetState\": \"DeviceComplete\", "
                             "\"allowedOsVersions\": [\"24.06\"], \"images\": [], \"mayWaive\": ["
                             "{ \"check\": \"os-version\", \"by\": \"operator\" }, "
                             "{ \"check\": \"images\" }] }");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line =
          g_strdup_printf ("check --recipe @/NAME.json --board 1-1 --ledger @/ledger %s --json",
                           cases[i].options);
      g_auto (Said) said = run (world, line);

      g_assert_cmpint (said.status, ==, cases[i].status);
      if (cases[i].code != NULL)
        said_assert_error (&said, cases[i].status, "recipe", cases[i].code);
    }
}

static void
test_usage (World *world, gconstpointer unused)
{
  static const struct
  {
    const char *arguments;
    int status;
  } cases[] = {
    { "recipe", 2 },
    { "recipe bake", 2 },
    { "recipe --help", 0 },
    { "recipe check", 2 },
    { "recipe check @/NAME.json", 0 },
    { "recipe show @/NAME.json", 0 },
    { "recipe check @/none.json", 2 },
    { "recipe sign @/NAME.json", 2 },
    { "recipe sign @/NAME.json --key @/none", 2 },
    { "recipe sign @/NAME.json --key @/none --passphrase x", 2 },
    { "recipe new-key", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Said) said = run (world, cases[i].arguments);

      g_assert_cmpint (said.status, ==, cases[i].status);
    }
}

#define TEST(path, func) g_test_add (path, World, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("lks-recipe-config-XXXXXX", NULL);
  g_autofree char *user = g_build_filename (home, "user", NULL);
  g_autofree char *system = g_build_filename (home, "system", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", user, TRUE);
  g_setenv ("XDG_CONFIG_DIRS", system, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  program = g_strdup (argv[1]);
  manual_page = g_strdup (argv[2]);

  TEST ("/cli-recipe/signed", test_signed);
  TEST ("/cli-recipe/stranger", test_stranger);
  TEST ("/cli-recipe/demanded", test_demanded);
  TEST ("/cli-recipe/broken-setting", test_broken_setting);
  TEST ("/cli-recipe/keys", test_keys);
  TEST ("/cli-recipe/openssl/p256", test_openssl_p256);
  TEST ("/cli-recipe/openssl/ed25519", test_openssl_ed25519);
  TEST ("/cli-recipe/waive", test_waive);
  TEST ("/cli-recipe/usage", test_usage);

  status = g_test_run ();
  remove_all (home);
  g_free (program);
  g_free (manual_page);
  return status;
}
